"""What comes out of the log is recorded and told one batch after the other, and nothing that takes
long is awaited between two of them."""

from __future__ import annotations

from collections.abc import Sequence

from twisted.internet.defer import Deferred
from twisted.python.failure import Failure
from typing_extensions import override

from huddle.protocol.events import Said
from huddle.protocol.limits import Limits
from huddle.record import RecordFailure
from huddle.record.memory import MemoryRecord
from tests.two_nodes import TwoNodes


class Busy(MemoryRecord):
    """A record that goes on with its commits while all else waits that is asked of it."""

    def __init__(self) -> None:
        super().__init__(Limits(), "record of a")
        self.waiting: list[Deferred[int]] = []
        self.is_busy = False

    @override
    def forget(self, keep_ms: int | None, keep_messages: int | None, now: int) -> Deferred[int]:
        if not self.is_busy:
            return super().forget(keep_ms, keep_messages, now)
        self.waiting.append(Deferred())
        return self.waiting[-1]

    @override
    def forget_sessions(self, seen_before: int, most: int) -> Deferred[int]:
        return self.forget(None, None, 0)

    @override
    def read(
        self, room: str, first: int, last: int, size: int | None = None
    ) -> Deferred[Sequence[Said]]:
        return Deferred() if self.is_busy else super().read(room, first, last, size)


def test_what_is_said_does_not_wait_for_the_deletion_of_what_is_old() -> None:
    record = Busy()
    two = TwoNodes(record=record, keep_messages=5, limits=Limits(sessions_kept=1))
    ana, bob = two.a.person("ana"), two.b.person("bob")
    for at in range(2):
        two.a.person(f"p{at}").says("/quit")
    ana.forgets()
    record.is_busy = True
    for _ in range(2):
        two.nodes["a"].record.forget(None, 5, two.a.now_ms())
        two.nodes["a"].record.forget_sessions(0, 1)
        two.settle()
    bob.says("at once")
    ana.hears("<bob> at once")
    assert len(record.waiting) == 1  # the record has one to do at a time
    for _ in range(3):
        record.waiting[-1].callback(0)
    assert len(record.waiting) > 1


def test_a_deletion_that_fails_ends_neither_the_node_nor_the_next_one(
    logged_failures: list[Failure],
) -> None:
    record = Busy()
    two = TwoNodes(record=record, keep_messages=5)
    ana, bob = two.a.person("ana"), two.b.person("bob")
    ana.forgets()
    record.is_busy = True
    for error in (RecordFailure("full"), KeyError("a fault of ours")):
        two.nodes["a"].record.forget(None, 5, two.a.now_ms())
        two.settle()
        record.waiting[-1].errback(error)
    bob.says("heard")
    ana.hears("<bob> heard")
    assert two.ended["a"] == []
    assert [each.check(KeyError) for each in logged_failures] == [KeyError]
    logged_failures.clear()


def test_what_is_said_behind_a_deletion_does_not_wait_for_those_who_read() -> None:
    record = Busy()
    two = TwoNodes(record=record)
    ana, bob = two.a.person("ana"), two.b.person("bob")
    bob.says("secret")
    ana.forgets()
    record.is_busy = True
    bob.says("/delete", "and on")
    heard = ana.reads()
    assert heard[-1] == "<bob> and on"
    assert len(heard) == 2
    record.is_busy = False
    ana.says("/history")
    assert not any("secret" in line for line in ana.reads())
