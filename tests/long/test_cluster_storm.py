"""Nodes and machines of their engine are killed as processes, a hundred times, and nothing is lost.

The long run is ``python -m benchmarks cluster storm --strikes 1000``. That nodes without
fencing, or with a window of ids, are found out is shown in memory (`tests.cluster.test_mutants`),
where a batch can be held up for long: here the node knows already what was said by then.
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
    assert not seen.faults, str(seen)
    assert seen.messages > 1000 and seen.cuts > 100, str(seen)


def test_the_storm_finds_nodes_that_acknowledge_before_the_log(storm: Make) -> None:
    seen = storm(3, launcher=launcher("nodes-before-the-log")).rages(strikes=15)
    assert any("acks broken" in fault for fault in seen.faults), str(seen)
