"""Records to test, opened and closed again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.record.desk import Desk, memory_desk, sqlite_desk


@pytest.fixture(params=["memory", "sqlite"])
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    """A record of each kind in its turn: what holds for one holds for the other."""
    desk = memory_desk() if request.param == "memory" else sqlite_desk(tmp_path)
    yield desk
    desk.close()


@pytest.fixture
def durable(tmp_path: Path) -> Iterator[Desk]:
    """A record on the disk."""
    desk = sqlite_desk(tmp_path)
    yield desk
    desk.close()
