"""What is told at the start: how people come in, and a code where nobody is in charge."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from twisted.logger import LogEvent
from typing_extensions import override

from huddle.record import AccountRow
from tests.server.in_memory_service import House, Run, interval, lines, logged, run

__all__ = ["interval", "logged", "run"]

CODE = re.compile(r" {4}/operator ([a-z]+-[0-9]+-[a-z]+-[a-z]+)")


def test_where_nobody_is_in_charge_the_log_shows_the_operators_code(
    run: Run, logged: Sequence[LogEvent]
) -> None:
    house = run(House())
    [code] = [found[1] for line in lines(logged) if (found := CODE.fullmatch(line or ""))]
    assert house.service.factory.house.code.take(code) is not None


@pytest.mark.parametrize(("row", "shown"), [(True, False), (False, True)])
def test_where_there_is_an_operator_in_the_record_it_shows_none(
    run: Run, logged: Sequence[LogEvent], row: bool, shown: bool
) -> None:
    house = House()
    house.record.save(AccountRow(1, "ana", "hash", operator=row, inbox="@a1"))
    run(house)
    assert any(CODE.fullmatch(line or "") for line in lines(logged)) is shown


def test_an_operator_without_an_account_is_told_of_and_so_is_the_code(
    run: Run, logged: Sequence[LogEvent]
) -> None:
    run(House("--op", "teacher"))
    told = lines(logged)
    assert any(CODE.fullmatch(line or "") for line in told)
    assert any(line and line.startswith("teacher is kept for an operator, and") for line in told)


def test_an_operator_whom_another_checker_knows_needs_no_code(
    run: Run, logged: Sequence[LogEvent], tmp_path: Path
) -> None:
    (tmp_path / "passwd").write_text("Teacher:secret\n")
    run(House("--op", "teacher", "--auth", f"file:{tmp_path / 'passwd'}"))
    assert not any(CODE.fullmatch(line or "") for line in lines(logged))
    assert not any(line and "kept for an operator" in line for line in lines(logged))


def test_members_only_without_a_member_says_that_nobody_is_let_in(
    run: Run, logged: Sequence[LogEvent]
) -> None:
    run(House("--members-only"))
    told = "Nobody has an account yet, so nobody is let in: huddle-account makes one."
    assert told in lines(logged)


class Screen(io.StringIO):
    """A terminal, as far as anybody asks."""

    @override
    def isatty(self) -> bool:
        return True


def test_a_terminal_shows_the_board_as_people_read_it_and_a_log_does_not_repeat_it(
    monkeypatch: pytest.MonkeyPatch, run: Run, logged: Sequence[LogEvent]
) -> None:
    screen = Screen()
    monkeypatch.setattr(sys, "__stdout__", screen)
    house = House()
    twistd = {"nodaemon": True, "logfile": None, "uid": None, "gid": None}
    house.service._options.parent = twistd  # type: ignore[assignment]
    run(house)
    assert [bool(CODE.fullmatch(line)) for line in screen.getvalue().splitlines()].count(True) == 1
    assert not any(CODE.fullmatch(line or "") for line in lines(logged))
