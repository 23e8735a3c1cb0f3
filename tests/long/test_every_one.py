"""Every one of those of which the suite takes some: names, programs, hostile texts, kills."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from huddle.protocol.permissions import Role
from tests.client.session.test_hostile_server import MESSAGES, RAW, heard, moves_nothing
from tests.lost.test_killed import kill
from tests.protocol.test_permissions import PLACES, types_all
from tests.real.conftest import Enter, Start
from tests.real.test_accounts import ODD, is_its_owners, register_each
from tests.real.test_as_a_service import starts_again_and_ends
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


def test_odd_passwords_are_taken_or_refused_and_harm_nobody(start: Start, enter: Enter) -> None:
    register_each(ODD, start, enter)


def test_a_registered_nick_is_its_owners_after_an_end_in_good_order(
    start: Start, enter: Enter, tmp_path: Path
) -> None:
    is_its_owners(start, enter, tmp_path, signal.SIGTERM)


def test_as_process_1_it_starts_again_after_a_kill_and_ends_by_an_interrupt(tmp_path: Path) -> None:
    starts_again_and_ends(tmp_path, signal.SIGINT)
