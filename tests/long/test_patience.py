"""Ninety seconds without reading are no death; a name prompt does not wait for ever."""

from __future__ import annotations

import socket
import time
from contextlib import suppress
from pathlib import Path

from tests.patience import PATIENCE, lasts
from tests.real.certificate import tls_door
from tests.real.conftest import Enter, Start
from tests.real.crowd import LINE, crowd


def test_a_reader_who_had_stopped_for_ninety_seconds_is_a_member_and_gets_what_there_is(
    start: Start, enter: Enter
) -> None:
    server = start("--history", "none", "--flood-rate", "0")
    ana = enter(server, nick="ana")
    with crowd(server.port, 3) as members:
        members.stop()
        until = time.monotonic() + 90
        said = 0
        while time.monotonic() < until:
            members.hears(1_000_000)
            said += 1_000_000 // len(LINE)
            lasts(5)
        ana.says("/who")
        ana.hears("-- 4 here: ana, member0, member1, member2.")
        assert "Away" not in ana.heard[-1]
        heard = members.wakes()
    shown = sum(line.endswith(LINE) for line in heard)
    [gone] = [int(line.split()[1]) for line in heard if line.endswith(b" are gone --\n")]
    assert shown + gone == said


def test_whoever_gives_no_nick_or_no_handshake_is_sent_away_after_a_minute(
    start: Start, tmp_path: Path
) -> None:
    server = start("--listen", tls_door(tmp_path))
    began, own = time.monotonic(), server.own_time()
    silent = []
    for door in (0, 1):
        host, port = server.address(door)
        silent.append(socket.create_connection((host, int(port)), timeout=2 * PATIENCE))
    for peer in silent:
        with peer, suppress(ConnectionResetError), peer.makefile("rb") as lines:
            lines.read()
        assert time.monotonic() - began > 59
        assert server.own_time() - own < 70
