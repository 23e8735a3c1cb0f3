"""A room: a stream with members, who are told of each other and get every message once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import islice
from operator import attrgetter

from typing_extensions import override

from huddle.delivery.audience import Audience, Listener
from huddle.delivery.history import History
from huddle.delivery.stream import Stream
from huddle.people.sessions import Account, Session, same_person
from huddle.protocol.events import Here
from huddle.protocol.limits import Limits
from huddle.protocol.timing import Scheduler
from huddle.rooms.pace import Noted, Pace, noted

_nick = attrgetter("nick")


class Room(Stream):
    """One room, in which an account may be on several devices: it is one person then, and is
    counted and named once."""

    def __init__(
        self,
        name: str,
        history: History,
        later: Scheduler,
        limits: Limits,
        spoken: Noted | None = None,
    ) -> None:
        """``spoken`` is what is remembered in all rooms of who spoke when."""
        super().__init__(name, history, later, limits)
        self._spoken = noted(limits) if spoken is None else spoken
        self._members: dict[int, Session] = {}
        self._devices: Counter[Account] = Counter()
        self.restricted = False
        """Whether not everybody may speak here at any time (`huddle.rooms.speaking`)."""
        self._pace: Pace | None = None

    @property
    def pace(self) -> Pace:
        """In slow mode, who has to wait."""
        if self._pace is None:
            self._pace = Pace(self._limits, self._spoken)
        return self._pace

    def close(self) -> None:
        """Keep nothing in memory any more: the last member has left."""
        self.history.forget(len(self.history))
        if self._pace is not None:
            self._pace.close()

    def __len__(self) -> int:
        if not self._devices:
            return len(self._members)
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

    def add(self, session: Session) -> bool:
        """The session is a member from now on; tells whether its person was not."""
        if session.number in self._members:
            return False
        self._members[session.number] = session
        self.changes += 1
        if self._pace is not None:
            self._pace.comes(session)
        if session.account is None:
            return True
        self._devices[session.account] += 1
        return self._devices[session.account] == 1

    def note_coming(self, session: Session) -> None:
        """The session, a member already, has come from its address, as is known only now."""
        if self._pace is not None:
            self._pace.comes(session)

    def remove(self, session: Session) -> None:
        """Take the session's seat from it: it is no member any more."""
        if self._members.pop(session.number, None) is None:
            return
        self.changes += 1
        if self._pace is not None:
            self._pace.goes(session)
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

    @override
    def here(self, besides: int = 0) -> Here:
        """Who is here: the whole count, and some names without that of this session's person."""
        own, shown = self._members.get(besides), self._limits.names_shown
        if self._devices:
            count, people = len(self), self.people
            if own is not None and own.account is not None:
                people = (each for each in people if not same_person(each, own))
        else:
            count, people = len(self._members), iter(self._members.values())
        first = list(islice(people, shown + 1))
        if own in first:
            first.remove(own)
        return Here(self.label, count, tuple(map(_nick, first[:shown])))

    @override
    def away(self) -> tuple[str, ...]:
        away = (member.nick for member in self.people if member.away)
        return tuple(islice(away, self._limits.names_shown))

    @property
    @override
    def size(self) -> int:
        return len(self._members)

    @override
    def listener_of(self, session: int, audience: Audience) -> Listener | None:
        member = self._members.get(session)
        return None if member is None else member.outlet
