"""What templates need to word a page: texts with their language, and the way to the other languages."""

import re
from functools import lru_cache

from django import template
from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.template.loader import get_template
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.encoding import escape_uri_path
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from visits.catalogue.wording import day_in_words, number
from visits.public.head import in_languages

register = template.Library()
register.filter(day_in_words)
# Terms of the register in six languages: what one page needs of them, the next one needs again.
KEPT = 8192
SECTIONS = {
    "visits": _("Visits"),
    "findings": _("Findings"),
    "countries": _("Countries"),
    "topics": _("Topics"),
    "resolutions": _("Resolutions"),
    "bodies": _("Bodies"),
    "statistics": _("Statistics"),
}


@register.filter
def marked(text):
    """A catalogue Text, wrapped with its language and direction where they are not the page's; matches are marked, and
    so is a translation older than its original. What is no Text is in the language of the page."""
    if not text:
        return ""
    said = str(text)
    if not hasattr(text, "language"):
        return said
    if text.pieces:
        said = format_html_join("", "{}", ((as_match(piece) if found else piece,) for piece, found in text.pieces))
    if text.language == translation.get_language():
        return format_html("{} {}", said, older()) if text.is_older else said
    return format_html('<span lang="{}" dir="{}">{}</span>', text.language, text.direction, said)


def older():
    return format_html('<small class="older">{}</small>', _("older than the original"))


@register.filter
def all_marked(texts):
    """Several Texts as a list in a sentence."""
    return format_html_join(pgettext("between the words of a list", ", "), "{}", ((marked(text),) for text in texts))


def as_match(text: str):
    return format_html("<mark>{}</mark>", text)


@register.filter
def linked(term, route: str):
    """A catalogue Term as a link to its page."""
    return link_to(term, route, translation.get_language())


@register.filter
def links(terms, route: str):
    """Links to the pages of these terms, as items of a list."""
    language = translation.get_language()
    return mark_safe("".join(f"<li>{link_to(term, route, language)}</li>" for term in terms))  # noqa: S308


@lru_cache(KEPT)
def link_to(term, route: str, language: str):
    """`language`: the active one, which address and name are in."""
    return format_html('<a href="{}">{}</a>', reverse(route, args=[term.key]), marked(term.name))


@register.simple_tag
def card(shown, is_history=False):
    """A catalogue Card in a list; `is_history` leads to the fixed edition."""
    return card_in(shown, bool(is_history), translation.get_language())


@lru_cache(1024)
def card_in(shown, is_history: bool, language: str):
    """`language`: the active one."""
    return get_template("visits/partials/_card.html").render({"card": shown, "is_history": is_history})


@register.filter
def checkboxes(group):
    """The options of a catalogue Group, each with its number in its label.

    There are hundreds, half of the page: so no template makes them, and they are written in few bytes.
    """
    return mark_safe("".join(checkbox(group.name, option) for option in group.options))  # noqa: S308


def checkbox(name: str, option) -> str:
    start, label = checkbox_parts(name, option.value, option.label)
    told = "" if option.visits is None else f" <i>({number(option.visits)})</i>"
    return f"{start}{' checked' if option.selected else ''}>{label}{told}</label>"


@lru_cache(KEPT)
def checkbox_parts(name: str, value: str, label: str) -> tuple[str, str]:
    return f'<label><input type=checkbox name={name} value="{escape(value)}"', escape(label)


@register.filter
def members(entries):
    """What objects have, or resources take, as entries of a list of terms. There are hundreds, in few bytes."""
    return mark_safe("".join(map(entry, entries)))  # noqa: S308


def entry(of) -> str:
    values = "".join(f" <code>{escape(value)}</code>" for value in of.values)
    example = f" <samp>{escape(of.example)}</samp>" if of.example else ""
    return f"<dt><code dir=ltr lang=en>{of.name} <i>{of.kind}</i></code><dd>{escape(of.meaning)}{values}{example}"


@register.filter
def rich(text):
    """The same for a text of HTML."""
    # Every way into the database sanitises this field: see models.fields.RichTextField.
    markup = mark_safe(text)  # noqa: S308
    prose = format_html('<div class="prose" lang="{}" dir="{}">{}</div>', text.language, text.direction, markup)
    return format_html("<p>{}</p>{}", older(), prose) if text.is_older else prose


@register.simple_tag
def tally_name(group: str, tally):
    """The name of what was counted, leading to its page where it has one."""
    if group not in ("country", "topic", "body", "resolution"):
        return marked(tally.name)
    return format_html('<a href="{}">{}</a>', reverse(group, args=[tally.key]), marked(tally.name))


@register.simple_tag(takes_context=True)
def language_links(context) -> list[dict]:
    """This page in each language of the United Nations, with its query; at `addresses` where it has its own."""
    request = context.get("request")
    path, query = (request.path_info, request.META.get("QUERY_STRING", "")) if request else ("/", "")
    # As asked for, not as decoded: browsers read a backslash as a slash.
    addresses = context.get("addresses") or in_languages(escape_uri_path(path), query)
    current = translation.get_language()
    return [
        {
            "code": code,
            "name": name,
            "direction": "rtl" if translation.get_language_info(code)["bidi"] else "ltr",
            "is_current": code == current,
            "url": addresses[code],
        }
        for code, name in settings.LANGUAGES
    ]


@register.simple_tag(takes_context=True)
def section_links(context) -> list[dict]:
    """The parts of the site; the current one is that which this page is or lies in."""
    request = context.get("request")
    path = request.path if request else ""
    addresses = {name: reverse(name) for name in SECTIONS}
    return [
        {"name": SECTIONS[name], "url": address, "is_current": path.startswith(address)}
        for name, address in addresses.items()
    ]


@register.simple_tag(takes_context=True)
def absolute(context, path=None) -> str:
    """The address of this page, or of a path, in full; without a host where the request names none of ours."""
    request = context["request"]
    try:
        return request.build_absolute_uri(path)
    except DisallowedHost:
        return path or request.path


@register.simple_tag
def today():
    return timezone.localdate()


@register.simple_block_tag
def kept(content):
    """With `as`, what stands inside under a name: a block has one place in a template, but may be said twice."""
    return content


ENTRY = re.compile(r"\s*(?:</(?:li|t[dhr])>|(<(?:li|t[dhr])\b[^>]*>))\s*")


@register.filter(is_safe=True)
def lean(markup: str) -> str:
    """Entries, rows and cells without the end tags that HTML does without, nor the white space around them.

    Around a loop of hundreds: it keeps the page within its weight, and the template can still be read.
    """
    return ENTRY.sub(r"\1", markup)


@register.filter
def as_typed(field) -> str:
    """A field of a form with the lines that somebody wrote: `unindented` takes none of them for those of a template."""
    return mark_safe(str(field).replace("\r\n", "\n").replace("\n", "&#10;"))  # noqa: S308


INDENT = re.compile(r"\n\s+")


@register.filter(is_safe=True)
def unindented(markup: str) -> str:
    """Lines without the indent that only templates need: it would be a tenth of a page."""
    return INDENT.sub("\n", markup)
