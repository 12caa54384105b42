"""What the tests need of the machine besides Python: installed where we may, named where we may not."""

import glob
import json
import os
import shutil
import subprocess
import sys

from dependencies import ROOT, Problem, guarded

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# It asks nothing of anybody but the site under test.
BROWSER_OPTIONS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Without Noto, Arabic and Chinese would be boxes on every screenshot.
BROWSER_PACKAGES = ["chromium", "fonts-dejavu-core", "fonts-noto-core"]
# What docs/operations.md is tried with, by one program of each. Debian keeps some where only root looks.
SERVER_PACKAGES = {
    "adduser": "adduser",
    "curl": "curl",
    "iproute2": "ip",
    "nginx-light": "nginx",
    "openssl": "openssl",
    "python3": "/usr/bin/python3",
    "systemd": "systemd-analyze",
}
SBIN = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin"])
# What judges the pages. In .venv: installed like any other tool, and never part of the site.
JUDGES = {
    "axe-core": "4.14.1",
    "ical.js": "2.2.1",
    # Lighthouse 13 needs a newer Node than Debian 12 has.
    "lighthouse": "12.8.2",
    "vnu-jar": "26.9.27",
}
FOLDER = os.path.join(ROOT, ".venv", "judges", "node_modules")
AXE = os.path.join(FOLDER, "axe-core", "axe.min.js")
LIGHTHOUSE = os.path.join(FOLDER, "lighthouse", "cli", "index.js")
VNU = os.path.join(FOLDER, "vnu-jar", "build", "dist", "vnu.jar")


def main():
    install_packages()
    install_judges()


def install_packages():
    packages = missing()
    if not packages:
        return
    if may_install():
        print("Installing what the tests need: {}.".format(", ".join(packages)), flush=True)
        apt_get("update", "--quiet")
        apt_get("install", "--yes", "--quiet", "--no-install-recommends", *packages)
        packages = missing()
    if not packages:
        return
    advise("Some tests need what is not installed here; on Debian: apt-get install {}.".format(" ".join(packages)))


def browser():
    """The program of the distribution's browser, None where there is none."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def install_judges():
    wanted = unmet(JUDGES)
    if not wanted:
        return
    if shutil.which("npm"):
        print("Installing what the tests need: {}.".format(", ".join(wanted)), flush=True)
        # Without scripts: they are files to read and to run by hand, and have nothing to prepare on this machine.
        options = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-save", "--silent"]
        # All of them: npm takes away what it is not told of.
        everything = ["@".join(judge) for judge in JUDGES.items()]
        subprocess.call(["npm", "install", *options, "--prefix", os.path.dirname(FOLDER), *everything])
        wanted = unmet(JUDGES)
    if wanted:
        advise("Some tests need {} in .venv/judges: install npm, and run this again.".format(", ".join(wanted)))


def unmet(names):
    """Those judges that are not there in the version that is wanted."""
    return [f"{name}@{JUDGES[name]}" for name in names if installed_version(name) != JUDGES[name]]


def installed_version(name):
    """None where it is not installed."""
    try:
        with open(os.path.join(FOLDER, name, "package.json"), encoding="utf-8") as package:
            return json.load(package)["version"]
    except (OSError, ValueError, KeyError):
        return None


def advise(sentence):
    """What is missing stops CI; on any other machine the tests that need it are skipped."""
    if os.environ.get("CI") == "true":
        raise Problem(sentence)
    print(sentence, file=sys.stderr, flush=True)


def missing():
    packages = [] if browser() else list(BROWSER_PACKAGES)
    if glob.glob(os.path.join(ROOT, "visits", "locale", "*", "LC_MESSAGES", "*.po")) and not shutil.which("msgfmt"):
        packages.append("gettext")
    if not glob.glob("/usr/lib/postgresql/*/bin/initdb"):
        packages.append("postgresql")
    if not shutil.which("redis-server"):
        packages.append("redis-server")
    packages += [package for package, program in SERVER_PACKAGES.items() if not shutil.which(program, path=SBIN)]
    if not shutil.which("java"):
        packages.append("default-jre-headless")
    return packages


def may_install():
    return shutil.which("apt-get") is not None and os.geteuid() == 0


def apt_get(*arguments):
    subprocess.call(["apt-get", *arguments], env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"})


if __name__ == "__main__":
    guarded(main)
