"""New nicks, which a room is told of, and which may be sentences."""

from __future__ import annotations

from typing import Any

import pytest

from tests.moderated_world import does, done, moderated_world

QUIET = {
    "en": "-- Your nick stays as it is while you are in huddle:"
    " only those with a voice speak there.",
    "es": "-- Tu apodo no cambia mientras estés en huddle: allí solo hablan quienes tienen voz.",
}


def renames(told: list[Any]) -> list[tuple[str, str]]:
    return [(each["nick"], each["new"]) for each in told if each["type"] == "renamed"]


@pytest.mark.parametrize("language", QUIET)
def test_who_has_no_voice_in_a_quiet_room_keeps_the_nick(language: str) -> None:
    world, ana = moderated_world(language=language)
    mal, eva = world.person("mal"), world.person("eva")
    done(ana, "quiet", on=True)
    done(ana, "voice", nick="eva", on=True)
    ana.forgets()
    mal.forgets()
    mal.says("/nick op.is", "/nick a.liar")
    mal.hears(QUIET[language], QUIET[language])
    eva.says("/nick eve")
    assert renames(ana.reads()) == [("eva", "eve")]
    done(ana, "quiet", on=False)
    ana.forgets()
    mal.says("/nick op.is.fine")
    assert renames(ana.reads()) == [("mal", "op.is.fine")]


def test_a_program_is_told_the_code_of_a_quiet_room() -> None:
    world, ana = moderated_world()
    bot = world.program("bot")
    done(ana, "quiet", on=True)
    told = does(bot, "nick", nick="liar")
    assert (told["code"], told["room"]) == ("room-quiet", "huddle")


def test_a_nick_that_a_slow_room_is_told_of_counts_as_a_text_there() -> None:
    world, ana = moderated_world()
    done(ana, "slow", seconds=60)
    mal = world.person("mal")
    ana.forgets()
    mal.forgets()
    mal.says("/nick op.is", "/nick a.liar", "liar")
    assert mal.reads() == ["-- you are op.is", *2 * ["-- Not so fast. Wait 60 seconds."]]
    world.passes(60)
    mal.says("sorry", "/nick a.liar")
    assert mal.reads()[-1] == "-- Not so fast. Wait 60 seconds."
    read = ana.reads()
    assert [each["text"] for each in read if each["type"] == "said"] == ["sorry"]
    assert renames(read) == [("mal", "op.is")]


def test_a_nick_that_is_taken_costs_no_turn_in_a_slow_room() -> None:
    world, ana = moderated_world()
    done(ana, "slow", seconds=60)
    bob = world.person("bob")
    bob.says("/nick ana", "/nick eva")
    assert bob.reads()[-1] == "-- you are eva"


def test_who_logs_in_in_a_quiet_room_is_told_there_by_one_registered_nick_and_no_second() -> None:
    """As who comes in by that nick is."""
    world, ana = moderated_world()
    for nick in ("mallory", "op.is.a.liar"):
        owner = world.person(nick)
        owner.says("/register correct-horse", "/quit")
    mal = world.person("mal")
    done(ana, "quiet", on=True)
    ana.forgets()
    mal.says("/login mallory correct-horse", "/login op.is.a.liar correct-horse", "/nick a.liar")
    assert renames(ana.reads()) == [("mal", "mallory")]
