"""Members who stop reading: do they get everything in the end, and what do the others notice?"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from benchmarks.goals import Measured
from benchmarks.peers import PEERS
from benchmarks.runs.load import Load
from benchmarks.runs.paired import tell
from benchmarks.runs.run import Run, measure

AFTERWARDS = 10
"""Seconds the load goes on after the stopped members woke."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """So many `stopped` of the `members` read nothing while `megabytes` are said, or for `seconds`.

    The load is open loop at a third of what the server bears with 64 messages in flight. The
    others' p99 shall stay within `worse` times that without the stop, while some are stopped and
    while they catch up; the server shall grow by less than `mebibytes`. None: no bound.
    """

    text: str
    peer: str
    members: int
    stopped: int
    speakers: int = 10
    bytes: int = 1024
    megabytes: float = 0
    seconds: float = 0
    worse: float | None = None
    mebibytes: float | None = None


CASES = (
    Case(
        text="in memory: 1 of 200 stops for 50 MB", peer="huddle-none",
        members=200, stopped=1, megabytes=50, worse=2, mebibytes=16,
    ),
    Case(
        text="1 of 100 stops for 100 MB", peer="huddle",
        members=100, stopped=1, megabytes=100, worse=2, mebibytes=32,
    ),
    Case(
        text="100 of 200 stop for 100 MB", peer="huddle",
        members=200, stopped=100, megabytes=100, worse=2,
    ),
    Case(
        text="8,900 of 9,000 stop for a minute", peer="huddle",
        members=9000, stopped=8900, bytes=64, seconds=60,
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stopped:
    """A run with the stop and the same without it."""

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


def third_of_capacity(case: Case) -> float:
    """Return a third of the messages a second that the server bears with 64 in flight."""
    load = Load(members=case.members, speakers=case.speakers, window=64, bytes=case.bytes)
    run = measure(PEERS[case.peer], load)
    return run.messages / run.seconds / 3


def compare(case: Case, rounds: int) -> list[Stopped]:
    """Run the load with the stop and without it, in turn."""
    rate = third_of_capacity(case)
    duration = case.seconds or case.megabytes * 1e6 / case.bytes / rate
    tell(f"{rate:.0f} messages/s of {case.bytes} bytes, stopped for {duration:.1f} s")
    peer = PEERS[case.peer]
    plain = Load(
        members=case.members, speakers=case.speakers, rate=rate, bytes=case.bytes,
        seconds=duration + AFTERWARDS, drain=300,
    )  # fmt: skip
    halting = replace(plain, stopped=case.stopped, stopped_for=duration)
    pairs = []
    for number in range(1, rounds + 1):
        pair = Stopped(rate, measure(peer, plain), measure(peer, halting))
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


def verdict(case: Case, pairs: Sequence[Stopped]) -> list[Measured]:
    """Hold the pairs against the case's bounds."""

    def figure(text: str, must: float | None, values: list[float]) -> Measured:
        return Measured(case.text, text, None, must, False, values)

    grown = [pair.with_stop.grown_kib / 1024 for pair in pairs]
    grown_without = [pair.without.grown_kib / 1024 for pair in pairs]
    stopped = [pair.while_stopped for pair in pairs]
    return [
        figure("the others' p99 ÷ without the stop", case.worse, stopped),
        figure("the same while they catch up", case.worse, [pair.while_waking for pair in pairs]),
        figure("level again after, s", None, [pair.level_seconds for pair in pairs]),
        figure("grown by, MiB", case.mebibytes, grown),
        figure("grown by without the stop, MiB", None, grown_without),
    ]
