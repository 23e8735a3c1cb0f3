"""Whether messages keep flowing while thousands join."""

from dataclasses import dataclass
from typing import Any

from benchmarks.peers.peer import Peer
from benchmarks.runs.load import Generator, Load
from benchmarks.runs.paired import tell
from benchmarks.runs.run import FAULTS, serving

FIRST_JOINER = 500_000


@dataclass(frozen=True, slots=True)
class Storm:
    """Latencies, in µs, of the room's messages; `joiners` were greeted within `joined_seconds`."""

    server: str
    joiners: int
    joined_seconds: float
    latency: dict[str, float]
    faults: dict[str, int]


def measure_storm(
    peer: Peer, joiners: int, *, members: int = 100, rate: float = 100, seconds: float = 15
) -> Storm:
    """Let a room talk by the clock, open loop, for some seconds, and the joiners come meanwhile."""
    talk = Load(members=members, speakers=10, rate=rate, seconds=seconds, warm=0.5)
    joining = Load(
        members=joiners, first=FIRST_JOINER, join_only=True, outstanding=peer.outstanding
    )
    with serving(peer) as server, Generator(talk, peer.wire, server.port) as room:
        room.next_event("greeted")
        room.next_event("joined")
        room.go_on()
        room.next_event("measuring")
        greeted: dict[str, Any] = {"seconds": 0.0}
        if joiners:
            with Generator(joining, peer.wire, server.port) as storm:
                greeted = storm.next_event("greeted")
                room.next_event("measured")
        else:
            room.next_event("measured")
        result = room.next_event("result")
    faults = {name: result[name] for name in FAULTS if result[name]}
    return Storm(peer.name, joiners, greeted["seconds"], result["latency"], faults)


def compare(peer: Peer, joiners: int, rounds: int) -> list[tuple[Storm, Storm]]:
    """Return pairs of the same talk with the storm and without it."""
    pairs = []
    for number in range(1, rounds + 1):
        pair = measure_storm(peer, joiners), measure_storm(peer, 0)
        pairs.append(pair)
        for storm in pair:
            tell(
                f"{number}/{rounds} {peer.name:16} {storm.joiners:6} joined in "
                f"{storm.joined_seconds:6.2f} s  p50 {storm.latency['p50']:8.0f} "
                f"p99 {storm.latency['p99']:8.0f} max {storm.latency['max']:8.0f} µs  "
                f"{storm.faults or 'all arrived'}"
            )
    return pairs
