"""Marks: who is banned, muted, given a voice or host, room by room, and until when.

A mark is under one target: somebody's identity, a nick, or a network (`huddle.people`). One that
has ended counts no more, and goes when the room is next looked through.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from huddle.people import address_within, nick_target
from huddle.record import Mark, MarkKind
from huddle.sessions import Session

_Key = tuple[MarkKind, str]


class Marks:
    """All marks of the house. ``now_ms`` is the time of day in milliseconds."""

    def __init__(self, marks: Iterable[Mark], now_ms: Callable[[], int]) -> None:
        self._now_ms = now_ms
        self._rooms: dict[str, dict[_Key, Mark]] = {}
        for mark in marks:
            self.set(mark)

    def set(self, mark: Mark) -> None:
        """This one, in the place of one on the same target."""
        self._rooms.setdefault(mark.room, {})[mark.kind, mark.who] = mark

    def drop(self, mark: Mark) -> None:
        """Not this one any more."""
        marks = self._rooms.get(mark.room, {})
        marks.pop((mark.kind, mark.who), None)
        if not marks:
            self._rooms.pop(mark.room, None)

    def of(self, room: str, kind: MarkKind, who: str) -> Mark | None:
        """The mark of this kind on this very target."""
        mark = self._rooms.get(room, {}).get((kind, who))
        return mark if mark is not None and self._holds(mark) else None

    def any_of(self, room: str, kind: MarkKind) -> bool:
        """Whether anybody has such a mark there."""
        return next(self.all_of(room, kind), None) is not None

    def all_of(self, room: str, kind: MarkKind) -> Iterator[Mark]:
        """Those of this kind that hold, the oldest first."""
        marks = self._rooms.get(room, {}).values()
        return (mark for mark in list(marks) if mark.kind is kind and self._holds(mark))

    def ban(self, room: str, session: Session, host: str) -> Mark | None:
        """What keeps the session out of the room, if anything does."""
        if room not in self._rooms:
            return None
        for who in (session.identity, nick_target(session.nick)):
            mark = self.of(room, MarkKind.BAN, who)
            if mark is not None:
                return mark
        return self.ban_of_host(room, host)

    def ban_of_host(self, room: str, host: str) -> Mark | None:
        """What keeps everybody of that host out."""
        for mark in self.all_of(room, MarkKind.BAN):
            if mark.who.startswith("address:") and address_within(host, mark.who):
                return mark
        return None

    def ended(self, room: str) -> list[Mark]:
        """Those that have ended: they may be dropped, here and from the record."""
        return [mark for mark in self._rooms.get(room, {}).values() if not self._holds(mark)]

    def count(self, room: str) -> int:
        """How many there are in the room."""
        return len(self._rooms.get(room, {}))

    def rooms(self) -> list[str]:
        """The rooms that have any."""
        return list(self._rooms)

    def _holds(self, mark: Mark) -> bool:
        return mark.until is None or mark.until > self._now_ms()
