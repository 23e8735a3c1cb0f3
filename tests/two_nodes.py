"""Two nodes in memory, and the log between them: two worlds with one clock.

A world stands for a node. Who talks on one is heard on the other when `World.settle` has been
called, which all verbs do: the log's delays are nothing unless ``faults`` say otherwise.
"""

from __future__ import annotations

from random import Random
from typing import Any

from huddle.protocol.limits import Limits
from huddle.record.memory import MemoryRecord
from huddle.server.clustered.clustered import Clustered
from tests.cluster.memory_log import Faults, MemoryEngine
from tests.in_memory_tcp import MemoryReactor
from tests.world import World


class TwoNodes:
    """The nodes ``a`` and ``b``. ``options`` are those of `World`, for both."""

    def __init__(self, faults: Faults | None = None, seed: int = 1, **options: Any) -> None:
        self.reactor = MemoryReactor()
        self.random = Random(seed)
        self.engine = MemoryEngine(self.reactor, self.random, faults or Faults(delay=0.0))
        self._options = options
        self.records: dict[str, MemoryRecord] = {}
        self.nodes: dict[str, Clustered] = {}
        self.a, self.b = self.start("a"), self.start("b")
        self.reactor.settle()

    def start(self, name: str) -> World:
        """Start the node of this name."""
        limits = self._options.get("limits") or Limits()
        record = self.records.setdefault(name, MemoryRecord(limits, f"record of {name}"))
        self.nodes[name] = node = Clustered(
            self.engine.view(), name, record, "the house", {"hold": limits.hold}, self._life
        )
        options = {"seed": 7 + len(self.nodes), **self._options}
        return World(node.record, reactor=self.reactor, clustered=node, **options)

    def _life(self) -> str:
        return f"{self.random.getrandbits(128):032x}"

    def settle(self) -> None:
        self.reactor.settle()
