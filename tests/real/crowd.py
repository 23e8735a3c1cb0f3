"""A crowd of plain members on real sockets, who throw away what they read as fast as it comes."""

from __future__ import annotations

import selectors
import socket
from collections.abc import Iterator
from contextlib import contextmanager

AT_ONCE = 1 << 20
TEXT = "x" * 4000
LINE = TEXT.encode() + b"\n"
PIECE = AT_ONCE // len(LINE) * len(LINE)


class Crowd:
    """Members of a server's room. One of them, the last, can stop to read; the first speaks."""

    def __init__(self, port: int, size: int) -> None:
        self._selector = selectors.DefaultSelector()
        self._buffer = bytearray(AT_ONCE)
        self.members = [self._enter(port, number) for number in range(size)]
        self.stopped = self.members[-1]
        self.read = dict.fromkeys(self.members, 0)
        self.said = 0

    def _enter(self, port: int, number: int) -> socket.socket:
        member = socket.create_connection(("127.0.0.1", port))
        member.sendall(f"member{number}\n".encode())
        heard = b""
        while b"-- your return word" not in heard:
            heard += member.recv(AT_ONCE)
        member.setblocking(False)
        self._selector.register(member, selectors.EVENT_READ)
        return member

    def stop(self) -> None:
        """The last one reads no more."""
        self._selector.unregister(self.stopped)

    def hears(self, size: int) -> None:
        """Have the first one say so many bytes, and everybody read until as many have come. What
        stands before each line counts, too: the last few lines may still be on their way.

        It says a piece when everybody has the one before: on a busy machine this crowd would
        otherwise fall behind what the server keeps.
        """
        unsaid = memoryview(LINE * (size // len(LINE)))
        while unsaid:
            self._hears(unsaid[:PIECE])
            unsaid = unsaid[PIECE:]

    def _hears(self, unsaid: memoryview) -> None:
        speaker, *others = self.members
        listening = {other for other in others if other is not self.stopped}
        self.said += len(unsaid)
        self._selector.modify(speaker, selectors.EVENT_READ | selectors.EVENT_WRITE)
        while listening or unsaid:
            for key, events in self._selector.select(20):
                member = key.fileobj
                assert isinstance(member, socket.socket)
                if events & selectors.EVENT_WRITE:
                    unsaid = unsaid[member.send(unsaid) :]
                    if not unsaid:
                        self._selector.modify(speaker, selectors.EVENT_READ)
                if events & selectors.EVENT_READ:
                    # MSG_TRUNC: the kernel throws it away itself (tcp(7)).
                    self.read[member] += member.recv_into(self._buffer, 0, socket.MSG_TRUNC)
            listening = {each for each in listening if self.read[each] < self.said}

    def wakes(self) -> list[bytes]:
        """The one who had stopped reads on; returns the lines that came until now."""
        end = b"that was all\n"
        self.members[0].sendall(end)
        self.stopped.setblocking(True)
        heard: list[bytes] = []
        with self.stopped.makefile("rb") as lines:
            while not heard or not heard[-1].endswith(end):
                heard.append(lines.readline())
        return heard

    def close(self) -> None:
        for member in self.members:
            member.close()
        self._selector.close()


@contextmanager
def crowd(port: int, size: int) -> Iterator[Crowd]:
    """A crowd, for a while."""
    gathered = Crowd(port, size)
    try:
        yield gathered
    finally:
        gathered.close()
