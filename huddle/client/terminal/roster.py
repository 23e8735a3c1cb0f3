"""Who is in which room, as far as the server has told, and who spoke last.

A list of names has a limit and the count has none, so the two are kept apart.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from huddle.client.session.cursors import INBOX
from huddle.client.session.events import (
    Answered,
    Event,
    Here,
    Joined,
    Left,
    Removed,
    Renamed,
    RoomList,
    Said,
    Welcomed,
)
from huddle.client.session.requests import Leave

MAX_NICKS = 2_000
"""Nicks remembered of one room; those heard of longest ago are forgotten."""


@dataclass(slots=True)
class _Room:
    count: int = 0
    nicks: dict[str, None] = field(default_factory=dict)
    """In the order in which they were last heard of, the newest last."""


class Roster:
    """Follows the events of one session."""

    def __init__(self) -> None:
        self._rooms: dict[str, _Room] = {}
        self._listed: tuple[str, ...] = ()

    def follow(self, event: Event) -> None:
        """Something has happened."""
        match event:
            case Welcomed(rooms=rooms):
                for here in rooms.values():
                    self._see(here)
            case Here():
                self._see(event)
            case Answered(answer=Here() as here):
                self._see(here)
            case Answered(answer=RoomList(rooms=listed)):
                self._listed = tuple(row.room for row in listed)
            case Answered(request=Leave(room=room)) | Removed(room=room):
                self._rooms.pop(room, None)
            case Said() | Joined() | Left() | Renamed():
                self._hear(event)
            case _:
                pass

    def count(self, room: str) -> int:
        """How many are in a room; 0: nobody has said."""
        found = self._rooms.get(room)
        return 0 if found is None else found.count

    def nicks(self, room: str) -> list[str]:
        """The known names of a room, who spoke last first."""
        found = self._rooms.get(room)
        return [] if found is None else list(reversed(found.nicks))

    def writers(self) -> list[str]:
        """Those who wrote in private, the last one first."""
        return self.nicks(INBOX)

    def rooms(self) -> list[str]:
        """The known rooms, those one is in first."""
        return [room for room in dict.fromkeys([*self._rooms, *self._listed]) if room != INBOX]

    def _see(self, here: Here) -> None:
        room = self._rooms.setdefault(here.room, _Room())
        room.count = here.count
        told = [*here.names, *here.away]
        if len(told) >= here.count:  # the list is whole
            room.nicks = {nick: None for nick in room.nicks if nick in told}
        for nick in told:
            room.nicks.setdefault(nick)

    def _hear(self, event: Said | Joined | Left | Renamed) -> None:
        match event:
            case Said(room=room, nick=nick):
                if not event.past and not event.to:
                    self._touch(room, nick)
            case Joined(room=room, nick=nick):
                self._touch(room, nick)
                self._rooms[room].count += 1
            case Left(room=room, nick=nick):
                known = self._rooms.setdefault(room, _Room())
                known.count = max(0, known.count - 1)
                known.nicks.pop(nick, None)
            case Renamed(room=room, nick=nick, new=new):
                self._rooms.setdefault(room, _Room()).nicks.pop(nick, None)
                self._touch(room, new)

    def _touch(self, room: str, nick: str) -> None:
        nicks = self._rooms.setdefault(room, _Room()).nicks
        nicks.pop(nick, None)
        nicks[nick] = None
        if len(nicks) > MAX_NICKS:
            del nicks[next(iter(nicks))]
