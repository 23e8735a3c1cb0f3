"""Hostile bytes on a real socket: nobody's screen is touched, and nobody is sent away for it."""

from __future__ import annotations

import random
import socket

from tests.doors.hostile_bytes import LEAVING, assert_harmless, hostile_bytes, pieces
from tests.real.conftest import Enter, Start
from tests.real.programs import untimed


def test_no_noise_reaches_a_screen(start: Start, enter: Enter) -> None:
    server = start("--flood-rate", "0")
    bob = enter(server, nick="bob")
    chance = random.Random(4)
    with socket.create_connection(("127.0.0.1", server.port)) as eva:
        eva.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)
        eva.sendall(b"eva\n")
        bob.hears("-- eva joined")
        before = len(bob.heard)
        for piece in pieces(chance, LEAVING.sub(b"", hostile_bytes(chance, 100_000))):
            eva.sendall(piece)
        eva.sendall(b"\nthat was all\n")
        bob.hears("<eva> that was all")
    lines = assert_harmless("\n".join(bob.heard[before:]).encode())
    assert all(untimed(line).startswith(("<eva> ", "* eva ")) for line in lines)
