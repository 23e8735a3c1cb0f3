"""One entry on its way into the log: asked for again until its outcome is known.

An endpoint that has gone silent is not waited for: after a moment the next one is asked, too, and
the first answer counts. So an entry does not stand still for longer than the engine does which has
lost its leader, whatever becomes of the requests that were under way by then. It may land twice,
which is a log's right (`huddle.cluster.log`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IDelayedCall
from twisted.python.failure import Failure

from huddle.cluster.etcd.gateway import DEADLINE, Answer, Gateway, Refused, Unanswered
from huddle.cluster.etcd.messages import PUT_OR_NOT, revision_of, succeeded
from huddle.cluster.log import NotAppended, OutcomeUnknown

PAUSE: Final = 0.5
"""Seconds, at most, between two attempts once every endpoint has had its turn."""


Pauses = Callable[[float], float]
"""How long to wait between attempts: a random part of so many seconds, so that nodes do not ask
together."""


@dataclass(eq=False, repr=False)
class Appending:
    """Fires ``position`` when the engine has taken the entry; cancelling that gives it up.

    ``heard`` is told of every attempt: whether the engine answered, and what it refused, if it did.
    """

    _gateway: Gateway
    _body: bytes
    _pauses: Pauses
    _heard: Callable[[Exception | None], object]

    def __post_init__(self) -> None:
        self._under_way: dict[int, tuple[str, Deferred[Answer]]] = {}
        """The attempts that nothing was heard of yet, by their numbers."""
        self._attempts = 0
        self._newest = ""
        """The endpoint that was asked last."""
        self._is_ambiguous = False
        """Whether an attempt has ended that may have landed."""
        self._timer: IDelayedCall | None = None
        self.position: Deferred[int] = Deferred(lambda _: self._end(self._outcome()))
        self._attempt(self._gateway.endpoint)

    def _attempt(self, endpoint: str) -> None:
        self._attempts += 1
        self._newest = endpoint
        clock, number = self._gateway.clock, self._attempts
        asking = Deferred.fromCoroutine(self._gateway.ask(PUT_OR_NOT, self._body, endpoint))
        self._under_way[number] = endpoint, asking
        if self._gateway.patience < DEADLINE:
            self._gateway.deadlines.set(self._ask_another, self._gateway.patience)
        asking.addCallbacks(
            self._answered,
            self._in_vain,
            callbackArgs=(number, clock.seconds()),
            errbackArgs=(number,),
        )
        asking.addErrback(self._end)

    def _ask_another(self) -> None:
        """The one that was asked last is silent. None is asked twice at once: a disk or a link that
        is slow would have all the more to do."""
        endpoint = self._gateway.next_after(self._newest)
        if endpoint not in [silent for silent, _ in self._under_way.values()]:
            self._attempt(endpoint)

    def _ask_the_next(self) -> None:
        self._timer = None
        self._attempt(self._gateway.next_after(self._newest))

    def _answered(self, answer: Answer, number: int, since: float) -> None:
        endpoint, _ = self._under_way.pop(number)
        if self.position.called:
            return
        self._heard(None)
        if not succeeded(answer):
            self._end(self._outcome())  # the log is not that of the house
            return
        self._gateway.note_usual(self._gateway.clock.seconds() - since)
        if self._gateway.endpoint in [silent for silent, _ in self._under_way.values()]:
            self._gateway.prefer(endpoint)
        self._end(revision_of(answer))

    def _in_vain(self, failure: Failure, number: int) -> None:
        del self._under_way[number]
        if self.position.called:
            return
        trouble = failure.trap(Refused, Unanswered)
        assert isinstance(failure.value, Exception)
        self._heard(failure.value)
        self._is_ambiguous |= trouble is Unanswered
        if number < self._attempts:
            return  # another one is under way, or will be
        self._still()
        if number < len(self._gateway.endpoints):
            self._ask_the_next()
        else:
            pause = self._pauses(PAUSE)
            self._timer = self._gateway.clock.callLater(pause, self._ask_the_next)

    def _outcome(self) -> NotAppended | OutcomeUnknown:
        return OutcomeUnknown() if self._is_ambiguous or self._under_way else NotAppended()

    def _end(self, outcome: int | Exception | Failure) -> None:
        self._still()
        if not self.position.called:
            if isinstance(outcome, int):
                self.position.callback(outcome)
            else:
                self.position.errback(outcome)
        for _, asking in tuple(self._under_way.values()):
            asking.cancel()

    def _still(self) -> None:
        """Stop asking by itself: no append is on its way."""
        self._gateway.deadlines.due.pop(self._ask_another, None)
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
