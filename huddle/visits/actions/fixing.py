"""Putting right what one said last, wherever that was, or what has a number (``/fix``): in the
room, or to one person."""

from __future__ import annotations

from huddle.protocol.errors import NoMessageHere
from huddle.protocol.events import INBOX, Said
from huddle.protocol.requests import Fix, Say
from huddle.visits.actions import private, talk
from huddle.visits.actions.caller import Caller
from huddle.visits.actions.messages import SPOKEN, last_anywhere, last_own, own_numbered


async def fix(caller: Caller, request: Fix) -> None:
    """What one said last, or under a number, is said anew, and put right by that. Raises
    `NoMessageHere`, `NotReadable` and as `say` and `msg` do."""
    wrong = await _meant(caller, request)
    if wrong is None:
        raise NoMessageHere
    if wrong.to:
        await private.put_right(caller, wrong, request.text)
    else:
        talk.say(caller, Say(request.text, wrong.kind), wrong.edits or wrong.seq)


async def _meant(caller: Caller, request: Fix) -> Said | None:
    if request.seq is None:
        return await last_anywhere(caller, await last_own(caller, caller.room(None)))
    said = await own_numbered(caller, caller.stream(request.room), request.seq)
    is_private = request.room == INBOX
    return said if said.kind in SPOKEN and bool(said.to) == is_private else None
