"""What waits for whom: the queries behind the desk. Lists of the admin are narrowed down by the same ones."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Exists, Max, OuterRef, Subquery
from django.utils import timezone

from visits.enums import CONTRIBUTING, Standing, State, TranslationState, Verb
from visits.models import Edition, Event, Translation, User, Visit

from . import scheduling, standing

RECENT = timedelta(days=30)


def drafts_of(user: User):
    """Drafts that the user had a hand in, the one worked on last first; each with `touched`, when that was."""
    own = Event.objects.filter(edition=OuterRef("pk"), actor=user, verb__in=CONTRIBUTING)
    drafts = Edition.objects.filter(Exists(own), state=State.DRAFT)
    return listed(drafts).annotate(touched=Max("events__at")).order_by("-touched", "-pk")


def awaiting_review():
    """What was submitted, the longest waiting first; each with `submitted_at` and `submitted_by`, a name."""
    last = Event.objects.filter(edition=OuterRef("pk"), verb=Verb.SUBMIT).order_by("-pk")
    waiting = Edition.objects.filter(state=State.IN_REVIEW).select_related("claimed_by")
    return (
        listed(waiting)
        .annotate(submitted_at=Subquery(last.values("at")[:1]), submitted_by=Subquery(last.values("actor_name")[:1]))
        .order_by("submitted_at", "pk")
    )


def claimed_by(user: User):
    return awaiting_review().filter(claimed_by=user)


def late_reviews():
    """What should have been decided on by now."""
    return awaiting_review().filter(submitted_at__lt=timezone.now() - review_time())


def due(submitted_at: datetime) -> datetime:
    return submitted_at + review_time()


def review_time() -> timedelta:
    return timedelta(days=settings.REVIEW_DAYS)


def scheduled():
    """What is on the schedule, the next first."""
    return listed(Edition.objects.filter(state=State.SCHEDULED)).order_by("scheduled_for", "pk")


def overdue():
    """What should have been published by now, the longest overdue first."""
    return scheduled().filter(pk__in=Edition.objects.due(timezone.now() - scheduling.PROMISED).values("pk"))


def awaiting_approval():
    """What was published without a second person, the longest ago first."""
    return listed(Edition.objects.awaiting_approval()).order_by("published_at", "pk")


def failing():
    return listed(Edition.objects.failing())


def recently_published():
    """What the public has been reading for no more than a month, the latest first."""
    published = Edition.objects.published().filter(published_at__gte=timezone.now() - RECENT)
    return listed(published).order_by("-published_at", "-pk")


def translations_out_of_date() -> list[tuple[int, str]]:
    """Visit and language of each translation that the public reads and whose original was changed since."""
    # Of a first edition nothing can be older than it is: so only records that were corrected are looked into.
    corrected = Visit.objects.filter(
        Exists(Edition.objects.published().filter(visit=OuterRef("pk"), number__gt=1)),
        Exists(Translation.objects.filter(visit=OuterRef("pk"), state=TranslationState.REVIEWED)),
    )
    visits = list(corrected.order_by("pk").values_list("pk", flat=True))
    cells = standing.cells(*visits) if visits else {}
    return [key for key, cell in cells.items() if cell.standing == Standing.OUTDATED]


def listed(editions):
    """With what a line of a list says of each, and no more."""
    return editions.for_list().select_related("visit__country")
