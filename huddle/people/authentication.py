"""Authentication: all that is opened by a secret, and how often one may guess.

Return words and the keys of rooms are kept as their HMAC under the server's own key, which lies
beside the record and not in it: a copy of the record is not enough to try words and keys against
it. Unlike a password's hash it is quickly made, which is right for what a whole room knows, or what
only so many guesses are heard of. Passwords are checked by `Passwords`. A wrong guess of any of the
three counts against the guesser and against their address (`huddle.people.rates.Guesses`), each of
the three for itself: whoever makes up words keeps nobody behind that address from their password.
One of a return word counts against its nick and the house, too
(`huddle.people.return_word_guesses`).
"""

from __future__ import annotations

import hmac
from collections import Counter
from collections.abc import Callable, Hashable
from typing import Protocol

from twisted.internet.defer import Deferred

from huddle.people.rates import AddressRates, Guesses, Registrations, Remembered
from huddle.people.return_word_guesses import ReturnWordGuesses
from huddle.people.return_words import normal
from huddle.protocol.errors import BadField, BadPassword, TooManyTries, WrongPassword
from huddle.protocol.limits import Limits
from huddle.protocol.names import folded_key
from huddle.protocol.text import normalized
from huddle.record.keyed_hash import KeyedHash

AT_ONCE = 3
"""Passwords of one nick that are checked at once for one address: as many as may be wrong before
the first wait. Else a hundred guesses could be made before the first of them is counted."""

LATER = 2.0
"""Seconds to wait when there are more."""

PROOFS_BURST = 20
PROOFS_RATE = 1 / 5
"""Passwords of one nick that are checked for one address, right ones among them: at once, and then
a second. Each costs 50 ms of a thread, and all devices of a person that come back together are
fewer."""

KEY_MOST = Limits().room_key
_SHRINKS = 4
"""Characters of a key as typed that become one when it is normalized, at most."""


class Passwords(Protocol):
    """Checks and hashes passwords, as the core asks for it.

    A good hash takes 50 ms and much memory on purpose, so the answers come later, and what is asked
    stands in a queue that is bounded, in which addresses take turns. The core knows nothing of how
    a password is hashed, nor of which program beside Huddle knows it
    (`huddle.server.password_checkers`); it never keeps or logs one.

    Both methods fail with `TooMany` (``hashing``) where more than may be are waiting of the
    address: nothing is known then of the password.
    """

    def prove(self, nick: str, password: str, address: str) -> Deferred[bool]:
        """Whether this is the password of that nick; False for a nick that has none.

        Takes as long for a nick that has no account as for a wrong password.
        """

    def hashed(self, password: str, address: str) -> Deferred[str]:
        """What is to be kept of a password, salted: never twice the same."""


def hashed_key(word_key: bytes, key: str) -> bytes:
    """What is kept of a room's key, however a keyboard makes its letters.

    Raises `BadField` (``key``) unless it has 1 to `Limits.room_key` characters.
    """
    if len(key) > KEY_MOST * _SHRINKS:
        raise BadField("key")
    plain = normalized("NFKC", key).strip()
    if not 1 <= len(plain) <= KEY_MOST:
        raise BadField("key")
    try:
        return hmac.digest(word_key, plain.encode(), "sha256")
    except UnicodeEncodeError:
        raise BadField("key") from None


class Authentication:
    """One for the whole house. ``seconds`` is a monotonic clock."""

    def __init__(
        self, word_key: bytes, passwords: Passwords, seconds: Callable[[], float], limits: Limits
    ) -> None:
        self._addresses: Remembered[str, bytes] = Remembered()
        self.use_key(word_key)
        self._passwords = passwords
        self._seconds = seconds
        self._limits = limits
        words, self._password_guesses, self._key_guesses = Guesses(), Guesses(), Guesses()
        self._guesses = words, self._password_guesses, self._key_guesses
        self._proofs = AddressRates(PROOFS_RATE, PROOFS_BURST)
        self.return_word_guesses = ReturnWordGuesses(words, seconds)
        self._asking: Counter[tuple[str, str]] = Counter()
        self.registrations = Registrations()

    def use_key(self, word_key: bytes) -> None:
        """Hash by this key from now on; to be called before anyone comes in."""
        self._word_key = word_key
        self._keyed = KeyedHash(word_key)

    def hashed_word(self, word: str) -> bytes:
        """What is kept of a return word, however it is typed."""
        return self.hashed_made(normal(word))

    def hashed_made(self, word: str) -> bytes:
        """What is kept of a return word that is as `huddle.people.return_words.make` made it."""
        return self._keyed.of(word.encode())

    def hashed_address(self, address: str) -> bytes:
        """What is kept of the address where a session was last: a copy of the record tells none."""
        return self._addresses.renewed(
            address, lambda: self._keyed.of(b"address " + address.encode())
        )

    def hashed_key(self, key: str) -> bytes:
        """What is kept of a room's key, and compared with that of the key that is brought.

        Raises `BadField` when it is none, being empty or longer than `Limits.room_key`.
        """
        return hashed_key(self._word_key, key)

    def share(self, nodes: int) -> None:
        """Let through a part of the guesses: so many servers of one house hear them."""
        for guesses in self._guesses:
            guesses.nodes = max(nodes, 1)

    def check_keys(self, address: str, who: Hashable) -> None:
        """Raises `TooManyTries` when this one, or that address, has to wait with a room's key."""
        wait = self._key_guesses.wait(address, self._seconds(), who)
        if wait:
            raise TooManyTries(wait)

    def wrong_key(self, address: str, who: Hashable) -> None:
        """Count a wrong key against who brought it and against that address."""
        self._key_guesses.failed(address, self._seconds(), who)

    def registered(self, address: str) -> None:
        """Count an account that was registered from this address, be it on another node of the
        house."""
        self.registrations.count(address, round(self._seconds() * 1000))

    async def prove(self, nick: str, password: str, address: str) -> None:
        """Returns when that is the password of the registered nick.

        Raises `WrongPassword`, `TooManyTries` and `TooMany`.
        """
        who = folded_key(nick)
        wait = self._password_guesses.wait(address, self._seconds(), who)
        wait = wait or self._proofs.wait(" ".join((address, who)), self._seconds())
        if wait:
            raise TooManyTries(wait)
        if self._asking[address, who] >= max(AT_ONCE // self._password_guesses.nodes, 1):
            raise TooManyTries(LATER)
        if not await self._proved(nick, password, (address, who)):
            self._password_guesses.failed(address, self._seconds(), who)
            raise WrongPassword

    async def _proved(self, nick: str, password: str, asking: tuple[str, str]) -> bool:
        if len(password) > self._limits.password_most:
            return False
        self._asking[asking] += 1
        try:
            proved = await self._passwords.prove(nick, password, asking[0])
            nodes = self._password_guesses.nodes
            self._proofs.spend(" ".join(asking), self._seconds(), nodes)
            return proved
        finally:
            self._asking[asking] -= 1
            if not self._asking[asking]:
                del self._asking[asking]

    async def hashed_password(self, password: str, address: str) -> str:
        """What is kept of a new password. Raises `BadPassword` and `TooMany`."""
        least, most = self._limits.password_least, self._limits.password_most
        if not least <= len(password) <= most:
            raise BadPassword(least, most)
        return await self._passwords.hashed(password, address)
