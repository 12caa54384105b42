"""docs/operations.md, and what it is about in deploy/: units, settings, nginx."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.live import ROOT
from visits.ingest.readers import MAX_BYTES

DEPLOY = ROOT / "deploy"
EXAMPLE = (DEPLOY / "register.env.example").read_text(encoding="utf-8")
CONTAINED = ("unshare", "nsenter", "setpriv", "runuser", "systemd-analyze")


@pytest.fixture
def trial(monkeypatch):
    """What the script is made of, which knows its own folder alone."""
    monkeypatch.syspath_prepend(DEPLOY / "trial")
    import page
    import units

    return {"blocks": page.blocks, "unit": units.Unit}


def named_in(pattern: str, path: Path) -> set[str]:
    return set(re.findall(pattern, path.read_text(encoding="utf-8")))


def test_every_setting_stands_in_the_example_and_nothing_else(trial):
    read = named_in(r'\benv(?:\.\w+)?\(\s*"([A-Z_]+)"', ROOT / "cted" / "settings.py")
    read |= named_in(r'environ\.get\("([A-Z_]+)"\)', DEPLOY / "start.py")
    by_units = {name for path in DEPLOY.glob("systemd/*") for name in named_in(r"\$\{([A-Z_]+)\}", path)}
    told = re.findall(r"^#?([A-Z_]+)=", EXAMPLE, re.M)

    assert len(told) == len(set(told))
    # A server of the public is never run with it.
    assert set(told) == (read | by_units) - {"DEBUG"}


def test_the_example_is_read_the_same_by_systemd_and_by_a_shell(trial, tmp_path):
    unit = tmp_path / "probe.service"
    unit.write_text(f"[Service]\nEnvironmentFile={DEPLOY / 'register.env.example'}\n")
    told = trial["unit"](unit).environment()

    script = f'set -a; . {DEPLOY / "register.env.example"}; for name in {" ".join(told)}; do printenv "$name"; done'
    by_shell = subprocess.run(["sh", "-euc", script], capture_output=True, text=True, check=True, env={})

    assert by_shell.stdout.splitlines() == list(told.values())


def test_units_run_what_a_release_holds_and_write_where_the_settings_say(trial):
    units = {path.name: trial["unit"](path) for path in (DEPLOY / "systemd").iterdir()}
    assert sorted(units) == ["register-backup.service", "register-backup.timer", "register.service"]
    data = re.search(r"^DATA_DIR=(.+)$", EXAMPLE, re.M)[1]

    for name in ("register.service", "register-backup.service"):
        unit = units[name]
        first, _counts = unit.commands("ExecStart", {})[0]
        scripts = [word for word in " ".join(first).split() if word.endswith(".py")]
        assert [word for word in scripts if not (ROOT / word).is_file()] == []
        assert scripts
        assert data in unit.last("ReadWritePaths").split()
        assert unit.last("ProtectSystem") == "strict"
        # The database and the backups are for their owner alone.
        assert unit.last("UMask") == "0077"
    assert data not in units["register-backup.service"].last("ExecStart")


@pytest.mark.skipif(not shutil.which("systemd-analyze") and not os.environ.get("CI"), reason="no systemd-analyze here")
@pytest.mark.parametrize("name", ["register.service", "register-backup.service"])
def test_systemd_calls_the_units_well_enclosed(name):
    # 10 is anything goes, 0 is nothing does: 2.0 is what is promised.
    command = ["systemd-analyze", "security", "--offline=true", "--threshold=20", DEPLOY / "systemd" / name]
    judged = subprocess.run(command, capture_output=True, text=True, check=False)

    assert judged.returncode == 0, judged.stdout[-400:]


def test_nginx_lets_through_what_staff_may_give_and_nothing_larger_from_the_public():
    site = (DEPLOY / "nginx" / "register.conf").read_text(encoding="utf-8")
    public, staff = (int(size) for size in re.findall(r"client_max_body_size (\d+)m;", site))

    assert (public, staff > MAX_BYTES / 1024**2) == (1, True)


def test_a_block_of_the_page_that_nobody_knows_how_to_run_is_refused(trial, tmp_path):
    page = tmp_path / "page.md"
    page.write_text("# A\n\n```sh\ntrue\n```\n\n- b\n\n  ```sh neverr\n  true\n  ```\n")

    with pytest.raises(ValueError, match="neverr"):
        trial["blocks"](page)


def why_no_machine() -> str | None:
    """What no installing of packages could change here."""
    if not (ROOT / ".git").exists():
        return "a release is packed from the repository, and this is none"
    overlay = "mount -t tmpfs tmpfs /mnt && mkdir /mnt/a /mnt/b /mnt/c && "
    overlay += "mount -t overlay -o lowerdir=/,upperdir=/mnt/a,workdir=/mnt/b overlay /mnt/c"
    command = ["unshare", "--mount", "--pid", "--fork", "--net", "sh", "-c", overlay]
    refused = subprocess.run(command, capture_output=True, text=True, check=False)
    return refused.stderr.strip() and f"this machine allows no other within it: {refused.stderr.strip()}"


@pytest.mark.slow
def test_the_page_is_followed_word_for_word_with_nginx_in_front():
    if why := why_no_machine():
        pytest.skip(why)
    if not all(map(shutil.which, CONTAINED)) and not os.environ.get("CI"):
        pytest.skip("a machine to throw away is made with util-linux and systemd-analyze")
    command = [sys.executable, DEPLOY / "try_operations.py", "--here"]
    tried = subprocess.run(command, capture_output=True, text=True, timeout=1500, check=False)

    print(tried.stdout)  # noqa: T201
    assert tried.returncode == 0, tried.stdout + tried.stderr
    assert re.search(r"^docs/operations.md: \d+ blocks run word for word", tried.stdout, re.M)
