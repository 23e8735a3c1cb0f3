"""The directory: which rooms there are, what they are called, and how each is.

A room is *open* while it has members (the first one always). What it keeps beside its messages,
its row and its marks, stays when it is closed; so does its name as long as there is anything of it
in the record. Two names that look the same are one room, as with nicks: who types ``/join OPS``
means ``ops``.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache

from twisted.internet.defer import Deferred

from huddle.delivery.history import History, Pages
from huddle.people.rates import AddressRates
from huddle.people.sessions import Session
from huddle.people.taken_nicks import NickRegistry
from huddle.protocol import names
from huddle.protocol.errors import BadNick, BadRoom, NoSuchRoom, TooFast, TooMany
from huddle.protocol.events import FIRST_ROOM, INBOX, is_inbox
from huddle.protocol.limits import SITE, Limits
from huddle.protocol.timing import Scheduler
from huddle.record import Dropped, Kept, MarkKind, Record, RecordFailure, RoomRow
from huddle.rooms.pace import noted
from huddle.rooms.restrictions import Restrictions
from huddle.rooms.room import Room
from huddle.rooms.room_quotas import RoomQuotas


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class _Name:
    """The owner of a room's name in the registry of names."""

    name: str


class Directory:
    """All rooms. The caller that changes something here has the record keep it (`Record.save`)."""

    def __init__(
        self,
        record: Record,
        later: Scheduler,
        now_ms: Callable[[], int],
        limits: Limits,
        seconds: Callable[[], float] | None = None,
    ) -> None:
        """``seconds`` measures how long restrictions last (`Restrictions`)."""
        self._record = record
        self._later = later
        self._limits = limits
        self.most_rooms = limits.rooms
        """Rooms that there may be; of several nodes, as many as all of them have it."""
        self._room_quotas = RoomQuotas(limits)
        rooms, marks = limits.rooms_made, limits.marks_made
        self._room_rates = AddressRates(rooms / 3600, rooms, SITE["rooms_made"])
        self._mark_rates = AddressRates(marks / 3600, marks, SITE["marks_made"])
        self.pages = Pages(limits.pages, limits.page_count, limits.tails)
        """The rendered pages of the past, of all rooms and inboxes."""
        self._spoken = noted(limits)
        self._open: dict[str, Room] = {}
        self._names: NickRegistry[_Name] = NickRegistry()
        self._rows = {row.name: row for row in record.room_rows()}
        self.restrictions = Restrictions(record.marks(), now_ms, seconds)
        names = {FIRST_ROOM, *record.rooms(), *self._rows, *self.restrictions.rooms()}
        for name in itertools.filterfalse(is_inbox, names):
            self._claim(name)
        self.room(FIRST_ROOM)

    def pace_marks(self, address: str, count: int, now: float) -> None:
        """Count marks that a host sets from this address, or refuse them.

        Raises `TooFast` when many have been set from there lately.
        """
        if wait := self._mark_rates.wait(address, now):
            raise TooFast(wait)
        self.note_marks(address, count, now)

    def note_marks(self, address: str, count: int, now: float) -> None:
        """Count marks that a host has set from this address."""
        self._mark_rates.spend(address, now, count)

    def recall_paces(self, now: float, now_ms: int) -> None:
        """After a restart: who spoke in a slow room a moment ago has to wait still. ``now`` is by
        the clock of the paces, ``now_ms`` the time of day.

        Where the record cannot be read nobody has to.
        """
        for room in list(self._open.values()):
            if self.row(room.name).slow:
                recalled = Deferred.fromCoroutine(self._recall_pace(room, now, now_ms))
                recalled.addErrback(lambda failure: failure.trap(RecordFailure))

    async def _recall_pace(self, room: Room, now: float, now_ms: int) -> None:
        earliest = now_ms - round(self.row(room.name).slow * 1000)
        first = await self._record.since(room.name, earliest)
        newest = self._record.extent(room.name).newest
        said = await self._record.read(
            room.name, max(first, newest - self._limits.spoke + 1), newest
        )
        if self._open.get(room.name) is room:
            room.pace.recall(said, lambda each: now - max(now_ms - each.time, 0) / 1000)

    # -- names ---------------------------------------------------------------------------------

    def named(self, typed: str) -> str:
        """The name of the room that is meant by what was typed, whether there is one or not yet.

        Raises `BadRoom`.
        """
        try:
            name = names.room_name(typed)
        except BadNick as error:
            raise BadRoom(error.reason, error.character) from None
        there = self._names.owner(name)
        return there.name if there is not None else name

    def is_known(self, name: str) -> bool:
        """Whether the room has members, or had: then a session that comes does not make it."""
        return name in self._open or name in self._names

    def known(self, names: Iterable[str]) -> list[str]:
        """Those of these names that are rooms: open now, or kept by the record."""
        return [name for name in names if name in self._open or name in self._names]

    def _claim(self, name: str) -> None:
        if self._names.owner(name) is None:
            self._names.claim(name, _Name(name))

    # -- rooms ---------------------------------------------------------------------------------

    @property
    def open(self) -> Collection[Room]:
        """The rooms that are open and have members."""
        return [room for room in self._open.values() if room.size]

    def find(self, name: str) -> Room | None:
        """The room of exactly this name, if it is open; None when it is closed or unknown."""
        return self._open.get(name)

    def room(self, name: str) -> Room:
        """The room of that name, which is open from now on."""
        room = self._open.get(name)
        if room is None:
            self._claim(name)
            history = self.history(name)
            room = Room(name, history, self._later, self._limits, self._spoken)
            self._open[name] = room
            self.rules_changed(name)
        return room

    def room_of(self, session: Session, name: str | None) -> Room:
        """The room that a session means and is in. Raises `NoSuchRoom` when it is not in it."""
        if name is None:
            for name in session.rooms:
                if name[0] != INBOX:
                    break
            else:
                raise NoSuchRoom(FIRST_ROOM)
        elif name not in session.rooms or name[0] == INBOX:
            name = self._another_spelling(session, name)
        room = self._open.get(name)
        return self.room(name) if room is None else room

    def _another_spelling(self, session: Session, name: str) -> str:
        meant = "" if is_inbox(name) else self.named(name)
        if meant not in session.rooms:
            raise NoSuchRoom(name)
        return meant

    def history(self, name: str) -> History:
        """The history of a room or an inbox, over the pages that all of them share."""
        return History(name, self._record, self.pages, self._limits)

    def make(self, name: str, address: str = "", now: float = 0.0) -> Room:
        """The room of that name, open from now on; it may be new.

        ``address`` is where the session comes from that joins, ``now`` the time in seconds. Raises
        `TooMany` when there would be too many rooms, or too many of them made from there, `TooFast`
        when too many were made from there lately.
        """
        if not self.is_known(name):
            free = self.most_rooms - len(self._names)
            if free <= 0:
                raise TooMany("rooms", self.most_rooms)
            self._room_quotas.check(address, free, self.most_rooms)
            if wait := self._room_rates.take(address, now):
                raise TooFast(wait)
            self._room_quotas.add(name, address)
        return self.room(name)

    def note_made(self, name: str, address: str, now: float) -> None:
        """Count a room that was made from this address on another node."""
        self._room_quotas.add(name, address)
        if address:
            self._room_rates.spend(address, now)

    def close(self, name: str) -> list[Kept]:
        """The last member has left; returns what the record need not keep from now on.

        A room in which nothing was ever said, and of which nothing was changed, leaves no trace.
        """
        room = None if name == FIRST_ROOM else self._open.pop(name, None)
        if room is None:
            return []
        room.close()
        if self._record.extent(name).newest or name in self._rows:
            return []
        if any(mark.kind is not MarkKind.HOST for mark in self.restrictions.in_force(name)):
            return []
        marks = self.restrictions.in_room(name)
        self._names.release(name)
        self._room_quotas.discard(name)
        for mark in marks:
            self.restrictions.drop(mark)
        return [Dropped(mark) for mark in marks]

    # -- how they are --------------------------------------------------------------------------

    def row(self, name: str) -> RoomRow:
        """How the room is: as it was left, or as every room is at first."""
        return self._rows.get(name) or _at_first(name)

    def put(self, row: RoomRow) -> Kept:
        """The room is like this now; returns what the record is to keep of that."""
        if row == RoomRow(row.name):
            self._rows.pop(row.name, None)
            self.rules_changed(row.name)
            return Dropped(row)
        self._rows[row.name] = row
        self.rules_changed(row.name)
        return row

    def rules_changed(self, name: str) -> None:
        """Find out anew whether everybody may speak in the room: what decides it was changed."""
        room = self._open.get(name)
        if room is not None:
            row, muted = self.row(name), self.restrictions.any_of(name, MarkKind.MUTE)
            room.restricted = bool(row.slow or row.quiet or muted)


@lru_cache(maxsize=256)
def _at_first(name: str) -> RoomRow:
    """How a room is of which nothing is set. Kept, because each who comes in asks for it twice."""
    return RoomRow(name)
