"""What the house lets go of in time is the same on all nodes: it is judged by the log's time."""

from __future__ import annotations

import pytest

from huddle.cluster.entries import Retain
from tests.cluster.houseful import Houseful
from tests.cluster.written_log import NOON, code


@pytest.mark.parametrize("retain", [Retain(before=NOON + 1), Retain(left_before=NOON + 1)])
def test_nothing_is_deleted_by_a_time_that_has_not_come(retain: Retain) -> None:
    """What is said next would be gone by a clock that is ahead."""
    assert code(Houseful().a.asks(retain)) == "bad-field"
