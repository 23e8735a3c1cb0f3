"""Authentication: all that is opened by a secret, and how often one may guess.

Return words and the keys of rooms are kept as keyed hashes (the key lies beside the record, and not
in it), passwords by the `Gate`. A wrong guess of any of them counts against whoever guesses and
against their address (`huddle.people.return_words.Guesses`).
"""

from __future__ import annotations

import hmac
from collections import Counter
from collections.abc import Callable, Hashable

from huddle.people import room_keys
from huddle.people.gate import Gate
from huddle.people.registrations import Registrations
from huddle.people.return_words import Guesses, normal
from huddle.protocol.errors import BadPassword, TooManyTries, WrongPassword
from huddle.protocol.limits import Limits
from huddle.protocol.names import folded_key

AT_ONCE = 3
"""Passwords of one nick that are checked at once for one address: as many as may be wrong before
the first wait. Else a hundred guesses could be made before the first of them is counted."""

LATER = 2.0
"""Seconds to wait when there are more."""


class Authentication:
    """One for the whole house. ``seconds`` is a monotonic clock."""

    def __init__(
        self, word_key: bytes, gate: Gate, seconds: Callable[[], float], limits: Limits
    ) -> None:
        self._word_key = word_key
        self._gate = gate
        self._seconds = seconds
        self._limits = limits
        self._guesses = Guesses()
        self._asking: Counter[tuple[str, str]] = Counter()
        self.registrations = Registrations()

    def hashed_word(self, word: str) -> bytes:
        """What is kept of a return word, however it is typed."""
        return hmac.digest(self._word_key, normal(word).encode(), "sha256")

    def hashed_key(self, key: str) -> bytes:
        """What is kept of a room's key. Raises `BadField`."""
        return room_keys.hashed(self._word_key, key)

    def check_guesses(self, address: str, who: Hashable) -> None:
        """Raises `TooManyTries` when this one, or that address, has to wait."""
        wait = self._guesses.wait(address, self._seconds(), who)
        if wait:
            raise TooManyTries(wait)

    def guessed_wrong(self, address: str, who: Hashable) -> None:
        """Count it."""
        self._guesses.failed(address, self._seconds(), who)

    async def prove(self, nick: str, password: str, address: str) -> None:
        """Returns when that is the password of the registered nick.

        Raises `WrongPassword`, `TooManyTries` and `TooMany`.
        """
        who = folded_key(nick)
        self.check_guesses(address, who)
        if self._asking[address, who] >= AT_ONCE:
            raise TooManyTries(LATER)
        if not await self._proved(nick, password, (address, who)):
            self.guessed_wrong(address, who)
            raise WrongPassword

    async def _proved(self, nick: str, password: str, asking: tuple[str, str]) -> bool:
        if len(password) > self._limits.password_most:
            return False
        self._asking[asking] += 1
        try:
            return await self._gate.prove(nick, password)
        finally:
            self._asking[asking] -= 1
            if not self._asking[asking]:
                del self._asking[asking]

    async def hashed_password(self, password: str) -> str:
        """What is kept of a new password. Raises `BadPassword` and `TooMany`."""
        least, most = self._limits.password_least, self._limits.password_most
        if not least <= len(password) <= most:
            raise BadPassword(least, most)
        return await self._gate.hashed(password)
