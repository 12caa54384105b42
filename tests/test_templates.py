"""What djlint has no rule for: every text can be translated, and nothing needs an exception from the CSP."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.template.loader import get_template

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
STYLESHEETS = sorted(TEMPLATES.with_name("static").glob("css/*.css"))
NAMES = sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html"))

COMMENT = re.compile(r"\{#.*?#\}|\{% comment.*?endcomment %\}", re.S)
BLOCK = re.compile(r"\{% blocktrans(?:late)?\b([^%]*)%\}.*?\{% endblocktrans(?:late)? %\}", re.S)
# Django's admin fills attributes through these.
ATTRIBUTE = re.compile(r"\{% block (?:bodyclass|coltype) %\}.*?\{% endblock[^%]*%\}", re.S)
TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.S)
SAME_IN_EVERY_LANGUAGE = {"SHA-256", "XLSX", "CSV", "RIS", "BibTeX", "CSL-JSON", "JSON", "Markdown", "iCalendar"}
READ_ALOUD = {"alt", "aria-label", "aria-description", "placeholder", "title", "label"}


class Faults(HTMLParser):
    """Goes through the HTML that is left when template tags are taken out."""

    def __init__(self, source: str):
        super().__init__()
        self.found = ["blocktranslate without trimmed" for options in BLOCK.findall(source) if "trimmed" not in options]
        self.inside = ""
        for pattern in (COMMENT, BLOCK, ATTRIBUTE, TAG):
            source = pattern.sub("", source)
        self.feed(source)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.inside = tag
        for name, value in attrs:
            if name == "style" or name.startswith("on"):
                self.found.append(f"attribute {name}")
            if name in READ_ALOUD and has_words(value):
                self.found.append(f"untranslated {name}: {value}")
        if tag == "style":
            self.found.append("inline style")

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        self.inside = ""

    def handle_endtag(self, tag):
        self.inside = ""

    def handle_data(self, data):
        if self.inside == "script" and data.strip():
            self.found.append("inline script")
        elif self.inside != "style" and has_words(data):
            self.found.append(f"untranslated: {data.strip()}")


def has_words(text: str | None) -> bool:
    text = (text or "").strip()
    return text not in SAME_IN_EVERY_LANGUAGE and any(map(str.isalpha, text))


def test_there_are_templates():
    assert "base.html" in NAMES


@pytest.mark.parametrize("name", NAMES)
def test_template_compiles(name):
    get_template(name)


@pytest.mark.parametrize("name", NAMES)
def test_template_is_translatable_and_fits_the_csp(name):
    assert Faults((TEMPLATES / name).read_text(encoding="utf-8")).found == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("<p>{% blocktranslate %}A{% endblocktranslate %}</p>", ["blocktranslate without trimmed"]),
        ("{% blocktrans with a=b %} A {% endblocktrans %}", ["blocktranslate without trimmed"]),
        ("<p>{{ a }}</p><p>Found</p>", ["untranslated: Found"]),
        ('<img alt="A map" src="{{ a }}">', ["untranslated alt: A map"]),
        ('<p style="color: red"></p>', ["attribute style"]),
        ('<a onclick="{{ a }}"></a>', ["attribute onclick"]),
        ("<br ONLOAD=a />", ["attribute onload"]),
        ("<style>p { margin: 0 }</style>", ["inline style"]),
        ("<script>alert(1)</script>", ["inline script"]),
        ('<script src="{{ a }}"></script>', []),
        ("<p>{# Words #}{% comment %}Words{% endcomment %}{{ a }} · 1</p>", []),
        (
            '<p title="{% translate "A" %}">{% blocktranslate trimmed with a=b %}A {{ a }}{% endblocktranslate %}</p>',
            [],
        ),
    ],
)
def test_faults_are_found(source, found):
    assert Faults(source).found == found


STYLES_OF_THE_PUBLIC = [path for path in STYLESHEETS if not path.name.startswith("admin")]
COMMENT_OR_ADDRESS = re.compile(r"/\*.*?\*/|url\([^)]*\)", re.S)
CLASS = re.compile(r"\.([a-z][\w-]*)")
# What knows left from right, or a width where a page may be read downwards.
PHYSICAL = re.compile(
    r"^\s*(?:(?:max-|min-)?(?:width|height)|left|right|top|bottom|[a-z-]+-(?:left|right|top|bottom)):", re.M
)


@pytest.mark.parametrize("path", STYLES_OF_THE_PUBLIC, ids=lambda path: path.name)
def test_a_stylesheet_of_the_public_site_knows_no_left_and_right(path):
    assert PHYSICAL.findall(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", STYLES_OF_THE_PUBLIC, ids=lambda path: path.name)
def test_every_class_with_a_rule_stands_in_some_page(path):
    written = "".join(
        source.read_text(encoding="utf-8")
        for folder, kind in (("templates", "html"), ("static", "js"), ("visits", "py"))
        for source in TEMPLATES.with_name(folder).rglob(f"*.{kind}")
    )
    named = set(CLASS.findall(COMMENT_OR_ADDRESS.sub("", path.read_text(encoding="utf-8"))))
    # A page may put a number behind a name.
    is_written = {
        name: re.search(rf"(?<![\w-]){name}(?![\w-])|{name.rstrip('0123456789')}{{{{", written) for name in named
    }

    assert sorted(name for name, found in is_written.items() if not found) == []


@pytest.mark.parametrize("path", STYLESHEETS, ids=lambda path: path.name)
def test_a_stylesheet_closes_every_rule_it_opens(path):
    depth = 0
    for line, text in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if text.startswith(("@media", ".", "a")) and text.endswith("{"):
            assert depth == 0, f"line {line} stands inside another rule"
        depth += text.count("{") - text.count("}")
    assert depth == 0
