"""Rates: how fast lines, connections, registrations and wrong guesses may come.

What comes over one connection has a `Throttle`. What may come over any number of them is counted
by address, an IPv6 /64 being one: in `AddressRates`, `Registrations` and `Guesses`. What these
remember is bounded: the address that was heard of longest ago is forgotten first, since a guest who
has so many addresses could begin anew with each of them anyway.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import TypeVar

from huddle.people.identity import site
from huddle.protocol.errors import TooMany
from huddle.protocol.limits import SITE

K = TypeVar("K")
V = TypeVar("V")

REMEMBERED = 4096
"""Addresses, or guessers, of which one limit remembers something."""

HOUR_MS = 3_600_000

# Less than a clock's tick: so much too early is in time, or a rounding error would be a wait.
_ROUNDING = 1e-6


class Throttle:
    """A token bucket: ``burst`` lines at once, then ``rate`` a second; rate 0 is no limit.

    It is kept as one time, the one at which the bucket is full again (the generic cell rate
    algorithm of ATM, ITU-T I.371): nothing to refill, nothing to schedule. Times are seconds of one
    monotonic clock. ``burst`` is at least 1, or nothing would ever pass.
    """

    __slots__ = ("_full_at", "_room", "_seconds")

    def __init__(self, rate: float, burst: int, now: float) -> None:
        self._seconds = 1 / rate if rate else 0.0
        self._room = self._seconds * (burst - 1)
        self._full_at = now

    def take(self, now: float) -> float:
        """Let one line pass and return 0.0, or return the seconds until one may.

        A line that has to wait is not counted; ask again for it when its time has come.
        """
        wait = self._full_at - self._room - now
        if wait > _ROUNDING:
            return wait
        self._full_at = max(self._full_at, now) + self._seconds
        return 0.0

    def wait(self, now: float) -> float:
        """Return the seconds until a line may pass, 0.0 when one may, and take nothing."""
        wait = self._full_at - self._room - now
        return wait if wait > _ROUNDING else 0.0

    def used(self, now: float) -> float:
        """The part of the burst that is used up: 0 is nothing, 1 all of it."""
        return max(self._full_at - now, 0.0) / (self._room + self._seconds)

    def give_back(self, count: int = 1) -> None:
        """Uncount so many that were let pass and did not come."""
        self._full_at -= count * self._seconds

    def spend(self, now: float, count: int = 1) -> None:
        """Count so many that have passed anyway; the following ones wait for them."""
        if count:
            self._full_at = max(self._full_at, now) + count * self._seconds


class Remembered(OrderedDict[K, V]):
    """What is known of the last `REMEMBERED` of them."""

    def renewed(self, key: K, make: Callable[[], V]) -> V:
        """What is known of this one, made when nothing is; from now on it is the newest."""
        known = self.get(key)
        if known is None:
            known = self[key] = make()
            if len(self) > REMEMBERED:
                self.popitem(last=False)
        self.move_to_end(key)
        return known


class AddressRates:
    """Each address may do it ``burst`` times at once, then ``rate`` times a second; rate 0: freely.
    All those in one IPv6 /48 together may do it ``wide`` times as often; 0: each for itself.

    Times are seconds of one monotonic clock.
    """

    def __init__(self, rate: float, burst: int, wide: int = 0) -> None:
        self._rate = rate
        self._burst = max(burst, 1)
        self._sites = AddressRates(wide * rate, wide * burst) if wide else None
        self._throttles: Remembered[str, Throttle] = Remembered()

    def take(self, address: str, now: float) -> float:
        """Count one more from there and return 0.0, or return the seconds until one may come.

        The empty address, which everybody on this machine shares, has no limit.
        """
        if not address or not self._rate:
            return 0.0
        sites = self._sites if ":" in address else None
        wait = 0.0 if sites is None else sites.wait(site(address), now)
        wait = wait or self._throttle(address, now).take(now)
        if sites is not None and not wait:
            sites.take(site(address), now)
        return wait

    def wait(self, address: str, now: float) -> float:
        """Return the seconds until one may come from there; 0.0: now. Nothing is counted."""
        throttle = self._throttles.get(address)
        wait = throttle.wait(now) if throttle else 0.0
        if self._sites is not None and ":" in address:
            wait = max(self._sites.wait(site(address), now), wait)
        return wait

    def used(self, address: str, now: float) -> float:
        """The part of what may come at once from there that has come: 0 is nothing, 1 all of it."""
        throttle = self._throttles.get(address)
        return throttle.used(now) if throttle else 0.0

    def spend(self, address: str, now: float, count: int = 1) -> None:
        """Count so many that came from there anyway; the following ones wait for them."""
        self._throttle(address, now).spend(now, count)
        if self._sites is not None and (wide := site(address)):
            self._sites.spend(wide, now, count)

    def _throttle(self, address: str, now: float) -> Throttle:
        return self._throttles.renewed(address, lambda: Throttle(self._rate, self._burst, now))


class Registrations:
    """How many accounts were registered from each address, and each IPv6 /48, in the last hour.

    Times are milliseconds since 1970.
    """

    def __init__(self) -> None:
        self._times: Remembered[str, list[int]] = Remembered()

    def check(self, address: str, now: int, limit: int) -> None:
        """Raises `TooMany` when there may be no more from there: ``limit`` of an address,
        three times as many of a /48. Nothing is counted yet."""
        for place, most in ((address, limit), (site(address), SITE["registrations"] * limit)):
            if len(_lately(self._times.get(place, []), now)) >= most:
                raise TooMany("registrations", most)

    def count(self, address: str, now: int) -> None:
        """Count one account more that was registered from there; the empty address has no limit."""
        for place in filter(None, (address, site(address))):
            times = self._times.renewed(place, list)
            times[:] = [*_lately(times, now), now]


def _lately(times: list[int], now: int) -> list[int]:
    return [time for time in times if now - time < HOUR_MS]


# Two limits lie one over the other. A guesser is slowed down alone, by doubling waits, be it
# by their nick or by their connection. Their address is limited too, since nicks and connections
# cost nothing; but it is the address of a whole class, so its allowance is what a class may mistype
# together, and a single one cannot use it up: after seven failures that one's waits are longer than
# the allowance needs to grow by one. What is left is a guesser who makes a connection for each
# guess: that holds up `/back` behind that one address, and nothing else, since words, passwords and
# keys are counted apart (`huddle.people.authentication`).

_FREE = 3
"""Failures of one guesser before the first wait."""

_FIRST_WAIT = 2.0
_LONGEST_WAIT = 600.0
"""Seconds; each failure doubles the wait, up to ten minutes."""

_ADDRESS_RATE = 1 / 30
_ADDRESS_BURST = 128
"""Failures of one address: at once (64 connections, each wrong twice), then one in 30 s."""

_WIDE = 4
"""How many times as many one IPv6 /48 has, which is one customer's as a rule, who has 65,536
addresses."""

_FORGOTTEN = 3600.0
"""Seconds without a failure, after which a guesser begins anew. An address has then got most of
its allowance back."""


@dataclass(slots=True)
class _Guesser:
    """One who guessed wrong: how often, when last, and from when on the next guess is heard."""

    failures: int = 0
    last: float = 0.0
    heard_at: float = 0.0


class Guesses:
    """Who may try a secret of one kind now. Times are seconds of one monotonic clock.

    ``address`` is where a guess comes from, an IPv6 /64 being one address; its /48 counts as well.
    ``who`` is the guesser there: their nick, or their connection as long as they have none. Without
    it only the address counts. What is remembered of either is bounded.

    ``nodes`` is how many servers of one house hear guesses, none of which knows what the others
    have heard: each counts a failure as so many.
    """

    def __init__(self) -> None:
        self.nodes = 1
        self._addresses = AddressRates(_ADDRESS_RATE, _ADDRESS_BURST, _WIDE)
        self._guessers: Remembered[tuple[str, Hashable], _Guesser] = Remembered()

    def wait(self, address: str, now: float, who: Hashable = None) -> float:
        """Return the seconds until a guess is heard; 0.0: now. Nothing is counted yet."""
        return max(self._addresses.wait(address, now), self.own_wait(address, now, who))

    def own_wait(self, address: str, now: float, who: Hashable) -> float:
        """The seconds that this guesser alone has to wait, whatever others there have done."""
        guesser = self._guessers.get((address, who))
        return max(guesser.heard_at - now, 0.0) if guesser else 0.0

    def failed(self, address: str, now: float, who: Hashable = None) -> None:
        """Count a guess that was heard and wrong."""
        self._addresses.spend(address, now, self.nodes)
        if who is not None:
            self.own_failed(address, now, who)

    def own_failed(self, address: str, now: float, who: Hashable) -> None:
        """Count a wrong guess against the guesser alone, and not against the whole address."""
        _count(self._guessers.renewed((address, who), _Guesser), now, self.nodes)


def _count(guesser: _Guesser, now: float, failures: int) -> None:
    if now - guesser.last > _FORGOTTEN:
        guesser.failures = 0
    guesser.failures += failures
    guesser.last = now
    if guesser.failures >= _FREE:
        doubled = _FIRST_WAIT * 2.0 ** min(guesser.failures - _FREE, 30)
        guesser.heard_at = now + min(doubled, _LONGEST_WAIT)
