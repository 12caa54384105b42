"""What is marked is what was searched for, and nothing of the text is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visits.text.fold import words
from visits.text.marks import excerpt, marked

TEXTS = st.text(st.sampled_from("ab sé边境مُّ-'.\u00ad"), max_size=60)


@given(TEXTS, st.lists(TEXTS, max_size=3))
def test_the_pieces_are_the_text_and_the_marked_ones_are_a_phrase(text, asked):
    phrases = [tuple(words(each)) for each in asked]

    pieces = marked(text, phrases)

    assert "".join(piece for piece, _is_match in pieces) == text
    assert all(tuple(words(piece)) in phrases for piece, is_match in pieces if is_match)


@given(TEXTS, TEXTS, TEXTS)
def test_a_word_that_stands_in_the_text_is_marked(before, word, after):
    said = words(word)
    if len(said) == 1:
        pieces = marked(f"{before} {word} {after}", [tuple(said)])
        assert any(is_match for _piece, is_match in pieces)


@pytest.mark.parametrize(
    ("text", "asked", "shown"),
    [
        ("Visit to Côte d’Ivoire", "cote", "Visit to [Côte] d’Ivoire"),
        ("All borders", "border", "All [borders]"),
        ("Counter-terrorism today", "counter-terrorism", "[Counter-terrorism] today"),
        ("反恐执行局访问法国", "法国", "反恐执行局访问[法国]"),
        ("مُكافَحة الإرهاب", "مكافحه", "[مُكافَحة] الإرهاب"),
        ("Nothing", "something", "Nothing"),
    ],
)
def test_words_are_marked_as_they_are_written(text, asked, shown):
    pieces = marked(text, [tuple(words(asked))])

    assert "".join(f"[{piece}]" if is_match else piece for piece, is_match in pieces) == shown


def test_an_excerpt_is_cut_between_words_around_the_first_match():
    text = f"{'before ' * 40}the border {'after ' * 40}".strip()

    pieces = excerpt(text, [("border",)], around=20)

    assert "".join(f"[{piece}]" if is_match else piece for piece, is_match in pieces) == (
        "… before before the [border] after after after …"
    )
    assert excerpt(text, [("nowhere",)]) == ()
