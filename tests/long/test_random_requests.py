"""A real server with its database and its threads is asked anything, and logs no traceback."""

from __future__ import annotations

import random
import socket
from contextlib import suppress
from pathlib import Path
from threading import Thread

from tests.doors.random_requests import NICKS, RandomRequests, password_of
from tests.patience import PATIENCE
from tests.real.conftest import Enter, Start
from tests.real.operators import appoint
from tests.real.server import Server

PEERS = 8
LINES = 120


def asks_by_chance(server: Server, seed: int) -> None:
    """One peer, a person or a program: it comes in, says its lines, and goes."""
    chance = random.Random(seed)
    asker, nick = RandomRequests(chance), NICKS[seed % 10]
    with socket.create_connection(("127.0.0.1", server.port)) as peer, suppress(OSError):
        if seed % 2:
            peer.sendall(asker.hello(nick, str(seed), after={}, resume=False) + b"\n")
            lines = [asker.asked(id) for id in range(1, LINES)]
        else:
            peer.sendall(f"{nick}\n/login {password_of(nick)}\n".encode())
            lines = [asker.typed() for _ in range(LINES)]
        peer.sendall(b"".join(line + b"\n" for line in lines))
        peer.shutdown(socket.SHUT_WR)
        while peer.recv(65_536):
            pass


def test_whatever_is_asked_the_house_goes_on(start: Start, enter: Enter, tmp_path: Path) -> None:
    for nick in (*NICKS[:2], "anabel"):
        appoint(tmp_path, "huddle.db", nick, password_of(nick))
    options = ("--flood-rate", "0", "--per-address", "0")
    server = start("--history", "huddle.db", *options)
    bob, ana = enter(server, nick="bobby"), enter(server)
    ana.says("anabel", f"/login {password_of('anabel')}")
    ana.hears("-- Hello anabel")  # an operator, who may speak whatever they make of the room
    peers = [
        Thread(target=asks_by_chance, args=(server, seed), daemon=True) for seed in range(PEERS)
    ]
    for peer in peers:
        peer.start()
    for peer in peers:
        peer.join(10 * PATIENCE)
        assert not peer.is_alive()
    ana.says("is anybody there?")
    bob.hears("<anabel> is anybody there?")
    server.stop()
    start("--history", "huddle.db", *options)
