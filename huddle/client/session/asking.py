"""Requests that wait for their answers.

A request survives the loss of the connection: it is sent again, since asking twice does no harm. Of
those where it might (`ONCE`) the user is told that it is not known whether they were carried out.

The key of a room is kept in memory only: the server may want it again when the connection was lost
for longer than it holds a session's seat.
"""

from __future__ import annotations

from dataclasses import replace

from huddle.client.session.cursors import Cursors, read_here, read_past
from huddle.client.session.effects import Effects
from huddle.client.session.events import Answer, Answered, Denied, Entered, Here, Past
from huddle.client.session.wire import Answering, Message, Reply
from huddle.protocol import requests
from huddle.protocol.codec import MessageError, told
from huddle.protocol.requests import ProgramRequest

MAX_REQUESTS = 64
"""Requests without an answer; further ones are refused here."""

PASSWORDS = (requests.Register, requests.Login, requests.ChangePassword)
"""Requests for which the server checks or keeps a password."""

ONCE = (requests.Kick, *PASSWORDS)
"""Requests that are not sent twice."""


class Asking:
    """The requests of one session: those that wait for a connection, and those for an answer."""

    def __init__(self, effects: Effects, cursors: Cursors, replay: int) -> None:
        self._effects = effects
        self._cursors = cursors
        self._replay = replay
        self._open = False
        self._entered: set[str] = set()
        self._queue: list[ProgramRequest] = []
        self._asked: dict[int, ProgramRequest] = {}
        self._rejoining: set[int] = set()
        self._keys: dict[str, str] = {}

    def __len__(self) -> int:
        """How many have not been answered."""
        return len(self._queue) + len(self._asked)

    def ask(self, request: ProgramRequest) -> None:
        """Ask now, or when there is a connection.

        Beyond `MAX_REQUESTS` that wait it is denied at once: ``too-many-requests``.
        """
        if len(self) >= MAX_REQUESTS:
            self._effects.tell(Denied(request, "too-many-requests", ""))
        elif self._open:
            self._send(request)
        else:
            self._queue.append(request)

    def rejoin(self, entered: set[str]) -> None:
        """The session has been welcomed into ``entered``; the rest of its rooms it joins again.

        So do those that it was about to join: what is to be said there comes behind it.
        """
        self._open = True
        self._entered = set(entered)
        for room in self._cursors.rooms():
            if room not in entered:
                self._rejoining.add(self._send(requests.Join(room, self._keys.get(room))))
        joins = [request for request in self._queue if isinstance(request, requests.Join)]
        self._queue = [request for request in self._queue if not isinstance(request, requests.Join)]
        for request in joins:
            self._send(request)

    def open(self) -> None:
        """Ask what waits for a connection. To be called after `rejoin`: rooms come first."""
        queue, self._queue = self._queue, []
        for request in queue:
            self._send(request)

    def close(self) -> None:
        """The connection is gone. Rooms are joined again on the next one without being asked."""
        self._open = False
        asked = [r for id, r in self._asked.items() if id not in self._rejoining]
        self._asked.clear()
        self._rejoining.clear()
        for request in asked:
            if isinstance(request, ONCE):
                self._effects.tell(Denied(request, "lost", ""))
        self._queue = [r for r in asked if not isinstance(r, ONCE)] + self._queue

    @property
    def password_waits(self) -> bool:
        """Whether a request with a password has not been answered."""
        return any(isinstance(request, PASSWORDS) for request in self._asked.values())

    def joins(self, room: str) -> bool:
        """Whether the room has been asked for, so that an answer about it will come."""
        return any(isinstance(r, requests.Join) and r.room == room for r in self._asked.values())

    def removed(self, room: str) -> None:
        """The session was sent out of a room, and does not go back by itself."""
        self._entered.discard(room)
        self._keys.pop(room, None)
        self._cursors.leave(room)

    def answered(self, message: Message) -> ProgramRequest | None:
        """A reply has come; the request that it answers, if it was asked."""
        number = told(Answering, message).number
        request = self._asked.pop(number, None)
        if request is None:
            return None
        try:
            reply = told(Reply, message)
            if isinstance(request, requests.Leave) and reply.room is not None:
                request = replace(request, room=reply.room)
            answer = _read(request, reply, message)
        except MessageError:
            self._effects.tell(Denied(request, "unreadable", ""))
            raise
        match request:
            case requests.Join(asked, key):
                # Names of rooms are one when they look the same; the server's is the right one.
                room = reply.room or asked
                self._entered.add(room)
                self._remember_key(room, key)
                self._cursors.enter(room, reply.seq)
                if isinstance(answer, Entered):
                    answer = replace(answer, after=self._cursors.after_in(room))
                if number in self._rejoining and isinstance(answer, Here):
                    self._effects.tell(answer)
                    return request
            case requests.Leave(str(room)):
                self.removed(room)
            case requests.SetKey(str(room), key):
                self._remember_key(room, key)
            case requests.Ignore() | requests.Login():
                self._cursors.expect_holes()
        self._effects.tell(Answered(request, answer))
        return request

    def refused(self, id: int, code: str, reason: str) -> bool:
        """An error has come; whether it was for a request."""
        request = self._asked.pop(id, None)
        if request is None:
            return False
        if isinstance(request, requests.Join) and request.room not in self._entered:
            self.removed(request.room)  # it is not tried again on every connection
        self._effects.tell(Denied(request, code, reason))
        return True

    def _remember_key(self, room: str, key: str | None) -> None:
        self._keys.pop(room, None)
        if key is not None:
            self._keys[room] = key

    def _send(self, request: ProgramRequest) -> int:
        id = self._effects.next_id()
        self._asked[id] = request
        if isinstance(request, requests.Join):
            after = self._cursors.after_in(request.room)
            request = replace(request, after=after, replay=self._replay)
        self._effects.put(replace(request, id=id))
        return id


def _read(request: ProgramRequest, reply: Reply, message: Message) -> Here | Past | Answer | None:
    """What a reply tells, read as the request wants it."""
    room = getattr(request, "room", None) or reply.room or ""
    match request:
        case requests.Who():
            return read_here(Here, message, room)
        case requests.Join() if reply.count is not None:
            return read_here(Entered, message, reply.room or room)
        case requests.History() | requests.Raw() | requests.Search():
            return Past(room, tuple(map(read_past, reply.messages)), reply.more)
        case requests.Topic() if "topic" not in message:
            return None
        case requests.ChangeNick() | requests.Register() | requests.Login() if reply.nick is None:
            return None
    answer = request.answer
    return None if answer is None else told(answer, {"room": room, **message})
