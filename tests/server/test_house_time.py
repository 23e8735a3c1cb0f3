"""House time: what becomes of it when the clock on the wall is set."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from huddle.server.house_time import HouseTime
from tests.world import NOON, World

HOUR = 3_600_000
BEGIN = 100 * HOUR


class Clocks:
    """The wall, and what ticks whatever becomes of the wall."""

    def __init__(self, last: int = 0) -> None:
        self.wall, self.ticked = BEGIN, 50.0
        self.jumps: list[int] = []
        self.house = HouseTime(lambda: self.wall, lambda: self.ticked, last, self.jumps.append)

    def passes(self, seconds: float) -> int:
        """What the house has for its time then."""
        self.ticked += seconds
        self.wall += round(seconds * 1000)
        return self.house.now_ms() - BEGIN


Step = tuple[str, float, int]
"""What happens: ``pass`` so many seconds, or ``set`` the wall by so many; and the time then, in
milliseconds since the beginning."""

AS_IT_SHOULD: list[Step] = [("pass", 1, 1000), ("pass", 0.001, 1001), ("pass", 3600, HOUR + 1001)]
AHEAD_AND_PUT_RIGHT: list[Step] = [
    ("set", 7200, 2 * HOUR),
    ("pass", 10, 2 * HOUR + 10_000),
    ("set", -7200, 2 * HOUR + 10_000),
    ("pass", 2, 2 * HOUR + 11_000),
    ("pass", 0.002, 2 * HOUR + 11_001),
    ("pass", 4 * 3600, 4 * HOUR + 12_002),
]
PUT_BACK_A_LITTLE: list[Step] = [
    ("pass", 5, 5000),
    ("set", -1, 5000),
    ("pass", 1, 5500),
    ("pass", 1, 6000),
    ("pass", 1, 7000),
]
PUT_BACK_TWICE: list[Step] = [
    ("set", -10, 0),
    ("pass", 10, 5000),
    ("set", -10, 5000),
    ("pass", 10, 10_000),
    ("pass", 20, 20_000),
]


@pytest.mark.parametrize(
    ("steps", "jumps"),
    [
        (AS_IT_SHOULD, []),
        (AHEAD_AND_PUT_RIGHT, [7_200_000, -7_200_000]),
        (PUT_BACK_A_LITTLE, []),
        (PUT_BACK_TWICE, [-10_000, -10_000]),
    ],
)
def test_time_goes_on_whatever_becomes_of_the_wall(
    steps: Sequence[Step], jumps: Sequence[int]
) -> None:
    clocks = Clocks()
    for what, seconds, expected in steps:
        if what == "set":
            clocks.wall += round(seconds * 1000)
        assert clocks.passes(seconds if what == "pass" else 0) == expected
    assert clocks.jumps == list(jumps)


def test_a_record_with_later_times_goes_on_behind_them() -> None:
    clocks = Clocks(last=BEGIN + HOUR)
    assert clocks.jumps == [-HOUR]
    assert [clocks.passes(1) for _ in range(3)] == [HOUR + 500, HOUR + 1000, HOUR + 1500]
    assert clocks.passes(2 * 3600) == 2 * HOUR + 3000
    assert clocks.jumps == [-HOUR]


def ahead_and_put_right() -> World:
    """A house whose clock was two hours ahead, and in which something was said then."""
    world = World()
    ana = world.person("ana")
    world.wall(NOON + timedelta(hours=2))
    ana.says("early")
    world.wall(NOON)
    return world


def test_lines_have_times_of_their_own_after_the_clock_was_put_right() -> None:
    world = ahead_and_put_right()
    bob = world.program("bob")
    ana = world.person("carla")
    for text in ("1", "2", "3"):
        world.passes(10)
        ana.says(text)
    bob.reads()
    times = [each["time"] for each in bob.heard if each["type"] == "said" and each["text"] in "123"]
    assert len(set(times)) == 3
    assert times == sorted(times)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("hours", [-2, 2])
def test_a_ban_lasts_what_was_said_whatever_becomes_of_the_clock(hours: int, when: str) -> None:
    world = World()
    host = world.person("host")
    host.says("/join ops")
    bob = world.program("bob")
    if when == "before":
        world.wall(NOON + timedelta(hours=hours))
    host.says("/ban bob 60s")
    if when == "after":
        world.wall(NOON + timedelta(hours=hours))
    world.passes(58)
    assert bob.asks("join", room="ops")["code"] == "banned"
    world.passes(3)
    bob.asks("join", room="ops")
    assert "ops" in {each.get("room") for each in bob.heard if each["type"] in ("here", "reply")}


def test_who_was_kicked_may_speak_soon_after_the_clock_was_put_right() -> None:
    world = ahead_and_put_right()
    host, bob = world.person("host"), world.person("bob")
    host.says("/join ops")
    bob.says("/join ops")
    host.says("/kick bob")
    world.passes(3)
    bob.reads()
    bob.says("hola")
    assert not any("not in" in line for line in bob.reads())
    carla = world.person("carla")
    carla.says("/history")
    assert any("<bob> hola" in line for line in carla.reads())
