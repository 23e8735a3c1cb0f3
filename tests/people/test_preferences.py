"""How one wants things shown is one's own, not the connection's: it comes back with the person."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.slow_record import SlowRecord
from tests.world import Peer, World

ASKED = {
    "/quiet-joins on": "/quiet-joins",
    "/callar-entradas sí": "/callar-entradas",
    "/times on": "/times",
    "/horas sí": "/horas",
    "/numbers on": "/numbers",
    "/numeros sí": "/numeros",
}
"""What is asked for, and what asks for the other way."""


def word_of(peer: Peer) -> str:
    told = [line for line in peer.reads() if "return word: " in line or "palabra" in line]
    return str(told[0].rpartition(": ")[2])


def cut(world: World) -> World:
    return world


def crashed(world: World) -> World:
    return world.crashes()


def stopped(world: World) -> World:
    world.closes()
    return world.crashes()


@pytest.mark.parametrize("lost", [cut, crashed, stopped])
@pytest.mark.parametrize("asked", ASKED)
def test_what_a_person_asked_for_is_so_after_back(
    asked: str, lost: Callable[[World], World]
) -> None:
    world = World()
    ana = world.connect()
    ana.says("ana")
    word = word_of(ana)
    ana.says(asked)
    ana.cut()
    again = lost(world).connect()
    again.says(f"/back ana {word}")
    again.forgets()
    again.says(ASKED[asked])  # without a word it is turned round: off, where it has been on
    usual = World().person("bob")
    usual.says(f"{asked.split()[0]} off")
    again.hears(*usual.reads())


@pytest.mark.parametrize(
    ("asked", "told", "unkept"),
    [
        (
            "/times on",
            "-- every line shows its time",
            "-- This cannot be recorded now; when you come back it may be as before.",
        ),
        (
            "/lang es",
            "-- Ahora hablo español.",
            "-- Esto no se puede guardar ahora; cuando vuelvas puede que esté como antes.",
        ),
    ],
)
def test_what_cannot_be_kept_is_so_and_told_as_not_kept(asked: str, told: str, unkept: str) -> None:
    world = World(SlowRecord())
    ana = world.person("ana")
    world.takes_nothing()
    ana.forgets()
    ana.says(asked)
    ana.hears(told, unkept)


def test_who_comes_and_goes_is_hushed_after_back_and_by_logging_in() -> None:
    world = World()
    ana, bob = world.connect(), world.person("bob")
    ana.says("ana", "/register tres tristes tigres", "/quiet-joins on")
    bob.forgets()
    ana.cut()
    again = world.connect()
    again.says("ana", "tres tristes tigres")
    again.forgets()
    bob.says("/quit")
    world.person("eva").says("/quit")
    world.passes(1)
    again.hears()


@pytest.mark.parametrize("lost", [cut, crashed])
@pytest.mark.parametrize("at_the_door", [True, False])
def test_the_language_comes_back_with_its_person(
    at_the_door: bool, lost: Callable[[World], World]
) -> None:
    world = World()
    ana = world.connect()
    ana.says(*(["/lang es", "ana"] if at_the_door else ["ana"]))
    word = word_of(ana)
    if not at_the_door:
        ana.says("/lang es")
    ana.cut()
    world = lost(world)
    again = world.connect()
    again.says(f"/back ana {word}")
    assert any("Hola de nuevo" in line or "Hola, ana" in line for line in again.reads())
    again.says("/who")
    assert any("aquí" in line for line in again.reads())


def test_what_is_asked_for_on_this_connection_counts_for_more() -> None:
    world = World()
    ana = world.connect()
    ana.says("ana")
    word = word_of(ana)
    ana.says("/lang es", "/times on")
    ana.cut()
    again = world.connect()
    again.says("/lang en", f"/back ana {word}")
    again.forgets()
    again.says("/times")
    again.hears("-- new lines show no time")


def test_a_program_says_at_each_hello_what_it_wants() -> None:
    world = World()
    bot = world.program("bot", quiet_joins=True)
    bot.cut()
    again = bot.again()
    again.forgets()
    world.person("eva")
    world.passes(1)
    assert [each["type"] for each in again.reads()] == ["joined"]
