"""A storm over several nodes: people talk, and nodes and machines of the engine are killed.

Three members of etcd and three nodes, each a process; programs that go to another node when theirs
is gone, or for no reason. Each strike kills a node, a member, or one of both, lets the others go on
and starts it again. What must hold is what holds of one server (`checker`), in the record of every
node; and each node's state has to be what a replay of the whole log, read beside, comes to.

    python -m tests.lost.cluster_storm --strikes 1000 --seed 7

goes on for some half an hour and prints what it saw; the exit status tells whether all was well.
"""

from __future__ import annotations

import argparse
import os
import re
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

from typing_extensions import override

from huddle.cluster.apply import apply
from huddle.cluster.batches import VERSION
from huddle.cluster.sealing import NotGenuine, Sealing
from huddle.cluster.snapshot import digest
from huddle.cluster.state import first_state
from huddle.server.node.joining import WRITE_AFTER
from huddle.server.node.state_file import StateFile
from tests.cluster.real_etcd import Etcd
from tests.lost.checker import faults, of_record
from tests.lost.crowd import Crowd, Member
from tests.lost.log_reader import LogReader
from tests.lost.server import Row, Server
from tests.lost.storm import Aftermath
from tests.lost.wanderer import Wanderer
from tests.real.preloaded import TWISTD
from tests.real.server import READY

NAMES = "abc"
HOUSE = "storm"
KEY = "ab" * 32
PEOPLE = 10
FROZEN_MEMBER, FROZEN_NODE = 2.4, 7.0
"""Seconds for which one is stopped: longer than an append waits for its answer, and than a node may
be silent before the others say that it is gone."""
ASKED = 0.1
"""Seconds in which a node reads what is said and asks the engine for it, whose machines stand still
for no longer than that: it is far below the second after which they choose another leader."""
EAGER_BESIDE_A_START = 2
"""Times a second that each speaks at the most while a node starts: on a slow machine it would have
the more to read the longer it took to."""
WHY = re.compile("#(critical|error)|^huddle: |Error")
NO_LIMIT = ("--flood-rate", "0", "--per-address", "0")


class NodesCrowd(Crowd):
    """A crowd each of whose members connects to one of the nodes, whichever comes to mind."""

    def __init__(self, ports: Sequence[int], size: int, people: int, chance: Random) -> None:
        super().__init__(0, size, chance)
        self._ports = ports
        self.members += [Member(Wanderer(f"nc{number}")) for number in range(people)]

    @override
    def a_port(self) -> int:
        return self.chance.choice(self._ports)


class ClusterStorm:
    """Three nodes over three members of an engine, started from nothing in this folder."""

    def __init__(
        self, folder: Path, size: int, chance: Random, launcher: Sequence[str] = TWISTD
    ) -> None:
        self.chance = chance
        self.frozen_members, self.frozen_nodes = 0.04, 0.01
        """How many of the strikes stop a machine of the engine, or a node, and let it go on."""
        self.seen = Aftermath([], 0, 0)
        self.etcd = Etcd(folder / "engine")
        self.etcd.start()
        self.log = LogReader(self.etcd, HOUSE)
        self.log.start()
        key = folder / "key"
        key.touch(0o600)
        key.write_text(KEY)
        engine = f"etcd://{','.join(self.etcd.endpoints)}/{HOUSE}"
        self.nodes: dict[str, Server] = {}
        for name in NAMES:
            (folder / name).mkdir()
            options = ("--cluster", engine, "--node", name, "--cluster-key", str(key))
            self.nodes[name] = Server(folder / name, *NO_LIMIT, *options, launcher=launcher)
        for server in self.nodes.values():
            server.start()
        ports = [each.port for each in self.nodes.values()]
        self.crowd = NodesCrowd(ports, size, PEOPLE, chance)

    def end(self) -> None:
        """Let go of all connections, and kill all that is left."""
        self.crowd.leaves()
        for server in self.nodes.values():
            server.kill()
        self.log.end()
        self.etcd.end()

    def rages(self, strikes: int, until: str | None = None) -> Aftermath:
        """Strike so often, or until such a fault is seen; let everybody come to rest, and look."""
        assert self.crowd.goes_on_until(self.crowd.is_in), "not everybody is let in"
        for _ in range(strikes):
            self._talk()
            kind = self.chance.random()
            if kind < self.frozen_members:
                self._freeze_member()
            elif kind < self.frozen_members + self.frozen_nodes:
                self._freeze_node()
            else:
                self._strike()
            if until is not None and self._is_found(until):
                return self.seen
        self.crowd.eagerness = 0
        if not self.crowd.comes_to_rest():
            self.seen.faults.append("restless: not everybody has everything at last")
        self.crowd.leaves()
        self._stop()
        self._look()
        return self.seen

    def _talk(self) -> None:
        self.crowd.eagerness = self.chance.choice([2, 5, 20])
        for _ in range(self.chance.randint(1, 3)):
            self.crowd.goes_on(self.chance.uniform(0.02, 0.15))
            for member in self.chance.sample(self.crowd.members, self.chance.randint(0, 4)):
                member.cut()  # and it goes to another node, or to the same one
                member.back_at = time.monotonic() + self.chance.uniform(0, 0.15)
                self.seen.cuts += 1

    def _strike(self) -> None:
        node = self.chance.choice([*NAMES, None, None])
        member = self.chance.choice([*self.etcd.members, None, None, None])
        if node is None and member is None:
            node = self.chance.choice(NAMES)
        self._speak()
        if node is not None:
            self._end_node(self.nodes[node])
        if member is not None:
            member.kill()
        self.seen.strikes += 1
        self.crowd.goes_on(self.chance.choice([0, 0.05, 0.3, 0.8]))
        if member is not None:
            member.start()
        if node is not None:
            self._start(self.nodes[node])

    def _freeze_member(self) -> None:
        """A machine of the engine answers nothing for a while: what is appended through it may have
        landed, and is appended again. Mostly a node dies meanwhile, whose last words are late."""
        member = self.chance.choice(self.etcd.members)
        self._speak()
        self.etcd.freeze(member)
        began, name = time.monotonic(), self.chance.choice([*NAMES, None])
        self.crowd.goes_on(0.3)
        if name is not None:
            self._end_node(self.nodes[name])
        self.crowd.goes_on(began + FROZEN_MEMBER - time.monotonic())
        self.etcd.thaw(member)
        self.seen.strikes += 1
        if name is not None:
            self._start(self.nodes[name])

    def _freeze_node(self) -> None:
        """A node stands still until the others have put it down, and goes on then. What it asked
        the engine for last has landed meanwhile, and it never heard so. Those who were on it lose
        patience, and go to others."""
        server = self.nodes[self.chance.choice(NAMES)]
        for machine in self.etcd.members:
            self.etcd.freeze(machine)
        for member in self.crowd.members:
            if member.port == server.port:
                self.crowd.talks(member)
        self.crowd.goes_on(ASKED)
        os.kill(server.pid, signal.SIGSTOP)
        for machine in self.etcd.members:
            self.etcd.thaw(machine)
        began = time.monotonic()
        self.crowd.goes_on(1)
        for member in self.crowd.members:
            if member.port == server.port:
                member.cut()
                member.back_at = time.monotonic() + self.chance.uniform(0, 0.3)
        self.crowd.goes_on(began + FROZEN_NODE - time.monotonic())
        os.kill(server.pid, signal.SIGCONT)
        self.seen.strikes += 1
        self.crowd.goes_on(1)

    def _speak(self) -> None:
        for talking in self.chance.sample(self.crowd.members, self.chance.randint(3, 12)):
            self.crowd.talks(talking)
        self.crowd.goes_on(self.chance.choice([0, 0, 0.002, 0.005, 0.01]))

    def _is_found(self, until: str) -> bool:
        """Whether there is such a fault by now. What was acknowledged, one node at least has."""
        acknowledged = {
            program.nick: [program.said[id - 1] for id in program.acks]
            for program in self.crowd.programs
        }
        self.crowd.goes_on(2 * WRITE_AFTER)
        texts: set[str] = set()
        for name, server in self.nodes.items():
            rows = server.rows()
            self.seen.faults += [f"{name}: {fault}" for fault in of_record(rows)]
            texts |= {row.text for row in rows}
        for nick, said in acknowledged.items():
            if lost := [text for text in said if text not in texts]:
                self.seen.faults.append(f"{nick}: acks broken: {lost[:3]}")
        return any(until in fault for fault in self.seen.faults)

    def _end_node(self, server: Server) -> None:
        if server.has_ended():
            self._note_end("a node", server)
        if self.chance.random() < 0.2:
            server.ask_to_stop()
            if not self.crowd.goes_on_until(server.has_ended):
                self.seen.faults.append("a node does not stop")
        server.kill()
        rows = server.rows()
        self.seen.faults += of_record(rows)

    def _note_end(self, name: str, server: Server) -> None:
        """It has ended without being asked to: the lines of its log that say why."""
        why = [line[:300] for line in server.log.splitlines() if WHY.search(line)]
        self.seen.faults.append(f"{name} had ended by itself: {why[-3:]}")

    def _start(self, server: Server) -> None:
        """Start it; the next strike waits until it is level, if it is not killed before."""
        before = len(server.log)
        self.crowd.eagerness = min(self.crowd.eagerness, EAGER_BESIDE_A_START)
        server.launch()
        if self.chance.random() < 0.2:
            self.crowd.goes_on(self.chance.uniform(0.1, 0.6))
            server.kill()
            before = len(server.log)
            server.launch()
        if not self.crowd.goes_on_until(lambda: READY in server.log[before:]):
            self.seen.faults.append(f"a node does not start:\n{server.log[-2000:]}")

    # -- afterwards ----------------------------------------------------------------------------

    def _stop(self) -> None:
        for name, server in self.nodes.items():
            if server.has_ended():
                self._note_end(name, server)
            server.stop()
        self.log.catch_up()

    def _look(self) -> None:
        states = self._replayed()
        newest = self.crowd.newest()
        for name, server in self.nodes.items():
            rows = server.rows()
            self.seen.messages = len(rows)
            if newest not in {row.text for row in rows}:
                self.seen.faults.append(f"{name}: its record ends before {newest}")
            found = [*self._heard(rows)] if name == NAMES[-1] else []
            self.seen.faults += [f"{name}: {fault}" for fault in [*of_record(rows), *found]]
            if rows != self.nodes[NAMES[-1]].rows()[: len(rows)]:
                self.seen.faults.append(f"{name}: its record differs from that of {NAMES[-1]}")
            position, hash = states[name]
            if hash != self._replays[position]:
                self.seen.faults.append(f"{name}: its state is not that of a replay at {position}")
            if (at := server.log.find("Traceback")) >= 0:
                self.seen.faults.append(
                    f"{name}: a traceback:\n{server.log[max(at - 500, 0) :][:3000]}"
                )
        for program in self.crowd.programs:
            # What is said to a node that has lost the others, or that ends, is refused for now.
            wrong = [code for code in program.errors if code not in ("replaced", "not-recorded")]
            self.seen.refused += program.errors.count("not-recorded")
            self.seen.faults += [f"{program.nick}: error {code}" for code in wrong]

    def _heard(self, rows: Sequence[Row]) -> Iterator[str]:
        """What is wrong of that which programs and people were given."""
        yield from faults(self.crowd.programs, rows)
        newest = self.crowd.newest()
        end = next((row.seq for row in rows if row.text == newest), 0)
        for person in self.crowd.people:
            yield from person.faults(rows, end)

    def _replayed(self) -> dict[str, tuple[int, str]]:
        """The position and hash of each node's state, and in ``_replays`` those of a replay."""
        states = {}
        for name, server in self.nodes.items():
            found = StateFile(str(server.database)).read()
            assert found is not None
            states[name] = found[1].position, digest(found[1])
        wanted = {position for position, _ in states.values()}
        sealing = Sealing([bytes.fromhex(KEY)], self.log.house_id(), VERSION, os.urandom)
        state = first_state()
        self._replays = dict.fromkeys(wanted, "")
        for position, sealed in self.log.entries:
            try:
                entry = sealing.open(sealed)
            except NotGenuine:
                entry = b""
            apply(state, position, entry)
            if position in wanted:
                self._replays[position] = digest(state)
        return states


def main(arguments: list[str] | None = None) -> int:
    """A long storm; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.lost.cluster_storm")
    parser.add_argument("--strikes", type=int, default=100)
    parser.add_argument("--programs", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        storm = ClusterStorm(Path(folder), wanted.programs, Random(wanted.seed))
        try:
            seen = storm.rages(wanted.strikes)
        finally:
            storm.end()
    print(seen)
    return 1 if seen.faults else 0


if __name__ == "__main__":
    sys.exit(main())
