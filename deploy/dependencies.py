"""The virtual environment: made once, and filled again only when the requirement files change.

This file and start.py must be readable by an old Python 3: they are what tells it that it is too old.
"""

import hashlib
import os
import signal
import subprocess
import sys

OLDEST = (3, 11)
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
STAMP = os.path.join(VENV, "installed.sha256")


class Problem(Exception):
    """Something the person at the terminal can mend, told in one sentence."""


def guarded(main):
    """Run `main`; a problem becomes its sentence and exit status 1, Ctrl-C and a request to end are quiet."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        main()
    except Problem as problem:
        sys.exit(str(problem))
    except KeyboardInterrupt:
        sys.exit(130)


def check_python(version=sys.version_info):
    if tuple(version[:2]) < OLDEST:
        needed, found = ("{}.{}".format(*numbers) for numbers in (OLDEST, version))
        raise Problem(f"Python {needed} or newer is needed, and this is Python {found}: name another with PYTHON=….")


def install(*files):
    """The Python that has what the requirement files say: of the virtual environment, filled where that is due.

    INSTALL=no is for machines that come with everything: there it is the Python that runs this.
    """
    if os.environ.get("INSTALL") == "no":
        return sys.executable
    wanted = {digest(name) for name in files}
    if os.path.exists(PYTHON) and wanted <= installed():
        return PYTHON
    make_environment()
    print("Installing the dependencies; the first time this takes about a minute.", flush=True)
    command = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    for name in files:
        command += ["-r", os.path.join(ROOT, name)]
    if subprocess.call(command) != 0:
        raise Problem("The dependencies could not be installed; what pip said about it stands above.")
    with open(STAMP, "w") as stamp:
        stamp.write("\n".join(sorted(wanted)))
    return PYTHON


def make_environment():
    if not os.access(VENV if os.path.exists(VENV) else ROOT, os.W_OK):
        raise Problem(f"The virtual environment cannot be made: there is no permission to write to {ROOT}.")
    if os.path.exists(PYTHON) and has_pip(PYTHON):
        return
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        raise Problem(
            "This Python cannot make virtual environments: install its venv package "
            "(on Debian and Ubuntu: apt install python3-venv)."
        ) from None
    print("Making a virtual environment in .venv.", flush=True)
    # Where the Python behind it is gone, nothing in the old environment works any more.
    clear = [] if os.path.exists(PYTHON) else ["--clear"]
    if subprocess.call([sys.executable, "-m", "venv", *clear, VENV]) != 0:
        raise Problem("The virtual environment could not be made; what Python said about it stands above.")


def has_pip(python):
    return subprocess.call([python, "-c", "import pip"], stderr=subprocess.DEVNULL) == 0


def digest(name):
    with open(os.path.join(ROOT, name), "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def installed():
    try:
        with open(STAMP) as stamp:
            return set(stamp.read().split())
    except OSError:
        return set()


def main():
    check_python()
    install(*sys.argv[1:])


if __name__ == "__main__":
    guarded(main)
