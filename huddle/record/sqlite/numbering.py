"""Giving messages their numbers: pure, from the counters as they were to what is to be written.

The counters are read from the database once, when it is opened; as no other process writes there,
they can be kept here. A `Batch` does not change them: only when it has been committed does
`Counters.accept` make its numbers count. After a failure the same numbers are given again.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field

from huddle.protocol.codec import dataclass
from huddle.protocol.events import Draft, Said
from huddle.record import Extent
from huddle.record.search import respelled
from huddle.record.sqlite.schema import SEQ_BITS


@dataclass(frozen=True, slots=True)
class RoomCounter:
    """A room as the database has it; ``indexed`` is the last seq in the full-text index.

    ``block`` is the seq of the first line of the block that its newest message belongs to; 0 if
    there is none, or it is not known, as of a database that was just opened.
    """

    number: int
    name: str
    oldest: int = 1
    newest: int = 0
    time: int = 0
    indexed: int = 0
    block: int = 0

    @property
    def extent(self) -> Extent:
        return Extent(self.oldest, self.newest, self.time)

    @property
    def lag(self) -> int:
        """How many messages the index lacks."""
        return self.newest - self.indexed

    def place(self, seq: int) -> int:
        """The key of a message of this room."""
        return self.number << SEQ_BITS | seq

    def with_newest(self, seq: int, time: int, block: int = 0) -> RoomCounter:
        """The room when this is its last message."""
        # Many times as quick as `dataclasses.replace`, and done at each commit.
        return RoomCounter(self.number, self.name, self.oldest, seq, time, self.indexed, block)


@dataclasses.dataclass(slots=True)
class Counters:
    """The rooms by name, the highest number of a room and of an act, the newest time of all."""

    rooms: dict[str, RoomCounter] = field(default_factory=dict)
    last_room: int = 0
    time: int = 0
    last_act: int = 0

    @property
    def extents(self) -> dict[str, Extent]:
        """What is held of each room, by its name."""
        return {name: row.extent for name, row in self.rooms.items()}

    def accept(self, rows: Iterable[RoomCounter], last_act: int = 0) -> None:
        """The rooms are like this now, and no act has a higher number than that."""
        if last_act > self.last_act:
            self.last_act = last_act
        for row in rows:
            if not row.newest:  # it was dropped
                self.rooms.pop(row.name, None)
                continue
            self.rooms[row.name] = row
            if row.number > self.last_room:
                self.last_room = row.number
            if row.time > self.time:
                self.time = row.time


class Batch:
    """Numbered messages and all that is to be written with them.

    ``messages`` are the columns of `tables.MESSAGE`, one message after the other; ``rooms`` the
    rooms as they will be, ``new_rooms`` the names of those in which nothing was said before,
    ``ids`` a session, an id and a place for each that has an id, ``time`` the last one's.
    """

    def __init__(self, counters: Counters) -> None:
        self._counters = counters
        self._last_room = counters.last_room
        self.time = counters.time
        self.said: list[Said] = []
        self.messages: list[object] = []
        self.rooms: dict[str, RoomCounter] = {}
        self.new_rooms: list[str] = []
        self.ids: list[int] = []
        self._begun: dict[tuple[int, str], int] = {}
        """The first lines of blocks that begin here, by the block and the room."""

    def add(self, drafts: Sequence[Draft], time: int) -> list[Said]:
        """The drafts with the next seq of their rooms; never before the newest message's time."""
        self.time = max(time, self.time)
        newest: dict[str, tuple[RoomCounter, Said]] = {}
        messages: list[Said] = []
        for draft in drafts:
            room, block = draft.room, 0
            there = newest.get(room)
            if there is None:
                row = self._room(room)
                seq, before = row.newest + 1, row.block
            else:
                row, last = there
                seq, before = last.seq + 1, last.block
            if draft.block is not None:
                first = draft.block.get(room)
                if first is None:
                    first = self._begun.setdefault((id(draft.block), room), seq)
                block = first if draft.in_block else 0
            said = Said(
                room, seq, self.time, draft.session, draft.nick, draft.kind, draft.text,
                draft.account, draft.to, block, draft.re, draft.edits,
            )  # fmt: skip
            self._put(row, said, draft.id, before)
            newest[room] = row, said
            messages.append(said)
        self._count(newest)
        self.said += messages
        return messages

    def take(self, messages: Sequence[Said], ids: Sequence[int]) -> None:
        """Messages that have their numbers: in each room the next ones."""
        newest: dict[str, tuple[RoomCounter, Said]] = {}
        for said, id in zip(messages, ids, strict=True):
            there = newest.get(said.room)
            row = self._room(said.room) if there is None else there[0]
            self._put(row, said, id, row.block if there is None else there[1].block)
            newest[said.room] = row, said
        self._count(newest)
        self.said += messages

    def _count(self, newest: Mapping[str, tuple[RoomCounter, Said]]) -> None:
        for name, (row, said) in newest.items():
            if said.time > self.time:
                self.time = said.time
            self.rooms[name] = row.with_newest(said.seq, said.time, said.block)

    def _room(self, name: str) -> RoomCounter:
        row = self.rooms.get(name) or self._counters.rooms.get(name)
        if row is None:
            self._last_room += 1
            row = RoomCounter(self._last_room, name)
            self.new_rooms.append(name)
        self.rooms[name] = row
        return row

    def _put(self, row: RoomCounter, said: Said, id: int, before: int) -> None:
        """Have it written, behind a message of the block ``before``."""
        seq, session, text, block = said.seq, said.session, said.text, said.block
        place = row.number << SEQ_BITS | seq  # as `RoomCounter.place`
        kept = row.place(block) if block else 0
        if kept and block in (seq, seq - 1, before):
            kept = -kept
        spelled = None if text.isascii() else respelled(text)
        self.messages += (
            place, said.time, session, id, said.nick, said.kind._value_, text, spelled,
            said.account, said.to, kept, said.re, said.edits,
        )  # fmt: skip
        if id:
            self.ids += session, id, place
