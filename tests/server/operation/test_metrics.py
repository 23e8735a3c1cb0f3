"""What Prometheus is told: counted as it was done, named as it likes, and at no cost for a line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from twisted.internet.defer import Deferred, fail
from twisted.internet.error import ConnectionDone
from twisted.internet.testing import StringTransport, StringTransportWithDisconnection
from twisted.protocols.policies import WrappingFactory
from twisted.python.failure import Failure
from typing_extensions import override

from huddle.protocol.limits import Limits
from huddle.record import RecordFailure
from huddle.record.memory import MemoryRecord
from huddle.server.operation.metrics import AT_ONCE, Histogram, Measures
from tests.conversations.test_short_way import calls_of
from tests.real.preloaded import ROOT
from tests.world import World

DASHBOARD = ROOT / "share" / "grafana" / "huddle.json"
UNITS = ("_seconds", "_bytes", "_total", "_messages")


class Watched:
    """A world, and who looks at its metrics."""

    def __init__(self, record: MemoryRecord | None = None) -> None:
        self.measures = Measures()
        self.limits = Limits(per_address=2)
        inner = record or MemoryRecord(self.limits, "epoch")
        ticks = iter(range(1_000_000))
        measured = self.measures.measured(inner, lambda: next(ticks) / 1000)
        self.world = World(measured, limits=self.limits)
        self.site = self.measures.made_from(self.world.factory)
        self.before = self.scraped()

    def asks(self, path: str, accept: str = "") -> tuple[str, str]:
        """The head and the body of the answer."""
        transport = StringTransport()
        protocol = self.site.buildProtocol(None)
        assert protocol is not None
        protocol.makeConnection(transport)
        request = f"GET {path} HTTP/1.1\r\nHost: x\r\nAccept: {accept}\r\nConnection: close\r\n\r\n"
        protocol.dataReceived(request.encode())
        protocol.connectionLost(Failure(ConnectionDone()))
        head, _, body = transport.value().decode().partition("\r\n\r\n")
        return head, body

    def scraped(self) -> dict[str, float]:
        """All samples, by name and labels."""
        _, body = self.asks("/metrics")
        return {
            sample.name + "".join(f"{{{value}}}" for value in sample.labels.values()): sample.value
            for family in text_string_to_metric_families(body)
            for sample in family.samples
        }

    def changed(self) -> dict[str, float]:
        """By how much each of ours is more than at the beginning, if it is."""
        now = self.scraped()
        grown = {name: value - self.before.get(name, 0.0) for name, value in now.items()}
        return {
            name: value
            for name, value in grown.items()
            if value and name.startswith("huddle_") and "_bucket" not in name
        }


@pytest.fixture
def watched() -> Iterator[Watched]:
    yield Watched()


def test_what_a_test_did_is_what_is_counted(watched: Watched) -> None:
    world = watched.world
    ana, bob = world.person("ana", address="10.0.0.1"), world.person("bob", address="10.0.0.2")
    told = watched.changed().pop("huddle_deliveries_total", 0)  # who has joined
    ana.says("one")
    ana.says("two", "three")
    bob.says("/kick ana", "/op nobody", "/nope")
    changed = watched.changed()
    assert changed.pop("huddle_deliveries_total") - told == 3  # to bob, each of three
    assert changed.pop("huddle_commit_seconds_sum") > 0
    assert changed == {
        "huddle_people{here}": 2,
        "huddle_connections": 2,
        "huddle_rooms": 1,
        "huddle_messages_total": 3,
        "huddle_batch_messages_count": 2,
        "huddle_batch_messages_sum": 3,
        "huddle_commit_seconds_count": 2,
        "huddle_refusals_total{not-allowed}": 2,
        "huddle_refusals_total{unknown-request}": 1,
    }


def test_lines_are_counted_for_each_who_is_given_them(watched: Watched) -> None:
    world = watched.world
    people = [world.person(f"p{n}", address=f"10.0.1.{n}") for n in range(5)]
    before = watched.scraped()["huddle_deliveries_total"]
    people[0].sends(b"one\n")
    people[1].sends(b"two\n")
    world.settle()
    assert watched.scraped()["huddle_deliveries_total"] - before == 2 * 4


def test_who_is_away_and_who_is_behind_is_told_as_it_is(watched: Watched) -> None:
    world = watched.world
    ana, bob = world.person("ana", address="10.0.0.1"), world.person("bob", address="10.0.0.2")
    ana.cut()
    bob.stops_reading()
    world.person("carl", address="10.0.0.3").says("hola")
    now = watched.scraped()
    assert now["huddle_people{here}"] == 2 and now["huddle_people{held}"] == 1
    assert now["huddle_readers_catching_up"] == 1
    bob.reads_again()
    assert watched.scraped()["huddle_readers_catching_up"] == 0


def test_connections_that_are_turned_away_are_told_by_the_reason(watched: Watched) -> None:
    for _ in range(3):
        watched.world.connect("10.0.0.1")
    assert watched.changed()["huddle_connections_refused_total{too_many}"] == 1


class BrokenRecord(MemoryRecord):
    """Keeps nothing of what is said."""

    @override
    def append(self, drafts: object, time: int) -> Deferred[object]:  # type: ignore[override]
        return fail(RecordFailure())


def test_what_was_not_recorded_is_counted_and_refused() -> None:
    watched = Watched(BrokenRecord(Limits(), "epoch"))
    watched.world.person("ana").says("one")
    changed = watched.changed()
    assert changed["huddle_commit_failures_total"] == 1
    assert "huddle_messages_total" not in changed


def test_the_reactor_is_late_by_what_lies_beyond_the_beat(watched: Watched) -> None:
    for now in (0.0, 0.1, 0.7, 0.8):
        watched.measures.look(now)
    changed = watched.changed()
    assert changed["huddle_reactor_delay_seconds_count"] == 3
    assert changed["huddle_reactor_delay_seconds_sum"] == pytest.approx(0.5)


def test_a_bucket_holds_what_the_smaller_ones_hold() -> None:
    histogram = Histogram((1, 2, 4))
    for value in (0.5, 1, 1.5, 4, 9):
        histogram.note(value)
    samples = histogram.family("x", "").samples
    found = {sample.labels.get("le", sample.name): sample.value for sample in samples}
    assert found == {"1": 2, "2": 3, "4": 4, "+Inf": 5, "x_count": 5, "x_sum": 16}


@pytest.mark.parametrize("lines", [b"three\n", b"three\nfour\nfive\n"])
def test_metrics_cost_four_calls_a_batch_however_much_is_said(lines: bytes) -> None:
    totals = []
    for world in (World(), Watched().world):
        ana, bob = world.person("ana"), world.person("bob", address="10.0.0.2")
        ana.says("one", "two")
        bob.forgets()
        totals.append(calls_of(ana, lines).total())
    without, watched = totals
    assert watched - without <= 4


# -- how it is told ----------------------------------------------------------------------------


def test_names_and_units_are_as_prometheus_has_them(watched: Watched) -> None:
    _, body = watched.asks("/metrics")
    for family in text_string_to_metric_families(body):
        if not family.name.startswith("huddle_"):
            continue
        assert re.fullmatch(r"huddle_[a-z]+(_[a-z]+)*", family.name)
        assert family.documentation.endswith(".") or "1 or 0" in family.documentation
        names = {sample.name for sample in family.samples}
        if family.type == "counter":
            assert all(name.endswith("_total") for name in names)
        elif family.type == "histogram":
            assert family.name.endswith(UNITS)
        else:
            assert family.type == "gauge" and not any(name.endswith("_total") for name in names)


@pytest.mark.parametrize(
    ("accept", "type"),
    [
        ("", "text/plain"),
        ("application/openmetrics-text; version=1.0.0", "application/openmetrics"),
    ],
)
def test_it_comes_in_the_form_that_is_asked_for(watched: Watched, accept: str, type: str) -> None:
    head, body = watched.asks("/metrics", accept)
    assert head.startswith("HTTP/1.1 200")
    assert type in head
    assert body.endswith("# EOF\n") is ("openmetrics" in type)


def test_the_health_is_told_there_too(watched: Watched) -> None:
    head, body = watched.asks("/health")
    assert head.startswith("HTTP/1.1 200") and body == "ok\n"
    watched.world.connections.records = False
    head, body = watched.asks("/health")
    assert head.startswith("HTTP/1.1 503") and body == "not recording\n"
    watched.world.closes()
    head, body = watched.asks("/health")
    assert head.startswith("HTTP/1.1 503") and body == "closing\n"


@pytest.mark.parametrize(
    ("standing", "health", "level"),
    [
        ("level", "ok", 1),
        ("waiting", "ok", 1),
        ("refusing", "refusing", 0),
        ("alone", "alone", 0),
        ("read-only", "read-only", 0),
        ("skewed", "skewed", 0),
    ],
)
def test_a_node_tells_how_it_stands_with_the_others(
    watched: Watched, standing: str, health: str, level: int
) -> None:
    assert "huddle_node" not in watched.asks("/metrics")[1]
    watched.world.connections.standing = lambda: standing
    head, body = watched.asks("/health")
    assert head.startswith(f"HTTP/1.1 {200 if level else 503}") and body == f"{health}\n"
    metrics = watched.asks("/metrics")[1]
    assert f"huddle_node_level {level}.0\n" in metrics
    assert f'huddle_node_standing{{standing="{standing}"}} 1.0\n' in metrics


def test_there_is_nothing_else(watched: Watched) -> None:
    for path in ("/", "/metrics/x", "/etc/passwd"):
        assert watched.asks(path)[0].startswith("HTTP/1.1 404")


# -- the dashboard -----------------------------------------------------------------------------


def test_each_metric_of_the_dashboard_exists(watched: Watched) -> None:
    watched.world.person("ana").says("/nope")
    for _ in range(4):
        watched.world.connect("10.0.0.1")
    known = {re.sub(r"\{.*", "", name) for name in watched.scraped()}
    text = DASHBOARD.read_text("utf-8")
    board = json.loads(text)
    asked = set(re.findall(r"\b(?:huddle|process)_[a-z_]+", text))
    assert asked <= known
    assert board["title"] == "Huddle" and len({panel["id"] for panel in board["panels"]}) > 10
    ours = {name for name in known if name.startswith("huddle_")}
    shown = {re.sub(r"_(bucket|sum|count)$", "", name) for name in asked}
    assert {re.sub(r"_(bucket|sum|count|created)$", "", name) for name in ours} <= shown


def test_the_document_names_each_metric(watched: Watched) -> None:
    document = Path(ROOT / "docs" / "service.md").read_text("utf-8")
    _, body = watched.asks("/metrics")
    families = [
        f"{family.name}_total" if family.type == "counter" else family.name
        for family in text_string_to_metric_families(body)
        if family.name.startswith("huddle_")
    ]
    assert sorted(re.findall(r"^\| `(huddle_\w+)`", document, re.MULTILINE)) == sorted(families)


def test_only_so_many_may_ask_at_once() -> None:
    """What they keep open, the record and the room cannot have."""
    watched = Watched()
    asking = [watched.site.buildProtocol(None) for _ in range(AT_ONCE)]
    for protocol in asking:
        protocol.makeConnection(StringTransport())
    transport = StringTransportWithDisconnection()
    over = WrappingFactory(watched.site).buildProtocol(None)  # as that of TLS does
    transport.protocol = over
    over.makeConnection(transport)
    assert not transport.connected and transport.value() == b""
    asking.pop().connectionLost(Failure(ConnectionDone()))
    head, _ = watched.asks("/health")
    for protocol in asking:
        protocol.connectionLost(Failure(ConnectionDone()))
    assert head.startswith("HTTP/1.1 200")
