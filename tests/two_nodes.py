"""Two nodes in memory, and the log between them: two worlds with one clock.

A world stands for a node. Who talks on one is heard on the other when `World.settle` has been
called, which all verbs do: the log's delays are nothing unless ``faults`` say otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import partial
from itertools import cycle
from random import Random
from typing import Any
from unittest.mock import patch

from twisted.internet.defer import Deferred, succeed
from twisted.internet.interfaces import IProtocolFactory
from typing_extensions import override

from huddle.cluster.entries import Upgrade
from huddle.cluster.nodes import node
from huddle.cluster.nodes.node_status import NodeStatus
from huddle.cluster.rules.upgrades import KNOWN_RULES
from huddle.cluster.snapshot import load
from huddle.doors.keepalive import BEAT
from huddle.people.operator_code import InMemory
from huddle.protocol.errors import NotRecorded
from huddle.protocol.limits import Limits
from huddle.record import Record
from huddle.record.memory import MemoryRecord
from huddle.server.clustered.clustered import Clustered
from huddle.server.clustered.shared_options import shared_options
from tests.cluster.memory_log import Faults, MemoryEngine, MemoryLog
from tests.in_memory_tcp import MemoryReactor
from tests.slow_record import SlowRecord
from tests.world import Peer, World

DAY = 86_400.0
"""Seconds."""


class TwoNodes:
    """The nodes ``a`` and ``b``. ``options`` are those of `World`, for both."""

    epoch = ""
    """That of the house; empty for one that is made of the seed."""

    rules = KNOWN_RULES
    """Those by which the house goes from the beginning."""

    def __init__(
        self,
        faults: Faults | None = None,
        seed: int = 1,
        record: Record | None = None,
        **options: Any,
    ) -> None:
        """``record`` is that of the node ``a``, where it is to be another than usual; the disk of
        a `SlowRecord` is both nodes', and the engine's."""
        self.reactor = MemoryReactor()
        self.random = Random(seed)
        self.engine = MemoryEngine(self.reactor, self.random, faults or Faults(delay=0.0))
        self.kept = options.pop("keep_ms", None), options.pop("keep_messages", None)
        self.options = options
        """Those of `World`, for the next start of a node."""
        self.records: dict[str, Record] = {} if record is None else {"a": record}
        if isinstance(record, SlowRecord):
            self.records["b"] = record.twin()
            self.engine.waits = record.waits
        self.states: dict[str, bytes] = {}
        """What is kept beside each record, by which its node starts again."""
        self.nodes: dict[str, Clustered] = {}
        self.views: dict[str, MemoryLog] = {}
        self.ended: dict[str, list[str]] = {}
        """Why each node has ended by itself, if it has."""
        self.words: dict[str, str] = {}
        """The key for return words that a node brings, where it brings one."""
        self.differing: list[Iterable[str]] = []
        """The options that nodes had other than the house, at each such start."""
        self.seed = seed
        self._starts = 0
        self.a, self.b = self.begin()
        self.reactor.settle()
        if self.rules > 1:  # at once, and not when a node has said so a second later
            upgrading = self.nodes["a"].node.propose(Upgrade(self.rules))
            upgrading.addErrback(lambda failure: failure.trap(NotRecorded))
            self.reactor.settle()

    def begin(self) -> tuple[World, World]:
        """Start both nodes."""
        return self.start("a"), self.start("b")

    def start(self, name: str) -> World:
        """Start the node of this name."""
        return World(**self.options_of(name))

    def options_of(self, name: str) -> dict[str, Any]:
        """What makes a world the node of this name: a new start of it, over its record."""
        limits = self.options.get("limits") or Limits()
        record = self.records.setdefault(name, MemoryRecord(limits, f"record of {name}"))
        shared = shared_options(
            limits,
            self.options.get("members_only", False),
            self.options.get("operators", ()),
            *self.kept,
        )
        self.views[name] = self.engine.view()
        self.nodes[name] = clustered = Clustered(
            self.views[name],
            name,
            record,
            self.epoch or f"epoch-{self.seed}",
            shared,
            self._life,
            ended=self.ended.setdefault(name, []).append,
            differs=self.differing.append,
            words=self.words.get(name, ""),
            state=load(self.states[name]) if name in self.states else None,
            keep_state=partial(self._keep_state, name),
        )
        self._starts += 1
        options = {"seed": 7 + self._starts, **self.options}
        made = {"record": clustered.record, "reactor": self.reactor, "clustered": clustered}
        return {**made, **options}

    def kill(self, name: str) -> None:
        """As kill -9: nobody is told anything, and nothing of the node comes to the log again."""
        world = getattr(self, name)
        self.views[name].cut_off = True
        self.nodes[name].node.status = NodeStatus.HALTED
        for peer in world.peers:
            peer.wire.break_off()

    def restart(self, name: str) -> World:
        """Start a node that was killed, over what its disk had."""
        world = self.start(name)
        setattr(self, name, world)
        self.reactor.settle()
        return world

    def _keep_state(self, name: str, dumped: bytes) -> Deferred[None]:
        self.states[name] = dumped
        return succeed(None)

    def _life(self) -> str:
        return f"{self.random.getrandbits(128):032x}"

    def passes(self, seconds: float) -> None:
        """Of a long time only what is near its ends passes with a beat a second."""
        pass_by = partial(World.passes, self.a)
        beat = 60 if seconds < DAY else 3600
        beats = round(seconds - 300) // beat
        if beats > 0:
            pass_by(200)
            with patch.multiple(node, WAITING=10.0 * beat, ALONE=30.0 * beat):
                with patch.object(node, "BEAT", float(beat)):
                    pass_by(beat * beats)
                pass_by(1)
            seconds -= 201 + beat * beats
        pass_by(seconds)

    def settle(self) -> None:
        """Do everything that is due, without letting time pass."""
        self.reactor.settle()


class InTurn(World):
    """A world of two nodes: who comes connects to the one and the other in turn."""

    def __init__(self, record: Record | None = None, **options: Any) -> None:
        world = self
        options.setdefault("code", InMemory())

        class Two(TwoNodes):
            @override
            def begin(self) -> tuple[World, World]:
                World.__init__(world, **self.options_of("a"))
                return world, self.start("b")

        self.two = Two(record=record, **options)
        self._take_turns()

    def _take_turns(self) -> None:
        self.two.b.passwords.beside = self.passwords
        self._doors = cycle((self.factory, self.two.b.factory))

    @override
    def attach(
        self,
        peer: Peer,
        address: str = "10.0.0.2",
        transport: str | None = None,
        door: IProtocolFactory | None = None,
    ) -> None:
        super().attach(peer, address, transport, door or next(self._doors))

    @override
    def passes(self, seconds: float) -> None:
        self.two.passes(seconds)

    @override
    def wall(self, at: datetime) -> None:
        super().wall(at)
        if hasattr(self, "two"):
            self.two.b.wall(at)

    @override
    def beats(self, seconds: float = 5.0) -> None:
        for _ in range(round(seconds / BEAT)):
            self.two.b.connections.beat()
            super().beats(BEAT)

    @override
    def crashes(self) -> World:
        for name in self.two.nodes:
            self.two.kill(name)
        self.two.options["at"] = datetime.fromtimestamp(self.now_ms() / 1000, UTC)
        again = object.__new__(InTurn)
        again.two = self.two
        World.__init__(again, **self.two.options_of("a"))
        self.two.a, self.two.b = again, self.two.start("b")
        again._take_turns()
        self.two.settle()
        return again

    @override
    def takes_nothing(self) -> None:
        """Both nodes have lost the engine, for so long that they refuse."""
        for view in self.two.views.values():
            view.cut_off = True
        self.passes(node.WAITING + 1)

    @override
    def takes_again(self) -> None:
        for view in self.two.views.values():
            view.cut_off = False
        self.passes(3)

    @override
    def lets_in_members_alone(self) -> None:
        for each, world in zip(self.two.nodes.values(), (self, self.two.b), strict=True):
            each.node.state.shared = {**each.node.state.shared, "members_only": True}
            world.huddle.registry.members_only = True

    @override
    def closes(self) -> None:
        super().closes()
        self.two.b.closes()
