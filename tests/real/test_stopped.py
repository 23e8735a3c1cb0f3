"""Somebody stops to read while others talk a lot."""

from __future__ import annotations

from tests.real.conftest import Enter, Start
from tests.real.crowd import crowd


def test_nobody_waits_for_who_has_stopped_reading(start: Start, enter: Enter) -> None:
    server = start("--history", "none", "--flood-rate", "0")
    with crowd(server.port, 3) as members:
        members.stop()
        members.hears(10_000_000)
        ana = enter(server, nick="ana")
        began = server.own_time()
        ana.says("/who")
        ana.hears("-- 4 here: member0, member1, member2, ana.")
        assert server.own_time() - began < 1
