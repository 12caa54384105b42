"""How values are written for programs."""

from datetime import UTC, date, datetime

from visits.catalogue.rows import Named
from visits.catalogue.wording import Text

BETWEEN = "|"


def moment(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def for_json(value):
    if isinstance(value, datetime):
        return moment(value)
    return value.isoformat() if isinstance(value, date) else value


def for_csv(value) -> str | int:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return as_list(value) if isinstance(value, list) else for_json(value)


def as_list(values: list[str]) -> str:
    """Several values as one text that `columns.READING` says how to take apart."""
    text = BETWEEN.join(values)
    if values and ("\\" in text or text.count(BETWEEN) >= len(values)):
        text = BETWEEN.join(value.replace("\\", "\\\\").replace(BETWEEN, f"\\{BETWEEN}") for value in values)
    return text


def told(name: str, value) -> dict:
    """A value as members of an object: a text with the language that it is really in, a term with its name."""
    if isinstance(value, Text):
        return {name: value.text, f"{name}_language": value.language} if value else {name: ""}
    if isinstance(value, Named):
        return {name: value.key, f"{name}_name": value.name.text}
    return {name: for_json(value)}
