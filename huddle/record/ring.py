"""A ring: the newest messages of one room in memory, and what they cost.

What goes in front is for `huddle.record.memory` to say, by its limits.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from sys import getsizeof

from huddle.protocol.events import Kind, Said
from huddle.protocol.text import memory_of
from huddle.record import tombstone
from huddle.record.search import folded

Identity = tuple[int, int]
"""A session and the id it gave to something it said."""

SLICE = 1000
"""Characters of texts that a search folds before everybody else has a turn: a millisecond. A text
that is all ASCII is folded 16 times as fast, and counts for less."""


@dataclass(slots=True, eq=False, repr=False)
class Ring:
    """The newest messages of one room, without holes, each with the id that it was said under.

    ``newest`` is the seq of the last one, ``time`` its time, ``bytes`` what all of them take.
    """

    messages: deque[Said] = field(default_factory=deque)
    ids: deque[int] = field(default_factory=deque)
    newest: int = 0
    time: int = 0
    bytes: int = 0

    def drop_oldest(self) -> Identity:
        """Let the oldest message go; returns by what it was known."""
        message = self.messages.popleft()
        id = self.ids.popleft()
        self.bytes -= weight(message, id)
        return message.session, id

    def erase(self, seq: int) -> tuple[Said, int] | None:
        """The tombstone that is in the message's place now, and the id it was said under."""
        position = seq - self.oldest
        if not 0 <= position < len(self.messages):
            return None
        message, id = self.messages[position], self.ids[position]
        gone = tombstone(message)
        self.bytes += weight(gone, id) - weight(message, id)
        self.messages[position] = gone
        return gone, id

    @property
    def oldest(self) -> int:
        """The seq of the oldest message; of one more than the newest where there is none."""
        return self.newest - len(self.messages) + 1

    def since(self, time: int) -> int:
        """The seq of the first message that is not older than this time, in milliseconds."""
        return self.oldest + bisect_left(self.messages, time, key=lambda message: message.time)

    def with_words(self, wanted: Sequence[str], before: int | None) -> Iterator[Said | None]:
        """Those that match, the newest first; None wherever another slice of work is done.

        The ring may change while it is None.
        """
        seq = self.newest if before is None else min(self.newest, before - 1)
        done = SLICE // 2  # the words that are looked for were read in this turn
        while seq >= self.oldest:
            message = self.messages[seq - self.oldest]
            text = message.text
            work = 1 + (len(text) // 16 if text.isascii() else len(text))
            if done and done + work > SLICE:
                done = 0
                yield None
                continue  # the message may be gone
            done += work
            if message.kind is not Kind.DELETED:
                plain = folded(text)
                if all(phrase in plain for phrase in wanted):
                    yield message
            seq -= 1

    def between(self, first: int, last: int) -> Sequence[Said]:
        """The messages from one seq to another, as far as they are still there."""
        oldest = self.oldest
        positions = range(max(first, oldest) - oldest, min(last, self.newest) - oldest + 1)
        return [self.messages[position] for position in positions]


def weight(message: Said, id: int) -> int:
    """The bytes that a message takes in a ring; its room and its kind are shared."""
    size = _MESSAGE + memory_of(message.nick) + memory_of(message.text)
    if message.to:
        size += memory_of(message.to)
    return size + _IDENTITY if id else size


_NUMBER = getsizeof(2**40)
_POINTER = 8
_MESSAGE = getsizeof(Said("", 0, 0, 0, "", Kind.SAY, "")) + 2 * _NUMBER + 2 * _POINTER
"""Bytes of a message beside its strings: itself, its seq and time, its places in two deques."""

_IDENTITY = getsizeof((0, 0)) + _NUMBER + 100
"""Bytes of what finds it by its id: the key, the id, and a place in a dict with its spare room
(measured: 70 to 140)."""
