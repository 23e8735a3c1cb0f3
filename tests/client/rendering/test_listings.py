"""What was asked for, line by line."""

from __future__ import annotations

import pytest

from huddle.client.rendering import listings
from huddle.client.session.events import Answer, RoomList, RoomListing
from huddle.locale import translator
from huddle.protocol import answers


def told(answer: Answer, language: str = "en") -> list[str]:
    return list(listings.answered(answer, translator(language), lambda time: f"({time})"))


def test_rooms_are_in_one_line_and_topics_below() -> None:
    rooms = RoomList((RoomListing("huddle", 3), RoomListing("ops", 1, "tests", keyed=True)))
    assert told(rooms) == [
        "rooms: huddle (3), ops (1, locked)",
        "ops: tests",
    ]


@pytest.mark.parametrize(
    ("answer", "lines"),
    [
        (answers.TopicIs("ops", "", ""), ["This room has no topic."]),
        (answers.TopicIs("ops", "tests", ""), ["topic: tests"]),
        (answers.TopicIs("ops", "tests", "bob"), ["topic, by bob: tests"]),
        (answers.BanList("ops", ()), ["Nobody is kept out."]),
        (
            answers.BanList(
                "ops",
                (
                    answers.BanListing("::1", "", None, "", "bob"),
                    answers.BanListing("account:7", "eva", 7, "spam", "bob"),
                ),
            ),
            ["::1 by bob", "account:7 (eva) by bob until (7): spam"],
        ),
        (answers.Ignoring(()), ["You ignore nobody."]),
        (answers.Ignoring(("eva", "dan")), ["You ignore: eva, dan."]),
        (answers.AuditList(()), ["There is nothing to show."]),
        (
            answers.NodeList(
                (
                    answers.NodeListing("a", True, 7, "level", 0, 2, 0.25),
                    answers.NodeListing("b", False, None, "behind", 412, 1, None),
                    answers.NodeListing("c", False, 7, "of a later version", 0, 0, None),
                )
            ),
            [
                "a, this one · level · since (7) · 2 people · clock +0.2 s",
                "b · 412 batches behind · 1 person",
                "c · of a later version · since (7) · 0 people",
            ],
        ),
        (
            answers.AuditList((answers.Act(7, "ops", "kick", "bob", "eva", ""),)),
            ["(7) · ops · kick · bob · eva"],
        ),
        (
            answers.WhoIs("eva", "eva", ("::1",), ("ops", "den"), True, True),
            ["eva has the account eva. Operator. Away. From: ::1. In: ops, den."],
        ),
        (answers.WhoIs("eva", "", (), (), False, False), ["eva has no account."]),
        (
            answers.Invitation((), ("nc 127.0.0.1 1",)),
            ["From here:", "    nc 127.0.0.1 1"],
        ),
        (
            answers.Invitation(("nc ana.lan 1",), (), "http://ana.lan/#ops", "ops", ("011", "100")),
            [
                "Write this on the board:",
                "    nc ana.lan 1",
                "with nc and huddle-client, once in: /join ops",
                "▀▄▄",
            ],
        ),
        (answers.Invitation(qr=("01", "1", "é")), ["▀", "█"]),
    ],
)
def test_an_answer_reads(answer: Answer, lines: list[str]) -> None:
    assert told(answer) == lines
    assert told(answer, "es") != [] and all(told(answer, "es"))
