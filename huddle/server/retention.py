"""Retention: what the record keeps no longer, looked for again and again while the server runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from twisted.logger import Logger

from huddle.locale import Wording
from huddle.record import Record, RecordFailure
from huddle.record.retention import ClockJumped

FORGETTING = 3600.0
"""Seconds from one look for what is older than `--keep`, and for sessions that are too many, to the
next."""


@dataclass(eq=False, repr=False)
class Retention:
    """Has the record delete what is older than ``keep_ms`` or beyond ``keep_messages`` a room.

    What becomes of it is told in the log. ``now_ms`` is the time of day.
    """

    _log = Logger()

    _record: Record
    _keep_ms: int | None
    _keep_messages: int | None
    _sessions_kept: int
    _now_ms: Callable[[], int]
    _wording: Wording

    async def forget(self) -> None:
        """Delete messages that are too old or too many."""
        _, ngettext = self._wording.gettext, self._wording.ngettext
        try:
            count = await self._record.forget(self._keep_ms, self._keep_messages, self._now_ms())
        except ClockJumped:
            news = _("the clock has jumped; nothing is deleted until it can be believed")
            self._log.warn("{news}", news=news)
        except RecordFailure:
            self._tell_failure()
        else:
            if count:
                news = ngettext(
                    "{count} old message deleted", "{count} old messages deleted", count
                )
                self._log.info("{news}", news=news.format(count=count))

    async def forget_sessions(self) -> None:
        """Delete the oldest of too many sessions: each connection leaves one behind."""
        try:
            await self._record.forget_sessions(0, self._sessions_kept)
        except RecordFailure:
            self._tell_failure()

    def _tell_failure(self) -> None:
        news = self._wording.gettext("the record could not delete what is old")
        self._log.warn("{news}", news=news)
