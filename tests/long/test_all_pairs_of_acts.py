"""Each act meets each other one in the same instant, on two nodes and on one."""

from __future__ import annotations

from typing import Any

import pytest

from tests.server.clustered.acts import ACTS
from tests.server.clustered.test_pairs_of_acts import pairs, stand


@pytest.mark.parametrize("first", ACTS)
def test_two_acts_of_one_instant(first: str, logged_failures: list[Any]) -> None:
    for second, one, other in pairs(first):
        stand(first, second, one, other)
    assert not logged_failures
