"""What happens to records while somebody follows them."""

from tests.factories import make_country, make_edition, make_next_edition
from visits.editorial import actions
from visits.enums import State
from visits.models import Country, Edition, User


def norway() -> Country:
    return make_country("Norway", "NOR", "NO")


def withdraw(edition: Edition, note: str = "Entered by mistake.", **how) -> Edition:
    return actions.withdraw(edition, by=User.objects.system(), note=note, **how)


def publish_again(withdrawn: Edition) -> Edition:
    system = User.objects.system()
    fresh = actions.new_edition(withdrawn, by=system)
    fresh.change_note = "Put right."
    with actions.saving(fresh, by=system):
        fresh.save()
    return actions.publish(actions.submit(fresh, by=system), by=system)


def corrected_since(year: int) -> tuple[Edition, str]:
    """A visit published that year as “As it was” and corrected today to “As it is”, and the day of the first."""
    first = make_edition(State.PUBLISHED, title="As it was")
    Edition.objects.filter(pk=first.pk).update(published_at=first.published_at.replace(year=year))
    first.refresh_from_db()
    make_next_edition(first, title="As it is")
    return first, f"{first.published_at:%Y-%m-%d}"
