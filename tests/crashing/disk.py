"""A running site whose disk is full, or may only be read, and then is mended, on file systems that really are.

python -m tests.crashing.disk: as root, who alone may mount one.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from pathlib import Path

from tests.crashing.client import pairs
from tests.forms import Fields
from tests.live import ROOT, Visitor, free_port

SIZE = 60 * 1024 * 1024
# So much does not fit into what SQLite has set aside.
LONG = "words and words " * 30_000
PASSWORD = "written down nowhere"
serial = count(1)


class Desk:
    """The site with an author who is signed in, a draft and a published visit."""

    def __init__(self, url: str):
        from tests.factories import make_edition, make_user
        from visits.enums import Role, State

        self.site, self.author = Visitor(url), Visitor(url)
        self.name = f"writer-{next(serial)}"
        user = make_user(Role.AUTHOR, username=self.name, password=PASSWORD)
        assert self.author.sign_in(self.name, PASSWORD).status == 302
        self.draft, self.published = make_edition(by=user), make_edition(State.PUBLISHED)

    def forms(self) -> dict[str, tuple[str, str]]:
        """What staff send, with the field that they type into."""
        edition = f"/admin/visits/edition/{self.draft.pk}"
        return {
            f"{edition}/change/": "summary",
            f"/admin/visits/translation/{self.published.visit_id}/fr/": ".summary",
            f"/admin/visits/visit/{self.published.visit_id}/change/": "internal_notes",
            f"/admin/visits/edition/{self.published.pk}/new-edition/": "note",
        }

    def fail_and_go_on(self, fill: Callable[[], object], mend: Callable[[], object]) -> int:
        """Nothing is saved and nothing typed is lost; readers are served; once it is mended, all of it is saved."""
        from tests.databases import everything

        opened = {path: Fields(self.author.get(path).text).values for path in self.forms()}
        report = Fields(self.site.get("/report/").text).values | {"text": "It was in 2006."}
        assert self.site.get("/visits/").status == 200
        before = everything()
        fill()
        refused = {}
        for path, field in self.forms().items():
            name = next(name for name in opened[path] if name.endswith(field)) if field != "note" else field
            values = opened[path] | {name: f"Typed by hand. {LONG}", "_continue": "1"}
            refused[path] = answer = self.author.get(path, list(pairs(values)))
            assert (answer.status, "Nothing was saved" in answer.text) == (503, True), (path, answer.status)
            assert "Typed by hand." in answer.text
        late = Visitor(self.site.url).sign_in(self.name, PASSWORD)
        assert (late.status, "Nothing was saved" in late.text) == (503, True), late.status
        reported = self.site.get("/report/", report)
        # It may be small enough to be taken.
        assert reported.status in (200, 503), reported.status
        self.read()
        held = everything()
        if reported.status == 503:
            assert "It was in 2006." in reported.text
            # Who signed in and asked is no part of the register.
            assert {name: rows for name, rows in held.items() if name.startswith("visits_")} == {
                name: rows for name, rows in before.items() if name.startswith("visits_")
            }
        mend()
        for path, answer in refused.items():
            again = self.author.get(path, list(pairs(Fields(answer.text).values)))
            assert again.status == 302, (path, again.status)
        self.draft.refresh_from_db()
        assert self.draft.summary.startswith("Typed by hand.")
        return len(refused)

    def read(self) -> None:
        """What was kept, and what nobody has asked for before; several times, for there are several workers."""
        for _ in range(6):
            for path in ("/visits/", f"/visits/?q=word{next(serial)}", f"/visits/{self.published.visit.slug}/"):
                assert self.site.get(path).status == 200, path
        assert self.site.get("/healthz").status == 200
        assert self.author.get(f"/admin/visits/edition/{self.draft.pk}/change/").status == 200


class Disk:
    """A small file system of its own, in a file."""

    def __init__(self, folder: Path):
        self.image, self.folder = folder / "image", folder / "mounted"
        self.folder.mkdir()
        with self.image.open("wb") as file:
            file.truncate(SIZE)
        call("mkfs.ext4", "-q", "-F", self.image)
        self.mount()

    def mount(self) -> None:
        call("mount", "-o", "loop", self.image, self.folder)

    def fail(self) -> None:
        """As when the disk has an error: from then on it may only be read, also by who has files open."""
        call("mount", "-o", "remount,abort", self.folder)

    def unmount(self) -> None:
        call("umount", self.folder)

    def repair(self) -> None:
        self.unmount()
        # With status 1 it has repaired something.
        subprocess.run(
            ["fsck.ext4", "-y", self.image], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False
        )
        self.mount()


def call(*command) -> None:
    subprocess.run(command, check=True)


def fill_up(folder: Path) -> Callable[[], None]:
    filler = folder / "filler"

    def fill():
        with filler.open("ab", buffering=0) as file, suppress(OSError):
            while True:
                file.write(bytes(4096))

    return fill


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="cted-disk-") as folder:
        disk = Disk(Path(folder))
        try:
            try_on(disk)
        finally:
            disk.unmount()


def try_on(disk: Disk) -> None:
    os.environ |= {"DATA_DIR": str(disk.folder), "DJANGO_SETTINGS_MODULE": "tests.crashing.settings"}
    os.environ.pop("DATABASE_URL", None)
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from tests.crashing import checks
    from tests.crashing.servers import Granian
    from visits.ops.preparing import compile_catalogues

    compile_catalogues()
    (disk.folder / "static").mkdir()
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    server = Granian(port := free_port(), Path(os.devnull))

    def repair():
        server.kill()
        connection.close()
        disk.repair()
        server.__enter__()

    with server:
        for name, fail, mend in (
            ("full disk", fill_up(disk.folder), (disk.folder / "filler").unlink),
            ("read-only file system", disk.fail, repair),
        ):
            desk = Desk(f"http://127.0.0.1:{port}")
            connection.close()
            tried = desk.fail_and_go_on(fail, mend)
            print(f"{name}: {tried} forms refused with what was typed, readers served, all of it saved afterwards")
    print(f"integrity checks: {list(checks.whole()) or 'passed'}")
    connection.close()


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
