"""The buffers of a conversation: each event goes to the room that it is about."""

from __future__ import annotations

from collections.abc import Iterator

from huddle.client.conversation.buffer import Buffer
from huddle.client.conversation.current_room import CurrentRoom
from huddle.client.rendering.mentions import mentions
from huddle.client.session import events
from huddle.client.session.cursors import MAX_ROOMS
from huddle.client.session.events import Event
from huddle.client.session.state import Kind
from huddle.protocol.events import INBOX
from huddle.protocol.requests import Join, Leave

MAX_PERSONS = 64
"""Persons with a window; when one more writes, the one unread for longest gives way."""


class Buffers:
    """The buffers of one conversation; ``where`` tells which of them is before one's eyes."""

    def __init__(self, where: CurrentRoom) -> None:
        self._where = where
        self._nick = ""
        self._buffers: dict[str, Buffer] = {}
        self._unread: list[Buffer] = []
        self._listed: tuple[str, ...] = ()

    def of(self, name: str) -> Buffer:
        """The buffer of a room, or of a person (``@nick``, in whatever case).

        Where there are too many it is a fresh one, which is not kept.
        """
        key = name.casefold() if _is_person(name) else name
        found = self._buffers.get(key)
        if found is None:
            found = Buffer(name)
            if self._has_space_for(name):
                self._buffers[key] = found
        return found

    def _has_space_for(self, name: str) -> bool:
        alike = [key for key in self._buffers if _is_person(key) == _is_person(name)]
        if len(alike) < (MAX_PERSONS if _is_person(name) else MAX_ROOMS + 1):  # and the inbox
            return True
        before_eyes = self._where.place_before_eyes.casefold()
        for key in alike if _is_person(name) else ():
            given_up = self._buffers[key]
            if key != before_eyes and not given_up.unread and not given_up.draft:
                del self._buffers[key]
                return True
        return False

    # What is shown of them

    @property
    def current(self) -> Buffer:
        """The room one is in, also while one talks to a person."""
        return self.of(self._where.room)

    @property
    def before_eyes(self) -> Buffer:
        """The room that is read at present, or the person that one talks to."""
        return self.of(self._where.place_before_eyes)

    def windows(self) -> list[Buffer]:
        """The rooms that one is in, and the persons that one talks to, in the order in which their
        windows were opened."""
        before_eyes = self.before_eyes
        return [
            each
            for each in self._buffers.values()
            if each is before_eyes
            or (each.name != INBOX and (each.heard_of or _is_person(each.name)))
        ]

    def window_of(self, place: str | None) -> Buffer:
        """The window in which something about a room or person is shown; None: before one's eyes,
        which is also where what has no window of its own is shown."""
        if place is not None and (found := self.of(place)) in self._buffers.values():
            return found
        return self.before_eyes

    def next_unread(self) -> Buffer | None:
        """The window to look at next: where one was named, or else where unread messages began
        first; None: all has been read."""
        self.unread()
        named = (each for each in self._unread if each.mentions)
        return next(named, next(iter(self._unread), None))

    def close(self, name: str) -> None:
        """A talk with a person (``@nick``) is over: its window is closed."""
        closed = self._buffers.pop(name.casefold(), None)
        if closed in self._unread:
            self._unread.remove(closed)

    def nicks(self) -> list[str]:
        """People one may mean: who is here, the last to speak first; then who wrote in private."""
        return list(dict.fromkeys([*self.current.nicks, *self.of(INBOX).nicks]))

    def rooms(self) -> list[str]:
        """The known rooms, those one is in first."""
        there = [each.name for each in self._buffers.values() if each.heard_of]
        return [room for room in dict.fromkeys([*there, *self._listed]) if room != INBOX]

    def unread(self) -> list[tuple[str, int]]:
        """Cursors with the number of their unread messages, in the order in which those began.

        What is before one's eyes has been read.
        """
        seen = self.before_eyes
        seen.unread = seen.mentions = 0
        self._unread = [each for each in self._unread if each.unread]
        return [(each.name, each.unread) for each in self._unread]

    # Before events are shown

    @property
    def waiting(self) -> bool:
        """Whether something waits to be shown in its place."""
        return any(each.order.waiting for each in self._buffers.values())

    def in_order(self, event: Event) -> Iterator[Event]:
        """What is to be shown, now that this has happened; what has no number passes at once."""
        match event:
            case events.Said(room=room, seq=seq) | events.Deleted(room=room, seq=seq, past=True):
                yield from self.of(room).order.released(seq, event)
            case events.Acknowledged(line=line, seq=seq):
                room = INBOX if line.private else line.place
                yield from self.of(room).order.released(seq, event)
            case events.Welcomed(rooms=rooms):
                for room, entered in rooms.items():
                    if isinstance(entered, events.Entered):
                        self.of(room).order.begin(entered.after)
                yield event
            case events.Entered(room=room, after=after):
                self.of(room).order.begin(after)
                yield event
            case (
                events.Gap(room=room, last=after)
                | events.Reset(room=room, after=after)
                | events.Answered(request=Join(), answer=events.Entered(room=room, after=after))
            ):
                yield from self.of(room).order.restart(after)
                yield event
            case (
                events.Answered(request=Join(room=room) | Leave(room=str(room)))
                | events.Removed(room=room)
            ):
                yield from self.of(room).order.restart()
                yield event
            case _:
                yield event

    def overdue(self) -> Iterator[Event]:
        """Events that wait in vain: no line of one's own is outstanding that could stand before."""
        for buffer in tuple(self._buffers.values()):
            yield from buffer.order.overdue()

    def rest(self) -> Iterator[Event]:
        """All events that still wait for those before them, in order: show them now."""
        for buffer in tuple(self._buffers.values()):
            yield from buffer.order.rest()

    # When they are shown

    def follow(self, event: Event) -> None:
        """Bring the buffers up to date with an event, which is shown now."""
        match event:
            case events.Welcomed(nick=nick, rooms=rooms):
                self._nick = nick
                for buffer in self._buffers.values():
                    buffer.met = False  # the nick may have passed to somebody else meanwhile
                for here in rooms.values():
                    self._see(here)
            case events.Named(nick=nick):
                self._nick = nick
            case (events.Here() as here) | events.Answered(answer=events.Here() as here):
                self._see(here)
            case events.Answered(answer=events.RoomList(rooms=listed)):
                self._listed = tuple(row.room for row in listed)
            case events.Answered(request=Join(room=asked), answer=events.Here() as here):
                self._rename(asked, here.room)
                self.of(here.room).see(here)
            case events.Answered(request=Leave(room=str(room))) | events.Removed(room=room):
                self.of(room).leave()
            case events.Said():
                self._said(event)
            case events.Acknowledged(line=line, seq=seq):
                room = INBOX if line.private else line.place
                acts = line.kind in (Kind.ME, Kind.MSG_ME)
                self.of(room).add(seq, self._nick, own=True, acts=acts)
                if line.private:
                    talk = self.of(f"{INBOX}{line.place}")
                    talk.add(seq, self._nick, own=True, acts=acts)
                    talk.met = True
            case events.Deleted(room=room, seq=seq):
                for buffer in self._with(room):
                    buffer.delete(seq)
            case events.Reset(room=room):
                for buffer in self._with(room):
                    buffer.forget_messages()
            case events.Joined(room=room, nick=nick):
                self._appear(nick)
                self.of(room).hear(nick, joins=True)
            case events.Left(room=room, nick=nick):
                self.of(room).lose(nick)
            case events.Renamed(room=room, nick=nick, new=new):
                self._appear(new)
                self.of(room).rename(nick, new)
                self._follow_person(nick, new)

    def place_of(self, event: Event) -> str | None:
        """The room or person that an event is told about; None: it is about none in particular, or
        about what one has just asked for."""
        match event:
            case events.Said(room=room, nick=nick, to=to):
                return f"{INBOX}{to or nick}" if room == INBOX else room
            case events.Answered(request=Join(), answer=events.Here(room=room)):
                return room
            case events.Acknowledged(line=line):
                return f"{INBOX}{line.place}" if line.private else line.place
            case (
                events.Deleted(room=room)
                | events.Gap(room=room)
                | events.Reset(room=room)
                | events.Missing(room=room)
                | events.Here(room=room)
                | events.Joined(room=room)
                | events.Left(room=room)
                | events.Renamed(room=room)
                | events.Changed(room=room)
                | events.StandingIs(room=room)
            ):
                return None if room == INBOX else room
            case _:
                return None

    def _with(self, room: str) -> list[Buffer]:
        """The buffers that have messages of a room: of the inbox, each person's, too."""
        persons = [each for key, each in self._buffers.items() if _is_person(key)]
        return [self.of(room), *(persons if room == INBOX else ())]

    def partner_of(self, seq: int) -> str | None:
        """The nick of the person with whom that message of the inbox was exchanged, as far as that
        is remembered."""
        for buffer in self._with(INBOX)[1:]:
            if buffer.has(seq):
                return buffer.name.removeprefix(INBOX)
        return None

    def _said(self, said: events.Said) -> None:
        buffer, private = self.of(said.room), said.room == INBOX
        acts = said.kind == "me"
        buffer.add(said.seq, said.nick, own=bool(said.to), acts=acts)
        place = buffer
        if private:
            place = self.of(f"{INBOX}{said.to or said.nick}")
            place.add(said.seq, said.nick, own=bool(said.to), acts=acts)
            place.met = place.met or not said.past
        if said.past or said.to:
            return
        buffer.hear(said.nick)
        if said.edits:  # what is put right stands in an old place, and is no other message
            return
        if place is not self.before_eyes:
            self._count_unread(place, named=private or mentions(said.text, self._nick))

    def _count_unread(self, buffer: Buffer, *, named: bool) -> None:
        if buffer not in self._buffers.values():
            return
        if not buffer.unread:
            self._unread.append(buffer)
            buffer.lines.draw_rule()
        buffer.unread += 1
        buffer.mentions += named

    def _see(self, here: events.Here) -> None:
        self._appear(*here.names, *here.away)
        self.of(here.room).see(here)

    def _appear(self, *nicks: str) -> None:
        """Whoever was in no room of ours is perhaps another one than had the nick before."""
        rooms = [each for key, each in self._buffers.items() if not key.startswith(INBOX)]
        for nick in nicks:
            talk = self._buffers.get(f"{INBOX}{nick.casefold()}")
            if talk is not None and not any(each.knows(nick) for each in rooms):
                talk.met = False

    def _follow_person(self, nick: str, new: str) -> None:
        """A person is called otherwise, with whom one may have a talk: it goes on with them.

        But what was said to one who had the nick before is not theirs (`Buffer.met`).
        """
        talk = self._buffers.get(f"{INBOX}{nick.casefold()}")
        is_theirs = talk is None or talk.met or talk.is_blank
        if is_theirs and f"{INBOX}{new.casefold()}" not in self._buffers:
            self._rename(f"{INBOX}{nick}", f"{INBOX}{new}")
            self._where.follow_person(nick, new)

    def _rename(self, name: str, new: str) -> None:
        """A room is called as the server has it, or a person otherwise: the window stays."""
        old, fresh = (each.casefold() if _is_person(each) else each for each in (name, new))
        if old == fresh or old not in self._buffers or fresh in self._buffers:
            return
        renamed = self._buffers[old]
        renamed.name = new
        self._buffers = {
            (fresh if key == old else key): each for key, each in self._buffers.items()
        }


def _is_person(name: str) -> bool:
    return name.startswith(INBOX) and name != INBOX
