"""The expiry of sessions that are held: whose hold ends when.

Every node counts all holds, since any may be the one that has to say that they are over: the
lowest that lives. As all last equally long they end in the order in which they began. One that has
ended is kept until the log says so, in case that the node which said it was gone before.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from huddle.cluster.effects import Held
from huddle.cluster.entries import Expire
from huddle.cluster.state import State

AGAIN = 10.0
"""Seconds after which the end of a hold is said again, if it has not come back."""


class SessionExpiry:
    """The holds of the sessions of all nodes, by this node's clock."""

    def __init__(self) -> None:
        self._ends: deque[tuple[float, int, int]] = deque()
        self._said: deque[tuple[float, int, int]] = deque()

    def __len__(self) -> int:
        return len(self._ends) + len(self._said)

    def begin(self, held: Held, end: float) -> None:
        """Note that this session is away, and when its hold ends."""
        self._ends.append((end, held.session, held.losses))

    def ended(self, state: State, now: float) -> Iterator[Expire]:
        """The entries by which this node says whose hold has ended by now; each is given once, and
        again after `AGAIN` seconds if the log does not say so by then."""
        for waiting in (self._ends, self._said):
            for _ in range(len(waiting)):
                if waiting[0][0] > now:
                    break
                _, session, losses = waiting.popleft()
                if _is_held(state, session, losses):
                    self._said.append((now + AGAIN, session, losses))
                    yield Expire(session, losses)

    def forget(self, state: State, now: float) -> None:
        """Where another node says whose hold has ended: count those no more of which the log says
        that they are not held."""
        for waiting in (self._ends, self._said):
            while waiting and waiting[0][0] <= now and not _is_held(state, *waiting[0][1:]):
                waiting.popleft()


def _is_held(state: State, number: int, losses: int) -> bool:
    session = state.sessions.get(number)
    return session is not None and session.here and session.away and session.losses == losses
