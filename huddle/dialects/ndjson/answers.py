"""What one connection is told, as the fields of an object.

What people alone need is nothing to programs. Of a room only what is not as usual is told: a topic,
a key, a slow mode, that it is quiet.
"""

from __future__ import annotations

from huddle.dialects.wording import worded
from huddle.locale import Wording
from huddle.protocol.answers import (
    Answer,
    AuditList,
    BanList,
    BanListing,
    Closing,
    Done,
    Entered,
    Gap,
    Goodbye,
    Help,
    Ignoring,
    LoggedIn,
    Motd,
    NickIs,
    Parted,
    Pong,
    Refused,
    Registered,
    Removed,
    Reset,
    RoomList,
    RoomListing,
    RoomState,
    Roster,
    StandingIs,
    TopicIs,
    Unread,
    Welcome,
    WhoIs,
)
from huddle.protocol.errors import HuddleError
from huddle.protocol.events import Here, label
from huddle.protocol.fields import VERSION, rfc3339
from huddle.protocol.limits import Limits

Object = dict[str, object]

ERROR_FIELDS = (
    *("field", "suggest", "limit", "wait", "nick", "room", "until", "reason", "by", "what"),
    *("least", "most"),
)
"""What an error may tell besides its code."""


def told(event: Answer, wording: Wording, limits: Limits) -> Object | None:
    """The object for an answer; None if a program is not told."""
    match event:
        case Welcome():
            return _welcome(event, limits)
        case Refused(error=error, id=id):
            return {**_error(error, wording), **asked_as(id)}
        case Gap(room=room, first=first, last=last):
            return {"type": "gap", "room": room, "from": first, "to": last}
        case Reset(room=room, epoch=epoch):
            return {"type": "reset", "room": room, "epoch": epoch}
        case Here():
            return here_object(event)
        case Motd(lines=lines):
            return {"type": "motd", "lines": lines}
        case Pong(id=id):
            return {"type": "pong", **asked_as(id)}
        case Goodbye():
            return {"type": "bye"}
        case Closing():
            return {"type": "closing"}
        case _:
            return _what_became(event) or _reply(event, wording)


def _what_became(event: Answer) -> Object | None:
    """What others have done to the session."""
    match event:
        case Removed(room=room, by=by, reason=reason, banned=banned):
            return {"type": "removed", "room": room, "by": by, "reason": reason, "banned": banned}
        case StandingIs(room=room, standing=standing, by=by, until=until, reason=reason):
            return {
                "type": "standing",
                "room": room,
                "standing": standing.value,
                "by": by,
                "until": _until(until),
                "reason": reason,
            }
        case Unread(nick=nick, count=count):
            return {"type": "unread", "nick": nick, "count": count}
        case _:
            return None


def _reply(event: Answer, wording: Wording) -> Object | None:
    fields = _of_rooms(event) or _of_people(event)
    if fields is None:
        match event:
            case Done():
                fields = {}
            case Help(commands=commands):
                _ = wording.gettext
                listed = [(row.english, row.spanish, _(row.summary)) for row in commands]
                names = ("english", "spanish", "summary")
                fields = {"commands": [dict(zip(names, row, strict=True)) for row in listed]}
            case _:
                return None
    return {"type": "reply", **asked_as(getattr(event, "id", None)), **fields}


def _of_rooms(event: Answer) -> Object | None:
    match event:
        case Roster(here=here, away=away):
            return {**_here(here), "away": away}
        case RoomList(rooms=rooms):
            return {"rooms": [_listing(room) for room in rooms]}
        case Entered(room=room, state=state):
            return {"room": label(room), **_state(state)}
        case Parted(room=room):
            return {"room": room}
        case TopicIs(room=room, topic=topic, by=by):
            return {"room": room, "topic": topic, "by": by}
        case BanList(room=room, bans=bans):
            return {"room": room, "bans": [_ban(each) for each in bans]}
        case _:
            return None


def _of_people(event: Answer) -> Object | None:
    match event:
        case NickIs(nick=nick) | Registered(nick=nick) | LoggedIn(nick=nick):
            return {"nick": nick}
        case Ignoring(nicks=nicks):
            return {"ignoring": nicks}
        case WhoIs():
            names = ("nick", "account", "addresses", "rooms", "away", "operator")
            return {name: getattr(event, name) for name in names}
        case AuditList(entries=entries):
            return {"entries": [_entry(*entry) for entry in entries]}
        case _:
            return None


def _welcome(welcome: Welcome, limits: Limits) -> Object:
    return {
        "type": "welcome",
        "v": VERSION,
        "nick": welcome.nick,
        "epoch": welcome.epoch,
        "last_id": welcome.last_id,
        "rooms": {label(name): _state(state) for name, state in welcome.rooms.items()},
        "limits": {"text": limits.text, "line": limits.line},
    }


def _state(state: RoomState) -> Object:
    fields: Object = {"seq": state.seq, "count": state.here.count, "here": state.here.names}
    return fields | _unusual(state.topic, state.keyed, state.slow, state.quiet)


def _listing(room: RoomListing) -> Object:
    return {"room": room.room, "count": room.count, **_unusual(room.topic, room.keyed)}


def _unusual(topic: str, keyed: bool, slow: float = 0.0, quiet: bool = False) -> Object:
    fields: Object = {"topic": topic, "keyed": keyed, "slow": slow, "quiet": quiet}
    return {name: value for name, value in fields.items() if value}


def _ban(ban: BanListing) -> Object:
    return {
        "who": ban.who,
        "nick": ban.nick,
        "until": _until(ban.until),
        "reason": ban.reason,
        "by": ban.by,
    }


def _entry(time: int, room: str, act: str, by: str, target: str, detail: str) -> Object:
    names: Object = {"room": room, "act": act, "by": by, "target": target, "detail": detail}
    return {"time": rfc3339(time), **names}


def _error(error: HuddleError, wording: Wording) -> Object:
    fields: Object = {"type": "error", "code": error.code, "text": worded(error, wording)}
    fields.update({name: getattr(error, name) for name in ERROR_FIELDS if hasattr(error, name)})
    if "room" in fields:
        fields["room"] = label(str(fields["room"]))
    if "until" in fields:
        fields["until"] = _until(fields["until"])  # type: ignore[arg-type]
    return fields


def here_object(here: Here) -> Object:
    """Who is in a room."""
    return {"type": "here", **_here(here)}


def _here(here: Here) -> Object:
    return {"room": label(here.room), "count": here.count, "here": here.names}


def asked_as(id: int | None) -> Object:
    """The id of what was asked, if it had one."""
    return {} if id is None else {"id": id}


def _until(time: int | None) -> str | None:
    return None if time is None else rfc3339(time)
