"""What a line costs the node on which it is said: Python's calls, the same on every machine.

They are counted from the bytes of its speaker to the ack, with what the engine is asked and what it
answers and shows: everybody waits for that. It was 358 calls for a line alone; and what was read
together was put into the log as two batches, its first line ahead of all others.
"""

from __future__ import annotations

import json
import os
from collections import Counter

import pytest

from huddle.cluster.batches import VERSION
from huddle.cluster.etcd.log import EtcdLog
from huddle.cluster.sealed_log import SealedLog
from huddle.cluster.sealing import KEY_BYTES, Sealing
from huddle.record.memory import MemoryRecord
from huddle.server.clustered.clustered import Clustered
from huddle.server.clustered.shared_options import shared_options
from tests.cluster.etcd.wire import Asked, Wire
from tests.in_memory_tcp import MemoryReactor
from tests.server.clustered.test_foreign_calls import HEADER, LIMITS, CountedCalls, shown
from tests.world import World

ALONE = 335
"""Calls for a line alone, told to its speaker alone."""
AMONG_MANY = 94
"""Calls for each of 64 that are read at once."""


class Engine:
    """An engine over a wire in memory, with one node."""

    def __init__(self) -> None:
        self._wire = Wire("http://a:1")
        log = EtcdLog(self._wire.gateway, "school", lambda most: most, lambda code, detail: None)
        log._engine = HEADER["cluster_id"]
        log._requests.known("id")
        self.shown: list[bytes] = []
        self._watch: Asked | None = None
        sealing = Sealing([bytes(KEY_BYTES)], "house", VERSION, os.urandom)
        shared = shared_options(LIMITS, False, (), None, None)
        self.record = MemoryRecord(LIMITS, "record")
        node = Clustered(
            SealedLog(log, sealing), "a", self.record, "epoch-1", shared, lambda: "a" * 32
        )
        self.reactor = MemoryReactor()
        self.world = World(
            record=node.record, reactor=self.reactor, clustered=node, limits=LIMITS, seed=3
        )

    def works(self) -> None:
        """Answer all that is asked, and show what was put into the log."""
        self.reactor.settle()
        self._wire.reactor.advance(0)
        while waiting := self._wire.all_asked():
            for asked in waiting:
                self._answer(asked)
            self.reactor.settle()
            self._wire.reactor.advance(0)

    def _answer(self, asked: Asked) -> None:
        if asked.path == "/v3/watch":
            self._watch = asked
            asked.begins()
            for line in self.shown:
                asked.goes_on(line)
            return
        put = asked.body["success"][0].get("request_put")
        if put is None:
            empty = {"header": HEADER, "succeeded": True, "responses": [{"response_range": {}}]}
            return asked.answers(empty)
        number = len(self.shown) + 1
        header = {**HEADER, "revision": str(number + 5)}
        kv = {**put, "mod_revision": header["revision"], "version": str(number)}
        result = {"header": header, "events": [{"kv": kv}]}
        self.shown.append(json.dumps({"result": result}).encode() + b"\n")
        asked.answers({"header": header, "succeeded": True, "responses": [{"response_put": {}}]})
        if self._watch is not None:
            self._watch.goes_on(self.shown[-1])


class Speaker:
    """A program on the one node of an engine, and the calls of what it says."""

    def __init__(self) -> None:
        self.engine = Engine()
        self.engine.works()
        self.engine.world.settle = self.engine.works  # type: ignore[method-assign]
        self._program = self.engine.world.program("ana")
        self._id = 0

    def says(self, count: int) -> Counter[str]:
        """So many lines that are read at once; the functions that are called until it has all
        acks."""
        self._id += count
        ids = range(self._id - count + 1, self._id + 1)
        self._program.sends_objects(
            *[{"type": "say", "id": id, "room": "huddle", "text": "x" * 64} for id in ids]
        )
        with CountedCalls() as calls:
            self.engine.works()
        assert self._program.reads()[-1]["seq"] == self._id
        return calls


@pytest.mark.parametrize(("lines", "most"), [(1, ALONE), (64, AMONG_MANY * 64)])
def test_what_is_read_at_once_is_one_entry_of_the_log(lines: int, most: int) -> None:
    speaker = Speaker()
    for _ in range(3):
        before = len(speaker.engine.shown)
        calls = speaker.says(lines)
        assert len(speaker.engine.shown) == before + 1
    assert calls.total() <= most, f"{calls.total()}\n{shown(calls)}"
