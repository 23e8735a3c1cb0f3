"""The gate: who knows whether a password is the right one, as the core asks it.

A good hash takes 50 ms and much memory on purpose, so the answers come later, and what is asked
stands in a queue that is bounded. The core knows nothing of how a password is hashed, nor of
whoever else may know one (`huddle.server.credentials`); it never keeps or logs one itself.
"""

from __future__ import annotations

from typing import Protocol

from twisted.internet.defer import Deferred


class Gate(Protocol):
    """Checks and hashes passwords.

    Both fail with `TooMany` (``hashing``) where more than may be are waiting: nothing is known
    then of the password.
    """

    def prove(self, nick: str, password: str) -> Deferred[bool]:
        """Whether this is the password of that nick; False for a nick that has none.

        Takes as long for a nick that nobody knows as for a wrong password.
        """
        ...

    def hashed(self, password: str) -> Deferred[str]:
        """What is to be kept of a password, salted: never twice the same."""
        ...
