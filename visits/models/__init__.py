"""What is stored. Models store; the rules over them are functions in `visits.editorial` and `visits.catalogue`."""

from .base import GuardedModel, VersionedModel, install_guards
from .children import (
    CHILDREN,
    Child,
    DocumentLink,
    Engagement,
    Evidence,
    Finding,
    Focus,
    Kind,
    Participation,
    Person,
    ResolutionLink,
    Segment,
    VisitLink,
)
from .document import Document
from .edition import Edition
from .imports import Import, ImportedDraft
from .mail import Email
from .record import Event, Generation, SearchRow, called
from .redaction import Redaction
from .reference import Body, Country, Reference, Region, Resolution, Topic
from .report import ErrorReport
from .translation import SOURCE_LANGUAGE, Translation, digest_of
from .user import User
from .visit import Visit

__all__ = [
    "CHILDREN",
    "SOURCE_LANGUAGE",
    "Body",
    "Child",
    "Country",
    "Document",
    "DocumentLink",
    "Edition",
    "Email",
    "Engagement",
    "ErrorReport",
    "Event",
    "Evidence",
    "Finding",
    "Focus",
    "Generation",
    "GuardedModel",
    "Import",
    "ImportedDraft",
    "Kind",
    "Participation",
    "Person",
    "Redaction",
    "Reference",
    "Region",
    "Resolution",
    "ResolutionLink",
    "SearchRow",
    "Segment",
    "Topic",
    "Translation",
    "User",
    "VersionedModel",
    "Visit",
    "VisitLink",
    "called",
    "digest_of",
    "install_guards",
]
