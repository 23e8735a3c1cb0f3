"""Three machines whose cables are pulled while people talk: a member of etcd and a node on each.

The machines are network namespaces at one switch (`tests.cluster.switched_network`). On each of
them are programs, at a UNIX socket of its node: what is cut is the way between the machines, and
never theirs to their node. What must hold is what holds of one server (`checker`), in the record of
every node; how long anybody stands still is measured.

    python -m tests.lost.cut_network

takes about a minute and prints what it saw. It needs root, and may be run beside nothing else.
"""

from __future__ import annotations

import json
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from random import Random

from typing_extensions import override

from tests.cluster.real_etcd import DEFAULT_TIMING, Etcd, dies_with_us
from tests.cluster.switched_network import Machine, Network, switched_network
from tests.lost.checker import faults, of_record
from tests.lost.crowd import Crowd, Member
from tests.lost.program import Program
from tests.lost.server import Server
from tests.patience import until
from tests.real.server import READY

NAMES = "abc"
KEY = "ab" * 32
LOST_THE_OTHERS = "this node has lost the others"
LEVEL = "this node is level with the others"
ISOLATED = 13.0
"""Seconds for which a machine is isolated: for ten of them what is said there waits."""
HALVES = 8.0
FLAPS = (0.3, 0.6, 1.2, 2.0, 0.2, 0.9)
PROGRAMS = 2
"""On each machine."""
EAGERNESS = 10.0


@dataclass
class Timed(Program):
    """A program that notes when it was acknowledged, and when it was first refused."""

    acked: list[float] = field(default_factory=list)
    refusals: list[float] = field(default_factory=list)
    shown: int = 0
    """Messages of the past that it was shown when it asked."""

    @override
    def hear(self, line: bytes) -> None:
        acks, errors = len(self.acks), len(self.errors)
        super().hear(line)
        if len(self.acks) > acks:
            self.acked.append(time.monotonic())
        if len(self.errors) > errors:
            self.refusals.append(time.monotonic())
        if b'"reply"' in line:
            self.shown += len(json.loads(line).get("messages", ()))

    def stood_still(self, since: float, until: float) -> float:
        """The longest time without an acknowledgement between the two, in seconds."""
        between = [each for each in self.acked if since < each < until]
        return max(later - earlier for earlier, later in pairwise([since, *between, until]))


class Neighbour(Member):
    """A program on the machine of its node, whose UNIX socket is at ``path``."""

    def __init__(self, program: Timed, path: Path) -> None:
        super().__init__(program)
        self.timed = program
        self._path = path

    @override
    def connect(self, port: int) -> None:
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(str(self._path))
        self.socket.setblocking(False)
        self.outgoing, self.begun = self.program.hello(), b""


@dataclass(frozen=True, slots=True)
class Cut:
    """What one kind of cut came to, in seconds: how long those stood still who had a majority;
    when the isolated node refused what was said, and how soon after healing it took it again (-1
    where no node was isolated)."""

    kind: str
    majority_stood_still: float
    refused_after: float = -1.0
    level_after: float = -1.0


class CutNetwork:
    """The machines, started from nothing in this folder; `end` ends all of it."""

    def __init__(self, network: Network, folder: Path, seed: int = 1) -> None:
        self.machines = network.machines
        self.faults: list[str] = []
        self.etcd = Etcd(folder / "engine", *DEFAULT_TIMING, machines=self.machines)
        self.etcd.start()
        key = folder / "key"
        key.touch(0o600)
        key.write_text(KEY)
        self.nodes: list[Server] = []
        for name, machine in zip(NAMES, self.machines, strict=True):
            (folder / name).mkdir()
            self.nodes.append(self._node(folder / name, machine, key))
        self._until(lambda: all(READY in node.log for node in self.nodes))
        self.crowd = Crowd(0, 0, Random(seed))
        self.there: list[list[Neighbour]] = []
        for place, name in enumerate(NAMES):
            programs = [
                Timed(f"{name}{i}", f"secret {name}{i}" + "x" * 32) for i in range(PROGRAMS)
            ]
            self.there.append([Neighbour(each, self._socket(place)) for each in programs])
            self.crowd.members += self.there[-1]

    def _node(self, folder: Path, machine: Machine, key: Path) -> Server:
        engine = f"etcd://{','.join(self.etcd.endpoints)}/cuts"
        options = ("--cluster", engine, "--node", folder.name, "--cluster-key", str(key))
        server = Server(folder, "--flood-rate", "0", "--per-address", "0", *options)
        server.port = f"unix:{folder / 'socket'}"  # type: ignore[assignment]
        server.launch(*machine.command(), *dies_with_us())
        return server

    def _socket(self, place: int) -> Path:
        return self.nodes[place].folder / "socket"

    def _until(self, holds: Callable[[], bool]) -> None:
        until(holds, lambda: "\n".join(node.log[-2000:] for node in self.nodes))

    def end(self) -> None:
        """Let go of all connections, and kill all that is left."""
        self.crowd.leaves()
        for node in self.nodes:
            node.kill()
        self.etcd.end()

    def leader(self) -> int:
        """The place of the machine whose member leads the engine, as soon as one does."""
        leading: list[int] = []

        def is_led() -> bool:
            for place, member in enumerate(self.etcd.members):
                status = member.asked("/v3/maintenance/status", {})
                if status and status.get("leader") == status["header"]["member_id"]:
                    leading.append(place)
            return bool(leading)

        until(is_led, "nobody leads the engine")
        return leading[0]

    # -- cuts ----------------------------------------------------------------------------------

    def goes_through_all(self) -> Iterator[Cut]:
        """Cut in every way, one after the other, while everybody talks; `faults` is complete when
        this has ended."""
        assert self.crowd.goes_on_until(self.crowd.is_in), "not everybody is let in"
        self.crowd.eagerness = EAGERNESS
        self.crowd.goes_on(2)
        leader = self.leader()
        yield self._isolate("the leader is isolated", leader)
        leader = self.leader()
        yield self._isolate("a follower is isolated", (leader + 1) % 3)
        leader = self.leader()
        yield self._halve("a cut between the leader and one follower", leader, (leader + 1) % 3)
        yield self._flap("the leader's cable is loose", self.leader())
        self._come_to_rest()

    def _isolate(self, kind: str, place: int) -> Cut:
        machine, node = self.machines[place], self.nodes[place]
        said_before = len(node.log)
        machine.pull()
        begun = time.monotonic()
        self.crowd.goes_on(ISOLATED)
        if self._refusals([at for at in range(3) if at != place], begun):
            self.faults.append(f"{kind}: those who have a majority refuse")
        if not self.crowd.goes_on_until(lambda: LOST_THE_OTHERS in node.log[said_before:]):
            self.faults.append(f"{kind}: the isolated node does not say so")
        if not self.crowd.goes_on_until(lambda: bool(self._refusals([place], begun))):
            self.faults.append(f"{kind}: the isolated node refuses nothing")
        if not self._serves_history(place):
            self.faults.append(f"{kind}: the isolated node does not show what was said")
        stood_still = self._stood_still(begun, [at for at in range(3) if at != place])
        machine.plug_in()
        level_after = self._answers_after([place])
        refused_after = min(self._refusals([place], begun), default=begun - 1) - begun
        return Cut(kind, stood_still, refused_after, level_after)

    def _refusals(self, places: Sequence[int], since: float) -> list[float]:
        """When somebody on these machines was refused."""
        programs = [each.timed for place in places for each in self.there[place]]
        return [at for each in programs for at in each.refusals if at > since]

    def _halve(self, kind: str, one: int, other: int) -> Cut:
        """Two machines do not hear each other; both hear the third."""
        for place in (one, other):
            self.machines[place].part(True)
        begun = time.monotonic()
        self.crowd.goes_on(HALVES)
        stood_still = self._stood_still(begun, range(3))
        if self._refusals(range(3), begun):
            self.faults.append(f"{kind}: somebody is refused")
        for place in (one, other):
            self.machines[place].part(False)
        self._answers_after(range(3))
        return Cut(kind, stood_still)

    def _flap(self, kind: str, place: int) -> Cut:
        begun = time.monotonic()
        for seconds in FLAPS:
            self.machines[place].pull()
            self.crowd.goes_on(seconds)
            self.machines[place].plug_in()
            self.crowd.goes_on(0.5)
        stood_still = self._stood_still(begun, [at for at in range(3) if at != place])
        return Cut(kind, stood_still, level_after=self._answers_after([place]))

    def _stood_still(self, since: float, places: Sequence[int]) -> float:
        now = time.monotonic()
        return max(each.timed.stood_still(since, now) for at in places for each in self.there[at])

    def _answers_after(self, places: Sequence[int]) -> float:
        """Seconds until everybody on these machines has been acknowledged something new."""
        begun = time.monotonic()
        waiting = [each.timed for place in places for each in self.there[place]]
        if not self.crowd.goes_on_until(
            lambda: all(each.acked and each.acked[-1] > begun for each in waiting)
        ):
            self.faults.append(f"after healing nobody is answered on {list(places)}")
        first = [next((at for at in each.acked if at > begun), begun) for each in waiting]
        return max(first) - begun

    def _serves_history(self, place: int) -> bool:
        """Whether a program at that node is shown what was said."""
        member = self.there[place][0]
        member.timed.shown = 0
        member.outgoing += b'{"type":"history","id":1000000,"room":"huddle","limit":5}\n'
        return self.crowd.goes_on_until(lambda: member.timed.shown == 5)

    def _come_to_rest(self) -> None:
        self.crowd.eagerness = 0
        if not self.crowd.goes_on_until(self.crowd.knows_all):
            self.faults.append("restless: not everybody has everything at last")
        self.crowd.leaves()
        for node in self.nodes:
            node.stop()
        rows = [node.rows() for node in self.nodes]
        longest = max(rows, key=len)
        for name, node, found in zip(NAMES, self.nodes, rows, strict=True):
            self.faults += [f"{name}: {fault}" for fault in of_record(found)]
            if found != longest[: len(found)]:
                self.faults.append(f"{name}: its record differs")
            if (at := node.log.find("Traceback")) >= 0:
                self.faults.append(f"{name}: a traceback:\n{node.log[max(at - 500, 0) :][:3000]}")
        self.faults += faults(self.crowd.programs, longest)
        self.messages = len(longest)


def main() -> int:
    """Cut in every way, and say what it came to."""
    with tempfile.TemporaryDirectory() as folder, switched_network(3) as network:
        cut = CutNetwork(network, Path(folder))
        try:
            for each in cut.goes_through_all():
                print(each)
        finally:
            cut.end()
        print(cut.messages, "messages; faults:", cut.faults or "none")
    return 1 if cut.faults else 0


if __name__ == "__main__":
    sys.exit(main())
