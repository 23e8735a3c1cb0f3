"""Inherited mutes: who is muted goes, and comes in again as a guest with another nick.

Where a guest is alone at an address, that is muted as well. Where others are at it (a class behind
one), only who comes can be told from who was there: so who goes and is muted leaves the mute
behind, and the next new guest from the address has it, one and no more, if that is soon. A session
is new if it was made after the other had gone. Those who were there before are never taken for
another, and the room's host can let any of them speak.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from huddle.people.sessions import Session
from huddle.people.shares import Shares
from huddle.record import Mark

SOON = 120.0
"""Seconds for which a mute waits for the next guest: as long as a lost nick is held."""

MOST = 1000
EACH = 64
"""People who went, and sessions that inherited, that are remembered: in all, and of one address,
three times as many of an IPv6 /48. Whoever mutes guests of their own in a room of their own, and
has them go, has nobody else's forgotten."""
_WIDE = 3


@dataclass(slots=True)
class _Gone:
    """A person who went: from where, when, the newest session then, and the mutes left behind."""

    address: str
    time: float
    newest: int
    mutes: dict[str, Mark]


class InheritedMutes:
    """Of all rooms. Times are seconds of a monotonic clock."""

    def __init__(self) -> None:
        self.left: dict[int, _Gone] = {}
        """What waits for the next guest, by the numbers of the sessions that left it behind. It is
        mostly empty, and need not be asked then."""
        self._left_at: dict[str, dict[int, _Gone]] = {}
        """The same by the address that they left, which is all that who comes is asked for."""
        self._left_shares: Shares[int] = Shares(MOST, EACH, _WIDE)
        self._inherited: dict[tuple[str, int], Mark] = {}
        """The mute that a session has in a room for another's."""
        self._inherited_shares: Shares[tuple[str, int]] = Shares(MOST, EACH, _WIDE)

    def goes(self, session: Session, mutes: Iterable[Mark], now: float, newest: int) -> None:
        """A session with these mutes is on its connection no more. ``newest`` is the number of the
        newest session of all."""
        left = {mark.room: mark for mark in mutes}
        if left and session.address:
            self._forget(session.number)
            gone = _Gone(session.address, now, newest, left)
            self._left_at.setdefault(gone.address, {})[session.number] = gone
            self.left[session.number] = gone
            for number in self._left_shares.add(session.number, session.address):
                self._forget(number)

    def returns(self, session: Session) -> None:
        """It is here again, and leaves nothing behind."""
        self._forget(session.number)

    def is_back(self, session: Session, mute: Mark) -> None:
        """Who comes in has this mute as the one who went there had: it waits for no other guest."""
        for number, gone in list(self._left_at.get(session.address, {}).items()):
            left = gone.mutes.get(mute.room)
            if left is not None and left.who == mute.who:
                del gone.mutes[mute.room]
                if not gone.mutes:
                    self._forget(number)

    def comes(self, session: Session, room: str, now: float) -> Mark | None:
        """The session comes into the room; the mute that it inherits there, if any."""
        for number, gone in list(self._left_at.get(session.address, {}).items()):
            if now - gone.time > SOON:
                self._forget(number)
            elif session.number > gone.newest:
                mark = gone.mutes.pop(room, None)
                if not gone.mutes:
                    self._forget(number)
                if mark is not None:
                    self._inherited[room, session.number] = mark
                    key = room, session.number
                    for other in self._inherited_shares.add(key, session.address):
                        del self._inherited[other]
                    return mark
        return None

    def _forget(self, number: int) -> None:
        gone = self.left.pop(number, None)
        self._left_shares.discard(number)
        if gone is not None:
            there = self._left_at[gone.address]
            del there[number]
            if not there:
                del self._left_at[gone.address]

    def of(self, room: str, session: Session) -> Mark | None:
        """The mute that it has inherited in the room, whether that still holds or not."""
        return self._inherited.get((room, session.number))

    def rooms_of(self, session: Session) -> list[str]:
        """The rooms in which it has inherited a mute."""
        return [room for room, number in self._inherited if number == session.number]

    def let_go(self, room: str, session: Session) -> None:
        """The session may speak in the room again: no guest who comes inherits its mute."""
        self._inherited.pop((room, session.number), None)
        self._inherited_shares.discard((room, session.number))
