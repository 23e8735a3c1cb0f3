"""Requests that wait for their answers.

A request survives the loss of the connection: it is sent again, since asking twice does no harm.
"""

from __future__ import annotations

from dataclasses import replace

from huddle.client.events import Answered, Denied, Here, Past, RoomList, RoomListing
from huddle.client.places import MAX_NAME, Places, read_here, read_said
from huddle.client.requests import (
    History,
    Join,
    Leave,
    Request,
    Rooms,
    Search,
    Who,
    message_of,
)
from huddle.client.turn import Turn
from huddle.client.wire import Fields, MessageError

MAX_REQUESTS = 64
"""Requests without an answer; further ones are refused here."""


class Asking:
    """The requests of one session."""

    def __init__(self, turn: Turn, places: Places, replay: int) -> None:
        self._turn = turn
        self._places = places
        self._replay = replay
        self._open = False
        self._entered: set[str] = set()
        self._queue: list[Request] = []
        self._asked: dict[int, Request] = {}

    def __len__(self) -> int:
        """How many have not been answered."""
        return len(self._queue) + len(self._asked)

    def ask(self, request: Request) -> None:
        """Ask now, or when there is a connection."""
        if len(self) >= MAX_REQUESTS:
            self._turn.tell(Denied(request, "too-many-requests", ""))
        elif self._open:
            self._send(request)
        else:
            self._queue.append(request)

    def open(self, entered: set[str]) -> None:
        """The session has been welcomed into ``entered``; the rest of its rooms it joins again."""
        self._open = True
        self._entered = set(entered)
        queue, self._queue = self._queue, []
        rejoined = [Join(room) for room in self._places.rooms() if room not in entered]
        for request in rejoined + queue:
            self._send(request)

    def close(self) -> None:
        """The connection is gone. Rooms are joined again on the next one without being asked."""
        self._open = False
        known = self._places.rooms()
        asked = [r for r in self._asked.values() if not (isinstance(r, Join) and r.room in known)]
        self._asked.clear()
        self._queue = asked + self._queue

    def answered(self, message: Fields) -> Request | None:
        """A reply has come; the request that it answers, if it was asked."""
        request = self._asked.pop(message.number("id"), None)
        if request is None:
            return None
        try:
            answer = _read(request, message)
        except MessageError:
            self._turn.tell(Denied(request, "unreadable", ""))
            raise
        match request:
            case Join(room):
                self._entered.add(room)
                self._places.enter(room, message.maybe_number("seq"))
            case Leave(room):
                self._entered.discard(room)
                self._places.leave(room)
        self._turn.tell(Answered(request, answer))
        return request

    def refused(self, id: int, code: str, reason: str) -> bool:
        """An error has come; whether it was for a request."""
        request = self._asked.pop(id, None)
        if request is None:
            return False
        if isinstance(request, Join) and request.room not in self._entered:
            self._places.leave(request.room)  # it is not tried again on every connection
        self._turn.tell(Denied(request, code, reason))
        return True

    def _send(self, request: Request) -> None:
        id = self._turn.next_id()
        self._asked[id] = request
        if isinstance(request, Join):
            after = self._places.after_in(request.room)
            request = replace(request, after=after, replay=self._replay)
        self._turn.put(message_of(request, id))


def _read(request: Request, message: Fields) -> Here | Past | RoomList | None:
    """What a reply tells, read as the request wants it."""
    match request:
        case Who(room):
            return read_here(message, room)
        case Join(room) if message.maybe_number("count") is not None:
            return read_here(message, room)
        case History(room) | Search(room):
            messages = tuple(read_said(said, past=True) for said in message.objects("messages"))
            return Past(room, messages, message.flag("more"))
        case Rooms():
            return RoomList(tuple(map(_read_listing, message.objects("rooms"))))
        case _:
            return None


def _read_listing(row: Fields) -> RoomListing:
    name = row.text("room")[:MAX_NAME]
    return RoomListing(name, row.number("count"), row.maybe_text("topic"))
