"""Records to test, opened and closed again."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.record.awaited_record import AwaitedRecord, memory_record, sqlite_record
from tests.record.faulty_connections import Faults
from tests.record.written_database import Written


@pytest.fixture
def faults() -> Faults:
    """What goes wrong with the connections to the database; nothing as yet."""
    return Faults()


@pytest.fixture
def reports() -> list[str]:
    """The codes that a record has reported."""
    return []


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


@pytest.fixture
def written(tmp_path: Path) -> Iterator[Written]:
    """A database that the test writes into itself."""
    path = tmp_path / "huddle.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        file = os.open(path, os.O_RDONLY | os.O_CREAT)
        written = Written(path, connection, file)
        yield written
    written.contents.close()
    os.close(file)
