"""Whatever a server puts into a field, nothing of it moves the screen of whoever reads.

Every message that a server can send is made here as the server makes it; then each of its strings
in turn, and all of them together, are what a hostile one would send. What the session tells of that
is clean, and so are the lines that its two renderers make.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, cast, get_args, get_origin, get_type_hints

import pytest
from twisted.internet.task import Clock
from twisted.internet.testing import StringTransport

from huddle.client.conversation.conversation import Conversation
from huddle.client.lines.line_screen import LineScreen
from huddle.client.rendering.colours import Depth, Paint
from huddle.client.rendering.rendering import Rendering
from huddle.client.rendering.terminal_lines import TerminalLines
from huddle.client.session.events import Event, Said
from huddle.client.terminal.notifications import call
from huddle.dialects.ndjson.dialect import JsonDialect
from huddle.locale import translator
from huddle.locale.wording import STANDINGS
from huddle.protocol import answers, events, requests
from huddle.protocol.errors import Banned, HuddleError, NickTaken, UnknownRequest
from huddle.protocol.limits import Limits
from huddle.protocol.requests import ProgramRequest
from huddle.protocol.text import clean
from tests.client.dialogue import Dialogue, Message, error
from tests.sample_messages import ANSWERS

HOSTILE = "\x1b]52;c;cm0gLXJm\x07\x9b2J\x7f\u202e\u2066\u2028\n-- The server restarts\r\x00\ud800"
RAW = "\x7f\x9b2J\u202e\u2066\u2028 eh"
"""What may stand in a line of JSON without being escaped."""

ERRORS = (NickTaken("ana", "ana2"), Banned("ops", 1, "spam"), UnknownRequest("what"))


def made(hint: Any) -> Any:
    """A value of a type, with something in all that it holds."""
    kind = get_origin(hint)
    if kind in (Union, UnionType):
        return made(next(each for each in get_args(hint) if each is not NoneType))
    if kind is tuple or kind is Sequence or kind is list:
        return (made(get_args(hint)[0]),)
    if kind is Mapping or kind is dict:
        return {"ops": made(get_args(hint)[1])}
    if is_dataclass(hint):
        hints, build = get_type_hints(hint), cast(Any, hint)
        return build(**{each.name: made(hints[each.name]) for each in fields(hint)})
    if issubclass(hint, Enum):
        return next(iter(hint))
    if issubclass(hint, HuddleError):
        return ERRORS[0]
    return {str: "ops", bool: True, int: 7, float: 5.0}[hint]


def told() -> Iterator[Message]:
    """Every message of the protocol, as the server writes it."""
    renderer = JsonDialect(Limits()).renderer("en", False)
    lines = [renderer.answer(made(cls)) for cls in ANSWERS]
    lines += [renderer.answer(answers.Refused(each)) for each in ERRORS]
    for cls in get_args(events.RoomEvent):
        lines += renderer.live([made(cls)])
    for kind in events.Kind:
        for room, to in (("ops", ""), ("@7", ""), ("@7", "bob")):
            lines += renderer.live([events.Said(room, 11, 1, 1, "bob", kind, "hola", to=to)])
    for setting in events.Setting:
        lines += renderer.live([events.Changed("ops", "bob", setting, "soup")])
    for standing in STANDINGS:
        lines.append(renderer.answer(answers.StandingIs("ops", standing, "bob", reason="spam")))
    lines += renderer.live([events.Joined("ops", ("bob",))])
    lines += renderer.live([events.Left("ops", ("bob",), by="ana", reason="spam")])
    yield from map(json.loads, b"".join(lines).splitlines())
    codes = ("replaced", "kicked", "banned", "password-needed", "session-unknown", "not-recorded")
    yield from (error(code, room="ops", suggest="ana2") for code in codes)


MESSAGES = list(told())


def places(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where there are strings in a message."""
    if isinstance(value, str):
        yield at
    elif isinstance(value, dict):
        for name, each in value.items():
            yield from places(each, (*at, name))
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from places(each, (*at, number))


def spoilt(message: Message, place: tuple[Any, ...], text: str) -> Message:
    """The message with a text in that place."""
    spoilt = deepcopy(message)
    inside: Any = spoilt
    for step in place[:-1]:
        inside = inside[step]
    inside[place[-1]] = text
    return spoilt


def all_spoilt(value: Any, text: str) -> Any:
    """The same with that text in every place but the type, and as the name of a room's field."""
    if isinstance(value, dict):
        spoilt = {
            name: each if name in ("type", "time", "until") else all_spoilt(each, text)
            for name, each in value.items()
        }
        if isinstance(rooms := spoilt.get("rooms"), dict):
            spoilt["rooms"] = dict.fromkeys([text], *rooms.values())
        return spoilt
    if isinstance(value, list):
        return [all_spoilt(each, text) for each in value]
    return text if isinstance(value, str) else value


def variants(message: Message, texts: Sequence[str]) -> Iterator[bytes]:
    for text in texts:
        each_place = [spoilt(message, place, text) for place in places(message)]
        for variant in [*each_place, all_spoilt(message, text)]:
            yield json.dumps(variant, ensure_ascii=text is not RAW).encode() + b"\n"


@cache
def requested() -> list[ProgramRequest]:
    return [made(cls) for cls in get_args(ProgramRequest) if cls.type not in ("say", "msg", "ping")]


def heard(message: Message, texts: Sequence[str] = (HOSTILE, RAW)) -> Iterator[Event]:
    """What sessions in every phase tell of the message, with hostile strings."""
    for line in variants(message, texts):
        greeting = Dialogue()
        greeting.connect()
        yield from greeting.hear_bytes(line)
        talk = Dialogue()
        talk.enter()
        talk.session.say(["hola"], "huddle")
        yield from talk.hear_bytes(line)
        yield from talk.hear({**json.loads(line), "id": 1})
        if message["type"] in ("reply", "error"):
            for request in requested():
                asking = Dialogue()
                asking.enter()
                asking.session.ask(request)
                [*_, asked] = asking.sent()
                answer = {**json.loads(line), "id": asked["id"]}
                yield from asking.hear(answer)


def strings(value: Any) -> Iterator[str]:
    """Every string in an event, however deep."""
    if isinstance(value, str):
        yield value
    elif is_dataclass(value):
        for each in fields(value):
            yield from strings(getattr(value, each.name))
    elif isinstance(value, Mapping):
        for name, each in value.items():
            yield from strings(name)
            yield from strings(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from strings(each)


def by_lines(event: Event) -> str:
    """What the line client writes of an event."""
    rendering = Rendering(translator("en"), lambda: date(2026, 11, 20), UTC)
    rendering.room, rendering.times = "huddle", True
    screen = LineScreen(Clock(), None, lambda status: None)
    screen.conversation = cast(Conversation, StillConversation())
    output = StringTransport()
    screen.makeConnection(output)
    screen.show(rendering.lines(event))
    return str(output.value(), "utf-8")


class StillConversation:
    """A conversation that nobody leads."""

    def begin(self) -> None:
        pass

    shown = screen_drained = begin


def in_a_terminal(event: Event) -> str:
    """What the terminal's renderer paints of an event, without its own colours."""
    now = datetime(2026, 11, 20, tzinfo=UTC)
    rendering = TerminalLines(translator("en"), Paint(Depth.MANY), lambda: now, UTC)
    rendering.room, rendering.nick = "huddle", "ana"
    return "".join(f"{re.sub(PAINTED, '', line)}\n" for line in rendering.lines(event))


PAINTED = r"\x1b\[[0-9;]*m"


def by_note(event: Event) -> str:
    """What is in a note on the desktop about an event."""
    if not isinstance(event, Said):
        return ""
    note = call(event, {"TERM": "xterm-kitty"}, looking=False)
    return note.removeprefix("\a\x1b]9;").removesuffix("\x1b\\")


@pytest.mark.parametrize("number", range(len(MESSAGES)))
def test_no_field_of_any_message_moves_the_screen(number: int) -> None:
    """What has to be escaped in JSON does not; `tests/long/test_every_one.py` tries the rest."""
    moves_nothing(heard(MESSAGES[number], [HOSTILE]))


def moves_nothing(told: Iterable[Event]) -> None:
    happened = list(told)
    for event in happened:
        for text in strings(event):
            assert text == clean(text), event
    for event in {repr(event): event for event in happened}.values():
        shown = [by_lines(event), in_a_terminal(event), by_note(event)]
        for line in "\n".join(shown).split("\n"):
            assert line == clean(line), event


def test_all_messages_are_among_these_and_what_they_say_is_told() -> None:
    types = {message["type"] for message in MESSAGES}
    assert types >= {"said", "joined", "left", "renamed", "changed", "deleted", "welcome", "error"}
    assert types >= {"motd", "removed", "standing", "unread", "gap", "reset", "reply", "closing"}
    [private] = [m for m in MESSAGES if m.get("to") == "bob" and m.get("kind") == "say"]
    told = [event for event in heard(private) if isinstance(event, Said)]
    assert "\ufffd]52;c;cm0gLXJm\ufffd\ufffd2J\ufffd" in {event.to[:20] for event in told}


def test_what_is_asked_for_can_be_answered() -> None:
    """The messages reach those who read them: every answer of the protocol is told once."""
    answered = {
        type(answer)
        for message in MESSAGES
        if message["type"] == "reply"
        for event in heard(message, (HOSTILE,))
        if (answer := getattr(event, "answer", None)) is not None
    }
    read = {cls.__name__ for cls in answered}
    assert read >= {"TopicIs", "NickIs", "BanList", "Ignoring", "WhoIs", "AuditList", "Help"}
    assert read >= {"RoomList", "Past"}
    assert requests.Topic in map(type, requested())
