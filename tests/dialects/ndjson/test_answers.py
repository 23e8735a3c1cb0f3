"""What one program is told alone: answers and errors, as objects."""

from __future__ import annotations

import json
from typing import Any

import pytest

from huddle.dialects.ndjson.dialect import JsonDialect
from huddle.protocol.answers import (
    Ack,
    Act,
    Answer,
    Aside,
    AuditList,
    BanList,
    BanListing,
    Closing,
    CommandHelp,
    Done,
    Entered,
    Gap,
    Goodbye,
    Greeting,
    Help,
    Ignoring,
    Invitation,
    KeptFor,
    LoggedIn,
    Missed,
    Motd,
    NickIs,
    NodeList,
    NodeListing,
    Parted,
    Past,
    Pong,
    Refused,
    Registered,
    Removed,
    Reset,
    ReturnWord,
    RoomList,
    RoomListing,
    Roster,
    Standing,
    StandingIs,
    TopicIs,
    Unread,
    Welcome,
    WhoIs,
    Written,
)
from huddle.protocol.errors import (
    BadField,
    BadJson,
    BadNick,
    BadPassword,
    BadRoom,
    Banned,
    HuddleError,
    Kicked,
    LineTooLong,
    Muted,
    NickTaken,
    NobodyThere,
    NoSuchRoom,
    NotRecorded,
    PasswordNeeded,
    RoomLocked,
    TextTooLong,
    TooFast,
    TooMany,
    TooManyTries,
)
from huddle.protocol.events import (
    Here,
)
from huddle.protocol.limits import Limits
from tests.sample_messages import ANSWERS, NOON, said

DIALECT = JsonDialect(Limits())


def told(event: Answer, language: str = "en") -> list[Any]:
    data = DIALECT.renderer(language, False).answer(event)
    assert not data or data.endswith(b"\n")
    return [json.loads(line) for line in data.splitlines()]


MESSAGE = {
    "type": "said",
    "room": "huddle",
    "seq": 3,
    "time": "2026-11-19T12:00:00.000Z",
    "nick": "bob",
    "kind": "say",
    "text": "hola",
}


@pytest.mark.parametrize(
    ("event", "object"),
    [
        (
            Welcome("ana", "e", 6, {"huddle": Entered("huddle", 3, ("bob", "carla"), seq=1050)}),
            {
                "type": "welcome",
                "v": 1,
                "nick": "ana",
                "epoch": "e",
                "last_id": 6,
                "rooms": {"huddle": {"seq": 1050, "count": 3, "here": ["bob", "carla"]}},
                "limits": {"text": 4096, "line": 65536},
            },
        ),
        (Ack(7, "huddle", 1051), {"type": "ack", "id": 7, "room": "huddle", "seq": 1051}),
        (Ack(7, '"ñ\\', 1), {"type": "ack", "id": 7, "room": '"ñ\\', "seq": 1}),
        (Gap("huddle", 300, 513), {"type": "gap", "room": "huddle", "from": 300, "to": 513}),
        (Reset("huddle", "e"), {"type": "reset", "room": "huddle", "epoch": "e"}),
        (
            Here("huddle", 3, ("bob",)),
            {"type": "here", "room": "huddle", "count": 3, "here": ["bob"]},
        ),
        (Motd(("hola", "¡ay!")), {"type": "motd", "lines": ["hola", "¡ay!"]}),
        (Pong(), {"type": "pong"}),
        (Pong(3), {"type": "pong", "id": 3}),
        (Goodbye(), {"type": "bye"}),
        (Closing(), {"type": "closing"}),
        (
            Roster("huddle", 2, ("ana", "bob"), ("bob",), 3),
            {
                "type": "reply",
                "id": 3,
                "room": "huddle",
                "count": 2,
                "here": ["ana", "bob"],
                "away": ["bob"],
            },
        ),
        (
            Past("huddle", [said(3)], True, 4, id=9),
            {
                "type": "reply",
                "id": 9,
                "room": "huddle",
                "messages": [MESSAGE],
                "more": True,
                "later": 4,
            },
        ),
        (
            Past("huddle", [], False),
            {"type": "reply", "room": "huddle", "messages": [], "more": False, "later": 0},
        ),
        (
            RoomList((RoomListing("huddle", 3), RoomListing("ops", 1)), id=9),
            {
                "type": "reply",
                "id": 9,
                "rooms": [{"room": "huddle", "count": 3}, {"room": "ops", "count": 1}],
            },
        ),
        (
            RoomList((RoomListing("ops", 1, "on call", True),)),
            {
                "type": "reply",
                "rooms": [{"room": "ops", "count": 1, "topic": "on call", "keyed": True}],
            },
        ),
        (
            Welcome(
                "ana",
                "e",
                0,
                {
                    "ops": Entered("ops", 1, (), (), "on call", True, 5.0, True, 7),
                    "@7": Entered("@7", 1, (), seq=3),
                },
            ),
            {
                "type": "welcome",
                "v": 1,
                "nick": "ana",
                "epoch": "e",
                "last_id": 0,
                "rooms": {
                    "ops": {
                        "seq": 7,
                        "count": 1,
                        "here": [],
                        "topic": "on call",
                        "keyed": True,
                        "slow": 5.0,
                        "quiet": True,
                    },
                    "@": {"seq": 3, "count": 1, "here": []},
                },
                "limits": {"text": 4096, "line": 65536},
            },
        ),
        (
            Entered("ops", 2, ("bob",), slow=2.5, seq=7, id=9),
            {
                "type": "reply",
                "id": 9,
                "room": "ops",
                "seq": 7,
                "count": 2,
                "here": ["bob"],
                "slow": 2.5,
            },
        ),
        (Parted("ops", id=9), {"type": "reply", "id": 9, "room": "ops"}),
        (
            TopicIs("ops", "on call", "ana", id=9),
            {"type": "reply", "id": 9, "room": "ops", "topic": "on call", "by": "ana"},
        ),
        (
            Removed("ops", "ana", "spam", True),
            {"type": "removed", "room": "ops", "by": "ana", "reason": "spam", "banned": True},
        ),
        (
            StandingIs("ops", Standing.MUTED, "ana", NOON, "spam"),
            {
                "type": "standing",
                "room": "ops",
                "standing": "muted",
                "by": "ana",
                "until": "2026-11-19T12:00:00.000Z",
                "reason": "spam",
            },
        ),
        (
            StandingIs("ops", Standing.VOICED, "ana"),
            {
                "type": "standing",
                "room": "ops",
                "standing": "voiced",
                "by": "ana",
                "until": None,
                "reason": "",
            },
        ),
        (
            BanList("ops", (BanListing("10.0.0.0/8", "", NOON, "spam", "ana"),), id=9),
            {
                "type": "reply",
                "id": 9,
                "room": "ops",
                "bans": [
                    {
                        "who": "10.0.0.0/8",
                        "nick": "",
                        "until": "2026-11-19T12:00:00.000Z",
                        "reason": "spam",
                        "by": "ana",
                    }
                ],
            },
        ),
        (Ignoring(("bob",), id=9), {"type": "reply", "id": 9, "ignoring": ["bob"]}),
        (
            WhoIs("bob", "", ("::1",), ("huddle",), True, False, id=9),
            {
                "type": "reply",
                "id": 9,
                "nick": "bob",
                "account": "",
                "addresses": ["::1"],
                "rooms": ["huddle"],
                "away": True,
                "operator": False,
            },
        ),
        (
            AuditList((Act(NOON, "ops", "ban", "ana", "bob", "spam"),), id=9),
            {
                "type": "reply",
                "id": 9,
                "entries": [
                    {
                        "time": "2026-11-19T12:00:00.000Z",
                        "room": "ops",
                        "act": "ban",
                        "by": "ana",
                        "target": "bob",
                        "detail": "spam",
                    }
                ],
            },
        ),
        (NodeList((), id=9), {"type": "reply", "id": 9, "nodes": []}),
        (
            NodeList((NodeListing("a", True, NOON, "level", 0, 2, -0.5),), id=9),
            {
                "type": "reply",
                "id": 9,
                "nodes": [
                    {
                        "node": "a",
                        "here": True,
                        "since": "2026-11-19T12:00:00.000Z",
                        "standing": "level",
                        "behind": 0,
                        "people": 2,
                        "skew": -0.5,
                    }
                ],
            },
        ),
        (Registered("ana", id=9), {"type": "reply", "id": 9, "nick": "ana"}),
        (LoggedIn("ana", id=9), {"type": "reply", "id": 9, "nick": "ana"}),
        (Unread("bob", 2), {"type": "unread", "nick": "bob", "count": 2}),
        (NickIs("anita", id=9), {"type": "reply", "id": 9, "nick": "anita"}),
        (Done(id=9), {"type": "reply", "id": 9}),
        (
            Invitation(("nc 10.0.0.1 1",), (), "http://10.0.0.1/#a", "a", ("10", "01"), id=9),
            {
                "type": "reply",
                "id": 9,
                "lines": ["nc 10.0.0.1 1"],
                "page": "http://10.0.0.1/#a",
                "into": "a",
                "qr": ["10", "01"],
            },
        ),
    ],
)
def test_an_answer_is_one_object(event: Answer, object: dict[str, Any]) -> None:
    assert told(event) == told(event, "es") == [object]


def test_the_help_is_in_the_language_of_the_program() -> None:
    asked = Help((CommandHelp("/help", "/ayuda", "lists the commands"),), id=9)
    row = {"english": "/help", "spanish": "/ayuda"}
    for language, summary in (("en", "lists the commands"), ("es", "muestra las órdenes")):
        assert told(asked, language) == [
            {"type": "reply", "id": 9, "commands": [{**row, "summary": summary}]}
        ]


def test_there_is_an_answer_in_json_or_a_reason_for_none() -> None:
    """Every answer that has an id is told: a program would wait for it."""
    with_id = [kind for kind in ANSWERS if "id" in kind.__dataclass_fields__]
    cases = test_an_answer_is_one_object.pytestmark[0].args[1]
    shown = {type(event) for event, _ in cases}
    assert set(with_id) - shown == {Refused, Help, Written}  # which is told as the past is


@pytest.mark.parametrize(
    "event",
    [
        ReturnWord("otter-41-lamp"),
        Missed("huddle", 14),
        KeptFor("bob"),
        *Aside,
    ],
    ids=str,
)
def test_what_is_for_people_only_is_nothing_to_programs(event: Answer) -> None:
    assert told(event) == []


def test_the_greeting_is_nothing_a_program_would_take_for_an_object() -> None:
    assert not DIALECT.renderer("en", False).answer(Greeting()).startswith(b"{")


@pytest.mark.parametrize(
    ("error", "more"),
    [
        (BadJson(), {}),
        (NotRecorded(), {}),
        (NickTaken("ana", "ana2"), {"nick": "ana", "suggest": "ana2"}),
        (PasswordNeeded("ana"), {"nick": "ana"}),
        (BadPassword(8, 128), {"least": 8, "most": 128}),
        (Kicked("ana", "spam"), {"by": "ana", "reason": "spam"}),
        (NobodyThere("eve"), {"nick": "eve"}),
        (NoSuchRoom("@7"), {"room": "@"}),
        (BadRoom("edge", "-"), {"reason": "edge"}),
        (TooFast(2.5), {"wait": 2.5}),
        (TooMany("rooms_each", 64), {"what": "rooms_each", "limit": 64}),
        (RoomLocked("ops"), {"room": "ops"}),
        (Banned("ops"), {"room": "ops", "until": None, "reason": ""}),
        (
            Muted("ops", NOON, "spam"),
            {"room": "ops", "until": "2026-11-19T12:00:00.000Z", "reason": "spam"},
        ),
        (TextTooLong(4096), {"limit": 4096}),
        (LineTooLong(65536), {"limit": 65536}),
        (BadNick("edge", "-"), {"reason": "edge"}),
        (BadField("text"), {"field": "text"}),
        (TooManyTries(2.5), {"wait": 2.5}),
    ],
)
def test_an_error_has_its_code_the_id_and_what_one_must_know(
    error: HuddleError, more: dict[str, Any]
) -> None:
    [object] = told(Refused(error, 7))
    text = object.pop("text")
    assert object == {"type": "error", "code": error.code, "id": 7, **more}
    [spanish] = told(Refused(error, 7), "es")
    assert spanish["text"] != text
    assert told(Refused(error))[0].get("id", "none") == "none"
