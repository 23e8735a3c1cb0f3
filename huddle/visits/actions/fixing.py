"""Putting right what one said last, wherever that was: in the room, or to one person."""

from __future__ import annotations

from huddle.protocol.errors import NoMessageHere
from huddle.protocol.events import INBOX, Said
from huddle.protocol.requests import Fix, Say
from huddle.visits.actions import private, talk
from huddle.visits.actions.caller import Caller
from huddle.visits.actions.messages import last_own, last_private


async def fix(caller: Caller, request: Fix) -> None:
    """What one said last is said anew, and put right by that. Raises `NoMessageHere`,
    `NotReadable` and as `say` and `msg` do."""
    public = await last_own(caller, caller.room(None))
    aside = await _last_aside(caller)
    if aside is not None and _is_later(aside, public, caller.together.aside):
        await private.put_right(caller, aside, request.text)
    elif public is not None:
        talk.say(caller, Say(request.text, public.kind), public.edits or public.seq)
    else:
        raise NoMessageHere


async def _last_aside(caller: Caller) -> Said | None:
    if not caller.huddle.record.extent(caller.session.inbox).newest:
        return None  # who has no inbox needs none for this
    return await last_private(caller, caller.stream(INBOX))


def _is_later(aside: Said, public: Said | None, lately: bool) -> bool:
    """What was said to one person must never be put right before all: ``lately`` decides between
    two of one millisecond."""
    return public is None or (aside.time, lately) > (public.time, not lately)
