"""Metrics of the server, for Prometheus (``--metrics``), and its health.

What is counted is counted elsewhere, in plain numbers (`huddle.delivery.tally`), or is read off the
house when it is asked for; so a scrape costs something, and what is said costs the same as without.
Only the record is looked at as it works: once a batch, not once a message.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Any

from prometheus_client import GC_COLLECTOR, PLATFORM_COLLECTOR, PROCESS_COLLECTOR
from prometheus_client.core import (
    CollectorRegistry,
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector
from twisted.internet.defer import Deferred
from twisted.protocols.policies import WrappingFactory
from twisted.python.failure import Failure
from twisted.web.http import Request
from twisted.web.pages import notFound
from twisted.web.resource import Resource
from twisted.web.server import Site
from typing_extensions import override

from huddle.delivery.tally import TALLY
from huddle.doors.health import LEVEL, Health, health_of
from huddle.doors.line import HuddleFactory
from huddle.doors.listening import SentAway
from huddle.protocol.events import Draft, Said
from huddle.record import Record

STALL_BEAT = 0.1
"""Seconds from one look at how late the reactor is to the next."""

SCRAPE = 10
"""Seconds after which a connection that asks for nothing is ended."""

AT_ONCE = 15
"""Connections that may ask at once; others are closed, since the record needs its files."""

MESSAGES = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024)
SECONDS = (0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0)
"""The upper bounds of what is counted together: messages of a batch; how long something took."""


class Histogram:
    """How often something was how large; each bound has those up to it."""

    def __init__(self, bounds: Sequence[float]) -> None:
        self._bounds = bounds
        self._counts = [0] * (len(bounds) + 1)
        self.total = 0.0
        """The sum of all that was noted."""

    def note(self, value: float) -> None:
        """Count one more observation, of this size."""
        self._counts[bisect_left(self._bounds, value)] += 1
        self.total += value

    def family(self, name: str, said: str) -> Metric:
        """As Prometheus has it: each bucket holds those before it, too."""
        names = [*(f"{bound:g}" for bound in self._bounds), "+Inf"]
        buckets = [
            (name, float(count))
            for name, count in zip(names, accumulate(self._counts), strict=True)
        ]
        return HistogramMetricFamily(name, said, buckets=buckets, sum_value=self.total)


class Measured:
    """A record whose commits are measured; ``seconds`` is a monotonic clock."""

    def __init__(self, record: Record, measures: Measures, seconds: Callable[[], float]) -> None:
        self._record: Any = record
        self._measures = measures
        self._seconds = seconds

    def __getattr__(self, name: str) -> Any:
        return getattr(self._record, name)

    def append(self, drafts: Sequence[Draft], time: int) -> Deferred[Sequence[Said]]:
        """Append by the record that is measured, and note how many it kept and how long it took."""
        appending: Deferred[Sequence[Said]] = self._record.append(drafts, time)
        return appending.addCallbacks(self._kept, self._failed, callbackArgs=(self._seconds(),))

    def _kept(self, messages: Sequence[Said], began: float) -> Sequence[Said]:
        self._measures.batches.note(len(messages))
        self._measures.commits.note(self._seconds() - began)
        return messages

    def _failed(self, failure: Failure) -> Failure:
        self._measures.failed += 1
        return failure


class Measures(Collector):
    """All that is told of one server, once `made_from` has been given its first door."""

    def __init__(self) -> None:
        self.batches = Histogram(MESSAGES)
        self.commits = Histogram(SECONDS)
        self.delays = Histogram(SECONDS)
        self.beat = STALL_BEAT
        """Seconds from one `look` to the next."""
        self.failed = 0
        self._due: float | None = None
        self._first: HuddleFactory

    def measured(self, record: Record, seconds: Callable[[], float]) -> Any:
        """The record, whose commits are measured from now on."""
        return Measured(record, self, seconds)

    def look(self, now: float) -> None:
        """To be called every `STALL_BEAT` seconds, at which it is late by what is noted."""
        if self._due is not None:
            self.delays.note(max(now - self._due, 0.0))
        self._due = now + STALL_BEAT

    def made_from(self, first: HuddleFactory) -> FewAtOnce:
        """What answers those who ask at the door for metrics."""
        self._first = first
        registry = CollectorRegistry()
        for collector in (self, PROCESS_COLLECTOR, PLATFORM_COLLECTOR, GC_COLLECTOR):
            registry.register(collector)
        root = Root()
        root.putChild(b"metrics", Scrape(registry))
        root.putChild(b"health", HealthPage(health_of(first.connections)))
        site = Site(root, timeout=SCRAPE)
        site.noisy = False
        # Not each scrape is worth a line of the log.
        site.log = lambda request: None  # type: ignore[method-assign]
        return FewAtOnce(site)

    @override
    def collect(self) -> Iterator[Metric]:
        yield from self._gauges()
        yield from self._counters()
        yield self.batches.family("huddle_batch_messages", "Messages recorded in one commit.")
        yield self.commits.family(
            "huddle_commit_seconds", "Seconds from a batch's end to its commit, waiting included."
        )
        yield self.delays.family(
            "huddle_reactor_delay_seconds", "Seconds by which the reactor is late, looked at often."
        )

    def _gauges(self) -> Iterator[Metric]:
        huddle, connections = self._first.huddle, self._first.connections
        away = sum(session.away for session in huddle.registry.sessions)
        people = {"here": len(huddle.registry.sessions) - away, "held": away}
        yield _labelled(
            GaugeMetricFamily("huddle_people", "Sessions by their state.", labels=["state"]), people
        )
        if connections.standing is not None:
            yield from _node(connections.standing())
        behind = sum(not each.outlet.live for each in connections.here if not each.outlet.closed)
        for name, said, value in (
            ("huddle_connections", "Connections, with a nick or without.", len(connections.here)),
            ("huddle_connections_limit", "Connections there may be.", connections.most or 0),
            ("huddle_rooms", "Rooms that have members.", len(huddle.rooms)),
            ("huddle_accounts", "Registered nicks.", len(huddle.registry.accounts)),
            ("huddle_readers_catching_up", "Connections that are behind with their room.", behind),
            (
                "huddle_waiting_bytes",
                "Bytes said that wait to be recorded or given out.",
                huddle.sequencer.backlog.memory,
            ),
            (
                "huddle_record_writable",
                "Whether what is said can be recorded: 1 or 0.",
                int(connections.records),
            ),
        ):
            yield GaugeMetricFamily(name, said, value)

    def _counters(self) -> Iterator[Metric]:
        yield CounterMetricFamily(
            "huddle_messages", "Messages recorded; a private one is two.", self.batches.total
        )
        yield CounterMetricFamily(
            "huddle_deliveries",
            "Lines given at once to those who were level with their room, notices included.",
            TALLY.delivered,
        )
        yield CounterMetricFamily("huddle_commit_failures", "Batches not recorded.", self.failed)
        for name, said, label, counts in (
            ("huddle_refusals", "Errors told to people and programs.", "code", TALLY.refused),
            ("huddle_connections_refused", "Connections not let in.", "reason", TALLY.turned_away),
        ):
            family = CounterMetricFamily(name, said, labels=[label])
            yield _labelled(family, dict(sorted(counts.items())))


def _node(standing: str) -> Iterator[Metric]:
    said = "Whether this node takes what is said: 1 or 0."
    yield GaugeMetricFamily("huddle_node_level", said, int(standing in LEVEL))
    said = "How this node stands with the others."
    yield _labelled(
        GaugeMetricFamily("huddle_node_standing", said, labels=["standing"]), {standing: 1}
    )


def _labelled(
    family: CounterMetricFamily | GaugeMetricFamily, values: Mapping[str, float]
) -> Metric:
    """The family with these values, each under its label."""
    for label, value in values.items():
        family.add_metric([label], value)
    return family


class FewAtOnce(WrappingFactory):
    """Lets in no more than `AT_ONCE`; others have a protocol too, without which TLS fails."""

    noisy = False

    @override
    def buildProtocol(self, addr: Any) -> Any:
        return super().buildProtocol(addr) if len(self.protocols) < AT_ONCE else SentAway()


class Root(Resource):
    """A page with others below it: what is not there is not found."""

    @override
    def getChild(self, path: bytes, request: Any) -> Any:
        return notFound()


class Scrape(Root):
    """The metrics, in the form that is asked for."""

    def __init__(self, registry: CollectorRegistry) -> None:
        super().__init__()
        self._registry = registry

    def render_GET(self, request: Request) -> bytes:  # noqa: N802
        """Answer with all metrics as they are at this moment, in the form that was asked for."""
        encode, kind = choose_encoder(request.getHeader("accept") or "")
        request.setHeader("content-type", kind)
        return encode(self._registry)


class HealthPage(Root):
    """How the server is: 200 and ``ok``, or 503 and why people should not be sent here."""

    def __init__(self, health: Health) -> None:
        super().__init__()
        self._health = health

    def render_GET(self, request: Request) -> bytes:  # noqa: N802
        """Answer with the status, and a word for the person who reads it."""
        status, word = self._health()
        request.setResponseCode(status)
        request.setHeader("content-type", "text/plain; charset=utf-8")
        return f"{word}\n".encode()
