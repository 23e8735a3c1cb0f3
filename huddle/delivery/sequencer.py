"""The sequencer: one order for everything that is said and done in the house.

What is said waits in the pending batch. As soon as no commit is in flight, the batch is closed,
the record numbers and keeps it (`Record.append`), and only then is it published: nobody ever sees
a message that a crash could take back. What arrives meanwhile is the next batch. So a quiet room
has batches of one and no delay but the record's; a busy one has large batches, each with one
commit and one send per member. (Many speakers are not read in one turn of the reactor: behind a
batch of several, the next is left open as long as each turn brings more of it, `TURNS` at most.
That doubled the batches of 64 speakers, and so halved the sends.)

Things that merely *happen* (somebody joins, leaves, is renamed) travel in the same order as a
`Happening`: it is told and takes effect in its place in the batch, so `-- ana left` never comes
before her last line, and her nick is free only when her lines are out. A batch of happenings alone
needs no commit.

Publishing a batch goes in two strokes, since what a member is owed depends on it: first the events
of all entries are delivered, room by room; then each entry is settled, in order (the ack is noted,
the connection is ended), and ``settled`` tells that the batch is done with.

When a batch fails because of the record (`RecordFailure`), all that was said in it is refused as
`NotRecorded`. When it fails for another reason, its messages are tried one by one, so that a
poisonous one fails alone. Either way a session that gives ids is refused everything with a higher
id until it has said the failed one again: otherwise its messages could end up in another order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from twisted.internet.defer import Deferred, succeed
from twisted.logger import Logger
from twisted.python.failure import Failure

from huddle.delivery.turns import Scheduler
from huddle.protocol.errors import HuddleError, NotRecorded
from huddle.protocol.events import Draft, Notice, RoomEvent, Said
from huddle.protocol.limits import Limits
from huddle.record import Record, RecordFailure

Outcome = Said | HuddleError


@dataclass(frozen=True, slots=True)
class Saying:
    """Something said, and whom to tell what became of it.

    ``copies`` are recorded with it or not at all: a private message is in two inboxes.
    """

    draft: Draft
    settle: Callable[[Outcome], None]
    copies: Sequence[Draft] = ()


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happens in its place: what to tell, and what to do once that is out."""

    notices: Callable[[], Sequence[Notice]]
    settle: Callable[[], None]


def nothing() -> None:
    """What there is to do behind most of what happens."""


Entry = Saying | Happening
Deliver = Callable[[dict[str, list[RoomEvent]]], None]

ENTRY_OVERHEAD = 512
"""Bytes of memory that an entry takes beside its text (measured with ``sys.getsizeof``)."""


TURNS = 16
"""Turns of the reactor for which a busy room's batch is gathered, at the most: some 2 ms."""


class Sequencer:
    """Takes entries, has them recorded in batches, and publishes them in the order they came."""

    _log = Logger()

    def __init__(
        self,
        record: Record,
        later: Scheduler,
        now_ms: Callable[[], int],
        deliver: Deliver,
        settled: Callable[[], None],
        limits: Limits,
    ) -> None:
        self._record = record
        self._later = later
        self._now_ms = now_ms
        self._deliver = deliver
        self._settled = settled
        self._limits = limits
        self._pending: list[Entry] = []
        self.publishing = False
        """Whether a batch is being published at this moment."""
        self._in_flight = False
        self._scheduled = False
        self._busy = False
        self._turns = 0
        self._gathered = 0
        self._size = 0
        self._refusing: dict[int, int] = {}
        self._waiting_for_relief: list[Callable[[], None]] = []

    @property
    def congested(self) -> bool:
        """Whether so much waits to be committed that nobody should be read from."""
        return self._size > self._limits.uncommitted

    def when_relieved(self, call: Callable[[], None]) -> None:
        """Call it once, when the house is no longer congested."""
        self._waiting_for_relief.append(call)

    def when_idle(self) -> Deferred[None]:
        """Fires when everything that was put in before has been settled."""
        if not self._pending and not self._in_flight:
            return succeed(None)
        idle: Deferred[None] = Deferred()
        self.happen(tuple, lambda: self._soon(lambda: idle.callback(None)))
        return idle

    def say(
        self, draft: Draft, settle: Callable[[Outcome], None], copies: Sequence[Draft] = ()
    ) -> None:
        """Have it recorded and published; ``settle`` hears its message, or why there is none."""
        if self._is_refused(draft):
            settle(NotRecorded())
            return
        self.give_up(draft.session, draft.id)
        self._put(Saying(draft, settle, copies))

    def happen(
        self, notices: Callable[[], Sequence[Notice]], settle: Callable[[], None] = nothing
    ) -> None:
        """Have it told and done behind everything that was said before."""
        self._put(Happening(notices, settle))

    def give_up(self, session: int, id: int) -> None:
        """What failed has been said again, whatever becomes of it: others are refused no more."""
        if self._refusing.get(session) == id:
            del self._refusing[session]

    def forget(self, session: int) -> None:
        """The session is over."""
        self._refusing.pop(session, None)

    def _put(self, entry: Entry) -> None:
        self._pending.append(entry)
        self._size += _size(entry)
        if not self._in_flight:
            self._schedule()

    def _schedule(self) -> None:
        if not self._scheduled:
            self._scheduled = True
            self._later(0, self._close_batch)

    # -- committing ----------------------------------------------------------------------------

    def _more_to_come(self) -> bool:
        """In a busy room: whether the last turn of the reactor brought something still."""
        brought = len(self._pending) > self._gathered
        self._gathered = len(self._pending)
        self._turns += 1
        return self._busy and brought and self._turns < TURNS

    def _close_batch(self) -> None:
        if self._more_to_come():
            self._later(0, self._close_batch)
            return
        self._turns = self._gathered = 0
        self._scheduled = False
        self._in_flight = True
        batch, self._pending = self._pending, []
        self._busy = len(batch) > 1
        drafts = _drafts(batch)
        if not drafts:
            self._publish(batch, ())
            return
        self._record.append(drafts, self._now_ms()).addCallbacks(
            lambda said: self._publish(batch, said), lambda failure: self._failed(batch, failure)
        ).addErrback(self._bug)

    def _failed(self, batch: list[Entry], failure: Failure) -> None:
        sayings = [entry for entry in batch if isinstance(entry, Saying)]
        if failure.check(RecordFailure) is not None:
            self._publish_failed(batch, [each for one in sayings for each in self._refuse(one)])
            return
        self._log.failure("A batch was not recorded; trying one by one", failure)
        Deferred.fromCoroutine(self._one_by_one(batch, sayings)).addErrback(self._bug)

    async def _one_by_one(self, batch: list[Entry], sayings: list[Saying]) -> None:
        self._publish_failed(batch, [each for one in sayings for each in await self._alone(one)])

    async def _alone(self, saying: Saying) -> Sequence[Outcome]:
        if self._is_refused(saying.draft):
            return _not_recorded(saying)
        try:
            return await self._record.append([saying.draft, *saying.copies], self._now_ms())
        except Exception as error:
            if not isinstance(error, RecordFailure):
                self._log.failure("A message was not recorded")
            return self._refuse(saying)

    def _refuse(self, saying: Saying) -> Sequence[Outcome]:
        if saying.draft.id:
            self._refusing.setdefault(saying.draft.session, saying.draft.id)
        return _not_recorded(saying)

    def _publish_failed(self, batch: list[Entry], outcomes: list[Outcome]) -> None:
        """Refuse with it what was said behind a failed message before its failure was known.

        All of that in one stroke: a program says the failed one again as soon as it hears of it,
        and nothing with a higher id may be waiting then.
        """
        behind: list[Saying] = []
        kept: list[Entry] = []
        for entry in self._pending:
            if isinstance(entry, Saying) and self._is_refused(entry.draft):
                behind.append(entry)
            else:
                kept.append(entry)
        self._pending = kept
        refused = [each for one in behind for each in _not_recorded(one)]
        self._publish([*batch, *behind], outcomes + refused)

    # -- publishing ----------------------------------------------------------------------------

    def _publish(self, batch: list[Entry], outcomes: Sequence[Outcome]) -> None:
        """Publish a batch whose sayings, in their order, had these outcomes."""
        self.publishing = True
        try:
            self._deliver(_by_room(batch, outcomes))
        except Exception:
            self._log.failure("Publishing went wrong")
        outcome = iter(outcomes)
        for entry in batch:
            try:
                if isinstance(entry, Saying):
                    entry.settle(_first(outcome, len(entry.copies)))
                else:
                    entry.settle()
            except Exception:
                self._log.failure("One entry went wrong; the others are published all the same")
        try:
            self._settled()
        except Exception:
            self._log.failure("Telling what became of a batch went wrong")
        self.publishing = self._in_flight = False
        self._go_on(sum(map(_size, batch)))

    def _go_on(self, settled: int) -> None:
        was_congested = self.congested
        self._size -= settled
        if was_congested and not self.congested:
            relieved, self._waiting_for_relief = self._waiting_for_relief, []
            for call in relieved:
                self._soon(call)
        if self._pending:
            self._schedule()

    def _is_refused(self, draft: Draft) -> bool:
        refused = self._refusing.get(draft.session)
        return refused is not None and draft.id > refused

    def _soon(self, call: Callable[[], None]) -> None:
        """Call it when this batch is done with."""
        self._later(0, call)

    def _bug(self, failure: Failure) -> None:
        self._log.failure("The sequencer stumbled", failure)


def _size(entry: Entry) -> int:
    if not isinstance(entry, Saying):
        return ENTRY_OVERHEAD
    return (ENTRY_OVERHEAD + len(entry.draft.text)) * (1 + len(entry.copies))


def _drafts(batch: Sequence[Entry]) -> list[Draft]:
    """What a batch has the record keep: each saying's draft, and its copies behind it."""
    drafts: list[Draft] = []
    for entry in batch:
        if isinstance(entry, Saying):
            drafts.append(entry.draft)
            drafts.extend(entry.copies)
    return drafts


def _not_recorded(saying: Saying) -> list[Outcome]:
    """The outcomes of a saying that failed: one for each of its drafts."""
    return [NotRecorded() for _ in range(1 + len(saying.copies))]


def _first(outcomes: Iterator[Outcome], copies: int) -> Outcome:
    """A saying's own outcome; those of its copies are the same."""
    first = next(outcomes)
    for _ in range(copies):
        next(outcomes)
    return first


def _by_room(batch: Sequence[Entry], outcomes: Sequence[Outcome]) -> dict[str, list[RoomEvent]]:
    """What a batch brings to each room, in its order."""
    by_room: dict[str, list[RoomEvent]] = {}
    outcome = iter(outcomes)
    for entry in batch:
        if isinstance(entry, Saying):
            for _ in range(1 + len(entry.copies)):
                said = next(outcome)
                if isinstance(said, Said):
                    by_room.setdefault(said.room, []).append(said)
        else:
            for notice in entry.notices():
                by_room.setdefault(notice.room, []).append(notice)
    return by_room
