"""Waiting replies: answers for one connection that its transport has not taken yet, in their order.

Most are rendered whole. A long one is drawn a piece at a time, each made when the one before has
gone out.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from twisted.logger import Logger

from huddle.protocol.limits import KIB

POURED = 128 * KIB
"""Bytes that a long answer counts as while it waits: its connection is not listened to, so that no
more than one of them does."""


class WaitingReplies:
    """The replies that wait for one connection. ``size`` is the bytes that they count as."""

    __slots__ = ("_replies", "size")

    _log = Logger()

    def __init__(self) -> None:
        self._replies: deque[bytes | Iterator[bytes]] = deque()
        self.size = 0

    def __len__(self) -> int:
        return len(self._replies)

    def add(self, reply: bytes | Iterator[bytes]) -> None:
        """Have this wait behind the others: a whole answer, or the pieces of a long one."""
        self._replies.append(reply)
        self.size += len(reply) if isinstance(reply, bytes) else POURED

    @property
    def is_long(self) -> bool:
        """Whether the first of them is a long one."""
        return not isinstance(self._replies[0], bytes)

    def take(self) -> bytes:
        """The first of them, or the next piece of it; nothing at the end of a long one."""
        first = self._replies[0]
        if isinstance(first, bytes):
            self.size -= len(first)
            self._replies.popleft()
            return first
        piece = self._drawn(first)
        if not piece:
            self.size -= POURED
            self._replies.popleft()
        return piece

    def _drawn(self, pieces: Iterator[bytes]) -> bytes:
        try:
            return next(pieces, b"")
        except Exception:
            self._log.failure("The rest of an answer could not be made")
            return b""
