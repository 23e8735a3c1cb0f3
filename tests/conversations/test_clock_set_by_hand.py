"""Somebody sets the clock by hand, to and fro by hours, while the server runs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest

from huddle.people.operator_code import InMemory, OperatorCode
from huddle.protocol.limits import Limits
from tests.moderated_world import does, done, joins
from tests.slow_record import SlowRecord
from tests.world import NOON, Program, World

WALKS: list[list[float]] = [[3, -5, 1], [-5, 3, -1], [0.5, 24, -48], [-24, -24, 60]]
"""By how many hours somebody sets the clock by hand, one time after the other."""


Lasting = Callable[[World], Callable[[], bool]]
"""Begins what lasts two seconds, and gives what tells whether it is not over yet."""


def in_ops(world: World) -> tuple[Program, Program]:
    """A host, and bob."""
    host, bob = world.program("host"), world.program("bob")
    joins(host, "ops")
    joins(bob, "ops")
    return host, bob


def muted(world: World) -> Callable[[], bool]:
    host, bob = in_ops(world)
    done(host, "mute", room="ops", nick="bob", seconds=2)
    return lambda: does(bob, "say", room="ops", text="hola").get("code") == "muted"


def banned(world: World) -> Callable[[], bool]:
    host, bob = in_ops(world)
    done(host, "ban", room="ops", who="bob", seconds=2)
    return lambda: does(bob, "join", room="ops").get("code") == "banned"


def held(world: World) -> Callable[[], bool]:
    """The nick of one who was cut off."""
    world.program("bob").cut()
    other = world.program("other")
    return lambda: does(other, "nick", nick="bob").get("code") == "nick-taken"


def paced(world: World) -> Callable[[], bool]:
    """In a room in which each may speak every two seconds."""
    host, bob = in_ops(world)
    done(host, "slow", room="ops", seconds=2)
    bob.says("one", room="ops")
    return lambda: does(bob, "say", room="ops", text="two").get("code") == "too-fast"


@pytest.mark.parametrize("walk", WALKS)
@pytest.mark.parametrize("lasting", [muted, banned, held, paced])
def test_what_lasts_two_seconds_does_while_somebody_sets_the_clock_to_and_fro(
    lasting: Lasting, walk: Sequence[float]
) -> None:
    world = World(limits=Limits(hold=2))
    still = lasting(world)
    now = NOON
    for hours in walk:
        now += timedelta(hours=hours)
        world.wall(now)
        world.passes(0.5)
        assert still()
    world.passes(0.6)
    assert not still()


@pytest.mark.parametrize("walk", WALKS)
@pytest.mark.parametrize("hours", [-48, -2, 2, 48])
def test_after_a_restart_under_another_clock_it_lasts_twice_as_long_at_the_most(
    walk: Sequence[float], hours: float
) -> None:
    """House time goes at half speed where the wall is behind what the record knows."""
    world = World(SlowRecord(Limits()))
    host, bob = in_ops(world)
    now = NOON
    for step in walk:
        now += timedelta(hours=step)
        world.wall(now)
    done(host, "ban", room="ops", who="bob", seconds=60)
    assert does(bob, "join", room="ops")["code"] == "banned"
    again = world.crashes()
    again.wall(now + timedelta(hours=hours))
    again.passes(121)
    assert does(bob.again(again), "join", room="ops").get("code") != "banned"


@pytest.mark.parametrize("walk", WALKS)
def test_times_of_lines_never_go_back_and_a_return_word_opens_whatever_becomes_of_the_clock(
    walk: Sequence[float],
) -> None:
    world = World()
    bob = world.program("bob")
    ana = world.connect()
    ana.says("ana")
    word = next(line for line in ana.reads() if "return word" in line).rpartition(" ")[2]
    now = NOON
    for number, hours in enumerate(walk):
        ana.says(f"line {number}")
        now += timedelta(hours=hours)
        world.wall(now)
    ana.says("the last")
    bob.reads()
    times = [each["time"] for each in bob.heard if each["type"] == "said"]
    assert len(times) == len(walk) + 1
    assert times == sorted(times)
    ana.cut()
    again = world.connect()
    again.says(f"/back ana {word}")
    assert any("ana" in line for line in again.reads())
    again.says("back")
    bob.reads()
    assert [each["nick"] for each in bob.heard if each.get("text") == "back"] == ["ana"]


@pytest.mark.parametrize("given", ["before", "meanwhile", "behind", "behind, by another process"])
@pytest.mark.parametrize("hours", [-8760, 8760])
def test_the_operators_code_is_good_whenever_a_clock_that_was_a_year_off_is_put_right(
    given: str, hours: float
) -> None:
    kept = InMemory()
    world = World(code=kept)
    bob = world.program("bob")
    code = world.gives_code()
    world.wall(NOON + timedelta(hours=hours))
    world.passes(1)
    bob.says("hola")
    if given == "meanwhile":
        code = world.gives_code()
    world.passes(1)
    world.wall(NOON)
    world.passes(1)
    if given == "behind":
        code = world.gives_code()
    elif given != "before" and given != "meanwhile":
        code = OperatorCode(kept, b"key" * 11, world.now_ms).give(lambda words: words[0])
    assert does(bob, "charge", code=code)["type"] == "reply"


@pytest.mark.parametrize("hours", [-8760, 8760])
def test_so_is_the_return_word_of_who_was_here_before(hours: float) -> None:
    world = World()
    ana = world.person("ana")
    world.wall(NOON + timedelta(hours=hours))
    ana.says("hola")
    world.passes(1)
    world.wall(NOON)
    ana.says("/quit")
    again = world.connect()
    again.says(f"/back ana {ana.word}")
    assert any("Hello ana" in line for line in again.reads())
