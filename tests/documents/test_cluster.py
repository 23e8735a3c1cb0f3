"""What docs/cluster.md says of what happens when is tried, row by row.

A test says which row it tries: ``Row: a node is killed.``, in its docstring or above its lines.
"""

from __future__ import annotations

import re

from huddle.cluster.etcd.address import address_of
from huddle.cluster.nodes.node import ALONE, BEAT, MOST_SKEW, WAITING
from huddle.cluster.nodes.silence import SILENT_BEATS
from huddle.cluster.rules.upgrades import AWAY_MS
from huddle.people.operator_code import GOOD_MS
from huddle.server.node.peer_snapshot import PATIENCE
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
    for said in (
        "when five of its beats are missing, one a second",
        f"what is said from {WAITING:.0f} seconds on is refused",
        f"| it lasts for {ALONE:.0f} seconds |",
        "where none of those answers for three minutes",
        "wrong by more than two seconds",
        "A node that is away counts for a day",
        "whichever\nnode it is typed on, within an hour",
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
