"""How a record lives, on one page: each state, the steps that lead on from it, and who may take them."""

from django.core.exceptions import PermissionDenied
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from visits.editorial import roles, rules
from visits.enums import Role, State, Verb

from .transitions import STEPS

MEANING = {
    State.DRAFT: gettext_lazy("Somebody works on it. The public sees nothing of it."),
    State.IN_REVIEW: gettext_lazy("It waits for a second person. Only editors can change it."),
    State.SCHEDULED: gettext_lazy("A second person has approved it. It is published by itself at a moment to come."),
    State.PUBLISHED: gettext_lazy("What the public reads. It never changes again."),
    State.SUPERSEDED: gettext_lazy("A newer edition was published. It stays readable in the history of the visit."),
    State.WITHHELD: gettext_lazy("An earlier edition that the public can no longer read, for a reason told there."),
    State.WITHDRAWN: gettext_lazy("The visit is gone from the public site; its address says why, or leads elsewhere."),
    State.DISCARDED: gettext_lazy("Given up before it was published. It is kept, and can be restored."),
}
NEW_DRAFTS = (Verb.NEW_EDITION, Verb.RESTORE)


class LifeOfRecords:
    """Adds to EditionAdmin the page `life/`, made of the very table that the steps go by."""

    def get_urls(self):
        page = path("life/", self.admin_site.admin_view(require_safe(self.life_view)), name="visits_edition_life")
        return [page, *super().get_urls()]

    def life_view(self, request):
        if not self.has_view_permission(request):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": _("How a record lives"),
            "opts": self.opts,
            "states": [(state, MEANING[state], list(steps_from(state))) for state in State],
        }
        return TemplateResponse(request, "admin/visits/edition/life.html", context)


def steps_from(state: State):
    """What each step is called, who may take it, and what it leads to; of saving that the state stays."""
    for verb, transition in rules.TRANSITIONS.items():
        if state in transition.permissions:
            yield {
                "name": STEPS[verb].button if verb in STEPS else _("Change"),
                "who": least_role(transition.permissions[state]),
                "needs_second": bool({rules.second_person, rules.second_approver} & set(transition.conditions)),
                "target": State(transition.target) if transition.target else None,
                "opens_draft": verb in NEW_DRAFTS,
            }


def least_role(permission: str) -> str:
    """The first role that has it; those after it have it too."""
    codename = permission.removeprefix("visits.")
    return capfirst(next(role for role in Role if codename in roles.permissions_of(role)).label)
