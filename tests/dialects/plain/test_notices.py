"""What happens in a room, where many come and go at once; `test_dialect` has each sentence."""

from __future__ import annotations

from huddle.dialects.plain.notices import happened
from huddle.locale import translator
from huddle.locale.wording import because
from huddle.protocol.events import Joined, Left

ENGLISH, SPANISH = translator("en"), translator("es")


def test_two_of_a_crowd_are_named_and_the_others_counted() -> None:
    assert happened(Joined("huddle", tuple("abcd")), ENGLISH) == "a, b and 2 more joined"
    assert happened(Left("huddle", tuple("abcdefg")), SPANISH) == "a, b y 5 más se han ido"


def test_a_crowd_is_sent_away_by_nobody() -> None:
    assert happened(Left("huddle", ("a", "b"), by="ana"), ENGLISH) == "a, b left"


def test_a_reason_stands_behind_what_it_is_for() -> None:
    assert because("ana sent bob away", "spam") == "ana sent bob away: spam"
    assert because("ana sent bob away", "") == "ana sent bob away"
