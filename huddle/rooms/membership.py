"""Membership: who is a member of which room, as the others are told.

A seat is taken at once, and told in the order of the talk; it is given up in that order too, behind
all that was said from it. An account on several devices has several seats in a room, and is told of
once: when it takes the first and gives up the last.
"""

from __future__ import annotations

from collections.abc import Sequence

from huddle.delivery.sequencer import Sequencer
from huddle.people.replies import Replies
from huddle.people.saving import Saving
from huddle.people.sessions import Session
from huddle.protocol.answers import Standing, StandingIs
from huddle.protocol.events import Joined, Left, Notice
from huddle.rooms.directory import Directory
from huddle.rooms.room import Room


class Membership:
    """Takes seats in rooms for sessions, and gives them up."""

    def __init__(
        self, directory: Directory, sequencer: Sequencer, saving: Saving, replies: Replies
    ) -> None:
        self._directory = directory
        self._sequencer = sequencer
        self._saving = saving
        self._replies = replies
        self.restrictions = directory.restrictions

    def of(self, session: Session) -> list[Room]:
        """The rooms in which the session has a seat."""
        rooms = (self._directory.find(name) for name in session.seats)
        return [room for room in rooms if room is not None and session in room]

    def join(self, session: Session, name: str) -> Room:
        """The session is a member of the room; the others are told if the person was not.

        Whether it may be is asked before (`huddle.visits.admission`).
        """
        room = self._directory.room(name)
        if name not in session.rooms:
            session.rooms[name] = None
            self._saving.keep_quietly(session)
        if room.add(session):
            joined = Joined(room.label, (session.nick,), session.number)
            self._sequencer.happen(lambda: [joined])
        if self.restrictions.inherited.left:
            self._inherit(session, room)
        return room

    def _inherit(self, session: Session, room: Room) -> None:
        mute, kept = self.restrictions.inherits(session, room.name)
        self._saving.save_quietly(*kept)
        if mute is not None:
            told = StandingIs(room.label, Standing.MUTED_TOO, mute.by, mute.until, mute.reason)
            self._replies.inform(session, told)

    def move(self, session: Session, name: str) -> Room:
        """The session, which is in one room at a time, is a member of that one."""
        for other in session.seats:
            self._part(session, self._directory.room(other))
        return self.join(session, name)

    def restore(self, session: Session, name: str) -> None:
        """The session was a member before a restart, and is one still."""
        self._directory.room(name).add(session)

    def part(self, session: Session, room: Room, by: str = "", reason: str = "") -> None:
        """The session is no member any more, and reads nothing more of the room from now on.

        The others are told behind all that it has said there, and who sent it away, if one did.
        """
        self._part(session, room, by, reason)
        self._saving.keep_quietly(session)

    def _part(self, session: Session, room: Room, by: str = "", reason: str = "") -> None:
        session.rooms.pop(room.name, None)
        if session.outlet is not None:
            session.outlet.unsubscribe(room)
        nick = session.nick
        left = Left(room.label, (nick,), session.number, by=by, reason=reason)

        def empty_the_seat() -> None:
            if room.name not in session.rooms:
                self.empty(session, room)

        def farewell() -> Sequence[Notice]:
            gone = room.name not in session.rooms and room.devices(session) == 1
            return [left] if gone else []

        self._sequencer.happen(farewell, empty_the_seat)

    def leave_closed(self, session: Session, name: str) -> None:
        """Have the session be no member of a room that it may not come into; it may have been one
        while it was away."""
        room = self._directory.find(name)
        if room is not None and session in room:
            self.part(session, room)
        else:
            session.rooms.pop(name, None)

    def farewells(self, session: Session) -> Sequence[Notice]:
        """What the others are told when the session goes for good."""
        return [
            Left(room.label, (session.nick,), session.number)
            for room in self.of(session)
            if room.devices(session) == 1
        ]

    def empty(self, session: Session, room: Room) -> None:
        """Take the seat away without telling the others; with the last member the room closes."""
        room.remove(session)
        if session.outlet is not None:
            session.outlet.unsubscribe(room)
        if not len(room):
            self._saving.save_quietly(*self._directory.close(room.name))
