"""Guesses of return words, and how many of them are heard: the sum that keeps a word from them.

A word opens a session together with its nick, or without one where it comes from the address at
which that session was last. So a guess is tried against one session, or against those of one
address: these are its ``targets``. Six bounds lie over one another. Each counts failures alone; who
is right is not counted.

=============== ==================================== =========================================
of              bound                                holds for
=============== ==================================== =========================================
a guesser       doubling waits after 3               everybody (`huddle.people.rates.Guesses`)
an address      128, then 1 in 30 s                  everybody; an IPv6 /64 is one address
the targets of  128, then 1 in 30 s                  a word without its nick
an address
an IPv6 /48     512, then 4 in 30 s                  everybody in it (`Guesses`, too)
a nick          32, then 1 a minute                  addresses with failures, but not where the
                                                     session of that nick was last
the house       1,000, then 1 in 8 s, in targets     addresses with failures
=============== ==================================== =========================================

An address without failures is always heard: no one can shut out who has done nothing. It has *one
with failures* after two, for 30 days. What is remembered of that is a table of fixed size, so that
however many addresses a guesser has, `FREE` guesses at most are heard for being an address's first:
when the table is full of failures, everybody shares what the house hears.

A word is one of 96,350 million (`huddle.people.return_words`). In a year the house hears at most
3.19 million first guesses (262,144 in 30 days) and 3.94 million others (one in 8 s), tried against
one session each. So that any held session is opened by guessing has a chance of at most
7.13 / 96,350 = 0.74 × 10^-4, whatever anybody does. A restart forgets the table and the waits: each
allows 263,144 guesses more, 0.03 × 10^-4.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass

from huddle.people.rates import AddressRates, Guesses, Remembered, Throttle
from huddle.protocol.errors import BadUsage, TooManyTries

_SLOTS = 2**17
_FIRST = 2
_MOST = 255
FREE = _SLOTS * _FIRST
"""Guesses that are heard in `MARKED` for being one of the first two of an address."""

MARKED = 30 * 86_400.0
"""Seconds that an address has failures at most."""

_TARGETS = 1 / 30, 128
_NICK = 1 / 60, 32
_HOUSE = 1 / 8, 1000
"""Failures a second, and at once."""

USAGE = "/back NICK WORD · /volver APODO PALABRA"


@dataclass(frozen=True, slots=True)
class Guess:
    """A return word that is tried: from where, who guesses, and against how many sessions.

    ``nick`` is the folded key of the nick that it is for, empty where none was given. ``targets``
    are the sessions here or held that it might open, at least 1; ``alone`` says that those of the
    address are among them, ``at_home`` that the nick's session was at this address last.
    """

    address: str
    who: Hashable
    nick: str = ""
    targets: int = 1
    alone: bool = False
    at_home: bool = False


class WordGuesses:
    """All of the house. ``guesses`` are those of an address, of words alone.

    ``seconds`` is a monotonic clock.
    """

    def __init__(self, guesses: Guesses, seconds: Callable[[], float]) -> None:
        self._guesses = guesses
        self._seconds = seconds
        self._targets = AddressRates(*_TARGETS)
        self._nicks: Remembered[str, Throttle] = Remembered()
        self._house = Throttle(*_HOUSE, seconds())
        self._marks = _Marks(seconds())

    def begin(self, guess: Guess) -> Callable[[bool], None]:
        """Let the guess be heard; call what is returned with whether it was no failure.

        Raises `TooManyTries`, and `BadUsage` where it would be heard with its nick. It counts for
        the house from now on: a thousand that are looked up at once are a thousand guesses.
        """
        now = self._seconds()
        self._marks.age(now)
        wait = self._guesses.wait(guess.address, now, guess.who)
        if wait:
            raise TooManyTries(wait)
        free = self._marks.is_clean(guess.address)
        self._check_common(guess, free, now)
        nodes = self._guesses.nodes
        cost = (guess.targets - free) * nodes
        self._house.spend(now, cost)
        if free:
            self._marks.add(guess.address, nodes)

        def settle(harmless: bool) -> None:
            if not harmless:
                self._count(guess, free, now)
                return
            self._house.give_back(cost)
            if free:
                self._marks.remove(guess.address, nodes)

        return settle

    def _check_common(self, guess: Guess, free: bool, now: float) -> None:
        if guess.alone and self._targets.wait(guess.address, now):
            raise BadUsage(USAGE)
        if free and guess.targets == 1:
            return
        house = self._house.wait(now)
        if house and guess.alone:
            raise BadUsage(USAGE)
        nick = None if free or guess.at_home else self._nicks.get(guess.nick)
        wait = max(0.0 if free else house, nick.wait(now) if nick else 0.0)
        if wait:
            raise TooManyTries(wait)

    def _count(self, guess: Guess, free: bool, now: float) -> None:
        nodes = self._guesses.nodes
        self._guesses.failed(guess.address, now, guess.who)
        if not free:
            self._marks.add(guess.address, nodes)
        if guess.nick:
            self._nicks.renewed(guess.nick, lambda: Throttle(*_NICK, now)).spend(now, nodes)
        if guess.alone:
            self._targets.spend(guess.address, now, guess.targets * nodes)


class _Marks:
    """How many failures the addresses have had. Those that share a place share their number."""

    def __init__(self, now: float) -> None:
        self._begun = now
        self._counts = bytearray(_SLOTS)

    def age(self, now: float) -> None:
        """Forget all failures when they are old enough at this time."""
        if now - self._begun >= MARKED:
            self._begun, self._counts = now, bytearray(_SLOTS)

    def is_clean(self, address: str) -> bool:
        return self._counts[_place(address)] < _FIRST

    def add(self, address: str, failures: int) -> None:
        place = _place(address)
        self._counts[place] = min(self._counts[place] + failures, _MOST)

    def remove(self, address: str, failures: int) -> None:
        place = _place(address)
        if failures <= self._counts[place] < _MOST:
            self._counts[place] -= failures


def _place(address: str) -> int:
    return hash(address) % _SLOTS
