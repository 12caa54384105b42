"""Whatever a text holds, a reader of CommonMark sees that text and nothing else."""

from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from visits.text.markdown import escaped, link, prose

# What is text to it is text to others: it also knows what only some dialects do.
READER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
HOSTILE = [
    "<script>alert(1)</script>", "<!-- -->", "<http://example.org>", "http://example.org/?a=1&amp;b=2", "&lt;", "&#60;",
    "[a](b)", "![a](b)", "[a]: b", "wow!", "*a*", "__a__", "`a`", "~~a~~", "# a", "a #", "a ##", "- a", "+ a", "1. a",
    "1) a", "=====", "-----", "***", "a | b", "> a", "    a", "\ta", "a  \nb", "\\", "\\*", "القرار 1373", "\U0001f30d",
    "\u200f", "\ufeff", "&nosuch;",
]  # fmt: skip
MARKUP = {
    "html_block",
    "html_inline",
    "image",
    "code_inline",
    "em_open",
    "s_open",
    "table_open",
    "hr",
    "fence",
    "code_block",
}
texts = st.lists(
    st.sampled_from(HOSTILE) | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8),
    max_size=5,
).map("".join)


def in_one_line(text: str) -> str:
    return " ".join(text.split())


def read(markup: str) -> list[tuple[str, str]]:
    """Kind and content of every token that is not the end of another one."""
    inline = (token for block in READER.parse(markup) for token in [block, *(block.children or ())])
    return [(token.type, token.content) for token in inline if token.nesting >= 0 and token.type != "inline"]


def text_of(tokens: list[tuple[str, str]]) -> str:
    return "".join(content for kind, content in tokens if kind in ("text", "text_special"))


@given(texts)
def test_a_text_is_one_paragraph_of_that_text(text):
    tokens = read(escaped(text))

    assert text_of(tokens) == in_one_line(text)
    assert {kind for kind, _content in tokens} <= {"paragraph_open", "text", "text_special"}


@pytest.mark.parametrize("before", ["# ", "- **a:** ", "> a "])
@given(text=texts)
def test_a_text_is_that_text_wherever_it_stands(before, text):
    tokens = read(before + escaped(text))

    assert text_of(tokens).endswith(in_one_line(text))
    assert not MARKUP & {kind for kind, _content in tokens}


@given(texts, texts)
def test_a_link_leads_where_it_should_and_says_what_it_should(text, path):
    address = f"https://example.org/{path}"

    tokens = READER.parse(f"Wow {link(escaped(text), address)}")[1].children

    (opened,) = (token for token in tokens if token.type == "link_open")
    assert unquote(opened.attrs["href"]) == unquote(address)
    assert "".join(token.content for token in tokens) == f"Wow {in_one_line(text)}"
    assert not MARKUP & {token.type for token in tokens}


@given(st.lists(texts, max_size=4))
def test_rich_text_never_becomes_more_than_its_blocks(paragraphs):
    def as_html(text):
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

    tokens = read(prose("".join(f"<p>{as_html(text)}</p>" for text in paragraphs)))

    assert {kind for kind, _content in tokens} <= {"paragraph_open", "text", "text_special"}
    assert text_of(tokens) == "".join(map(in_one_line, paragraphs))


@pytest.mark.parametrize(
    ("html", "markup"),
    [
        ("<p>One.</p><p>Two<br>lines.</p>", "One.\n\nTwo lines."),
        ("<h2>Aim</h2><h3>Part</h3><p>Text</p>", "### Aim\n\n#### Part\n\nText"),
        ("<ul><li><p>a</p><p>b</p></li><li><p>c</p></li></ul>", "- a\n\n  b\n\n- c"),
        ("<ol><li><p>a</p><ul><li><p>b</p></li></ul></li></ol>", "1. a\n\n   - b"),
        ("<blockquote><p>a</p><p>b</p></blockquote>", "> a\n\n> b"),
        ("<p>See <a href=\"https://example.org/a(b)\">the <em>list</em></a>.</p>", "See [the list](https://example.org/a%28b%29)."),
        ("<table><tbody><tr><th><p>a</p></th><td><p>b</p></td></tr></tbody></table>", r"a \| b"),
        ("<p>5 &lt; 6 &amp; <strong>7</strong></p>", r"5 \< 6 & 7"),
        ("Bare text", "Bare text"),
    ],
)  # fmt: skip
def test_rich_text_keeps_its_blocks_and_links(html, markup):
    assert prose(html) == markup
