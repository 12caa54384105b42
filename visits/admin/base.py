"""What every page of the admin shares: each write is a recorded action, and a refused one keeps what was typed."""

from django.contrib import admin, messages
from django.contrib.admin.actions import delete_selected
from django.contrib.admin.utils import NestedObjects, unquote
from django.contrib.admin.widgets import AdminTextareaWidget
from django.db import DEFAULT_DB_ALIAS, models
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from modeltranslation.fields import TranslationField

from visits.editorial import actions
from visits.exceptions import Refused, RegisterError, StaleVersion
from visits.models import Child, Edition, Event

from .conflicts import VersionedForm, differences, events_since, told
from .exports import Exporting
from .record import HistoryOfEvents


def with_plain_newlines(data):
    """The posted data with line ends as texts are stored.

    Browsers send CRLF for every line end of a text; spans of evidence count characters, and a text that nobody
    touched must not count as changed.
    """
    data = data.copy()
    for name, values in data.lists():
        data.setlist(name, [value.replace("\r\n", "\n") for value in values])
    return data


# Tells the script that keeps what is typed (static/js/autosave.js) that it has arrived.
ARRIVED = "saved"


def typed(request, name: str = "note") -> str:
    """What was typed into that field of a page of ours, as texts are stored."""
    return with_plain_newlines(request.POST).get(name, "").replace("\0", "")


def reasons_of(refusal: RegisterError) -> list[RegisterError]:
    return refusal.reasons if isinstance(refusal, Refused) else [refusal]


def arrived(request, message: str, level: int = messages.SUCCESS) -> None:
    """Say that what was typed has been taken in: the browser need not keep it any longer."""
    messages.add_message(request, level, message, ARRIVED)


def number_in(text: str) -> int | None:
    """The number that a page posted back, None when somebody made the text up."""
    try:
        return int(text)
    except ValueError:
        return None


def is_changed(form, formsets) -> bool:
    return form.has_changed() or any(formset.has_changed() for formset in formsets)


class RefusingAdmin(Exporting, admin.ModelAdmin):
    """Answers a refusal from `editorial` with the form as it was filled in and the sentences that say why."""

    form = VersionedForm

    def message_user(self, request, message, level=messages.INFO, extra_tags="", fail_silently=False):
        if level == messages.SUCCESS:
            extra_tags = f"{extra_tags} {ARRIVED}".strip()
        super().message_user(request, message, level, extra_tags, fail_silently)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if request.method == "POST":
            request.POST = with_plain_newlines(request.POST)
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except RegisterError as refusal:
            # The transaction is rolled back. The form, filled in once more, says why and saves nothing.
            request.refusal = refusal
            return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.refusal = getattr(request, "refusal", None)
        return form

    def render_change_form(self, request, context, *args, **kwargs):
        form = context["adminform"].form
        if getattr(form, "since", None) is not None:
            context["conflict"] = differences(form, [inline.formset for inline in context["inline_admin_formsets"]])
        response = super().render_change_form(request, context, *args, **kwargs)
        if getattr(form, "was_refused", False):
            response.status_code = 409
        return response


class RecordWriting(HistoryOfEvents):
    """Writes a row that is no edition as one recorded action: the row, what it is linked to, and its inlines."""

    def save_model(self, request, obj, form, change):
        """Nothing yet: `save_related` writes the row together with all that belongs to it."""

    def save_related(self, request, form, formsets, change):
        if change and not is_changed(form, formsets):
            super().save_related(request, form, formsets, change)
            return
        with actions.saving_record(form.instance, by=request.user):
            self.write(request, form, formsets, change)

    def write(self, request, form, formsets, change):
        form.instance.save()
        super().save_related(request, form, formsets, change)

    def delete_model(self, request, obj):
        with actions.saving_record(obj, by=request.user):
            obj.delete()

    def delete_view(self, request, object_id, extra_context=None):
        obj = self.get_object(request, unquote(object_id))
        refused = obj is not None and self.is_too_late(request, [obj])
        response = super().delete_view(request, object_id, extra_context)
        if refused and response.status_code == 200:
            response.status_code = 409
        return response

    def get_actions(self, request):
        actions_offered = super().get_actions(request)
        if offered := actions_offered.get("delete_selected"):
            actions_offered["delete_selected"] = (delete_those_as_read, *offered[1:])
        return actions_offered

    def is_too_late(self, request, rows) -> bool:
        """Whether somebody changed one of the rows after the page that asks for confirmation was shown.

        The answer to it then counts as not given, so that Django asks once more, and the page says what happened.
        """
        seen = number_in(request.POST.get("seen", ""))
        request.seen = Event.objects.latest_pk()
        if "post" not in request.POST:
            return False
        since = [event for row in rows for event in events_since(row, seen)] if seen != request.seen else []
        if seen is not None and not since:
            return False
        stale = [StaleVersion(row=row).sentence for row in rows if any(event.subject_pk == row.pk for event in since)]
        request.happened = [*stale, *told(since)] or [gettext("Read first what would be deleted, then confirm.")]
        request.POST = request.POST.copy()
        del request.POST["post"]
        if "action" not in request.POST:
            # Django takes any posted field of that page for the confirmation.
            request.POST.clear()
        return True

    def delete_queryset(self, request, queryset):
        for obj in queryset:
            self.delete_model(request, obj)


def delete_those_as_read(modeladmin, request, queryset):
    """Django's own action, for rows that nobody changed since the confirmation was asked for."""
    refused = modeladmin.is_too_late(request, queryset)
    response = delete_selected(modeladmin, request, queryset)
    if refused and response is not None:
        response.status_code = 409
    return response


def edition_url(edition: Edition) -> str:
    """Where an edition is edited."""
    return reverse("admin:visits_edition_change", args=[edition.pk])


def uses_of(objs) -> list[str]:
    """What keeps these rows from being deleted: the editions, each once, and whatever else points at them."""
    collector = NestedObjects(using=DEFAULT_DB_ALIAS, origin=objs)
    collector.collect(objs)
    parts = [row for row in collector.protected if isinstance(row, Child)]
    editions = Edition.objects.filter(pk__in={part.edition_id for part in parts}).select_related("visit__country")
    others = [f"{row._meta.verbose_name}: {row}" for row in collector.protected if not isinstance(row, Child)]
    links = [format_html('<a href="{}">{}</a>', edition_url(edition), edition) for edition in editions]
    return [*links, *sorted(others)]


class RecordAdmin(RecordWriting, RefusingAdmin):
    """A reference table or another record that is no edition."""

    formfield_overrides = {
        models.URLField: {"assume_scheme": "https"},
        models.TextField: {"widget": AdminTextareaWidget(attrs={"rows": 4})},
    }

    def get_deleted_objects(self, objs, request):
        deleted, counts, lacking, protected = super().get_deleted_objects(objs, request)
        return deleted, counts, lacking, protected and uses_of(objs)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        formfield = super().formfield_for_dbfield(db_field, request, **kwargs)
        if formfield and isinstance(db_field, TranslationField):
            # Screen readers, spelling checkers and right-to-left typing all need to know.
            formfield.widget.attrs |= {"lang": db_field.language, "dir": "auto"}
        return formfield
