"""A node begins with what another one has, where the engine keeps no more what it has missed."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from tests.changes import wait_until
from tests.cluster.real_etcd import Etcd
from tests.lost.checker import faults, of_record
from tests.lost.cluster_storm import KEY, NodesCrowd
from tests.lost.server import Server, free_port
from tests.patience import PATIENCE
from tests.real.server import READY

NO_LIMIT = ("--flood-rate", "0", "--per-address", "0")
ASKS = "other nodes are asked for it"
TAKEN = "this node begins with what the node"


class House:
    """An engine, and nodes that give each other what they have; `talks` has everybody talk."""

    def __init__(self, folder: Path, names: str) -> None:
        self.folder = folder
        self.etcd = Etcd(folder / "engine")
        self.etcd.start()
        self.key = folder / "key"
        self.key.touch(0o600)
        self.key.write_text(KEY)
        self.nodes = {name: self.node(name) for name in names}
        for name in names:
            self.starts(name)
        self.crowd = NodesCrowd([each.port for each in self.nodes.values()], 6, 0, Random(1))

    def node(self, name: str, *more: str) -> Server:
        (self.folder / name).mkdir()
        engine = f"etcd://{','.join(self.etcd.endpoints)}/peers"
        options = ["--cluster", engine, "--node", name, "--cluster-key", str(self.key), *more]
        peer = f"tcp:{free_port()}:interface=127.0.0.1"
        return Server(self.folder / name, *NO_LIMIT, *options, "--peer", peer)

    def starts(self, name: str) -> str:
        """Start it, while everybody talks on; what its log says by the time it is level."""
        server = self.nodes[name]
        before = len(server.log)
        server.launch()
        if name in self.nodes and hasattr(self, "crowd"):
            is_ready = self.crowd.goes_on_until(lambda: READY in server.log[before:])
            assert is_ready, server.log[before:]
        else:
            wait_until(server.folder, lambda: READY in server.log[before:], lambda: server.log)
        return server.log[before:]

    def talks(self, seconds: float) -> None:
        self.crowd.eagerness = 20
        self.crowd.goes_on(seconds)

    def compacts(self) -> None:
        """Have the engine let go of all but the last entry, as no node would."""
        member = self.etcd.members[0]
        asked = http.client.HTTPConnection("127.0.0.1", member.client, timeout=PATIENCE)
        asked.request("POST", "/v3/kv/range", json.dumps({"key": "eA=="}))
        revision = json.loads(asked.getresponse().read())["header"]["revision"]
        asked.request("POST", "/v3/kv/compaction", json.dumps({"revision": revision}))
        assert asked.getresponse().status == 200
        asked.close()

    def end(self) -> None:
        self.crowd.leaves()
        for server in self.nodes.values():
            server.kill()
        self.etcd.end()

    def comes_to_rest(self) -> None:
        """Everybody has everything, and all nodes have the same."""
        self.crowd.eagerness = 0
        assert self.crowd.goes_on_until(self.crowd.knows_all)
        self.crowd.leaves()
        for server in self.nodes.values():
            server.stop()
        rows = [server.rows() for server in self.nodes.values()]
        longest = max(rows, key=len)
        assert len(longest) > 100
        assert not faults(self.crowd.programs, longest)
        for found, server in zip(rows, self.nodes.values(), strict=True):
            assert not [*of_record(found)]
            assert found == longest[: len(found)] and len(found) > len(longest) - 20
            assert "Traceback" not in server.log


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path, "ab")
    try:
        assert house.crowd.goes_on_until(house.crowd.is_in)
        yield house
    finally:
        house.end()


def test_a_node_from_nothing_one_that_was_away_and_one_that_lost_its_record(house: House) -> None:
    """Row: a node has missed more than the engine keeps, or its record is lost."""
    house.talks(2)
    house.compacts()
    house.nodes["c"] = house.node("c")
    said = house.starts("c")
    assert ASKS in said and TAKEN in said
    house.talks(1)

    house.nodes["c"].kill()
    house.talks(1)
    house.compacts()
    assert TAKEN in house.starts("c")
    house.talks(1)

    house.nodes["c"].kill()
    for file in (house.folder / "c").glob("huddle.db*"):
        if file.suffix != ".node":
            file.unlink()
    house.compacts()
    assert TAKEN in house.starts("c")
    house.talks(1)
    house.comes_to_rest()
