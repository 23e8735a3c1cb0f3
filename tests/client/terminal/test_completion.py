"""What Tab makes of a word."""

from __future__ import annotations

import pytest

from huddle.client.terminal.completion import cycle

NICKS, ROOMS = ("bob", "Boris", "carla", "Ñandú"), ("huddle", "ops")


def choices(text: str, language: str = "en") -> list[str]:
    found = cycle(text, NICKS, ROOMS, language)
    return [] if found is None else [found.before + choice for choice in found.choices[1:]]


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("b", ["bob: ", "Boris: "]),
        ("B", ["bob: ", "Boris: "]),
        ("hola ca", ["hola carla "]),
        ("hola @ca", ["hola @carla "]),
        ("(ca", ["(carla"]),
        ("¿viene ¿ca", ["¿viene ¿carla"]),
        ("hola «@ca", ["hola «@carla"]),
        ("(", []),
        ("ñ", ["Ñandú: "]),
        ("/msg bo", ["/msg bob ", "/msg Boris "]),
        ("/nope", []),
        ("zz", []),
        ("hola ", []),
        ("/join o", ["/join ops"]),
        ("/entrar ", ["/entrar huddle", "/entrar ops"]),
        ("/lang e", ["/lang en", "/lang es"]),
        ("/noo", []),
        ("/quie", ["/quiet-joins ", "/quiet ", "/quien ", "/quienes "]),
    ],
)
def test_a_word_becomes_what_fits(typed: str, offered: list[str]) -> None:
    assert choices(typed) == offered


def test_commands_come_in_ones_own_language_first() -> None:
    assert sorted(choices("/sal", "es")) == ["/salas ", "/salir "]
    assert choices("/hi", "es")[0] == "/historial "


def test_an_empty_line_offers_everybody() -> None:
    assert choices("") == ["bob: ", "Boris: ", "carla: ", "Ñandú: "]


def test_tab_goes_round_and_back_to_what_was_typed() -> None:
    found = cycle("b", NICKS, ROOMS, "en")
    assert found is not None
    assert [found.move(step).text for step in (1, 2, 3, -1)] == ["bob: ", "Boris: ", "b", "Boris: "]
    assert found.words == ("bob", "Boris")
