"""Peers in trouble: the dead are found, and those who have only stopped are not taken for dead."""

from __future__ import annotations

import re
import signal
import time
from collections.abc import Collection
from contextlib import ExitStack
from itertools import product
from pathlib import Path

from tests.patience import PATIENCE, lasts
from tests.real.certificate import tls_door
from tests.real.conftest import Start
from tests.real.netcat import netcat
from tests.real.network import cable
from tests.real.preloaded import TWISTD
from tests.real.programs import Program
from tests.real.server import Server

GONE = 25.0
"""Seconds of the server's own time in which a dead peer has to be gone."""

LOOK = 0.5
"""Seconds from one look at the server to the next."""


class Witness:
    """Somebody in a server's room who asks now and then who is there."""

    def __init__(self, server: Server, program: Program) -> None:
        self.server = server
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
            server: Witness(server, enter("witness", *here(*netcat("nc"), *server.address())))
            for server in (quiet, busy)
        }
        stopped = [
            enter("stopped", *here(*netcat("nc"), *server.address())) for server in witnesses
        ]
        for server in witnesses:
            enter("dead", *there(*netcat("nc"), *server.address(1)))
            enter("lost", *there(*netcat("ncat", "--ssl"), *server.address(2)))
        link.cut()
        for each in stopped:
            each.process.send_signal(signal.SIGSTOP)
        witnesses[busy].says(*["x" * 4000] * 50)
        stays = _until_gone(witnesses.values(), ("dead", "lost"))
        assert all(gone > 10 for _, gone in stays), stays
        assert all(there < GONE for there, _ in stays), stays
        assert not any(each.sees_away("stopped") for each in witnesses.values())


def _until_gone(
    witnesses: Collection[Witness], nicks: Collection[str]
) -> Collection[tuple[float, float]]:
    """When each witness began the last look at which each of these was there, in seconds of the
    server's own time from now on; and the first at which it was not, by the clock.

    They ask again and again: who is away still has a seat, and the others are not told. Each look
    comes when there is a processor for it.
    """
    since, own = time.monotonic(), {each: each.server.own_time() for each in witnesses}
    there: dict[tuple[Witness, str], float] = dict.fromkeys(product(witnesses, nicks), 0.0)
    gone: dict[tuple[Witness, str], float] = {}
    while len(gone) < len(there) and time.monotonic() < since + GONE + PATIENCE:
        lasts(LOOK)
        for witness, nick in there.keys() - gone.keys():
            looked = witness.server.own_time() - own[witness]
            if witness.sees_away(nick):
                gone[witness, nick] = time.monotonic() - since
            else:
                there[witness, nick] = looked
    assert len(gone) == len(there), f"gone: {gone}"
    return [(there[each], gone[each]) for each in there]
