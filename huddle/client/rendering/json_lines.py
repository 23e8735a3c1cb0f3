"""The conversation for programs: an event is a line of JSON (docs/bots.md). What they want is read
by `huddle.client.commands.json_input`.

Names are those of the wire where it has them. The ids, secrets and cursors of the wire are missing:
acknowledging, resuming and saying again are what this program does for the other one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import Field, fields, is_dataclass
from enum import Enum
from typing import Any

from typing_extensions import override

from huddle.client.commands.intents import Mistake
from huddle.client.rendering.rendering import Rendering
from huddle.client.session import events
from huddle.client.session.state import Kind, Line
from huddle.protocol.events import INBOX
from huddle.protocol.fields import rfc3339
from huddle.protocol.requests import Search

TYPES: Mapping[type[events.Event], str] = {
    events.Acknowledged: "ack",
    events.Answered: "reply",
    events.Denied: "error",
    events.NickRefused: "error",
    events.PasswordWanted: "error",
    events.TurnedAway: "error",
    events.Expired: "refused",
    events.InDoubt: "in-doubt",
    events.Named: "nick",
    events.StandingIs: "standing",
    events.Welcomed: "welcome",
}
"""What an event is called; all others by their own names, in small letters."""

UNUSUAL = frozenset(
    {"to", "by", "reason", "topic", "keyed", "slow", "quiet", "since"}
    | {"block", "re", "edits", "of", "lines", "retry_after"}
)
UNUSUAL_IN: Mapping[type[object], frozenset[str]] = {
    Search: UNUSUAL | {"before"},
    events.RoomListing: UNUSUAL - {"topic"},
}
"""Fields that are told where they are not as usual."""


class JsonLines(Rendering):
    """Renders for a program: every event, and nothing but JSON."""

    @override
    def lines(self, event: events.Event) -> list[str]:
        return [_line(_object(event))]

    @override
    def mistake(self, mistake: Mistake) -> Iterator[str]:
        _ = self.wording.gettext
        yield _("This is not understood: {line}").format(line=mistake.name)

    @override
    def notices(self, sentences: Iterator[str]) -> list[str]:
        return [_line({"type": "notice", "text": sentence}) for sentence in sentences]


def _object(event: events.Event) -> dict[str, object]:
    """An event as an object."""
    kind = TYPES.get(type(event), type(event).__name__.lower())
    match event:
        case events.Acknowledged(line=line, seq=seq):
            return {"type": kind, **_of_line(line), "seq": seq}
        case events.Refused(line=line, code=code, reason=reason):
            return {"type": kind, **_of_line(line), "code": code, "reason": reason}
        case events.Expired(line=line):
            return {"type": kind, **_of_line(line), "code": "expired", "reason": ""}
        case events.InDoubt(lines=lines):
            return {"type": kind, "lines": [_of_line(line) for line in lines]}
        case events.Answered(request=request, answer=answer):
            return {"type": kind, "request": request.type, **_fields(request), **_fields(answer)}
        case events.Denied(request=None | _ as asked):
            name = None if asked is None else asked.type
            return {"type": kind, "request": name, "code": event.code, "reason": event.reason}
        case _:
            return {"type": kind, **_fields(event)}


def _of_line(line: Line) -> dict[str, object]:
    if line.private:
        kind = "me" if line.kind is Kind.MSG_ME else "say"
        return {"room": INBOX, "to": line.place, "kind": kind, "text": line.text}
    return {"room": line.place, "kind": line.kind.value, "text": line.text}


def _fields(value: object) -> dict[str, object]:
    """The fields of a frozen value; a list of people is called ``here``, as on the wire."""
    if not is_dataclass(value):
        return {}
    told = {
        field.name: _field(field.name, value) for field in fields(value) if _tells(field, value)
    }
    called = {"names": "here", "first": "from", "last": "to"}
    return {called.get(name, name): _plain(each) for name, each in told.items()}


def _field(name: str, value: object) -> object:
    """Times are told as on the wire, and a room without a topic has none."""
    each = getattr(value, name)
    if name in ("time", "until") and isinstance(each, int):
        return rfc3339(each)
    return each or None if isinstance(value, events.RoomListing) and name == "topic" else each


def _tells(field: Field[Any], value: object) -> bool:
    """Whether a field is told: no ids and no secrets, and of some only what is not as usual."""
    if not field.repr or field.name == "id" or field.metadata.get("inside"):
        return False
    unusual = UNUSUAL_IN.get(type(value), UNUSUAL)
    told_as_usual = field.metadata.get("always") or field.name not in unusual
    return told_as_usual or getattr(value, field.name) != field.default


def _plain(value: object) -> Any:
    if isinstance(value, Enum):
        return value.name.lower().replace("_", "-")
    if isinstance(value, events.Deleted):
        return _object(value)
    if is_dataclass(value):
        return _fields(value)
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return value


def _line(value: Mapping[str, object]) -> str:
    # All that is not ASCII is escaped: the line is whole in whatever encoding its reader expects.
    return json.dumps(value)
