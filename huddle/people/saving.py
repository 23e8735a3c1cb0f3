"""Saving: what the record is to keep of those who are here, and the time of the house.

A session's row is kept anew whenever something of it changes. Who must not be told before it is
kept waits for `Saving.keep`; the rest is kept quietly, and a failure is only logged.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from twisted.logger import Logger

from huddle.people.preferences import DEFAULTS
from huddle.people.sessions import Session
from huddle.protocol.errors import HuddleError, NotRecorded
from huddle.record import AuditEntry, Kept, Record, RecordFailure, SessionRow

OWED = 1000
"""Acts of moderation that are remembered while the record can take nothing."""


class Saving:
    """``now_ms`` is the time of day in milliseconds."""

    _log = Logger()

    def __init__(self, record: Record, now_ms: Callable[[], int]) -> None:
        self._record = record
        self._now_ms = now_ms
        self._last_time = record.last_time
        self._owed: list[AuditEntry] = []
        self._is_failing = False
        """Whether the last of what no caller waits for was refused: that is logged once."""

    def stamp(self) -> int:
        """The time of day in milliseconds, never before the last one that was given."""
        self._last_time = max(self._last_time, self._now_ms())
        return self._last_time

    async def save(self, *kept: Kept, by: int = 0) -> None:
        """Have the record keep all of these, or none, as this session wants it. Raises
        `NotRecorded`, also where the record fails in a way of which it knows nothing, and what a
        record refuses that asks whether it may."""
        try:
            await self._record.save(*kept, by=by)
        except RecordFailure as failure:  # as `failing_as` does, for each who comes in
            raise NotRecorded from failure
        except HuddleError:
            raise
        except Exception as failure:  # who asked is to hear it, and to put back what was changed
            self._log.failure("What was to be kept went wrong")
            raise NotRecorded from failure

    def keep(self, session: Session) -> Awaitable[None]:
        """Have the record keep what is known of the session. Raises `NotRecorded`."""
        return self.save(self.row(session))

    def row(self, session: Session, here: bool = True) -> SessionRow:
        """What is known of the session now, as the record holds it; ``here``: it has not left."""
        # Each by its place: to be found by thirteen names takes as long as all the rest of this.
        return SessionRow(
            session.number,
            session.nick,
            session.key,
            session.word,
            session.word_time,
            here,
            self.stamp(),
            dict(session.rooms),
            session.last_id,  # which is saved where the row was forgotten meanwhile
            0 if session.account is None else session.account.row.number,
            session.version,
            tuple([f"{identity} {nick}" for identity, nick in session.ignores])
            if session.ignores
            else (),
            session.word_at,
            "" if session.preferences is DEFAULTS else session.preferences.written(),
        )

    def keep_quietly(
        self, session: Session, here: bool = True, *, forgotten_first: bool = False
    ) -> None:
        """The same when no caller waits for it; what cannot be kept is only logged.

        ``forgotten_first``: it counts as the oldest of all that have left.
        """
        row = self.row(session, here)
        if forgotten_first:
            row = replace(row, seen=0)
        if session.account is None:
            self.save_quietly(row)
        else:
            self.save_quietly(row, *self._read_inbox(session))

    def save_quietly(self, *kept: Kept) -> None:
        """Have the record keep this when no caller waits for it; a failure is only logged."""
        if kept:
            owed, self._owed = self._owed, []
            saved = self._record.save(*owed, *kept)
            if self._is_failing:
                saved.addCallback(self._recover)
            saved.addErrback(lambda _: self._owe(*owed, *kept))

    def _recover(self, _: object) -> None:
        self._is_failing = False

    def _owe(self, *kept: Kept) -> None:
        """Acts of moderation that could not be kept are, with what is kept next."""
        if not self._is_failing:
            self._is_failing = True
            self._log.warn("Something could not be kept in the record")
        acts = [each for each in kept if isinstance(each, AuditEntry)]
        self._owed = [*acts, *self._owed][:OWED]

    def _read_inbox(self, session: Session) -> Sequence[Kept]:
        """An account has read what any of its devices has."""
        account, read = session.account, session.rooms.get(session.inbox)
        if account is None or read is None or read <= account.row.read:
            return ()
        account.row = replace(account.row, read=read)
        return (account.row,)
