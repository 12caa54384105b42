"""Many files one after the other: each is read for itself, and what is wrong with one stops no other."""

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from visits.exceptions import NoFile, RecordedAlready, RegisterError, Unreadable
from visits.extraction import vocabulary
from visits.extraction.extract import extract
from visits.extraction.proposal import Extraction

from . import asjson, pipeline, readers
from .readers import MAX_BYTES, Reading

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Outcome:
    """What became of one file: an object for each visit (`asjson`) and the editions created, or why it was refused."""

    file: str
    objects: tuple[dict, ...] = ()
    editions: tuple = ()
    refused: RegisterError | None = None

    @property
    def visits(self) -> int:
        return self.objects[0]["visits"] if self.objects else 0

    @property
    def sentence(self) -> str:
        if self.refused:
            return self.refused.sentence
        if not self.visits:
            return _("No visit is told of.")
        if self.editions:
            return ngettext("%(count)d draft created.", "%(count)d drafts created.", len(self.editions)) % {
                "count": len(self.editions)
            }
        return ngettext("%(count)d visit found.", "%(count)d visits found.", self.visits) % {"count": self.visits}


def read_and_propose(name: str, data: bytes) -> tuple[Reading, Extraction]:
    """What stands in a file, and what the rules read out of it. Raises Unreadable."""
    reading = readers.read(name, data)
    return reading, extract(reading.text, vocabulary.load(), reading.known)


def ingest(paths: Iterable[Path], *, by=None, propose: Callable = read_and_propose) -> Iterator[Outcome]:
    """An outcome for each file, as soon as it is there. With `by`, that member of staff is given a draft for each
    visit: all of a file or none."""
    for path in paths:
        try:
            yield outcome(path, by, propose)
        except RegisterError as error:
            yield Outcome(str(path), refused=error)
        except Exception:
            # A mistake of ours, found by this file: the others are no worse for it.
            logger.exception("ingest: %s", path)
            yield Outcome(str(path), refused=Unreadable(name=path.name))


def outcome(path: Path, by, propose: Callable) -> Outcome:
    reading, found = propose(path.name, bytes_of(path))
    objects = tuple(objects_of(path.name, reading, found))
    return Outcome(str(path), objects, create(path.name, reading, found, by) if by else ())


def bytes_of(path: Path) -> bytes:
    """The content of a file, and no more of it than shows that it is too large."""
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise NoFile(name=path.name, reason=error.strerror or error) from error


def create(name: str, reading: Reading, found: Extraction, by) -> tuple:
    """The drafts of all visits that a text tells of. Raises RecordedAlready: what to do then people decide."""
    with transaction.atomic():
        if not found.proposals:
            return ()
        document, is_new = pipeline.store(reading, by=by, name=name)
        if not is_new and (link := document.links.first()):
            raise RecordedAlready(name=name, visit=link.edition.visit)
        for proposal in found.proposals:
            if recorded := pipeline.similar(str(proposal.country.value), proposal.parts):
                raise RecordedAlready(name=name, visit=recorded[0])
        return tuple(pipeline.carry_out(document, map(pipeline.Plan, found.proposals), by=by, passages=found.passages))


def objects_of(name: str, reading: Reading, found: Extraction) -> list[dict]:
    """What was read as `asjson` writes it, with the acronyms that the register knows bodies by."""
    return asjson.objects(name, reading.text, found, vocabulary.load().acronyms, reading.url)


def summary(outcomes: list[Outcome]) -> str:
    """What became of all of them, in a sentence."""
    read = [outcome for outcome in outcomes if not outcome.refused]
    return _(
        "Files: %(files)d; visits: %(visits)d; about no visit: %(none)d; drafts: %(drafts)d; failed: %(failed)d."
    ) % {
        "files": len(outcomes),
        "visits": sum(outcome.visits for outcome in read),
        "none": sum(not outcome.visits for outcome in read),
        "drafts": sum(len(outcome.editions) for outcome in read),
        "failed": len(outcomes) - len(read),
    }
