"""History: what a session asks of the record, within what one answer holds.

Readings take turns by address, and so do searches (`huddle.delivery.fair_queue`). Whether it may
read the room is asked before the record is, and again when it has answered: a session that was sent
away meanwhile is given nothing.

An answer has at most `Limits.history` messages, whose texts have at most `Limits.replies`
characters together: more would only wait for the peer, in our memory. No more than that is read
either, and a `STRETCH`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from typing import Any

from twisted.internet.defer import Deferred

from huddle.delivery.fair_queue import FairQueue
from huddle.delivery.history import with_tombstones
from huddle.delivery.stream import Stream
from huddle.huddle import Huddle
from huddle.people.rates import Throttle
from huddle.protocol.answers import Answer, Past, Written
from huddle.protocol.errors import NoMessageHere, NotReadable, TooFast, TookTooLong
from huddle.protocol.events import Kind, Said
from huddle.protocol.requests import History, Raw, Search
from huddle.protocol.timing import Scheduler
from huddle.record import SearchCut
from huddle.record.errors import failing_as
from huddle.visits.actions.caller import Caller

ON_ITS_WAY = 1.0
"""Seconds for which an answer waits, at the most, for what who asks has said before it."""

STRETCH = 64
"""Messages that are read at once of those that end somewhere: 256 KiB, if all are long."""


async def history(caller: Caller, request: History) -> Answer:
    """The last messages, those before a seq, or those since a time.

    Raises `NoSuchRoom`, `TooFast` and `NotReadable`.
    """
    room = caller.stream(request.room)
    read = _before if request.since is None else _since
    huddle = caller.huddle
    return await _in_turn(caller, huddle.reading, room, lambda: read(huddle, room, request))


async def search(caller: Caller, request: Search) -> Answer:
    """The newest messages with these words.

    Raises `NoSuchRoom`, `TooFast`, `TookTooLong` and `NotReadable`.
    """
    room = caller.stream(request.room)
    _pace(caller)
    return await _in_turn(
        caller, caller.huddle.searching, room, lambda: _found(caller.huddle, room, request)
    )


async def raw(caller: Caller, request: Raw) -> Answer:
    """A message, and the lines of its block behind it, for who wants them as they were written.

    Raises `NoSuchRoom`, `NoMessageHere`, `TooFast` and `NotReadable`.
    """
    room = caller.stream(request.room)
    return await _in_turn(caller, caller.huddle.reading, room, lambda: _raw(caller, room, request))


async def numbered(caller: Caller, room: Stream, seq: int) -> Said:
    """The message of that seq. Raises `NoMessageHere` where none is there any more, and
    `NotReadable`."""
    found: Sequence[Said] = ()
    if seq <= room.published:
        with failing_as(NotReadable):
            found = await caller.huddle.record.read(room.name, seq, seq)
    if not found or found[0].kind is Kind.DELETED:
        raise NoMessageHere
    return found[0]


async def _in_turn(
    caller: Caller, queue: FairQueue, room: Stream, read: Callable[[], Coroutine[Any, Any, Past]]
) -> Answer:
    """What ``read`` gives when it is the turn of the caller's address, if they may read the room
    then. Raises `NoSuchRoom`, `TooFast` and `NotReadable`.

    What they said before it, in the same write perhaps, has its place in the past by then; but
    where that takes longer than `ON_ITS_WAY`, they are given what there is.
    """
    huddle = caller.huddle
    if not huddle.sequencer.refusals.everything:
        await _or_later(huddle.sequencer.when_idle(caller.session.number), huddle.later)
    with failing_as(NotReadable):
        past = await queue.ask(caller.address, lambda: Deferred.fromCoroutine(read()))
    caller.stream(room.label)
    return past


def _or_later(idle: Deferred[None], later: Scheduler) -> Deferred[None]:
    """Fires when that does, and at the end of `ON_ITS_WAY` if that has not: a disk may stand still,
    or a node be cut off that does not know it yet."""
    if idle.called:
        return idle
    ended: Deferred[None] = Deferred()

    def end(_: object = None) -> None:
        if not ended.called:
            ended.callback(None)

    idle.addBoth(end)
    later(ON_ITS_WAY, end)
    return ended


def _pace(caller: Caller) -> None:
    session, rate = caller.session, caller.huddle.limits.searches
    if not rate:
        return
    now = caller.huddle.seconds()
    if session.searches is None:
        session.searches = Throttle(rate / 60, rate, now)
    wait = session.searches.take(now)
    if wait:
        raise TooFast(wait)


async def _before(huddle: Huddle, room: Stream, request: History) -> Past:
    """The last messages, or the last ones before a seq."""
    limits = huddle.limits
    before = min(request.before or room.published + 1, room.published + 1)
    oldest = room.history.oldest
    first = max(oldest, before - min(request.limit or limits.replay, limits.history))
    messages: list[Said] = []
    async for stretch in backwards(huddle, room, first, before - 1):
        messages[:0] = stretch
        if _fitting(messages[::-1], limits.replies) < len(messages):
            break
    return _newest(room, messages, first > oldest, request.id, limits.replies)


async def _since(huddle: Huddle, room: Stream, request: History) -> Past:
    """The first messages from a time on."""
    limits = huddle.limits
    first = await huddle.record.since(room.name, request.since or 0)
    last = first + min(request.limit or limits.history, limits.history) - 1
    messages = await _read(huddle, room, first, min(last, room.published), limits.replies)
    shown = messages[: _fitting(messages, limits.replies)]
    later = room.published - shown[-1].seq if shown else 0
    return Past(room.label, shown, first > room.history.oldest, later, id=request.id)


async def _found(huddle: Huddle, room: Stream, request: Search) -> Past:
    """The newest messages with these words."""
    limits = huddle.limits
    limit = min(request.limit or limits.found, limits.history)
    before = min(request.before or room.published + 1, room.published + 1)
    with room.history.erased_meanwhile() as erased:
        try:
            found = await huddle.record.search(room.name, request.words, limit, before)
            more = len(found) == limit
        except SearchCut as cut:
            found, more = cut.found, True
            if not found:
                raise TookTooLong from None
    found = [
        message for message in with_tombstones(found, erased) if message.kind is not Kind.DELETED
    ]
    return _newest(room, found, more, request.id, limits.replies)


async def _raw(caller: Caller, room: Stream, request: Raw) -> Past:
    limits, seq = caller.huddle.limits, request.seq
    said = await numbered(caller, room, seq)
    lines: list[Said] = []
    after, more = seq - 1, True
    while more and len(lines) <= limits.history and _fitting(lines, limits.replies) == len(lines):
        with room.history.erased_meanwhile() as erased:
            found = await caller.huddle.record.belonging(
                room.name, said.block or seq, STRETCH, after
            )
        lines += [
            each for each in with_tombstones(found, erased) if not each.edits or each.seq == seq
        ]
        more = len(found) == STRETCH
        after = found[-1].seq if found else after
    shown = lines[: min(_fitting(lines, limits.replies), limits.history)]
    return Written(room.label, shown, len(shown) < len(lines), id=request.id)


async def backwards(
    huddle: Huddle, room: Stream, first: int, last: int
) -> AsyncIterator[Sequence[Said]]:
    """The messages from ``first`` to ``last``, some at a time, the last ones first.

    Fails with `RecordFailure`.
    """
    for end in range(last, first - 1, -STRETCH) or [last]:
        yield await _read(huddle, room, max(first, end - STRETCH + 1), end)


async def _read(
    huddle: Huddle, room: Stream, first: int, last: int, size: int | None = None
) -> Sequence[Said]:
    with room.history.erased_meanwhile() as erased:
        messages = await huddle.record.read(room.name, first, last, size)
    return with_tombstones(messages, erased)


def _newest(room: Stream, messages: Sequence[Said], more: bool, id: int | None, limit: int) -> Past:
    fits = _fitting(messages[::-1], limit)
    shown = messages[len(messages) - fits :]
    return Past(room.label, shown, more or fits < len(messages), id=id)


def _fitting(messages: Sequence[Said], limit: int) -> int:
    """How many of these, from the first, have texts of at most ``limit`` characters together."""
    size = 0
    for count, message in enumerate(messages):
        size += len(message.text)
        if size > limit:
            return count
    return len(messages)
