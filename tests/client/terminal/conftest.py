"""A screen for each test, which leaves no call behind."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.client.terminal.room import Room


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    room = Room(tmp_path)
    yield room
    room.screen.close(0)
    assert room.clock.getDelayedCalls() == []
