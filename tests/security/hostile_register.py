"""A register whose every text would be markup, and what it answers at every address."""

import json
from urllib.parse import quote

from django.apps import apps
from django.conf import settings
from django.db import models

from tests.admin.test_every_url import Examples, autocompletes, staff_routes
from tests.conftest import forget
from tests.crawler import in_language, routes
from tests.examples import fill_every_part
from tests.factories import make_country, make_edition, make_next_edition, translate
from tests.pages import LANGUAGES
from visits.catalogue import packages
from visits.enums import TAKEN_BACK, State, TranslationState
from visits.models import Edition, Event, Generation, Import, SearchRow, Translation, User, Visit
from visits.models.base import plain_rows
from visits.opendata import bundle
from visits.opendata.api.shapes import EXPANDED

from .markup import payload, payload_of_html

# Codes, names of columns and languages, days, digests: the register itself fills them, or refuses what is none.
NO_TEXTS = {
    *("iso2", "iso3", "m49", "language", "field", "start", "end", "sha256", "source_digest", "password", "key"),
    *("subject_model", "scheduled_zone", "username"),
}
COLUMNS = [
    (model, field)
    for model in apps.get_app_config("visits").get_models()
    # What is searched is never shown, and of names the columns of each language are.
    if model is not SearchRow
    for field in model._meta.concrete_fields
    if isinstance(field, (models.CharField, models.TextField))
    and not (field.choices or isinstance(field, models.SlugField) or field.name in NO_TEXTS)
    and not hasattr(model, f"{field.name}_ar")
]
NUMBERS = {(model, field.name): number for number, (model, field) in enumerate(COLUMNS, start=100)}
IN_TABLE = 99
NAMES = {name for _model, name in NUMBERS}


def overwrite_every_text() -> None:
    """Put a payload of its own into each column, in every row that says something there."""
    for (model, name), number in NUMBERS.items():
        field = model._meta.get_field(name)
        text = payload(number, field.max_length)
        if isinstance(field, models.URLField):
            text = f"https://example.org/{payload(number, 20)}"
        if field.unique:
            for pk in plain_rows(model).values_list("pk", flat=True):
                plain_rows(model).filter(pk=pk).update(**{name: f"{payload(number, 12)}{pk}"})
        else:
            plain_rows(model).exclude(**{name: ""}).update(**{name: text})
    # As the desk stores it.
    of_translations = NUMBERS[Translation, "text"]
    plain_rows(Edition).update(text=payload_of_html(NUMBERS[Edition, "text"]))
    rich = Edition._meta.get_field("text").sanitize(payload_of_html(of_translations))
    plain_rows(Translation).filter(field="text").update(text=rich)
    for event in plain_rows(Event):
        plain_rows(Event).filter(pk=event.pk).update(changes=marked(event.changes))
    for table in plain_rows(Import):
        heading, *lines = table.table["rows"]
        # The identifier of the edition stays, or all of it would be told to be new.
        said = [
            [number, [cells[0], *(payload(IN_TABLE) if cell else "" for cell in cells[1:])]] for number, cells in lines
        ]
        plain_rows(Import).filter(pk=table.pk).update(table=table.table | {"rows": [heading, *said]})


def marked(changes):
    """The changes that an event tells of, with another text before and after."""
    told = json.loads(json.dumps(changes))
    for change in told:
        if change.get("field") in NAMES:
            texts = [side for side in ("old", "new") if isinstance(change.get(side), str)]
            change.update(dict.fromkeys(texts, payload(NUMBERS[Event, "note"])))
    return told


class HostileRegister:
    """An edition with everything that can hang on one, and whatever else the admin shows; all its texts overwritten."""

    def __init__(self):
        self.examples = Examples()
        chile = make_country("Chile", "CHL", "CL", former_names="Former Chile", aliases="Chili")
        whole = make_edition(State.PUBLISHED, country=chile, fill=fill_every_part)
        for visit in Visit.objects.filter(editions=None):
            Edition.objects.create(visit=visit, title="Of a visit that another one names")
        self.edition = make_next_edition(whole, change_note="Corrected.", mandate="Another")
        for language in LANGUAGES:
            if language != "en":
                translate(self.edition, language)
                translate(self.edition, language, TranslationState.DRAFT)
        self.draft = make_next_edition(self.edition, State.DRAFT, title="In work")
        self.taken_back = {state: make_edition(state, country=chile, start="2019", end="2019") for state in TAKEN_BACK}
        for user in User.objects.all():
            User.objects.filter(pk=user.pk).update(first_name="First", last_name="Last", email=f"{user.pk}@example.org")
        self.say_something_everywhere()
        overwrite_every_text()
        Generation.objects.update(n=Generation.current() + 1)
        forget()
        bundle.build(settings.BUNDLE_DIR)

    def say_something_everywhere(self):
        """Fill every text column of every table, in one row at least."""
        for (model, name), number in NUMBERS.items():
            assert plain_rows(model).exists(), model
            if not model._meta.get_field(name).unique and not plain_rows(model).exclude(**{name: ""}).exists():
                plain_rows(model).update(**{name: str(number)})

    def public(self) -> list[str]:
        """Every public address, of an edition that has everything; pages with names in every language."""
        visit, keys = self.edition.visit.slug, {"country": "chl", "topic": "topic-0", "resolution": 1373}
        uid = self.edition.findings.get().uid
        found = [f"/visits/{self.taken_back[State.WITHDRAWN].visit.slug}/"]
        found.append(f"/visits/{self.taken_back[State.WITHHELD].visit.slug}/editions/1/")
        for route in routes():
            key = keys.get(route.name.removeprefix("api-"), "body-0")
            if route.name == "bundle":
                found += [route.fill({"name": file.name}) for file in packages.read(settings.BUNDLE_DIR).files]
            elif not route.text.startswith(("/admin/", "/accounts/")):
                found.append(route.fill({"slug": visit, "number": 2, "key": key, "uid": uid, "share": 0}))
        found += [f"/visits/?q={quote(payload(1))}", "/visits/?topic=<xm1x>", f"/suggestions/?q={quote(payload(1))}"]
        found += ["/visits.csv?flavour=spreadsheet", f"/api/v1/visits/?expand={','.join(EXPANDED)}"]
        named = ("/topics/topic-0/", "/countries/chl/", "/bodies/body-0/", "/resolutions/1373/", "/visits/")
        named += (f"/visits/{visit}/",)
        return [*found, *(in_language(path, code) for path in named for code in LANGUAGES if code != "en")]

    def routes_of_staff(self) -> dict[str, str]:
        return {name: self.examples.address(name, route) for name, route in staff_routes().items()}

    def of_staff(self) -> list[str]:
        """Every address of the admin, and what its pages show on demand."""
        edition, visit = self.edition, self.edition.visit_id
        found = [path for name, path in self.routes_of_staff().items() if "logout" not in name]
        for each, pages in ((self.draft, ("change", "preview", "compare")), (edition, ("history", "compare"))):
            found += [f"/admin/visits/edition/{each.pk}/{page}/" for page in pages]
        found += [f"/admin/visits/edition/{each.pk}/change/" for each in self.taken_back.values()]
        found += [f"/admin/visits/edition/{edition.pk}/preview/?language=ar", f"/admin/visits/translation/{visit}/ar/"]
        found += [f"/admin/visits/visit/{visit}/history/?format=csv", "/admin/visits/visit/?q=xm"]
        return list(dict.fromkeys([*found, *autocompletes()]))
