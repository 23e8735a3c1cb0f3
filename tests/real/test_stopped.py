"""Somebody stops to read while others talk a lot."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

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


LONG = "la" * 1000


@pytest.mark.parametrize("ends", ["the program", "the server"])
def test_who_stops_behind_a_unix_socket_loses_nothing(
    start: Start, enter: Enter, tmp_path: Path, ends: str
) -> None:
    options = ("--flood-rate", "0", "--listen", f"unix:{tmp_path / 'door'}")
    server = start(*options)
    ana = enter(server, "nc -U", door=1)
    ana.hears("Welcome to huddle.")
    ana.says("ana")
    back = f"/back ana {ana.hears('-- your return word').rpartition(' ')[2]}"
    bob, carla = enter(server, nick="bob"), enter(server, nick="carla")
    ana.process.send_signal(signal.SIGSTOP)
    bob.says(*(f"{number} {LONG}" for number in range(300)))  # more than the socket takes
    carla.hears("<bob> 299")
    ana.process.send_signal(signal.SIGCONT)
    for number in range(300):
        ana.hears(f"<bob> {number} ")
    ana.process.send_signal(signal.SIGSTOP)
    bob.says(*(f"unread {number}" for number in range(100)))
    carla.hears("<bob> unread 99")
    if ends == "the server":
        server.process.kill()
        server.process.wait()
    ana.process.kill()
    again = enter(start(*options) if ends == "the server" else server, "nc -U", door=1)
    again.says(back)
    for number in range(100):
        again.hears(f"<bob> unread {number}")
