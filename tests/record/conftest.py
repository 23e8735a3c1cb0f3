"""Records to test, opened and closed again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.record.awaited_record import AwaitedRecord, memory_record, sqlite_record


@pytest.fixture(params=["memory", "sqlite"])
def awaited(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[AwaitedRecord]:
    """A record of each kind in its turn: what holds for one holds for the other."""
    awaited = memory_record() if request.param == "memory" else sqlite_record(tmp_path)
    yield awaited
    awaited.close()


@pytest.fixture
def durable(tmp_path: Path) -> Iterator[AwaitedRecord]:
    """A record on the disk."""
    awaited = sqlite_record(tmp_path)
    yield awaited
    awaited.close()
