"""Crash cursors: how far those had read who were here when the server ended without warning.

It is not known what had reached those who were level: the last seconds before the crash are shown
again. This is noted at the start, and kept, since the next crash has other seconds. So it is with
those who were on another node, whether it is gone or has only not said yet that they are away.
"""

from __future__ import annotations

from collections.abc import Callable

from twisted.internet.defer import Deferred
from twisted.logger import Logger

from huddle.huddle import Huddle
from huddle.people.sessions import Session
from huddle.protocol.errors import NotRecorded
from huddle.protocol.events import is_inbox
from huddle.record.errors import failing_as

UNSURE_MS = 8_000
"""Milliseconds before a crash in which messages may not have reached a person of whom no lag is
known: three looks at their connection (`huddle.doors.tcp_info.Arrivals`)."""


class CrashCursors:
    """Sets, for sessions of which it is not known, where they were in their rooms.

    ``closed_at`` tells of a session, by its number, until when it was surely served where it was
    (Unix ms): on one machine until the last message before the start.
    """

    _log = Logger()

    def __init__(self, huddle: Huddle, closed_at: Callable[[int], int]) -> None:
        self._huddle = huddle
        self._closed_at = closed_at
        self._unsure_at = 0
        self._unsure: dict[str, int] = {}
        placing = Deferred.fromCoroutine(self._place_all())
        placing.addErrback(lambda failure: self._log.failure("Nobody knows who had what", failure))

    async def _place_all(self) -> None:
        for session in list(self._huddle.registry.sessions):
            if None in session.rooms.values():
                await self.place(session)
                self._huddle.saving.keep_quietly(session)

    async def place(self, session: Session) -> None:
        """Set where a session was that has no connection here, in rooms where that is not known.

        A program says so itself, but what waits in its inbox counts. Raises `NotRecorded`.
        """
        unsure = [name for name, cursor in session.rooms.items() if cursor is None]
        at = self._closed_at(session.number) if unsure else 0
        for name in unsure if session.key is None else filter(is_inbox, unsure):
            with failing_as(NotRecorded):
                first = await self._first_unsure(name, at)
            if session.outlet is None and session.rooms.get(name, 0) is None:
                session.rooms[name] = first - 1

    async def _first_unsure(self, room: str, closed_at: int) -> int:
        """The first seq that may not have reached those who were level when the record was closed.

        A message has the time at which its batch was begun. It was given out, at the latest, when
        the next one was begun: with a disk that stands still that may be much later. So the last
        batch that is old enough is not sure either; nor is what retention has removed just before,
        of which a person who comes back is told as of a gap.
        """
        if closed_at != self._unsure_at:
            self._unsure_at, self._unsure = closed_at, {}
        known = self._unsure  # the same for everybody who was there
        if room not in known:
            known[room] = await self._look_for_unsure(room, closed_at - UNSURE_MS)
        return known[room]

    async def _look_for_unsure(self, room: str, sure_until: int) -> int:
        record = self._huddle.record
        first = await record.since(room, sure_until)
        before = await record.read(room, first - 1, first - 1)
        if before:
            return await record.since(room, before[0].time)
        was_removed = first > 1 and record.extent(room).time >= sure_until
        return first - 1 if was_removed else first
