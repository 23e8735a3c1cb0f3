"""A record that keeps what it is given only when it is told to, in order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from twisted.internet.defer import Deferred
from typing_extensions import override

from huddle.protocol.events import Draft, Said
from huddle.protocol.limits import Limits
from huddle.record.memory import MemoryRecord


class LateRecord(MemoryRecord):
    """What it is given waits for `keeps`."""

    def __init__(self, limits: Limits) -> None:
        super().__init__(limits, epoch="late")
        self._waiting: list[Deferred[Any]] = []

    @override
    def append(self, drafts: Sequence[Draft], time: int) -> Deferred[Sequence[Said]]:
        done: Deferred[Sequence[Said]] = Deferred()
        done.addCallback(lambda _: super(LateRecord, self).append(drafts, time))
        self._waiting.append(done)
        return done

    def keeps(self) -> None:
        """Keep what it was given."""
        waiting, self._waiting = self._waiting, []
        for each in waiting:
            each.callback(None)
