"""Servers and programs that a test starts, ended when it is over, whatever became of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from tests.needs import needs
from tests.real.netcat import netcat
from tests.real.preloaded import TWISTD
from tests.real.programs import Program, Telnet
from tests.real.server import Server

Start = Callable[..., Server]
Enter = Callable[..., Program]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts a server with these options; all of them are stopped in good order afterwards."""
    servers: list[Server] = []

    def start(*options: str, launcher: Sequence[str] = TWISTD, **environment: str) -> Server:
        servers.append(Server(tmp_path, *options, launcher=launcher, **environment))
        return servers[-1]

    yield start
    for server in servers:
        server.end()


@pytest.fixture
def enter() -> Iterator[Enter]:
    """Enters a server by a command such as ``nc -N``, under a nick if one is given.

    Where there is no nc or ncat, something that does the same stands in for it (`netcat`).
    """
    programs: list[Program] = []

    def enter(server: Server, command: str = "nc", nick: str = "", door: int = 0) -> Program:
        name, *options = command.split()
        program: Program
        if name == "telnet":
            program = Telnet(needs(name), *options, *server.address(door))
        else:
            program = Program(*netcat(name, *options, *server.address(door)))
        programs.append(program)
        if nick:
            program.hears("Welcome to huddle.")
            program.says(nick)
            program.hears("-- your return word")
        return program

    yield enter
    for program in programs:
        program.end()
