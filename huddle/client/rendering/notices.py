"""What happened to rooms and people, in one sentence each, without an end."""

from __future__ import annotations

from collections.abc import Callable

from huddle.client.session import events
from huddle.locale import Wording
from huddle.locale.wording import (
    RENAMED,
    WAS_DELETED,
    changed,
    deleted,
    joined,
    left,
    removed,
    standing_is,
)

Clock = Callable[[int], str]
"""A time, in milliseconds since 1970, as one reads it."""

Happening = (
    events.Joined
    | events.Left
    | events.Renamed
    | events.Changed
    | events.Deleted
    | events.Removed
    | events.StandingIs
)


def happened(event: Happening, wording: Wording, clock: Clock) -> str:
    """The sentence; empty for what is not known here."""
    _ = wording.gettext
    match event:
        case events.Joined(nick=nick):
            return joined([nick], wording)
        case events.Left(nick=nick, by=by, reason=reason):
            return left([nick], wording, by, reason)
        case events.Renamed(nick=nick, new=new):
            return _(RENAMED).format(nick=nick, new=new)
        case events.Changed(nick=nick, setting=setting, value=value):
            return changed(nick, setting, value, wording)
        case events.Deleted(nick=nick, past=True):
            return _(WAS_DELETED).format(nick=nick)
        case events.Deleted(nick=nick, of=of, lines=lines):
            return deleted(nick, of, lines, wording) if lines else ""
        case events.Removed(room=room, by=by, reason=reason, banned=banned):
            return removed(room, by, reason, banned, wording)
        case events.StandingIs(standing=standing, by=by, reason=reason):
            until = None if event.until is None else clock(event.until)
            return standing_is(standing, by, until, reason, wording)
