"""A fair queue: slow jobs, done one after the other, for which addresses take turns.

A search, a stretch of the far past, the hash of a password take a thread for milliseconds or more.
Each kind has one queue, and one of its jobs is done at a time. Who waits behind it waits by
address: each address has a line of its own, and gives one job before the next address does. So
however many jobs one address has, another one's waits for the job that is being done and no more.

Within an address the first come are the first served, which is fair as long as no connection has
more than one job of a kind: its next one goes behind those of all others.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from twisted.internet.defer import Deferred, fail

from huddle.protocol.errors import HuddleError

T = TypeVar("T")


@dataclass(eq=False, slots=True)
class _Job:
    start: Callable[[], Deferred[Any]]
    asked: Deferred[Any] = field(init=False)


class FairQueue:
    """``refusal`` makes what a job fails with for which no more room is.

    At most ``each`` jobs of one address wait. ``soon`` calls what it is given, at once or later: it
    stands between two jobs, so that jobs that take no time do not hold up everything else.
    """

    def __init__(
        self,
        each: int,
        refusal: Callable[[], HuddleError],
        soon: Callable[[Callable[[], None]], object],
    ) -> None:
        self._each = each
        self._refusal = refusal
        self._soon = soon
        self._lines: OrderedDict[str, deque[_Job]] = OrderedDict()
        self._served: str | None = None
        """The address whose job is being done. Its line has its place again when that is over."""
        self._served_line: deque[_Job] = deque()
        self._stopped = False

    @property
    def waiting(self) -> int:
        """How many jobs wait for their turn."""
        return len(self._served_line) + sum(map(len, self._lines.values()))

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
        if self._served is None:
            self._serve_next()
        return job.asked

    def stop(self) -> None:
        """Refuse those that wait, and all that would come."""
        self._stopped = True
        waiting = [*self._served_line, *(job for line in self._lines.values() for job in line)]
        self._served_line.clear()
        self._lines.clear()
        for job in waiting:
            job.asked.errback(self._refusal())

    def _line_of(self, address: str) -> deque[_Job]:
        if address == self._served:
            return self._served_line
        return self._lines.setdefault(address, deque())

    def _forget(self, address: str, job: _Job) -> None:
        line = self._line_of(address)
        if job in line:
            line.remove(job)
        if not line:
            self._lines.pop(address, None)

    def _serve_next(self) -> None:
        if self._served is not None or not self._lines:
            return
        self._served, self._served_line = self._lines.popitem(last=False)
        job = self._served_line.popleft()
        try:
            working = job.start()
        except Exception:
            working = fail()
        working.addBoth(self._is_done, job.asked)

    def _is_done(self, result: object, asked: Deferred[Any]) -> None:
        address, line = self._served, self._served_line
        self._served, self._served_line = None, deque()
        if address is not None and line:
            self._lines[address] = line
        self._soon(self._serve_next)
        if not asked.called:  # else it was cancelled: the asker does not want to know any more
            asked.callback(result)
