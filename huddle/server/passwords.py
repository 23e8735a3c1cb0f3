"""Passwords, hashed: what is kept of one opens nothing by itself.

argon2id by argon2-cffi, with its defaults: the low-memory profile of RFC 9106, section 4 (three
passes over 64 MiB in four lanes). One hash takes about 100 ms and these 64 MiB, on purpose: so much
does each guess cost a thief of the database. So it is never done in the reactor's thread
but, one after the other, in one of `Hashing`'s own, where addresses take turns. Two would be no
faster where there are four processors or fewer, since each hash starts a thread for each lane.

All these threads stand back behind the reactor's: a processor that the conversation wants is the
conversation's. Measured on one, with passwords coming without end and a reactor that works for 2 ms
of every 5: what was due was late by 0.1 ms (median; one of a hundred by 8). As equals: 5.4 and 16.

argon2 is imported when the first password comes, 20 ms that a server without accounts never pays.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, NoReturn, TypeVar

from precis_i18n import get_profile
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IReactorFromThreads
from twisted.internet.threads import deferToThreadPool
from twisted.logger import Logger
from twisted.python.failure import Failure
from twisted.python.threadpool import ThreadPool

from huddle.delivery.fair_queue import FairQueue
from huddle.people.identity import site
from huddle.protocol.errors import TooMany
from huddle.protocol.text import clean

if TYPE_CHECKING:
    from argon2 import PasswordHasher

T = TypeVar("T")

STANDING_BACK = 10
"""The niceness of these threads. On one processor, beside a reactor that is busy all the time, they
get a tenth of it: with more, a password might never be checked there."""

_STARVED = ("Memory allocation error", "Threading failure")
"""What argon2 says (argon2.c, ``argon2_error_message``) where the machine is to blame."""

_OPAQUE = get_profile("OpaqueString")


class NoMemory(Exception):
    """There is not enough memory, or no thread, to hash a password now."""


def prepared(password: str) -> str:
    """Make what counts of a password that was typed.

    It is cleaned as whatever comes by a door is. Then the mappings of RFC 8265, section 4.2
    (OpaqueString): any space is a space, and the normal form is NFC; so it does not matter whether
    a keyboard makes ``ñ`` of one character or of two. What that profile refuses is taken as it is,
    such as a joined emoji or a letter too new for this Python: who could type it once can again.
    """
    return str(_OPAQUE.apply_five_rules(clean(password)))


def hash_password(password: str) -> str:
    """Make what is to be kept of a password: salted, in argon2's own notation. Takes its time.

    Raises `NoMemory`.
    """
    from argon2.exceptions import HashingError

    try:
        return _hasher().hash(prepared(password))
    except HashingError as error:
        raise NoMemory(str(error)) from None


def verify(kept: str, password: str) -> bool:
    """Whether that is kept of this password; none is of what is no hash. Takes its time.

    Raises `NoMemory`.
    """
    from argon2.exceptions import VerificationError

    try:
        return _hasher().verify(kept, prepared(password))
    except VerificationError as error:
        if str(error) in _STARVED:
            raise NoMemory(str(error)) from None
        return False
    except ValueError:  # not even its beginning is that of a hash
        return False


def is_outdated(kept: str) -> bool:
    """Whether a hash was made in another way than new ones are."""
    return _hasher().check_needs_rehash(kept)


def nobodys_hash() -> str:
    """Make what is as costly to verify as any hash, and made of no password."""
    hasher = _hasher()
    costs = f"m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
    salt, digest = "A" * 22, "A" * 43  # 16 and 32 bytes in base64
    return f"$argon2id$v=19${costs}${salt}${digest}"


@cache
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher

    return PasswordHasher()


class Hashing:
    """Does it in a thread of its own, which starts with the first password.

    Addresses take turns, so however many passwords come from one, those of another wait for a
    single hash. All of these fail with `TooMany` (``hashing``) where ``limit`` of the address wait
    already, after `stop`, or when there is no memory for it now: nothing is known then of the
    password. A caller that does not want to know any more cancels.
    """

    _log = Logger()

    def __init__(self, reactor: IReactorFromThreads, limit: int) -> None:
        self._reactor = reactor
        self._limit = limit
        self._queue = FairQueue(limit, self._too_many, lambda serve: serve(), site)
        self._thread = ThreadPool(0, 1, "huddle passwords")

    def hashed(self, password: str, address: str) -> Deferred[str]:
        """Fires with what is to be kept of a password."""
        return self._in_turn(address, lambda: hash_password(password))

    def verified(self, kept: str, password: str, address: str) -> Deferred[bool]:
        """Fires with whether that is kept of this password."""
        return self._in_turn(address, lambda: verify(kept, password))

    def refused(self, password: str, address: str) -> Deferred[bool]:
        """Fires with False, after the time that a wrong password takes."""
        return self._in_turn(address, lambda: verify(nobodys_hash(), password))

    def stop(self) -> None:
        """Hash no more, and wait for the thread: the time of one hash at most."""
        self._queue.stop()
        if self._thread.started:
            self._thread.stop()

    def _in_turn(self, address: str, work: Callable[[], T]) -> Deferred[T]:
        return self._queue.ask(address, lambda: self._begin(work))

    def _begin(self, work: Callable[[], T]) -> Deferred[T]:
        if not self._thread.started:
            self._thread.start()
        done = deferToThreadPool(self._reactor, self._thread, _standing_back, work)
        return done.addErrback(self._had_no_memory)

    def _had_no_memory(self, failure: Failure) -> NoReturn:
        if not failure.check(NoMemory):
            failure.raiseException()
        self._log.warn("There was no memory to hash a password")
        raise self._too_many()

    def _too_many(self) -> TooMany:
        return TooMany("hashing", self._limit)


def _standing_back(work: Callable[[], T]) -> T:
    """Work, less urgently than others. To Linux a thread has a niceness of its own."""
    if sys.platform == "linux":
        with suppress(OSError):  # it stands back further already
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), STANDING_BACK)
    return work()
