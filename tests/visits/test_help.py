"""The help: a screen at the most, and about one command as long as it must be."""

from __future__ import annotations

import pytest

from huddle.locale import LANGUAGES
from huddle.locale.columns import columns_of
from huddle.protocol.commands import COMMANDS, Command
from huddle.protocol.permissions import Role
from tests.protocol.test_permissions import PLACES, moderated_world, person_in

languages = pytest.mark.parametrize("language", LANGUAGES)
SPEAK = {"en": "/lang en", "es": "/lang es"}
ONLY = {
    "en": "-- Only an operator or a host of this room may do that; /help lists what you may do.",
    "es": "-- Eso solo puede hacerlo un operador o un anfitrión de esta sala; /ayuda muestra lo"
    " que puedes hacer.",
}


@languages
@pytest.mark.parametrize(("role", "place"), PLACES)
def test_it_is_no_more_than_a_screen_for_anybody(role: Role, place: str, language: str) -> None:
    peer = person_in(moderated_world(role), role, place)
    peer.says(SPEAK[language])
    peer.forgets()
    for asked in ("/help", "/AYUDA", *(f"/help {name}" for one in COMMANDS for name in one.names)):
        peer.wire.taken.clear()
        peer.says(asked)
        rows = bytes(peer.wire.taken).decode().splitlines()
        assert 0 < len(rows) <= 24
        assert all(row.startswith("-- ") and columns_of(row) <= 80 for row in rows)


@languages
@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.english)
def test_about_one_command_it_tells_how_it_is_typed(command: Command, language: str) -> None:
    peer = moderated_world(Role.GUEST).connect()
    peer.says(SPEAK[language])
    for asked in (f"/help {command.names[0]}", f"/ayuda /{command.names[1].upper()}"):
        peer.forgets()
        peer.says(asked)
        told = peer.reads()[0]
        assert all(f"/{name}" in told for name in command.names)


@languages
def test_it_tells_who_may_do_what_one_may_not(language: str) -> None:
    peer = moderated_world(Role.GUEST).person("bob")
    peer.says(SPEAK[language])
    peer.forgets()
    peer.says("/help kick")
    assert peer.reads()[1] == ONLY[language]


@languages
def test_a_command_that_there_is_not_is_said_to_be_none(language: str) -> None:
    peer = moderated_world(Role.GUEST).person("bob")
    peer.says(SPEAK[language])
    peer.forgets()
    peer.says("/help nope", "/help /nope")
    first, second = peer.reads()
    assert first == second and "nope" in first


def test_a_program_may_ask_about_one_too() -> None:
    bot = moderated_world(Role.GUEST).program("bot")
    [row] = bot.asks("help", id=1, command="echar")["commands"]
    assert row["english"].startswith("/kick")
    assert row["group"] == "keeping order in a room"
    assert bot.asks("help", id=2, command="nope")["code"] == "unknown-request"
    assert len(bot.asks("help", id=3)["commands"]) > 20
