"""How soon a new node is level, beginning with another's record of a million messages.

The messages are put into the engine by the thousand, as a node would put them; then the engine lets
go of them, and a node starts from nothing while programs talk on.
"""

import argparse
import os
import random
import tempfile
import time
from pathlib import Path

from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

from benchmarks.report import Report
from benchmarks.runs.disk import folder
from benchmarks.runs.paired import tell
from benchmarks.table import Table
from huddle.cluster.batches import VERSION, Batch, encode
from huddle.cluster.entries import Begin, Entry, Say, Up
from huddle.cluster.etcd.address import address_of
from huddle.cluster.etcd.opening import Engine
from huddle.cluster.naming import keyed
from huddle.cluster.sealed_log import SealedLog
from huddle.cluster.sealing import Sealing
from tests.lost.cluster_storm import KEY
from tests.lost.crowd import Crowd
from tests.lost.peer_house import PeerHouse

PATIENCE = 900.0
BATCH = 1000
TEXT = "x" * 64
MOST = 60.0
"""Seconds after which a node that begins with a million messages has to be level."""
HEAD = ("messages", "MiB of record", "level after", "the others stood still", "said meanwhile")


def cluster_start(asked: argparse.Namespace) -> Report:
    """Start a node from nothing beside one that has so many messages, while programs talk."""
    with tempfile.TemporaryDirectory(dir=folder()) as place:
        house = PeerHouse(Path(place), "ab")
        try:
            tell(f"{asked.kept:,} messages")
            written(house, asked.kept)
            seconds, row = measured(house, asked.kept)
        finally:
            house.end()
    return Report(
        name="cluster-start",
        tables=[Table("A node starts from nothing", HEAD, [row])],
        found={"start": row},
        good=seconds <= MOST,
    )


def measured(house: PeerHouse, messages: int) -> tuple[float, tuple[str, ...]]:
    """After how many seconds the node is level, and the row of the table."""
    crowd = house.crowd
    crowd.eagerness = 2
    assert crowd.goes_on_until(lambda: all(each.acks for each in crowd.programs), PATIENCE)
    house.compacts()
    house.nodes["c"] = house.node("c")
    crowd.goes_on(2)
    tell("the new node starts")
    acks = Acks(crowd)
    begun = time.monotonic()
    house.starts("c", lambda ready: crowd.goes_on_until(lambda: acks.look() or ready(), PATIENCE))
    seconds = time.monotonic() - begun
    size = house.nodes["c"].database.stat().st_size / 2**20
    times = (f"{seconds:.1f} s", f"{acks.longest:.2f} s")
    return seconds, (f"{messages:,}", f"{size:.0f}", *times, str(acks.count - acks.first))


class Acks:
    """What a crowd is acknowledged, and the longest time in seconds in which nothing was."""

    def __init__(self, crowd: Crowd) -> None:
        self._crowd = crowd
        self.first = self.count = self._now()
        self.longest = 0.0
        self._last = time.monotonic()

    def _now(self) -> int:
        return sum(len(each.acks) for each in self._crowd.programs)

    def look(self) -> bool:
        """Count what has come since; false, so that it can be asked beside something else."""
        now, time_now = self._now(), time.monotonic()
        if now > self.count:
            self.longest = max(self.longest, time_now - self._last)
            self.count, self._last = now, time_now
        return False


def written(house: PeerHouse, messages: int) -> None:
    """Put so many messages into the log, as of a node that is there for nothing else."""
    from twisted.internet import reactor

    troubles: list[Failure] = []
    writing = Deferred.fromCoroutine(_write(house, messages))
    writing.addErrback(troubles.append)
    writing.addBoth(lambda _: reactor.stop())
    reactor.run()
    for trouble in troubles:
        trouble.raiseException()


async def _write(house: PeerHouse, messages: int) -> None:
    from twisted.internet import reactor

    address = address_of(house.engine)
    engine = Engine(reactor, address, random.uniform, lambda code, detail: None)
    identity = await engine.log.open(os.urandom(16).hex())
    log = SealedLog(engine.log, Sealing([bytes.fromhex(KEY)], identity.house, VERSION, os.urandom))
    life = os.urandom(16).hex()

    async def append(n: int, *entries: Entry) -> None:
        await log.append(encode(Batch(life, "writer", n, 0, time.time_ns() // 10**6, entries)))

    await append(1, Up({}), Begin(keyed("writer"), (keyed("huddle"),), "ee" * 32))
    for n in range(messages // BATCH):
        ids = range(n * BATCH + 1, (n + 1) * BATCH + 1)
        await append(n + 2, *(Say(1, id, TEXT, "huddle") for id in ids))
    await engine.close()
