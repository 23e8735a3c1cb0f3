"""What it costs to put a batch into the log of a cluster: by the adapter, and by the engine bare.

Three members of etcd on this machine's loopback, with the timing of their defaults. Bare is a
request over a connection that stays, with a body that is made; the adapter encodes, seals, asks
over its own connections and waits until another node has been given the batch. Both take turns.
"""

import http.client
import json
import os
import random
import signal
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from twisted.internet.defer import Deferred
from twisted.internet.task import deferLater
from twisted.python.failure import Failure

from benchmarks.runs.disk import folder
from benchmarks.runs.paired import tell
from huddle.cluster.batches import VERSION, Batch, encode
from huddle.cluster.entries import Say
from huddle.cluster.etcd.address import address_of
from huddle.cluster.etcd.gateway import Refused, Unanswered
from huddle.cluster.etcd.messages import STATUS, coded
from huddle.cluster.etcd.opening import Engine
from huddle.cluster.log import Log
from huddle.cluster.sealed_log import SealedLog
from huddle.cluster.sealing import KEY_BYTES, Sealing
from tests.cluster.real_etcd import DEFAULT_TIMING, Etcd, Member
from tests.lost.cluster_storm import ClusterStorm
from tests.lost.storm import Aftermath

BATCHES = (1, 64, 1000)
KEY = bytes(KEY_BYTES)
KILLED, STOPPED = "kill -9 of the leader", "the leader is stopped"
TEXT = "x" * 64


@dataclass(frozen=True, slots=True)
class Appended:
    """Milliseconds from the request to the answer, for batches of one size; ``delivered`` is until
    another node had it."""

    messages: int
    bytes: int
    bare: Sequence[float]
    adapter: Sequence[float]
    delivered: Sequence[float]


@dataclass(frozen=True, slots=True)
class Stall:
    """Seconds for which a node was given nothing: the longest of three nodes, each time again."""

    trouble: str
    seconds: Sequence[float]


def measure_cluster(times: int, rounds: int) -> tuple[list[Appended], list[Stall]]:
    """Start an engine, append so many batches of each size, strike its leader so often, end it."""
    from twisted.internet import reactor

    appended: list[Appended] = []
    stalls: list[Stall] = []
    troubles: list[Failure] = []

    async def measure(etcd: Etcd) -> None:
        appended.extend(await _appended(etcd, times))
        for trouble in (KILLED, STOPPED):
            tell(trouble)
            stalls.append(await _stall(etcd, trouble, rounds))

    with tempfile.TemporaryDirectory(dir=folder()) as place:
        etcd = Etcd(Path(place) / "engine", *DEFAULT_TIMING)
        try:
            etcd.start()
            measuring = Deferred.fromCoroutine(measure(etcd))
            measuring.addErrback(troubles.append)
            measuring.addBoth(lambda _: reactor.stop())
            reactor.run()
        finally:
            etcd.end()
    for trouble in troubles:
        trouble.raiseException()
    return appended, stalls


async def _appended(etcd: Etcd, times: int) -> list[Appended]:
    engines = [_engine(etcd), _engine(etcd)]
    courses = Courses(etcd, *[await _opened(engine) for engine in engines])
    found = []
    for messages in BATCHES:
        tell(f"batches of {messages}")
        found.append(await courses.append(messages, times))
    for engine in engines:
        await engine.close()
    return found


def _engine(etcd: Etcd, house: str = "benchmark") -> Engine:
    from twisted.internet import reactor

    address = address_of(f"etcd://{','.join(etcd.endpoints)}/{house}")
    return Engine(reactor, address, random.uniform, lambda code, detail: None)


async def _opened(engine: Engine) -> Log:
    """Its log, as a node uses it."""
    identity = await engine.log.open(os.urandom(16).hex())
    return SealedLog(engine.log, Sealing([KEY], identity.house, VERSION, os.urandom))


class Courses:
    """Appends by the adapter and bare, in turn, and follows from another node."""

    def __init__(self, etcd: Etcd, here: Log, there: Log) -> None:
        self._here = here
        self._waiting: Deferred[None] = Deferred()
        there.follow(0, self._delivered, lambda gap: None)
        member = etcd.members[0]
        self._bare = http.client.HTTPConnection(member.host, member.client)

    async def append(self, messages: int, times: int) -> Appended:
        bare, adapter, delivered = [], [], []
        body = b""
        for _ in range(times + times // 10):
            self._waiting = Deferred()
            start = time.perf_counter()
            entry = batch_of(messages)
            await self._here.append(entry)
            adapter.append(time.perf_counter() - start)
            if not self._waiting.called:
                await self._waiting
            delivered.append(time.perf_counter() - start)
            body = body or json.dumps({"key": coded(b"bare"), "value": coded(entry)}).encode()
            bare.append(self._put(body))
        size, warm = len(batch_of(messages)), times // 10
        return Appended(messages, size, bare[warm:], adapter[warm:], delivered[warm:])

    def _delivered(self, position: int, entry: bytes) -> None:
        if not self._waiting.called:
            self._waiting.callback(None)

    def _put(self, body: bytes) -> float:
        start = time.perf_counter()
        self._bare.request("POST", "/v3/kv/put", body)
        self._bare.getresponse().read()
        return time.perf_counter() - start


def batch_of(messages: int) -> bytes:
    """A batch in which so much is said."""
    says = [Say(17, number, TEXT, "huddle") for number in range(1, messages + 1)]
    return encode(Batch("0" * 32, "a", 1, 0, 1_790_000_000_000, says))


class Node:
    """Appends one small batch after the other, and notes when anything is delivered to it."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self.times: list[float] = []
        log.follow(0, self._delivered, lambda gap: None)
        self._entry = batch_of(1)
        self.stopped = False
        self.course = Deferred.fromCoroutine(self._append())

    async def _append(self) -> None:
        while not self.stopped:
            await self._log.append(self._entry)

    def _delivered(self, position: int, entry: bytes) -> None:
        self.times.append(time.perf_counter())

    def longest(self, since: float) -> float:
        """The longest time without a delivery since then."""
        times = [since, *(each for each in self.times if each > since), time.perf_counter()]
        return max(later - earlier for earlier, later in pairwise(times))


async def _stall(etcd: Etcd, trouble: str, times: int) -> Stall:
    """Kill, or stop, the engine's leader so often, while three nodes append."""
    engines = [_engine(etcd, "stall") for _ in etcd.members]
    nodes = [Node(await _opened(engine)) for engine in engines]
    longest = []
    for _ in range(times):
        await _wait(2)
        leader = await _leader(engines[0], etcd)
        begun = time.perf_counter()
        leader.signal(signal.SIGKILL if trouble == KILLED else signal.SIGSTOP)
        await _wait(6)
        longest.append(max(node.longest(begun) for node in nodes))
        if trouble == KILLED:
            leader.kill()
            leader.start()
        else:
            leader.signal(signal.SIGCONT)
    for node in nodes:
        node.stopped = True
        await node.course
    for engine in engines:
        await engine.close()
    return Stall(trouble, longest)


async def _leader(engine: Engine, etcd: Etcd) -> Member:
    """The member that leads, as soon as one does."""
    while True:
        for endpoint, member in zip(engine.gateway.endpoints, etcd.members, strict=True):
            try:
                answer = await engine.gateway.ask(STATUS, b"{}", endpoint)
            except (Refused, Unanswered):
                continue
            if answer.get("leader") == answer["header"]["member_id"]:
                return member
        await _wait(0.1)


async def _wait(seconds: float) -> None:
    from twisted.internet import reactor

    await deferLater(reactor, seconds)


def stall_rows(found: Sequence[Stall]) -> list[Sequence[str]]:
    """The rows of a table, one for each kind of trouble."""
    return [
        (each.trouble, f"{statistics.median(each.seconds):.1f}", f"{max(each.seconds):.1f}")
        for each in found
    ]


def rows(found: Sequence[Appended]) -> list[Sequence[str]]:
    """The rows of a table, one for each size."""
    made: list[Sequence[str]] = []
    for each in found:
        times = [quantiles(samples) for samples in (each.bare, each.adapter, each.delivered)]
        made.append(
            (
                f"{each.messages:,}",
                f"{each.bytes / 1024:.1f}",
                *(f"{value:.2f}" for pair in times for value in pair),
                f"{times[2][0] / times[0][0]:.2f}",
                f"{each.messages / statistics.mean(each.delivered):,.0f}",
            )
        )
    return made


def quantiles(seconds: Sequence[float]) -> tuple[float, float]:
    """The median and the 99th of a hundred, in milliseconds."""
    return statistics.median(seconds) * 1e3, statistics.quantiles(seconds, n=100)[98] * 1e3


def rage(strikes: int, seed: int) -> tuple[Aftermath, float]:
    """What a storm over three nodes has seen, and the seconds that it took."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as where:
        storm = ClusterStorm(Path(where), 20, random.Random(seed))
        try:
            seen = storm.rages(strikes)
        finally:
            storm.end()
    return seen, time.monotonic() - began
