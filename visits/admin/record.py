"""The register's own memory, for reading: events, histories, translations."""

from django.apps import apps
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import FieldDoesNotExist, PermissionDenied
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from visits.models import Edition, Event, Visit

from .exports import Exporting


def labels_of(event: Event) -> list[str]:
    """What the event changed, by name: fields of the record itself, kinds of rows under it."""
    return list(dict.fromkeys(part or field for part, field, *_values in changes_of(event)))


def changes_of(event: Event) -> list[tuple[str, str, str, str]]:
    """Each change of the event in words: part (empty for the record itself), field, old value, new value."""
    return [
        (*names_of(change), strip_tags(as_text(change.get("old"))), strip_tags(as_text(change.get("new"))))
        for change in event.changes
    ]


def names_of(change: dict) -> tuple[str, str]:
    field = change.get("field", "")
    if "part" not in change:
        return "", field.replace("_", " ")
    try:
        model = apps.get_model("visits", change["part"])
        field = str(model._meta.get_field(field).verbose_name)
    except (LookupError, FieldDoesNotExist):
        # An event outlives the model it tells of.
        return change["part"], field
    return ("" if model is Edition else str(model._meta.verbose_name_plural)), field


def as_text(value) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)


class HistoryOfEvents:
    """The history of a record from the register's own events; Django's log of admin clicks is no record."""

    def history_view(self, request, object_id, extra_context=None):
        obj = self.get_object(request, unquote(object_id))
        if obj is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_permission(request, obj):
            raise PermissionDenied
        record = obj.visit if isinstance(obj, Edition) else obj
        events = record.events.all() if isinstance(record, Visit) else Event.objects.about(record)
        events = events.select_related("edition__visit__country")
        context = {
            **self.admin_site.each_context(request),
            "title": _("History of %(record)s") % {"record": record},
            "list_address": reverse(f"admin:visits_{record._meta.model_name}_changelist"),
            "list_name": record._meta.verbose_name_plural,
            "events": [(event, changes_of(event)) for event in events],
            "opts": self.opts,
            "original": obj,
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/visits/history.html", context)


class ReadOnlyAdmin(Exporting, admin.ModelAdmin):
    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    list_display = ("at", "actor_name", "verb", "subject", "note")
    list_filter = ("verb", ("actor", admin.RelatedOnlyFieldListFilter), "at")
    date_hierarchy = "at"
    search_fields = ("actor_name", "subject", "note")
    list_per_page = 50
    fields = ("at", "actor_name", "verb", "subject", "note", "changes_in_words")

    @admin.display(description=gettext_lazy("changes"))
    def changes_in_words(self, event):
        return render_to_string("admin/visits/_changes_of_event.html", {"changes": changes_of(event)})
