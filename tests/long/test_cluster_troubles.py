"""Nodes as processes over a real engine: one is stopped for a while, the engine is an older one."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from huddle.cluster.apply import apply
from huddle.cluster.batches import VERSION
from huddle.cluster.effects import Cause, LifeDown
from huddle.cluster.sealing import Sealing
from huddle.cluster.state import first_state
from tests.lost.checker import of_record
from tests.lost.cluster_storm import KEY, ClusterStorm

PROGRAMS = 6


@pytest.fixture
def storm(tmp_path: Path) -> Iterator[ClusterStorm]:
    """Three nodes, with everybody in."""
    storm = ClusterStorm(tmp_path, PROGRAMS, Random(1))
    try:
        assert storm.crowd.goes_on_until(storm.crowd.is_in)
        yield storm
    finally:
        storm.crowd.leaves()
        storm.end()


def talk(storm: ClusterStorm, seconds: int) -> None:
    storm.crowd.eagerness = 5
    storm.crowd.goes_on(seconds)


def downs(storm: ClusterStorm) -> list[LifeDown]:
    """Who was put down, by the whole log."""
    sealing = Sealing([bytes.fromhex(KEY)], storm.log.house_id(), VERSION, os.urandom)
    state, found = first_state(), list[LifeDown]()
    for position, sealed in storm.log.entries:
        applied = apply(state, position, sealing.open(sealed))
        found += [each for each in applied.effects if isinstance(each, LifeDown)]
    return found


def test_a_node_that_was_stopped_goes_on_and_puts_nobody_down(storm: ClusterStorm) -> None:
    """Row: a node stands still for 20 seconds, and goes on."""
    talk(storm, 1)
    os.kill(storm.nodes["b"].pid, signal.SIGSTOP)
    talk(storm, 20)
    os.kill(storm.nodes["b"].pid, signal.SIGCONT)
    talk(storm, 2)
    assert "has lost the others" not in storm.nodes["b"].log
    storm.crowd.eagerness = 0
    storm.crowd.goes_on(3)  # what people with nc said last is acknowledged to nobody
    assert storm.crowd.goes_on_until(storm.crowd.knows_all)
    storm.log.catch_up()
    # On a busy machine it may be missed once more while it reads what it has missed.
    assert {(each.node, each.cause) for each in downs(storm)} == {("b", Cause.SILENT)}
    storm.crowd.leaves()
    storm._stop()
    storm._look()
    assert storm.seen.messages > 100
    assert not storm.seen.faults


def test_an_engine_from_a_backup_ends_all_nodes_with_what_they_had(storm: ClusterStorm) -> None:
    talk(storm, 1)
    storm.etcd.keep_copy()
    programs = storm.crowd.programs
    known = [len(each.acks) for each in programs]
    storm.crowd.eagerness = 5
    assert storm.crowd.goes_on_until(  # on all nodes: one that has nothing newer goes on
        lambda: all(len(each.acks) > had + 2 for each, had in zip(programs, known, strict=True))
    )
    storm.etcd.go_back()
    nodes = storm.nodes.values()
    assert storm.crowd.goes_on_until(lambda: all(each.has_ended() for each in nodes))
    longest = max((each.rows() for each in nodes), key=len)
    by_seq = {row.seq: row.text for row in longest}
    for program in programs:
        assert {id: by_seq[seq] for id, seq in program.acks.items()} == {
            id: program.said[id - 1] for id in program.acks
        }
    for node in nodes:
        assert node.stop() == os.EX_CONFIG
        assert "it was restored from an older copy" in node.log
        assert not [*of_record(node.rows())]
        assert node.rows() == longest[: len(node.rows())]
