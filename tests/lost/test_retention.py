"""A server that keeps messages for a time, or so many: what is gone is said to be gone."""

from __future__ import annotations

import time
from pathlib import Path
from random import Random

from tests.lost.crowd import Crowd
from tests.lost.person import Nc
from tests.lost.program import Heard
from tests.lost.server import Server, ages
from tests.patience import PATIENCE, until

SAID = 400
KEPT = 100


def test_messages_beyond_the_number_are_deleted_and_those_who_lack_them_are_told(
    tmp_path: Path,
) -> None:
    with Server(tmp_path, "--flood-rate", "0").start() as server:
        with Nc(server) as ana:
            word = ana.enters("ana")
        crowd = talks(server)
        server.stop()
        server.options += ["--keep-messages", str(KEPT)]
        await_rows(server.start(), KEPT)
        speaker, listener = crowd.members
        assert crowd.goes_on_until(crowd.knows_all)
        crowd.says(speaker, ["one more"])  # whose connection the server may have ended
        assert crowd.goes_on_until(crowd.knows_all)
        crowd.leaves()
        rows = server.rows()
        assert [row.seq for row in rows] == list(range(SAID - KEPT + 1, SAID + 2))
        assert listener.program.gone == [(1, SAID - KEPT)]
        assert listener.program.heard == [Heard(row.seq, row.nick, row.text) for row in rows]
        with Nc(server) as ana:
            ana.says(f"/back {word}")
            ana.hears("one more$")
            assert f"-- {SAID - KEPT} messages are gone --" in ana.heard
            assert ana.told_by("p00") == [row.text for row in rows]


def test_messages_beyond_the_time_are_deleted(tmp_path: Path) -> None:
    with Server(tmp_path, "--flood-rate", "0").start() as server:
        talks(server).leaves()
        server.stop()
        ages(server, all_but=KEPT)
        server.options += ["--keep", "50m"]
        await_rows(server.start(), KEPT)
        assert server.rows()[0].seq == SAID - KEPT + 1


def talks(server: Server) -> Crowd:
    """One of two says a lot while the other has lost the connection."""
    crowd = Crowd(server.port, 2, Random(1))
    assert crowd.goes_on_until(crowd.is_in)
    speaker, listener = crowd.members
    listener.cut()
    listener.back_at = time.monotonic() + PATIENCE
    crowd.says(speaker, [str(number) for number in range(1, SAID + 1)])
    assert crowd.goes_on_until(lambda: not speaker.program.unacknowledged)
    listener.back_at = 0.0
    return crowd


def await_rows(server: Server, count: int) -> None:
    """Wait until the record has so many messages, looking again and again: that a commit is valid
    is written last to memory that is mapped, of which the kernel tells nobody."""
    until(lambda: len(server.rows()) == count, lambda: f"{len(server.rows())} messages")
