"""A node that stops says so behind all that was said; one that is over waits for nothing."""

from __future__ import annotations

from collections.abc import Sequence

from twisted.internet.defer import Deferred, fail
from twisted.python.failure import Failure
from typing_extensions import override

from huddle.cluster.batches import Batch, encode
from huddle.cluster.entries import Beat
from huddle.cluster.snapshot import load
from huddle.protocol.events import Said
from huddle.protocol.limits import Limits
from huddle.record import RecordFailure, Step
from huddle.record.memory import MemoryRecord
from tests.cluster.memory_log import Faults
from tests.two_nodes import TwoNodes


class FailingRecord(MemoryRecord):
    """A node's record whose disk fails as soon as the test says so."""

    broken = False

    @override
    def step(self, step: Step) -> Deferred[Sequence[Said]]:
        return fail(RecordFailure("broken")) if self.broken else super().step(step)


class LateRecord(MemoryRecord):
    """A node's record whose disk takes its time from when the test says so."""

    late: list[Deferred[None]] | None = None

    @override
    def step(self, step: Step) -> Deferred[Sequence[Said]]:
        if self.late is None:
            return super().step(step)
        self.late.append(Deferred())
        return self.late[-1].addCallback(lambda _: MemoryRecord.step(self, step))


def fired(stopping: Deferred[None]) -> bool:
    return stopping.called


def test_it_leaves_behind_all_that_was_said_and_the_others_know_at_once() -> None:
    two = TwoNodes()
    ana, bob = two.a.person("ana"), two.b.person("bob")
    ana.forgets()
    two.engine.faults = Faults(delay=0.5)
    bob.says("one", "two")
    stopping = two.nodes["b"].stop()
    two.settle()
    assert not fired(stopping)
    ana.hears()
    two.a.passes(5)
    assert fired(stopping)
    ana.hears("<bob> one", "<bob> two")
    assert [life.node for life in two.nodes["a"].node.state.lives.values()] == ["a"]


def test_its_state_is_kept_then_and_is_that_of_its_record() -> None:
    two = TwoNodes()
    two.b.person("bob").says("one")
    dumps: list[bytes] = []
    two.nodes["b"]._states.keep = lambda dumped: dumps.append(dumped) or Deferred()  # type: ignore
    two.nodes["b"].stop()
    two.settle()
    assert load(dumps[-1]).position == two.records["b"].position


def test_a_node_whose_record_has_failed_stops_at_once(logged_failures: list[Failure]) -> None:
    """Row: a node's disk is full."""
    record = FailingRecord(Limits(), "record of a")
    two = TwoNodes(record=record)
    ana, bob = two.a.person("ana"), two.b.person("bob")
    causes: list[str] = []
    two.nodes["a"]._ended = causes.append
    record.broken = True
    ana.says("is on no disk of mine")
    two.settle()
    assert causes == ["record"]
    bob.hears("<ana> is on no disk of mine")
    bob.says("and nobody hears this there")
    assert "nobody hears" not in "".join(ana.reads())
    assert fired(two.nodes["a"].stop())
    assert all(each.check(RecordFailure) for each in logged_failures)
    logged_failures.clear()


def test_a_node_that_is_fenced_while_it_stops_waits_no_longer() -> None:
    two = TwoNodes()
    two.a.person("ana")
    two.views["a"].cut_off = True
    two.a.passes(1)
    stopping = two.nodes["a"].stop()
    two.settle()
    assert not fired(stopping)
    two.nodes["a"].halted("fenced")
    assert fired(stopping)


def test_a_node_that_is_over_lets_its_record_take_what_is_on_its_way() -> None:
    """Or its record was closed meanwhile, and its log told of one that fails."""
    record = LateRecord(Limits(), "late")
    two = TwoNodes(record=record)
    record.late = []
    two.b.person("bob").says("one")
    batch = encode(Batch("ff" * 16, "z", 1, 0, 0, [Beat()]))
    two.engine.take(batch.replace(b'{"v":1', b'{"v":2'))
    two.settle()
    assert two.ended["a"] == ["rules"]
    stopping = two.nodes["a"].stop()
    assert not fired(stopping)
    while record.late:
        record.late.pop(0).callback(None)
        two.settle()
    assert fired(stopping)
    assert record.extent("huddle").newest == 1
