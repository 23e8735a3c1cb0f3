"""A sealed log: the engine sees nothing of it, and what it makes up is nothing to a node."""

from __future__ import annotations

import os
from random import Random

import pytest
from twisted.internet.task import Clock

from huddle.cluster.batches import BadBatch, decode
from huddle.cluster.log import Cause, Gap
from huddle.cluster.sealed_log import SealedLog
from huddle.cluster.sealing import Sealing
from tests.cluster.memory_log import MemoryEngine
from tests.cluster.reader import Reader

KEY, OTHER = b"k" * 32, b"o" * 32


class Sealed:
    """An engine, and what nodes with these keys see of it."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.engine = MemoryEngine(self.clock, Random(1))

    def node(self, *keys: bytes) -> SealedLog:
        return SealedLog(self.engine.view(), Sealing(keys, "house", 1, os.urandom))

    def wait(self) -> None:
        self.clock.pump([0.01] * 100)


def test_the_engine_does_not_see_what_the_nodes_do() -> None:
    sealed = Sealed()
    here, there = sealed.node(KEY), sealed.node(KEY)
    reader = Reader(there)
    here.append(b"a secret")
    sealed.wait()
    assert reader.entries == [b"a secret"]
    assert b"secret" not in sealed.engine.entries[0].bytes


def test_what_the_engine_makes_up_is_passed_over_in_its_place() -> None:
    sealed = Sealed()
    log = sealed.node(KEY)
    reader = Reader(log)
    log.append(b"a")
    sealed.wait()
    *genuine, last = sealed.engine.entries[0].bytes
    forged = bytes([*genuine, last ^ 1])
    for entry in (forged, b"", b"x"):
        sealed.engine.take(entry)
    log.append(b"b")
    sealed.wait()
    assert reader.entries == [b"a", b"", b"", b"", b"b"]
    with pytest.raises(BadBatch):
        decode(b"")


def test_a_node_without_the_key_goes_no_further_than_it_can_read() -> None:
    """Row: a node has another key."""
    sealed = Sealed()
    old, both, new = sealed.node(KEY), sealed.node(KEY, OTHER), sealed.node(OTHER)
    readers = [Reader(old), Reader(both), Reader(new)]
    old.append(b"a")
    sealed.wait()
    new.append(b"b")
    sealed.wait()
    old.append(b"c")
    sealed.wait()
    assert [reader.entries for reader in readers] == [[b"a"], [b"a", b"b", b"c"], []]
    position = readers[0].position
    assert readers[0].gaps == [Gap(Cause.SEALED, position)]
    assert readers[2].gaps == [Gap(Cause.SEALED, 0)] and not readers[1].gaps
