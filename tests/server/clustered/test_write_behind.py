"""What was said is told before this node's record has it, and no one who reads that finds it
missing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from twisted.internet.defer import Deferred
from twisted.internet.task import Clock
from twisted.python.failure import Failure
from typing_extensions import override

from huddle.protocol.events import Kind, Said
from huddle.protocol.limits import Limits
from huddle.record import RecordFailure, Step
from huddle.record.memory import MemoryRecord
from huddle.server.clustered.write_behind import MOST, TOGETHER, WriteBehind
from huddle.server.node.joining import WRITE_AFTER
from tests.server.clustered.test_clustered import messages
from tests.two_nodes import TwoNodes
from tests.world import Peer, Program


class LateRecord(MemoryRecord):
    """A record whose disk is late, from when the test says so until it says `writes`."""

    def __init__(self) -> None:
        super().__init__(Limits(), "record of b")
        self.is_late = False
        self.given: list[tuple[Step, Deferred[Sequence[Said]]]] = []

    @override
    def step(self, step: Step) -> Deferred[Sequence[Said]]:
        if not self.is_late:
            return super().step(step)
        self.given.append((step, Deferred()))
        return self.given[-1][1]

    def writes(self) -> None:
        """The disk has what it was given, and is late no more."""
        self.is_late = False
        while self.given:
            step, kept = self.given.pop(0)
            super().step(step).chainDeferred(kept)


class Late:
    """Two nodes, of which ``b`` has such a record, and somebody on each."""

    def __init__(self) -> None:
        self.two = TwoNodes(limits=Limits(per_address=0, flood_rate=0))
        self.record = LateRecord()
        self.two.b.closes()
        self.two.records["b"] = self.record
        self.two.b = self.two.start("b")
        self.two.settle()
        self.ana = self.two.a.person("ana")
        self.bob = self.two.b.person("bob")
        self.bob.forgets()
        self.record.is_late = True

    def writes(self) -> None:
        self.record.writes()
        self.two.settle()

    def settled(self, person: Peer) -> list[str]:
        """What the person has been told by now, and not looked at."""
        self.two.settle()
        told = person.reads()
        person.forgets()
        return told


def test_what_is_said_is_told_before_the_record_has_it() -> None:
    late = Late()
    late.ana.says("one", "two")
    assert late.settled(late.bob) == ["<ana> one", "<ana> two"]
    assert messages(late.record, "huddle") == []
    late.bob.says("three")
    assert late.settled(late.ana)[-1] == "<bob> three"
    late.writes()
    assert messages(late.record, "huddle") == messages(late.two.records["a"], "huddle")
    assert [each.seq for each in messages(late.record, "huddle")] == [1, 2, 3]


def test_who_reads_the_record_meanwhile_waits_for_what_was_told() -> None:
    for asks, found in (
        ("/history 2", ["one", "two"]),
        ("/search two", ["two"]),
    ):
        late = Late()
        late.ana.says("one", "two")
        late.bob.forgets()
        late.bob.says(asks)
        assert not any("<ana>" in line for line in late.settled(late.bob))
        late.writes()
        told = late.settled(late.bob)
        assert [line.rpartition("> ")[2] for line in told if "<ana>" in line] == found


def test_who_comes_is_shown_what_was_told() -> None:
    late = Late()
    late.ana.says("one", "two")
    late.two.settle()
    eva = Program(late.two.b, "eva", "secret of eva" * 4)
    late.two.b.attach(eva)
    eva.sends_objects({"type": "hello", "v": 1, "nick": "eva", "session": eva.secret})
    late.writes()
    late.two.settle()
    told = [each for each in eva.reads() if each["type"] in ("welcome", "said")]
    assert told[0]["rooms"]["huddle"]["seq"] == 2
    assert [each["text"] for each in told[1:]] == ["one", "two"]


def test_a_line_that_a_program_says_again_has_the_seq_that_it_was_told() -> None:
    late = Late()
    late.record.is_late = False
    bot = late.two.b.program("bot")
    late.record.is_late = True
    say = {"type": "say", "id": 1, "room": "huddle", "text": "once"}
    bot.sends_objects(say)
    late.two.settle()
    bot.sends_objects(say)
    late.writes()
    acks = [each["seq"] for each in bot.reads() if each["type"] == "ack"]
    assert acks == [1, 1]
    assert [each.text for each in messages(late.record, "huddle")] == ["once"]


def test_what_happens_besides_waits_for_the_record_and_what_is_said_behind_it_too() -> None:
    late = Late()
    late.ana.says("before", "/me waves")
    late.two.a.person("eva").says("behind")
    assert late.settled(late.bob) == ["<ana> before", "* ana waves"]
    late.writes()
    assert late.settled(late.bob) == ["-- eva joined", "<eva> behind"]


def test_a_node_that_is_killed_before_its_record_has_it_reads_it_again() -> None:
    late = Late()
    late.ana.says("one", "two")
    assert late.settled(late.bob) == ["<ana> one", "<ana> two"]
    late.two.kill("b")
    late.record.given.clear()
    late.record.is_late = False
    late.two.restart("b")
    late.two.a.passes(1)
    assert messages(late.record, "huddle") == messages(late.two.records["a"], "huddle")
    assert [each.text for each in messages(late.record, "huddle")] == ["one", "two"]


def test_no_more_than_so_many_batches_are_told_that_the_record_does_not_have() -> None:
    late = Late()
    for number in range(MOST + 20):
        late.ana.says(f"line {number}")
        late.two.settle()
    assert late.settled(late.bob) == [f"<ana> line {number}" for number in range(MOST)]
    late.writes()
    assert late.settled(late.bob) == [f"<ana> line {number}" for number in range(MOST, MOST + 20)]
    assert messages(late.record, "huddle") == messages(late.two.records["a"], "huddle")


def test_a_node_that_is_to_wait_for_its_disk_tells_nothing_before() -> None:
    late = Late()
    late.two.nodes["b"]._records_first = True  # as where `--sync full` is given
    late.ana.says("one")
    assert late.settled(late.bob) == []
    late.writes()
    assert late.settled(late.bob) == ["<ana> one"]


class RefusingRecord(MemoryRecord):
    """A record that refuses some, and would take what comes behind: its disk was full just then."""

    def __init__(self) -> None:
        super().__init__(Limits(), "refusing")
        self.refuses = False
        self.answers: list[Deferred[None]] = []

    @override
    def follow(self, steps: Sequence[Step]) -> Deferred[None]:
        if self.refuses:
            self.answers.append(Deferred())
            return self.answers[-1]
        return super().follow(steps)


def told(write_behind: WriteBehind, position: int) -> None:
    text = f"line {position}"
    said = Said("huddle", position, position, 1, "ana", Kind.SAY, text)
    write_behind.take(Step(position, [said], [0]))


READS: dict[str, Callable[[WriteBehind, RefusingRecord], Deferred[Any]]] = {
    "what waits": lambda write_behind, record: write_behind.written(),
    "who reads": lambda write_behind, record: write_behind.behind(
        lambda: record.read("huddle", 1, 9)
    ),
    "a step": lambda write_behind, record: write_behind.behind(lambda: record.step(Step(9))),
}


@pytest.mark.parametrize("asked", READS)
@pytest.mark.parametrize("already", [True, False])
def test_nothing_goes_into_a_record_behind_what_it_has_refused(asked: str, already: bool) -> None:
    """Each line has the number of its place: one behind a hole would be another's for ever."""
    clock, record, failures = Clock(), RefusingRecord(), list[Failure]()
    write_behind = WriteBehind(record, 0.02, failures.append)
    write_behind.later = clock.callLater
    told(write_behind, 1)
    clock.advance(0.02)
    record.refuses = True
    told(write_behind, 2)
    clock.advance(0.02)
    told(write_behind, 3)
    clock.advance(0.02)
    failed: list[Failure] = []
    if not already:
        READS[asked](write_behind, record).addErrback(failed.append)
    record.refuses = False
    [refused] = record.answers  # what was told meanwhile is not given behind it
    refused.errback(Failure(RecordFailure("full")))
    told(write_behind, 4)
    clock.advance(0.02)
    if already:
        READS[asked](write_behind, record).addErrback(failed.append)
    assert [each.text for each in messages(record, "huddle")] == ["line 1"]
    assert [each.check(RecordFailure) for each in failed] == [RecordFailure]
    assert len(failures) == 1


def test_what_is_told_while_the_record_writes_is_written_when_it_has() -> None:
    clock, record = Clock(), RefusingRecord()
    write_behind = WriteBehind(record, 0.02, Failure.raiseException)
    write_behind.later = clock.callLater
    record.refuses = True
    told(write_behind, 1)
    clock.advance(0.02)
    told(write_behind, 2)
    clock.advance(0.02)
    record.refuses = False
    [answer] = record.answers
    record.step(Step(1, [Said("huddle", 1, 1, 1, "ana", Kind.SAY, "line 1")], [0]))
    answer.callback(None)
    assert [each.text for each in messages(record, "huddle")] == ["line 1", "line 2"]


def test_many_that_are_told_at_once_are_written_before_their_time() -> None:
    clock, record = Clock(), RefusingRecord()
    write_behind = WriteBehind(record, 60.0, Failure.raiseException)
    write_behind.later = clock.callLater
    for position in range(1, TOGETHER):
        told(write_behind, position)
    assert record.extent("huddle").newest == 0
    told(write_behind, TOGETHER)
    assert record.extent("huddle").newest == TOGETHER


def test_what_is_said_in_half_a_second_is_one_transaction() -> None:
    clock, record = Clock(), RefusingRecord()
    write_behind = WriteBehind(record, WRITE_AFTER, Failure.raiseException)
    write_behind.later = clock.callLater
    for position in range(1, 6):
        told(write_behind, position)
        assert record.extent("huddle").newest == 0
        clock.advance(0.1)
    assert record.extent("huddle").newest == 5


def test_of_batches_without_messages_the_last_stands_for_all() -> None:
    """In a quiet house there is one a second and node, and nothing else to write."""
    record = LateRecord()
    write_behind = WriteBehind(record, 1.0, lambda _: None)
    write_behind.later = Clock().callLater
    for position in range(1, 10 * MOST):
        write_behind.take(Step(position))
    assert record.position == 0 and not write_behind.is_full
    write_behind.write()
    assert record.position == 10 * MOST - 1
