"""The client's commands: all that people with `nc` have, by one name in each language."""

from __future__ import annotations

from huddle.client.commands.table import COMMANDS


def test_a_command_is_typed_in_either_language() -> None:
    history = next(command for command in COMMANDS if "history" in command.names)
    assert history.usage("en") == "/history [N|14:30|yesterday]"
    assert history.usage("es") == "/historial [N|14:30|ayer]"


def test_no_name_is_given_twice() -> None:
    names = [name for command in COMMANDS for name in command.names]
    assert len(set(names)) == len(names)


def test_the_commands_are_those_that_people_with_nc_have() -> None:
    from huddle.protocol import commands

    names = {command.names for command in commands.COMMANDS if command.english != "back"}
    assert {command.names for command in COMMANDS} == names
