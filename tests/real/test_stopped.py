"""Somebody stops to read while others talk a lot."""

from __future__ import annotations

import json
import signal
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from tests.changes import wait_until
from tests.real.conftest import Enter, Start
from tests.real.crowd import crowd
from tests.real.programs import Program, untimed
from tests.real.server import Server


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


def stops_while_bob_speaks(
    server: Server, enter: Enter, ana: Program, lines: int
) -> tuple[str, Program, Program]:
    """Ana comes in and stops; bob says so many long lines, more than the systems in between take,
    and carla has them all. What brings ana back, bob, and carla."""
    ana.hears("Welcome to huddle.")
    ana.says("ana")
    back = f"/back ana {ana.hears('-- your return word').rpartition(' ')[2]}"
    bob, carla = enter(server, nick="bob"), enter(server, nick="carla")
    ana.process.send_signal(signal.SIGSTOP)
    bob.says(*(f"{number} {LONG}" for number in range(lines)))
    carla.hears(f"<bob> {lines - 1}")
    return back, bob, carla


@pytest.mark.parametrize("ends", ["the program", "the server"])
def test_who_stops_behind_a_unix_socket_loses_nothing(
    start: Start, enter: Enter, tmp_path: Path, ends: str
) -> None:
    options = ("--flood-rate", "0", "--listen", f"unix:{tmp_path / 'door'}")
    server = start(*options)
    ana = enter(server, "nc -U", door=1)
    back, bob, carla = stops_while_bob_speaks(server, enter, ana, 300)
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


def whole(heard: Sequence[str]) -> list[int]:
    """The numbers of bob's long lines of which all has come."""
    lines = (untimed(line) for line in heard if line.endswith(LONG))
    return [int(line.split()[1]) for line in lines if line.startswith("<bob> ")]


def is_known_to_lag(record: Path, nick: str) -> bool:
    """Whether the record has how far they surely got."""
    with closing(sqlite3.connect(f"file:{record}?mode=ro", uri=True)) as database:
        [[rooms]] = database.execute("SELECT rooms FROM sessions WHERE nick = ?", [nick])
    return None not in json.loads(rooms).values()


def test_who_stops_over_tcp_when_the_server_crashes_has_one_part_and_is_shown_the_rest(
    start: Start, enter: Enter, tmp_path: Path
) -> None:
    server = start("--flood-rate", "0")
    ana = enter(server)
    back, _, _ = stops_while_bob_speaks(server, enter, ana, 500)
    record = tmp_path / "huddle.db"
    wait_until(tmp_path, lambda: is_known_to_lag(record, "ana"), lambda: "it is never noted")
    server.process.kill()
    server.process.wait()
    ana.process.send_signal(signal.SIGCONT)
    ana.ends_input()
    had = whole(ana.hears_out())
    again = enter(start("--flood-rate", "0"))
    again.says(back)
    again.hears("<bob> 499")
    shown = whole(again.heard)
    assert had == list(range(len(had))) and 499 not in had
    assert shown == list(range(shown[0], 500)) and shown[0] <= len(had)
