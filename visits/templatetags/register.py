"""What templates need to word a page: texts with their language, and the way to the other languages."""

import re

from django import template
from django.conf import settings
from django.utils import translation
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

register = template.Library()


@register.filter
def marked(text):
    """A catalogue Text, wrapped with its language and direction where they are not the page's; matches are marked."""
    if not text:
        return ""
    said = str(text)
    if text.pieces:
        said = format_html_join("", "{}", ((as_match(piece) if found else piece,) for piece, found in text.pieces))
    if text.language == translation.get_language():
        return said
    return format_html('<span lang="{}" dir="{}">{}</span>', text.language, text.direction, said)


def as_match(text: str):
    return format_html("<mark>{}</mark>", text)


@register.filter
def rich(text):
    """The same for a text of HTML."""
    # Every way into the database sanitises this field: see models.fields.RichTextField.
    return format_html('<div class="prose" lang="{}" dir="{}">{}</div>', text.language, text.direction, mark_safe(text))  # noqa: S308


@register.simple_tag(takes_context=True)
def language_links(context) -> list[dict]:
    """This page in each language of the United Nations, with its query."""
    request = context.get("request")
    path = request.path_info if request else "/"
    query = f"?{request.META['QUERY_STRING']}" if request and request.META.get("QUERY_STRING") else ""
    current = translation.get_language()
    prefix = translation.get_language_from_path(path)
    bare = path[len(prefix) + 1 :] if prefix else path
    return [
        {
            "code": code,
            "name": name,
            "direction": "rtl" if translation.get_language_info(code)["bidi"] else "ltr",
            "is_current": code == current,
            "url": (bare if code == settings.LANGUAGE_CODE else f"/{code}{bare}") + query,
        }
        for code, name in settings.LANGUAGES
    ]


ENTRY = re.compile(r"\s*(?:</(?:li|t[dhr])>|(<(?:li|t[dhr])\b[^>]*>))\s*")


@register.filter(is_safe=True)
def lean(markup: str) -> str:
    """Entries, rows and cells without the end tags that HTML does without, nor the white space around them.

    Around a loop of hundreds: it keeps the page within its weight, and the template can still be read.
    """
    return ENTRY.sub(r"\1", markup)
