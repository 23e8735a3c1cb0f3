"""What docs/cluster.md says of what happens when is tried, row by row.

A test says which row it tries: ``Row: a node is killed.``, in its docstring or above its lines.
"""

from __future__ import annotations

import re
import tracemalloc

from huddle.cluster.apply import apply
from huddle.cluster.batches import Batch, encode
from huddle.cluster.entries import Begin, Entry, Up
from huddle.cluster.etcd.address import address_of
from huddle.cluster.naming import keyed
from huddle.cluster.nodes.failure_detector import SILENT_BEATS
from huddle.cluster.nodes.log_window import WINDOW_BYTES, WINDOW_MS
from huddle.cluster.nodes.node import ALONE, BEAT, MOST_SKEW, WAITING
from huddle.cluster.rules.upgrades import AWAY_MS
from huddle.cluster.state import first_state
from huddle.people.operator_code import GOOD_MS
from huddle.server.node.peer_snapshot import PATIENCE
from tests.cluster.written_log import NOON, hashed
from tests.documents.blocks import ROOT

ROW = re.compile(r"\bRow: ([^.\n]+)\.")


def test_an_engine_is_written_as_it_is_read() -> None:
    text = (ROOT / "docs" / "cluster.md").read_text("utf-8")
    addresses = [address_of(each) for each in re.findall(r"etcds?://[^\s`]+", text)]
    assert [each.house for each in addresses] == ["school", "school"]
    assert {each.endpoints[2][-14:] for each in addresses} == {"/10.0.0.3:2379"}
    assert (addresses[0].authorities, addresses[0].password_file) == ("ca.pem", "engine.password")


def test_each_row_of_what_happens_when_is_tried() -> None:
    text = (ROOT / "docs" / "cluster.md").read_text("utf-8")
    table = text.partition("## What happens when\n")[2].partition("\n\nStatus 78")[0]
    events = re.findall(r"^\| ([^|]+) \|", table, re.MULTILINE)[1:]
    tests = (ROOT / "tests").rglob("test_*.py")
    tried = {row for test in tests for row in ROW.findall(test.read_text("utf-8"))}
    assert len(events) > 10
    assert [event for event in events if event not in tried] == []
    assert tried <= set(events)


def test_how_long_things_take_is_what_the_nodes_go_by() -> None:
    text = (ROOT / "docs" / "cluster.md").read_text("utf-8")
    assert (SILENT_BEATS, BEAT) == (5, 1), "five of its beats are missing, one a second"
    assert (PATIENCE, MOST_SKEW) == (180, 2)
    assert (AWAY_MS, GOOD_MS) == (86_400_000, 3_600_000)
    assert (WINDOW_MS, WINDOW_BYTES) == (1_800_000, 128 << 20)
    for said in (
        "when five of its beats are missing, one a second",
        f"what is said from {WAITING:.0f} seconds on is refused",
        f"| it lasts for {ALONE:.0f} seconds |",
        "where none of those answers for three minutes",
        "The engine keeps the last half an hour, or 128 MiB of it",
        "wrong by more than two seconds",
        "A node that is away counts for a day",
        "whichever\nnode it is typed on, within an hour and while the one that shows it is up",
    ):
        assert said in text


def test_what_a_million_members_are_reckoned_from_is_what_was_measured() -> None:
    text = (ROOT / "docs" / "cluster.md").read_text("utf-8")
    [said] = re.findall(r"some (\d) million deliveries a second and ([\d.]+) KiB", text)
    measured = (ROOT / "docs" / "performance.md").read_text("utf-8")
    crowd = measured.partition("**1,000 members, 50 speakers, 64 in flight**")[2]
    [deliveries] = re.findall(r"^\| huddle \| ([\d,]+) ", crowd, re.MULTILINE)[:1]
    [memory] = re.findall(r"KiB of server memory each \|[^|]*\|[^|]*\| ([\d.]+) ", measured)
    millions = int(deliveries.replace(",", "")) / 1e6
    assert said == (f"{millions:.0f}", f"{float(memory):.1f}")


def test_a_million_members_are_reckoned_right() -> None:
    text = " ".join((ROOT / "docs" / "cluster.md").read_text("utf-8").split())
    [(low, high)] = re.findall(r"(\d+) to (\d+) µs of processor time for a node without", text)
    cost = (int(low) + int(high)) / 2 * 1e-6
    [each] = re.findall(r"a million deliveries on 50 cores, each ([\d.]+) µs", text)
    measured = (ROOT / "docs" / "performance.md").read_text("utf-8")
    quiet = measured.partition("**1,000 members, one at a time**")[2]
    [cpu] = re.findall(r"^\| huddle \| [\d,]+ \| ([\d.]+) ", quiet, re.MULTILINE)[:1]
    assert each == f"{float(cpu):.1f}"
    for said in (
        f"{round(1e6 / 600, -2):,.0f} a second: one log carries that",
        f"{1e6 / 50 * float(each) * 1e-6:.2f} s.",
        f"a million entries, {cost * 1e6:.0f} µs of each node for each: {1e6 * cost:.0f} s",
        f"some {1 / cost / 1000:.0f},000 messages a second, those same {cost * 1e6:.0f} µs",
        "some 2 KiB on every node: that is 2 GiB on each",
    ):
        assert said in text, said


def test_a_session_that_another_node_holds_costs_what_is_said() -> None:
    state = first_state()
    for number in range(1, 1001):
        nick = f"person{number}"
        begin = Begin(keyed(nick), (keyed("huddle"),), hashed(nick), host="040a000001")
        entries: list[Entry] = [begin] if number > 1 else [Up({}), begin]
        batch = Batch("1" * 32, "a", number, 0, NOON + number, entries)
        if number == 501:
            tracemalloc.start()
            before = tracemalloc.get_traced_memory()[0]
        apply(state, number, encode(batch))
    each = (tracemalloc.get_traced_memory()[0] - before) / 500
    tracemalloc.stop()
    assert len(state.sessions) == 1000
    assert 1024 < each < 3 * 1024, each
