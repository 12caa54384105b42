"""A proposal into an edition in work: rows, their passages, and the link to the document."""

from collections import defaultdict
from collections.abc import Iterable

from django.core.exceptions import NON_FIELD_ERRORS, ObjectDoesNotExist, ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from visits.exceptions import UnfitProposal
from visits.extraction.proposal import Part, Proposal, Span
from visits.models import (
    CHILDREN,
    Child,
    Document,
    DocumentLink,
    Edition,
    Engagement,
    Evidence,
    Finding,
    Focus,
    Kind,
    Participation,
    Person,
    ResolutionLink,
    Segment,
)
from visits.models.content import plain, rows_name
from visits.text.fold import fold

PROPOSED = (Segment, Kind, Focus, ResolutionLink, Participation, Person, Engagement, Finding)
BY_NAME = {model._meta.model_name: model for model in PROPOSED}


def identity(row: Child) -> tuple:
    """What makes two rows of a kind the same fact, whatever else they say."""
    match row:
        case Segment():
            return (row.start, row.end) if row.start or row.end else (row.modality, fold(row.places))
        case Kind():
            return (row.kind,)
        case Focus():
            return (row.topic_id,)
        case ResolutionLink():
            return (row.resolution_id,)
        case Participation():
            return (row.body_id,)
        case Person():
            return (fold(row.name or row.title or f"{row.department} {row.organisation}"),)
        case Engagement():
            said = fold(f"{row.description} {row.counterpart}")
            return (row.kind, said) if said else (row.kind, row.site_kind, row.body_id, fold(row.place))
        case Finding():
            return (row.kind, fold(row.text))
        case DocumentLink():
            return (row.document_id,)
    raise TypeError(row)


class Writing:
    """One document's proposal into one edition, which `actions.saving` holds. `has_written`: anything at all."""

    def __init__(self, edition: Edition, document: Document):
        self.edition, self.document, self.has_written = edition, document, False
        self.rows: dict[type, list[Child]] = defaultdict(list)
        for model in (*PROPOSED, DocumentLink):
            self.rows[model] = list(getattr(edition, rows_name(model)).all())
        evidence = edition.evidence.all()
        self.last_evidence = max((row.position for row in evidence), default=0)
        self.quoted = {
            (row.child_uid, row.field, row.span_start, row.span_end)
            for row in evidence
            if row.document_id == document.pk
        }

    def write(self, proposal: Proposal, passages: Iterable[Span] = ()) -> None:
        self.write_edition(proposal.edition)
        children = [part for part in proposal.parts if part.model != "edition"]
        for part in sorted(children, key=lambda part: CHILDREN.index(model_of(part))):
            self.write_child(part)
        link = self.row_of(DocumentLink(document=self.document))
        for span in passages:
            self.quote(link.uid, DocumentLink, "document", span)

    def write_edition(self, part: Part) -> None:
        """The edition's own texts, where it has none yet."""
        values = values_of(Edition, part)
        if self.fill(self.edition, values):
            # A draft may lack what is asked for when it is submitted.
            check(self.edition, exclude={name for name in values if not getattr(self.edition, name)})
            self.edition.save()
        self.quote_values(self.edition, self.edition.visit.uid, part)

    def write_child(self, part: Part) -> None:
        model = model_of(part)
        proposed = model(**values_of(model, part))
        row = self.row_of(proposed)
        if row is not proposed and self.fill(row, {name: getattr(proposed, name) for name in model.CONTENT_FIELDS}):
            check(row)
            row.save()
        self.quote_values(row, row.uid, part)

    def row_of(self, proposed: Child) -> Child:
        """The row that says this already, or else the proposed one, stored last of its kind."""
        rows = self.rows[type(proposed)]
        for row in rows:
            if identity(row) == identity(proposed):
                return row
        proposed.edition = self.edition
        proposed.position = max((row.position for row in rows), default=0) + 1
        check(proposed)
        proposed.save()
        rows.append(proposed)
        self.has_written = True
        return proposed

    def fill(self, row, values: dict) -> bool:
        """Give the row the values that it lacks. Whether there were any."""
        lacking = {name: value for name, value in values.items() if value and getattr(row, name) in ("", None)}
        for name, value in lacking.items():
            setattr(row, name, value)
        self.has_written |= bool(lacking)
        return bool(lacking)

    def quote_values(self, row, uid, part: Part) -> None:
        """The passages of the values that stand in the row: of another value they would show nothing."""
        for name in type(row).CONTENT_FIELDS:
            value = part.values.get(name)
            if value and value.spans and says_the_same(plain(row, name), value.value):
                for span in value.spans:
                    self.quote(uid, type(row), name, span)

    def quote(self, uid, model: type, field: str, span: Span) -> None:
        if (uid, field, *span) in self.quoted:
            return
        if not 0 <= span.start < span.end <= len(self.document.text):
            raise unfit(model, field, _("Its passage lies outside the text of the document."))
        self.last_evidence += 1
        row = Evidence(
            edition=self.edition,
            position=self.last_evidence,
            child_uid=uid,
            field=field,
            document=self.document,
            span_start=span.start,
            span_end=span.end,
            quote=span.of(self.document.text),
        )
        check(row)
        row.save()
        self.quoted.add((uid, field, *span))
        self.has_written = True


def model_of(part: Part) -> type[Child]:
    try:
        return BY_NAME[part.model]
    except KeyError:
        raise UnfitProposal(part=part.model, field="–", problem=_("There is no such part of a record.")) from None


def values_of(model: type, part: Part) -> dict:
    """The values of a part as the columns of a row hold them; where there is none, the column keeps its default."""
    values = {}
    for name, value in part.values.items():
        if name not in model.CONTENT_FIELDS:
            raise UnfitProposal(part=words_of(model), field=name, problem=_("There is no such field."))
        field = model._meta.get_field(name)
        if field.is_relation:
            values[name] = resolve(field, value.value)
        elif value.value is not None or field.null:
            values[name] = value.value
    return values


def resolve(field, key):
    """The term that a natural key names; None for no key."""
    if key in ("", None):
        if field.null:
            return None
        raise unfit(field.model, field.name, _("Nothing is chosen here."))
    try:
        return field.related_model._default_manager.get_by_natural_key(key)
    except (ObjectDoesNotExist, ValueError, TypeError):
        problem = _("The register has no “%(key)s” in its vocabulary.") % {"key": key}
        raise unfit(field.model, field.name, problem) from None


def says_the_same(stored, proposed) -> bool:
    if isinstance(stored, str) and isinstance(proposed, str):
        return fold(stored) == fold(proposed)
    return stored == proposed


def check(row, exclude=()) -> None:
    """Raise UnfitProposal with the first fault that somebody typing the row would be told of."""
    try:
        row.full_clean(exclude=exclude)
    except ValidationError as error:
        name, problems = next(iter(error.message_dict.items()))
        raise unfit(type(row), "" if name == NON_FIELD_ERRORS else name, problems[0]) from error


def unfit(model: type, field: str, problem: str) -> UnfitProposal:
    label = capfirst(model._meta.get_field(field).verbose_name) if field else "–"
    return UnfitProposal(part=words_of(model), field=label, problem=problem)


def words_of(model: type) -> str:
    return capfirst(model._meta.verbose_name)
