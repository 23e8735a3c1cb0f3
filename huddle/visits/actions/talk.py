"""Talking: what is said to a room, and to all."""

from __future__ import annotations

from huddle.people.sessions import Weight
from huddle.protocol.errors import BadField, NobodyThere, NoMessageHere, NoSuchRoom, NotReadable
from huddle.protocol.events import FIRST_ROOM, INBOX, Block, Kind
from huddle.protocol.requests import Announce, Message, Say
from huddle.protocol.text import sayable
from huddle.record.errors import failing_as
from huddle.visits.actions.caller import Caller
from huddle.visits.actions.messages import own_numbered

_SAY = Kind.SAY

TYPING = 2.0
"""Seconds for which what a person says may have been typed before they knew that they were
sent away: a line that is on its way, and one that is nearly typed."""


def say(caller: Caller, request: Say, edits: int = 0) -> None:
    """A text for a room. The hot path: `Visit` calls it for most lines."""
    huddle, session, id = caller.huddle, caller.session, request.id or 0
    if session.sent_from is not None and not session.traits.many_rooms:
        _check_aim(caller, *session.sent_from)
    paste, block, in_block = caller.paste, None, False
    paste.was_private = False
    if request.block is not None:
        block, in_block = paste.named[1], True
    elif paste.typed and request.kind is _SAY and not (edits or request.re):
        block = paste.block if paste.follows else None
        in_block = paste.more or block is not None
        if block is None or paste.lines >= huddle.limits.block_lines:
            block = paste.block = {}
            paste.lines = 0
        paste.lines += 1
    text = sayable(request.text, huddle.limits.text, in_block)
    if request.room == INBOX:
        raise NobodyThere(INBOX)
    try:
        room = huddle.directory.room_of(session, request.room)
    except NoSuchRoom:
        if not session.knows(id):
            raise
        name = huddle.directory.named(request.room or FIRST_ROOM)
        draft = session.draft(name, request.kind, text, id)  # it repeats what it said there
        huddle.speaking.repeat(session, draft, session.weigh(draft))
    else:
        re = request.re or 0
        if re and re > room.published and not session.knows(id):
            raise NoMessageHere
        draft = session.draft(room.name, request.kind, text, id, "", re, edits, block, in_block)
        huddle.speaking.say(session, draft, room)


async def say_with(caller: Caller, request: Say) -> None:
    """A text that belongs to a block, or puts one's own message right. Raises `BadField`,
    `NoMessageHere`, and `NotReadable` when it could not be looked up which that is."""
    if request.block is not None:
        await find_block(caller, request, request.block)
    edits = 0
    if request.edits is not None and not caller.session.knows(request.id or 0):
        wrong = await own_numbered(caller, caller.room(request.room), request.edits)
        edits = wrong.edits or wrong.seq  # the first one, where it has been put right before
    say(caller, request, edits)


async def find_block(caller: Caller, request: Say | Message, first: int) -> None:
    """See to it that `PasteState.named` is the block whose first line was said under that id.

    If that one was refused or is no longer kept, the block begins with the line that is said now.
    Raises `BadField` when nothing was said under that id.
    """
    session, paste, id = caller.session, caller.paste, request.id or 0
    if first != paste.named[0]:
        begins = first == id and not session.knows(id)
        paste.named = first, {} if begins else await _block_of(caller, first, id)
        paste.lines = 0
    elif paste.lines >= caller.huddle.limits.block_lines:
        paste.named, paste.lines = (first, {}), 0
    paste.lines += 1


async def _block_of(caller: Caller, first: int, id: int) -> Block:
    if first > id or not caller.session.knows(first):
        raise BadField("block")
    await caller.huddle.sequencer.in_turn()  # the first line may be on its way
    with failing_as(NotReadable):
        said = await caller.huddle.record.find(caller.session.number, first)
    return {} if said is None else {said.room: said.block or said.seq}


def _check_aim(caller: Caller, room: str, time: float) -> None:
    """What a person was typing when they were sent out of a room was for that room, and not for
    the one where they are now. Raises `NoSuchRoom`."""
    if caller.huddle.seconds() - time < TYPING:
        raise NoSuchRoom(room)
    caller.session.sent_from = None


def announce(caller: Caller, request: Announce) -> None:
    """A text for everybody: recorded in the first room, and in each other one that has members."""
    huddle, session = caller.huddle, caller.session
    text = sayable(request.text, huddle.limits.text)
    first = session.draft(FIRST_ROOM, Kind.ANNOUNCE, text, request.id or 0)
    others = [
        session.draft(room.name, Kind.ANNOUNCE, text)
        for room in huddle.rooms
        if room.name != FIRST_ROOM
    ]
    is_new = session.weigh(first) is Weight.NEW
    if is_new:
        huddle.saving.save_quietly(caller.audited(None, "announce", ""))
    huddle.speaking.say(session, first, huddle.room(FIRST_ROOM), others, is_new=is_new)
