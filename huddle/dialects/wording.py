"""What was refused, in words: which facts of an error its sentence is given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
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


_KINDS: Mapping[type[errors.HuddleError], str] = {
    errors.BadUsage: "usage",
    errors.LeavingWord: "leaving",
    errors.NickKept: "kept",
    errors.NoMessageHere: "here",
    errors.Oneself: "oneself",
    errors.QuietNick: "nick",
}
"""What tells errors apart that have their code in common (`refusal`)."""


def worded(error: errors.HuddleError, wording: Wording, moment: Moment = utc) -> str:
    """Why it was refused, and what to do, in one line without an end.

    ``moment`` words the time until which a ban or a mute holds.
    """
    kind, facts = _KINDS.get(type(error), ""), vars(error).copy()
    if isinstance(until := facts.get("until"), int):
        kind, facts["until"] = "until", moment(until)
    match error:
        case errors.BadNick(reason=kind) | errors.BadRoom(reason=kind):
            facts = {}
        case errors.TooMany(what=kind) | errors.NotAllowed(who=kind):
            pass
        case errors.BadUsage(field=usage):
            facts = {"usage": usage}
        case errors.NickHeld(opens=opens):
            kind = "held" if opens else "held program"
        case errors.MutedNick():
            kind = f"nick {kind}".rstrip()
        case errors.UnknownCommand(name=name) if not kind:
            return no_command(_shortened(name), wording)
        case errors.NobodyThere(nick=name):
            facts["nick"] = _shortened(name)
        case errors.NoSuchRoom(room=name):
            facts["room"] = _shortened(name)
        case errors.UnknownRequest(name=name):
            facts["name"] = _shortened(name)
    return refusal(error.code, wording, kind, **facts)


def _shortened(name: str) -> str:
    return name if len(name) <= REPEATED else f"{name[:REPEATED]}…"
