"""Return words, ``otter-41-lamp``: made, read again as people type them, and not to be guessed.

A word is two different ones of 1,024 and a number of 10 to 99 between them: 94 million, 26.5 bits.
That is what a child copies from the screen without an error, and too few if one might try at will;
so failures are limited (`Guesses`). From one address 128 guesses pass at once and 2,880 a day after
that. Whoever goes on for a day in a house where 100 words are waiting opens one of them with a
chance of 0.3 %, and one certain person's with 0.003 %. Each word is good for one nick and once.

The 1,024 are English or known everywhere, of 3 to 8 letters, plain to spell and friendly; no two
differ by one letter, added, left out or changed, nor by two that changed places. So a slip of the
finger in one of them never makes another.
"""

from __future__ import annotations

import re
import unicodedata
from collections import OrderedDict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

from huddle.people.rates import Throttle

T = TypeVar("T")
K = TypeVar("K")
V = TypeVar("V")

WORDS = Path(__file__).with_name("words.txt").read_text("ascii").split()
"""The 1,024. To change one leaves the return words good that were made of it."""

_NUMBERS = range(10, 100)
_SHAPE = re.compile(r"[^a-z0-9]*([a-z]+)[^a-z0-9]*([0-9]+)[^a-z0-9]*([a-z]+)[^a-z0-9]*")


class Choose(Protocol):
    """Chance that cannot be foreseen: `secrets.choice`."""

    def __call__(self, options: Sequence[T], /) -> T: ...


def make(choose: Choose) -> str:
    """Make a new word, which is normal as it is."""
    first = choose(range(len(WORDS)))
    second = choose(range(len(WORDS) - 1))
    second += second >= first  # any but the first
    return f"{WORDS[first]}-{choose(_NUMBERS)}-{WORDS[second]}"


def normal(typed: str) -> str:
    """Make the word of what somebody typed: ``Otter 41 lámp``, ``OTTER41LAMP``, ``otter–41–lamp``.

    Case, accents and what stands between do not matter. What is no return word at all comes back in
    lower case; it is known to nobody.
    """
    plain = unicodedata.normalize("NFKD", typed).casefold()
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    shape = _SHAPE.fullmatch(plain)
    return "-".join(shape.groups()) if shape else plain


# Two limits lie one over the other. Whoever guesses is slowed down alone, by doubling waits, be it
# by their nick or by their connection. Their address is limited too, since nicks and connections
# cost nothing; but it is the address of a whole class, so its allowance is what a class may mistype
# together, and a single one cannot use it up: after seven failures that one's waits are longer than
# the allowance needs to grow by one. What is left is somebody who makes a connection for each
# guess: that holds up `/back` behind that one address, and nothing else.

_FREE = 3
"""Failures of one guesser before the first wait."""

_FIRST_WAIT = 2.0
_LONGEST_WAIT = 600.0
"""Seconds; each failure doubles the wait, up to ten minutes."""

_ADDRESS_RATE = 1 / 30
_ADDRESS_BURST = 128
"""Failures of one address: at once (64 connections, each wrong twice), then one in 30 s."""

_FORGOTTEN = 3600.0
"""Seconds without a failure, after which a guesser begins anew. An address has then got most of
its allowance back."""

_REMEMBERED = 4096
"""Guessers, and addresses, that are kept at most; the ones that failed longest ago go first."""


@dataclass(slots=True)
class _Guesser:
    """Somebody who failed: how often, when last, and from when on they are heard again."""

    failures: int = 0
    last: float = 0.0
    heard_at: float = 0.0


class Guesses:
    """Who may try a return word now. Times are seconds of one monotonic clock.

    ``address`` is where a guess comes from, an IPv6 /64 being one address. ``who`` is whoever
    guesses there: their nick, or their connection as long as they have none. Without it only the
    address counts. What is remembered of either is bounded.
    """

    def __init__(self) -> None:
        self._addresses: OrderedDict[str, Throttle] = OrderedDict()
        self._guessers: OrderedDict[tuple[str, Hashable], _Guesser] = OrderedDict()

    def wait(self, address: str, now: float, who: Hashable = None) -> float:
        """Return the seconds until a guess is heard; 0.0: now. Nothing is counted yet."""
        throttle = self._addresses.get(address)
        guesser = self._guessers.get((address, who))
        return max(
            throttle.wait(now) if throttle else 0.0,
            guesser.heard_at - now if guesser else 0.0,
            0.0,
        )

    def failed(self, address: str, now: float, who: Hashable = None) -> None:
        """Count a guess that was heard and wrong."""
        throttle = self._addresses.setdefault(address, Throttle(_ADDRESS_RATE, _ADDRESS_BURST, now))
        throttle.spend(now)
        _remember(self._addresses, address)
        if who is not None:
            guesser = self._guessers.setdefault((address, who), _Guesser())
            _count(guesser, now)
            _remember(self._guessers, (address, who))


def _count(guesser: _Guesser, now: float) -> None:
    if now - guesser.last > _FORGOTTEN:
        guesser.failures = 0
    guesser.failures += 1
    guesser.last = now
    if guesser.failures >= _FREE:
        doubled = _FIRST_WAIT * 2.0 ** min(guesser.failures - _FREE, 30)
        guesser.heard_at = now + min(doubled, _LONGEST_WAIT)


def _remember(failed: OrderedDict[K, V], key: K) -> None:
    """Make this the newest, and forget the oldest beyond what is kept."""
    failed.move_to_end(key)
    if len(failed) > _REMEMBERED:
        failed.popitem(last=False)
