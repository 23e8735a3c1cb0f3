"""A room: an ordered sequence of messages, and the members in it who get every one of them.

Publishing renders a batch once for each audience, whatever the number of members, and gives all of
them the same bytes. Members who said some of it get the lines between their own.

In a big room people come and go all the time, and telling everybody of each would cost the square
of the members. So notices are gathered there: the first is told at once, those of the next
`GATHERING` seconds together, and always before the next message, so that order holds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby, islice

from huddle.delivery.audience import Audience
from huddle.delivery.history import History
from huddle.delivery.outlet import Outlet
from huddle.delivery.slab import Slab, live_slabs
from huddle.delivery.turns import Scheduler
from huddle.people.accounts import Account
from huddle.people.sessions import Session, same_person
from huddle.protocol.dialect import Face
from huddle.protocol.events import Here, Joined, Left, RoomEvent, Said, is_inbox, label
from huddle.protocol.limits import Limits

GATHERING = 0.5
"""Seconds for which a big room gathers its notices: 9,000 people who join within ten seconds then
cause 20 rounds of sends instead of 9,000."""

BIG_ROOM = 50
"""Members from which on a room is big."""

LISTED_RUN = 3
"""Joins (or leavings) in a row that are still told one by one."""


class Room:
    """One room; everything of it is in the order of its seqs."""

    def __init__(self, name: str, history: History, later: Scheduler, limits: Limits) -> None:
        self.name = name
        self.history = history
        self._later = later
        self._limits = limits
        self._members: dict[int, Session] = {}
        self._devices: Counter[Account] = Counter()
        self._audiences: dict[Hashable, tuple[Face, Audience]] = {}
        self._gathering = False
        self._gathered: list[RoomEvent] = []
        self.changes = 0
        """Counts who came, went or was renamed: what `here` tells has changed when it has."""
        self.restricted = False
        """Whether not everybody may speak here at any time (`huddle.rooms.speaking`)."""
        self.spoke: dict[str, float] = {}
        """In slow mode, when each identity spoke last."""

    @property
    def label(self) -> str:
        """The name as the wire has it."""
        return label(self.name)

    @property
    def published(self) -> int:
        """The seq of the last message that members have been given."""
        return self.history.newest

    # -- members -------------------------------------------------------------------------------
    # An account may be here on several devices: it is one person, and is counted and named once.

    def __len__(self) -> int:
        return len(self._members) - self._devices.total() + len(self._devices)

    def __iter__(self) -> Iterator[Session]:
        return iter(self._members.values())

    def __contains__(self, session: object) -> bool:
        return isinstance(session, Session) and session.number in self._members

    def devices(self, session: Session) -> int:
        """On how many devices the person of this session is a member."""
        if session.account is None:
            return int(session.number in self._members)
        return self._devices[session.account]

    def add(self, session: Session) -> None:
        """The session is a member from now on."""
        if session.number not in self._members:
            self._members[session.number] = session
            if session.account is not None:
                self._devices[session.account] += 1
            self.changes += 1

    def remove(self, session: Session) -> None:
        """The session is no member any more."""
        if self._members.pop(session.number, None) is None:
            return
        self.changes += 1
        if session.account is not None:
            self._devices[session.account] -= 1
            if not self._devices[session.account]:
                del self._devices[session.account]

    @property
    def people(self) -> Iterator[Session]:
        """The members, one session for each person."""
        seen: set[Account] = set()
        for session in self._members.values():
            if session.account is None:
                yield session
            elif session.account not in seen:
                seen.add(session.account)
                yield session

    def here(self, besides: int = 0) -> Here:
        """Who is here: the whole count, and some names without that of this session's person."""
        own = self._members.get(besides)
        others = (
            session.nick
            for session in (self.people if self._devices else self._members.values())
            if own is None or not same_person(session, own)
        )
        return Here(self.label, len(self), tuple(islice(others, self._limits.names_shown)))

    # -- publishing ----------------------------------------------------------------------------

    def audience(self, face: Face) -> Audience:
        """Those who are level with this room and see it with such a face."""
        entry = self._audiences.get(face.audience)
        if entry is None:
            entry = self._audiences[face.audience] = (face, Audience())
        return entry[1]

    def release(self, face: Face, outlet: Outlet) -> None:
        """The outlet is none of those any more."""
        entry = self._audiences.get(face.audience)
        if entry is not None:
            entry[1].discard(outlet)
            if not len(entry[1]):
                del self._audiences[face.audience]

    def publish(self, events: list[RoomEvent]) -> None:
        """Give these to every member; messages among them are the next in the record."""
        messages = [event for event in events if isinstance(event, Said)]
        if self._gathering and not messages:
            self._gathered.extend(events)
            return
        base = self.published
        if messages:
            self.history.add(messages)
        told, self._gathered = self._gathered + events, []
        if len(told) > len(messages):
            told = self._condensed(told)
            self._begin_gathering()
        self._deliver(base, told)

    def _begin_gathering(self) -> None:
        if len(self._members) >= BIG_ROOM and not self._gathering:
            self._gathering = True
            self._later(GATHERING, self._end_gathering)

    def _end_gathering(self) -> None:
        self._gathering = False
        if self._gathered:
            self.publish([])

    def _deliver(self, base: int, events: Sequence[RoomEvent]) -> None:
        for face, audience in list(self._audiences.values()):
            for slab in live_slabs(face, events, base, self._limits.slab):
                self._deliver_slab(audience, slab)

    def _deliver_slab(self, audience: Audience, slab: Slab) -> None:
        if not slab.data:
            return  # all of it is by people whom this audience ignores
        speakers = self._speakers(audience, slab)
        for outlet, taken in audience.deliver(slab.data, speakers):
            outlet.cut(self, slab, taken)
        for outlet, (session, lines) in speakers.items():
            if len(lines) < len(slab.ends):
                outlet.give_around(self, slab, session, lines)

    def _speakers(self, audience: Audience, slab: Slab) -> dict[Outlet, tuple[int, list[int]]]:
        """Who of the audience said something of it, and which lines."""
        speakers: dict[Outlet, tuple[int, list[int]]] = {}
        for number, lines in slab.by_speaker().items():
            outlet = self._outlet_of(number, audience)
            if outlet is not None and outlet in audience:
                speakers[outlet] = number, lines
        return speakers

    def _outlet_of(self, number: int, audience: Audience) -> Outlet | None:
        if is_inbox(self.name):  # which has no members: the few who read it are all its owner's
            return next((outlet for outlet in audience if outlet.session == number), None)
        session = self._members.get(number)
        return None if session is None else session.outlet

    def _condensed(self, events: Sequence[RoomEvent]) -> list[RoomEvent]:
        """The same with long runs of joins, and of leavings, told as one."""
        condensed: list[RoomEvent] = []
        for kind, group in groupby(events, _kind):
            run = list(group)
            if len(run) > LISTED_RUN and kind in (Joined, Left):
                condensed.append(self._as_one(run))
            else:
                condensed.extend(run)
        return condensed

    def _as_one(self, run: Sequence[RoomEvent]) -> RoomEvent:
        nicks = tuple(
            nick for event in run if isinstance(event, Joined | Left) for nick in event.nicks
        )
        here = self.here() if len(nicks) > self._limits.names_shown else None
        first = run[0]
        assert isinstance(first, Joined | Left)
        return replace(first, nicks=nicks, session=0, here=here)


def _kind(event: RoomEvent) -> object:
    """What sort of event it is; that somebody was sent away is a sort of its own."""
    return type(event) if not (isinstance(event, Left) and event.by) else event
