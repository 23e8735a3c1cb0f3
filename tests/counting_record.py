"""A record that counts the messages that are read of it."""

from __future__ import annotations

from collections.abc import Sequence

from twisted.internet.defer import Deferred
from typing_extensions import override

from huddle.protocol.events import Said
from huddle.protocol.limits import Limits
from huddle.record.memory import MemoryRecord


class CountingRecord(MemoryRecord):
    """It counts all of them, and the ``most`` that were read at once."""

    def __init__(self, limits: Limits) -> None:
        super().__init__(limits, epoch="counting")
        self.count = 0
        self.most = 0

    @override
    def read(
        self, room: str, first: int, last: int, size: int | None = None
    ) -> Deferred[Sequence[Said]]:
        def counted(messages: Sequence[Said]) -> Sequence[Said]:
            self.count += len(messages)
            self.most = max(self.most, len(messages))
            return messages

        return super().read(room, first, last, size).addCallback(counted)
