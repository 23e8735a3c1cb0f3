"""Recall: what a session asks of the record, within what one answer holds.

An answer has at most `Limits.history` messages, whose texts have at most `Limits.replies`
characters together: more would only wait for the peer, in our memory.
"""

from __future__ import annotations

from collections.abc import Sequence

from twisted.internet.defer import Deferred

from huddle.events import Past, Said
from huddle.huddle import Huddle
from huddle.requests import History, Search
from huddle.rooms import Room
from huddle.sessions import Session


def recall(huddle: Huddle, session: Session, request: History | Search) -> Deferred[Past]:
    """Fires with the answer. Fails with `NoSuchRoom` and `RecordFailure`."""
    if isinstance(request, Search):
        return Deferred.fromCoroutine(_found(huddle, session, request))
    if request.since is not None:
        return Deferred.fromCoroutine(_since(huddle, session, request, request.since))
    return Deferred.fromCoroutine(_before(huddle, session, request))


async def _before(huddle: Huddle, session: Session, request: History) -> Past:
    """The last messages, or the last ones before a seq."""
    room, limits = huddle.room_of(session, request.room), huddle.limits
    before = min(request.before or room.published + 1, room.published + 1)
    oldest = room.history.oldest
    first = max(oldest, before - min(request.limit or limits.replay, limits.history))
    messages = await huddle.record.read(room.name, first, before - 1)
    return _newest(room, messages, first > oldest, request.id, limits.replies)


async def _since(huddle: Huddle, session: Session, request: History, since: int) -> Past:
    """The first messages from a time on."""
    room, limits = huddle.room_of(session, request.room), huddle.limits
    first = await huddle.record.since(room.name, since)
    last = first + min(request.limit or limits.history, limits.history) - 1
    messages = await huddle.record.read(room.name, first, min(last, room.published))
    shown = messages[: _fitting(messages, limits.replies)]
    later = room.published - shown[-1].seq if shown else 0
    return Past(room.label, shown, first > room.history.oldest, request.id, later)


async def _found(huddle: Huddle, session: Session, request: Search) -> Past:
    """The newest messages with these words."""
    room, limits = huddle.room_of(session, request.room), huddle.limits
    limit = min(request.limit or limits.found, limits.history)
    before = min(request.before or room.published + 1, room.published + 1)
    found = await huddle.record.search(room.name, request.words, limit, before)
    return _newest(room, found, len(found) == limit, request.id, limits.replies)


def _newest(room: Room, messages: Sequence[Said], more: bool, id: int | None, limit: int) -> Past:
    fitting = _fitting(messages[::-1], limit)
    shown = messages[len(messages) - fitting :]
    return Past(room.label, shown, more or fitting < len(messages), id)


def _fitting(messages: Sequence[Said], limit: int) -> int:
    """How many of these, from the first, have texts of at most ``limit`` characters together."""
    size = 0
    for count, message in enumerate(messages):
        size += len(message.text)
        if size > limit:
            return count
    return len(messages)
