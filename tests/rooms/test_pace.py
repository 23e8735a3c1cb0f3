"""The pace of a slow room does not end by any way of going out and coming in again."""

from __future__ import annotations

import random
from typing import Any

import pytest

from huddle.protocol.limits import Limits
from tests.moderated_world import PASSWORD, done
from tests.world import Peer, Program, World

PAUSE = 3000
HERE = "10.0.0.9"


class Talker:
    """A guest at one address, who tries everything to speak sooner."""

    def __init__(self, world: World, host: Program) -> None:
        self.world = world
        self.host = host
        self.nicks = 0
        self.peer: Peer = world.person("talker", address=HERE)

    def _fresh(self) -> str:
        self.nicks += 1
        return f"talker-{self.nicks}"

    def speaks(self) -> bool:
        """Whether what it says is heard."""
        self.host.forgets()
        self.peer.says("hola")
        return any(each["type"] == "said" for each in self.host.reads())

    # Every way in which one may go on:

    def renames(self) -> None:
        self.peer.says(f"/nick {self._fresh()}")

    def quits_and_comes_as_another(self) -> None:
        self.peer.says("/quit")
        self.peer = self.world.person(self._fresh(), address=HERE)

    def is_lost_and_comes_as_another(self) -> None:
        self.peer.cut()
        self.world.passes(self.world.limits.hold + 1)
        self.peer = self.world.person(self._fresh(), address=HERE)

    def goes_to_another_room_and_back(self) -> None:
        self.peer.says("/join elsewhere", "/join huddle")

    def comes_back_by_the_word(self) -> None:
        word = self.peer.word
        self.peer.cut()
        self.peer = self.world.connect(HERE)
        self.peer.says(f"/back {word}")
        self.peer.forgets()

    def registers(self) -> None:
        self.peer.says("/register correct-horse")


WAYS = [name for name, each in vars(Talker).items() if callable(each) and name[0] != "_"][1:]


def slow_room(**limits: Any) -> Talker:
    """A room in which the first has spoken."""
    limits = {"flood_rate": 0.0, "hold": 10.0, **limits}
    world = World(operators=["ana"], others={"ana": PASSWORD}, limits=Limits(**limits))
    host = world.program("ana", password=PASSWORD)
    done(host, "slow", seconds=PAUSE)
    the = Talker(world, host)
    assert the.speaks()
    return the


@pytest.mark.parametrize("way", WAYS)
def test_each_way_of_going_on_keeps_the_pace(way: str) -> None:
    the = slow_room()
    getattr(the, way)()
    assert not the.speaks()
    the.world.passes(PAUSE)
    assert the.speaks()


@pytest.mark.parametrize("comes", ["by the word", "under the nick"])
@pytest.mark.parametrize("goes", ["stays", "is lost", "/quit"])
def test_a_restart_does_not_end_the_pace(goes: str, comes: str) -> None:
    the = slow_room()
    if goes == "/quit":
        the.peer.says(goes)
    elif goes == "is lost":
        the.peer.cut()
    the.world.passes(2)
    word = the.peer.word
    world = the.world.crashes()
    the.world, the.host = world, the.host.again(world)
    if comes == "under the nick":
        world.passes(world.limits.hold + 1)
        the.peer = world.person("Talker", address=HERE)
    else:
        the.peer = world.connect(HERE)
        the.peer.says(f"/back talker {word}")
        the.peer.forgets()
    assert not the.speaks()
    world.passes(PAUSE)
    assert the.speaks()


def test_after_a_restart_who_spoke_long_ago_or_another_room_ago_speaks() -> None:
    the = slow_room()
    eva = the.world.person("eva", address="10.0.0.8")
    eva.says("/join games", "hola", "/join huddle")
    the.world.passes(PAUSE)
    word = the.peer.word
    world = the.world.crashes()
    the.world, the.host = world, the.host.again(world)
    the.peer = world.connect(HERE)
    the.peer.says(f"/back talker {word}")
    assert the.speaks()
    the.peer = world.connect("10.0.0.8")
    the.peer.says(f"/back eva {eva.word}")
    assert the.speaks()


def test_what_is_read_of_a_slow_room_is_as_much_as_is_remembered() -> None:
    the = slow_room(spoke=3)
    for number in range(5):
        the.world.person(f"guest{number}", address=f"10.0.1.{number}").says("hola")
    world = the.world.crashes()
    pace = world.huddle.room("huddle").pace
    assert (len(pace.spoke), len(pace._otherwise)) == (3, 3)


@pytest.mark.parametrize("seed", range(12))
def test_whatever_is_tried_in_whatever_order_one_text_is_heard_in_a_pause(seed: int) -> None:
    the, chance = slow_room(), random.Random(seed)
    for _ in range(6):
        getattr(the, chance.choice(WAYS))()
        assert not the.speaks()
    the.world.passes(PAUSE)
    assert the.speaks()


def test_those_who_are_at_the_address_too_are_not_slowed() -> None:
    the = slow_room()
    pupils = [the.world.person(f"pupil{n}", address=HERE) for n in range(3)]
    the.peer.says("/quit")
    for pupil in pupils:
        the.peer = pupil
        assert the.speaks()


def test_one_who_goes_slows_one_who_comes_and_no_second_one() -> None:
    the = slow_room()
    the.quits_and_comes_as_another()
    assert not the.speaks()
    the.peer = the.world.person("dora", address=HERE)
    assert the.speaks()


def test_who_comes_from_elsewhere_is_another_person() -> None:
    the = slow_room()
    the.peer.says("/quit")
    the.peer = the.world.person("dora", address="10.0.0.8")
    assert the.speaks()


def test_of_those_who_come_and_go_only_so_many_are_remembered() -> None:
    world = slow_room(spoke=3).world
    for number in range(8):
        guest = world.person(f"guest{number}", address=f"10.0.1.{number}")
        guest.says("hola", "/quit")
    pace = world.huddle.room("huddle").pace
    assert (len(pace.spoke), len(pace._otherwise), len(pace._left)) == (3, 3, 3)


def test_who_speaks_in_many_slow_rooms_has_their_own_forgotten_and_not_that_of_others() -> None:
    limits = Limits(spoke_all=40, spoke_each=12, flood_rate=0)
    world = World(operators=["ana"], others={"ana": PASSWORD}, limits=limits)
    ana = world.program("ana", password=PASSWORD)
    done(ana, "slow", seconds=PAUSE)
    bob = world.person("bob", address="10.0.0.8")
    bob.says("uno")
    host = world.program("host")
    talkers = [world.program(f"talker{number}") for number in range(8)]
    for name in ("one", "two", "three"):
        for each in (host, *talkers):
            done(each, "join", room=name)
        done(host, "slow", room=name, seconds=PAUSE)
        for each in talkers:
            each.says("hola", room=name)
    assert len(world.huddle.directory._spoken) == 2 + 12
    bob.says("dos")
    assert ana.said() == ["uno"]
    for each in (host, *talkers):
        each.sends_objects({"type": "bye"})
    world.settle()
    assert len(world.huddle.directory._spoken) == 2
