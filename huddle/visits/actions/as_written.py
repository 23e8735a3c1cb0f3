"""A message just as it was written, and the lines that were pasted with it."""

from __future__ import annotations

from huddle.delivery.history import with_tombstones
from huddle.delivery.stream import Stream
from huddle.protocol.answers import Answer, Past, Written
from huddle.protocol.requests import Raw
from huddle.visits.actions.caller import Caller
from huddle.visits.actions.history import fitting, in_turn
from huddle.visits.actions.messages import numbered


async def raw(caller: Caller, request: Raw) -> Answer:
    """A message, and the lines of its block behind it, for who wants them as they were written.

    Raises `NoSuchRoom`, `NoMessageHere`, `TooFast` and `NotReadable`.
    """
    room = caller.stream(request.room)
    return await in_turn(caller, caller.huddle.reading, room, lambda: _raw(caller, room, request))


async def _raw(caller: Caller, room: Stream, request: Raw) -> Past:
    limits, seq = caller.huddle.limits, request.seq
    said = await numbered(caller, room, seq)
    first, most = said.block or seq, limits.history + 1
    with room.history.erased_meanwhile() as erased:
        found = await caller.huddle.record.belonging(room.name, first, most, seq - 1)
    lines = [each for each in with_tombstones(found, erased) if not each.edits or each.seq == seq]
    shown = lines[: min(fitting(lines, limits.replies), limits.history)]
    return Written(room.label, shown, len(shown) < len(lines), request.id)
