"""What a document tells as forms: a sheet for each visit, with its rows, their passages and what is open."""

from functools import cached_property

from django.contrib.admin.utils import flatten
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from js_asset import Media

from visits.catalogue.wording import period
from visits.enums import WORKING
from visits.exceptions import NothingAccepted
from visits.extraction.proposal import Confidence, Extraction, Part, Proposal, Question, Span, Value
from visits.ingest import pipeline
from visits.ingest.pipeline import Plan
from visits.ingest.writing import PROPOSED
from visits.models import Document, Edition, Segment, Visit

from .base import edition_url
from .ingest_forms import FORMSETS, NEW_VISIT, EditionPartForm, PartForm, Terms, heading_of, initial_of
from .ingest_source import Passage, anchor_of, marked
from .inlines import INLINES
from .visits import badge

# What a further row is called where the kind of row has the name of all of them.
ONE_OF = {Segment: gettext_lazy("period")}
# As on the form of an edition. The account of a visit is long, and comes last.
ORDER = {inline.model: flatten(inline.fields) for inline in INLINES} | {Edition: Edition.TRANSLATABLE}
WEAKEST_FIRST = (Confidence.CHECK, Confidence.LIKELY, Confidence.CERTAIN)


class Review:
    """What one document tells, as forms; bound to what was posted, if anything was."""

    def __init__(self, document: Document, extraction: Extraction, data=None):
        self.document, self.extraction = document, extraction
        terms = Terms()
        self.sheets = [
            Sheet(document, proposal, f"p{index}", terms, data) for index, proposal in enumerate(extraction.proposals)
        ]
        self.is_tour = len(self.sheets) > 1

    @property
    def media(self):
        return sum((sheet.form.media for sheet in self.sheets), Media())

    @cached_property
    def questions(self) -> list[dict]:
        """All that is open, of the whole text first, each with where it arose and where it is answered."""
        asked = [(question, None) for question in self.extraction.questions]
        asked += [(question, sheet) for sheet in self.sheets for question in sheet.proposal.questions]
        return [
            {
                "id": f"question-{number}",
                "sentence": question.sentence,
                "span": question.span,
                "passage": anchor_of(question.span) if question.span else "",
                "answer": sheet.place_of(question) if sheet else "",
                "sheet": sheet,
            }
            for number, (question, sheet) in enumerate(asked)
        ]

    @cached_property
    def text(self):
        passages = [passage for sheet in self.sheets for passage in sheet.passages()]
        passages += [
            Passage(question["span"], question["id"], Confidence.CHECK)
            for question in self.questions
            if question["span"]
        ]
        return marked(self.document.text, passages)

    def is_valid(self) -> bool:
        # Each is asked, so that all faults are told at once.
        valid = [sheet.is_valid() for sheet in self.sheets]
        return all(valid)

    def carry_out(self, *, by) -> list[Edition]:
        plans = [sheet.plan() for sheet in self.sheets if sheet.form.is_accepted]
        if not plans:
            raise NothingAccepted
        return pipeline.carry_out(self.document, plans, by=by, passages=self.extraction.passages)


class Sheet:
    """One proposed visit: a form for the record itself, and rows for what hangs on it."""

    def __init__(self, document: Document, proposal: Proposal, prefix: str, terms: Terms, data):
        self.document, self.proposal, self.prefix = document, proposal, prefix
        options = {"terms": terms, "text": document.text}
        initial = initial_of(proposal.edition) | {"country": proposal.country.value, "accepted": True}
        self.form = EditionPartForm(data, prefix=prefix, initial=initial, **options)
        self.form.proposed = proposal.edition
        self.groups = []
        for model in PROPOSED:
            parts = list(proposal.of(model._meta.model_name))
            formset = FORMSETS[model](
                data,
                prefix=f"{prefix}-{model._meta.model_name}",
                # What was posted counts by itself: a row is changed where it is not blank.
                initial=None if data is not None else [initial_of(part) for part in parts],
                form_kwargs=options,
            )
            if formset.initial_form_count() == len(parts):
                for form, part in zip(formset.forms, parts, strict=False):
                    form.proposed = part
            self.groups.append(Group(model, formset, document))
        self.visits = pipeline.similar(str(proposal.country.value), proposal.parts)
        self.offer_also(pipeline.with_standing(visit__in=self.form.asked_about - {visit.pk for visit in self.visits}))

    def offer_also(self, visits: list[Visit]) -> None:
        self.visits += visits
        self.form.offer(self.visits)

    def __str__(self):
        segments = self.proposal.of("segment")
        when = "; ".join(period(part.get("start") or "", part.get("end") or "") for part in segments)
        names = dict(self.form.fields["country"].widget.choices)
        return ": ".join(filter(None, (str(names.get(self.proposal.country.value, "")), when)))

    @property
    def row(self) -> "Row":
        return Row(self.form, self.document)

    @property
    def country_quotes(self) -> list[dict]:
        return quotes(self.document, self.proposal.country.spans)

    @property
    def country_doubt(self) -> Confidence | None:
        return doubt(self.proposal.country)

    @property
    def mentioned(self) -> list[dict]:
        """Bodies that the text names and that were not in the delegation."""
        return [
            {"name": value.value, "passage": anchor_of(value.spans[0]) if value.spans else ""}
            for value in self.proposal.mentioned
        ]

    def passages(self):
        """Every passage on this sheet. The account is the text itself and is marked nowhere in it."""
        yield from (passage for passage in self.row.passages() if not passage.target.endswith(f"{self.prefix}-text"))
        for span in self.proposal.country.spans:
            yield Passage(span, f"f-{self.prefix}-country", self.proposal.country.confidence)
        yield from (passage for group in self.groups for row in group.rows for passage in row.passages())
        for value in self.proposal.mentioned:
            yield from (Passage(span, f"{self.prefix}-mentioned") for span in value.spans)

    def place_of(self, question: Question) -> str:
        """The id of the element where a question is answered."""
        if question.model == "edition":
            return f"f-{self.prefix}-{question.field}" if question.field in self.form.fields else self.prefix
        return f"{self.prefix}-{question.model}"

    def options(self) -> list[dict]:
        """The visits that are there already, each with what choosing it does."""
        chosen = self.form["about"].value()
        return [
            {
                "value": str(visit.pk),
                "is_chosen": chosen == str(visit.pk),
                "edition": visit.standing,
                "badge": badge(visit.standing),
                "url": edition_url(visit.standing),
                "same_dates": visit.same_dates,
                "is_in_work": visit.standing.state in WORKING,
            }
            for visit in self.visits
        ]

    @property
    def is_new_visit(self) -> bool:
        return self.form["about"].value() in (NEW_VISIT, "", None)

    def is_valid(self) -> bool:
        if not self.form.is_accepted:
            return True
        asked = self.form.asked_about
        valid = all([self.form.is_valid(), *(group.formset.is_valid() for group in self.groups)])
        if not valid or not self.is_new_visit:
            return valid
        # Dates or the State may have been put right on the page: then it has not asked about these yet.
        country = self.form.cleaned_data["country"].iso3
        known = asked | {visit.pk for visit in self.visits}
        found = [visit for visit in pipeline.similar(country, self.parts()) if visit.pk not in asked]
        if not found:
            return True
        self.offer_also([visit for visit in found if visit.pk not in known])
        self.form.add_error("about", _("This State has a visit at these dates. Say whether the text is about it."))
        return False

    def parts(self) -> list[Part]:
        rows = [form.part() for group in self.groups for form in group.formset.accepted]
        return [self.form.part(), *rows]

    def plan(self) -> Plan:
        """What was accepted."""
        country = Value(self.form.cleaned_data["country"].iso3, self.proposal.country.spans)
        proposal = Proposal(country, tuple(self.parts()))
        chosen = self.form.cleaned_data["about"]
        return Plan(proposal, None if self.is_new_visit else Visit.objects.get(pk=chosen))


class Group:
    """The rows of one kind."""

    def __init__(self, model, formset, document):
        self.model, self.formset, self.document = model, formset, document
        self.heading = heading_of(model)

    @property
    def name(self) -> str:
        return self.model._meta.model_name

    @cached_property
    def rows(self) -> list["Row"]:
        return [Row(form, self.document, self.formset.initial_form_count()) for form in self.formset.forms]

    @property
    def template(self) -> "Row":
        return Row(self.formset.empty_form, self.document)

    @property
    def add(self) -> str:
        name = ONE_OF.get(self.model, self.model._meta.verbose_name)
        return _("Add another %(verbose_name)s") % {"verbose_name": name}

    @property
    def count(self) -> int:
        return self.formset.initial_form_count()


class Row:
    """One part as it is shown: its fields with their passages, how sure the rules are of it, and which they were."""

    def __init__(self, form: PartForm, document: Document, proposed: int = 0):
        self.form, self.document = form, document
        number = form.prefix.rpartition("-")[2]
        self.is_blank = not form.is_bound and number.isdecimal() and int(number) >= proposed

    @property
    def id(self) -> str:
        return f"row-{self.form.prefix}"

    @property
    def values(self) -> dict[str, Value]:
        return self.form.proposed.values if self.form.proposed else {}

    @property
    def confidence(self) -> Confidence | None:
        """That of the value they are least sure of."""
        held = {value.confidence for value in self.values.values()}
        return next((each for each in WEAKEST_FIRST if each in held), None)

    @property
    def rules(self) -> list[str]:
        return list(dict.fromkeys(value.rule for value in self.values.values() if value.rule))

    @cached_property
    def spans(self) -> dict[str, tuple[Span, ...]]:
        """The passages as the form holds them, by field."""
        return self.form.fields["passages"].to_python(self.form["passages"].value())

    def passages(self):
        for name, spans in self.spans.items():
            value = self.values.get(name)
            confidence = value.confidence if value else Confidence.CERTAIN
            yield from (Passage(span, f"f-{self.form.prefix}-{name}", confidence) for span in spans)

    def fields(self) -> list[dict]:
        return [self.field(name) for name in ORDER[self.form._meta.model]]

    def field(self, name: str) -> dict:
        value, bound = self.values.get(name), self.form[name]
        return {
            "name": name,
            "bound": bound,
            "id": f"f-{bound.html_name}",
            "doubt": doubt(value) if value else None,
            "quotes": quotes(self.document, self.spans.get(name, ())),
        }


def doubt(value: Value) -> Confidence | None:
    return None if value.confidence == Confidence.CERTAIN else value.confidence


def quotes(document: Document, spans) -> list[dict]:
    return [{"anchor": anchor_of(span), "words": span.of(document.text)} for span in spans]
