"""What happened in a room, in one sentence each: who came and went, and what was changed."""

from __future__ import annotations

from huddle.locale import Wording
from huddle.locale.durations import brief
from huddle.protocol.events import Changed, Deleted, Joined, Left, Notice, Renamed, Setting

NAMED_IN_A_CROWD = 2
"""Names told of many who join (or leave) together; the others are counted."""


def happened(event: Notice, wording: Wording) -> str:
    """The sentence, without an end."""
    _ = wording.gettext
    match event:
        case Joined(nicks=nicks):
            return _crowd(_("{who} joined"), _("{who} and {count} more joined"), nicks)
        case Left(nicks=[nick], by=by, reason=reason) if by:
            return because(_("{by} sent {nick} away").format(by=by, nick=nick), reason)
        case Left(nicks=nicks):
            return _crowd(_("{who} left"), _("{who} and {count} more left"), nicks)
        case Renamed(nick=nick, new=new):
            return _("{nick} is now {new}").format(nick=nick, new=new)
        case Changed():
            return changed(event, wording)
        case Deleted(nick=nick):
            return _("{nick} deleted a message").format(nick=nick)


def _crowd(few: str, many: str, nicks: tuple[str, ...]) -> str:
    rest = len(nicks) - NAMED_IN_A_CROWD
    if len(nicks) == 1 or rest <= 1:
        return few.format(who=", ".join(nicks))
    return many.format(who=", ".join(nicks[:NAMED_IN_A_CROWD]), count=rest)


def changed(event: Changed, wording: Wording) -> str:
    """How somebody has made the room."""
    _, value = wording.gettext, event.value
    match event.setting:
        case Setting.TOPIC:
            sentence = (
                _("{nick} set the topic: {value}") if value else _("{nick} took the topic away")
            )
        case Setting.KEY:
            sentence = (
                _("{nick} locked the room with a key") if value else _("{nick} took the key away")
            )
        case Setting.SLOW:
            sentence = (
                _("{nick} made the room slow: one line every {value}")
                if value
                else _("{nick} ended the slow mode")
            )
        case Setting.QUIET:
            sentence = (
                _("{nick} made the room quiet: only those with a voice speak")
                if value
                else _("{nick} lets everybody speak again")
            )
    shown = brief(float(value)) if event.setting is Setting.SLOW else value
    return sentence.format(nick=event.nick, value=shown)


def because(sentence: str, reason: str) -> str:
    """A sentence, with the reason if one was given."""
    return f"{sentence}: {reason}" if reason else sentence
