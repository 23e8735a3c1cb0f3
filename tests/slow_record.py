"""A record whose disk can be slow, refuse, and be found again by the next server."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from twisted.internet.defer import Deferred, fail, maybeDeferred, succeed
from typing_extensions import override

from huddle.protocol.events import Draft, Said
from huddle.protocol.limits import Limits
from huddle.record import AuditEntry, Kept, RecordFailure, SessionRow, Step
from huddle.record.memory import MemoryRecord

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Write:
    carry_out: Callable[[], Deferred[Any]]
    fired: Deferred[Any]
    messages: bool = False


class SlowRecord(MemoryRecord):
    """What a `MemoryRecord` is, with a disk under it.

    ``slow``: what is to be written waits until the test says `writes` or `refuses`.
    ``slow_to_read``: so does what is to be read, for `finds`.
    ``broken``: every write fails with `RecordFailure`; ``unreadable``: so does every reading.
    ``poison``: a batch that holds this text cannot be kept.
    """

    def __init__(self, limits: Limits | None = None, epoch: str = "epoch-of-disk") -> None:
        super().__init__(limits or Limits(), epoch)
        self.slow = False
        self.slow_to_read = False
        self.broken = False
        self.unreadable = False
        self.poison = ""
        self.batches: list[list[str]] = []
        """The texts of each batch that was to be appended."""
        self.kept: dict[str, list[Said]] = {}
        """Every message that was ever on the disk, by room."""
        self.readings = 0
        self._writes: deque[_Write] = deque()
        self._reads: deque[_Write] = deque()

    def twin(self) -> SlowRecord:
        """The record of another node, whose disk is slow when this one's is."""
        return _Twin(self)

    # -- the disk ------------------------------------------------------------------------------

    @property
    def waiting(self) -> int:
        """Writes that wait for the disk."""
        return len(self._writes)

    def writes(self, count: int = 1_000_000) -> None:
        """The disk carries out what waits, and what that makes wait, or the first few of it."""
        for _ in range(count):
            if not self._writes:
                return
            write = self._writes.popleft()
            write.carry_out().addCallbacks(write.fired.callback, write.fired.errback)

    def refuses(self, count: int = 1_000_000, error: Exception | None = None) -> None:
        """The disk keeps nothing of what waits, or of the first few.

        Batches of messages fail with this error, which is the disk's if none is given.
        """
        for _ in range(min(count, len(self._writes))):
            write = self._writes.popleft()
            write.fired.errback(error if error and write.messages else RecordFailure("refused"))

    def finds(self) -> None:
        """The disk has read what it was asked for."""
        while self._reads:
            read = self._reads.popleft()
            read.carry_out().addCallbacks(read.fired.callback, read.fired.errback)

    def waits(self, carry_out: Callable[[], Deferred[T]]) -> Deferred[T]:
        """Have it done when the disk has done all that waits for it."""
        return self._write(carry_out, messages=False)

    def commits_for_others(self, drafts: Sequence[Draft], time: int) -> None:
        """Another node has these kept, and the record tells of it."""
        told, self._told = self._told, None
        super().append(drafts, time).addCallback(self._note).addCallback(
            lambda messages: told and told((), messages)
        )
        self._told = told

    def loses_power(self, after: int = 0) -> None:
        """The first few writes are on the disk, which nobody will hear; the others are not."""
        self._told = None
        for _ in range(min(after, len(self._writes))):
            self._writes.popleft().carry_out().addErrback(lambda _: None)
        self._writes.clear()
        self._reads.clear()
        self.slow = self.slow_to_read = self.broken = self.unreadable = False

    def _write(self, carry_out: Callable[[], Deferred[Any]], messages: bool) -> Deferred[Any]:
        if not self.slow and not self._writes:
            return carry_out()
        write = _Write(carry_out, Deferred(), messages)
        self._writes.append(write)
        return write.fired

    def _read(self, carry_out: Callable[[], Deferred[Any]]) -> Deferred[Any]:
        self.readings += 1
        if self.unreadable:
            return fail(RecordFailure("unreadable"))
        if not self.slow_to_read:
            return carry_out()
        read = _Write(carry_out, Deferred())
        self._reads.append(read)
        return read.fired

    # -- huddle.record.Record ------------------------------------------------------------------

    @override
    def append(self, drafts: Sequence[Draft], time: int) -> Deferred[Sequence[Said]]:
        self.batches.append([draft.text for draft in drafts])
        return self._write(lambda: maybeDeferred(self._append, drafts, time), messages=True)

    def _append(self, drafts: Sequence[Draft], time: int) -> Deferred[Sequence[Said]]:
        if self.broken:
            raise RecordFailure("broken")
        if any(self.poison and self.poison in draft.text for draft in drafts):
            raise ValueError("poison")
        return super().append(drafts, time).addCallback(self._note)

    @override
    def step(self, step: Step) -> Deferred[Sequence[Said]]:
        return super().step(step).addCallback(self._note)

    def _note(self, messages: Sequence[Said]) -> Sequence[Said]:
        for message in messages:
            known = self.kept.setdefault(message.room, [])
            if not known or message.seq > known[-1].seq:  # two nodes keep the same
                known.append(message)
        return messages

    @override
    def save(self, *kept: Kept, by: int = 0) -> Deferred[None]:
        return self._change(lambda: super(SlowRecord, self).save(*kept))

    @override
    def erase(self, room: str, seq: int, by: int = 0) -> Deferred[Said | None]:
        return self._change(lambda: super(SlowRecord, self).erase(room, seq))

    @override
    def forget_sessions(self, seen_before: int, most: int) -> Deferred[int]:
        return self._change(lambda: super(SlowRecord, self).forget_sessions(seen_before, most))

    def _change(self, carry_out: Callable[[], Deferred[Any]]) -> Deferred[Any]:
        return self._write(lambda: maybeDeferred(self._unless_broken, carry_out), messages=False)

    def _unless_broken(self, carry_out: Callable[[], Deferred[Any]]) -> Deferred[Any]:
        if self.broken:
            raise RecordFailure("broken")
        return carry_out()

    @override
    def read(
        self, room: str, first: int, last: int, size: int | None = None
    ) -> Deferred[Sequence[Said]]:
        return self._read(lambda: super(SlowRecord, self).read(room, first, last, size))

    @override
    def search(
        self, room: str, query: str, limit: int, before: int | None = None
    ) -> Deferred[Sequence[Said]]:
        return self._read(lambda: super(SlowRecord, self).search(room, query, limit, before))

    @override
    def find(self, session: int, id: int) -> Deferred[Said | None]:
        return self._read(lambda: super(SlowRecord, self).find(session, id))

    @override
    def audit(self, limit: int) -> Deferred[Sequence[AuditEntry]]:
        return self._read(lambda: super(SlowRecord, self).audit(limit))

    @override
    def session_by_key(self, key: bytes) -> Deferred[SessionRow | None]:
        return self._read(lambda: super(SlowRecord, self).session_by_key(key))

    @override
    def session_by_word(self, word: bytes) -> Deferred[SessionRow | None]:
        return self._read(lambda: super(SlowRecord, self).session_by_word(word))

    @override
    def sessions_here(self) -> Sequence[SessionRow]:
        rows = (self._row(number) for number in self._rows)
        return [row for row in rows if row is not None and row.here]

    def number_of(self, key: bytes) -> int:
        """The session with this hashed secret; 0 for none."""
        return self._by_key.get(key, 0)

    @override
    def close(self) -> Deferred[None]:
        return succeed(None)


class _Twin(SlowRecord):
    """Waits with another for the same disk, in one line."""

    def __init__(self, other: SlowRecord) -> None:
        super().__init__(other._limits, other.epoch)
        self._other = other
        self.kept = other.kept

    @override
    def _write(self, carry_out: Callable[[], Deferred[Any]], messages: bool) -> Deferred[Any]:
        return self._other._write(carry_out, messages)

    @override
    def _read(self, carry_out: Callable[[], Deferred[Any]]) -> Deferred[Any]:
        return self._other._read(carry_out)
