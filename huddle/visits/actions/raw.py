"""A message just as it was written, and the lines that were pasted with it (``/raw``)."""

from __future__ import annotations

from huddle.delivery.history import with_tombstones
from huddle.delivery.stream import Stream
from huddle.protocol.answers import Answer, Past, Written
from huddle.protocol.events import Said
from huddle.protocol.requests import Raw
from huddle.visits.actions.caller import Caller
from huddle.visits.actions.history import STRETCH, fitting, in_turn
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
    lines: list[Said] = []
    after, more = seq - 1, True
    while more and len(lines) <= limits.history and fitting(lines, limits.replies) == len(lines):
        with room.history.erased_meanwhile() as erased:
            found = await caller.huddle.record.belonging(
                room.name, said.block or seq, STRETCH, after
            )
        lines += [
            each for each in with_tombstones(found, erased) if not each.edits or each.seq == seq
        ]
        more = len(found) == STRETCH
        after = found[-1].seq if found else after
    shown = lines[: min(fitting(lines, limits.replies), limits.history)]
    return Written(room.label, shown, len(shown) < len(lines), request.id)
