"""Inherited mutes: a guest who is muted goes, and comes in again with another nick.

Where a guest is alone at an address, that is muted as well. Where others are at it (a class behind
one), newcomers can be told from those who were there, and from nobody else: so a guest who goes and
is muted leaves the mute behind, and the next new guest from the address has it, one and no more, if
that is soon. A session is new if it was made after the other had gone. Those who were there before
are never taken for another, and the room's host can let any of them speak.

What waits is a mark itself, for ``next:`` and whom it waits for, and so is what was inherited: the
record has both, and no restart ends them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from huddle.people.sessions import Session
from huddle.people.shares import Shares
from huddle.record import Mark, MarkKind, session_identity

SOON = 120.0
"""Seconds for which a mute waits for the next guest: as long as a lost nick is held."""

MOST = 400
EACH = 64
"""People who went, and sessions that inherited, that are remembered: in all, and of one address,
three times as many of an IPv6 /48. Whoever mutes guests of their own in a room of their own, and
has them go, has nobody else's forgotten. All of them leave room for marks in one room."""
_WIDE = 3

_NEXT = "next"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A mute that waits for the next guest from an ``address``: the session that went, the newest
    one then, and the target of the mute that it had."""

    mark: Mark
    address: str
    number: int
    newest: int
    muted: str


def waiting(session: Session, mute: Mark, newest: int, until: int) -> Mark:
    """The session goes and leaves this mute behind, until that time in milliseconds. ``newest`` is
    the number of the newest session of all."""
    who = f"{_NEXT}:{session.address} {session.number} {newest} {mute.who}"
    until = until if mute.until is None else min(until, mute.until)
    return replace(mute, who=who, until=until)


def _read(mark: Mark) -> Waiting | None:
    kind, _, rest = mark.who.partition(":")
    if kind != _NEXT or mark.kind is not MarkKind.MUTE:
        return None
    parts = rest.split(" ", 3)
    if len(parts) < 4 or not (parts[1] + parts[2]).isdecimal():
        return None
    return Waiting(mark, parts[0], int(parts[1]), int(parts[2]), parts[3])


class InheritedMutes:
    """Of all rooms: finds what waits among the marks, and bounds how much of it there is."""

    def __init__(self) -> None:
        self.left: dict[int, dict[str, Waiting]] = {}
        """What waits for the next guest, by the numbers of the sessions that left it behind, and by
        room. It is mostly empty, and need not be asked then."""
        self._left_at: dict[str, dict[int, None]] = {}
        """The sessions that left something behind at an address, for a newcomer to inherit."""
        self._left_shares: Shares[int] = Shares(MOST, EACH, _WIDE)
        self._inherited_shares: Shares[tuple[str, int]] = Shares(MOST, EACH, _WIDE)

    # -- as the marks are ----------------------------------------------------------------------

    def note(self, mark: Mark) -> None:
        """This mark is set; it may be one that waits."""
        there = _read(mark)
        if there is not None:
            self.left.setdefault(there.number, {})[mark.room] = there
            self._left_at.setdefault(there.address, {})[there.number] = None

    def forget(self, mark: Mark) -> None:
        """This mark is dropped; it may have been one that waited."""
        there = _read(mark)
        rooms = {} if there is None else self.left.get(there.number, {})
        if there is None or rooms.get(mark.room) is None or rooms[mark.room].mark.who != mark.who:
            return
        del rooms[mark.room]
        if rooms:
            return
        del self.left[there.number]
        self._left_shares.discard(there.number)
        numbers = self._left_at[there.address]
        del numbers[there.number]
        if not numbers:
            del self._left_at[there.address]

    # -- who goes and who comes ----------------------------------------------------------------

    def of(self, number: int) -> list[Mark]:
        """What that session has left behind."""
        return [there.mark for there in self.left.get(number, {}).values()]

    def goes(self, session: Session) -> list[Mark]:
        """The session leaves mutes behind; returns what of others is to be dropped for them."""
        gone = self._left_shares.add(session.number, session.address)
        return [mark for number in gone for mark in self.of(number)]

    def waiting(self, address: str, room: str) -> Iterator[Waiting]:
        """What waits at that address in that room, the oldest first."""
        numbers: Iterable[int] = self._left_at.get(address, ())
        rooms = [self.left[number] for number in numbers]
        return iter([there[room] for there in rooms if room in there])

    def inherits(self, session: Session, room: str) -> list[tuple[str, str]]:
        """The session has inherited a mute in the room; returns of which rooms and targets others
        have to be dropped for that."""
        gone = self._inherited_shares.add((room, session.number), session.address)
        return [(name, session_identity(number)) for name, number in gone]
