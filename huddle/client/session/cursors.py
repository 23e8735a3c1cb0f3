"""Where the session stands in all its rooms.

Two cursors are kept of each room: the one of its `Cursor` follows what has come and is what a new
connection begins with; the one in the state follows what has been shown, and is what a new run of
the program begins with. So a message that came and was never shown comes again.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from huddle.client.session.cursor import Cursor
from huddle.client.session.effects import Effects
from huddle.client.session.events import Deleted, Entered, Gap, Here, Missing, Reset, Said
from huddle.client.session.wire import Head, Message
from huddle.protocol import answers
from huddle.protocol.codec import MessageError, told
from huddle.protocol.events import INBOX

MAX_ROOMS = 64
"""Rooms that a session is in at most: a hello may name no more. Those beyond are not followed."""

H = TypeVar("H", Here, Entered)


class Cursors:
    """The cursors of one session. ``replay`` is how many messages it wants of a new room."""

    def __init__(self, effects: Effects, replay: int) -> None:
        self._effects = effects
        self._state = effects.state
        self._replay = replay
        self._cursors = {
            room: Cursor(seq, self._state.own_in(room)) for room, seq in self._state.rooms.items()
        }

    def after(self) -> dict[str, int]:
        """The seq of the last message had of each room of which any was; for a hello."""
        numbers = {room: cursor.after for room, cursor in self._cursors.items()}
        return {room: number for room, number in numbers.items() if number is not None}

    def after_in(self, room: str) -> int | None:
        """The highest seq that was had of one room; None of a room that is not known."""
        cursor = self._cursors.get(room)
        return None if cursor is None else cursor.after

    def rooms(self) -> list[str]:
        """The rooms the session is in, without its inbox."""
        return [room for room in self._state.rooms if room != INBOX]

    def use_epoch(self, epoch: str) -> None:
        """The server's record is this one. Another than before knows none of our numbers."""
        if self._state.epoch not in (None, epoch):
            for room in tuple(self._cursors):
                self.forget(room)
        if self._state.epoch != epoch:
            self._effects.note("epoch", epoch)

    def begin_session(self) -> None:
        """The session is a new one, with an empty inbox.

        What the old one has not heard of may be its own lines, of which the user is asked.
        """
        self.forget(INBOX)
        for cursor in self._cursors.values():
            cursor.take_missing()

    def forget(self, room: str) -> None:
        """Start anew in a room: nothing is known of what was had of it."""
        self._effects.note("forget", room)
        self._cursors[room] = Cursor(None, self._state.own_in(room))

    def enter(self, room: str, seq: int | None) -> None:
        """The session is in a room, whose last message is ``seq`` if the server said so."""
        cursor = self._cursor(room)
        if cursor is None:
            return
        if room not in self._state.rooms:
            self._effects.note("room", room)
        if seq is not None:
            cursor.enter(seq, self._replay)

    def leave(self, room: str) -> None:
        """The session is no longer in a room."""
        self._effects.note("leave", room)
        self._cursors.pop(room, None)

    def said(self, message: Message) -> None:
        """A message has come; it is told if it is new."""
        said = told(Said, message)
        cursor = self._cursor(said.room)
        if cursor is not None and cursor.said(said.seq):
            past = said.seq <= cursor.replayed_to
            self._effects.tell(replace(said, past=past))

    def deleted(self, message: Message) -> None:
        """A message is deleted. One that was had keeps its number; of another it is all there is.

        What comes instead of a message has a time, as a message has.
        """
        deleted = read_deleted(message)
        cursor = self._cursor(deleted.room)
        if not deleted.past or (cursor is not None and cursor.said(deleted.seq)):
            self._effects.tell(deleted)

    def gap(self, message: Message) -> None:
        """The server no longer has some messages: told, as far as they were not had before."""
        gap = told(Gap, message)
        cursor = self._cursor(gap.room)
        if cursor is not None and (news := cursor.gap(gap.first, gap.last)):
            self._effects.tell(Gap(gap.room, *news))

    def reset(self, message: Message) -> None:
        """A room starts anew: its record is another, or ended before our number.

        An inbox in the same record is another one, that of an account; nothing is had of it.
        """
        reset = told(answers.Reset, message)
        room, epoch = reset.room, reset.epoch
        is_other_inbox = room == INBOX and epoch == self._state.epoch
        self.use_epoch(epoch)
        if (before := self._cursor(room)) is not None:
            self.forget(room)
            if not is_other_inbox:
                self._cursors[room].enter(before.replayed_to, self._replay)
            self._effects.tell(Reset(room, self.after_in(room)))

    def expect_holes(self) -> None:
        """The server leaves messages out from now on, and is right to do so."""
        if not self._state.holes:
            self._effects.note("holes")

    def acknowledged(self, room: str, seq: int) -> None:
        """An own line has got its number in the room, and will not come as a message."""
        cursor = self._cursor(room)
        if cursor is None:
            return
        cursor.acknowledged(seq)
        # By what has been shown, not by what has come: the next run begins there.
        if seq > (self._state.rooms.get(room) or 0):
            self._effects.note("own", room, seq, seq)

    def tell_missing(self) -> None:
        """Tell what the server passed over; only right while no own line waits for its number."""
        for room, cursor in self._cursors.items():
            missing = cursor.take_missing()
            for first, last in () if self._state.holes else missing:
                self._effects.tell(Missing(room, first, last))

    def shown(self) -> None:
        """All that was told has been shown: a later run goes on behind it."""
        for room, after in self.after().items():
            if self._state.rooms.get(room) != after:
                self._effects.note("after", room, after)

    def _cursor(self, room: str) -> Cursor | None:
        cursor = self._cursors.get(room)
        if cursor is None and len(self._cursors) < MAX_ROOMS:
            cursor = self._cursors[room] = Cursor(None, self._state.own_in(room))
        return cursor


def read_past(message: Message) -> Said | Deleted:
    """A message from the record, or what is left of it. Raises `MessageError`."""
    if told(Head, message).kind == "deleted":
        return read_deleted(message)
    return replace(told(Said, message), past=True)


def read_deleted(message: Message) -> Deleted:
    """What is told instead of a message, or after it. Raises `MessageError`."""
    deleted = told(Deleted, message)
    if message.get("time") is None:
        return deleted
    return Deleted(deleted.room, deleted.seq, deleted.of, past=True)


def read_here(cls: type[H], message: Message, room: str) -> H:
    """Who is in a room, and how it is there if that is asked. Raises `MessageError`."""
    if not isinstance(message, dict):
        raise MessageError(room)
    listed = message.get("here")
    count = message.get("count")
    if count is None:
        count = len(listed) if isinstance(listed, list) else 0
    return told(cls, {**message, "room": room, "count": count})
