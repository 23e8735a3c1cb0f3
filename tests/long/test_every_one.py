"""Every one of those of which the suite takes some: names, programs, hostile texts, kills."""

from __future__ import annotations

from pathlib import Path

import pytest

from huddle.protocol.permissions import Role
from tests.client.session.test_hostile_server import MESSAGES, RAW, heard, moves_nothing
from tests.lost.test_killed import kill
from tests.protocol.test_permissions import PLACES, types_all
from tests.tools.test_outputs import SHOWING, closed, ends_with, folder, written

__all__ = ["folder", "written"]


@pytest.mark.parametrize(("role", "place"), PLACES)
def test_a_person_may_type_by_every_name_what_the_help_shows_and_nothing_else(
    role: Role, place: str
) -> None:
    types_all(role, place, lambda names: names)


@pytest.mark.parametrize("number", range(len(MESSAGES)))
def test_no_field_of_any_message_moves_the_screen(number: int) -> None:
    moves_nothing(heard(MESSAGES[number], [RAW]))


@pytest.mark.parametrize("showing", SHOWING)
def test_what_has_no_output_says_so_in_one_line_and_by_the_status(
    folder: Path, showing: str
) -> None:
    ends_with(closed(SHOWING[showing]), "Bad file descriptor")


def test_twenty_kills_cost_nobody_a_line(tmp_path: Path) -> None:
    kill(tmp_path, at_least=20)
