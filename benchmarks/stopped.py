"""Members who stop reading: do they get everything in the end, and what do the others notice?"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from benchmarks.load import Load
from benchmarks.paired import median, tell
from benchmarks.peers.peer import Peer
from benchmarks.run import Run, measure

AFTERWARDS = 10
"""Seconds the load goes on after the stopped members woke."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """So many `stopped` of the `members` read nothing while `megabytes` are said, or for `seconds`.

    The load is open loop at a third of what the server bears with 64 messages in flight.
    """

    members: int
    stopped: int
    speakers: int = 10
    bytes: int = 1024
    megabytes: float = 0
    seconds: float = 0


@dataclass(frozen=True, slots=True)
class Stopped:
    """A run with the stop and the same without it."""

    stop: Stop
    rate: float
    without: Run
    with_stop: Run

    @property
    def while_stopped(self) -> float:
        """Return the others' p99 while some are stopped, as a multiple of that without."""
        return self.with_stop.latency["p99"] / self.without.latency["p99"]

    @property
    def while_waking(self) -> float:
        """Return the others' p99 from the waking until all are level, as such a multiple."""
        return float(self.with_stop.extra["waking"]["p99"]) / self.without.latency["p99"]

    @property
    def level_seconds(self) -> float:
        """Return how long it took from the waking until all were level."""
        return float(self.with_stop.extra["level"] - self.with_stop.extra["waking_at"])


def third_of_capacity(peer: Peer, stop: Stop) -> float:
    """Return a third of the messages a second that the server bears with 64 in flight."""
    load = Load(members=stop.members, speakers=stop.speakers, window=64, bytes=stop.bytes)
    run = measure(peer, load)
    return run.messages / run.seconds / 3


def compare(peer: Peer, stop: Stop, rounds: int) -> list[Stopped]:
    """Run the load with the stop and without it, in turn."""
    rate = third_of_capacity(peer, stop)
    duration = stop.seconds or stop.megabytes * 1e6 / stop.bytes / rate
    tell(f"{peer.name}: {rate:.0f} messages/s of {stop.bytes} bytes, stopped for {duration:.1f} s")
    plain = Load(
        members=stop.members, speakers=stop.speakers, rate=rate, bytes=stop.bytes,
        seconds=duration + AFTERWARDS, drain=300,
    )  # fmt: skip
    halting = replace(plain, stopped=stop.stopped, stopped_for=duration)
    pairs = []
    for number in range(1, rounds + 1):
        pair = Stopped(stop, rate, measure(peer, plain), measure(peer, halting))
        pairs.append(pair)
        tell(f"{number}/{rounds} {told(pair)}")
    return pairs


def told(pair: Stopped) -> str:
    """Return one line on a pair."""
    run = pair.with_stop
    return (
        f"p99 {pair.without.latency['p99']:.0f} µs without, {run.latency['p99']:.0f} stopped "
        f"(x{pair.while_stopped:.2f}), {run.extra['waking']['p99']:.0f} waking "
        f"(x{pair.while_waking:.2f}); level after {pair.level_seconds:.1f} s; grew by "
        f"{run.grown_kib / 1024:.1f} MiB ({pair.without.grown_kib / 1024:.1f} without); "
        f"{run.faults or 'all arrived'}"
    )


def verdict(pairs: Sequence[Stopped]) -> dict[str, float]:
    """Return the medians over the pairs."""
    return {
        "p99 stopped / without": median([pair.while_stopped for pair in pairs]),
        "p99 waking / without": median([pair.while_waking for pair in pairs]),
        "level after, s": median([pair.level_seconds for pair in pairs]),
        "grown by, MiB": median([pair.with_stop.grown_kib / 1024 for pair in pairs]),
        "grown by without, MiB": median([pair.without.grown_kib / 1024 for pair in pairs]),
    }
