"""The pace of a slow room: when each person spoke last, however they come and go.

A person is known by their identity, and a guest by their nick as well, since a guest who leaves and
comes in again has another identity. A guest who takes another nick meanwhile is known by their
address: a guest who goes leaves behind when they spoke, and the next from there takes that over.
Those who are here are not slowed by it, however many there are at one address: a class does not
wait for one of its pupils.

After a restart it is read from what was said (`Directory.recall_paces`), which does not tell from
where.

So much is remembered of each room, of all rooms, and of one address: a host makes their own room
slow, and a person who speaks in a hundred of them under ever new nicks would else fill the memory.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from enum import IntEnum, auto
from math import inf
from typing import Any

from huddle.people.address_quotas import AddressQuotas
from huddle.people.identity import nick_target
from huddle.people.sessions import Session
from huddle.protocol.events import Said
from huddle.protocol.limits import SITE, Limits
from huddle.record import account_identity, session_identity


class _Kind(IntEnum):
    """Which of its tables a pace has noted something in."""

    SPOKE = 0
    OTHERWISE = auto()
    LEFT = auto()


Noted = AddressQuotas[tuple["Pace", _Kind, Hashable]]
"""What is remembered in all rooms, by the addresses of those who spoke."""


def noted(limits: Limits) -> Noted:
    """Where it is remembered by those shares that the limits give."""
    each = limits.spoke_each if limits.per_address else 0
    return AddressQuotas(limits.spoke_all, each, SITE["spoke_each"])


class Pace:
    """Of one room. Times are seconds of a monotonic clock; of each kind `Limits.spoke` are kept."""

    __slots__ = ("_left", "_most", "_noted", "_otherwise", "_tables", "spoke")

    def __init__(self, limits: Limits, noted: Noted) -> None:
        """``noted`` is shared by all rooms."""
        self._most = limits.spoke
        self._noted = noted
        self.spoke: dict[str, float] = {}
        """When each identity spoke last."""
        self._otherwise: dict[str, float] = {}
        """The same of what else a person is known by."""
        self._left: dict[tuple[str, int], float] = {}
        """When those spoke last who have gone, by their address and number."""
        self._tables: tuple[dict[Any, float], ...] = (self.spoke, self._otherwise, self._left)

    def wait(self, session: Session, pause: float, now: float) -> float:
        """Seconds that the session has to wait; if it need not, it has spoken now."""
        wait = self._last(session) + pause - now
        if wait > 0:
            return wait
        address = session.address or session.identity
        self._note(_Kind.SPOKE, session.identity, now, address)
        self._note(_Kind.OTHERWISE, _known_by(session), now, address)
        return 0.0

    def recall(self, said: Iterable[Said], when: Callable[[Said], float]) -> None:
        """These were said before a restart, the oldest first, each at the time that ``when`` tells.
        From where is known no more; what one of them has said since counts instead."""
        for each in said:
            guest = session_identity(each.session)
            identity = account_identity(each.account) if each.account else guest
            otherwise = guest if each.account else nick_target(each.nick)
            self._hear(identity, otherwise, when(each), identity)

    def hear(self, session: Session, time: float) -> None:
        """The session spoke at that time, on another node."""
        address = session.address or session.identity
        self._hear(session.identity, _known_by(session), time, address)

    def _hear(self, identity: str, otherwise: str, time: float, address: str) -> None:
        for kind, key in ((_Kind.SPOKE, identity), (_Kind.OTHERWISE, otherwise)):
            if self._tables[kind].get(key, -inf) < time:
                self._note(kind, key, time, address)

    def goes(self, session: Session) -> None:
        """The session leaves the room: when it spoke last is kept for when it comes again."""
        time = self._last(session)
        if time == -inf:
            return
        address = session.address or session.identity
        self._note(_Kind.OTHERWISE, _known_by(session), time, address)  # perhaps a new nick's
        if session.address:
            self._note(_Kind.LEFT, (session.address, session.number), time, address)

    def comes(self, session: Session) -> None:
        """The session comes into the room, perhaps again, with when it spoke last."""
        left = [place for place in self._left if place[0] == session.address]
        if left:
            latest = max(left, key=self._left.__getitem__)
            time = max(self._left[latest], self._last(session))
            self._forget(_Kind.LEFT, latest)
            self._note(_Kind.SPOKE, session.identity, time, session.address)

    def close(self) -> None:
        """Forget everything: the room has no members any more."""
        for kind in _Kind:
            for key in list(self._tables[kind]):
                self._forget(kind, key)

    def _last(self, session: Session) -> float:
        otherwise = self._otherwise.get(_known_by(session), -inf) if self._otherwise else -inf
        return max(self.spoke.get(session.identity, -inf), otherwise)

    def _note(self, kind: _Kind, key: Hashable, time: float, address: str) -> None:
        times = self._tables[kind]
        times.pop(key, None)
        times[key] = time
        if len(times) > self._most:
            self._forget(kind, next(iter(times)))
        for pace, its_kind, its_key in self._noted.add((self, kind, key), address):
            del pace._tables[its_kind][its_key]

    def _forget(self, kind: _Kind, key: Hashable) -> None:
        del self._tables[kind][key]
        self._noted.discard((self, kind, key))


def _known_by(session: Session) -> str:
    """A guest has a nick, and who has logged in was a guest."""
    return (
        nick_target(session.nick) if session.account is None else session_identity(session.number)
    )
