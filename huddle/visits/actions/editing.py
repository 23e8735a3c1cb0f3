"""Editing what one said: putting it right (``/fix``), and deleting it (``/delete``).

What is put right is said anew, and the first one stays; of what is deleted the text goes, and the
number stays. With a message goes what puts it right, or what it puts right itself: they are one to
who reads them. So is a block, which goes as a whole where a person names the number of its first
line, and where a program wishes it.
"""

from __future__ import annotations

from collections.abc import Sequence

from twisted.internet.defer import DeferredList
from twisted.python.failure import Failure

from huddle.delivery.stream import Stream
from huddle.protocol.answers import Answer
from huddle.protocol.errors import NoMessageHere, NoSuchMessage, NotReadable, NotRecorded
from huddle.protocol.events import INBOX, Deleted, Kind, Said
from huddle.protocol.permissions import TO_DELETE_OTHERS, Role
from huddle.protocol.requests import Delete, Fix, Say
from huddle.record.errors import failing_as
from huddle.visits.actions import private, talk
from huddle.visits.actions.caller import Caller
from huddle.visits.actions.history import numbered
from huddle.visits.actions.messages import (
    SPOKEN,
    is_own,
    last_anywhere,
    last_of,
    last_own,
    own_numbered,
)

# -- putting right -----------------------------------------------------------------------------


async def fix(caller: Caller, request: Fix) -> None:
    """What one said last, or under a number, is said anew, and put right by that: in the room, or
    to one person. Raises `NoMessageHere`, `NotReadable` and as `say` and `msg` do."""
    wrong = await _wrong(caller, request)
    if wrong is None:
        raise NoMessageHere
    if wrong.to:
        await private.put_right(caller, wrong, request.text)
    else:
        talk.say(caller, Say(request.text, wrong.kind), wrong.edits or wrong.seq)


async def _wrong(caller: Caller, request: Fix) -> Said | None:
    if request.seq is None:
        return await last_anywhere(caller, await last_own(caller, caller.room(None)))
    said = await own_numbered(caller, caller.stream(request.room), request.seq)
    is_private = request.room == INBOX
    return said if said.kind in SPOKEN and bool(said.to) == is_private else None


# -- deleting ----------------------------------------------------------------------------------


async def delete(caller: Caller, request: Delete) -> Answer | None:
    """The text of a message goes; its number stays. One's own, or what one may moderate.

    Raises `NoSuchMessage` and `NotAllowed`, `NotReadable` and `NotRecorded` when it could not be
    done.
    """
    room = caller.stream(request.room)
    whole = False
    if request.seq is not None:
        said = await numbered(caller, room, request.seq)
        if said.block in (0, said.seq):
            whole = request.block or caller.session.traits.types
    else:
        last = await _last(caller, room, request.nick)
        if last is None:
            raise NoSuchMessage
        said, room = last, caller.stream(INBOX) if last.to else room
    own = is_own(caller, room, said)
    if not own:
        caller.check(TO_DELETE_OTHERS, room.name)
        caller.check_aim(room, _role_of_author(caller, room, said))
    await _erase(caller, room, said, whole=whole)
    if not own:
        entry = caller.audited(room, "delete", said.nick, str(said.seq))
        caller.huddle.saving.save_quietly(entry)
    return caller.seen(request.id)


async def _last(caller: Caller, room: Stream, nick: str | None) -> Said | None:
    """The last message under that nick; None: what a person said last, be it to one person."""
    last = await last_of(caller, room, nick)
    if nick is None and caller.session.traits.types:
        return await last_anywhere(caller, last)
    return last


async def _erase(caller: Caller, room: Stream, said: Said, *, whole: bool) -> None:
    """Erase a message and what goes with it. Raises `NotReadable` and `NotRecorded`; some of it
    may have gone then, of which is told."""
    record, most, after = caller.huddle.record, caller.huddle.limits.history, 0
    first = said.edits or said.seq
    while True:
        with failing_as(NotReadable):
            found = await record.belonging(room.name, first, most, after)
        going = [
            each.seq
            for each in found
            if each.kind is not Kind.DELETED
            and (
                first in (each.seq, each.edits)
                # Who may erase a block was asked for one of its lines alone.
                or (whole and each.is_by(said.session, said.account))
            )
        ]
        # All at once, so that they are in one transaction.
        done = await DeferredList(
            [record.erase(room.name, seq, caller.session.number) for seq in going],
            consumeErrors=True,
        )
        _tell(caller, room, [gone for erased, gone in done if erased and gone is not None])
        with failing_as(NotRecorded):
            for _, failure in done:
                if isinstance(failure, Failure):
                    failure.raiseException()
        if len(found) < most:
            return
        after = found[-1].seq


def _tell(caller: Caller, room: Stream, erased: Sequence[Said]) -> None:
    """Programs are told of each, people of all at once: what was put right is one line to them."""
    huddle, nick = caller.huddle, caller.session.nick
    for tombstone in erased:
        room.history.erase(tombstone)
    huddle.directory.pages.forget(room.name)
    lines = sum(not each.edits for each in erased) or 1
    deleted = [
        Deleted(room.name, each.seq, nick, each.nick, lines=0 if at else lines)
        for at, each in enumerate(erased)
    ]
    huddle.sequencer.happen(lambda: deleted)


def _role_of_author(caller: Caller, room: Stream, said: Said) -> Role:
    registry = caller.huddle.registry
    if said.account:
        return caller.huddle.role(registry.accounts.numbered(said.account), room.name)
    return caller.huddle.role(registry.by_number(said.session), room.name)
