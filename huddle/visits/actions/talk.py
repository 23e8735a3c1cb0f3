"""Talking: what is said to a room, and to all; not hearing it, and how it is shown."""

from __future__ import annotations

from collections.abc import Sequence

from huddle.people.sessions import Account, Weight
from huddle.protocol.answers import Answer, Ignoring, NotKept
from huddle.protocol.errors import (
    BadField,
    HuddleError,
    NobodyThere,
    NoMessageHere,
    NoSuchRoom,
    NotReadable,
    NotRecorded,
    TooMany,
)
from huddle.protocol.events import FIRST_ROOM, INBOX, Block, Kind
from huddle.protocol.names import folded_key
from huddle.protocol.requests import Announce, Ignore, Message, Say
from huddle.protocol.text import sayable
from huddle.record import session_identity
from huddle.record.trouble import failing_as
from huddle.visits.actions.caller import Caller
from huddle.visits.actions.messages import original
from huddle.visits.view import Wish

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
        edits = await original(caller, caller.room(request.room), request.edits)
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


# -- not hearing -------------------------------------------------------------------------------


async def ignore(caller: Caller, request: Ignore) -> Answer:
    """Hear nothing more of a person, whatever they are called, or hear them again.

    Raises `NobodyThere`, `TooMany`, and `NotRecorded`, when nothing has changed.
    """
    session, limits = caller.session, caller.huddle.limits
    if request.nick is not None:
        ignores = _without(session.ignores, caller, request.nick)
        if request.on:
            ignores = (*ignores, _person(caller, request.nick))
        elif len(ignores) == len(session.ignores):
            raise NobodyThere(request.nick)
        if len(ignores) > limits.ignores:
            raise TooMany("ignores", limits.ignores)
        await _keep_ignores(caller, ignores)
    return Ignoring(tuple(nick for _, nick in session.ignores), request.id)


async def _keep_ignores(caller: Caller, ignores: tuple[tuple[str, str], ...]) -> None:
    session, before = caller.session, caller.session.ignores
    session.ignores = ignores
    caller.view.refresh()
    try:
        await caller.huddle.saving.keep(session)
    except HuddleError:
        if session.ignores is ignores:  # on another node they may be others by now
            session.ignores = before
            if session.attendance is not None:  # it may be on another connection, too
                session.attendance.shows_anew()
        raise


def _person(caller: Caller, nick: str) -> tuple[str, str]:
    meant = caller.huddle.registry.meant(nick)
    if meant is None or meant.identity == caller.session.identity:
        raise NobodyThere(nick)
    return meant.identity, meant.nick


def _without(
    ignores: Sequence[tuple[str, str]], caller: Caller, nick: str
) -> tuple[tuple[str, str], ...]:
    """The caller's ignores without the one who is, or was, called by this nick."""
    meant = caller.huddle.registry.meant(nick)
    identities = set() if meant is None else {meant.identity}
    if isinstance(meant, Account):  # they may be ignored since before they registered
        identities.update(map(session_identity, meant.sessions))
    key = folded_key(nick)
    return tuple(
        (who, called)
        for who, called in ignores
        if who not in identities and folded_key(called) != key
    )


# -- as it is shown ----------------------------------------------------------------------------


async def wish(caller: Caller, request: Wish) -> Answer | None:
    """Have things shown in another way, also when the person comes back.

    Where that cannot be kept now it holds on this connection, and the person is told that; it is
    kept with what is kept next.
    """
    answer = caller.view.wish(request)
    if caller.view.traits.types:
        try:
            await caller.huddle.saving.keep(caller.session)
        except NotRecorded:
            caller.outlet.answer(answer, NotKept())
            return None
    return answer
