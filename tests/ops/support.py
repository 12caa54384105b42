"""What tests of backups do again and again."""

from tests.factories import make_country, make_edition, make_next_edition
from visits.enums import State
from visits.ops.restore import opened, restore


def put_back(path, keep=None):
    with opened(path) as candidate:
        restore(candidate, keep)


def change_much():
    make_edition(State.WITHDRAWN)
    make_next_edition(make_edition(State.PUBLISHED, title="Nobody else says Zanzibar"))
    make_country("Chad", "TCD", "TD").delete()
    make_edition(State.DRAFT, country=make_country("Peru", "PER", "PE"))


def left_in(folder) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name != "data")
