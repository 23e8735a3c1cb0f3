"""What programs read and write, as docs/bots.md has it."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from huddle.client import events
from huddle.client.events import Event
from huddle.client.json_lines import JsonLines, meaning_of
from huddle.client.meanings import Ask, Enter, Meaning, Mistake, Quit, Say, Tell
from huddle.client.requests import ChangeNick, History, Join, Leave, Rooms, Search, Who
from huddle.client.state import Kind, Line
from huddle.locale import translator

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
            events.Answered(Rooms(), events.RoomList((events.RoomListing("ops", 2, None),))),
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


def test_sentences_are_lines_too() -> None:
    rendering = JsonLines(translator("es"), date.today)
    [written] = rendering.notices(rendering.mistake(Mistake("x")))
    assert json.loads(written) == {"type": "notice", "text": "Esto no se entiende: x"}


@pytest.mark.parametrize(
    ("line", "meaning"),
    [
        ('{"type":"say","text":"/quit"}', Say("/quit")),
        ('{"type":"say","text":"hola","room":"ops"}', Say("hola", Kind.SAY, "ops")),
        ('{"type":"me","text":"waves"}', Say("waves", Kind.ME)),
        ('{"type":"msg","to":"bob","text":"psst"}', Tell("bob", "psst")),
        ('{"type":"join","room":"ops","key":"k"}', Enter("ops", "k")),
        ('{"type":"bye"}', Quit()),
        ('{"type":"dance"}', Mistake("dance")),
        ('{"type":"say"}', Mistake('{"type":"say"}')),
        ('{"type":"say","text":7}', Mistake('{"type":"say","text":7}')),
        ("hola", Mistake("hola")),
        ("[]", Mistake("[]")),
    ],
)
def test_a_line_is_a_wish(line: str, meaning: Meaning) -> None:
    assert meaning_of(line) == meaning


@pytest.mark.parametrize(
    ("line", "asked"),
    [
        ('{"type":"who"}', Who("here")),
        ('{"type":"who","room":"ops"}', Who("ops")),
        ('{"type":"rooms"}', Rooms()),
        ('{"type":"history"}', History("here", 20)),
        ('{"type":"history","room":"ops","limit":5,"before":90}', History("ops", 5, 90)),
        ('{"type":"search","words":"café"}', Search("here", "café", 20)),
        ('{"type":"nick","nick":"eva"}', ChangeNick("eva")),
        ('{"type":"leave"}', Leave("here")),
    ],
)
def test_a_question_is_about_the_room_one_is_in(line: str, asked: object) -> None:
    meaning = meaning_of(line)
    assert isinstance(meaning, Ask)
    assert meaning.request("here") == asked
