"""What `make run` does: check the machine, prepare what is missing, then run the server.

Everything that can be wrong is told before any work begins, in one sentence.
"""

import os
import shlex
import signal
import socket
import subprocess
import sys
import tempfile

from dependencies import ROOT, Problem, check_python, guarded, install

SERVER = shlex.split(
    "--interface wsgi --http 1 --no-ws --workers 2 --blocking-threads 8 --backpressure 512 --http1-buffer-size 65536 "
    "--http1-header-read-timeout 2000 --respawn-failed-workers --workers-lifetime 6h --workers-kill-timeout 5"
)
# Seconds between two looks at whether the chores still run.
LOOK_AFTER = 5


def main():
    check_python()
    host, port = os.environ.get("HOST") or "127.0.0.1", port_number(os.environ.get("PORT") or "8000")
    data_dir = os.path.abspath(os.environ.get("DATA_DIR") or os.path.join(ROOT, "var"))
    check_port(host, port)
    check_data_dir(data_dir)
    python = install("requirements.txt")
    os.environ.update(DATA_DIR=data_dir, DEBUG="0", DJANGO_SETTINGS_MODULE="cted.settings")
    # The database holds drafts and password hashes: nobody but its owner reads what is written from here on.
    os.umask(0o077)
    os.chdir(ROOT)
    # Kept from the terminal like the server: Ctrl-C ends it through this process, without a traceback.
    if subprocess.call([python, "manage.py", "prepare"], start_new_session=True) != 0:
        raise Problem("The register could not be prepared; the reason stands above.")
    # Again: installing may have taken a minute, and the server's own message would be a traceback.
    address = check_port(host, port)
    shown = f"[{host}]" if ":" in host else host
    print(f"The register opens at http://{shown}:{port}/ and staff sign in at /admin/. Ctrl-C stops it.", flush=True)
    serve(
        [python, "-m", "granian", *SERVER, "--host", address, "--port", str(port), "cted.wsgi:application"],
        [python, "manage.py", "chores", "--every", "20"],
    )


def serve(server_command, chores_command):
    """Run the server, and the chores beside it, until the server ends or this is told to end.

    Both are kept from the terminal: a worker that gets Ctrl-C from there and its parent's request to end at nearly the
    same moment hangs until it is killed. Chores that end are started again; without them the site still serves.
    """
    server = subprocess.Popen(server_command, start_new_session=True)
    is_ending = False

    def end(*_):
        nonlocal is_ending
        is_ending = True
        server.terminate()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end)
    chores = subprocess.Popen(chores_command, start_new_session=True)
    while not has_ended(server):
        if is_ending:
            # A process that stood still when it was told (SIGSTOP) may have taken that in a thread that wakes nobody.
            server.terminate()
        elif chores.poll() is not None:
            print(f"The chores ended (status {chores.returncode}) and are started again.", file=sys.stderr, flush=True)
            chores = subprocess.Popen(chores_command, start_new_session=True)
    chores.terminate()
    if not has_ended(chores):
        chores.kill()
    sys.exit(server.returncode)


def has_ended(process):
    """Whether it has, or does within some seconds."""
    try:
        process.wait(timeout=LOOK_AFTER)
    except subprocess.TimeoutExpired:
        return False
    return True


def port_number(text):
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 65535):
        raise Problem(f"PORT must be a number from 1 to 65535, not {text!r}.")
    return int(text)


def check_port(host, port):
    """The numeric address of `host`, where a server could listen on `port` now."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except (OSError, UnicodeError):
        raise Problem(f"HOST must name an address of this machine, not {host!r}.") from None
    try:
        with socket.socket(family, kind, protocol) as listener:
            # As the server does it: connections of a server just stopped do not count as in use.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            listener.listen(1)
            return address[0]
    except OSError as error:
        raise Problem(
            f"Port {port} on {host} cannot be used ({error.strerror}): "
            "stop what runs there, or choose another with PORT=…."
        ) from None


def check_data_dir(path):
    """Make the folder of everything that changes, readable by its owner alone, and write to it once.

    What is in it already must be ours to change: with a database that can only be read the site would open, and
    refuse the first change that somebody makes.
    """
    try:
        os.makedirs(path, mode=0o700, exist_ok=True)
        with tempfile.TemporaryFile(dir=path) as probe:
            probe.write(b"x")
        kept = [os.path.join(path, name) for name in sorted(os.listdir(path))]
    except OSError as error:
        raise Problem(
            f"The data folder {path} cannot be written to ({error.strerror}): choose another with DATA_DIR=…."
        ) from None
    for name in filter(os.path.isfile, kept):
        if not os.access(name, os.R_OK | os.W_OK, effective_ids=True):
            raise Problem(f"No permission to write to {name}: change that, or choose another folder with DATA_DIR=….")


if __name__ == "__main__":
    guarded(main)
