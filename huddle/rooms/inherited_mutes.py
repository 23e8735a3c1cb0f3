"""Inherited mutes: a muted guest who goes, and comes in again under another nick, is muted still.

A guest is known by nothing but nick and address. Where others are at the address of a muted guest,
as in a class, the address cannot be muted as well. So when the guest goes, the mute is left behind,
and the next guest from that address inherits it: one guest alone, who has come within `SOON`
seconds, and whose session was made after the other had gone. Sessions that were there before
inherit nothing, and the host of the room may let any guest speak.

All of this is kept as marks, so a restart ends no mute and sets back no bound. A mute that was left
behind is a mark on ``next:``, with the address and who went; one that was inherited is a mark on
the session, and another one on ``heir:`` tells from which address the session came.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from huddle.people.address_quotas import AddressQuotas
from huddle.people.sessions import Session
from huddle.record import Mark, MarkKind, session_identity

SOON = 120.0
"""Seconds for which a mute waits for the next guest: as long as a lost nick is held."""

MOST = 240
EACH = 64
"""People who went, and sessions that inherited, that are remembered: in all, and of one address,
three times as many of an IPv6 /48. Whoever mutes guests of their own in a room of their own, and
has them go, has nobody else's forgotten. All of them, three marks for two, leave room for others in
one room of `Limits.marks`."""
_WIDE = 3

_NEXT = "next"
_HEIR = "heir"


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


def heir(session: Session, mute: Mark) -> Mark:
    """The session has inherited that mute in its room."""
    return replace(mute, who=f"{_HEIR}:{session.address} {session.number}")


def _heir_of(mark: Mark) -> tuple[str, int] | None:
    """The address and the number of the session that such a mark is about; None: it is another."""
    kind, _, rest = mark.who.partition(":")
    address, _, number = rest.partition(" ")
    is_heirs = kind == _HEIR and mark.kind is MarkKind.MUTE and number.isdecimal()
    return (address, int(number)) if is_heirs else None


def mutes_nobody(mark: Mark) -> bool:
    """Whether a mark only keeps a mute that was left behind, or tells from where an heir came."""
    return mark.who.startswith((f"{_NEXT}:", f"{_HEIR}:"))


def is_about(mark: Mark, identity: str) -> bool:
    """Whether a mark says that the session of that identity is an heir."""
    there = _heir_of(mark)
    return there is not None and session_identity(there[1]) == identity


class InheritedMutes:
    """Of all rooms: finds what waits among the marks, and bounds how much of it there is."""

    def __init__(self) -> None:
        self.left: dict[int, dict[str, Waiting]] = {}
        """What waits for the next guest, by the numbers of the sessions that left it behind, and by
        room. It is mostly empty, and need not be asked then."""
        self._left_at: dict[str, dict[tuple[int, str], Waiting]] = {}
        """The same by the addresses where it waits, and by session and room."""
        self._left_quotas: AddressQuotas[int] = AddressQuotas(MOST, EACH, _WIDE)
        self._heirs: dict[tuple[str, int], Mark] = {}
        """What says from where an heir is, by room and session."""
        self._inherited_quotas: AddressQuotas[tuple[str, int]] = AddressQuotas(MOST, EACH, _WIDE)

    # -- as the marks are ----------------------------------------------------------------------

    def note(self, mark: Mark) -> None:
        """Note a mark that was set, if it is a mute that waits, or names an heir."""
        there = _read(mark)
        if there is not None:
            rooms = self.left.get(there.number, {})
            if mark.room in rooms:  # as where the record could not keep that the session was back
                self.forget(rooms[mark.room].mark)
            self.left.setdefault(there.number, {})[mark.room] = there
            self._left_at.setdefault(there.address, {})[there.number, mark.room] = there
            self._left_quotas.add(there.number, there.address)
        elif (heirs := _heir_of(mark)) is not None:
            address, number = heirs
            self._heirs[mark.room, number] = mark
            self._inherited_quotas.add((mark.room, number), address)

    def forget(self, mark: Mark) -> None:
        """Forget a mark that was dropped, if it was a mute that waited, or named an heir."""
        if (heirs := _heir_of(mark)) is not None:
            self._heirs.pop((mark.room, heirs[1]), None)
            self._inherited_quotas.discard((mark.room, heirs[1]))
        there = _read(mark)
        rooms = {} if there is None else self.left.get(there.number, {})
        if there is None or rooms.get(mark.room) is None or rooms[mark.room].mark.who != mark.who:
            return
        del rooms[mark.room]
        if not rooms:
            del self.left[there.number]
            self._left_quotas.discard(there.number)
        at = self._left_at[there.address]
        del at[there.number, mark.room]
        if not at:
            del self._left_at[there.address]

    # -- who goes and who comes ----------------------------------------------------------------

    def of(self, number: int) -> list[Mark]:
        """The mutes that this session has left behind."""
        return [there.mark for there in self.left.get(number, {}).values()]

    def goes(self, session: Session) -> list[Mark]:
        """The session leaves mutes behind; returns what of others is to be dropped for them."""
        gone = self._left_quotas.add(session.number, session.address)
        return [mark for number in gone for mark in self.of(number)]

    def waiting(self, address: str, room: str) -> Iterator[Waiting]:
        """What waits at that address in that room, the oldest first."""
        at = self._left_at.get(address, {})
        return iter([there for (_, where), there in at.items() if where == room])

    def inherits(self, session: Session, room: str) -> Iterator[tuple[Mark, str]]:
        """The session has inherited a mute in the room; returns of whom else, for that, the mark
        beside it is to be dropped, and the target of the mute itself."""
        for key in self._inherited_quotas.add((room, session.number), session.address):
            if key in self._heirs:
                yield self._heirs[key], session_identity(key[1])
