"""A node begins with what another one has, where the engine keeps no more what it has missed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lost.peer_house import PeerHouse

ASKS = "other nodes are asked for it"
TAKEN = "this node begins with what the node"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[PeerHouse]:
    house = PeerHouse(tmp_path, "ab")
    try:
        assert house.crowd.goes_on_until(house.crowd.is_in)
        yield house
    finally:
        house.end()


def test_new_nodes_and_those_that_lost_something_are_level_again(house: PeerHouse) -> None:
    """Row: a node has missed more than the engine keeps, or its record is lost."""
    house.talks(2)
    house.compacts()
    house.nodes["c"] = house.node("c")
    said = house.starts("c")
    assert ASKS in said and TAKEN in said
    house.talks(1)

    house.nodes["c"].kill()
    house.talks(1)
    house.compacts()
    assert TAKEN in house.starts("c")
    house.talks(1)

    house.nodes["c"].kill()
    for file in (house.folder / "c").glob("huddle.db*"):
        if file.suffix != ".node":
            file.unlink()
    house.compacts()
    assert TAKEN in house.starts("c")
    house.talks(1)
    house.comes_to_rest()
