"""Engines to test."""

from __future__ import annotations

import pytest

from tests.cluster.engines import Engine, InMemory


@pytest.fixture(params=["memory"])
def engine(request: pytest.FixtureRequest) -> Engine:
    """A log on each kind of engine in its turn: what holds for one holds for the other."""
    return InMemory()
