"""What the public search finds, for tests of what writes to it."""

from django.http import QueryDict

from visits.catalogue.listing import Listing


def found(words: str) -> list[str]:
    """The slugs of the visits found, the best match first."""
    asked = QueryDict(mutable=True)
    asked.update({"q": words, "page_size": "100"})
    return [card.slug for card in Listing(asked).cards]
