"""A room full of members who only listen, some of whom stop for a while; and one who speaks.

    python -m tests.lost.readers --megabytes 100

has one of a hundred stop while 100 MB are said, then all of them at once, and prints how much the
server grew.
"""

from __future__ import annotations

import argparse
import json
import selectors
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from tests.lost.crowd import Member
from tests.lost.program import Program
from tests.lost.server import Server
from tests.patience import PATIENCE

UNLIMITED = ("--flood-rate", "0", "--per-address", "0")
MIB = 1024 * 1024
ROOM_IN_KERNEL = 64 * 1024
"""Bytes that a reader's kernel is to take for it while it does not read; Linux doubles them."""

WINDOW = 64
"""Lines that the speaker says before it waits for an acknowledgement."""

TEXT = "x" * 4000
"""What stands behind the number in each line."""

_SAID = b'{"type":"said","room":"huddle","seq":'


class Reader:
    """One member: checks that what it is given are the next messages, and keeps none of them."""

    def __init__(self, port: int, nick: str) -> None:
        self.nick = nick
        self.last = 0
        self.welcomed = False
        self.faults: list[str] = []
        self._begun = b""
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, ROOM_IN_KERNEL)
        self.socket.connect(("127.0.0.1", port))
        hello = {"type": "hello", "v": 1, "nick": nick, "session": None, "replay": 0}
        self.socket.sendall(json.dumps(hello).encode() + b"\n")
        self.socket.setblocking(False)

    def read(self) -> None:
        """Take what has come."""
        with suppress(BlockingIOError):
            *lines, self._begun = (self._begun + self.socket.recv(1 << 18)).split(b"\n")
            for line in lines:
                self._hear(line)

    def _hear(self, line: bytes) -> None:
        if line.startswith(_SAID):
            seq = int(line[len(_SAID) : line.index(b",", len(_SAID))])
            if seq != self.last + 1:
                self.faults.append(f"{self.nick}: {seq} after {self.last}")
            self.last = seq
        elif b'"type":"welcome"' in line:
            self.welcomed = True
        elif b'"type":"gap"' in line or b'"type":"reset"' in line:
            self.faults.append(f"{self.nick}: {line!r}")


class Hall:
    """A server's room with so many readers in it, and a speaker."""

    def __init__(self, server: Server, size: int, patience: float = PATIENCE) -> None:
        self.server = server
        self._patience = patience
        self._selector = selectors.DefaultSelector()
        self.speaker = Member(Program("speaker", "secret of the speaker"))
        self.speaker.connect(server.port)
        assert self.speaker.socket is not None
        self._wanted = selectors.EVENT_READ | selectors.EVENT_WRITE
        self._selector.register(self.speaker.socket, self._wanted)
        self.readers = [Reader(server.port, f"r{number}") for number in range(size)]
        self.wake(self.readers)
        self.until(lambda: all(reader.welcomed for reader in self.readers))
        self.until(lambda: self.speaker.program.welcomed)
        self.says(2 * WINDOW)  # whatever is only made once is made now
        self.everybody_has_all()
        self._before = server.memory()

    def close(self) -> None:
        """Let everybody go."""
        self.speaker.cut()
        for reader in self.readers:
            reader.socket.close()
        self._selector.close()

    @property
    def said(self) -> int:
        """Messages so far."""
        return len(self.speaker.program.said)

    @property
    def faults(self) -> list[str]:
        """What was not the next message, or no message."""
        return [*self.speaker.program.wrong, *(f for each in self.readers for f in each.faults)]

    @property
    def grown(self) -> int:
        """Bytes by which the server has ever been larger than before the first stop."""
        return self.server.most_memory() - self._before

    def stop(self, readers: Sequence[Reader]) -> None:
        """These read nothing from now on."""
        for reader in readers:
            self._selector.unregister(reader.socket)

    def wake(self, readers: Sequence[Reader]) -> None:
        """These read on."""
        for reader in readers:
            self._selector.register(reader.socket, selectors.EVENT_READ, reader.read)

    def says(self, count: int) -> None:
        """So many lines more are said, and acknowledged."""
        program, last = self.speaker.program, self.said + count
        while self.said < last or program.unacknowledged:
            free = min(WINDOW - len(program.unacknowledged), last - self.said)
            if free > 0:
                self.speaker.talk([f"{self.said + i} {TEXT}" for i in range(free)])
            self._turn()

    def everybody_has_all(self) -> None:
        """Listen until everybody who is awake and asleep has been given all that was said."""
        self.until(lambda: all(reader.last == self.said for reader in self.readers))

    def until(self, condition: Callable[[], bool]) -> None:
        """Listen until that is so."""
        deadline = time.monotonic() + self._patience
        while not condition():
            assert time.monotonic() < deadline, self.faults or "not everybody has everything"
            self._turn()

    def _turn(self) -> None:
        assert self.speaker.socket is not None
        wanted = selectors.EVENT_READ | (selectors.EVENT_WRITE if self.speaker.outgoing else 0)
        if wanted != self._wanted:
            self._wanted = wanted
            self._selector.modify(self.speaker.socket, wanted)
        for key, events in self._selector.select(1):
            if key.data is not None:
                key.data()
                continue
            if events & selectors.EVENT_WRITE:
                self.speaker.write()
            if events & selectors.EVENT_READ:
                self.speaker.read()


def main(arguments: list[str] | None = None) -> int:
    """A long stop; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.lost.readers")
    parser.add_argument("--megabytes", type=float, default=100)
    parser.add_argument("--members", type=int, default=100)
    wanted = parser.parse_args(arguments)
    lines = round(wanted.megabytes * 1e6 / len(TEXT))
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder), *UNLIMITED)
        with server.start():
            hall = Hall(server, wanted.members, patience=1800)
            for who, some in (("one", hall.readers[:1]), ("all but one", hall.readers[1:])):
                began = time.monotonic()
                hall.stop(some)
                hall.says(lines)
                woke = time.monotonic()
                hall.wake(some)
                hall.everybody_has_all()
                level = time.monotonic()
                print(
                    f"{who} stopped for {lines} lines ({woke - began:.1f} s), level after "
                    f"{level - woke:.1f} s; the server grew by {hall.grown / MIB:.1f} MiB; "
                    f"faults: {hall.faults or 'none'}"
                )
            hall.close()
    return 1 if hall.faults else 0


if __name__ == "__main__":
    sys.exit(main())
