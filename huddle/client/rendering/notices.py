"""What happened to rooms and people, in one sentence each, without an end."""

from __future__ import annotations

from collections.abc import Callable

from huddle.client.session import events
from huddle.locale import N_, Wording
from huddle.locale.durations import brief

Clock = Callable[[str], str]
"""A time of the wire as one reads it."""

Happening = (
    events.Joined
    | events.Left
    | events.Renamed
    | events.Changed
    | events.Deleted
    | events.Removed
    | events.Standing
)

CHANGED = {
    "topic": (N_("{nick} set the topic: {value}"), N_("{nick} took the topic away")),
    "key": (N_("{nick} locked the room with a key"), N_("{nick} took the key away")),
    "slow": (
        N_("{nick} made the room slow: one line every {value}"),
        N_("{nick} ended the slow mode"),
    ),
    "quiet": (
        N_("{nick} made the room quiet: only those with a voice speak"),
        N_("{nick} lets everybody speak again"),
    ),
}
"""For each setting: with a value, without one."""

STANDINGS = {
    "voiced": N_("{by} gave you a voice: you may speak in a quiet room"),
    "unvoiced": N_("{by} took your voice away: you do not speak in a quiet room"),
    "muted": N_("{by} muted you: you hear, and do not speak"),
    "unmuted": N_("{by} lets you speak again"),
    "operator": N_("{by} made you an operator: /help lists what you may do"),
    "no-operator": N_("{by} made you no operator any more"),
}


def happened(event: Happening, wording: Wording, clock: Clock) -> str:
    """The sentence; empty for what is not known here."""
    _ = wording.gettext
    match event:
        case events.Joined(nick=nick):
            return _("{who} joined").format(who=nick)
        case events.Left(nick=nick, by=by, reason=reason) if by:
            return because(_("{by} sent {nick} away").format(by=by, nick=nick), reason)
        case events.Left(nick=nick):
            return _("{who} left").format(who=nick)
        case events.Renamed(nick=nick, new=new):
            return _("{nick} is now {new}").format(nick=nick, new=new)
        case events.Changed():
            return _changed(event, wording)
        case events.Deleted(nick=nick, past=True):
            return _("a message of {nick} was deleted").format(nick=nick)
        case events.Deleted(nick=nick):
            return _("{nick} deleted a message").format(nick=nick)
        case events.Removed():
            return _removed(event, wording)
        case events.Standing():
            return _standing(event, wording, clock)


def because(sentence: str, reason: str) -> str:
    """A sentence, with the reason if one was given."""
    return f"{sentence}: {reason}" if reason else sentence


def _changed(event: events.Changed, wording: Wording) -> str:
    if event.setting not in CHANGED:
        return ""
    on, off = CHANGED[event.setting]
    is_time = event.setting == "slow" and isinstance(event.value, float)
    value = brief(float(event.value)) if is_time else event.value
    sentence = on if event.value else off
    return wording.gettext(sentence).format(nick=event.nick, value=value)


def _removed(event: events.Removed, wording: Wording) -> str:
    _ = wording.gettext
    sentence = (
        _("{by} banned you from {room}") if event.banned else _("{by} sent you out of {room}")
    )
    return because(sentence.format(by=event.by, room=event.room), event.reason)


def _standing(event: events.Standing, wording: Wording, clock: Clock) -> str:
    _ = wording.gettext
    sentence = STANDINGS.get(event.standing, "")
    by = event.by or _("the house")
    if event.standing == "muted" and event.until is not None:
        shown = _("{by} muted you until {until}").format(by=by, until=clock(event.until))
    else:
        shown = sentence and _(sentence).format(by=by)
    return because(shown, event.reason) if shown else ""
