"""What was asked for, line by line."""

from __future__ import annotations

import pytest

from huddle.client.rendering import listings
from huddle.client.session import answers
from huddle.client.session.events import RoomList, RoomListing
from huddle.locale import translator


def told(answer: answers.Answer, language: str = "en") -> list[str]:
    return list(listings.answered(answer, translator(language), lambda time: f"({time})"))


def test_rooms_are_in_one_line_and_topics_below() -> None:
    rooms = RoomList((RoomListing("huddle", 3, None), RoomListing("ops", 1, "tests", keyed=True)))
    assert list(listings.rooms(rooms, translator("en"))) == [
        "rooms: huddle (3), ops (1, locked)",
        "ops: tests",
    ]


@pytest.mark.parametrize(
    ("answer", "lines"),
    [
        (answers.TopicIs("", ""), ["This room has no topic."]),
        (answers.TopicIs("tests", ""), ["topic: tests"]),
        (answers.TopicIs("tests", "bob"), ["topic, by bob: tests"]),
        (answers.BanList(()), ["Nobody is kept out."]),
        (
            answers.BanList(
                (
                    answers.BanListing("::1", "", None, "", "bob"),
                    answers.BanListing("account:7", "eva", "t", "spam", "bob"),
                )
            ),
            ["::1 by bob", "account:7 (eva) by bob until (t): spam"],
        ),
        (answers.Ignoring(()), ["You ignore nobody."]),
        (answers.Ignoring(("eva", "dan")), ["You ignore: eva, dan."]),
        (answers.AuditList(()), ["There is nothing to show."]),
        (
            answers.AuditList((answers.Act("t", "ops", "kick", "bob", "eva", ""),)),
            ["(t) · ops · kick · bob · eva"],
        ),
        (
            answers.WhoIs("eva", "eva", ("::1",), ("ops", "den"), True, True),
            ["eva has the account eva. Operator. Away. From: ::1. In: ops, den."],
        ),
        (answers.WhoIs("eva", "", (), (), False, False), ["eva has no account."]),
    ],
)
def test_an_answer_reads(answer: answers.Answer, lines: list[str]) -> None:
    assert told(answer) == lines
    assert told(answer, "es") != [] and all(told(answer, "es"))
