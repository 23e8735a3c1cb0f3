"""Stopping: everybody is told, what was said is given, and it takes less than two seconds."""

from __future__ import annotations

import signal
import socket

import pytest

from tests.patience import PATIENCE
from tests.real.conftest import Enter, Start
from tests.real.own_time import wait_for_end
from tests.real.server import STOPPING
from tests.real.unhurried import UNHURRIED

BYE = "-- The server is closing. Bye!"
TEXT = "x" * 1000


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT])
def test_everybody_is_told_and_it_ends(start: Start, enter: Enter, by: signal.Signals) -> None:
    server = start()
    ana, bob = enter(server, nick="ana"), enter(server, "telnet", "bob")
    carla, door = enter(server, "ncat", "carla"), enter(server)
    door.hears("Welcome")
    assert server.stop(by) < STOPPING
    for each in (ana, bob, carla, door):
        each.hears(BYE)


def test_it_ends_in_time_though_somebody_has_stopped_reading(start: Start, enter: Enter) -> None:
    server = start("--flood-rate", "0", "--history", "none")  # it waits for no disk
    ana = enter(server, nick="ana")
    stopped = enter(server, nick="bob")
    stopped.process.send_signal(signal.SIGSTOP)
    ana.says(*[TEXT] * 5000, "/who")
    ana.hears("-- 2 here")
    assert server.stop() < STOPPING
    ana.hears(BYE)


def test_a_reader_who_is_behind_gets_all_of_it_and_the_farewell(start: Start, enter: Enter) -> None:
    server = start("--flood-rate", "0", launcher=UNHURRIED)
    ana = enter(server, nick="ana")
    with socket.create_connection(("127.0.0.1", server.port)) as bob:
        bob.sendall(b"bob\n")
        ana.hears("-- bob joined")
        ana.says(*[TEXT] * 3000, "/who")
        ana.hears("-- 2 here")
        server.process.send_signal(signal.SIGTERM)
        bob.settimeout(PATIENCE)
        with bob.makefile("rb") as heard:
            *lines, last = heard.read().decode().splitlines()
    assert sum(line.endswith(f"<ana> {TEXT}") for line in lines) == 3000
    assert last == BYE
    assert wait_for_end(server.process, PATIENCE) < STOPPING
    server.log.clear()
