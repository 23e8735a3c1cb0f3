"""What one connection is told, as the fields of an object.

Most answers are written as their classes say (`huddle.protocol.codec`); the rest is here. What
people alone need is nothing to programs. Of a room only what is not as usual is told: a topic, a
key, a slow mode, that it is quiet.
"""

from __future__ import annotations

from dataclasses import replace

from huddle.dialects.wording import worded
from huddle.locale import Wording
from huddle.protocol.answers import (
    Answer,
    CommandHelp,
    Entered,
    Help,
    Refused,
    Welcome,
)
from huddle.protocol.codec import Object, written
from huddle.protocol.errors import HuddleError
from huddle.protocol.events import INBOX, label
from huddle.protocol.fields import VERSION, rfc3339
from huddle.protocol.limits import Limits

ERROR_FIELDS = (
    *("field", "suggest", "limit", "wait", "nick", "room", "until", "reason", "by", "what"),
    *("least", "most", "retry_after"),
)
"""What an error may tell besides its code."""


def told(event: Answer, wording: Wording, limits: Limits) -> Object | None:
    """The object for an answer; None if a program is not told."""
    match event:
        case Welcome():
            return _welcome(event, limits)
        case Refused(error=error, id=id):
            return {**_error(error, wording), **asked_as(id)}
        case Entered(room=room, id=id):
            return {"type": "reply", **asked_as(id), "room": label(room), **_state(event)}
        case Help(commands=commands):
            worded_rows = [_worded(row, wording) for row in commands]
            return written(replace(event, commands=tuple(worded_rows)))
        case _:
            return written(event) if hasattr(event, "type") else None


def _worded(row: CommandHelp, wording: Wording) -> CommandHelp:
    group = row.group and wording.gettext(row.group)
    return replace(row, summary=wording.gettext(row.summary), group=group)


def _welcome(welcome: Welcome, limits: Limits) -> Object:
    rooms: Object = {}
    for name, state in welcome.rooms.items():
        rooms[INBOX if name[0] == INBOX else name] = _state(state)
    return {
        "type": "welcome",
        "v": VERSION,
        "nick": welcome.nick,
        "epoch": welcome.epoch,
        "last_id": welcome.last_id,
        "rooms": rooms,
        "limits": {"text": limits.text, "line": limits.line},
    }


def _state(state: Entered) -> Object:
    told: Object = {"seq": state.seq, "count": state.count, "here": state.names}
    for name in ("topic", "keyed", "slow", "quiet"):
        value = getattr(state, name)
        if value:
            told[name] = value
    return told


def _error(error: HuddleError, wording: Wording) -> Object:
    fields: Object = {"type": "error", "code": error.code, "text": worded(error, wording)}
    fields.update({name: getattr(error, name) for name in ERROR_FIELDS if hasattr(error, name)})
    if "room" in fields:
        fields["room"] = label(str(fields["room"]))
    if isinstance(until := fields.get("until"), int):
        fields["until"] = rfc3339(until)
    return fields


def asked_as(id: int | None) -> Object:
    """The id of what was asked, if it had one."""
    return {} if id is None else {"id": id}
