"""Nodes and machines of their engine are killed as processes, a hundred times, and nothing is lost.

The long run is ``python -m benchmarks cluster storm --strikes 1000``. In memory the same is asked
of more mutants (`tests.cluster.test_mutants`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest

from tests.lost.cluster_storm import ClusterStorm
from tests.lost.mutants import launcher

Make = Callable[..., ClusterStorm]
PROGRAMS = 20


@pytest.fixture
def storm(tmp_path: Path) -> Iterator[Make]:
    """Makes a storm; all its processes are ended."""
    made: list[ClusterStorm] = []

    def make(seed: int, **options: list[str]) -> ClusterStorm:
        made.append(ClusterStorm(tmp_path, PROGRAMS, Random(seed), **options))
        return made[-1]

    yield make
    for each in made:
        each.end()


def test_a_hundred_strikes_cost_nobody_a_line_and_all_nodes_are_one(storm: Make) -> None:
    seen = storm(1).rages(strikes=100)
    assert not seen.faults, "\n".join(["", *seen.faults, str(seen)])
    assert seen.refused <= seen.messages // 100, str(seen)
    assert seen.messages > 1000 and seen.cuts > 100, str(seen)


@pytest.mark.parametrize("frozen", [(1, 0), (0, 1)])
def test_machines_and_nodes_that_stand_still_each_time_cost_nobody_a_line(
    storm: Make, frozen: tuple[float, float]
) -> None:
    """What the mutants are found by is their fault, and none of the strikes'."""
    raging = storm(1)
    raging.frozen_members, raging.frozen_nodes = frozen
    seen = raging.rages(strikes=4)
    assert not seen.faults, "\n".join(["", *seen.faults, str(seen)])


ENOUGH = 50
"""Strikes until the fault has to be seen: each of them shows the rarest with a chance of three in
ten (5 of 16 were counted), so that none of so many does once in 10^7 runs."""


@pytest.mark.parametrize(
    ("mutant", "frozen", "sign"),
    [
        ("nodes-before-the-log", (0, 0), "acks broken"),
        ("nodes-with-a-window", (1, 0), "recorded twice"),
        ("nodes-without-fencing", (0, 1), "recorded twice"),
    ],
)
def test_the_storm_finds_nodes_that_break_a_rule(
    storm: Make, mutant: str, frozen: tuple[float, float], sign: str
) -> None:
    """Those that acknowledge before the log; that know only for a while what has landed, which is
    appended again when a machine of the engine stands still; and those for which a life that is
    over counts: a node that stood still says twice what people with nc had said last."""
    raging = storm(1, launcher=launcher(mutant))
    raging.frozen_members, raging.frozen_nodes = frozen
    seen = raging.rages(ENOUGH, sign)
    assert any(sign in fault for fault in seen.faults), str(seen)
