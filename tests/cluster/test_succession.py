"""What a follower checks of every entry: of a hole and of an older log nothing is taken."""

from __future__ import annotations

import pytest

from huddle.cluster.log import Cause
from huddle.cluster.succession import Succession


def test_positions_may_have_any_distance_as_long_as_the_counts_follow_each_other() -> None:
    succession = Succession(10, 3)
    assert succession.takes(11, 4) is None
    assert succession.takes(900, 5) is None


@pytest.mark.parametrize(
    ("position", "count", "cause"),
    [
        (12, 5, Cause.LOST),
        (12, 3, Cause.LOST),
        (10, 4, Cause.REWOUND),
        (9, 4, Cause.REWOUND),
    ],
    ids=["a hole", "one that is counted twice", "the same place", "an older place"],
)
def test_behind_one_that_does_not_follow_it_stays_where_it_is(
    position: int, count: int, cause: Cause
) -> None:
    succession = Succession(10, 3)
    assert succession.takes(position, count) is cause
    assert succession.takes(11, 4) is None
