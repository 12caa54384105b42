"""What the register remembers, in sentences: one for each thing that a person did, in the language of the reader."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.apps import apps
from django.utils.functional import cached_property
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from visits.enums import Verb
from visits.models import CHILDREN, SOURCE_LANGUAGE, Edition, Event
from visits.models.content import plain
from visits.models.fields import RichTextField
from visits.text import diff

from .words import CALLED_BY, Words, field_of, label_of, language_name

# Longer values are not told in a sentence: what became of their words stands below it.
LONG = 90
OF_TRANSLATION = "translation "

# What becomes of a field: of the record itself, of one of its parts, of a translation.
ITSELF, PART, TRANSLATED = "itself", "part", "translated"
CHANGED = {
    ITSELF: gettext_lazy("%(who)s changed the %(field)s from “%(old)s” to “%(new)s”."),
    PART: gettext_lazy("%(who)s changed the %(field)s of the %(kind)s “%(name)s” from “%(old)s” to “%(new)s”."),
    TRANSLATED: gettext_lazy("%(who)s changed the %(field)s in %(language)s from “%(old)s” to “%(new)s”."),
}
FILLED = {
    ITSELF: gettext_lazy("%(who)s filled in the %(field)s: “%(new)s”"),
    PART: gettext_lazy("%(who)s filled in the %(field)s of the %(kind)s “%(name)s”: “%(new)s”"),
    TRANSLATED: gettext_lazy("%(who)s put the %(field)s into %(language)s: “%(new)s”"),
}
EMPTIED = {
    ITSELF: gettext_lazy("%(who)s emptied the %(field)s, which was “%(old)s”."),
    PART: gettext_lazy("%(who)s emptied the %(field)s of the %(kind)s “%(name)s”, which was “%(old)s”."),
    TRANSLATED: gettext_lazy("%(who)s took away the %(field)s in %(language)s, which was “%(old)s”."),
}
REWRITTEN = {
    ITSELF: gettext_lazy("%(who)s changed the %(field)s."),
    PART: gettext_lazy("%(who)s changed the %(field)s of the %(kind)s “%(name)s”."),
    TRANSLATED: gettext_lazy("%(who)s changed the %(field)s in %(language)s."),
}
FORMATTED = gettext_lazy("%(who)s changed the formatting of the %(field)s.")
LINKED = gettext_lazy("%(who)s added “%(new)s” to the %(field)s.")
UNLINKED = gettext_lazy("%(who)s removed “%(old)s” from the %(field)s.")
RELINKED = gettext_lazy("%(who)s added “%(new)s” to the %(field)s and removed “%(old)s” from them.")
ADDED = gettext_lazy("%(who)s added the %(kind)s “%(name)s”.")
REMOVED = gettext_lazy("%(who)s removed the %(kind)s “%(name)s”.")
MOVED = gettext_lazy("%(who)s moved the %(kind)s “%(name)s” from place %(old)s to place %(new)s.")
ENTERED = gettext_lazy("%(who)s entered this record: “%(name)s”")
DELETED = gettext_lazy("%(who)s deleted this record: “%(name)s”")
SECRET = gettext_lazy("%(who)s set a new %(field)s.")

# What somebody did to an edition or a translation as a whole. A verb that is not here is told by its name.
DONE = {
    Verb.START: gettext_lazy("%(who)s started the record of this visit."),
    Verb.SUBMIT: gettext_lazy("%(who)s submitted the edition for review."),
    Verb.SEND_BACK: gettext_lazy("%(who)s sent the edition back."),
    Verb.PUBLISH: gettext_lazy("%(who)s published the edition."),
    Verb.NEW_EDITION: gettext_lazy("%(who)s opened a new edition."),
    Verb.RESTORE: gettext_lazy("%(who)s restored an earlier edition as a draft."),
    Verb.DISCARD: gettext_lazy("%(who)s discarded the edition."),
    Verb.WITHDRAW: gettext_lazy("%(who)s withdrew the visit."),
    Verb.SCHEDULE: gettext_lazy("%(who)s scheduled the edition."),
    Verb.UNSCHEDULE: gettext_lazy("%(who)s took the edition off the schedule."),
    Verb.FORCE_PUBLISH: gettext_lazy("%(who)s published the edition without a second person."),
    Verb.APPROVE: gettext_lazy("%(who)s approved the edition afterwards."),
    Verb.WITHHOLD: gettext_lazy("%(who)s withheld the edition."),
    Verb.RELEASE: gettext_lazy("%(who)s released the withheld edition."),
    Verb.UNCLAIM: gettext_lazy("%(who)s released the review."),
}
DONE_TO_TRANSLATION = {
    Verb.SUBMIT: gettext_lazy("%(who)s submitted the translation into %(language)s for review."),
    Verb.SEND_BACK: gettext_lazy("%(who)s sent the translation into %(language)s back."),
    Verb.REVIEW: gettext_lazy("%(who)s approved the translation into %(language)s."),
}
CLAIMED = gettext_lazy("%(who)s claimed the review.")
TAKEN_OVER = gettext_lazy("%(who)s took the review over from %(old)s.")
ANY = gettext_lazy("%(who)s: %(done)s.")


@dataclass(frozen=True)
class Sentence:
    """`group`: which part of a record it is about, as the filter names them; `runs`: what became of a long text."""

    text: str
    group: str = ""
    label: str = ""
    old: str = ""
    new: str = ""
    runs: tuple[diff.Run, ...] = ()


def changes_of(event: Event) -> list[dict]:
    """Without the column that Django sees beside those of the languages, which says nothing new."""
    names = {change["field"] for change in event.changes}
    return [change for change in event.changes if f"{change['field']}_{SOURCE_LANGUAGE}" not in names]


def model_of(event: Event, change: dict) -> type | None:
    """Of what the changed field is one; None where the register has no such thing any more."""
    name = change.get("part") or (Edition._meta.model_name if event.edition_id else event.subject_model)
    try:
        return apps.get_model("visits", name)
    except LookupError:
        return None


def labels_of(event: Event) -> list[str]:
    """What the event changed, by name: fields of the record itself, kinds of rows under it."""
    return list(dict.fromkeys(label_of_change(event, change) for change in changes_of(event)))


def label_of_change(event: Event, change: dict) -> str:
    model = model_of(event, change)
    if model in CHILDREN:
        return str(model._meta.verbose_name_plural)
    return label_of(model, change["field"]) if model else change["field"].replace("_", " ")


def group_of(event: Event, change: dict) -> str:
    """Which choice of the filter the change falls under: a kind of part, a translation, or the record itself."""
    if event.subject_model.startswith(OF_TRANSLATION):
        return event.subject_model
    model = model_of(event, change)
    return model._meta.model_name if model in CHILDREN else ITSELF


def groups_of(event: Event) -> set[str]:
    own = event.subject_model if event.subject_model.startswith(OF_TRANSLATION) else ITSELF
    return {group_of(event, change) for change in changes_of(event)} or {own}


def name_of_group(group: str) -> str:
    if group == ITSELF:
        return _("the record itself")
    if group.startswith(OF_TRANSLATION):
        return _("translation into %(language)s") % {"language": language_of(group)}
    return str(apps.get_model("visits", group)._meta.verbose_name_plural)


def language_of(subject: str) -> str:
    return language_name(subject.removeprefix(OF_TRANSLATION))


class Teller:
    """Tells events. All that their values refer to is looked up for all of them together, at a number of queries that
    does not depend on how many they are."""

    def __init__(self, events: Iterable[Event]):
        self.events = list(events)
        self.told = [(event, change, model_of(event, change)) for event in self.events for change in changes_of(event)]

    @cached_property
    def values_of_parts(self) -> dict[str, dict]:
        """By uid, what is known of each part: as stored in any edition, else as the events themselves tell."""
        wanted = {model: set() for model in CHILDREN}
        known = {}
        for _event, change, model in self.told:
            if model in wanted and "uid" in change:
                wanted[model].add(change["uid"])
                values = known.setdefault(change["uid"], {})
                for value in (change.get("old"), change.get("new")):
                    if value not in (None, ""):
                        values.setdefault(change["field"], value)
        for model, uids in wanted.items():
            names = CALLED_BY[model]
            relations = [name for name in names if model._meta.get_field(name).is_relation]
            rows = model.objects.filter(uid__in=uids).order_by("pk") if uids else ()
            for row in rows.select_related(*relations) if relations and uids else rows:
                known[str(row.uid)] |= {name: plain(row, name) for name in names}
        return known

    @cached_property
    def words(self) -> Words:
        values = [
            (model, change["field"], value)
            for _event, change, model in self.told
            if model
            for value in (change.get("old"), change.get("new"))
        ]
        models = {change.get("uid"): model for _event, change, model in self.told if model in CALLED_BY}
        for uid, known in self.values_of_parts.items():
            values += [(models[uid], name, value) for name, value in known.items()]
        return Words(values)

    def sentences(self, event: Event) -> list[Sentence]:
        """Everything that was done in this event; never empty."""
        if event.verb == Verb.CLAIM:
            return [self.claim(event)]
        changes = changes_of(event)
        told = [] if event.verb in (Verb.SAVE, Verb.CHANGE_RECORD) and changes else [self.done(event)]
        if event.verb == Verb.UNCLAIM:
            return told
        if event.verb == Verb.CHANGE_RECORD and (whole := self.whole(event, changes)):
            return [whole]
        by_part = {}
        for change in changes:
            by_part.setdefault((change.get("part"), change.get("uid")), []).append(change)
        for changed in by_part.values():
            told += self.part(event, changed)
        return told

    def done(self, event: Event) -> Sentence:
        words = {"who": event.actor_name, "done": event.get_verb_display()}
        if event.subject_model.startswith(OF_TRANSLATION):
            words["language"] = language_of(event.subject_model)
            return Sentence(DONE_TO_TRANSLATION.get(event.verb, ANY) % words, event.subject_model)
        return Sentence(DONE.get(event.verb, ANY) % words, ITSELF)

    def claim(self, event: Event) -> Sentence:
        before = event.changes[0]["old"] if event.changes else ""
        return Sentence((TAKEN_OVER if before else CLAIMED) % {"who": event.actor_name, "old": before}, ITSELF)

    def whole(self, event: Event, changes: list[dict]) -> Sentence | None:
        """That a record was entered or deleted: it has its key since then, or no longer."""
        key = next((change for change in changes if change["field"] == "id"), None)
        if key is None:
            return None
        name = event.subject.partition(": ")[2] or event.subject
        return Sentence((ENTERED if key["old"] is None else DELETED) % {"who": event.actor_name, "name": name}, ITSELF)

    def part(self, event: Event, changes: list[dict]) -> list[Sentence]:
        """What became of one part of a record, or of the record itself."""
        model = model_of(event, changes[0])
        if model in CHILDREN and not event.subject_model.startswith(OF_TRANSLATION):
            values = self.values_of_parts.get(changes[0].get("uid"), {})
            was = {change["field"]: change["old"] for change in changes}
            gained = all(change["old"] is None for change in changes)
            lost = all(change["new"] is None for change in changes)
            if gained or lost:
                new = {change["field"]: change["new"] for change in changes}
                said = {"who": event.actor_name} | self.names(model, (new if gained else was))
                text = (ADDED if gained else REMOVED) % said
                return [
                    Sentence(text, model._meta.model_name, said["kind"], said["name"] * lost, said["name"] * gained)
                ]
            # Called as it was before, where that changed too.
            names = self.names(model, values | {name: old for name, old in was.items() if old not in (None, "")})
            return [self.field(event, change, model, names) for change in changes]
        known = self.values_of_parts.get(changes[0].get("uid"))
        names = self.names(model, known) if known else {}
        return [self.field(event, change, model, names) for change in changes]

    def names(self, model: type, values: dict) -> dict[str, str]:
        return {"kind": str(model._meta.verbose_name), "name": self.words.called(model, values) or _("without a name")}

    def field(self, event: Event, change: dict, model: type | None, names: dict) -> Sentence:
        name, group = change["field"], group_of(event, change)
        label = label_of(model, name) if model else name.replace("_", " ")
        said = {"who": event.actor_name, "field": label} | names
        kind = PART if names else ITSELF
        if group.startswith(OF_TRANSLATION):
            kind, said["language"] = TRANSLATED, language_of(group)
            if names:
                said["field"] = _("%(field)s of the %(kind)s “%(name)s”") % said
        if name == "position" and kind == PART:
            return Sentence(MOVED % (said | {"old": change["old"], "new": change["new"]}), group, label)
        if name == "password":
            return Sentence(SECRET % said, group, label)
        if isinstance(change.get("old"), list) or isinstance(change.get("new"), list):
            return self.linked(change, model, said, group)
        old, new = (
            self.words.of(model, name, change.get(when)) if model else str(change.get(when) or "")
            for when in ("old", "new")
        )
        if old == new and isinstance(field_of(model, name), RichTextField):
            return Sentence(FORMATTED % said, group, label, old, new)
        return told_of_field(kind, said, old, new, group)

    def linked(self, change: dict, model: type, said: dict, group: str) -> Sentence:
        old, new = change.get("old") or [], change.get("new") or []
        gone, come = ([each for each in one if each not in other] for one, other in ((old, new), (new, old)))
        words = {
            "old": self.words.of(model, change["field"], gone),
            "new": self.words.of(model, change["field"], come),
        }
        template = RELINKED if gone and come else LINKED if come else UNLINKED
        return Sentence(template % (said | words), group, said["field"], **words)


def told_of_field(kind: str, said: dict, old: str, new: str, group: str) -> Sentence:
    label = f"{said['kind']}: {said['field']}" if "kind" in said else said["field"]
    if old and new and max(len(old), len(new)) > LONG:
        return Sentence(REWRITTEN[kind] % said, group, label, old, new, tuple(diff.words(old, new)))
    template = CHANGED if old and new else FILLED if new else EMPTIED
    words = {"old": Truncator(old).chars(LONG), "new": Truncator(new).chars(LONG)}
    is_long = max(len(old), len(new)) > LONG
    return Sentence(
        template[kind] % (said | words), group, label, old, new, tuple(diff.words(old, new)) if is_long else ()
    )
