"""A checker of passwords that can be looked into, for tests of what happens around passwords.

It hides nothing and takes no time, unless it is told to: ``secret`` is kept as ``plain:secret``. ::

    checker = OpenChecker({"ana": "plain:secret"}.get)
    checker.held = True
    proved = checker.prove("ana", "secret", "10.0.0.1")  # nothing yet
    checker.answers()                        # now
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection
from typing import TypeVar

from twisted.internet.defer import Deferred

from huddle.protocol.names import folded_key

T = TypeVar("T")


class OpenChecker:
    """A `Passwords` that knows what is kept by ``hash_of``; in front of it everything is visible.

    ``held`` keeps the answers back until `answers` is called. ``failure`` is what it answers with
    instead, as long as there is one. ``nicks`` are those whose owners it knows from elsewhere.
    """

    def __init__(
        self,
        hash_of: Callable[[str], str | None] = lambda nick: None,
        nicks: Collection[str] = (),
    ) -> None:
        self.hash_of = hash_of
        self.nicks = nicks
        self.held = False
        self.failure: Exception | None = None
        self.beside: OpenChecker | None = None
        """Another node's: what is asked of this one waits there, too."""
        self._waiting: deque[Callable[[], None]] = deque()

    def may_know(self, nick: str) -> bool:
        """Whether it is one of those."""
        return folded_key(nick) in map(folded_key, self.nicks)

    @property
    def waiting(self) -> int:
        """How many have no answer yet."""
        return len(self._waiting)

    def prove(self, nick: str, password: str, address: str) -> Deferred[bool]:
        """Compare it with what is kept, by the time of the answer."""
        return self._answer(lambda: self.hash_of(nick) == kept(password))

    def hashed(self, password: str, address: str) -> Deferred[str]:
        """Hide it not at all."""
        return self._answer(lambda: kept(password))

    def answers(self, count: int | None = None) -> None:
        """Give that many of the answers held back, in order; else all there are."""
        for _ in range(len(self._waiting) if count is None else count):
            self._waiting.popleft()()

    def _answer(self, answer: Callable[[], T]) -> Deferred[T]:
        if self.beside is not None:
            return self.beside._answer(answer)
        deferred: Deferred[T] = Deferred()

        def give() -> None:
            if deferred.called:
                return  # whoever asked has cancelled it
            if self.failure is None:
                deferred.callback(answer())
            else:
                deferred.errback(self.failure)

        if self.held:
            self._waiting.append(give)
        else:
            give()
        return deferred


def kept(password: str) -> str:
    """What this checker keeps of a password."""
    return f"plain:{password}"
