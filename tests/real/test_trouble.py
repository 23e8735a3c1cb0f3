"""Peers in trouble: the dead are found, and those who have only stopped are not taken for dead."""

from __future__ import annotations

import re
import signal
import time

from tests.real.conftest import NC, Enter, Start
from tests.real.network import cable
from tests.real.programs import Program
from tests.real.server import Server

GONE = 25.0
"""Seconds in which a dead peer has to be gone."""

SLACK = 1.0
"""Seconds from one look at the server to the next, and for the looking."""


class Witness:
    """Somebody in a server's room who asks now and then who is there."""

    def __init__(self, server: Server, enter: Enter) -> None:
        self._program = enter(server, nick="witness")

    def says(self, *lines: str) -> None:
        self._program.says(*lines)

    def sees_away(self, nick: str) -> bool:
        """Whether that one is only away now."""
        self._program.says("/who")
        roster = self._program.hears("-- 3 here: ")
        return bool(re.search(rf"Away: .*\b{nick}\b", roster))


def test_a_peer_whose_packets_are_lost_is_gone_and_a_reader_who_has_stopped_is_not(
    start: Start, enter: Enter
) -> None:
    """One of the dead is idle, the other one has unsent data; each is in a room of its own."""
    with cable() as link:
        quiet = start("--listen", f"tcp:0:interface={link.here}", "--history", "none")
        busy = start("--listen", f"tcp:0:interface={link.here}", "--history", "none")
        witnesses = {server: Witness(server, enter) for server in (quiet, busy)}
        stopped = [enter(server, nick="stopped") for server in (quiet, busy)]
        dead = [_enter_from_afar(server, *link.on_the_other_machine(NC)) for server in witnesses]
        try:
            link.cut()
            cut_at = time.monotonic()
            for each in stopped:
                each.process.send_signal(signal.SIGSTOP)
            witnesses[busy].says(*["x" * 4000] * 50)
            gone = _when_gone(witnesses, "dead", cut_at)
            assert all(10 < seconds < GONE + SLACK for seconds in gone.values()), gone
            assert not any(each.sees_away("stopped") for each in witnesses.values())
        finally:
            for each in dead:
                each.end()


def _enter_from_afar(server: Server, *command: str) -> Program:
    place, port = server.places[1].rsplit(":", 1)
    program = Program(*command, place, port)
    program.says("dead")
    program.hears("-- your return word")
    return program


def _when_gone(witnesses: dict[Server, Witness], nick: str, since: float) -> dict[Server, float]:
    """After how many seconds each witness saw this one go."""
    gone: dict[Server, float] = {}
    while len(gone) < len(witnesses) and time.monotonic() < since + 2 * GONE:
        time.sleep(SLACK / 2)
        for server, witness in witnesses.items():
            if server not in gone and witness.sees_away(nick):
                gone[server] = time.monotonic() - since
    assert len(gone) == len(witnesses), f"gone: {gone}"
    return gone
