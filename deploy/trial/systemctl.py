"""A stand-in for `systemctl` and `journalctl` on a machine where systemd does not run: it carries out the commands of
the unit files that are installed. What it leaves to systemd stands in docs/operations.md."""

import os
import pwd
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from sandbox import enclosed
from units import Unit, find

STATE = Path("/run/stand-in")


def process_of(unit: Unit) -> int | None:
    """The main process, None where it does not run."""
    with suppress(OSError, ValueError):
        pid = int(Path(unit.last("PIDFile") or STATE / f"{unit.name}.pid").read_text())
        return pid if is_alive(pid) else None
    return None


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def start(unit: Unit) -> None:
    if unit.name.endswith(".timer") or process_of(unit):
        return
    for setting in ("ExecStartPre", "ExecStart"):
        for command, counts in unit.commands(setting, unit.environment()):
            if setting == "ExecStart" and unit.last("Type", "simple") in ("exec", "simple"):
                (STATE / f"{unit.name}.pid").write_text(str(launch(unit, command).pid))
            elif (status := launch(unit, command).wait()) and counts:
                fail(f"Job for {unit.name} failed: {command} ended with status {status}.\n{log_of(unit).read_text()}")


def launch(unit: Unit, command: list[str]) -> subprocess.Popen:
    user = unit.last("User") or "root"
    environment = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "USER": user, "HOME": pwd.getpwnam(user).pw_dir}
    with log_of(unit).open("a") as log:
        return subprocess.Popen(
            enclosed(unit, command),
            cwd=unit.last("WorkingDirectory", "/"),
            env=environment | unit.environment(),
            umask=int(unit.last("UMask", "0022"), 8),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def stop(unit: Unit) -> None:
    pid = process_of(unit)
    if pid is None:
        return
    family = descendants(pid)
    for command, _counts in unit.commands("ExecStop", {"MAINPID": str(pid)}):
        launch(unit, command).wait()
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + int(unit.last("TimeoutStopSec", "90").removesuffix("s"))
    while is_alive(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    for left in filter(is_alive, [pid, *family]):
        with log_of(unit).open("a") as log:
            log.write(f"Process {left} was left when {unit.name} stopped, and is killed.\n")
        with suppress(ProcessLookupError):
            os.kill(left, signal.SIGKILL)


def descendants(pid: int) -> list[int]:
    try:
        children = [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []
    return children + [each for child in children for each in descendants(child)]


def reload(unit: Unit) -> None:
    pid = process_of(unit)
    if pid is None:
        fail(f"{unit.name} is not active, cannot reload.")
    for command, _counts in unit.commands("ExecReload", {"MAINPID": str(pid)}):
        if launch(unit, command).wait():
            fail(f"Job for {unit.name} failed.\n{log_of(unit).read_text()}")


def restart(unit: Unit) -> None:
    stop(unit)
    start(unit)


def enable(unit: Unit) -> None:
    if "WantedBy" not in unit.settings:
        fail(f"The unit file {unit.name} has no [Install] section that says what wants it.")


def tell(unit: Unit) -> None:
    print(f"{unit.name} - {unit.last('Description')}: {'active' if process_of(unit) else 'inactive'}")


def log_of(unit: Unit) -> Path:
    return STATE / f"{unit.name}.log"


def fail(sentence: str):
    sys.exit(sentence)


VERBS = {"start": start, "stop": stop, "restart": restart, "reload": reload, "enable": enable, "status": tell}


def systemctl(verb: str, names: list[str], options: set[str]) -> None:
    units = [find(name) for name in names]
    if verb == "daemon-reload":
        return
    if verb == "is-active":
        states = ["active" if process_of(unit) else "inactive" for unit in units]
        print("\n".join(states))
        sys.exit(0 if "active" in states else 3)
    if verb not in VERBS:
        fail(f"The stand-in for systemctl knows no {verb}.")
    for unit in units:
        VERBS[verb](unit)
        if verb == "enable" and "--now" in options:
            start(unit)


def main() -> None:
    program, *arguments = sys.argv[1:]
    STATE.mkdir(exist_ok=True)
    if program == "journalctl":
        if "--unit" in arguments:
            log = log_of(find(arguments[arguments.index("--unit") + 1]))
            print(log.read_text() if log.exists() else "-- No entries --")
        return
    words = [word for word in arguments if not word.startswith("-")]
    systemctl(words[0], words[1:], set(arguments) - set(words))


if __name__ == "__main__":
    try:
        main()
    except FileNotFoundError as missing:
        fail(str(missing))
