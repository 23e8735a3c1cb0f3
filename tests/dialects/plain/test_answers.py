"""The sentences of the server; `test_dialect` holds each of them, here is what is between them."""

from __future__ import annotations

import pytest

from huddle.dialects.plain.answers import Answers
from huddle.locale import translator
from huddle.protocol.answers import Roster
from tests.sample_messages import CLOCK

ENGLISH = Answers(translator("en"), CLOCK)


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
