"""A server alone is killed, and so are those who found a house with its record, while all talk on.

Nobody loses a line or hears one twice, programs go on under the same epoch, and each node's state
is what a replay of the log comes to, from the one that was made of the record on.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from huddle.cluster.apply import apply
from huddle.cluster.batches import VERSION
from huddle.cluster.etcd.log import Identity
from huddle.cluster.sealing import NotGenuine, Sealing
from huddle.cluster.snapshot import digest
from huddle.cluster.state import State
from huddle.server.node.state_file import StateFile
from tests.lost.cluster_storm import KEY, NodesCrowd
from tests.lost.log_reader import LogReader
from tests.lost.peer_house import NO_LIMIT, PeerHouse

PEOPLE = 3


class Moving(PeerHouse):
    """A house without nodes, before which there is a server alone in the folder of the node a."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, "")
        self.ports: list[int] = []
        self.first: tuple[Identity, State]
        self.crowd = NodesCrowd(self.ports, 6, PEOPLE, Random(1))
        self.log = LogReader(self.etcd, "peers")
        self.log.start()

    def adds(self, name: str) -> list[str]:
        """One more server, under these options, which are returned; it is to be started."""
        self.nodes[name] = self.node(name)
        self.ports.append(self.nodes[name].port)
        return self.nodes[name].options

    def ends(self) -> None:
        self.log.end()
        self.end()

    def replayed(self) -> Iterator[str]:
        """The nodes whose states are not those of a replay. All have ended."""
        identity, state = self.first
        sealing = Sealing([bytes.fromhex(KEY)], identity.house, VERSION, os.urandom)
        kept = {name: StateFile(str(each.database)).read() for name, each in self.nodes.items()}
        wanted = {found[1].position: (name, found[1]) for name, found in kept.items() if found}
        assert len(wanted) == len(self.nodes)
        self.log.catch_up()
        for position, sealed in self.log.entries:
            if position > state.position:
                try:
                    entry = sealing.open(sealed)
                except NotGenuine:
                    entry = b""
                apply(state, position, entry)
            if position in wanted:
                name, there = wanted.pop(position)
                if digest(there) != digest(state):
                    yield name
        assert not wanted

    def founds(self, options: list[str]) -> None:
        """Kill it so often while it founds the house, later each time; then it may."""
        server = self.nodes["a"]
        server.options = [*options, "--found"]
        for tenths in range(1, 9, 2):
            server.launch()
            self.crowd.goes_on(tenths / 10)
            server.kill()
        self.starts("a")
        found = StateFile(str(server.database)).read()
        assert found is not None
        self.first = found


@pytest.fixture
def moving(tmp_path: Path) -> Iterator[Moving]:
    house = Moving(tmp_path)
    try:
        yield house
    finally:
        house.ends()


def test_whoever_is_killed_while_a_server_alone_moves_nobody_loses_a_line(moving: Moving) -> None:
    house, crowd = moving, moving.crowd
    options = house.adds("a")
    house.nodes["a"].options = [*NO_LIMIT]
    house.starts("a")
    assert crowd.goes_on_until(crowd.is_in)
    for _ in range(2):
        house.talks(0.5)
        house.nodes["a"].kill()
        house.starts("a")
    house.talks(0.5)
    house.nodes["a"].kill()
    house.founds(options)
    for name in "bc":
        house.adds(name)
        house.starts(name)
    for name in "bac":
        house.talks(0.5)
        house.nodes[name].kill()
        house.starts(name)
    house.comes_to_rest()
    assert len({program.epoch for program in crowd.programs}) == 1
    rows = house.nodes["c"].rows()
    newest = crowd.newest()
    end = next(row.seq for row in rows if row.text == newest)
    assert not [fault for person in crowd.people for fault in person.faults(rows, end)]
    assert not [*house.replayed()]
