"""One types, others talk: the screen stays in order."""

from __future__ import annotations

import socket
import threading

import pytest

from tests.client.terminal.conftest import OpenWindow
from tests.real.server import Server


class Neighbour:
    """Somebody with `nc`, whose lines one types oneself."""

    def __init__(self, server: Server, nick: str) -> None:
        self.socket = socket.create_connection(("127.0.0.1", server.port), timeout=20)
        self._file = self.socket.makefile("r", encoding="utf-8", newline="\n")
        self.says(nick)
        self.hears("return word")

    def says(self, *lines: str) -> None:
        self.socket.sendall("".join(f"{line}\n" for line in lines).encode())

    def hears(self, text: str) -> str:
        """The next line with this text in it."""
        for line in self._file:
            if text in line:
                return line.rstrip("\n")
        raise AssertionError(f"{text!r} never came")

    def close(self) -> None:
        self.says("/quit")
        self._file.close()
        self.socket.close()


@pytest.fixture
def bob(server: Server):  # type: ignore[no-untyped-def]
    bob = Neighbour(server, "bob")
    yield bob
    bob.close()


def test_what_one_types_is_whole_while_lines_pour_in(
    server: Server, window: OpenWindow, bob: Neighbour
) -> None:
    ana = window("--port", str(server.port), "--nick", "ana")
    ana.shows("online")
    sentence = "this sentence is typed slowly while 5000 lines pour in"
    pouring = threading.Thread(target=bob.says, args=[f"line {n} of many" for n in range(5000)])
    pouring.start()
    for at, key in enumerate(sentence, 1):
        ana.types(key)
        ana.shows(f"ana> {sentence[:at]}".rstrip())
    pouring.join()
    ana.shows("line 4999 of many")
    assert ana.lines[-1] == f"ana> {sentence}"
    poured = [line for line in ana.scrollback if "of many" in line]
    assert [line.split("<bob> ")[1] for line in poured] == [
        f"line {n} of many" for n in range(5000)
    ]
    assert not any("typed slowly" in line for line in ana.scrollback[:-1])
    ana.types("\r")
    assert bob.hears("typed slowly") == f"<ana> {sentence}"
