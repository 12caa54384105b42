"""The steps in the life of an edition as pages: each is confirmed, by POST, on a page of its own."""

from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from visits.catalogue.history import compare
from visits.editorial import actions, rules
from visits.enums import Disclosure, Verb
from visits.exceptions import Inconsistent, RegisterError, StaleVersion
from visits.models import Document, Edition, Event
from visits.models.content import snapshot

from .base import arrived, edition_url, number_in, reasons_of, typed
from .checking import shown
from .conflicts import changes_of, difference, events_since, told
from .step_forms import ScheduleForm, WithdrawalForm


def compare_url(edition: Edition) -> str:
    """Where an edition is read against the one before it, and decided on."""
    return reverse("admin:visits_edition_compare", args=[edition.pk])


def claim_of(edition: Edition, user) -> str:
    """Who has claimed the review, in words; empty where nobody has."""
    if edition.claimed_by is None:
        return ""
    since = date_format(timezone.localtime(edition.claimed_at), "DATETIME_FORMAT")
    if edition.claimed_by == user:
        return gettext("You have claimed this review since %(time)s.") % {"time": since}
    return gettext("%(name)s has claimed this review since %(time)s.") % {"name": edition.claimed_by, "time": since}


@dataclass(frozen=True)
class Step:
    """How a verb is offered: the words on its button, what the confirmation says will happen, and what it says then."""

    button: str
    consequence: str
    done: str
    weight: str = ""
    # What it asks for besides a note.
    form: type[forms.Form] | None = None
    # Where it leads to.
    next: Callable[[Edition], str] = edition_url


STEPS = {
    Verb.SUBMIT: Step(
        _("Submit for review"),
        _("A second person reads the draft and publishes it or sends it back. Until then only editors can change it."),
        _("“%(title)s” has been submitted for review."),
        "main",
    ),
    Verb.SEND_BACK: Step(
        _("Send back"),
        _("The edition becomes a draft again. Its author reads the reason you give here."),
        _("“%(title)s” has been sent back."),
    ),
    Verb.PUBLISH: Step(
        _("Publish"),
        _(
            "The public sees this edition at once, and it can never be changed again. An edition published before "
            "stays readable in the history of the visit."
        ),
        _("“%(title)s” has been published."),
        "main",
    ),
    Verb.SCHEDULE: Step(
        _("Schedule"),
        _(
            "You approve this edition, and the public sees it from the moment that you choose. Until then nobody can "
            "change it, unless it is taken off the schedule. It is published in your name."
        ),
        _("“%(title)s” has been scheduled."),
        form=ScheduleForm,
    ),
    Verb.UNSCHEDULE: Step(
        _("Take off the schedule"),
        _("The edition is in review again, and nothing is published by itself."),
        _("“%(title)s” has been taken off the schedule."),
    ),
    Verb.FORCE_PUBLISH: Step(
        _("Publish without a second person"),
        _(
            "The public sees your own work at once, although nobody else has approved it. It can never be changed "
            "again, and it stays in the queue of what awaits approval until another person has read it."
        ),
        _("“%(title)s” has been published, and awaits the approval of another person."),
        "grave",
    ),
    Verb.APPROVE: Step(
        _("Approve afterwards"),
        _(
            "This edition was published without a second person. You say that you have read it and that it is right. "
            "If it is not, open a new edition or withdraw it."
        ),
        _("“%(title)s” has been approved."),
        "main",
    ),
    Verb.DISCARD: Step(
        _("Discard"),
        _("Nobody works on this edition any more. It is kept, and can be restored as a new draft."),
        _("“%(title)s” has been discarded."),
        "grave",
    ),
    Verb.NEW_EDITION: Step(
        _("Open a new edition"),
        _("A draft with the same content is opened. The public sees nothing of it until it is published."),
        _("This is the new edition of “%(title)s”, a draft."),
        "main",
    ),
    Verb.RESTORE: Step(
        _("Restore as a new draft"),
        _("A draft with the content of this edition is opened. The public sees nothing of it until it is published."),
        _("This is the restored “%(title)s”, a draft."),
    ),
    Verb.WITHDRAW: Step(
        _("Withdraw"),
        _(
            "The visit and every edition of it disappear from all lists, searches and downloads at once. At its "
            "address the public reads the reason you give here. A new edition that is scheduled goes back into review."
        ),
        _("“%(title)s” has been withdrawn."),
        "grave",
        WithdrawalForm,
    ),
    Verb.WITHHOLD: Step(
        _("Withhold"),
        _(
            "The public can no longer read this earlier edition, nor what it changed. In the history of the visit "
            "stand its number, today’s date and the reason you give here."
        ),
        _("This edition of “%(title)s” has been withheld."),
        "grave",
    ),
    Verb.RELEASE: Step(
        _("Release"),
        _("The public can read this earlier edition again, and what it changed."),
        _("This edition of “%(title)s” has been released."),
    ),
    Verb.CLAIM: Step(
        _("Claim the review"),
        _("Everybody sees that you are reading it. Others can still decide on it, and can take the review over."),
        _("You have claimed the review of “%(title)s”."),
        next=compare_url,
    ),
    Verb.UNCLAIM: Step(
        _("Release the claim"),
        _("The edition stays in review, and waits for whoever claims it next."),
        _("The review of “%(title)s” is open to others again."),
        next=lambda edition: reverse("admin:index"),
    ),
}

# The steps after which the public reads this text: here the page shows what changes for them.
SHOWING_CHANGES = (Verb.SUBMIT, Verb.PUBLISH, Verb.SCHEDULE, Verb.FORCE_PUBLISH)


class Transitions:
    """Adds to EditionAdmin the page of each verb, at `<pk>/<verb>/`, and the buttons that lead there."""

    def get_urls(self):
        return [
            path(
                f"<int:pk>/{verb.value}/",
                self.admin_site.admin_view(self.transition_view),
                {"verb": verb},
                name=f"visits_edition_{verb.value}",
            )
            for verb in STEPS
        ] + super().get_urls()

    def steps(self, edition: Edition, user, seen: int) -> list[dict]:
        return [
            {
                "step": STEPS[option.verb],
                # What was read goes with the person who decides on it: the version, and the latest event.
                "url": reverse(
                    f"admin:visits_edition_{option.verb.value}",
                    args=[edition.pk],
                    query={"version": edition.version, "seen": seen},
                ),
                "reasons": option.reasons,
                "verb": option.verb,
            }
            for option in rules.available(edition, user)
            if option.verb in STEPS
        ]

    def transition_view(self, request, pk, verb):
        if request.method not in ("GET", "HEAD", "POST"):
            return HttpResponseNotAllowed(["GET", "POST"])
        edition = self.get_object(request, str(pk))
        if edition is None:
            raise Http404
        if not self.has_view_permission(request, edition) or not self.has_step(request.user, edition, verb):
            raise PermissionDenied
        note, refusals = typed(request), []
        form, posted = STEPS[verb].form, request.POST if request.method == "POST" else None
        form = form and form(posted, user=request.user, edition=edition, admin_site=self.admin_site)
        if request.method == "POST" and (form is None or form.is_valid()):
            # Without a version that can be read nobody can say what was on the page: never the stored one.
            version = number_in(request.POST.get("version", "")) or 0
            try:
                details = form.details() if form else {}
                result = actions.ACTIONS[verb](edition, by=request.user, note=note, version=version, **details)
            except RegisterError as refusal:
                refusals = reasons_of(refusal)
                edition = self.get_object(request, str(pk))
            else:
                arrived(request, STEPS[verb].done % {"title": result.title or result.visit})
                return HttpResponseRedirect(STEPS[verb].next(result))
        return self.confirmation(request, edition, verb, note, refusals, form)

    def has_step(self, user, edition, verb) -> bool:
        permissions = rules.TRANSITIONS[verb].permissions
        needed = [permissions[edition.state]] if edition.state in permissions else permissions.values()
        return any(rules.may(user, permission) for permission in needed)

    def confirmation(self, request, edition, verb, note, refusals, form):
        standing = rules.why_not(verb, edition, request.user)
        slips = rules.slips(edition) if rules.TRANSITIONS[verb].checks else []
        blocked = any(slip.is_error for slip in slips)
        # These stand below, each with its field.
        refusals = [refusal for refusal in refusals if not isinstance(refusal, Inconsistent)]
        read = number_in(request.GET.get("version", ""))
        if request.method != "POST" and read not in (None, edition.version):
            refusals = [StaleVersion(row=edition, held=read, stored=edition.version)]
        # Where the page was opened without saying what was read, it is read now.
        latest = Event.objects.about(edition).latest_pk()
        seen = number_in((request.POST or request.GET).get("seen", ""))
        # Nothing was tried with a form that does not hold: what was read is still what the page was opened at.
        is_untried = bool(form and form.is_bound and form.errors)
        stale = any(isinstance(refusal, StaleVersion) for refusal in refusals)
        since = events_since(edition, seen) if stale and seen is not None else []
        changed = [difference(change) for change in changes_of(since)]
        context = {
            **self.admin_site.each_context(request),
            "seen": seen if is_untried else latest,
            "happened": told(since),
            "conflict": [each for each in changed if any(run.op != "same" for run in each.runs)],
            "title": capfirst(STEPS[verb].button),
            "subtitle": edition.title or str(edition.visit),
            "trail": [
                (reverse("admin:visits_visit_changelist"), _("Visits")),
                (edition_url(edition), edition.title or edition.visit),
            ],
            "version": number_in(request.POST.get("version", "")) if is_untried else edition.version,
            "original": edition,
            "opts": self.opts,
            "step": STEPS[verb],
            "claim": claim_of(edition, request.user),
            "form": form,
            "media": self.media + form.media if form else "",
            "reasons": refusals + standing if request.method != "POST" else refusals,
            "was_refused": request.method == "POST",
            "possible": not standing and not blocked,
            "slips": shown(slips, edition),
            "blocked": blocked,
            "note": note,
            "reason_required": rules.TRANSITIONS[verb].reason_required,
            "note_required": rules.TRANSITIONS[verb].reason_required or bool(slips),
            "changes": self.changes(edition) if verb in SHOWING_CHANGES else None,
            "undisclosed": self.undisclosed(edition) if verb in SHOWING_CHANGES else (),
        }
        return TemplateResponse(
            request, "admin/visits/confirm.html", context, status=409 if request.method == "POST" else 200
        )

    def undisclosed(self, edition: Edition):
        """The sources that the public will not see."""
        return Document.objects.filter(links__edition=edition, disclosure=Disclosure.NONE)

    def changes(self, edition: Edition):
        """What is different from what the public reads today; None when it reads nothing yet."""
        public = Edition.objects.published().filter(visit=edition.visit_id).first()
        return list(compare(snapshot(public), snapshot(edition))) if public else None
