"""A record that lives in memory: a bounded ring for each room, gone with the process."""

from __future__ import annotations

import sys
from bisect import bisect_left
from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

from twisted.internet.defer import Deferred, fail, succeed

from huddle.events import Draft, Kind, Said
from huddle.limits import Limits
from huddle.record import Card, Extent
from huddle.record.retention import Clock, ClockJumped
from huddle.record.search import folded, phrases

CARDS = 65_536
"""Sessions that are remembered after they have left; the one that left first goes first."""

Identity = tuple[int, int]
"""A session and the id it gave to something it said."""


class _Ring:
    """The newest messages of one room, and what they cost."""

    __slots__ = ("bytes", "ids", "messages", "newest", "time")

    def __init__(self) -> None:
        self.messages: deque[Said] = deque()
        self.ids: deque[int] = deque()
        self.newest = 0
        self.time = 0
        self.bytes = 0

    def add(self, message: Said, id: int) -> None:
        self.messages.append(message)
        self.ids.append(id)
        self.newest = message.seq
        self.time = message.time
        self.bytes += _weight(message, id)

    def drop_oldest(self) -> Identity:
        message = self.messages.popleft()
        id = self.ids.popleft()
        self.bytes -= _weight(message, id)
        return message.session, id

    @property
    def oldest(self) -> int:
        return self.newest - len(self.messages) + 1

    def since(self, time: int) -> int:
        return self.oldest + bisect_left(self.messages, time, key=lambda message: message.time)

    def with_words(self, query: str, limit: int, before: int | None) -> Sequence[Said]:
        wanted = phrases(query)
        found = (
            message
            for message in reversed(self.messages)
            if (before is None or message.seq < before)
            and all(phrase in folded(message.text) for phrase in wanted)
        )
        return list(islice(found, limit if wanted else 0))[::-1]

    def between(self, first: int, last: int) -> Sequence[Said]:
        oldest = self.oldest
        positions = range(max(first, oldest) - oldest, min(last, self.newest) - oldest + 1)
        return [self.messages[position] for position in positions]


class MemoryRecord:
    """A `Record` that keeps at most ``limits.ring_messages`` and ``ring_bytes`` of each room.

    Everything is answered at once: each `Deferred` has already fired.
    """

    def __init__(self, limits: Limits, epoch: str) -> None:
        self.epoch = epoch
        self.last_session = 0
        self.last_time = 0
        self._limits = limits
        self._rings: dict[str, _Ring] = {}
        self._identities: dict[Identity, Said] = {}
        self._last_ids: dict[int, int] = {}
        self._cards: dict[int, Card] = {}
        self._by_key: dict[bytes, int] = {}
        self._by_word: dict[bytes, int] = {}
        self._gone: dict[int, None] = {}
        self._clock: Clock | None = None

    def append(self, drafts: Sequence[Draft], time: int) -> Deferred[Sequence[Said]]:
        if drafts:
            self.last_time = max(time, self.last_time)
        return succeed([self._keep(draft) for draft in drafts])

    def _keep(self, draft: Draft) -> Said:
        ring = self._rings.get(draft.room)
        if ring is None:
            ring = self._rings[draft.room] = _Ring()
        message = Said(
            draft.room,
            ring.newest + 1,
            self.last_time,
            draft.session,
            draft.nick,
            draft.kind,
            draft.text,
        )
        ring.add(message, draft.id)
        if draft.id:
            self._identities[draft.session, draft.id] = message
            self._last_ids[draft.session] = max(draft.id, self._last_ids.get(draft.session, 0))
        self._trim(ring)
        return message

    def _trim(self, ring: _Ring) -> None:
        limits = self._limits
        while len(ring.messages) > limits.ring_messages or ring.bytes > limits.ring_bytes:
            self._identities.pop(ring.drop_oldest(), None)

    def extent(self, room: str) -> Extent:
        ring = self._rings.get(room)
        return Extent(ring.oldest, ring.newest, ring.time) if ring else Extent()

    def read(self, room: str, first: int, last: int) -> Deferred[Sequence[Said]]:
        ring = self._rings.get(room)
        return succeed(ring.between(first, last) if ring else [])

    def since(self, room: str, time: int) -> Deferred[int]:
        ring = self._rings.get(room)
        return succeed(ring.since(time) if ring else 1)

    def search(
        self, room: str, query: str, limit: int, before: int | None = None
    ) -> Deferred[Sequence[Said]]:
        ring = self._rings.get(room)
        return succeed(ring.with_words(query, limit, before) if ring else [])

    def find(self, session: int, id: int) -> Deferred[Said | None]:
        return succeed(self._identities.get((session, id)))

    def save(self, card: Card) -> Deferred[None]:
        old = self._cards.get(card.number)
        if old is not None:
            self._by_key.pop(old.key or b"", None)
            self._by_word.pop(old.word or b"", None)
        self._cards[card.number] = card
        if card.key is not None:
            self._by_key[card.key] = card.number
        if card.word is not None:
            self._by_word[card.word] = card.number
        self.last_session = max(self.last_session, card.number)
        self._gone.pop(card.number, None)
        if not card.here:
            self._gone[card.number] = None
        if len(self._gone) > CARDS:
            self._drop_card(next(iter(self._gone)))
        return succeed(None)

    def _drop_card(self, number: int) -> None:
        del self._gone[number]
        card = self._cards.pop(number)
        self._by_key.pop(card.key or b"", None)
        self._by_word.pop(card.word or b"", None)
        self._last_ids.pop(number, None)

    def card_by_key(self, key: bytes) -> Deferred[Card | None]:
        return succeed(self._card(self._by_key.get(key)))

    def card_by_word(self, word: bytes) -> Deferred[Card | None]:
        return succeed(self._card(self._by_word.get(word)))

    def _card(self, number: int | None) -> Card | None:
        if number is None:
            return None
        return replace(self._cards[number], last_id=self._last_ids.get(number, 0))

    def cards_here(self) -> Sequence[Card]:
        """Nobody: this record was empty when it was opened."""
        return []

    def forget(self, keep_ms: int | None, keep_messages: int | None, now: int) -> Deferred[int]:
        if keep_ms is not None:
            self._clock = (self._clock or Clock(self.last_time or now)).told(now, keep_ms)
            if self._clock.believed != now:
                return fail(ClockJumped(self._clock.believed, now))
        gone = 0
        for ring in self._rings.values():
            oldest = ring.oldest if keep_ms is None else ring.since(now - keep_ms)
            if keep_messages is not None:
                oldest = max(oldest, ring.newest - keep_messages + 1)
            while ring.oldest < oldest:
                self._identities.pop(ring.drop_oldest(), None)
                gone += 1
        return succeed(gone)

    def close(self) -> Deferred[None]:
        return succeed(None)


def _weight(message: Said, id: int) -> int:
    """The bytes that a message takes here; its room and its kind are shared."""
    weight = _MESSAGE + sys.getsizeof(message.nick) + sys.getsizeof(message.text)
    return weight + _IDENTITY if id else weight


_NUMBER = sys.getsizeof(2**40)
_POINTER = 8
_MESSAGE = sys.getsizeof(Said("", 0, 0, 0, "", Kind.SAY, "")) + 2 * _NUMBER + 2 * _POINTER
"""Bytes of a message beside its strings: itself, its seq and time, its places in two deques."""

_IDENTITY = sys.getsizeof((0, 0)) + _NUMBER + 100
"""Bytes of what finds it by its id: the key, the id, and a place in a dict with its spare room
(measured: 70 to 140)."""
