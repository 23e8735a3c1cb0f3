"""What a node starts from again is on its disk from time to time, and no one waits for it."""

from __future__ import annotations

import pytest
from twisted.internet.defer import Deferred, succeed

from huddle.cluster import dumping
from huddle.cluster.apply import apply
from huddle.cluster.snapshot import digest, load
from huddle.cluster.state import first_state
from huddle.server.clustered import state_keeping
from tests.two_nodes import TwoNodes


class Kept:
    """A house whose node a keeps its state at every eighth batch, an object in each turn."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(state_keeping, "MARK_EVERY", 8)
        monkeypatch.setattr(dumping, "SLICE", 1)
        self.two = TwoNodes()
        self.dumps: list[bytes] = []
        self.node = self.two.nodes["a"]
        self.node._states.keep = self.keep
        self.writing: Deferred[None] | None = None

    def keep(self, dumped: bytes) -> Deferred[None]:
        self.dumps.append(dumped)
        return succeed(None) if self.writing is None else self.writing

    def talks(self) -> None:
        ana, bob = self.two.a.person("ana"), self.two.b.person("bob")
        for at in range(20):
            ana.sends(f"m{at}\n".encode())
            bob.sends(f"/msg ana n{at}\n/join room{at}\n".encode())
            self.two.settle()
        self.two.a.passes(3)


def test_each_is_the_state_of_its_position(monkeypatch: pytest.MonkeyPatch) -> None:
    house = Kept(monkeypatch)
    house.talks()
    assert len(house.dumps) > 3
    state, entries = first_state(), iter(house.two.engine.entries)
    for dumped in house.dumps:
        kept = load(dumped)
        while state.position < kept.position:
            entry = next(entries)
            apply(state, entry.position, entry.bytes)
        assert digest(state) == digest(kept)
    assert house.node.node.kept == load(house.dumps[-1]).position


def test_no_turn_of_the_reactor_writes_more_than_a_slice(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside what the batches of that turn are about."""
    house, written = Kept(monkeypatch), list[int]()
    go_on = dumping.Dumping.go_on

    def counted(self: dumping.Dumping) -> bytes | None:
        before, made = self.writes, go_on(self)
        written.append(self.writes - before)
        return made

    monkeypatch.setattr(dumping.Dumping, "go_on", counted)
    house.talks()
    assert len(written) > 3 * len(house.dumps) > 0
    assert max(written) == 1


def test_from_a_state_that_the_disk_has_not_yet_nothing_is_let_go_of(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    house = Kept(monkeypatch)
    house.writing = Deferred()
    house.talks()
    assert house.dumps
    assert house.node.node.kept == 0
    house.writing.callback(None)
    assert house.node.node.kept > 0


def test_a_node_that_stops_keeps_the_state_of_then(monkeypatch: pytest.MonkeyPatch) -> None:
    house = Kept(monkeypatch)
    house.node._states._dumping = dumping.Dumping(house.node.node.state)  # one is under way
    house.talks()
    assert not house.dumps
    house.node.stop()
    house.two.settle()
    [dumped] = house.dumps
    assert digest(load(dumped)) == digest(house.node.node.state)
    assert type(house.node.node.state.sessions) is dict
