"""The json dialect: each request is read, each answer is one line, and nonsense has its code."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huddle.dialects.ndjson.dialect import JsonDialect
from huddle.protocol.answers import (
    Ack,
    Answer,
    Past,
)
from huddle.protocol.dialect import PROGRAM
from huddle.protocol.events import (
    Changed,
    Deleted,
    Here,
    Joined,
    Kind,
    Left,
    Renamed,
    RoomEvent,
    Said,
    Setting,
)
from huddle.protocol.limits import Limits
from tests.sample_messages import NOON, said

DIALECT = JsonDialect(Limits())
ENGLISH, SPANISH = DIALECT.renderer("en", False), DIALECT.renderer("es", False)


def told(event: Answer, language: str = "en") -> list[Any]:
    data = DIALECT.renderer(language, False).answer(event)
    assert not data or data.endswith(b"\n")
    return [json.loads(line) for line in data.splitlines()]


def lived(*events: RoomEvent) -> list[Any]:
    data = b"".join(ENGLISH.live(events))
    assert data.endswith(b"\n")
    return [json.loads(line) for line in data.splitlines()]


# What happens in rooms


def test_a_message_is_said_with_its_place_and_time() -> None:
    message = said(1042, "hola", time=NOON + 123)
    assert lived(message) == [
        {
            "type": "said",
            "room": "huddle",
            "seq": 1042,
            "time": "2026-11-19T12:00:00.123Z",
            "nick": "bob",
            "kind": "say",
            "text": "hola",
        }
    ]


def test_each_has_its_own_room_and_time_whatever_stood_before_it() -> None:
    messages = [
        Said(room, seq, NOON + time, 2, "ana", Kind.SAY, "hola")
        for seq, (room, time) in enumerate(
            [("huddle", 0), ("@7", 0), ("@8", 1), ("ops", 1), ("huddle", 1000), ("huddle", 0)], 1
        )
    ]
    acks = [json.loads(ENGLISH.answer(Ack(1, room, 1))) for room in ("ops", "@", "huddle", "@")]
    assert [each["room"] for each in acks] == ["ops", "@", "huddle", "@"]
    assert [(each["room"], each["time"][-7:]) for each in lived(*messages)] == [
        ("huddle", "00.000Z"),
        ("@", "00.000Z"),
        ("@", "00.001Z"),
        ("ops", "00.001Z"),
        ("huddle", "01.000Z"),
        ("huddle", "00.000Z"),
    ]


def test_a_private_message_is_in_the_inbox_and_one_s_own_says_to_whom() -> None:
    message = Said("@7", 4, NOON, 2, "ana", Kind.SAY, "hola")
    [heard] = lived(message)
    assert (heard["room"], heard["seq"], heard["nick"], "to" in heard) == ("@", 4, "ana", False)
    [own] = lived(replace(message, to='b"b'))
    assert own == {**heard, "to": 'b"b'}


def test_an_announcement_is_said_too() -> None:
    [heard] = lived(said(1, kind=Kind.ANNOUNCE))
    assert (heard["type"], heard["kind"]) == ("said", "announce")


def test_a_tombstone_tells_whose_message_is_gone_and_nothing_more() -> None:
    messages = [said(7, "", kind=Kind.DELETED), Said("@7", 8, NOON, 2, "ana", Kind.DELETED, "")]
    lines = [json.loads(line) for line in ENGLISH.past(messages, None)]
    time = "2026-11-19T12:00:00.000Z"
    assert lines == [
        {"type": "deleted", "room": "huddle", "seq": 7, "time": time, "of": "bob"},
        {"type": "deleted", "room": "@", "seq": 8, "time": time, "of": "ana"},
    ]
    [reply] = told(Past("@7", messages, False, id=1))
    assert (reply["room"], reply["messages"]) == ("@", lines)


def test_a_message_looks_the_same_later() -> None:
    messages = [said(seq, time=NOON + seq * 999, kind=Kind.ME) for seq in range(1, 5)]
    assert ENGLISH.past(messages, NOON) == ENGLISH.live(messages) == SPANISH.past(messages, None)
    times = [json.loads(line)["time"] for line in ENGLISH.live(messages)]
    assert times[:2] == ["2026-11-19T12:00:00.999Z", "2026-11-19T12:00:01.998Z"]


@given(st.text(), st.text(min_size=1))
def test_any_text_and_nick_come_back_as_they_were(text: str, nick: str) -> None:
    [event] = lived(said(1, text, nick=nick))
    assert (event["text"], event["nick"]) == (text, nick)
    assert ENGLISH.live([said(1, text)])[0].count(b"\n") == 1


@pytest.mark.parametrize(
    ("event", "objects"),
    [
        (Joined("huddle", ("ana",)), [{"type": "joined", "room": "huddle", "nick": "ana"}]),
        (
            Left("huddle", ("ana", "bob")),
            [
                {"type": "left", "room": "huddle", "nick": "ana"},
                {"type": "left", "room": "huddle", "nick": "bob"},
            ],
        ),
        (
            Renamed("huddle", "ana", "anita"),
            [{"type": "renamed", "room": "huddle", "nick": "ana", "new": "anita"}],
        ),
        (
            Left("ops", ("bob",), by="ana"),
            [{"type": "left", "room": "ops", "nick": "bob", "by": "ana", "reason": ""}],
        ),
        (
            Left("ops", ("bob",), by="ana", reason="spam"),
            [{"type": "left", "room": "ops", "nick": "bob", "by": "ana", "reason": "spam"}],
        ),
        *[
            (
                Changed("ops", "ana", setting, value),
                [
                    {
                        "type": "changed",
                        "room": "ops",
                        "nick": "ana",
                        "setting": setting.value,
                        "value": value,
                    }
                ],
            )
            for setting, value in (
                (Setting.TOPIC, "on call"),
                (Setting.KEY, True),
                (Setting.SLOW, 5.0),
                (Setting.QUIET, False),
            )
        ],
        (
            Deleted("ops", 7, "ana"),
            [{"type": "deleted", "room": "ops", "seq": 7, "nick": "ana"}],
        ),
        (
            Deleted("@7", 7, "ana"),
            [{"type": "deleted", "room": "@", "seq": 7, "nick": "ana"}],
        ),
        (
            Joined("huddle", ("a", "b", "c"), here=Here("huddle", 90, ("x", "y"))),
            [{"type": "here", "room": "huddle", "count": 90, "here": ["x", "y"]}],
        ),
        (
            Left("huddle", ("a", "b", "c"), here=Here("huddle", 9, ())),
            [{"type": "here", "room": "huddle", "count": 9, "here": []}],
        ),
    ],
)
def test_a_notice_is_told(event: RoomEvent, objects: list[Any]) -> None:
    assert lived(event) == objects


# Renderers


def test_all_programs_share_one_audience_and_nothing_stands_before_a_replay() -> None:
    assert ENGLISH.audience == SPANISH.audience
    assert DIALECT.renderer("en", True) is ENGLISH is not SPANISH
    assert ENGLISH.opening(0) == b""
    assert DIALECT.traits is PROGRAM
