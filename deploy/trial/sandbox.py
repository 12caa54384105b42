"""What systemd keeps from a service, as far as a process without systemd can do it: folders that can be written, /tmp,
user, capabilities and system calls."""

import ctypes
import os
import shlex
import subprocess
import sys
from pathlib import Path

ALLOW, REFUSE = 0x7FFF0000, 0x00050000


def enclosed(unit, command: list[str]) -> list[str]:
    """The command that runs this one as the unit asks."""
    user = unit.last("User")
    if not user:
        return command
    mounts = []
    if unit.last("ProtectSystem") == "strict":
        mounts.append("mount -o remount,bind,ro /")
        folders = " ".join(unit.all("ReadWritePaths")).split()
        mounts += [f"mount --bind {shlex.quote(folder)} {shlex.quote(folder)}" for folder in folders]
        mounts += [f"mount -o remount,bind,rw {shlex.quote(folder)}" for folder in folders]
    if unit.last("PrivateTmp") == "yes":
        mounts += ["mount -t tmpfs -o mode=1777 tmpfs /tmp", "mount -t tmpfs -o mode=1777 tmpfs /var/tmp"]
    rights = ["setpriv", f"--reuid={user}", f"--regid={unit.last('Group', user)}", "--init-groups"]
    if unit.last("NoNewPrivileges") == "yes":
        rights.append("--no-new-privs")
    if "CapabilityBoundingSet" in unit.settings and not unit.all("CapabilityBoundingSet"):
        rights += ["--bounding-set=-all", "--inh-caps=-all", "--ambient-caps=-all"]
    calls = unit.all("SystemCallFilter")
    filtering = ["/usr/bin/python3", __file__, *calls, "--"] if calls else []
    # The folder is entered again: the one that is open is of before the mounts.
    prepare = "; ".join(["set -e", *mounts, 'cd "$1"', "shift", 'exec "$@"'])
    folder = unit.last("WorkingDirectory", "/")
    return ["unshare", "--mount", "sh", "-c", prepare, "sh", folder, *rights, *filtering, *command]


def groups() -> dict[str, list[str]]:
    """What each group of system calls holds, calls and further groups, as this machine's systemd knows it."""
    found: dict[str, list[str]] = {}
    told = subprocess.run(["systemd-analyze", "syscall-filter"], capture_output=True, text=True, check=True)
    for line in told.stdout.splitlines():
        if line.startswith("@"):
            found[line] = held = []
        elif line.startswith("    ") and not line.strip().startswith("#"):
            held.append(line.strip())
    return found


def members(name: str, known: dict[str, list[str]]) -> set[str]:
    if not name.startswith("@"):
        return {name}
    return set().union(*(members(held, known) for held in known[name]))


def allow_only(filters: list[str]) -> None:
    """Have the kernel refuse every other system call to this process and all that it starts."""
    allowed: set[str] = set()
    known = groups()
    for line in filters:
        named = set().union(*(members(name, known) for name in line.lstrip("~").split()))
        allowed = allowed - named if line.startswith("~") else allowed | named
    library = ctypes.CDLL("libseccomp.so.2", use_errno=True)
    library.seccomp_init.restype = ctypes.c_void_p
    context = ctypes.c_void_p(library.seccomp_init(ctypes.c_uint32(REFUSE | 1)))
    for name in allowed:
        number = library.seccomp_syscall_resolve_name(name.encode())
        # Negative: not a call of this machine.
        if number >= 0 and library.seccomp_rule_add(context, ctypes.c_uint32(ALLOW), number, 0):
            sys.exit(f"The system call {name} could not be allowed.")
    if library.seccomp_load(context):
        sys.exit("The system calls could not be restricted.")


if __name__ == "__main__":
    border = sys.argv.index("--")
    given, command = sys.argv[1:border], sys.argv[border + 1 :]
    if Path("/proc/self/status").read_text().find("NoNewPrivs:\t1") < 0:
        sys.exit("System calls can only be restricted together with NoNewPrivileges=yes.")
    allow_only(given)
    os.execvp(command[0], command)
