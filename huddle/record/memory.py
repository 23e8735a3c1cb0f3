"""A record that lives in memory: a bounded ring for each room, gone with the process."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from twisted.internet.defer import Deferred, fail, succeed

from huddle.protocol.events import Draft, Said
from huddle.protocol.limits import Limits
from huddle.protocol.timing import Scheduler
from huddle.record import (
    AccountRow,
    AuditEntry,
    Dropped,
    Extent,
    Kept,
    Mark,
    MarkKind,
    RoomRow,
    SessionRow,
    Step,
    Told,
    inbox_of,
    within,
)
from huddle.record.retention import Clock, ClockJumped
from huddle.record.ring import Identity, Ring, weight
from huddle.record.search import phrases

LEFT_SESSIONS = 65_536
"""Sessions that are remembered after they have left; the one that left first goes first, behind
those that are to be forgotten first (`huddle.rooms.session_quotas.departures`)."""

ACTS = 10_000
"""Acts of moderation that are remembered: 4 MiB at most, without the words in them."""

_NOTHING = Ring()
"""What there is of a room in which nothing was said."""


class MemoryRecord:
    """A `Record` that keeps at most ``limits.ring_messages`` and ``ring_bytes`` of each room.

    Everything is answered at once: each `Deferred` has already fired. A search alone may be long:
    it is done in slices where there is a ``soon`` to call between them.
    """

    def __init__(self, limits: Limits, epoch: str, soon: Scheduler | None = None) -> None:
        self.epoch = epoch
        self.last_session = 0
        self.last_account = 0
        self.last_time = 0
        self.position = 0
        self._limits = limits
        self._soon = soon
        self._rings: defaultdict[str, Ring] = defaultdict(Ring)
        self._identities: dict[Identity, Said] = {}
        self._last_ids: dict[int, int] = {}
        self._rows: dict[int, SessionRow] = {}
        self._by_key: dict[bytes, int] = {}
        self._by_word: dict[bytes, int] = {}
        self._gone: dict[int, None] = {}
        """Sessions that have left, in that order."""
        self._gone_first: dict[int, None] = {}
        """The same of those that are to be forgotten first."""
        self._room_rows: dict[str, RoomRow] = {}
        self._marks: dict[_MarkKey, Mark] = {}
        self._accounts: dict[int, AccountRow] = {}
        self._inboxes: set[str] = set()
        """Those of accounts, which had them as guests."""
        self._acts: deque[AuditEntry] = deque(maxlen=ACTS)
        self._clock: Clock | None = None
        self._told: Told | None = None

    def append(self, drafts: Sequence[Draft], time: int) -> Deferred[Sequence[Said]]:
        if drafts and time > self.last_time:
            self.last_time = time
        messages: list[Said] = []
        for draft in drafts:
            ring = self._rings[draft.room]
            seq, block = ring.newest + 1, 0
            if draft.block is not None:
                first = draft.block.setdefault(draft.room, seq)
                block = first if draft.in_block else 0
            message = Said(
                draft.room, seq, self.last_time, draft.session, draft.nick, draft.kind,
                draft.text, draft.account, draft.to, block, draft.re, draft.edits,
            )  # fmt: skip
            self._put(ring, message, draft.id)
            messages.append(message)
        if self._told is not None:
            self._told(drafts, messages)
        return succeed(messages)

    def step(self, step: Step) -> Deferred[Sequence[Said]]:
        messages = list(step.messages)
        for message, id in zip(messages, step.ids, strict=True):
            self.last_time = max(self.last_time, message.time)
            self._put(self._rings[message.room], message, id)
        for each in step.kept:
            self._save(each)
        for room, seq in step.erased:
            tombstone = self._erase(room, seq)
            if tombstone is not None:
                messages.append(tombstone)
        self.position = step.position
        return succeed(messages)

    def follow(self, steps: Sequence[Step]) -> Deferred[None]:
        return Deferred.fromCoroutine(self._follow(steps))

    async def _follow(self, steps: Sequence[Step]) -> None:
        for each in [self.step(each) for each in steps]:
            await each

    def on_committed(self, told: Told) -> None:
        self._told = told

    def _put(self, ring: Ring, message: Said, id: int) -> None:
        ring.messages.append(message)
        ring.ids.append(id)
        ring.newest, ring.time = message.seq, message.time
        ring.bytes += weight(message, id)
        if id:
            self._identities[message.session, id] = message
            self._last_ids[message.session] = max(id, self._last_ids.get(message.session, 0))
        limits = self._limits
        while ring.bytes > limits.ring_bytes or len(ring.messages) > limits.ring_messages:
            self._identities.pop(ring.drop_oldest(), None)

    def extent(self, room: str) -> Extent:
        ring = self._rings.get(room, _NOTHING)
        return Extent(ring.newest - len(ring.messages) + 1, ring.newest, ring.time)

    def read(
        self, room: str, first: int, last: int, size: int | None = None
    ) -> Deferred[Sequence[Said]]:
        messages = self._rings.get(room, _NOTHING).between(first, last)
        return succeed(messages if size is None else within(messages, size))

    def belonging(
        self, room: str, seq: int, limit: int, after: int = 0
    ) -> Deferred[Sequence[Said]]:
        ring = self._rings.get(room, _NOTHING)
        found: list[Said] = []
        lines: set[int] = set()
        for said in ring.between(seq, ring.newest):
            if seq in (said.seq, said.block):
                lines.add(said.seq)
            elif said.edits not in lines:
                continue
            if said.seq > after and len(found) < limit:
                found.append(said)
        return succeed(found)

    def since(self, room: str, time: int) -> Deferred[int]:
        return succeed(self._rings.get(room, _NOTHING).since(time))

    def search(
        self, room: str, query: str, limit: int, before: int | None = None
    ) -> Deferred[Sequence[Said]]:
        wanted = phrases(query)
        if not wanted:
            return succeed([])
        answer: Deferred[Sequence[Said]] = Deferred()
        self._search(self._rings.get(room, _NOTHING).with_words(wanted, before), limit, [], answer)
        return answer

    def _search(
        self,
        matching: Iterator[Said | None],
        limit: int,
        found: list[Said],
        answer: Deferred[Sequence[Said]],
    ) -> None:
        """Go on with a search, for a slice of it."""
        while len(found) < limit and (each := next(matching, _END)) is not _END:
            if isinstance(each, Said):
                found.append(each)
            elif self._soon is not None:
                self._soon(0, lambda: self._search(matching, limit, found, answer))
                return
        answer.callback(found[::-1])

    def find(self, session: int, id: int) -> Deferred[Said | None]:
        return succeed(self._identities.get((session, id)))

    def save(self, *kept: Kept, by: int = 0) -> Deferred[None]:
        for each in kept:
            self._save(each)
        return succeed(None)

    def _save(self, kept: Kept) -> None:
        match kept:
            case SessionRow():
                self._save_row(kept)
            case RoomRow():
                self._room_rows[kept.name] = kept
            case Mark():
                self._marks[_mark_key(kept)] = kept
            case AccountRow():
                if (before := self._accounts.get(kept.number)) is not None:
                    self._inboxes.discard(before.inbox)
                self._accounts[kept.number] = kept
                self._inboxes.add(kept.inbox)
                self.last_account = max(self.last_account, kept.number)
            case AuditEntry():
                self._acts.append(kept)
            case Dropped(RoomRow(name)):
                self._room_rows.pop(name, None)
            case Dropped(Mark() as mark):
                self._marks.pop(_mark_key(mark), None)

    def _save_row(self, row: SessionRow) -> None:
        old = self._rows.get(row.number)
        if old is not None:
            self._by_key.pop(old.key or b"", None)
            self._by_word.pop(old.word or b"", None)
        elif row.last_id:
            self._last_ids.setdefault(row.number, row.last_id)
        self._rows[row.number] = row
        if row.key is not None:
            self._by_key[row.key] = row.number
        if row.word is not None:
            self._by_word[row.word] = row.number
        self.last_session = max(self.last_session, row.number)
        self._gone.pop(row.number, None)
        self._gone_first.pop(row.number, None)
        if not row.here:
            (self._gone if row.seen else self._gone_first)[row.number] = None
        if len(self._gone) + len(self._gone_first) > LEFT_SESSIONS:
            self._drop_row(next(iter(self._gone_first or self._gone)))

    def _drop_row(self, number: int) -> None:
        """Forget the session, and its inbox, if that is no account's."""
        if inbox_of(number) not in self._inboxes:
            self._drop_room(inbox_of(number))
        self._gone.pop(number, None)
        self._gone_first.pop(number, None)
        row = self._rows.pop(number)
        self._by_key.pop(row.key or b"", None)
        self._by_word.pop(row.word or b"", None)
        self._last_ids.pop(number, None)

    def _drop_room(self, name: str) -> None:
        ring = self._rings.pop(name, _NOTHING)
        while ring.messages:
            self._identities.pop(ring.drop_oldest(), None)

    def session_by_key(self, key: bytes) -> Deferred[SessionRow | None]:
        return succeed(self._row(self._by_key.get(key)))

    def session_by_word(self, word: bytes) -> Deferred[SessionRow | None]:
        return succeed(self._row(self._by_word.get(word)))

    def _row(self, number: int | None) -> SessionRow | None:
        if number is None:
            return None
        return replace(self._rows[number], last_id=self._last_ids.get(number, 0))

    def sessions_here(self) -> Sequence[SessionRow]:
        """None: this record was empty when it was opened."""
        return []

    def sessions(self) -> Deferred[Sequence[SessionRow]]:
        rows = [self._row(number) for number in sorted(self._rows)]
        return succeed([row for row in rows if row is not None])

    def rooms(self) -> Collection[str]:
        return self._rings.keys()

    def room_rows(self) -> Sequence[RoomRow]:
        return list(self._room_rows.values())

    def marks(self) -> Sequence[Mark]:
        return list(self._marks.values())

    def accounts(self) -> Sequence[AccountRow]:
        return list(self._accounts.values())

    def erase(self, room: str, seq: int, by: int = 0) -> Deferred[Said | None]:
        return succeed(self._erase(room, seq))

    def _erase(self, room: str, seq: int) -> Said | None:
        erased = self._rings.get(room, _NOTHING).erase(seq)
        if erased is None:
            return None
        gone, id = erased
        if id:
            self._identities[gone.session, id] = gone
        return gone

    def audit(self, limit: int) -> Deferred[Sequence[AuditEntry]]:
        return succeed(list(self._acts)[-limit:] if limit > 0 else [])

    def forget_sessions(self, seen_before: int, most: int) -> Deferred[int]:
        gone = [*self._gone_first, *self._gone]
        left = sorted(gone, key=lambda number: (self._rows[number].seen, number))
        beyond = len(left) - most
        going = [
            number
            for place, number in enumerate(left)
            if place < beyond or self._rows[number].seen < seen_before
        ]
        for number in going:
            self._drop_row(number)
        return succeed(len(going))

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


_END = object()

_MarkKey = tuple[str, MarkKind, str]


def _mark_key(mark: Mark) -> _MarkKey:
    return mark.room, mark.kind, mark.who
