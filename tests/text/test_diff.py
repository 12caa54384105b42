import random
import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visits.text.diff import Run, words

# Few different words, so that texts have some in common.
SENTENCES = st.lists(
    st.sampled_from(["the", "visit", "to", "Denmark", ",", " ", "\n", "反恐", "مُكَافَحَة", "ﬁ"]), max_size=40
)
TEXTS = st.one_of(st.text(), SENTENCES.map(" ".join), SENTENCES.map("".join))


def joined(runs, *ops) -> str:
    return "".join(run.text for run in runs if run.op in ops)


@given(TEXTS, TEXTS)
def test_runs_rebuild_both_texts(old, new):
    runs = words(old, new)

    assert (joined(runs, "same", "removed"), joined(runs, "same", "added")) == (old, new)


@given(TEXTS, TEXTS)
def test_runs_are_never_empty_and_neighbours_never_of_a_kind(old, new):
    runs = words(old, new)

    assert [run for run in runs if not run.text] == []
    assert [pair for pair in pairwise(runs) if pair[0].op == pair[1].op] == []


@given(TEXTS)
def test_equal_texts_are_one_run(text):
    assert words(text, text) == ([Run("same", text)] if text else [])


@given(TEXTS, TEXTS, TEXTS)
def test_what_is_put_in_between_is_the_only_change(before, added, after):
    # A full stop is a word of its own, whatever stands beside it.
    before, added, after = f"{before}.", f"{added}.", f".{after}"

    runs = words(before + after, before + added + after)

    assert joined(runs, "removed") == ""
    assert len(joined(runs, "added")) == len(added)


@given(st.sampled_from(["a ", "反", "word, "]), st.integers(200, 400), st.integers(0, 199))
def test_one_change_in_a_long_text_of_the_same_words_is_one_change(word, count, place):
    old = word * count
    new = word * place + "changed " + word * (count - place)

    assert joined(words(old, new), "added") == "changed "


@pytest.mark.parametrize(
    ("old", "new", "runs"),
    [
        ("", "", []),
        ("", "a visit", [Run("added", "a visit")]),
        ("a visit", "", [Run("removed", "a visit")]),
        (
            "a focused visit",
            "a focussed visit",
            [Run("same", "a "), Run("removed", "focused"), Run("added", "focussed"), Run("same", " visit")],
        ),
        ("1 June 2018.", "1 June 2018", [Run("same", "1 June 2018"), Run("removed", ".")]),
        (
            "反恐怖主义委员会",
            "反恐委员会",
            [Run("same", "反恐"), Run("removed", "怖主义"), Run("same", "委员会")],
        ),
        # A word is exchanged whole: its marks stay with their letters.
        ("كُتِبَ", "كَتَبَ", [Run("removed", "كُتِبَ"), Run("added", "كَتَبَ")]),
        ("e\u0301tat", "e\u0300tat", [Run("removed", "e\u0301tat"), Run("added", "e\u0300tat")]),
        ("one\ttwo", "one two", [Run("same", "one"), Run("removed", "\t"), Run("added", " "), Run("same", "two")]),
    ],
)
def test_words_gives(old, new, runs):
    assert words(old, new) == runs


def of_length(chosen, length=20_000) -> str:
    text = ""
    while len(text) < length:
        text += "".join(chosen() for _ in range(1000))
    return text[:length]


def worst_cases():
    chance = random.Random(1373)  # noqa: S311 - texts that are the same every time
    vocabulary = ["".join(chance.choices("abcdefghij", k=chance.randint(2, 9))) + " " for _ in range(3000)]
    characters = [chr(code) for code in range(0x4E00, 0x9FFF)]
    yield "words", [of_length(lambda: vocabulary[min(int(chance.paretovariate(0.7)), 2999)]) for _ in range(2)]
    yield "a hundred words", [of_length(lambda: chance.choice(vocabulary[:100])) for _ in range(2)]
    yield "Chinese", [of_length(lambda: chance.choice(characters[:3000])) for _ in range(2)]
    yield "signs", [of_length(lambda: chance.choice("!#$%&'()*+,-./:;<=>?@")) for _ in range(2)]
    yield "one letter", ["a " * 10_000, "b " + "a " * 9_998 + "b "]
    # Nothing but gaps, where the time grows with the square of the length: 20,000 characters of it take 15 s.
    text = characters[:8_000]
    yield "every second", ["".join(text), "".join("字" if n % 2 else c for n, c in enumerate(text))]


@pytest.mark.parametrize("texts", [pytest.param(texts, id=name) for name, texts in worst_cases()])
def test_long_texts_do_not_hang_the_comparison(texts):
    old, new = texts
    started = time.monotonic()

    runs = words(old, new)

    assert time.monotonic() - started < 60
    assert (joined(runs, "same", "removed"), joined(runs, "same", "added")) == (old, new)
