"""The buffers of a conversation: each event goes to the room that it is about."""

from __future__ import annotations

from collections.abc import Iterator

from huddle.client.conversation.buffer import Buffer
from huddle.client.conversation.current_room import CurrentRoom
from huddle.client.session import events
from huddle.client.session.cursors import MAX_ROOMS
from huddle.client.session.events import Event
from huddle.protocol.events import INBOX
from huddle.protocol.requests import Join, Leave

MAX_PERSONS = 64
"""Persons with a buffer; what others write in private is shown, and not counted."""


class Buffers:
    """Of one conversation; ``where`` tells which room, or person, is before one's eyes."""

    def __init__(self, where: CurrentRoom) -> None:
        self._where = where
        self._nick = ""
        self._buffers: dict[str, Buffer] = {}
        self._unread: list[Buffer] = []
        self._listed: tuple[str, ...] = ()

    def of(self, name: str) -> Buffer:
        """The buffer of a room, or of a person (``@nick``).

        Where there are too many it is a fresh one, which is not kept.
        """
        found = self._buffers.get(name)
        if found is None:
            found = Buffer(name)
            alike = sum(_is_person(each) == _is_person(name) for each in self._buffers)
            if alike < (MAX_PERSONS if _is_person(name) else MAX_ROOMS):
                self._buffers[name] = found
        return found

    # What is shown of them

    @property
    def current(self) -> Buffer:
        """The room one is in, also while one talks to a person."""
        return self.of(self._where.room)

    def nicks(self) -> list[str]:
        """People one may mean: who is here, the last to speak first; then who wrote in private."""
        return list(dict.fromkeys([*self.current.nicks, *self.of(INBOX).nicks]))

    def rooms(self) -> list[str]:
        """The known rooms, those one is in first."""
        there = [each.name for each in self._buffers.values() if each.heard_of]
        return [room for room in dict.fromkeys([*there, *self._listed]) if room != INBOX]

    def unread(self) -> list[tuple[str, int]]:
        """Cursors with the number of their unread messages, in the order in which those began."""
        self._see(self._where.place_before_eyes)
        return [(each.name, each.unread) for each in self._unread]

    def _see(self, name: str) -> None:
        for buffer in self._unread:
            if buffer.name == name:
                buffer.unread = 0
                self._unread.remove(buffer)
                if _is_person(name):
                    del self._buffers[name]
                return

    # Before events are shown

    @property
    def holding(self) -> bool:
        """Whether something waits to be shown in its place."""
        return any(each.order.holding for each in self._buffers.values())

    def in_order(self, event: Event) -> Iterator[Event]:
        """What is to be shown, now that this has happened; what has no number passes at once."""
        match event:
            case events.Said(room=room, seq=seq) | events.Deleted(room=room, seq=seq, past=True):
                yield from self.of(room).order.released(seq, event)
            case events.Acknowledged(line=line, seq=seq):
                room = INBOX if line.private else line.place
                yield from self.of(room).order.released(seq, event)
            case events.Gap(room=room, last=last):
                yield from self.of(room).order.restart(last)
                yield event
            case (
                events.Reset(room=room)
                | events.Answered(request=Join(), answer=events.Here(room=room))
                | events.Answered(request=Join(room=room) | Leave(room=str(room)))
                | events.Removed(room=room)
            ):
                yield from self.of(room).order.restart()
                yield event
            case _:
                yield event

    def overdue(self) -> Iterator[Event]:
        """What waits in vain: no own line is outstanding that could stand before it."""
        for buffer in tuple(self._buffers.values()):
            yield from buffer.order.overdue()

    def rest(self) -> Iterator[Event]:
        """All events that still wait for those before them, in order: show them now."""
        for buffer in tuple(self._buffers.values()):
            yield from buffer.order.rest()

    # When they are shown

    def follow(self, event: Event) -> None:
        """Something has happened, and is shown now."""
        match event:
            case events.Welcomed(nick=nick, rooms=rooms):
                self._nick = nick
                for here in rooms.values():
                    self.of(here.room).see(here)
            case events.Named(nick=nick):
                self._nick = nick
            case (events.Here() as here) | events.Answered(answer=events.Here() as here):
                self.of(here.room).see(here)
            case events.Answered(answer=events.RoomList(rooms=listed)):
                self._listed = tuple(row.room for row in listed)
            case events.Answered(request=Leave(room=str(room))) | events.Removed(room=room):
                self.of(room).leave()
            case events.Said():
                self._said(event)
            case events.Acknowledged(line=line, seq=seq):
                room = INBOX if line.private else line.place
                self.of(room).add(seq, self._nick, own=True)
            case events.Deleted(room=room, seq=seq):
                self.of(room).delete(seq)
            case events.Reset(room=room):
                self.of(room).forget_messages()
            case events.Joined(room=room, nick=nick):
                self.of(room).hear(nick, joins=True)
            case events.Left(room=room, nick=nick):
                self.of(room).lose(nick)
            case events.Renamed(room=room, nick=nick, new=new):
                self.of(room).rename(nick, new)

    def _said(self, said: events.Said) -> None:
        buffer = self.of(said.room)
        buffer.add(said.seq, said.nick, own=bool(said.to))
        if said.past or said.to:
            return
        buffer.hear(said.nick)
        place = f"{INBOX}{said.nick}" if said.room == INBOX else said.room
        if place != self._where.place_before_eyes:
            self._count_unread(self.of(place))

    def _count_unread(self, buffer: Buffer) -> None:
        if buffer.name in self._buffers:
            if not buffer.unread:
                self._unread.append(buffer)
            buffer.unread += 1


def _is_person(name: str) -> bool:
    return name.startswith(INBOX) and name != INBOX
