"""Refusals: what is not taken, so that what a session says under ids keeps its order.

When a message is not recorded, whoever said it under an id says it again. What the same session
said behind it would then stand before it. So a session is refused everything with a higher id until
it has said the failed one again.

A connection that is over leaves behind what was said on it: nobody waits there for what became of
it, and the program says again on its next connection what it has no word of.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable, Sequence
from itertools import islice
from typing import Any, TypeVar

from twisted.internet.defer import CancelledError, Deferred, DeferredLock, fail
from twisted.python.failure import Failure

from huddle.delivery.entries import (
    Entry,
    Happening,
    Outcome,
    Saying,
    drafts_of,
    not_recorded,
    nothing,
)
from huddle.protocol.errors import NotRecorded
from huddle.protocol.events import Draft
from huddle.record import PartlyKept

T = TypeVar("T")


class Refusals:
    """What one sequencer refuses. While ``after`` is empty and not ``everything`` is refused,
    nothing is, and it need not be asked."""

    def __init__(self) -> None:
        self.after: dict[int, int] = {}
        """By session the id that failed and has not been said again: no higher one is taken."""
        self.everything = False
        """Whether whatever is said is refused, as not recorded. (A node that has lost the others
        has not heard of it for long.)"""
        self._asking: dict[Deferred[None], Deferred[Any]] = {}
        """What is asked for, in the order in which it was asked, and what each waits for."""
        self.leaving: dict[int, int] = {}
        """Sessions that have left behind what they said in the pending batch, before that place."""
        self.left_behind: set[int] = set()
        """Sessions that have left behind what they said in the batch that is being recorded."""

    def refuse_everything(self, *, on: bool) -> None:
        """Refuse everything from now on, and what waits by `behind`; or no more."""
        self.everything = on
        if on:
            asking, self._asking = self._asking, {}
            for each in asking.values():  # none is called for by what the refusal of another ends
                each.cancel()
            for each in asking:
                each.errback(NotRecorded())

    def behind(self, idle: Callable[[], Deferred[Any]]) -> Deferred[None]:
        """Fires when that does; fails with `NotRecorded`, and cancels that, where everything is
        refused, or comes to be meanwhile: what was said before may wait for the others of a house,
        for hours."""
        if self.everything:
            return fail(NotRecorded())
        asked: Deferred[None] = Deferred()
        waiting = self._asking[asked] = idle()

        def go_on(_: object) -> None:
            del self._asking[asked]
            asked.callback(None)

        waiting.addCallbacks(go_on, _cancelled)
        return asked

    def run(
        self, lock: DeferredLock, call: Callable[..., Coroutine[Any, Any, T]], *given: object
    ) -> Deferred[T]:
        """As the ``run`` of the lock; fails as `behind` where it is not its turn by then, and is
        not called: who has the lock may wait for the others."""

        def run(_: None) -> Deferred[T]:
            return Deferred.fromCoroutine(call(*given)).addBoth(release)

        def release(came_to: Any) -> Any:
            lock.release()
            return came_to

        return self.behind(lock.acquire).addCallback(run)

    def check(self, draft: Draft) -> None:
        """Ask before it is taken. Raises `NotRecorded` when the session has to say something that
        it said before again, or when everything is refused."""
        if self.everything or self.refuses(draft):
            self.note_failed(draft)
            raise NotRecorded
        self.note_retried(draft.session, draft.id)

    def refuses(self, draft: Draft) -> bool:
        """Whether something that its session said before it has to be said again."""
        failed = self.after.get(draft.session)
        return failed is not None and draft.id > failed

    def note_failed(self, draft: Draft) -> None:
        """Refuse the session's higher ids from now on, until this one has been said again."""
        if draft.id:
            self.after.setdefault(draft.session, draft.id)

    def note_retried(self, session: int, id: int) -> None:
        """Take higher ids again: what failed has been said again, whatever becomes of it."""
        if self.after.get(session) == id:
            del self.after[session]

    def forget(self, session: int) -> None:
        """The session is over, or has been elsewhere: what is kept of its failures is dropped."""
        self.after.pop(session, None)

    def became(
        self, said: Iterable[Draft | Saying], failure: BaseException | None
    ) -> list[Outcome]:
        """What became of each of a batch that failed: all is refused, but for what the record has
        kept all the same."""
        if not isinstance(failure, PartlyKept):
            return [each for one in said for each in self.refuse(one)]
        became = iter(failure.outcomes)
        outcomes: list[Outcome] = []
        for one in said:
            own = list(islice(became, len(drafts_of(one))))
            outcomes += self.refuse(one) if isinstance(own[0], NotRecorded) else own
        return outcomes

    def refuse(self, one: Draft | Saying) -> Sequence[Outcome]:
        """The outcomes of something in the closed batch that failed."""
        draft = drafts_of(one)[0]
        if draft.session not in self.left_behind:
            self.note_failed(draft)
        return not_recorded(one)

    def part(self, pending: Iterable[Entry]) -> tuple[list[Draft | Saying], list[Entry]]:
        """Part the pending batch: what stands behind something that failed, and all else."""
        behind: list[Draft | Saying] = []
        others: list[Entry] = []
        for entry in pending:
            if not isinstance(entry, Happening) and self.refuses(drafts_of(entry)[0]):
                behind.append(entry)
            else:
                others.append(entry)
        return behind, others

    # -- what was left behind ------------------------------------------------------------------

    def leave_behind(self, session: int, pending: int, in_flight: bool) -> None:
        """What the session has said under ids is of a connection that is over: among the first
        ``pending`` entries of the pending batch, and, where one is ``in_flight``, in the closed."""
        self.after.pop(session, None)
        if in_flight:
            self.left_behind.add(session)
        self.leaving[session] = pending

    def leave_out(self, pending: Iterable[Entry]) -> list[Entry]:
        """The pending batch without what was left behind. Those of a whole node may go at once, so
        it is done in one pass, before anything else becomes of that batch."""
        kept = [self._unless_left(*each) for each in enumerate(pending)]
        self.leaving.clear()
        return kept

    def _unless_left(self, place: int, entry: Entry) -> Entry:
        if isinstance(entry, Happening):
            return entry
        draft = drafts_of(entry)[0]
        if not draft.id or place >= self.leaving.get(draft.session, 0):
            return entry
        told = entry.told if isinstance(entry, Saying) else None
        return Happening(tuple, nothing if told is None else lambda: told(NotRecorded()))


def _cancelled(failure: Failure) -> None:
    failure.trap(CancelledError)
