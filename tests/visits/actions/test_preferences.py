"""Preferences: who is told whom they ignore, how many that may be, and how they hear them again."""

from __future__ import annotations

import pytest

from huddle.protocol.limits import Limits
from tests.moderated_world import does, done
from tests.world import World


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_person_is_told_whom_they_ignore(language: str) -> None:
    world = World(language=language)
    ana, _, _ = (world.person(nick) for nick in ("ana", "bob", "eva"))
    ana.forgets()
    if language == "en":
        ana.says("/ignore", "/ignore bob", "/ignore EVA", "/unignore bob", "/unignore bob")
        ana.hears(
            "-- You ignore nobody.",
            "-- You ignore: bob.",
            "-- You ignore: bob, eva.",
            "-- You ignore: eva.",
            "-- Nobody is called bob here.",
        )
    else:
        ana.says("/ignorar", "/ignorar bob", "/oir bob")
        ana.hears("-- No ignoras a nadie.", "-- Ignoras a: bob.", "-- No ignoras a nadie.")


def test_a_program_asks_whom_it_ignores() -> None:
    world = World()
    ana, _ = world.program("ana"), world.person("bob")
    assert does(ana, "ignore")["ignoring"] == []
    assert does(ana, "ignore", nick="Bob", on=True)["ignoring"] == ["bob"]
    assert does(ana, "ignore", nick="bob", on=True)["ignoring"] == ["bob"]
    assert does(ana, "ignore", nick="ana", on=True)["code"] == "nobody-there"
    assert does(ana, "ignore", nick="nobody", on=True)["code"] == "nobody-there"
    assert does(ana, "ignore", nick="nobody", on=False)["code"] == "nobody-there"
    assert does(ana, "ignore")["ignoring"] == ["bob"]


def test_whoever_is_gone_can_be_heard_again_by_the_nick_they_had() -> None:
    world = World()
    ana, bob = world.program("ana"), world.person("bob")
    done(ana, "ignore", nick="bob", on=True)
    bob.says("/quit")
    assert does(ana, "ignore", nick="bob", on=False)["ignoring"] == []


def test_so_many_people_can_be_ignored_and_no_more() -> None:
    world = World(limits=Limits(ignores=2))
    ana, *_ = world.program("ana"), *(world.person(f"b{number}") for number in range(3))
    done(ana, "ignore", nick="b0", on=True)
    done(ana, "ignore", nick="b1", on=True)
    refused = does(ana, "ignore", nick="b2", on=True)
    assert (refused["code"], refused["what"], refused["limit"]) == ("too-many", "ignores", 2)
    assert does(ana, "ignore")["ignoring"] == ["b0", "b1"]
    done(ana, "ignore", nick="b0", on=False)
    done(ana, "ignore", nick="b2", on=True)
