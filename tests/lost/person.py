"""Somebody with `nc`, or with a bare socket where a connection has to be lost."""

from __future__ import annotations

import os
import re
import select
import socket
import subprocess
import time
from abc import ABC, abstractmethod
from contextlib import suppress
from typing import Self

from typing_extensions import override

from tests.lost.crowd import RESET
from tests.lost.server import Server
from tests.patience import PATIENCE
from tests.real.netcat import netcat

LINE = re.compile(r"(?:\d\d:\d\d )?<(?P<nick>[^>]+)> (?P<text>.*)")
"""What somebody said, with its time or without."""


class Person(ABC):
    """One connection of a person. ``heard`` are all whole lines so far."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self._begun = b""

    # -- how it is done, by nc or otherwise ----------------------------------------------------

    @abstractmethod
    def send(self, data: bytes) -> None:
        """Give these bytes to the server."""

    @abstractmethod
    def receive(self, seconds: float) -> bytes:
        """What comes in so many seconds at most; nothing also when all is over."""

    @abstractmethod
    def close(self) -> None:
        """Let go of it all."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # -- talk ----------------------------------------------------------------------------------

    def says(self, *lines: str) -> None:
        """Type these."""
        self.send("".join(f"{line}\n" for line in lines).encode())

    def hears(self, pattern: str) -> re.Match[str]:
        """Listen until a line has this in it, and return what was found; earlier ones count."""
        deadline = time.monotonic() + PATIENCE
        at = 0
        while True:
            for line in self.heard[at:]:
                at += 1
                if found := re.search(pattern, line):
                    return found
            assert time.monotonic() < deadline, f"{pattern} never came: {self.heard}"
            self._take(self.receive(0.1))

    def listens(self, seconds: float) -> None:
        """Take what comes in so many seconds."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self._take(self.receive(left))

    def enters(self, nick: str) -> str:
        """Give a nick; returns the return word."""
        self.says(nick)
        return self.hears(r"your return word: (\S+)")[1]

    def told_by(self, nick: str) -> list[str]:
        """All texts of that person, in the order in which they were shown."""
        found = (LINE.fullmatch(line) for line in self.heard)
        return [line["text"] for line in found if line is not None and line["nick"] == nick]

    def _take(self, data: bytes) -> None:
        *lines, self._begun = (self._begun + data).split(b"\n")
        self.heard += [line.decode() for line in lines]


class Nc(Person):
    """The program `nc`, or what stands in for it."""

    def __init__(self, server: Server) -> None:
        super().__init__()
        self._process = subprocess.Popen(
            netcat("nc", "127.0.0.1", str(server.port)),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self._process.stdin is not None and self._process.stdout is not None
        self._in, self._out = self._process.stdin, self._process.stdout

    @override
    def send(self, data: bytes) -> None:
        self._in.write(data)
        self._in.flush()

    @override
    def receive(self, seconds: float) -> bytes:
        ready, _, _ = select.select([self._out], [], [], seconds)
        return os.read(self._out.fileno(), 1 << 16) if ready else b""

    def ends(self) -> None:
        """End its input and wait for its end, and hear all that came before."""
        self._in.close()
        while data := self.receive(PATIENCE):
            self._take(data)

    @override
    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        self._out.close()
        with suppress(BrokenPipeError):
            self._in.close()


class Wire(Person):
    """A bare socket, which can be lost in a way that `nc` cannot be."""

    def __init__(self, server: Server) -> None:
        super().__init__()
        self._socket = socket.create_connection(("127.0.0.1", server.port))

    @override
    def send(self, data: bytes) -> None:
        self._socket.sendall(data)

    @override
    def receive(self, seconds: float) -> bytes:
        ready, _, _ = select.select([self._socket], [], [], seconds)
        return self._socket.recv(1 << 16) if ready else b""

    def cut(self) -> None:
        """Lose the connection by a RST, with all that is on its way."""
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        self._socket.close()

    @override
    def close(self) -> None:
        self._socket.close()
