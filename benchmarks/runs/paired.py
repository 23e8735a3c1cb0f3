"""Several contenders in turn, again and again: machines drift, the ratio of a pair does not."""

import statistics
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmarks.peers.peer import Peer
from benchmarks.runs.load import Load, LoadError
from benchmarks.runs.processes import StartError
from benchmarks.runs.run import Run, measure

Metric = Callable[[Run], float]
Rounds = list[dict[str, Run]]
"""What each contender measured, round by round, by the contender's name."""


@dataclass(frozen=True, slots=True)
class Contender:
    """A peer under a load; the name tells apart two loads on the same peer."""

    name: str
    peer: Peer
    load: Load


def in_turn(contenders: Sequence[Contender], rounds: int) -> Rounds:
    """Run each contender once a round, and tell of each run on standard error."""
    results: Rounds = []
    for number in range(1, rounds + 1):
        results.append({})
        for contender in contenders:
            run = _measured(contender)
            results[-1][contender.name] = run
            tell(f"{number}/{rounds} {contender.name:24} {summary(run)}")
    return results


def _measured(contender: Contender) -> Run:
    """Run it; once more when a server did not start or did not greet everybody in time."""
    try:
        return measure(contender.peer, contender.load)
    except (StartError, LoadError) as failure:
        tell(f"{contender.name}: {failure}; once more")
        return measure(contender.peer, contender.load)


def ratios(rounds: Rounds, metric: Metric, over: str, under: str) -> list[float]:
    """Return the ratio of two contenders in each round."""
    return [metric(each[over]) / metric(each[under]) for each in rounds]


def median_run(rounds: Rounds, name: str, metric: Metric) -> Run:
    """Return the contender's run whose figure is the (lower) median."""
    runs = sorted((each[name] for each in rounds), key=metric)
    return runs[(len(runs) - 1) // 2]


def median(values: Sequence[float]) -> float:
    """Return the median of the values."""
    return statistics.median(values)


def summary(run: Run) -> str:
    """Return one line on a run."""
    verdict = "all arrived" if not run.faults else f"FAULTS {run.faults}"
    if run.recorded is not None:
        verdict += ", all recorded" if run.recorded else ", NOT ALL RECORDED"
    return (
        f"{run.deliveries_per_second / 1e6:7.3f} M/s {run.cpu_us_per_delivery:7.3f} µs/delivery"
        f"  p50 {run.latency['p50']:9.0f} p99 {run.latency['p99']:9.0f} µs"
        f"  generator {run.generator_busy:4.0%}  {verdict}"
    )


def tell(line: str) -> None:
    """Say how far things are, where no one reads results."""
    print(line, file=sys.stderr, flush=True)


def rate(run: Run) -> float:
    """Return the deliveries a second."""
    return run.deliveries_per_second


def cpu(run: Run) -> float:
    """Return the microseconds of the server's CPU per delivery."""
    return run.cpu_us_per_delivery


def cpu_per_message(run: Run) -> float:
    """Return the microseconds of the server's CPU per message."""
    return run.cpu_us_per_message


def p50(run: Run) -> float:
    """Return the median latency, in microseconds."""
    return run.latency["p50"]


def p99(run: Run) -> float:
    """Latency of all but the slowest hundredth."""
    return run.latency["p99"]
