"""One entry on its way into the log: asked for again until its outcome is known."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Final, Protocol

from twisted.internet.defer import Deferred
from twisted.internet.task import deferLater
from twisted.python.failure import Failure

from huddle.cluster.etcd.gateway import Answer, Gateway, Refused, Unanswered
from huddle.cluster.etcd.messages import PUT_OR_NOT, revision_of, succeeded
from huddle.cluster.log import NotAppended, OutcomeUnknown

PAUSE: Final = 0.5
"""Seconds, at most, between two attempts once every endpoint has had its turn."""


class Pauses(Protocol):
    """How long to wait between attempts: a random part of it, so that nodes do not ask together."""

    def __call__(self, most: float, /) -> float:
        """A part of ``most``, in seconds."""


class Appending:
    """Fires ``position`` when the engine has taken the entry; cancelling that gives it up.

    ``heard`` is told of every attempt: whether the engine answered, and what it refused, if it did.
    """

    def __init__(
        self,
        gateway: Gateway,
        body: bytes,
        pauses: Pauses,
        heard: Callable[[Exception | None], object],
    ) -> None:
        self._gateway = gateway
        self._body = body
        self._pauses = pauses
        self._heard = heard
        self._may_have_landed = False
        self.position: Deferred[int] = Deferred(self._cancelled)
        self._course = Deferred.fromCoroutine(self._run())
        self._course.addCallbacks(self._done, self._given_up)

    async def _run(self) -> int:
        for attempt in count(1):
            position = await self._attempt()
            if position:
                return position
            if attempt >= len(self._gateway.endpoints):
                await deferLater(self._gateway.clock, self._pauses(PAUSE))
        raise AssertionError("it counts for ever")

    async def _attempt(self) -> int:
        """The position where it stands now, or 0 where that is not known."""
        certain, self._may_have_landed = not self._may_have_landed, True
        try:
            answer = await self._gateway.ask(PUT_OR_NOT, self._body)
        except Refused as refusal:
            self._may_have_landed = not certain
            self._heard(refusal)
            return 0
        except Unanswered as trouble:
            self._heard(trouble)
            return 0
        self._heard(None)
        return self._taken(answer, certain)

    def _taken(self, answer: Answer, certain: bool) -> int:
        """Where it stands, if the log was that of the house."""
        if not succeeded(answer):
            self._may_have_landed = not certain
            raise self._outcome()
        return revision_of(answer)

    def _outcome(self) -> NotAppended | OutcomeUnknown:
        return OutcomeUnknown() if self._may_have_landed else NotAppended()

    def _done(self, position: int) -> None:
        if not self.position.called:
            self.position.callback(position)

    def _given_up(self, failure: Failure) -> None:
        if not self.position.called:
            self.position.errback(failure)

    def _cancelled(self, position: Deferred[int]) -> None:
        position.errback(self._outcome())
        self._course.cancel()
