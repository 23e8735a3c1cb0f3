"""Numbers in words: each is one number, in whichever language, and the longest words go first."""

from __future__ import annotations

import re

import pytest

from huddle.locale.numbers import CONTINUED, NUMBERS, any_of, number_of


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("half  an", 0.5),
        ("Media", 0.5),
        ("three quarters of an", 0.75),
        ("un", 1),
        ("dieciséis", 16),
        ("CUARENTA  y\tcinco", 45),
    ],
)
def test_they_say(words: str, number: float) -> None:
    assert number_of(words) == number


def test_each_is_read_whole_however_it_begins() -> None:
    reader = re.compile(any_of(NUMBERS))
    for words in NUMBERS:
        found = reader.fullmatch(words.replace(" ", "  "))
        assert found is not None
        assert reader.match(words)[0] == words  # type: ignore[index]


def test_one_is_no_more_that_a_duration_goes_on_with() -> None:
    assert not {"a", "an", "un", "una", "one"} & set(CONTINUED)
