"""Where people were when the server was killed: rather too far back than not."""

from __future__ import annotations

import pytest

from huddle.protocol.limits import Limits
from tests.world import World


def shown(lines: list[str]) -> list[str]:
    return [line for line in lines if "<bob>" in line or line.endswith("gone --")]


def test_what_retention_had_removed_before_it_surely_arrived_is_told_as_gone() -> None:
    world = World(limits=Limits(ring_messages=3, flood_rate=0))
    ana, bob = world.person("ana"), world.person("bob")
    ana.forgets()
    ana.stops_reading()
    bob.says("one", "two", "three", "four", "five")
    again = world.crashes().connect()
    again.says(f"/back {ana.word}")
    assert shown(again.reads()) == [
        "-- 1 message is gone --",
        "12:00 <bob> three",
        "12:00 <bob> four",
        "12:00 <bob> five",
    ]


def test_nothing_is_gone_for_who_had_all_that_retention_removed() -> None:
    world = World(limits=Limits(ring_messages=3, flood_rate=0, hold=3600))
    ana, bob = world.person("ana"), world.person("bob")
    bob.says("one", "two", "three")
    world.beats(60)
    bob.says("four")
    world.beats(60)
    ana.forgets()
    again = world.crashes().connect()
    again.says(f"/back {ana.word}")
    assert not [line for line in again.reads() if line.endswith("gone --")]


@pytest.mark.parametrize("how", ["cut", "killed"])
def test_who_comes_back_just_before_the_next_crash_has_what_they_missed_shown_again(
    how: str,
) -> None:
    """Nobody knows whether more of it than their next return word had reached them."""
    world = World(limits=Limits(flood_rate=0, hold=3600))
    ana = world.person("ana")
    world.passes(20)
    if how == "cut":
        ana.cut()
    else:
        world = world.crashes()
    bob, lines = world.person("bob"), [f"line {number}" for number in range(45)]
    for first in (0, 15, 30):
        world.passes(20)
        bob.says(*lines[first : first + 15])
    world.passes(20)
    for _ in range(3):
        back = world.connect()
        back.says(f"/back {ana.word}")
        heard = "\n".join(back.reads()) + "\n"
        assert not [line for line in lines if f"<bob> {line}\n" not in heard]
        ana, world = back, world.crashes()
