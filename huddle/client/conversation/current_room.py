"""Where one is: in which room what is typed is said, or to which person alone.

The server gives a room its name; what a person types may only look like it. So a room counts as
entered when the answer to that wish has come. What is typed before that is for it already: the
server takes it behind the wish, or refuses it with it, and no one in the room before hears it.
"""

from __future__ import annotations

from collections.abc import Sequence

from huddle.client.session import events
from huddle.client.session.events import Event
from huddle.client.session.state import Kind, Line
from huddle.locale.wording import numbered
from huddle.protocol.events import FIRST_ROOM, INBOX
from huddle.protocol.requests import Join, Leave


class CurrentRoom:
    """Where one is in one conversation, which begins in ``room`` and enters ``more_rooms``, too."""

    def __init__(
        self, room: str, more_rooms: Sequence[str] = (), partner: str | None = None
    ) -> None:
        self.room = room
        """The room one is in."""
        self.start = room
        """The room that one was in at first."""
        self._partner = partner
        self._ahead: str | None = None
        """The room that what is typed is for, until it is known that one is there."""
        self._entering: str | None = room
        self._wanted = tuple(dict.fromkeys([room, *more_rooms]))

    @property
    def aim(self) -> str:
        """The room that what is typed is for: the one that one is in, or on the way to."""
        return self.room if self._ahead is None else self._ahead

    @property
    def partner(self) -> str | None:
        """The nick of the one person to whom what is typed is said; None: it is said in a room."""
        return self._partner if self._ahead is None else None

    @partner.setter
    def partner(self, nick: str | None) -> None:
        self._partner, self._ahead = nick, None

    def turn_to(self, name: str) -> None:
        """Be in another room that one has entered, or talk to a person (``@nick``)."""
        self._entering = None
        if name.startswith(INBOX):
            self.partner = name.removeprefix(INBOX)
        else:
            self.room, self.partner = name, None

    @property
    def place(self) -> str:
        """The room that a request is about: the inbox, where one talks to one person."""
        return self.aim if self.partner is None else INBOX

    @property
    def place_before_eyes(self) -> str:
        """The room that is read at present, or the person (``@nick``) that one talks to."""
        return self.room if self.partner is None else f"{INBOX}{self.partner}"

    @property
    def wanted(self) -> list[str]:
        """The rooms to enter at first; everybody is in the first one already."""
        return [room for room in self._wanted if room != FIRST_ROOM]

    def entering(self, room: str) -> None:
        """One wishes to go to this room: what is typed from now on is for it."""
        self._entering = self._ahead = room

    def leaving(self, room: str, rooms: Sequence[str]) -> None:
        """One wishes to leave a room; ``rooms`` are those that the session is in."""
        if room == self.aim:
            self._ahead = _home([each for each in rooms if each != room])

    def as_typed(self, line: Line) -> str | None:
        """What to type to say a line again; None: it was for another place than this one."""
        match line.kind:
            case Kind.SAY | Kind.ME if self.partner is None and line.place == self.room:
                return _as_typed(line)
            case Kind.MSG | Kind.MSG_ME if line.place == self.partner:
                return _as_typed(line)
            case Kind.MSG | Kind.MSG_ME if line.edits:
                return _fixed(line)
            case Kind.MSG if line.re:
                return f"/re {numbered(line.re, private=True)} {line.text}"
            case Kind.MSG:
                return f"/msg {line.place} {line.text}"
            case Kind.ANNOUNCE:
                return f"/announce {line.text}"
            case _:
                return None

    def follow_person(self, nick: str, new: str) -> None:
        """A person is called otherwise, and the talk with them goes on."""
        if self._partner is not None and self._partner.casefold() == nick.casefold():
            self._partner = new

    def follow(self, event: Event, rooms: Sequence[str]) -> None:
        """Something has happened; ``rooms`` are those that the session is in now."""
        match event:
            case events.Answered(request=Join(room=asked), answer=answer):
                if asked == self._entering:
                    self._go(answer.room if isinstance(answer, events.Here) else asked)
            case events.Denied(request=Join(room=asked)):
                if asked == self._entering:
                    self._arrive()
                if asked == self.room:
                    self.room = _home(rooms)
            case events.Denied(request=Leave()) if self._ahead != self._entering:
                self._ahead = None
            case events.Answered(request=Leave(room=room)) | events.Removed(room=room):
                if room == self.room:
                    self.room = _home([each for each in rooms if each != room])
                if self._ahead != self._entering:
                    self._ahead = None

    def _go(self, room: str) -> None:
        if self._entering == self.start:
            self.start = room
        self.room = room
        if self._ahead == self._entering:  # one has not turned to a person meanwhile
            self._partner = None
        self._arrive()

    def _arrive(self) -> None:
        """One is not on the way to the room any more; another wish may have come behind that."""
        if self._ahead == self._entering:
            self._ahead = None
        self._entering = None


def _home(rooms: Sequence[str]) -> str:
    """Where one is who has left a room and is in these."""
    return FIRST_ROOM if FIRST_ROOM in rooms or not rooms else rooms[0]


def _as_typed(line: Line) -> str:
    if line.edits:
        return _fixed(line)
    if line.re:
        return f"/re {line.re} {line.text}"
    if line.kind in (Kind.ME, Kind.MSG_ME):
        return f"/me {line.text}"
    return f"/{line.text}" if line.text.startswith("/") else line.text


def _fixed(line: Line) -> str:
    """What puts a message right by its number: by then it need not be one's last."""
    private = line.kind in (Kind.MSG, Kind.MSG_ME)
    return f"/fix {numbered(line.edits, private=private)} {line.text}"
