"""The sentences of the server; `test_dialect` holds each of them, here is what is between them."""

from __future__ import annotations

import pytest

from huddle.dialects.plain.answers import Answers
from huddle.locale import translator
from huddle.protocol.answers import Aside, Roster
from tests.sample_messages import CLOCK

ENGLISH, SPANISH = (Answers(translator(language), CLOCK) for language in ("en", "es"))


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
    [sentence] = ENGLISH.answer(Roster("huddle", count, names, ()))
    assert sentence == f"-- {line}"


def test_all_that_people_alone_are_told_is_said_in_a_sentence_of_its_own() -> None:
    told = [line for each in (ENGLISH, SPANISH) for aside in Aside for line in each.answer(aside)]
    assert len(told) == len(set(told)) == 2 * len(Aside)
