"""What the consistency checks find, beside the fields of the form that it is about."""

from dataclasses import dataclass

from django.utils.text import capfirst

from visits.editorial import checks
from visits.models import CHILDREN, Edition
from visits.models.content import rows_name

MODELS = {rows_name(model): model for model in CHILDREN}


@dataclass(frozen=True)
class Shown:
    slip: checks.Slip
    label: str
    anchor: str


def shown(slips: list[checks.Slip], edition: Edition) -> list[Shown]:
    """`edition` is read whole, so that its rows stand in the order of the form."""
    return [Shown(slip, label_of(slip), anchor_of(slip, edition)) for slip in slips]


def label_of(slip: checks.Slip) -> str:
    model = MODELS.get(slip.rows)
    return capfirst(model._meta.verbose_name_plural if model else Edition._meta.get_field(slip.field).verbose_name)


def anchor_of(slip: checks.Slip, edition: Edition) -> str:
    """What to go to on the form: a field, a row, or the heading of the rows."""
    if not slip.rows:
        # The editor of rich text hides the field itself.
        return "id_text_helptext" if slip.field == "text" else f"id_{slip.field}"
    uids = [str(row.uid) for row in getattr(edition, slip.rows).all()]
    return f"{slip.rows}-{uids.index(slip.uid)}" if slip.uid in uids else f"{slip.rows}-heading"
