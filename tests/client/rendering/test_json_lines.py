"""What programs read and write, as docs/bots.md has it."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from huddle.client.commands.intents import Mistake
from huddle.client.rendering.json_lines import JsonLines
from huddle.client.session import events
from huddle.client.session.events import Event
from huddle.client.session.state import Kind, Line
from huddle.locale import translator
from huddle.protocol import answers, requests
from huddle.protocol.requests import Join, Rooms, Who

SAID = Line(Kind.SAY, "huddle", "hola")
TOLD = Line(Kind.MSG, "bob", "psst")
HERE = events.Here("huddle", 3, ("bob",), ("carla",))
PAST = events.Said("huddle", 7, "2026-11-20T18:02:11.123Z", "bob", "say", "¡hola!\x1b", True)


@pytest.mark.parametrize(
    ("event", "line"),
    [
        (
            PAST,
            {
                "type": "said",
                "room": "huddle",
                "seq": 7,
                "time": "2026-11-20T18:02:11.123Z",
                "nick": "bob",
                "kind": "say",
                "text": "¡hola!\x1b",
                "past": True,
            },
        ),
        (
            events.Acknowledged(1, SAID, 8),
            {"type": "ack", "room": "huddle", "kind": "say", "text": "hola", "seq": 8},
        ),
        (
            events.Acknowledged(1, TOLD, 9),
            {"type": "ack", "room": "@", "to": "bob", "kind": "say", "text": "psst", "seq": 9},
        ),
        (
            events.Refused(SAID, "text-too-long", "No."),
            {
                "type": "refused",
                "room": "huddle",
                "kind": "say",
                "text": "hola",
                "code": "text-too-long",
                "reason": "No.",
            },
        ),
        (
            events.Expired(SAID),
            {
                "type": "refused",
                "room": "huddle",
                "kind": "say",
                "text": "hola",
                "code": "expired",
                "reason": "",
            },
        ),
        (
            events.InDoubt((SAID,)),
            {"type": "in-doubt", "lines": [{"room": "huddle", "kind": "say", "text": "hola"}]},
        ),
        (
            events.Denied(Join("ops"), "no-such-room", "No."),
            {"type": "error", "request": "join", "code": "no-such-room", "reason": "No."},
        ),
        (
            events.Denied(None, "bad-json", "No."),
            {"type": "error", "request": None, "code": "bad-json", "reason": "No."},
        ),
        (
            events.NickRefused("ana", "nick-taken", "No.", "ana2"),
            {
                "type": "error",
                "nick": "ana",
                "code": "nick-taken",
                "reason": "No.",
                "suggestion": "ana2",
            },
        ),
        (
            events.Answered(Who("huddle"), HERE),
            {
                "type": "reply",
                "request": "who",
                "room": "huddle",
                "count": 3,
                "here": ["bob"],
                "away": ["carla"],
            },
        ),
        (
            events.Answered(Rooms(), events.RoomList((events.RoomListing("ops", 2),))),
            {
                "type": "reply",
                "request": "rooms",
                "rooms": [{"room": "ops", "count": 2, "topic": None}],
            },
        ),
        (
            events.Welcomed("ana", {"huddle": HERE}, 1),
            {
                "type": "welcome",
                "nick": "ana",
                "rooms": {
                    "huddle": {"room": "huddle", "count": 3, "here": ["bob"], "away": ["carla"]}
                },
                "again": 1,
            },
        ),
        (events.Gap("huddle", 1, 9), {"type": "gap", "room": "huddle", "from": 1, "to": 9}),
        (events.Joined("huddle", "bob"), {"type": "joined", "room": "huddle", "nick": "bob"}),
        (
            events.Offline(events.Cause.UNKNOWN_HOST, 1.5),
            {"type": "offline", "cause": "unknown-host", "retry_in": 1.5},
        ),
        (events.Named("eva"), {"type": "nick", "nick": "eva"}),
        (events.Farewell(0), {"type": "farewell", "unsaid": 0}),
    ],
    ids=lambda value: type(value).__name__,
)
def test_an_event_is_a_line(event: Event, line: dict[str, Any]) -> None:
    [written] = JsonLines(translator("en"), date.today).lines(event)
    assert json.loads(written) == line
    assert written.isascii() and written.isprintable()


def told(event: Event) -> dict[str, Any]:
    [line] = JsonLines(translator("en"), date.today).lines(event)
    read: dict[str, Any] = json.loads(line)
    return read


def test_what_is_unusual_is_told_and_no_secret() -> None:
    private = events.Said("@", 3, "t", "ana", "say", "psst", to="bob")
    assert told(private)["to"] == "bob"
    here = events.Entered("ops", 1, (), topic="tests", quiet=True)
    assert told(events.Answered(requests.Join("ops", "geheim"), here)) == {
        "type": "reply",
        "request": "join",
        "room": "ops",
        "after": None,
        "replay": None,
        "count": 1,
        "here": [],
        "away": [],
        "topic": "tests",
        "quiet": True,
    }
    asked = events.Answered(requests.Login("ana", "geheim"), answers.NickIs("ana"))
    assert told(asked) == {"type": "reply", "request": "login", "nick": "ana"}


def test_what_is_left_of_a_message_is_in_the_past_too() -> None:
    past = events.Past("ops", (events.Deleted("ops", 3, "eva", past=True),), False)
    [left] = told(events.Answered(requests.History("ops", 1), past))["messages"]
    assert left == {"type": "deleted", "room": "ops", "seq": 3, "nick": "eva", "past": True}


def test_sentences_are_lines_too() -> None:
    rendering = JsonLines(translator("es"), date.today)
    [written] = rendering.notices(rendering.mistake(Mistake("x")))
    assert json.loads(written) == {"type": "notice", "text": "Esto no se entiende: x"}
