"""The operators' code: who brings it is put in charge of a house that has nobody in charge.

It is made as return words are (`huddle.people.return_words`: one of 96,350 million), shown on the
server's own screen, and good once and for an hour. Kept is what it hashes to, under the server's
key, and until when it is good; so a copy of what is kept is not enough to try codes against it.
There is one at a time: the newest.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from huddle.people.return_words import Choose, make, normal

GOOD_MS = 3_600_000
"""Milliseconds for which a code is good."""


class Keeping(Protocol):
    """Where the code is kept: in a file beside the record, or in memory."""

    def read(self) -> bytes | None:
        """What was written last; None where there is nothing, or nothing that can be read."""

    def write(self, kept: bytes | None) -> None:
        """Keep this in the place of what was there; None: keep nothing. Raises `OSError`."""


class InMemory:
    """Keeps a code no longer than the process."""

    _kept: bytes | None = None

    def read(self) -> bytes | None:
        """What was written last; None where nothing was."""
        return self._kept

    def write(self, kept: bytes | None) -> None:
        """Keep this in the place of what was there."""
        self._kept = kept


class Code(Protocol):
    """Gives codes out, and takes them."""

    def give(self, choose: Choose) -> str:
        """A code, in the place of any that this server gave before. Raises `OSError`."""

    def take(self, typed: str) -> Callable[[], None] | None:
        """Use the code up, if it is one, however it is typed; None if it is not.

        Call what is returned where nothing came of it: the code is as good as before then.
        """


@dataclass(eq=False, repr=False)
class OperatorCode:
    """Gives codes out, and takes them.

    ``now_ms`` is the machine's time of day in milliseconds, by which a code is judged that another
    process gave: `huddle-account`, or this server before it was started anew. ``seconds`` is a
    clock that no setting changes, by which its own hour is measured; without one that is by the
    time of day, too.
    """

    _keeping: Keeping
    _word_key: bytes
    _now_ms: Callable[[], int]
    _seconds: Callable[[], float] | None = None
    _given: tuple[bytes, float] | None = None
    """What is kept of the code that was given here, and when its hour ends."""

    def give(self, choose: Choose) -> str:
        """Make a code, in the place of any before it. Raises `OSError`."""
        code = make(choose)
        until = self._now_ms() + GOOD_MS
        kept = b"%d %s" % (until, self._hashed(code))
        self._keeping.write(kept)
        if self._seconds is not None:
            self._given = kept, self._seconds() + GOOD_MS / 1000
        return code

    def take(self, typed: str) -> Callable[[], None] | None:
        """Use the code up, if it is this, however it is typed; None if it is not.

        Call what is returned where nothing came of it: the code is as good as before then.
        """
        kept = self._keeping.read()
        until, _, digest = (kept or b"0 ").partition(b" ")
        is_right = hmac.compare_digest(digest, self._hashed(typed))
        if not is_right or kept is None or not self._is_good(kept, until):
            return None
        self._keeping.write(None)
        return lambda: self._keeping.write(kept)

    def _is_good(self, kept: bytes, until: bytes) -> bool:
        """Not beyond its hour; nor long before it, as after a clock that was set back."""
        if self._given is not None and self._seconds is not None and kept == self._given[0]:
            return self._seconds() < self._given[1]
        return until.isdigit() and 0 < int(until) - self._now_ms() <= GOOD_MS

    def _hashed(self, code: str) -> bytes:
        plain = b"operator " + normal(code).encode("utf-8", "replace")
        return hmac.new(self._word_key, plain, "sha256").hexdigest().encode()
