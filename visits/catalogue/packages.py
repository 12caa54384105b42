"""The data package that was built last: whether it may be offered, whether it is time to build it again.

It is built by `opendata.bundle`, a file of which tells what the others are: what every reader of it asks stands here.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings

from . import whole

MANIFEST = "bundle.json"
# As long as nothing is taken back, it may lie behind the register for this long.
GOOD_FOR = timedelta(days=1)


@dataclass(frozen=True)
class PackageFile:
    """`kind`: what it is, of the few that `opendata.bundle` tells apart."""

    name: str
    kind: str
    media_type: str
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Package:
    """`generation` and `moment`: what the register was as it holds it; `since`: the generation that its changelog
    begins after; `counts`: rows by table. `newest`: the generation at the end of building it, where that moved."""

    folder: Path
    built_at: datetime
    generation: int
    newest: int
    moment: datetime
    since: int
    counts: dict[str, int]
    files: tuple[PackageFile, ...]

    def file(self, name: str) -> PackageFile | None:
        return next((file for file in self.files if file.name == name), None)

    def of_kind(self, kind: str) -> PackageFile:
        return next(file for file in self.files if file.kind == kind)


def read(folder: Path) -> Package | None:
    """The package in that folder; None where there is none that can be read."""
    path = Path(folder, MANIFEST)
    try:
        told, built_at = json.loads(path.read_text()), datetime.fromtimestamp(path.stat().st_mtime, UTC)
        files = tuple(PackageFile(**file) for file in told.pop("files"))
        return Package(folder, built_at, files=files, **told | {"moment": datetime.fromisoformat(told["moment"])})
    except (OSError, ValueError, KeyError, TypeError):
        return None


def offered() -> Package | None:
    """The package that the public may have: none as long as it holds something that was taken back since."""
    package = read(settings.BUNDLE_DIR)
    # A later one is that of a database which has since been put back.
    if package is None or package.generation > whole.as_of_now().generation:
        return None
    return None if whole.was_taken_back_since(package.generation) else package


def is_due() -> bool:
    """Whether the package is to be built: at once where none may be offered, else when it has become old."""
    package = offered()
    if package is None:
        return True
    return package.generation != whole.as_of_now().generation and datetime.now(UTC) - package.built_at > GOOD_FOR
