"""Which message is meant: by its number, as the last of a person, as one of one's own."""

from __future__ import annotations

from collections.abc import Callable

from twisted.internet.defer import Deferred

from huddle.delivery.stream import Stream
from huddle.people.registry import Owner
from huddle.people.sessions import Session
from huddle.protocol.errors import NoMessageHere, NotReadable
from huddle.protocol.events import INBOX, Kind, Said
from huddle.protocol.names import folded_key
from huddle.record.errors import failing_as
from huddle.visits.actions.caller import Caller
from huddle.visits.actions.history import backwards, numbered

SPOKEN = (Kind.SAY, Kind.ME)
"""The kinds of what a person says and does, which can be put right."""


async def last_own(caller: Caller, room: Stream) -> Said | None:
    """What the caller said last, by `/me` or without. Raises `NotReadable`."""
    return await _last(
        caller, room, lambda said: said.kind in SPOKEN and is_own(caller, room, said)
    )


async def last_anywhere(caller: Caller, public: Said | None) -> Said | None:
    """What the caller said last: ``public``, which is in the room, or something to one person alone
    that came later. Raises `NotReadable`.

    What is private must not be taken for what all have heard, nor the other way: of two that were
    said in one millisecond it counts what the connection knows.
    """
    aside, lately = await _last_private(caller), caller.paste.was_private
    if aside is None or public is None:
        return aside or public
    return aside if (aside.time, lately) > (public.time, not lately) else public


async def _last_private(caller: Caller) -> Said | None:
    if not caller.huddle.record.extent(caller.session.inbox).newest:
        return None  # a person without an inbox needs none for this
    inbox = caller.stream(INBOX)
    return await _last(caller, inbox, lambda said: said.kind in SPOKEN and bool(said.to))


async def last_of(caller: Caller, room: Stream, nick: str | None) -> Said | None:
    """The last message under that nick, or of the person who has it now, whatever they were called
    then; None: the caller's own. Raises `NotReadable`."""

    key = None if nick is None else folded_key(nick)
    person = None if nick is None else caller.huddle.registry.meant(nick)

    def fits(said: Said) -> bool:
        if said.kind is Kind.DELETED:
            return False
        if key is None:
            return is_own(caller, room, said)
        return folded_key(said.nick) == key or _is_by(said, person)

    return await _last(caller, room, fits)


async def own_numbered(caller: Caller, room: Stream, seq: int) -> Said:
    """The message of that seq, which is the caller's. Raises as `numbered` does, and
    `NoMessageHere` where it is another's."""
    said = await numbered(caller, room, seq)
    if not is_own(caller, room, said):
        raise NoMessageHere
    return said


def is_own(caller: Caller, room: Stream, said: Said) -> bool:
    """Whether it is the caller's: said by this session or account, or in their own inbox."""
    return room.name == caller.session.inbox or caller.session.is_author(said)


def _is_by(said: Said, person: Owner | None) -> bool:
    if isinstance(person, Session):
        return said.session == person.number
    return person is not None and (said.account == person.number or said.session in person.sessions)


async def _last(caller: Caller, room: Stream, fits: Callable[[Said], bool]) -> Said | None:
    await caller.huddle.sequencer.in_turn()  # one's last line may be on its way
    with failing_as(NotReadable):
        return await caller.huddle.reading.ask(
            caller.address, lambda: Deferred.fromCoroutine(_look_for(caller, room, fits))
        )


async def _look_for(caller: Caller, room: Stream, fits: Callable[[Said], bool]) -> Said | None:
    """The last message of which that is so, of the `Limits.history` last ones."""
    first = max(room.published - caller.huddle.limits.history, 0) + 1
    async for stretch in backwards(caller.huddle, room, first, room.published):
        for said in reversed(stretch):
            if fits(said):
                return said
    return None
