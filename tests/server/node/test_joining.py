"""A node on its way in, and what it keeps beside its record."""

from __future__ import annotations

import os
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from twisted.internet.defer import Deferred
from twisted.internet.task import Clock
from twisted.python.failure import Failure

from huddle.cluster.batches import VERSION
from huddle.cluster.etcd.address import address_of
from huddle.cluster.etcd.log import Identity
from huddle.cluster.sealing import NoSuchKey, Sealing
from huddle.cluster.snapshot import dump
from huddle.cluster.state import first_state
from huddle.locale import translator
from huddle.protocol.limits import Limits
from huddle.record import Record, Step
from huddle.record.memory import MemoryRecord
from huddle.server.node import joining
from huddle.server.node.options import ClusterOptions
from huddle.server.node.state_file import StateFile
from tests.record.awaited_record import numbered, sqlite_record


def joins(kept: Record, folder: Path, records_first: bool = False) -> Any:
    """A node on its way in, over this record."""
    options = ClusterOptions(address_of("etcd://127.0.0.1:1/house"), "a", "key", [bytes(32)])
    history = str(folder / "huddle.db")
    wording, report = translator("en"), lambda _: None
    return joining.Joining(options, kept, history, Clock(), wording, report, records_first)


def test_the_state_is_written_by_one_thread_at_a_time_and_in_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk may be slower than the next state, or than the end of the node."""
    writing: list[tuple[bytes, Deferred[None]]] = []

    def begin(_write: Callable[..., object], _identity: Identity, dumped: bytes) -> Deferred[None]:
        writing.append((dumped, Deferred()))
        return writing[-1][1]

    monkeypatch.setattr(joining, "deferToThread", begin)
    node = joins(MemoryRecord(Limits(), "e"), tmp_path)
    node._identity = Identity("engine", "house")
    for dumped in (b"1", b"2", b"3"):
        node._keep_state(dumped)
    for number in range(3):
        assert [dumped for dumped, _ in writing] == [b"1", b"2", b"3"][: number + 1]
        writing[number][1].callback(None)


@pytest.mark.parametrize("position", [0, 70])
def test_what_a_server_alone_has_gone_on_with_is_no_nodes_record_any_more(
    position: int, tmp_path: Path
) -> None:
    """However its state file comes back to it, which was taken away and would fit."""
    state = first_state()
    state.position = position
    StateFile(str(tmp_path / "huddle.db")).write(Identity("engine", "house"), dump(state))
    awaited = sqlite_record(tmp_path)
    awaited.answer(awaited.record.step(Step(70, [numbered(1, "hola")], [0])))
    awaited.close()
    awaited = sqlite_record(tmp_path)
    joins(awaited.record, tmp_path)
    awaited.close()
    sqlite_record(tmp_path, alone=True).close()
    awaited = sqlite_record(tmp_path)
    with pytest.raises(joining.CannotJoin, match="own-house"):
        joins(awaited.record, tmp_path)
    awaited.close()


@pytest.mark.parametrize(("position", "found"), [(0, 0), (69, None), (70, 70), (71, 70)])
def test_a_state_that_is_ahead_of_the_record_is_none_to_start_from(
    position: int, found: int | None, tmp_path: Path
) -> None:
    """Where the record is lost all is read again; where it is an older one, people decide."""
    state = first_state()
    state.position = 70
    StateFile(str(tmp_path / "huddle.db")).write(Identity("engine", "house"), dump(state))
    awaited = sqlite_record(tmp_path)
    if position:
        awaited.answer(awaited.record.step(Step(position, [numbered(1, "hola")], [0])))
    if found is None:
        with pytest.raises(joining.CannotJoin, match="bad-state"):
            joins(awaited.record, tmp_path)
    else:
        assert joins(awaited.record, tmp_path)._state.position == found
    awaited.close()


def test_a_file_that_is_no_state_is_none_to_start_from(tmp_path: Path) -> None:
    Path(StateFile(str(tmp_path / "huddle.db")).path).write_bytes(b"{}\n")
    with pytest.raises(joining.CannotJoin, match="bad-state"):
        joins(MemoryRecord(Limits(), "e"), tmp_path)


@pytest.mark.parametrize("records_first", [False, True])
def test_nothing_waits_for_its_place_in_a_record_that_is_to_have_it_first(
    tmp_path: Path, records_first: bool
) -> None:
    node = joins(MemoryRecord(Limits(), "e"), tmp_path, records_first)
    assert (node._write_after is None) is records_first


def test_a_node_s_record_whose_state_is_gone_is_none_to_start_from(tmp_path: Path) -> None:
    record = MemoryRecord(Limits(), "e")
    assert joins(record, tmp_path)._state.position == 0  # of what is empty nothing is missed
    record.step(Step(70, [numbered(1, "hola")], [0]))
    with pytest.raises(joining.CannotJoin, match="no-state"):
        joins(record, tmp_path)


class Engine:
    """What a node asks of its engine, in memory: the house is the one of this test."""

    def __init__(self, newest: bytes = b"") -> None:
        self.log = self
        self._newest = newest
        self.said: dict[str, bytes] = {}

    async def open(self, fresh: str, known: Identity | None) -> Identity:
        return known or Identity("engine", "house")

    async def newest(self) -> bytes:
        return self._newest

    async def say_place(self, node: str, place: bytes) -> None:
        self.said[node] = place

    async def places(self) -> dict[str, bytes]:
        return self.said


def came(asked: Coroutine[Deferred[Any], Any, Any]) -> Any:
    """What it has come to, which is known at once."""
    outcomes: list[Any] = []
    Deferred.fromCoroutine(asked).addBoth(outcomes.append)
    return outcomes[0].value if isinstance(outcomes[0], Failure) else outcomes[0]


def test_the_house_is_noted_when_it_is_found_and_a_state_of_it_stays_as_it_is(
    tmp_path: Path,
) -> None:
    file = StateFile(str(tmp_path / "huddle.db"))
    node = joins(MemoryRecord(Limits(), "e"), tmp_path)
    node.engine = Engine()
    came(node._open())
    found = file.read()
    assert found is not None and found[0] == Identity("engine", "house")
    state = first_state()
    state.time = 7
    file.write(found[0], dump(state))
    node = joins(MemoryRecord(Limits(), "e"), tmp_path)
    node.engine = Engine()
    came(node._open())
    found = file.read()
    assert found is not None and found[1].time == 7


def test_a_house_that_is_sealed_under_another_key_is_left_before_anything_is_noted(
    tmp_path: Path,
) -> None:
    sealed = Sealing([b"x" * 32], "house", VERSION, os.urandom).seal(b"hola")
    node = joins(MemoryRecord(Limits(), "e"), tmp_path)
    node.engine = Engine(sealed)
    assert isinstance(came(node._open()), NoSuchKey)
    assert StateFile(str(tmp_path / "huddle.db")).read() is None


def test_other_nodes_are_asked_where_they_have_said_and_no_stranger_is(tmp_path: Path) -> None:
    node, engine = joins(MemoryRecord(Limits(), "e"), tmp_path), Engine()
    node.engine = engine
    _, node._sealing = came(node._open())
    came(node.say_place("10.0.0.1", 7000))
    engine.said |= {"b": engine.said["a"], "c": b"10.0.0.3"}
    assert came(node.others()) == {"b": ("10.0.0.1", 7000)}
