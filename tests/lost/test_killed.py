"""The server is killed again and again, and every program has everything, once and in one order.

The long run is ``python -m tests.lost.storm --strikes 1000``; `tests.long` has the storms in which
a server is to fail.
"""

from __future__ import annotations

from pathlib import Path
from random import Random

from tests.lost.server import Server
from tests.lost.storm import Storm

PROGRAMS = 20
NO_LIMIT = ("--flood-rate", "0")


def test_some_kills_cost_nobody_a_line(tmp_path: Path) -> None:
    """Said in every state: recorded and not acknowledged, and not even recorded."""
    kill(tmp_path, at_least=6)


def kill(folder: Path, at_least: int) -> None:
    with Server(folder, *NO_LIMIT).start() as server:
        seen = Storm(server, PROGRAMS, Random(1)).rages(strikes=at_least, at_most=200)
    assert not seen.faults, str(seen)
    assert seen.has_every_state, str(seen)
    assert "Traceback" not in server.log
