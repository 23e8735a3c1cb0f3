"""The sentences of the server; `test_plain` holds each of them, here is what is between them."""

from __future__ import annotations

from datetime import date

import pytest

from huddle.dialects.sentences import MONTHS, Sentences
from huddle.events import Here, Joined, Left, Roster
from huddle.locale import LANGUAGES, translator

ENGLISH, SPANISH = (Sentences(translator(language)) for language in ("en", "es"))


def test_a_day_is_written_as_each_language_does() -> None:
    assert ENGLISH.day(date(2026, 11, 19)) == "19 November 2026"
    assert SPANISH.day(date(2026, 1, 1)) == "1 de enero de 2026"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_months_are_twelve(language: str) -> None:
    sentences = Sentences(translator(language))
    assert len({sentences.day(date(2026, month, 1)) for month in range(1, 13)}) == len(MONTHS) == 12


def test_two_of_a_crowd_are_named_and_the_others_counted() -> None:
    assert ENGLISH.notice(Joined("huddle", tuple("abcd"))) == "a, b and 2 more joined"
    assert SPANISH.notice(Left("huddle", tuple("abcdefg"))) == "a, b y 5 más se han ido"


@pytest.mark.parametrize(
    ("count", "names", "line"),
    [
        (1, ("ana",), "1 here: ana."),
        (2, ("ana", "bob"), "2 here: ana, bob."),
        (3, ("ana", "bob"), "3 here: ana, bob and 1 more."),
        (9000, ("ana",), "9000 here: ana and 8999 more."),
    ],
)
def test_who_is_not_named_is_counted(count: int, names: tuple[str, ...], line: str) -> None:
    [sentence] = ENGLISH.answer(Roster(Here("huddle", count, names), ()))
    assert sentence == f"-- {line}"
