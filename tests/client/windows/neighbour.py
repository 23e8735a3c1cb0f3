"""Somebody else in the room, who has `nc`."""

from __future__ import annotations

import socket

from tests.patience import PATIENCE
from tests.real.programs import untimed
from tests.real.server import Server


class Neighbour:
    """One connection in the plain dialect; `hears` reads on from where it stopped.

    A line has no time: it would have one only if the neighbour fell behind for a moment.
    """

    def __init__(self, server: Server, nick: str) -> None:
        self._socket = socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE)
        self._file = self._socket.makefile("r", encoding="utf-8", newline="\n")
        self.says(nick)
        self.hears("return word")

    def says(self, *lines: str) -> None:
        """Say lines in one write."""
        self._socket.sendall("".join(f"{line}\n" for line in lines).encode())

    def acts(self, *lines: str) -> None:
        """Do things in one write, one by one: no block is made of them."""
        self.says(*(f"/me {line}" for line in lines))

    def hears(self, text: str) -> str:
        """The next line with this text in it."""
        for line in self._file:
            if text in line:
                return untimed(line.rstrip("\n"))
        raise AssertionError(f"{text!r} never came")

    def hears_next(self, count: int) -> list[str]:
        """The next lines."""
        return [untimed(self._file.readline().rstrip("\n")) for _ in range(count)]

    def close(self) -> None:
        """Leave, and hear out what still comes: closing earlier would cut the line."""
        self.says("/quit")
        for _ in self._file:
            pass
        self._file.close()
        self._socket.close()
