"""Nodes over a real engine, whose members and whose nodes are killed while everybody talks.

The nodes are objects of this process, each with a connection of its own to three real members of
etcd; what they append is sealed. What the house promises is asked as it is of nodes over the log
in memory (`tests.cluster.small_house`).
"""

from __future__ import annotations

import os
from random import Random, uniform
from typing import Any

from huddle.cluster.batches import VERSION
from huddle.cluster.etcd.opening import Engine
from huddle.cluster.log import FROM_THE_START, Log
from huddle.cluster.sealed_log import SealedLog
from huddle.cluster.sealing import KEY_BYTES, Sealing
from huddle.cluster.state import first_state
from tests.client.in_reactor import in_reactor
from tests.cluster.engines import OnEtcd, connections
from tests.cluster.memory_log import Entry, Faults
from tests.cluster.real_etcd import Etcd
from tests.cluster.small_house import Member, Server, Town
from tests.patience import lasts_in_reactor, until_in_reactor

SECONDS = 60


class View:
    """What one node sees of the engine, until its network is cut for good."""

    def __init__(self, engine: Engine, log: Log) -> None:
        self._engine = engine
        self._log = log

    def __getattr__(self, name: str) -> Any:
        return getattr(self._log, name)

    @property
    def cut_off(self) -> bool:
        return False

    @cut_off.setter
    def cut_off(self, value: bool) -> None:
        if value:
            self._engine.log.close()


class RealEngine:
    """Stands where the engine in memory does: views that were opened before, and all entries."""

    def __init__(self, house: OnEtcd) -> None:
        self.faults = Faults()
        self.entries: list[Entry] = []
        self._house = house
        self._key = os.urandom(KEY_BYTES)
        self._spare: list[View] = []
        self._opened: list[Engine] = []

    async def open(self) -> None:
        """Have one more view at hand."""
        from twisted.internet import reactor

        engine = Engine(reactor, self._house.address, uniform, lambda code, detail: None)
        self._opened.append(engine)
        identity = await engine.log.open(os.urandom(16).hex())
        sealing = Sealing([self._key], identity.house, VERSION, os.urandom)
        self._spare.append(View(engine, SealedLog(engine.log, sealing)))

    def view(self) -> Any:
        return self._spare.pop()

    def follow(self) -> None:
        """Note all that comes, for replays."""
        self.view().follow(FROM_THE_START, self._noted, lambda gap: None)

    async def close(self) -> None:
        for engine in self._opened:
            await engine.close()
        await until_in_reactor(lambda: not connections())

    def _noted(self, position: int, entry: bytes) -> None:
        self.entries.append(Entry(position, len(self.entries) + 1, entry))


class RealTown(Town):
    """Three nodes over a real engine; time goes by itself."""

    def __init__(self, engine: RealEngine, seed: int) -> None:
        from twisted.internet import reactor

        self.random = Random(seed)
        reactor_clock: Any = reactor
        self.clock = reactor_clock
        stand_in: Any = engine
        self.engine = stand_in
        self.hasty = False
        self.shared = {"hold": 120}
        self.records, self.rules = {}, {}
        self.servers = {name: Server(self, name, first_state()) for name in "abc"}
        self.members = [Member(self, each, program=each < 6) for each in range(9)]

    def everybody_is_in(self) -> None:
        """Those who have lost their node, or have none yet, go to another."""
        for member in self.members:
            if not member.is_in and (member.server is None or member.server.dead):
                member.connect(self.random.choice(list(self.living())))


@in_reactor
async def test_once_and_in_one_order_whoever_is_killed(etcd: Etcd) -> None:
    from twisted.internet import reactor

    house = OnEtcd(etcd, "storm")
    engine = RealEngine(house)
    try:
        for _ in range(4):
            await engine.open()
        engine.follow()
        town = RealTown(engine, 1)
        for second in range(SECONDS):
            await trouble(second, town, engine, etcd)
            for _ in range(10):
                town.everybody_is_in()
                for member in town.random.sample(town.members, 3):
                    member.say()
                await lasts_in_reactor(0.1)
        await settle(town, engine)
        said = sum(len(member.placed) for member in town.members)
        assert said > 10 * SECONDS
        town.check()
    finally:
        for server in town.servers.values():
            server.kill()
        await engine.close()
        await until_in_reactor(lambda: not reactor.getDelayedCalls())


async def trouble(second: int, town: RealTown, engine: RealEngine, etcd: Etcd) -> None:
    """A member of the engine, or a node, is killed, comes back, and another is."""
    place = second // 12 % 3
    name = "abc"[place]
    if second % 12 == 2:
        etcd.members[place].kill()
    elif second % 12 == 5:
        etcd.members[place].start()
    elif second % 12 == 6:
        town.servers[name].kill()
    elif second % 12 == 10:
        await engine.open()
        town.restart(name)
    elif second % 12 == 11:
        town.random.choice(town.members).hang_up()


async def settle(town: RealTown, engine: RealEngine) -> None:
    """Everybody has come back, and all that was said is answered."""
    for name, server in town.servers.items():
        if server.dead:
            await engine.open()
            town.restart(name)

    def is_quiet() -> bool:
        town.everybody_is_in()
        return not any(member.waiting for member in town.members)

    await until_in_reactor(is_quiet)
    await until_in_reactor(
        lambda: (
            len({server.state.position for server in town.servers.values()}) == 1
            and engine.entries[-1].position == town.servers["a"].state.position
        )
    )
