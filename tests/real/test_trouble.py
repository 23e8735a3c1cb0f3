"""Peers in trouble: the dead are found, and those who have only stopped are not taken for dead."""

from __future__ import annotations

import re
import signal
import time
from collections.abc import Collection
from contextlib import ExitStack
from itertools import product
from pathlib import Path

from tests.patience import lasts
from tests.real.certificate import tls_door
from tests.real.conftest import Start
from tests.real.netcat import netcat
from tests.real.network import cable
from tests.real.preloaded import TWISTD
from tests.real.programs import Program

GONE = 25.0
"""Seconds in which a dead peer has to be gone."""

SLACK = 1.0
"""Seconds from one look at the server to the next, and for the looking."""


class Witness:
    """Somebody in a server's room who asks now and then who is there."""

    def __init__(self, program: Program) -> None:
        self._program = program

    def says(self, *lines: str) -> None:
        self._program.says(*lines)

    def sees_away(self, nick: str) -> bool:
        """Whether that one is only away now."""
        self._program.says("/who")
        roster = self._program.hears("-- 4 here: ")
        return bool(re.search(rf"Away: .*\b{nick}\b", roster))


def test_a_peer_whose_packets_are_lost_is_gone_and_a_reader_who_has_stopped_is_not(
    start: Start, tmp_path: Path
) -> None:
    """Nobody speaks in one room; in the other one all have something that was not sent."""
    with cable() as link, ExitStack() as programs:
        doors = (
            *("--listen", f"tcp:0:interface={link.here}"),
            *("--listen", tls_door(tmp_path, f"0:interface={link.here}")),
        )
        launcher = link.on_the_servers_machine(*TWISTD)
        quiet, busy = (start(*doors, "--history", "none", launcher=launcher) for _ in range(2))

        here, there = link.on_the_servers_machine, link.on_the_other_machine

        def enter(nick: str, *command: str) -> Program:
            program = Program(*command)
            programs.callback(program.end)
            program.says(nick)
            program.hears("-- your return word")
            return program

        witnesses = {
            server: Witness(enter("witness", *here(*netcat("nc"), *server.address())))
            for server in (quiet, busy)
        }
        stopped = [
            enter("stopped", *here(*netcat("nc"), *server.address())) for server in witnesses
        ]
        for server in witnesses:
            enter("dead", *there(*netcat("nc"), *server.address(1)))
            enter("lost", *there(*netcat("ncat", "--ssl"), *server.address(2)))
        link.cut()
        cut_at = time.monotonic()
        for each in stopped:
            each.process.send_signal(signal.SIGSTOP)
        witnesses[busy].says(*["x" * 4000] * 50)
        gone = _when_gone(witnesses.values(), ("dead", "lost"), cut_at)
        assert all(10 < seconds < GONE + SLACK for seconds in gone), gone
        assert not any(each.sees_away("stopped") for each in witnesses.values())


def _when_gone(
    witnesses: Collection[Witness], nicks: Collection[str], since: float
) -> Collection[float]:
    """After how many seconds each witness saw each of these go.

    They ask again and again: who is away still has a seat, and the others are not told.
    """
    gone: dict[tuple[Witness, str], float] = {}
    waited_for = list(product(witnesses, nicks))
    while len(gone) < len(waited_for) and time.monotonic() < since + 2 * GONE:
        lasts(SLACK / 2)
        for witness, nick in waited_for:
            if (witness, nick) not in gone and witness.sees_away(nick):
                gone[witness, nick] = time.monotonic() - since
    assert len(gone) == len(waited_for), f"gone: {gone}"
    return gone.values()
