"""Three nodes, processes over a real engine, are upgraded one after the other while people talk.

The newer version is this one with more in it (`tests.cluster.later_version`).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from huddle.cluster.rules.upgrades import KNOWN_RULES
from huddle.cluster.state import State
from huddle.server.node.state_file import StateFile
from tests.cluster import later_version
from tests.lost.cluster_storm import NAMES, ClusterStorm
from tests.lost.server import Server
from tests.patience import PATIENCE
from tests.real.preloaded import TWISTD

LEVEL = "this node is level with the others"


@pytest.fixture
def storm(tmp_path: Path) -> Iterator[ClusterStorm]:
    """Three nodes of this version, and everybody on them."""
    made = ClusterStorm(tmp_path, 12, Random(1))
    try:
        yield made
    finally:
        made.end()


def talk(storm: ClusterStorm, seconds: float) -> None:
    for _ in range(round(seconds / 0.2)):
        for talking in storm.chance.sample(storm.crowd.members, 4):
            storm.crowd.talks(talking)
        storm.crowd.goes_on(0.2)


def start(storm: ClusterStorm, node: Server, launcher: list[str]) -> bool:
    """Start it by this, and talk until it is level, or has ended."""
    node._launcher, before = launcher, len(node.log)
    node.launch()
    storm.crowd.goes_on_until(lambda: LEVEL in node.log[before:] or node.has_ended())
    return LEVEL in node.log[before:]


def test_newer_rules_begin_with_the_last_node_and_nobody_misses_a_line(
    storm: ClusterStorm, monkeypatch: pytest.MonkeyPatch
) -> None:
    later_version.register(monkeypatch.setitem)  # for the replay
    assert storm.crowd.goes_on_until(storm.crowd.is_in)
    for name in NAMES:
        talk(storm, 3)
        storm.nodes[name].ask_to_stop()
        assert storm.crowd.goes_on_until(storm.nodes[name].has_ended, PATIENCE)
        assert (state(storm.nodes[name]).rules, topic(storm.nodes[name])) == (KNOWN_RULES, "")
        talk(storm, 1)
        assert start(storm, storm.nodes[name], later_version.LAUNCHER)
    talk(storm, 4)

    # Row: a node is older than the rules of the house.
    old = storm.nodes["c"]
    old.kill()
    assert not start(storm, old, list(TWISTD))
    assert old.stop() == 78
    assert "the log has entries of a later Huddle: install that on this node, too" in old.log
    assert start(storm, old, later_version.LAUNCHER)

    seen = storm.rages(strikes=0)
    assert not seen.faults, str(seen)
    assert {state(each).rules for each in storm.nodes.values()} == {later_version.RULES}
    assert len({topic(each) for each in storm.nodes.values()} - {""}) == 1


def state(node: Server) -> State:
    """What a node that was stopped had applied."""
    found = StateFile(str(node.database)).read()
    assert found is not None
    return found[1]


def topic(node: Server) -> str:
    """That of the first room, which its rules change."""
    return state(node).rooms["huddle"].topic
