"""The vocabularies and the documents. Names stand once per language, each language in a group of its own."""

from django import forms
from django.conf import settings
from django.contrib import admin
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from visits.models import Body, Country, Document, Evidence, Region, Resolution, Topic
from visits.models.document import digest

from .base import RecordAdmin
from .conflicts import VersionedForm
from .ingest import Ingesting
from .merging import MergingAdmin


def columns(field: str) -> list[str]:
    """The names of a translated field's columns, English first."""
    codes = sorted((code for code, _name in settings.LANGUAGES), key=lambda code: code != settings.LANGUAGE_CODE)
    return [f"{field}_{code.replace('-', '_')}" for code in codes]


class ReferenceForm(VersionedForm):
    """English is the language that every other one falls back to, so it is never empty."""

    REQUIRED = "name_en"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.REQUIRED in self.fields:
            self.fields[self.REQUIRED].required = True

    def clean_replaced_by(self):
        replacement = self.cleaned_data["replaced_by"]
        if replacement is not None and replacement.pk == self.instance.pk:
            raise forms.ValidationError(_("A term cannot be replaced by itself."), code="replaced_by_itself")
        if replacement is not None and replacement.replaced_by_id:
            raise forms.ValidationError(_("This term has been replaced itself."), code="replaced")
        return replacement


class SubjectForm(ReferenceForm):
    REQUIRED = "subject_en"


class ReferenceAdmin(MergingAdmin, RecordAdmin):
    """One vocabulary. `identity` is what a term is known by whatever the language; `translated` stands per language."""

    form = ReferenceForm
    identity: tuple = ()
    translated: tuple = ("name", "name_origin")
    search_fields = ("slug", "aliases", *columns("name"))
    autocomplete_fields = ("replaced_by",)
    list_per_page = 100

    def get_fieldsets(self, request, obj=None):
        replaced = obj is not None and obj.replaced_by_id
        by_language = zip(*(columns(field) for field in self.translated), strict=True)
        names = dict(settings.LANGUAGES)
        codes = [code.replace("-", "_") for code in names]
        labels = dict(zip(codes, names.values(), strict=True))
        return [
            (None, {"fields": self.identity}),
            *(
                (labels[group[0].removeprefix(f"{self.translated[0]}_")], {"fields": group, "classes": ["language"]})
                for group in by_language
            ),
            # A term is replaced by merging it, which also moves what is in work; here that can be put right.
            (_("Other names, and its end"), {"fields": ("aliases", *(["replaced_by"] if replaced else []))}),
        ]

    def get_search_results(self, request, queryset, search_term):
        found, may_repeat = super().get_search_results(request, queryset, search_term)
        if request.path == reverse("admin:autocomplete"):
            # Records keep a term that was replaced; new ones do not begin with it.
            found = found.filter(replaced_by=None)
        return found, may_repeat


@admin.register(Topic)
class TopicAdmin(ReferenceAdmin):
    identity = ("slug", "cross_cutting")
    translated = ("name", "name_origin", "definition")
    list_display = ("name", "slug", "cross_cutting", "used", "replaced_by")
    list_select_related = ("replaced_by",)


@admin.register(Body)
class BodyAdmin(ReferenceAdmin):
    identity = ("acronym", "slug", "kind", "member_of", "url")
    search_fields = ("acronym", *ReferenceAdmin.search_fields)
    autocomplete_fields = ("replaced_by", "member_of")
    list_display = ("acronym", "name", "kind", "used", "replaced_by")
    list_filter = ("kind",)
    list_select_related = ("replaced_by",)


@admin.register(Resolution)
class ResolutionAdmin(ReferenceAdmin):
    form = SubjectForm
    identity = ("number", "year", "adopted_on", "url")
    translated = ("subject", "subject_origin")
    search_fields = ("number", "aliases", *columns("subject"))
    list_display = ("symbol", "subject", "adopted_on", "used", "replaced_by")
    list_select_related = ("replaced_by",)

    @admin.display(description=gettext_lazy("symbol"), ordering="number")
    def symbol(self, resolution):
        return resolution.symbol


@admin.register(Country)
class CountryAdmin(ReferenceAdmin):
    identity = ("iso3", "iso2", "slug", "membership", "region", "former_names")
    search_fields = ("iso3", "iso2", "former_names", *ReferenceAdmin.search_fields)
    autocomplete_fields = ("replaced_by", "region")
    list_display = ("name", "iso3", "region", "membership", "used")
    list_filter = ("membership", "region")
    list_select_related = ("region",)


@admin.register(Region)
class RegionAdmin(ReferenceAdmin):
    identity = ("slug", "m49", "parent")
    search_fields = ("m49", *ReferenceAdmin.search_fields)
    autocomplete_fields = ("replaced_by", "parent")
    list_display = ("name", "m49", "parent", "used")
    list_select_related = ("parent",)
    ordering = ("name",)


class NamedSplitDateTime(admin.widgets.AdminSplitDateTime):
    """Django's two boxes, each with a name that a screen reader can say."""

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        for box, label in zip(context["widget"]["subwidgets"], ("date_label", "time_label"), strict=True):
            box["attrs"]["aria-label"] = str(context[label]).rstrip(":")
        return context


class DocumentForm(VersionedForm):
    # Spans of evidence count characters from the first one, so not even a blank at the start may go.
    text = forms.CharField(
        label=gettext_lazy("Text"),
        required=False,
        strip=False,
        widget=admin.widgets.AdminTextareaWidget(attrs={"rows": 20}),
        help_text=Document._meta.get_field("text").help_text,
    )

    def clean_text(self):
        text = self.cleaned_data["text"]
        if "text" not in self.changed_data:
            return text
        if same := Document.objects.exclude(sha256="").exclude(pk=self.instance.pk).filter(sha256=digest(text)).first():
            message = _("The register has this text already, as the document “%(title)s”: use that one.")
            raise forms.ValidationError(message % {"title": same}, code="stored_already")
        moved = [row for row in Evidence.objects.filter(document=self.instance.pk) if not stands(row, text)]
        if moved:
            message = _("Records quote this text, and after this change they would quote it wrongly: “%(quote)s”.")
            raise forms.ValidationError(message % {"quote": moved[0].quote}, code="quoted")
        return text


def stands(evidence: Evidence, text: str) -> bool:
    return text[evidence.span_start : evidence.span_end] == evidence.quote


@admin.register(Document)
class DocumentAdmin(Ingesting, RecordAdmin):
    """Sources. The text of one that a fixed edition rests on is only shown."""

    form = DocumentForm
    formfield_overrides = {**RecordAdmin.formfield_overrides, models.DateTimeField: {"widget": NamedSplitDateTime}}
    fieldsets = (
        (None, {"fields": ("title", "kind", "symbol", "url", "language")}),
        (gettext_lazy("Publication"), {"fields": ("published_on", "category", "web_stamp")}),
        (gettext_lazy("What the public may read"), {"fields": ("disclosure",)}),
        (gettext_lazy("Text"), {"fields": ("text", "sha256")}),
    )
    list_display = ("title", "kind", "published_on", "language", "disclosure")
    list_filter = ("kind", "disclosure", "language")
    search_fields = ("title", "symbol", "url", "category")
    date_hierarchy = "published_on"
    list_per_page = 50

    def get_queryset(self, request):
        found = super().get_queryset(request)
        # A list of documents needs none of their texts, which are long.
        return found.defer("text") if self.is_list(request) else found

    def get_readonly_fields(self, request, obj=None):
        fixed = obj is not None and Document.fixed_rows(Document.objects.filter(pk=obj.pk)).exists()
        return ("sha256", "text") if fixed else ("sha256",)
