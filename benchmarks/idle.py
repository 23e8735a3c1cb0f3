"""What an idle member costs in memory, and how long many take to join."""

import time
from dataclasses import dataclass

from benchmarks.peers.peer import Peer
from benchmarks.runs.load import Generator, Load
from benchmarks.runs.processes import memory_kib
from benchmarks.runs.run import serving


@dataclass(frozen=True, slots=True)
class Idle:
    """`joined_seconds` is until the last of the members was greeted."""

    server: str
    members: int
    joined_seconds: float
    before_kib: int
    after_kib: int

    @property
    def kib_each(self) -> float:
        """Return how much the server grew for each member, in KiB."""
        return (self.after_kib - self.before_kib) / self.members


def measure_idle(peer: Peer, members: int, *, settle: float = 1) -> Idle:
    """Let the members join as fast as they can, and look at the server's memory when all is quiet.

    Kernel memory of the sockets is not counted: no server can do without.
    """
    load = Load(members=members, join_only=True, outstanding=min(peer.outstanding, members))
    with serving(peer) as server:
        time.sleep(0.5)
        before = memory_kib(server.pid)
        with Generator(load, peer.wire, server.port) as generator:
            greeted = generator.next_event("greeted")
            generator.next_event("joined")
            time.sleep(settle)
            after = memory_kib(server.pid)
    return Idle(peer.name, members, greeted["seconds"], before, after)
