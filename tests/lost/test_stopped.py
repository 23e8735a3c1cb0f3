"""Readers that stop for a long time: they get everything, and the server hardly grows.

The long run is ``python -m tests.lost.readers --megabytes 100``.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lost.readers import MIB, UNLIMITED, Hall
from tests.lost.server import Server

MEMBERS = 100
GROWN = 32 * MIB
LINES = 3000
"""12 MB: far more than the server and both kernels keep for a reader."""


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    with Server(tmp_path, *UNLIMITED).start() as server:
        hall = Hall(server, MEMBERS)
        yield hall
        hall.close()


def test_one_reader_stops_in_a_room_of_a_hundred(hall: Hall) -> None:
    [stopped, *others] = hall.readers
    hall.stop([stopped])
    hall.says(LINES)
    assert all(reader.last > hall.said - LINES for reader in others)
    assert stopped.last < hall.said - LINES // 2
    hall.wake([stopped])
    hall.everybody_has_all()
    assert not hall.faults
    assert hall.grown < GROWN


def test_a_hundred_readers_who_stopped_wake_at_once(hall: Hall) -> None:
    """Who did not stop hears what is said meanwhile, and need not wait for them."""
    [awake, *stopped] = hall.readers
    hall.stop(stopped)
    hall.says(LINES // 3)
    hall.wake(stopped)
    hall.says(1)
    hall.until(lambda: awake.last == hall.said)
    assert min(reader.last for reader in stopped) < hall.said
    hall.everybody_has_all()
    assert not hall.faults
    assert hall.grown < GROWN
