"""Who said what last, by its number: what `/delete` means when no number is given."""

from __future__ import annotations

from collections import deque

from huddle.client.session.cursors import INBOX, MAX_ROOMS
from huddle.client.session.events import Acknowledged, Deleted, Event, Named, Reset, Said, Welcomed

KEPT = 500
"""Messages remembered of one room; no more may be asked for at once, either."""


class Lately:
    """Follows the events of one session."""

    def __init__(self) -> None:
        self._nick = ""
        self._rooms: dict[str, deque[tuple[int, str, bool]]] = {}

    def follow(self, event: Event) -> None:
        """Something has happened."""
        match event:
            case Welcomed(nick=nick) | Named(nick=nick):
                self._nick = nick
            case Said(room=room, seq=seq, nick=nick, to=to):
                self._add(room, seq, nick, own=bool(to))
            case Acknowledged(line=line, seq=seq):
                room = INBOX if line.private else line.place
                self._add(room, seq, self._nick, own=True)
            case Reset(room=room):
                self._rooms.pop(room, None)
            case Deleted(room=room, seq=seq):
                known = self._rooms.get(room, ())
                self._rooms[room] = deque((each for each in known if each[0] != seq), KEPT)
            case _:
                pass

    def own(self, room: str) -> int | None:
        """The last one of this session's."""
        return next((seq for seq, _, own in reversed(self._rooms.get(room, ())) if own), None)

    def of(self, room: str, nick: str) -> int | None:
        """The last one under this nick."""
        wanted = nick.casefold()
        said = reversed(self._rooms.get(room, ()))
        return next((seq for seq, who, _ in said if who.casefold() == wanted), None)

    def _add(self, room: str, seq: int, nick: str, *, own: bool) -> None:
        if room in self._rooms or len(self._rooms) < MAX_ROOMS:
            self._rooms.setdefault(room, deque(maxlen=KEPT)).append((seq, nick, own))
