"""Putting right what one said last, wherever that was: in the room, or to one person."""

from __future__ import annotations

from huddle.protocol.errors import NoMessageHere
from huddle.protocol.requests import Fix, Say
from huddle.visits.actions import private, talk
from huddle.visits.actions.caller import Caller
from huddle.visits.actions.messages import last_anywhere, last_own


async def fix(caller: Caller, request: Fix) -> None:
    """What one said last is said anew, and put right by that. Raises `NoMessageHere`,
    `NotReadable` and as `say` and `msg` do."""
    last = await last_anywhere(caller, await last_own(caller, caller.room(None)))
    if last is None:
        raise NoMessageHere
    if last.to:
        await private.put_right(caller, last, request.text)
    else:
        talk.say(caller, Say(request.text, last.kind), last.edits or last.seq)
