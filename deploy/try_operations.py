"""Follow docs/operations.md word for word on a machine to throw away, and ask the site what that page promises.

With --here, blocks that install packages are left out, the libraries of this Python are taken instead, and the register
holds one visit: that is what the tests do. For root on Linux, because only root can make such a machine.
"""

import argparse
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent / "trial"))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import machine
from dependencies import ROOT, Problem, guarded
from page import Block, blocks
from questions import AFTER, BEFORE, Trial
from tools import SBIN, SERVER_PACKAGES

PAGE = Path(ROOT, "docs", "operations.md")
NAME = "visits.example.org"
VERSIONS = ("0.1.0", "0.2.0")
# What is not run, and why; docs/operations.md says so too.
LEFT_OUT = {
    "names": "typed before every other",
    "repository": "run where the repository is, beforehand",
    "world": "needs a name that the world can reach",
    "postgresql": "the site is tried on SQLite",
}
TOOLS = ("unshare", "nsenter", "setpriv", "runuser", *SERVER_PACKAGES.values())
# Where packages are installed, these are among them.
INSTALLED = {"nginx", "curl", "openssl"}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--here", action="store_true", help="leave out what installs packages")
    parser.add_argument("--inside", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.inside is None:
        prepare(arguments.here)
    else:
        follow(arguments.inside, arguments.here)


def prepare(here: bool):
    """Make the releases that the page begins with, and go on within the machine."""
    if os.geteuid() != 0:
        raise Problem("Only root can make a machine to try docs/operations.md on.")
    missing = [tool for tool in TOOLS if not shutil.which(tool, path=SBIN) and (here or tool not in INSTALLED)]
    if missing:
        raise Problem(f"To try docs/operations.md, this is missing: {', '.join(missing)} (python deploy/tools.py).")
    [release] = [block for block in blocks(PAGE) if "repository" in block.marks]
    folder = Path(tempfile.mkdtemp(prefix="operations-"))
    try:
        # With what is changed and not committed yet.
        revision = subprocess.check_output(["git", "stash", "create"], cwd=ROOT, text=True).strip() or "HEAD"
        for version in VERSIONS:
            command = release.text.replace(VERSIONS[0], version) + f" REVISION={revision} TO={folder}"
            subprocess.run(command.split(), cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        arguments = [__file__, "--inside", str(folder), *(["--here"] if here else [])]
        status = subprocess.call(
            ["unshare", "--mount", "--pid", "--uts", "--ipc", "--fork", "--kill-child", sys.executable, *arguments]
        )
    finally:
        shutil.rmtree(folder)
    sys.exit(status)


def follow(releases: Path, here: bool):
    packed = {path.name: path.read_bytes() for path in releases.iterdir()}
    needed = [Path(ROOT), Path(sys.prefix).resolve(), Path(sys.base_prefix).resolve()]
    network = machine.build(releases, needed, [NAME])
    for name, content in packed.items():
        Path("/root", name).write_bytes(content)
    if here:
        machine.let_through(Path(sys.base_prefix).resolve())
    trial, started, done = Trial(NAME), time.monotonic(), {"run": 0, "left out": 0, "questions": 0}
    every = blocks(PAGE)
    [names] = [block for block in every if "names" in block.marks]
    for block in every:
        if reason := why_left_out(block, here):
            done["left out"] += 1
            print(f"  left out  {block.chapter} {block.number}, line {block.line}: {reason}", flush=True)
            if here and "network" in block.marks:
                take_what_is_here(block, names)
            continue
        done["questions"] += ask(BEFORE, block, trial)
        begun = time.monotonic()
        output = run(block, names, network)
        print(f"  {time.monotonic() - begun:6.1f} s  {block.chapter} {block.number}, line {block.line}", flush=True)
        done["run"] += 1
        done["questions"] += ask(AFTER, block, trial, output)
    unasked = (AFTER.keys() | BEFORE.keys()) - {block.place for block in every if not why_left_out(block, here)}
    if unasked:
        raise Problem(f"Questions are asked of blocks that are not there: {sorted(unasked)}.")
    seconds = time.monotonic() - started
    figures = "{run} blocks run word for word, {left out} left out, {questions} questions answered".format_map(done)
    print(f"docs/operations.md: {figures}, in {seconds:.0f} s; systemd was stood in for.", flush=True)


def why_left_out(block: Block, here: bool) -> str | None:
    if here and "network" in block.marks:
        return "installs packages; those of this machine are taken"
    return next((reason for mark, reason in LEFT_OUT.items() if mark in block.marks), None)


def take_what_is_here(block: Block, names: Block):
    """The libraries of this Python, and a register of one visit: to publish all takes longest."""
    if "python3 -m venv .venv" in block.text:
        lines = block.text.splitlines()
        kept = [line for line in lines if line.startswith(("cd ", "VERSION="))]
        instead = [f"ln --symbolic {machine.LIBRARIES} .venv", "echo '[]' > fixtures/register.json"]
        machine.run("\n".join([names.text, *kept, *instead])).check_returncode()


def run(block: Block, names: Block, network: int) -> str:
    password = secrets.token_urlsafe(20)
    typed = f"{password}\n{password}\n" if "asks" in block.marks else ""
    result = machine.run(f"{names.text}\n{block.text}", network if "network" in block.marks else None, typed)
    if result.returncode:
        raise Problem(
            f"docs/operations.md, line {block.line}: this ended with status {result.returncode}.\n{block.text}\n"
            f"It said:\n{result.stdout}"
        )
    return result.stdout


def ask(when: dict, block: Block, trial: Trial, *output: str) -> int:
    questions = when.get(block.place, [])
    for question in questions:
        try:
            question(trial, *output)
        except Exception as error:
            journal = Path("/run/stand-in/register.service.log")
            said = journal.read_text()[-3000:] if journal.exists() else ""
            raise Problem(
                f"{question.__name__.replace('_', ' ')}: no. {error}\nAsked {'after' if output else 'before'} "
                f"{block.chapter} {block.number}, docs/operations.md line {block.line}.\nThe service said:\n{said}"
            ) from error
    return len(questions)


if __name__ == "__main__":
    guarded(main)
