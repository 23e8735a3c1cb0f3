"""How long a ban or a mute lasts, as a person typed it in a page, is read as in a terminal."""

from __future__ import annotations

from datetime import UTC

import pytest

from huddle.locale.clock import HouseClock
from huddle.protocol.commands import read_command
from huddle.protocol.errors import BadUsage
from huddle.protocol.requests import Ban
from tests.moderated_world import does, done, moderated_world, refused

EPOCH = HouseClock(UTC, lambda: 0)
TYPED = [
    *("1w", "1h30m", "2 hours", "10min", "90s loud", "half an hour flooding", "hora y media"),
    *("1 hour and a half x", "2 hours, 5 minutes", "dos horas", "an hour x", "for 2 hours x"),
    *(
        "por dos horas",
        "1,5h x",
        "2h 3 days late",
        "spam",
        "too 5",
        "forever",
        "forever 3rd time",
        "para siempre, por pesado",
        "",
        "a second offence",
    ),
    *("5", "5 spam", "-5", "-5m", "+5m x", "10mi", "1h 30", "1h1h", "½ h x", "5 fortnights", "0m"),
    *("a few hours x", "∞", "٣ h", "1 hour and some", ".5h", '"5m"', "(5m)", "–5m"),
    *("*1h*", "in 1h", "until friday x", "week", "el fin de semana", "un par horas", "hour of it"),
]


@pytest.mark.parametrize("type", ["ban", "mute"])
def test_blanks_alone_are_no_term_least_of_all_for_ever(type: str) -> None:
    world, ana = moderated_world()
    world.program("bob")
    who = {"ban": "who", "mute": "nick"}[type]
    assert refused(ana, type, typed="   ", **{who: "bob"}) == "bad-field"


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("typed", TYPED)
def test_it_is_read_as_behind_a_command_in_a_terminal(language: str, typed: str) -> None:
    world, ana = moderated_world(language=language)
    world.program("bob")
    try:
        read = read_command(f"/ban eva {typed}", EPOCH)
    except BadUsage as error:
        for type, who in (("ban", "who"), ("mute", "nick")):
            answer = does(ana, type, typed=typed, **{who: "bob"})
            assert answer["code"] == "bad-field"
            assert f"/{type} NICK" in answer["text"]
        assert "/ban NICK" in str(error.field)
        assert does(ana, "bans")["bans"] == []
        return
    assert isinstance(read, Ban)
    done(ana, "ban", who="eva", seconds=read.seconds, reason=read.reason)
    done(ana, "mute", nick="bob", typed=typed)
    done(ana, "ban", who="ida", typed=typed)
    eva, ida = ({**each, "nick": ""} for each in does(ana, "bans")["bans"])
    assert ida == {**eva, "who": "ida"}
