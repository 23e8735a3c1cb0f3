"""What a line of another node costs this one: Python's calls, which are the same on every machine.

They are counted from the bytes that the engine's watch sends until the state has the line, those
who are here were told it, and the record has it. Nobody is here: that is what each node does for
each line, whoever is on it. It was 119 calls for a line in a batch of its own, and 23 for each of
64 in one.
"""

from __future__ import annotations

import json
import os
import sys
from base64 import b64encode
from collections import Counter
from collections.abc import Callable
from types import FrameType

from twisted.internet.defer import Deferred
from typing_extensions import override

from huddle.cluster.batches import VERSION
from huddle.cluster.etcd.following import EtcdFollowing
from huddle.cluster.etcd.messages import Requests
from huddle.cluster.log import Deliver, Following, Gap, Log, Same
from huddle.cluster.sealed_log import SealedLog
from huddle.cluster.sealing import KEY_BYTES, Sealing
from huddle.protocol.limits import Limits
from huddle.record.memory import MemoryRecord
from huddle.server.clustered.clustered import Clustered
from huddle.server.clustered.shared_options import shared_options
from tests.cluster.etcd.wire import Wire
from tests.in_memory_tcp import MemoryReactor
from tests.two_nodes import TwoNodes
from tests.world import World

ALONE = 87
"""Calls for a line in a batch of its own."""
AMONG_MANY = 13
"""Calls for each of 64 in one batch."""
BEAT = 43
"""Calls for a beat, of which each node is told one a second by each."""
LIMITS = Limits(per_address=0, flood_rate=0)
_OURS = (
    "/tests/",
    "/twisted/internet/base.py",
    "/twisted/internet/task.py",
    "/testing.py",
)
"""Where the engine and the clock of the tests are, which are not counted."""
HEADER = {"cluster_id": "7", "member_id": "12", "revision": "5", "raft_term": "2"}


class Watched(Log):
    """A log of which a watch tells over a wire in memory; nothing is ever appended to it."""

    def __init__(self) -> None:
        self.wire = Wire("http://a:1")
        self._requests = Requests("school")
        self._requests.known("id")

    @override
    def append(self, entry: bytes) -> Deferred[int]:
        return Deferred()

    @override
    def truncate(self, before: int) -> Deferred[None]:
        return Deferred()

    @override
    def follow(
        self, after: int, deliver: Deliver, gap: Callable[[Gap], None], same: Same | None = None
    ) -> Following:
        gateway, pauses = self.wire.gateway, lambda most: most
        return EtcdFollowing(
            gateway, self._requests, "7", after, deliver, gap, same, pauses, lambda trouble: None
        )

    def begins(self) -> None:
        self.wire.reactor.advance(0)
        found = {"header": HEADER, "succeeded": True, "responses": [{"response_range": {}}]}
        self.wire.asked().answers(found)
        self._watch = self.wire.asked()
        self._watch.begins()

    def shows(self, line: bytes) -> None:
        self._watch.goes_on(line)


class Foreign:
    """A node on which nobody is, and what another one has written."""

    def __init__(self) -> None:
        self.two = TwoNodes(limits=LIMITS)
        self.ana = self.two.a.program("ana")
        self._log = Watched()
        self._sealing = Sealing([bytes(KEY_BYTES)], "house", VERSION, os.urandom)
        self.record = MemoryRecord(LIMITS, "record of c")
        shared = shared_options(LIMITS, False, (), None, None)
        sealed = SealedLog(self._log, self._sealing)
        node = Clustered(sealed, "c", self.record, "epoch-1", shared, lambda: "c" * 32)
        self._reactor = MemoryReactor()
        self.world = World(
            record=node.record, reactor=self._reactor, clustered=node, limits=LIMITS, seed=3
        )
        self._reactor.settle()
        self._log.begins()
        self._shown = 0
        self._id = 0
        self.reads()

    def says(self, count: int) -> None:
        """Somebody on the other node says so many in one write."""
        says = []
        for _ in range(count):
            self._id += 1
            says.append({"type": "say", "id": self._id, "room": "huddle", "text": "x" * 64})
        self.ana.sends_objects(*says)
        self.two.settle()

    def reads(self) -> Counter[str]:
        """The node is shown all that was written; the functions that are called meanwhile."""
        lines = []
        for entry in self.two.engine.entries[self._shown :]:
            self._shown += 1
            value = b64encode(self._sealing.seal(entry.bytes)).decode()
            kv = {"mod_revision": str(entry.position + 5), "version": str(self._shown)}
            event = {"kv": {**kv, "key": "aHVkZGxl", "create_revision": "5", "value": value}}
            result = {"header": HEADER, "events": [event]}
            lines.append(json.dumps({"result": result}).encode() + b"\n")
        with CountedCalls() as calls:
            for line in lines:
                self._log.shows(line)
            self._reactor.settle()
        return calls

    def beats(self) -> None:
        """Both of the other nodes say that they are there, and nobody on them says anything."""
        self.two.reactor.pass_by(1.0)


class CountedCalls:
    """Counts the functions that are called within it, but for those of the tests and the clock."""

    def __enter__(self) -> Counter[str]:
        self._calls: Counter[str] = Counter()
        sys.setprofile(self._note)
        return self._calls

    def __exit__(self, *_: object) -> None:
        sys.setprofile(None)

    def _note(self, frame: FrameType, event: str, _: object) -> None:
        code = frame.f_code
        if event == "call" and not any(each in code.co_filename for each in _OURS):
            self._calls[f"{code.co_filename.rpartition('/')[2]}:{code.co_qualname}"] += 1


def shown(calls: Counter[str]) -> str:
    return "\n".join(f"{count:4} {name}" for name, count in calls.most_common())


def test_a_line_of_another_node_in_a_batch_of_its_own() -> None:
    foreign = Foreign()
    for _ in range(3):
        foreign.says(1)
        calls = foreign.reads()
    assert foreign.record.extent("huddle").newest == 3
    assert calls.total() <= ALONE, shown(calls)


def test_a_line_of_another_node_among_many_in_one_batch() -> None:
    foreign = Foreign()
    for _ in range(2):
        foreign.says(65)  # the first goes at once, and the others while it is under way
        calls = foreign.reads()
    assert foreign.record.extent("huddle").newest == 130
    assert calls.total() <= ALONE + AMONG_MANY * 64, shown(calls)


def test_a_beat_of_another_node() -> None:
    foreign = Foreign()
    foreign.says(1)
    foreign.reads()
    foreign.beats()
    calls = foreign.reads()
    assert calls["apply.py:<lambda>"] == 2
    assert calls.total() <= 2 * BEAT, shown(calls)
