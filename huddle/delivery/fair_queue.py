"""A fair queue: slow jobs, done one after the other, for which addresses take turns.

A search, a stretch of the far past, the hash of a password take a thread for milliseconds or more.
Each kind has one queue, and one of its jobs is done at a time. Those that wait stand in line by
address: each address has a line of its own, and gives one job before the next address does. So
however many jobs one address has, another one's waits for the job that is being done and no more.
All addresses of one IPv6 /48 have one turn, and take turns in it: it is one customer's as a rule.

Within an address the first come are the first served, which is fair as long as no connection has
more than one job of a kind: its next one goes behind those of all others.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, TypeVar

from twisted.internet.defer import Deferred, fail

from huddle.protocol.errors import HuddleError

T = TypeVar("T")


@dataclass(eq=False, repr=False, slots=True)
class _Job:
    start: Callable[[], Deferred[Any]]
    asked: Deferred[Any] = field(init=False)


_Lines = OrderedDict[str, deque[_Job]]
"""Those who wait, by their addresses."""


@dataclass(eq=False, repr=False)
class FairQueue:
    """``refusal`` makes what a job fails with for which no more room is.

    At most ``each`` jobs of one address wait. ``soon`` calls what it is given, at once or later: it
    stands between two jobs, so that jobs that take no time do not hold up everything else.
    ``site`` tells the /48 that an address is in; empty where it is in none.
    """

    _each: int
    _refusal: Callable[[], HuddleError]
    _soon: Callable[[Callable[[], None]], object]
    _site: Callable[[str], str]
    _lines: OrderedDict[str, _Lines] = field(default_factory=OrderedDict)
    """By the place: a /48, or an address that is in none. Who has their turn next stands first."""
    _served: str | None = None
    """The address whose job is being done."""
    _stopped: bool = False

    @property
    def waiting(self) -> int:
        """How many jobs wait for their turn."""
        return sum(map(len, self._all_lines()))

    def ask(self, address: str, start: Callable[[], Deferred[T]]) -> Deferred[T]:
        """Call ``start`` when it is this address' turn; fires with what it fires with.

        Fails with the queue's refusal where too many of the address wait, or after `stop`. One that
        is cancelled while it waits is never started; what has begun goes on to its end, and the
        next job is not done before.
        """
        if self._stopped:
            return fail(self._refusal())
        line = self._line_of(address)
        if len(line) >= self._each:
            return fail(self._refusal())
        job = _Job(start)
        job.asked = Deferred(lambda _: self._forget(address, job))
        line.append(job)
        self._serve_next()
        return job.asked

    def stop(self) -> None:
        """Refuse those that wait, and all that would come."""
        self._stopped = True
        waiting = list(chain.from_iterable(self._all_lines()))
        self._lines.clear()
        for job in waiting:
            job.asked.errback(self._refusal())

    def _place(self, address: str) -> str:
        return self._site(address) or address

    def _all_lines(self) -> Iterator[deque[_Job]]:
        return chain.from_iterable(lines.values() for lines in self._lines.values())

    def _line_of(self, address: str) -> deque[_Job]:
        lines = self._lines.setdefault(self._place(address), OrderedDict())
        return lines.setdefault(address, deque())

    def _forget(self, address: str, job: _Job) -> None:
        line = self._line_of(address)
        if job in line:
            line.remove(job)
        self._drop_empty(address)

    def _drop_empty(self, address: str) -> None:
        """Let go of the address's line where nobody waits in it, and of its place's lines."""
        place = self._place(address)
        if not self._line_of(address):
            del self._lines[place][address]
        if not self._lines[place]:
            del self._lines[place]

    def _serve_next(self) -> None:
        if self._served is not None or not self._lines:
            return
        lines = next(iter(self._lines.values()))
        self._served, line = next(iter(lines.items()))
        job = line.popleft()
        try:
            working = job.start()
        except Exception:
            working = fail()
        working.addBoth(self._is_done, job.asked)

    def _is_done(self, result: object, asked: Deferred[Any]) -> None:
        address, self._served = self._served, None
        assert address is not None
        self._line_of(address)  # which is gone where who waited in it wants no more
        place = self._place(address)
        self._lines[place].move_to_end(address)
        self._lines.move_to_end(place)
        self._drop_empty(address)
        self._soon(self._serve_next)
        if not asked.called:  # else it was cancelled: the asker does not want to know any more
            asked.callback(result)
