"""What was refused, in words: which facts of an error its sentence is given."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from huddle.locale import Wording
from huddle.locale.errors import no_command, refusal
from huddle.protocol import errors

Moment = Callable[[int], str]
"""Words for a time, which is in milliseconds since 1970."""


REPEATED = 64
"""Characters that a sentence repeats of a name as it was typed: no name has more. To break 12 KiB
into rows took 45 ms."""


def utc(time: int) -> str:
    """A time, in milliseconds since 1970, for a reader whose zone is not known."""
    return f"{datetime.fromtimestamp(time // 1000, UTC):%Y-%m-%d %H:%M} UTC"


def worded(error: errors.HuddleError, wording: Wording, moment: Moment = utc) -> str:
    """Why it was refused, and what to do, in one line without an end.

    ``moment`` words the time until which a ban or a mute holds.
    """
    code = error.code
    match error:
        case errors.BadNick(reason=reason) | errors.BadRoom(reason=reason):
            return refusal(code, wording, reason)
        case errors.TooMany(what=what, limit=limit):
            return refusal(code, wording, what, limit=limit)
        case errors.BadUsage(field=usage):
            return refusal(code, wording, "usage", usage=usage)
        case errors.NickHeld(opens=opens):
            return refusal(code, wording, "held" if opens else "held program", **vars(error))
        case errors.NickKept():
            return refusal(code, wording, "kept", **vars(error))
        case errors.Oneself():
            return refusal(code, wording, "oneself")
        case errors.NotAllowed(who=who):
            return refusal(code, wording, who)
        case errors.LeavingWord(name=name):
            return refusal(code, wording, "leaving", name=name)
        case errors.NoMessageHere():
            return refusal(code, wording, "here")
        case errors.UnknownCommand(name=name):
            return no_command(_shortened(name), wording)
        case errors.MutedNick(until=None):
            return refusal(code, wording, "nick", **vars(error))
        case errors.MutedNick(until=int(until)):
            return refusal(code, wording, "nick until", **{**vars(error), "until": moment(until)})
        case errors.QuietNick():
            return refusal(code, wording, "nick", **vars(error))
        case errors.Banned(until=int(until)) | errors.Muted(until=int(until)):
            facts = {**vars(error), "until": moment(until)}
            return refusal(code, wording, "until", **facts)
        case errors.NobodyThere(nick=nick):
            return refusal(code, wording, nick=_shortened(nick))
        case errors.NoSuchRoom(room=room):
            return refusal(code, wording, room=_shortened(room))
        case errors.UnknownRequest(name=name):
            return refusal(code, wording, name=_shortened(name))
        case _:
            return refusal(code, wording, **vars(error))


def _shortened(name: str) -> str:
    return name if len(name) <= REPEATED else f"{name[:REPEATED]}…"
