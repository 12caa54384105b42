"""The rows of an edition as they stand on its form, in reading order."""

from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget, RelatedFieldWidgetWrapper
from django.db import models
from django.utils.translation import gettext_lazy as _

from visits.models import (
    Document,
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

from .forms import ChildFormSet, EvidenceForm, EvidenceFormSet, KnownAutocomplete, RowForm, label_of, parts_of


class ChildInline:
    extra = 0
    form = RowForm
    formset = ChildFormSet

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        formfield = super().formfield_for_dbfield(db_field, request, **kwargs)
        if formfield and isinstance(formfield.widget, RelatedFieldWidgetWrapper):
            # In a row the links to change, delete and view the target crowd out the target itself. Vocabularies are
            # extended with care, on their own pages; a source is new with nearly every visit.
            formfield.widget.can_change_related = formfield.widget.can_delete_related = False
            formfield.widget.can_view_related = False
            formfield.widget.can_add_related &= db_field.remote_field.model is Document
        return formfield

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.autocomplete_fields:
            kwargs["widget"] = KnownAutocomplete(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class Rows(ChildInline, admin.TabularInline):
    pass


class Blocks(ChildInline, admin.StackedInline):
    formfield_overrides = {models.TextField: {"widget": AdminTextareaWidget(attrs={"rows": 3})}}


class SegmentInline(Rows):
    model = Segment
    verbose_name = _("period")
    verbose_name_plural = _("dates")
    fields = ("start", "end", "modality", "modality_inferred", "places")


class KindInline(Rows):
    model = Kind
    fields = ("kind", "ordinal")


class FocusInline(Rows):
    model = Focus
    fields = ("topic", "role")
    autocomplete_fields = ("topic",)


class ResolutionInline(Rows):
    model = ResolutionLink
    fields = ("resolution",)
    autocomplete_fields = ("resolution",)


class ParticipationInline(Rows):
    model = Participation
    fields = ("body", "role", "named_as")
    autocomplete_fields = ("body",)


class PersonInline(Rows):
    model = Person
    fields = ("role", "name", "title", "department", "organisation")


class EngagementInline(Blocks):
    model = Engagement
    fields = (("kind", "site_kind", "place"), ("counterpart", "body"), "description")
    autocomplete_fields = ("body",)


class FindingInline(Blocks):
    model = Finding
    fields = (("kind", "direction", "topic"), "text", "speaker")
    autocomplete_fields = ("topic",)


class VisitLinkInline(Rows):
    model = VisitLink
    fields = ("kind", "target")
    autocomplete_fields = ("target",)


class SourceInline(Rows):
    model = DocumentLink
    fields = ("document",)
    autocomplete_fields = ("document",)


class EvidenceInline(Rows):
    model = Evidence
    form = EvidenceForm
    formset = EvidenceFormSet
    fields = ("about", "source", "quote", "span_start")
    classes = ("collapse",)

    # What a page that cannot be edited shows in place of the fields of the form.

    @admin.display(description=_("what it shows"))
    def about(self, evidence):
        return label_of(evidence, parts_of(evidence.edition))

    @admin.display(description=_("document"))
    def source(self, evidence):
        return evidence.document


INLINES = (
    SegmentInline,
    KindInline,
    FocusInline,
    ResolutionInline,
    ParticipationInline,
    PersonInline,
    EngagementInline,
    FindingInline,
    VisitLinkInline,
    SourceInline,
    EvidenceInline,
)
