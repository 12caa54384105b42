"""What is done again and again."""

import threading

import pytest

from visits.ops import chores

pytestmark = pytest.mark.django_db


def test_a_chore_that_fails_is_told_and_stops_neither_the_others_nor_itself(monkeypatch, caplog):
    done, until = [], threading.Event()

    def failing():
        done.append("failing")
        raise RuntimeError("out of order")

    def other():
        done.append("other")
        if done.count("other") == 3:
            until.set()

    monkeypatch.setattr(chores, "CHORES", (failing, other))

    chores.run(0, until)

    assert done == ["failing", "other"] * 3
    assert caplog.text.count("The chore failing failed") == 3
    assert "out of order" in caplog.text


def test_told_to_end_nothing_is_begun(monkeypatch):
    until = threading.Event()
    until.set()
    monkeypatch.setattr(chores, "CHORES", (lambda: 1 / 0,))

    chores.run(1000, until)
