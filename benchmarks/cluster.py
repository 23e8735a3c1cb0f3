"""What it costs to put a batch into the log of a cluster: by the adapter, and by the engine bare.

Three members of etcd on this machine's loopback, with the timing of their defaults. Bare is a
request over a connection that stays, with a body that is made; the adapter encodes, seals, asks
over `twisted.web` and waits until another node has been given the batch. Both take turns.
"""

import http.client
import json
import os
import random
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

from benchmarks.disk import folder
from benchmarks.paired import tell
from huddle.cluster.batches import VERSION, Batch, encode
from huddle.cluster.entries import Say
from huddle.cluster.etcd.address import address_of
from huddle.cluster.etcd.messages import coded
from huddle.cluster.etcd.opening import Engine
from huddle.cluster.log import Log
from huddle.cluster.sealed_log import SealedLog
from huddle.cluster.sealing import KEY_BYTES, Sealing
from tests.cluster.real_etcd import DEFAULT_TIMING, Etcd

BATCHES = (1, 64, 1000)
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


def measure_cluster(times: int) -> list[Appended]:
    """Start an engine, append so many batches of each size, and end it."""
    from twisted.internet import reactor

    found: list[Appended] = []
    troubles: list[Failure] = []
    with tempfile.TemporaryDirectory(dir=folder()) as place:
        etcd = Etcd(Path(place) / "engine", *DEFAULT_TIMING)
        try:
            etcd.start()
            measuring = Deferred.fromCoroutine(_measure(etcd, times, found))
            measuring.addErrback(troubles.append)
            measuring.addBoth(lambda _: reactor.stop())
            reactor.run()
        finally:
            etcd.end()
    for trouble in troubles:
        trouble.raiseException()
    return found


async def _measure(etcd: Etcd, times: int, found: list[Appended]) -> None:
    from twisted.internet import reactor

    address = address_of(f"etcd://{','.join(etcd.endpoints)}/benchmark")
    engines = [Engine(reactor, address, random.uniform, lambda code, detail: None) for _ in "ab"]
    keys = [os.urandom(KEY_BYTES)]
    logs = []
    for engine in engines:
        identity = await engine.log.open(os.urandom(16).hex())
        logs.append(SealedLog(engine.log, Sealing(keys, identity.house, VERSION, os.urandom)))
    courses = Courses(etcd, *logs)
    for messages in BATCHES:
        tell(f"batches of {messages}")
        found.append(await courses.append(messages, times))
    for engine in engines:
        await engine.close()


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
