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

Nor is a person shut out by what others at their address have guessed. Where a guess would have to
wait for anybody but its own guesser, and is for the nick of a session that is here or held, it is
heard all the same if no other was heard so for that session, for 30 days. This counts for the
guesser alone, and its table has `ONCE` places: made-up nicks, and other spellings of one, do not
fill it, but as many sessions would.

A word is one of 96,350 million (`huddle.people.return_words`). In a year the house hears at most
3.19 million first guesses of addresses (262,144 in 30 days), 0.40 million first ones at sessions
(32,768 in 30 days) and 3.94 million others (one in 8 s), tried against one session each. So that
any held session is opened by guessing has a chance of at most 7.53 / 96,350 = 0.78 × 10^-4,
whatever anybody does. A restart forgets the tables and the waits: each allows 295,912 guesses more,
0.03 × 10^-4. Of several nodes each has its part of the places.
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

ONCE = 2**15
"""Guesses that are heard in `MARKED` for being the first at a session that would have to wait."""

MARKED = 30 * 86_400.0
"""Seconds that an address has failures at most, and that a session was guessed at."""

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
    address are among them, ``there`` is the number of the nick's session if that is here or held,
    else 0, and ``at_home`` says that it was at this address last.
    """

    address: str
    who: Hashable
    nick: str = ""
    targets: int = 1
    alone: bool = False
    there: int = 0
    at_home: bool = False


class ReturnWordGuesses:
    """All of the house. ``guesses`` are those of an address, of words alone.

    ``seconds`` is a monotonic clock.
    """

    def __init__(self, guesses: Guesses, seconds: Callable[[], float]) -> None:
        self._guesses = guesses
        self._seconds = seconds
        self._targets = AddressRates(*_TARGETS)
        self._nicks: Remembered[str, Throttle] = Remembered()
        self._house = Throttle(*_HOUSE, seconds())
        self._marks = _Marks(_SLOTS, seconds())
        self._once = _Marks(ONCE, seconds(), most=1)

    def begin(self, guess: Guess) -> Callable[[bool], None]:
        """Let the guess be heard; call what is returned with whether it was no failure.

        Raises `TooManyTries`, and `BadUsage` where it would be heard with its nick. It counts for
        the house from now on: a thousand that are looked up at once are a thousand guesses.
        """
        now, nodes = self._seconds(), self._guesses.nodes
        self._marks.age(now)
        self._once.age(now)
        free = self._marks.is_clean(guess.address, nodes)
        wait = self._guesses.wait(guess.address, now, guess.who)
        wait = wait or self._common_wait(guess, free, now)
        if wait:
            if not self._is_first(guess, now):
                raise TooManyTries(wait)
            return self._begin_first(guess, now)
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

    def _is_first(self, guess: Guess, now: float) -> bool:
        """Whether it is the first, and waits for others alone."""
        if not guess.there or guess.targets > 1:
            return False
        if self._guesses.own_wait(guess.address, now, guess.who):
            return False
        return self._once.is_clean(guess.there, self._guesses.nodes)

    def _begin_first(self, guess: Guess, now: float) -> Callable[[bool], None]:
        nodes = self._guesses.nodes
        self._once.add(guess.there, nodes)

        def settle(harmless: bool) -> None:
            if harmless:
                self._once.remove(guess.there, nodes)
            else:
                self._guesses.own_failed(guess.address, now, guess.who)

        return settle

    def _common_wait(self, guess: Guess, free: bool, now: float) -> float:
        if guess.alone and self._targets.wait(guess.address, now):
            raise BadUsage(USAGE)
        if free and guess.targets == 1:
            return 0.0
        house = self._house.wait(now)
        if house and guess.alone:
            raise BadUsage(USAGE)
        nick = None if free or guess.at_home else self._nicks.get(guess.nick)
        return max(0.0 if free else house, nick.wait(now) if nick else 0.0)

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
    """How many failures each of them has had, up to as many as are free. Those that share a place
    share their number, and nodes the places: each has a part of its own table."""

    def __init__(self, slots: int, now: float, most: int = _FIRST) -> None:
        self._slots = slots
        self._begun = now
        self._free = most
        self._counts = bytearray(slots)

    def age(self, now: float) -> None:
        """Forget all failures when they are old enough at this time."""
        if now - self._begun >= MARKED:
            self._begun, self._counts = now, bytearray(self._slots)

    def is_clean(self, key: Hashable, nodes: int) -> bool:
        return self._counts[self._place(key, nodes)] < self._free

    def add(self, key: Hashable, nodes: int) -> None:
        """Count one more, as so many as there are nodes, none of which knows of the others'."""
        place = self._place(key, nodes)
        self._counts[place] = min(self._counts[place] + nodes, _MOST)

    def remove(self, key: Hashable, nodes: int) -> None:
        place = self._place(key, nodes)
        if nodes <= self._counts[place] < _MOST:
            self._counts[place] -= nodes

    def _place(self, key: Hashable, nodes: int) -> int:
        return _place(key, max(self._slots // nodes, 1))


def _place(key: Hashable, places: int) -> int:
    return hash(key) % places
