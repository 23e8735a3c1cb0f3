"""Storms that take long: without fsync, and over servers that break their word."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from tests.lost.mutants import launcher
from tests.lost.server import Server
from tests.lost.storm import Storm
from tests.lost.test_killed import NO_LIMIT, PROGRAMS


def test_a_kill_costs_nothing_without_fsync_either(tmp_path: Path) -> None:
    """What the kernel has been given outlives the process; --sync is about the machine."""
    with Server(tmp_path, *NO_LIMIT, "--sync", "normal").start() as server:
        seen = Storm(server, PROGRAMS, Random(2)).rages(strikes=3)
    assert not seen.faults, str(seen)


@pytest.mark.parametrize(
    ("mutant", "sign"),
    [("without-deduplication", "recorded twice"), ("before-the-commit", "lost")],
)
def test_the_storm_finds_a_server_that_breaks_its_word(
    tmp_path: Path, mutant: str, sign: str
) -> None:
    """Or the storms in which nothing is found would show nothing."""
    with Server(tmp_path, *NO_LIMIT, launcher=launcher(mutant)).start() as server:
        seen = Storm(server, PROGRAMS, Random(3), patience=2).rages(strikes=40, until=sign)
    assert any(sign in fault for fault in seen.faults), str(seen)
