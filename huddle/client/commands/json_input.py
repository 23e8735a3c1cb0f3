"""What a program wants that writes lines of JSON (docs/bots.md).

Names are those of the wire. The ``room`` may be left out: it is the one that the program is in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_args

from huddle.client.commands.intents import Intent, Mistake, Say, Tell, about_here
from huddle.client.session.state import Kind
from huddle.client.session.wire import Head, Message, decode
from huddle.protocol import requests
from huddle.protocol.codec import MessageError, told
from huddle.protocol.events import FIRST_ROOM
from huddle.protocol.fields import Number, Text
from huddle.protocol.requests import ProgramRequest


@dataclass(frozen=True, slots=True)
class _Said:
    """A text, for a room or for one person."""

    text: Text
    room: Text | None = None
    re: Number = 0
    edits: Number = 0


def intent_of(line: str) -> Intent:
    """What a program wants that writes this line."""
    try:
        wish = decode(line.encode("utf-8", "replace"))
        name = told(Head, wish).kind
        if name in _SAID:
            said = told(_Said, wish)
            return Say(said.text, _SAID[name], said.room, said.re, said.edits)
        if name == "announce":
            return Say(told(_Said, wish).text, Kind.ANNOUNCE, FIRST_ROOM)
        return _asked(name, wish) if name in _ASKED else Mistake(name)
    except MessageError:
        return Mistake(_shown(line))


def _shown(line: str) -> str:
    """What is not understood may hold a password, which belongs into no error output."""
    return line if "password" not in line and "key" not in line else "…"


def _asked(name: str, wish: Message) -> Intent:
    match told(_ASKED[name], wish):
        case requests.Message(to=to, text=text, re=re, edits=edits):
            return Tell(to, text, re or 0, edits or 0)
        case requests.Join(room=room, key=key):
            return requests.Join(room, key)
        case requests.Bye() | requests.Login() as request:
            return request
        case request:
            return about_here(request)


_SAID: Mapping[str, Kind] = {"say": Kind.SAY, "me": Kind.ME}
_ASKED: Mapping[str, type[Any]] = {
    cls.type: cls for cls in get_args(ProgramRequest) if cls.type not in ("say", "announce", "ping")
}
