"""Where one is: in which room what is typed is said, or to whom alone.

The server gives a room its name; what a person types may only look like it. So a room counts as
entered when the answer to that wish has come.
"""

from __future__ import annotations

from collections.abc import Sequence

from huddle.client import events
from huddle.client.events import Event
from huddle.client.lately import Lately
from huddle.client.places import FIRST_ROOM, INBOX
from huddle.client.rendering import Rendering
from huddle.client.requests import Join, Leave
from huddle.client.state import Kind, Line


class Whereabouts:
    """Of one conversation; the room is told to the ``rendering``, which marks the others."""

    def __init__(
        self, rendering: Rendering, room: str, more_rooms: Sequence[str], partner: str | None
    ) -> None:
        self._rendering = rendering
        self._rendering.room = room
        self.partner = partner
        """Whom alone what is typed is said to."""
        self.lately = Lately()
        self._entering: str | None = room
        self.start = room
        """The room that one was in at first."""
        self._wanted = tuple(dict.fromkeys([room, *more_rooms]))

    @property
    def room(self) -> str:
        """The room one is in."""
        return self._rendering.room

    @property
    def place(self) -> str:
        """The room that a request is about: the inbox, where one talks to one person."""
        return self.room if self.partner is None else INBOX

    @property
    def wanted(self) -> list[str]:
        """The rooms to enter at first; everybody is in the first one already."""
        return [room for room in self._wanted if room != FIRST_ROOM]

    def entering(self, room: str) -> None:
        """One wishes to go there."""
        self._entering = room

    def as_typed(self, line: Line) -> str | None:
        """What to type to say a line again; None: it was for another place than this one."""
        match line.kind:
            case Kind.SAY | Kind.ME if self.partner is None and line.place == self.room:
                return _as_typed(line, acts=line.kind is Kind.ME)
            case Kind.MSG | Kind.MSG_ME if line.place == self.partner:
                return _as_typed(line, acts=line.kind is Kind.MSG_ME)
            case Kind.MSG:
                return f"/msg {line.place} {line.text}"
            case Kind.ANNOUNCE:
                return f"/announce {line.text}"
            case _:
                return None

    def follow(self, event: Event, rooms: Sequence[str]) -> None:
        """Something has happened; ``rooms`` are those that the session is in now."""
        self.lately.follow(event)
        match event:
            case events.Answered(request=Join(room=asked), answer=answer):
                if asked == self._entering:
                    self._go(answer.room if isinstance(answer, events.Here) else asked)
            case events.Denied(request=Join(room=asked)):
                if asked == self._entering:
                    self._entering = None
                if asked == self.room:
                    self._go_home(rooms)
            case events.Answered(request=Leave(room=room)) | events.Removed(room=room):
                if room == self.room:
                    self._go_home([each for each in rooms if each != room])

    def _go(self, room: str) -> None:
        if self._entering == self.start:
            self.start = room
        self._rendering.room, self.partner, self._entering = room, None, None

    def _go_home(self, rooms: Sequence[str]) -> None:
        first = FIRST_ROOM in rooms or not rooms
        self._rendering.room = FIRST_ROOM if first else rooms[0]


def _as_typed(line: Line, *, acts: bool) -> str:
    if acts:
        return f"/me {line.text}"
    return f"/{line.text}" if line.text.startswith("/") else line.text
