"""Two nodes in memory whose house has begun with the record of a server alone.

`Moved` is a world of one server that comes back from a crash as such a house: what holds over a
restart is to hold over that, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import copy, deepcopy
from datetime import UTC, datetime
from typing import Any, cast

from twisted.internet.defer import Deferred
from typing_extensions import override

from huddle.cluster.batches import BEGINS_ELSEWHERE
from huddle.cluster.naming import keyed
from huddle.cluster.snapshot import dump
from huddle.cluster.state import State
from huddle.record import Record, SessionRow, Step
from huddle.record.memory import MemoryRecord
from huddle.server.node.founding_state import state_of
from tests.cluster.memory_log import Entry
from tests.two_nodes import InTurn, TwoNodes
from tests.world import World

WORDS = (b"key" * 11).hex()
"""The key by which worlds hash return words."""
FOUNDED = 41
"""The position of the first entry."""


def founded(record: Record, operators: Iterable[str] = ()) -> tuple[State, Sequence[SessionRow]]:
    """The state at the beginning of the house, and what the record is to keep anew."""
    results: list[tuple[State, Sequence[SessionRow]]] = []
    making = Deferred.fromCoroutine(state_of(record, WORDS, FOUNDED, map(keyed, operators)))
    making.addCallback(results.append)
    [made] = results
    return made


def twin(record: Record) -> MemoryRecord:
    """A copy of the record, as it is given to another node."""
    made = copy(cast(MemoryRecord, record))
    made._told = made._soon = None
    return deepcopy(made)


class Founded(TwoNodes):
    """Two nodes, of which ``a`` has begun the house with this record."""

    def __init__(self, record: Record, **options: Any) -> None:
        self._beginning = twin(record)
        self.epoch = record.epoch
        super().__init__(record=self._beginning, **options)

    @override
    def begin(self) -> tuple[World, World]:
        state, rows = founded(self._beginning, self.options.get("operators", ()))
        self._beginning.step(Step(FOUNDED, kept=rows))
        self.states["a"] = dump(state)
        self.engine.entries.append(Entry(FOUNDED, 1, BEGINS_ELSEWHERE))
        self.a = self.start("a")
        self.settle()
        return self.a, self.joins("b")

    def joins(self, name: str) -> World:
        """A node that has nothing meets the first entry, and is given what ``a`` has."""
        self.start(name)
        self.settle()
        assert self.ended[name].pop() == "truncated"
        held: list[int] = []
        giver = self.nodes["a"].log_hold
        holding = giver.hold_log(self.nodes[name].log_hold.needs_from)
        Deferred.fromCoroutine(holding).addCallback(held.append)
        self.settle()
        assert held
        self.records[name], self.states[name] = twin(self.records["a"]), self.states["a"]
        world = self.start(name)
        self.settle()
        giver.let_log_go(*held)
        return world


class Moved(World):
    """A server alone, with whose record a house of two nodes begins after a crash; who comes then
    connects to the one and the other in turn."""

    @override
    def crashes(self) -> World:
        for peer in self.peers:
            peer.wire.break_off()
        again = object.__new__(InTurn)

        class Two(Founded):
            @override
            def start(self, name: str) -> World:
                if name != "a":
                    return super().start(name)
                World.__init__(again, **self.options_of("a"))
                return again

        two: Any = Two(
            self.record,
            limits=self.limits,
            transport=self.transport,
            language=self._language,
            motd=self._motd,
            at=datetime.fromtimestamp(self.now_ms() / 1000, UTC),
            members_only=self._members_only,
            operators=self._operators,
            others=self._others,
            code=self._code,
        )
        again.two = two
        again._take_turns()
        return again
