"""Who comes and goes is told where few are, and as one wishes."""

from __future__ import annotations

from typing import Any

import pytest

from huddle.delivery.stream import CROWD
from huddle.locale import LANGUAGES
from tests.world import Peer, Program, World

SWITCH = {"en": "/quiet-joins", "es": "/callar-entradas"}
ON_OFF = {"en": ("on", "off"), "es": ("sí", "no")}
JOINED = {"en": "-- eva joined", "es": "-- eva ha entrado"}
LEFT = {"en": "-- eva left", "es": "-- eva se ha ido"}


def comes_and_goes(world: World) -> None:
    eva = world.person("eva")
    eva.says("/quit")
    world.passes(1)


def crowd(world: World, count: int) -> list[Peer]:
    return [world.person(f"p{number}", address=f"10.1.{number}.1") for number in range(count)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_person_may_hush_it_and_have_it_told_again(language: str) -> None:
    world = World(language=language)
    ana = world.person("ana")
    on, off = ON_OFF[language]
    comes_and_goes(world)
    ana.hears(JOINED[language], LEFT[language])
    ana.says(f"{SWITCH[language]} {on}")
    [told] = ana.reads()
    comes_and_goes(world)
    ana.hears()
    ana.says(f"{SWITCH[language]} {off}")
    [told_again] = ana.reads()
    assert told != told_again
    comes_and_goes(world)
    ana.hears(JOINED[language], LEFT[language])
    ana.says(SWITCH[language])
    ana.hears(told)


def test_in_a_crowd_it_is_not_told_to_people_unless_they_wish_it() -> None:
    world = World()
    *_, usual, wishing = crowd(world, CROWD - 1)
    wishing.says("/quiet-joins off")
    for each in (usual, wishing):
        each.forgets()
    comes_and_goes(world)
    usual.hears()
    wishing.hears("-- eva joined", "-- eva left")


def test_what_is_said_in_between_comes_and_who_is_sent_away_is_told() -> None:
    world = World()
    host, pest = world.person("host"), world.person("pest")
    host.says("/join ops")
    pest.says("/join ops", "/quiet-joins on")
    ana = world.person("ana")
    ana.says("/quiet-joins on", "/join ops")
    ana.forgets()
    host.says("hola", "/kick pest loud")
    ana.hears("<host> hola", "-- host sent pest away: loud")


def heard(program: Program) -> list[str]:
    return [each["type"] for each in program.reads() if each["type"] in ("joined", "left")]


@pytest.mark.parametrize(
    ("hello", "told"),
    [
        ({}, True),
        ({"bot": True}, False),
        ({"bot": True, "quiet_joins": False}, True),
        ({"quiet_joins": True}, False),
        ({"quiet_joins": None}, True),
    ],
)
@pytest.mark.parametrize("others", [0, CROWD])
def test_a_program_says_it_in_its_hello(hello: dict[str, Any], told: bool, others: int) -> None:
    world = World()
    crowd(world, others)
    program = world.program("bot", **hello)
    comes_and_goes(world)
    assert heard(program) == (["joined", "left"] if told else [])
    program.cut()
    again = program.again(**hello)
    again.forgets()
    comes_and_goes(world)
    assert heard(again) == (["joined", "left"] if told else [])
