"""A block of 200 lines of Python comes through whole, however it is put in and read."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from huddle.protocol.text import clean
from tests.client.windows.tmux import Tmux
from tests.patience import PATIENCE
from tests.real.conftest import Enter, Start
from tests.real.netcat import netcat
from tests.real.preloaded import CLIENT, TOOLS, run
from tests.real.programs import Program, Telnet
from tests.real.server import Server, environment

PART = (
    "def f(x):",
    "\tif x:",
    "",
    "\t    return x  # ¿sí?  ",
    "   ",
    " " * 36 + "pass\x1b[31m",
    "",
)
CODE = (*(PART * 29)[:199], "f(1)")
TEXTS = [clean(line) for line in CODE]
DATA = "".join(f"{line}\n" for line in CODE).encode()
BIN = Path(sys.executable).parent


class Reader:
    """A program that has come in."""

    def __init__(self, server: Server, nick: str) -> None:
        host, port = server.address()
        self._socket = socket.create_connection((host, int(port)), PATIENCE)
        self.file = self._socket.makefile("rwb")
        self.sends({"type": "hello", "v": 1, "nick": nick, "session": f"the secret of {nick}"})

    def sends(self, *objects: dict[str, Any]) -> None:
        self.file.write(b"".join(json.dumps(each).encode() + b"\n" for each in objects))
        self.file.flush()

    def hears(self, type: str, count: int) -> list[dict[str, Any]]:
        """The next so many of this type."""
        found: list[dict[str, Any]] = []
        while len(found) < count:
            line = self.file.readline()
            assert line, found
            if line.startswith(b"{") and (told := json.loads(line))["type"] == type:
                found.append(told)
        return found

    def close(self) -> None:
        self.file.close()
        self._socket.close()


@pytest.fixture
def server(start: Start) -> Server:
    return start("--flood-rate", "0")


@pytest.fixture
def reader(server: Server) -> Iterator[Reader]:
    reader = Reader(server, "reader")
    reader.hears("welcome", 1)
    yield reader
    reader.close()


@pytest.mark.parametrize("way", ["nc", "terminal", "pipe", "client", "unbracketed", "json"])
def test_it_comes_through_whole(
    server: Server, reader: Reader, enter: Enter, tmp_path: Path, way: str
) -> None:
    WAYS[way](server, enter, tmp_path)
    said = reader.hears("said", 200)
    assert [each["text"] for each in said] == TEXTS
    first = said[0]["seq"]
    assert {each["block"] for each in said[1:]} == {first}
    assert said[0].get("block", first) == first

    person = enter(server, nick="person")
    person.says(f"/raw {first}")
    person.hears(f"-- #{first}, by ")
    assert [person.hears_next() for _ in TEXTS] == [f"| {text}" for text in TEXTS]
    reader.sends({"type": "raw", "id": 1, "seq": first})
    [reply] = reader.hears("reply", 1)
    assert [each["text"] for each in reply["messages"]] == TEXTS
    assert [each["text"] for each in exported(tmp_path)] == TEXTS


def exported(folder: Path) -> list[dict[str, Any]]:
    [database] = folder.glob("*.db")
    done = run([*TOOLS["archive"], "export", str(database), "--format", "json"], env=environment())
    assert done.returncode == 0, done
    return [json.loads(line) for line in done.stdout.splitlines()]


def by_nc(server: Server, enter: Enter, folder: Path) -> None:
    enter(server, nick="ana").sends(DATA)


def at_a_terminal(server: Server, enter: Enter, folder: Path) -> None:
    """As a terminal hands a paste on: line by line."""
    ana: Program = Telnet(*netcat("nc", *server.address()))
    try:
        ana.hears("Welcome to huddle.")
        ana.says("ana")
        ana.hears("-- your return word")
        bob = enter(server, nick="bob")
        ana.sends(DATA.replace(b"\x1b", b"\x02"))  # which is no key of the terminal's own
        bob.hears("<ana> f(1)")
    finally:
        ana.end()


def by_a_pipe(server: Server, enter: Enter, folder: Path) -> None:
    host, port = server.address()
    command = [str(BIN / "huddle-client"), f"{host}:{port}", "--nick", "ana"]
    home = environment(HOME=str(folder))
    subprocess.run(command, input=DATA, env=home, capture_output=True, check=True)


def pasted_into_the_client(
    server: Server, enter: Enter, folder: Path, *, bracketed: bool = True
) -> None:
    """In tmux, which brackets the paste, as most terminals do."""
    host, port = server.address()
    pane = Tmux(folder, *CLIENT, f"{host}:{port}", "--nick", "ana")
    try:
        pane.shows("online")
        pane.pastes(DATA.decode(), bracketed=bracketed)
        pane.shows("200 lines; Enter sends, Esc drops")
        pane.presses("Enter")
        pane.shows("… /raw 1 shows all of it")
    finally:
        pane.close()


def by_json(server: Server, enter: Enter, folder: Path) -> None:
    ana = Reader(server, "ana")
    ana.hears("welcome", 1)
    lines = enumerate(CODE, 1)
    ana.sends(*({"type": "say", "id": id, "text": text, "block": 1} for id, text in lines))
    ana.hears("ack", 200)
    ana.close()


WAYS: dict[str, Callable[[Server, Enter, Path], None]] = {
    "nc": by_nc,
    "terminal": at_a_terminal,
    "pipe": by_a_pipe,
    "client": pasted_into_the_client,
    "unbracketed": partial(pasted_into_the_client, bracketed=False),
    "json": by_json,
}
