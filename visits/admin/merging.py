"""Terms that mean the same: how much each is used, and the page on which one is merged into another."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied
from django.db.models import F, Func, OuterRef, Q, Subquery
from django.http import HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from visits.editorial import merging
from visits.exceptions import RegisterError
from visits.models import Country, Edition, Event, Region, Visit

from .base import number_in
from .conflicts import changes_of, difference, events_since, told


def uses(model) -> Subquery:
    """How many visits name the term, in any edition; of a region, how many countries lie in it."""
    if model is Region:
        return counted(Country.objects.filter(region=OuterRef("pk")), "pk")
    if model is Country:
        return counted(Visit.objects.filter(country=OuterRef("pk")), "pk")
    rows = (
        child.objects.filter(**{field: OuterRef(OuterRef("pk"))}).order_by().values("edition")
        for child, field in merging.NAMING[model]
    )
    return counted(Edition.objects.filter(Q(*(("pk__in", each) for each in rows), _connector=Q.OR)), "visit_id")


def counted(rows, column: str) -> Subquery:
    # No aggregate: Django would group by the rows of the outer query.
    total = Func(F(column), function="COUNT", template="%(function)s(DISTINCT %(expressions)s)")
    return Subquery(rows.order_by().annotate(total=total).values("total"))


class SurvivorForm(forms.Form):
    """Which term stays."""

    def __init__(self, data, *, term, admin_site):
        super().__init__(data)
        field = term._meta.get_field("replaced_by")
        self.fields["into"] = forms.ModelChoiceField(
            label=_("Term that stays"),
            queryset=type(term).objects.filter(replaced_by=None).exclude(pk=term.pk),
            widget=AutocompleteSelect(field, admin_site),
        )


class MergingAdmin:
    """Adds to a vocabulary the number of uses, and the page of a merge at `<pk>/merge/`."""

    def get_queryset(self, request):
        found = super().get_queryset(request)
        return found.annotate(uses=uses(self.model)) if self.is_list(request) else found

    @admin.display(description=gettext_lazy("used by"), ordering="uses")
    def used(self, term):
        return (
            ngettext("%(count)d country", "%(count)d countries", term.uses)
            if self.model is Region
            else ngettext("%(count)d visit", "%(count)d visits", term.uses)
        ) % {"count": term.uses}

    def get_urls(self):
        name = f"visits_{self.opts.model_name}_merge"
        page = path("<path:object_id>/merge/", self.admin_site.admin_view(self.merge_view), name=name)
        return [page, *super().get_urls()]

    def merge_address(self, request, term) -> str | None:
        """Where the term is merged; nothing for whom it is not offered."""
        if term is None or term.replaced_by_id or not self.has_change_permission(request, term):
            return None
        return reverse(f"admin:visits_{self.opts.model_name}_merge", args=[term.pk])

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context["merge_address"] = self.merge_address(request, obj) if change else None
        return super().render_change_form(request, context, add, change, form_url, obj)

    def render_delete_form(self, request, context):
        context["merge_address"] = self.merge_address(request, context["object"])
        return super().render_delete_form(request, context)

    def merge_view(self, request, object_id):
        if request.method not in ("GET", "HEAD", "POST"):
            return HttpResponseNotAllowed(["GET", "POST"])
        term = self.get_object(request, unquote(object_id))
        if term is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_change_permission(request, term):
            raise PermissionDenied
        posted = request.method == "POST"
        form = SurvivorForm((request.POST if posted else request.GET) or None, term=term, admin_site=self.admin_site)
        into = form.cleaned_data["into"] if form.is_bound and form.is_valid() else None
        refusals = []
        if posted and into is not None:
            versions = {name: number_in(request.POST.get(name, "")) or 0 for name in ("version", "into_version")}
            try:
                moved = merging.merge(term, into, by=request.user, **versions)
            except RegisterError as refusal:
                refusals = [refusal]
                term, into = self.get_object(request, str(term.pk)), self.get_object(request, str(into.pk))
            else:
                done = _("“%(term)s” has been merged into “%(into)s”. Editions in work that were moved: %(moved)d.")
                messages.success(request, done % {"term": term, "into": into, "moved": moved})
                return HttpResponseRedirect(reverse(f"admin:visits_{self.opts.model_name}_change", args=[into.pk]))
        return self.merge_page(request, term, into, form, refusals)

    def merge_page(self, request, term, into, form, refusals):
        seen = number_in(request.POST.get("seen", ""))
        rows = (term, into) if refusals and seen is not None else ()
        since = sorted((event for row in rows for event in events_since(row, seen)), key=lambda event: event.pk)
        changed = [difference(change) for change in changes_of(since)]
        context = {
            **self.admin_site.each_context(request),
            "title": _("Merge “%(term)s” into another") % {"term": term},
            "opts": self.opts,
            "media": self.media + form.media,
            "term": term,
            "into": into,
            "form": form,
            "aliases": merging.aliases_after(term, into)[len(into.alias_list) :] if into else [],
            "in_work": merging.editions_in_work(term) if into else [],
            "refusals": refusals,
            "happened": told(since),
            "conflict": [each for each in changed if any(run.op != "same" for run in each.runs)],
            "seen": Event.objects.latest_pk(),
            "list_address": reverse(f"admin:visits_{self.opts.model_name}_changelist"),
            "address": reverse(f"admin:visits_{self.opts.model_name}_change", args=[term.pk]),
        }
        return TemplateResponse(request, "admin/visits/merge.html", context, status=409 if refusals else 200)
