"""Assembly: a server's parts, put together in the one order in which they need each other.

The running server and the tests' world in memory are both put together here. What differs between
them comes in: the record, the clocks, the chance, and who knows the passwords.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import TYPE_CHECKING, Protocol

from twisted.internet.interfaces import IReactorTime

from huddle.dialects.ndjson.dialect import JsonDialect
from huddle.dialects.plain.dialect import PlainDialect
from huddle.doors.connections import Connections
from huddle.doors.line import HuddleFactory
from huddle.huddle import Huddle
from huddle.locale import durations
from huddle.locale.clock import HouseClock
from huddle.people.accounts import Accounts
from huddle.people.authentication import Authentication, Passwords
from huddle.people.operator_code import Keeping, OperatorCode
from huddle.people.return_words import Choose
from huddle.protocol.answers import Invitation
from huddle.protocol.limits import Limits
from huddle.record import Record
from huddle.rooms.claims import Claims
from huddle.rooms.presence import Presence
from huddle.server.house_time import HouseTime
from huddle.visits.account_login import AccountLogin
from huddle.visits.admission import Admission
from huddle.visits.arrival import Arrival
from huddle.visits.crash_cursors import CrashCursors
from huddle.visits.house import House
from huddle.visits.known_sessions import KnownSessions
from huddle.visits.renaming import Renaming

if TYPE_CHECKING:  # for a node of several
    from huddle.server.clustered.clustered import Clustered


@dataclass(frozen=True, slots=True)
class Settings:
    """What the server is told to be, by its options. ``operators`` are nicks, as by ``--op``."""

    limits: Limits
    language: str
    zone: tzinfo
    motd: tuple[str, ...] = ()
    members_only: bool = False
    operators: Sequence[str] = ()


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Surroundings:
    """What the server stands on: its record, its clocks, its chance, and a key for return words.

    ``code`` keeps the operators' code, which is hashed by that key, too.
    ``reactor`` measures durations; ``now_ms`` is the time of day that the machine has, and
    ``on_jump`` is told when that is not what was expected (`HouseTime`). ``processor_seconds`` are
    those that the thread of the reactor has worked: what lines cost is measured by it.
    ``invitation`` tells how others come in (`huddle.visits.house.House`).
    """

    record: Record
    reactor: IReactorTime
    now_ms: Callable[[], int]
    choose: Choose
    word_key: bytes
    code: Keeping
    processor_seconds: Callable[[], float]
    on_jump: Callable[[int], object] = lambda by: None
    invitation: Callable[[str], Invitation] = lambda room: Invitation(into=room)


class KnowingPasswords(Passwords, Protocol):
    """Checks passwords, and may know those of other nicks than the record's."""

    @property
    def nicks(self) -> Collection[str]:
        """Those nicks, which belong to their owners from the start."""

    def may_know(self, nick: str) -> bool:
        """Whether the password of this nick may be one of those; some cannot be told beforehand."""


def assemble(
    settings: Settings,
    surroundings: Surroundings,
    make_passwords: Callable[[Accounts], KnowingPasswords],
    clustered: Clustered | None = None,
) -> HuddleFactory:
    """The first door, and all that is behind it; it listens nowhere yet.

    Another door is made of the same ``house`` and ``connections``. ``make_passwords`` is given the
    accounts of the record. ``clustered`` is set where the server is one of several nodes, and has
    made the record of the ``surroundings`` then; it begins to follow their log here.
    """
    limits, record, reactor = settings.limits, surroundings.record, surroundings.reactor
    last = max(record.last_time, *(mark.time for mark in record.marks()), 0)
    house_time = HouseTime(surroundings.now_ms, reactor.seconds, last, surroundings.on_jump)
    now_ms = house_time.now_ms
    accounts = Accounts(record.accounts(), record.last_account)
    passwords = make_passwords(accounts)
    for nick in passwords.nicks:
        accounts.expect(nick)
    _appoint(settings.operators, accounts, passwords)
    presence, claims = (
        (Presence, Claims) if clustered is None else (clustered.presence, clustered.claims)
    )
    huddle = Huddle(record, reactor, now_ms, limits, accounts, presence, claims)
    huddle.registry.members_only = settings.members_only
    if clustered is not None:
        clustered.start(huddle, reactor, surroundings.now_ms)
    authentication = Authentication(surroundings.word_key, passwords, reactor.seconds, limits)
    if clustered is not None:
        clustered.count_for(authentication)
    durations.prepare()
    house = _house(settings, surroundings, huddle, authentication, clustered)
    plain = PlainDialect(HouseClock(settings.zone, now_ms))
    connections = Connections(huddle, reactor, surroundings.processor_seconds)
    return HuddleFactory(house, connections, plain, JsonDialect(limits))


def _appoint(operators: Sequence[str], accounts: Accounts, passwords: KnowingPasswords) -> None:
    """Make the owners of these nicks operators, as soon as they log in; one whose password is
    nowhere yet cannot."""
    for nick in operators:
        account = accounts.expect(nick)
        account.appointed = True
        account.is_open = bool(account.number) or passwords.may_know(nick)


def _house(
    settings: Settings,
    surroundings: Surroundings,
    huddle: Huddle,
    authentication: Authentication,
    clustered: Clustered | None,
) -> House:
    """What all visits share: how people come in, are renamed and log in."""
    admission = Admission(huddle.directory, settings.limits)
    renaming = Renaming(huddle, admission)
    login = AccountLogin(huddle, admission, renaming)
    known = KnownSessions(huddle, authentication, surroundings.choose, surroundings.now_ms)
    cursors = CrashCursors(
        huddle,
        (lambda number: huddle.opened_after) if clustered is None else clustered.served_until,
    )
    huddle.inboxes.place = cursors.place
    arrival = Arrival(huddle, authentication, admission, renaming, login, known, cursors)
    return House(
        huddle,
        authentication,
        arrival,
        admission,
        renaming,
        login,
        settings.language,
        OperatorCode(surroundings.code, surroundings.word_key, surroundings.now_ms, huddle.seconds)
        if clustered is None
        else clustered.code,
        surroundings.invitation,
        tuple if clustered is None else clustered.node.nodes,
        list(settings.motd),
    )
