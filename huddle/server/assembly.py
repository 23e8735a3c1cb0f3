"""Assembly: a server's parts, put together in the one order in which they need each other.

The running server and the tests' world in memory are both put together here. What differs between
them comes in: the record, the clocks, the chance, and who knows the passwords.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Protocol

from twisted.internet.interfaces import IReactorTime

from huddle.dialects.ndjson.dialect import JsonDialect
from huddle.dialects.plain.dialect import PlainDialect
from huddle.doors.connections import Connections
from huddle.doors.line import HuddleFactory
from huddle.huddle import Huddle
from huddle.locale.clock import HouseClock
from huddle.people.accounts import Accounts
from huddle.people.authentication import Authentication, Passwords
from huddle.people.return_words import Choose
from huddle.protocol.events import FIRST_ROOM
from huddle.protocol.limits import Limits
from huddle.record import Record
from huddle.visits.arrival import Arrival
from huddle.visits.house import House


@dataclass(frozen=True, slots=True)
class Settings:
    """What whoever runs the server has decided. ``operators`` are nicks, as by ``--op``."""

    limits: Limits
    language: str
    zone: tzinfo
    motd: tuple[str, ...] = ()
    members_only: bool = False
    operators: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the server stands on: its record, its clocks, its chance, and a key for return words.

    ``reactor`` measures durations; ``now_ms`` is the time of day.
    """

    record: Record
    reactor: IReactorTime
    now_ms: Callable[[], int]
    choose: Choose
    word_key: bytes


class KnowingPasswords(Passwords, Protocol):
    """Checks passwords, and may know those of other nicks than the record's."""

    @property
    def nicks(self) -> Collection[str]:
        """Those nicks, which belong to their owners from the start."""


def assemble(
    settings: Settings,
    surroundings: Surroundings,
    make_passwords: Callable[[Accounts], KnowingPasswords],
) -> HuddleFactory:
    """The first door, and all that is behind it; it listens nowhere yet.

    Another door is made of the same ``house`` and ``connections``. ``make_passwords`` is given the
    accounts of the record.
    """
    limits, record, reactor = settings.limits, surroundings.record, surroundings.reactor
    now_ms = surroundings.now_ms
    accounts = Accounts(record.accounts(), record.last_account)
    passwords = make_passwords(accounts)
    for nick in passwords.nicks:
        accounts.expect(nick)
    for nick in settings.operators:
        accounts.expect(nick).appointed = True
    huddle = Huddle(record, reactor.callLater, reactor.seconds, now_ms, limits, accounts)
    huddle.room(FIRST_ROOM)
    authentication = Authentication(surroundings.word_key, passwords, reactor.seconds, limits)
    arrival = Arrival(huddle, authentication, surroundings.choose, settings.members_only)
    house = House(huddle, arrival, authentication, settings.language, settings.motd)
    plain = PlainDialect(HouseClock(settings.zone, now_ms))
    return HuddleFactory(house, Connections(huddle, reactor), plain, JsonDialect(limits))
