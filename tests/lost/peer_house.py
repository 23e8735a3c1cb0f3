"""Nodes that give each other what they have, with their engine, as processes; a crowd talks."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable
from pathlib import Path
from random import Random

from tests.cluster.real_etcd import Etcd
from tests.free_ports import free_port
from tests.lost.checker import faults, of_record
from tests.lost.cluster_storm import KEY, NodesCrowd
from tests.lost.server import Server
from tests.patience import PATIENCE
from tests.real.server import READY

NO_LIMIT = ("--flood-rate", "0", "--per-address", "0")


class PeerHouse:
    """An engine, and nodes that give each other what they have; `talks` has everybody talk."""

    def __init__(self, folder: Path, names: str) -> None:
        self.folder = folder
        self.etcd = Etcd(folder / "engine")
        self.etcd.start()
        self.key = folder / "key"
        self.key.touch(0o600)
        self.key.write_text(KEY)
        self.nodes = {name: self.node(name) for name in names}
        self.crowd = NodesCrowd([each.port for each in self.nodes.values()], 6, 0, Random(1))
        for server in self.nodes.values():
            server.start()

    @property
    def engine(self) -> str:
        """The address of the engine, and of the house in it."""
        return f"etcd://{','.join(self.etcd.endpoints)}/peers"

    def node(self, name: str) -> Server:
        """Make a node, which is to be started."""
        (self.folder / name).mkdir()
        options = ["--cluster", self.engine, "--node", name, "--cluster-key", str(self.key)]
        peer = f"tcp:{free_port()}:interface=127.0.0.1"
        return Server(self.folder / name, *NO_LIMIT, *options, "--peer", peer)

    def starts(self, name: str, until: Callable[[Callable[[], bool]], bool] | None = None) -> str:
        """Start it, while everybody talks on; returns what its log says by the time it is level.

        ``until`` lets time pass until something holds, and says whether it ever did.
        """
        server = self.nodes[name]
        before = len(server.log)
        server.launch()
        assert (until or self.crowd.goes_on_until)(lambda: READY in server.log[before:]), server.log
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
