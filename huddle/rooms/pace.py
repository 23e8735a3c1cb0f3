"""The pace of a slow room: when each person spoke last, however they come and go.

A person is known by their identity, and a guest by their nick as well, since a guest who leaves and
comes in again has another identity. Who takes another nick meanwhile is known by their address: who
goes leaves behind when they spoke, and the next who comes in from there takes that over. Those who
are here are not slowed by it, however many there are at one address: a class does not wait for one
of its pupils.
"""

from __future__ import annotations

from math import inf
from typing import TypeVar

from huddle.people.identity import nick_target
from huddle.people.sessions import Session
from huddle.protocol.limits import Limits
from huddle.record import session_identity

K = TypeVar("K")


class Pace:
    """Of one room. Times are seconds of a monotonic clock; of each kind `Limits.spoke` are kept."""

    __slots__ = ("_left", "_most", "_otherwise", "spoke")

    def __init__(self, limits: Limits) -> None:
        self._most = limits.spoke
        self.spoke: dict[str, float] = {}
        """When each identity spoke last."""
        self._otherwise: dict[str, float] = {}
        """The same of what else a person is known by."""
        self._left: dict[tuple[str, int], float] = {}
        """When those spoke last who have gone, by their address and number."""

    def wait(self, session: Session, pause: float, now: float) -> float:
        """Seconds that the session has to wait; if it need not, it has spoken now."""
        wait = self._last(session) + pause - now
        if wait > 0:
            return wait
        self._note(self.spoke, session.identity, now)
        self._note(self._otherwise, _known_by(session), now)
        return 0.0

    def goes(self, session: Session) -> None:
        """The session leaves the room: when it spoke last is kept for when it comes again."""
        time = self._last(session)
        if time == -inf:
            return
        self._note(self._otherwise, _known_by(session), time)  # it may have another nick since
        if session.address:
            self._note(self._left, (session.address, session.number), time)

    def comes(self, session: Session) -> None:
        """The session comes into the room, perhaps again, with when it spoke last."""
        left = [place for place in self._left if place[0] == session.address]
        if left:
            time = self._left.pop(max(left, key=self._left.__getitem__))
            self._note(self.spoke, session.identity, max(time, self._last(session)))

    def _last(self, session: Session) -> float:
        otherwise = self._otherwise.get(_known_by(session), -inf) if self._otherwise else -inf
        return max(self.spoke.get(session.identity, -inf), otherwise)

    def _note(self, times: dict[K, float], key: K, time: float) -> None:
        times.pop(key, None)
        times[key] = time
        if len(times) > self._most:
            del times[next(iter(times))]


def _known_by(session: Session) -> str:
    """A guest has a nick, and who has logged in was a guest."""
    return (
        nick_target(session.nick) if session.account is None else session_identity(session.number)
    )
