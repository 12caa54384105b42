"""A fresh working copy of an edition, its children included."""

from visits.models import CHILDREN, Edition


def copy(edition: Edition) -> Edition:
    """Store and return a draft with the content of `edition`. Children keep their uid, so what points at them holds."""
    fresh = Edition(visit=edition.visit, copied_from=edition)
    for name in (*Edition.CONTENT_FIELDS, *Edition.DERIVED_FIELDS):
        setattr(fresh, name, getattr(edition, name))
    fresh.save()
    for model in CHILDREN:
        children = list(model.objects.filter(edition=edition))
        for child in children:
            child.pk, child.edition, child.version, child._state.adding = None, fresh, 1, True
        model.objects.bulk_create(children)
    return fresh
