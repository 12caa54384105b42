"""A machine to throw away: this one's file system with all that is written kept aside, and processes, names and network
of its own. Nothing that is done on it reaches the machine that it stands on."""

import ctypes
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

CLONE_NEWNET = 0x40000000
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
# Where every user of the machine finds what is installed beside this Python.
LIBRARIES = Path("/opt/libraries")
STAND_INS = ("systemctl", "journalctl")
# What tells pip and apt where this machine gets packages from, and nothing else, comes along.
KEPT = ("PIP_", "http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "no_proxy", "NO_PROXY")


def build(aside: Path, needed: list[Path], names: list[str]) -> int:
    """Make its file system the root of this process. Gives a handle of the network of the machine that this stands on.

    `aside`: a folder for what is written, empty again afterwards. `needed`: folders that have to be seen there under
    the same name. `names`: what it is called.
    """
    mount("-t", "tmpfs", "-o", "mode=755", "tmpfs", aside)
    for name in ("written", "work", "root"):
        (aside / name).mkdir()
    root = aside / "root"
    layers = f"lowerdir=/,upperdir={aside / 'written'},workdir={aside / 'work'}"
    mount("-t", "overlay", "-o", layers, "overlay", root)
    mount("-t", "proc", "proc", root / "proc")
    mount("-t", "sysfs", "sysfs", root / "sys")
    mount("--rbind", "/dev", root / "dev")
    for folder in ("run", "tmp", "var/tmp"):
        mount("-t", "tmpfs", "-o", f"mode={'755' if folder == 'run' else '1777'}", "tmpfs", root / folder)
    for folder in needed:
        there = root / folder.relative_to("/")
        if not any(there.iterdir() if there.is_dir() else []):
            there.mkdir(parents=True, exist_ok=True)
            mount("--bind", "-o", "ro", folder, there)
    libraries = root / LIBRARIES.relative_to("/")
    libraries.mkdir()
    mount("--bind", sys.prefix, libraries)
    network = os.open("/proc/self/ns/net", os.O_RDONLY)
    os.chroot(root)
    os.chdir("/root")
    libc(ctypes.CDLL(None, use_errno=True).unshare, CLONE_NEWNET)
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    with Path("/etc/hosts").open("a") as hosts:
        hosts.write("\n127.0.0.1 " + " ".join(names) + "\n")
    place_stand_ins()
    return network


def mount(*arguments) -> None:
    subprocess.run(["mount", *map(str, arguments)], check=True)


def libc(function, *arguments) -> None:
    if function(*arguments):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def place_stand_ins() -> None:
    """Copied: the folder of the project may be nobody's but its owner's."""
    folder = Path("/usr/local/lib/stand-ins")
    shutil.copytree(Path(__file__).parent, folder, ignore=shutil.ignore_patterns("__pycache__"))
    for name in STAND_INS:
        program = Path("/usr/bin", name)
        program.unlink(missing_ok=True)
        program.write_text(f'#!/bin/sh\nexec /usr/bin/python3 {folder}/systemctl.py {name} "$@"\n')
        program.chmod(0o755)


def let_through(folder: Path) -> None:
    """Let every user of the machine reach into this folder, as far as it is the machine's own."""
    for each in (folder, *folder.parents):
        if each.stat().st_dev == Path("/").stat().st_dev:
            each.chmod(stat.S_IMODE(each.stat().st_mode) | 0o011)


def run(script: str, network: int | None = None, typed: str = "") -> subprocess.CompletedProcess:
    """What bash makes of these lines, typed by root; with `network`, by the one of the machine that this stands on."""

    def join():
        libc(ctypes.CDLL(None, use_errno=True).setns, network, CLONE_NEWNET)

    kept = {name: value for name, value in os.environ.items() if name.startswith(KEPT)}
    given = {"PATH": PATH, "HOME": "/root", "LANG": "C.UTF-8", "USER": "root", "DEBIAN_FRONTEND": "noninteractive"}
    # Stands for browsers that trust the certificate.
    trust = {"CURL_CA_BUNDLE": "/etc/ssl/register/fullchain.pem"} if network is None else {}
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd="/root",
        env=kept | given | trust,
        input=typed,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        preexec_fn=join if network is not None else None,
        timeout=900,
        check=False,
    )
