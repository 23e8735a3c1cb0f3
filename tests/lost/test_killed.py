"""The server is killed again and again, and every program has everything, once and in one order.

The long run is ``python -m tests.lost.storm --strikes 1000``.
"""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from tests.lost.mutants import launcher
from tests.lost.server import Server
from tests.lost.storm import Storm

PROGRAMS = 20
NO_LIMIT = ("--flood-rate", "0")


def test_twenty_kills_cost_nobody_a_line(tmp_path: Path) -> None:
    """Said in every state: recorded and not acknowledged, and not even recorded."""
    with Server(tmp_path, *NO_LIMIT).start() as server:
        seen = Storm(server, PROGRAMS, Random(1)).rages(strikes=20)
    assert not seen.faults, str(seen)
    assert seen.recorded_unacknowledged and seen.unrecorded and seen.cuts, str(seen)
    assert "Traceback" not in server.log


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
    """Or the tests above would show nothing."""
    with Server(tmp_path, *NO_LIMIT, launcher=launcher(mutant)).start() as server:
        seen = Storm(server, PROGRAMS, Random(3), patience=2).rages(strikes=40, until=sign)
    assert any(sign in fault for fault in seen.faults), str(seen)
