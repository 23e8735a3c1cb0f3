"""The sequencer: one order for everything that is said and done in the house.

On one of several nodes the order is that of the log they share (`huddle.cluster.log`), which tells
the record of each what is committed, and in which order.

What is said waits in the pending batch. As soon as no commit is in flight, the batch is closed and
given to the record (`Record.append`), which numbers and keeps it. What the record then tells as
committed is published (`Record.on_committed`), and nothing else: no one ever sees a message that a
crash could take back. What arrives meanwhile is the next batch. So a quiet room has batches of one
and no delay but the record's; a busy one has large batches, each with one commit and one send per
member. (Many speakers are not read in one turn of the reactor: behind a batch of several, the next
is left open as long as each turn brings more of it, `TURNS` at most, and it fills no slab: the
batches of 64 speakers are twice as big for it, and the sends half as many. Behind a flood of long
texts nobody waits until it has filled all that may wait. In a quiet house a text alone waits for no
turn: the door says when a peer has no more, `end_of_read`.)

What merely *happens* (a member joins, leaves, is renamed) travels in the same order: a `Happening`
is told and takes effect in its place in the batch, so `-- ana left` never comes before her last
line, and her nick is free only when her lines are out. Happenings alone need no commit.

So there are two batches at most, one behind the other, and what the fields say is of one of them ::

    say, happen --> _pending --[end_of_read, _turn]--> _closed --[_committed]--> published
                    _drafts  ---- Record.append ---> _appended
                    _mixed                           _closed_mixed, _closed_size

Publishing a batch goes in two steps, since what a member is owed depends on it: first the events
of all entries are delivered, room by room; then the entries are settled, in order (`settling`:
acks are noted, all in a row in one call; a connection is ended), and ``done`` tells that the batch
is done with.

When a batch fails because of the record (`RecordFailure`), all that was said in it is refused as
`NotRecorded`, but for what a log has taken of it (`PartlyKept`); else its messages are tried one by
one: a poisonous one fails alone. `refusals` keep a session's order, `backlog` bounds what waits.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import InitVar, dataclass, field

from twisted.internet.defer import Deferred, succeed
from twisted.logger import Logger
from twisted.python.failure import Failure

from huddle.delivery.entries import (
    ENTRY_OVERHEAD,
    NO_TEXT,
    Deliver,
    Entry,
    Happening,
    Outcome,
    Saying,
    Settle,
    by_room,
    drafts_of,
    not_recorded,
    nothing,
    said_by,
    size_of,
)
from huddle.delivery.sequencer.backlog import BOUNDED_FOR, LEAST_WAITING, Backlog
from huddle.delivery.sequencer.refusals import Refusals
from huddle.delivery.sequencer.settling import settle_each
from huddle.protocol.events import Draft, Notice, Said
from huddle.protocol.limits import Limits
from huddle.protocol.text import memory_of
from huddle.protocol.timing import Scheduler
from huddle.record import Record, RecordFailure

TURN = 0.001
"""Seconds behind which what is said is surely of another turn of the reactor, or may be taken so:
each text of a turn takes some 20 µs."""

TURNS = 16
"""Turns of the reactor for which a busy room's batch is gathered, at the most: some 2 ms."""


@dataclass(eq=False, repr=False)
class Sequencer:
    """Takes entries, has them recorded in batches, and publishes them in the order they came."""

    _log = Logger()

    _record: Record
    _later: Scheduler
    _now_ms: Callable[[], int]
    """The time of day."""
    _seconds: Callable[[], float]
    """A monotonic clock, which is that of ``_later``."""
    limits: InitVar[Limits]
    _deliver: Deliver = field(init=False)
    _settle: Settle = field(init=False)
    _done: Callable[[], None] = field(init=False)
    backlog: Backlog = field(init=False)
    batches: int = 0
    """Batches that are closed: what is said now will be in the next one."""
    refusals: Refusals = field(default_factory=Refusals)
    """What is refused, so that what a session says keeps its order."""

    # the pending batch
    _pending: list[Entry] = field(default_factory=list)
    _drafts: list[Draft] = field(default_factory=list)
    """What the record is to keep of it: each draft, and the copies of a saying behind that."""
    _mixed: bool = False
    """Whether an entry is more or less than one draft: a saying, or something that happens."""

    # the closed batch
    _in_flight: bool = False
    _closed: list[Entry] = field(default_factory=list)
    _closed_size: int = 0
    """Bytes that are no more among those that wait as soon as it is published."""
    _closed_mixed: bool = False
    _appended: Sequence[Draft] = ()
    """What the record was given last: the drafts of the batch, or of one message of it."""
    _alone: bool = False
    """Whether its messages are tried one by one."""

    # when the pending batch is closed
    _scheduled: bool = False
    """Whether a turn is due that closes it."""
    current_speaker: object | None = None
    """Whose lines are just being taken, if the door knows that this turn brings no more of them:
    no turn is due until `end_of_read`. None by TLS, and behind `commit_early`."""
    _committed_early: bool = False
    """Whether a text was committed early since the last turn that was due."""
    _early_speaker: object | None = None
    _early_at: float = 0.0
    """Who said the last text that was committed early, and when the record had been given it."""
    is_busy: bool = False
    """Whether the last batch had several messages: then this one is left open longer."""
    _turns: int = 0
    """Turns for which it has been left open."""
    _gathered: int = 0
    """The entries that were in it at the last of them."""

    def __post_init__(self, limits: Limits) -> None:
        self._slab = limits.slab
        self.backlog = Backlog(limits.uncommitted)
        self._record.on_committed(self._committed)

    def publish_by(self, deliver: Deliver, settle: Settle, done: Callable[[], None]) -> None:
        """Have batches told by these, before anything is said. ``deliver`` is given what a batch
        brings to each room, and whether it is of drafts alone; ``settle`` drafts of it in their
        order, each with what became of it; ``done`` is called behind all of that."""
        self._deliver, self._settle, self._done = deliver, settle, done

    def when_idle(self, session: int = 0) -> Deferred[None]:
        """Fires when all put in before is settled; at once, if that session said none of it."""
        if not said_by(session, self._closed + self._pending):
            return succeed(None)
        idle: Deferred[None] = Deferred()

        def settled() -> None:  # and behind it, when the batch is done with
            self._later(0, lambda: idle.callback(None))

        self.happen(tuple, settled)
        return idle

    def in_turn(self) -> Deferred[None]:
        """As `when_idle`; fails with `NotRecorded` where everything is refused before it is."""
        return self.refusals.behind(self.when_idle)

    def say(
        self,
        draft: Draft,
        copies: Sequence[Draft] = (),
        told: Callable[[Outcome], None] | None = None,
    ) -> None:
        """Have it recorded and published, and its copies with it. Raises `NotRecorded` when
        something that the session said before it has to be said again."""
        if self.refusals.after or self.refusals.everything:
            self.refusals.check(draft)
        self._drafts.append(draft)
        size = ENTRY_OVERHEAD + memory_of(draft.text) - NO_TEXT
        if copies or told is not None:
            self._drafts += copies
            self._mixed = True
            self._enqueue(Saying(draft, copies, told), size * (1 + len(copies)))
        else:
            self._enqueue(draft, size)

    def happen(
        self, notices: Callable[[], Sequence[Notice]], settle: Callable[[], None] = nothing
    ) -> None:
        """Have it told and done behind everything that was said before."""
        self._mixed = True
        self._enqueue(Happening(notices, settle), ENTRY_OVERHEAD)

    def end_of_read(self) -> None:
        """No more comes from a peer for now: all waits for a turn, but a text alone."""
        if self._drafts:
            self.commit_early()
        self.current_speaker = None
        if self._pending and not (self._in_flight or self._scheduled):
            self._scheduled = True
            self._later(0, self._turn)

    def commit_early(self) -> float:
        """Give the record a text that is alone, if it need not wait for a turn. Returns the seconds
        that this took, 0 where nothing was given.

        Once a turn, and not in a busy house: what else is said in it belongs together. The same
        speaker is read from once a turn, so the next text of that one is of another: to have the
        reactor call at each turn's end took a tenth of the time of a line in a small room.
        """
        if len(self._pending) != 1 or self._in_flight or self.is_busy or not self._drafts:
            return 0.0
        speaker, now = self.current_speaker, self._seconds()
        by_turns = speaker is self._early_speaker or now - self._early_at > TURN
        if self._committed_early and (speaker is None or not by_turns):
            return 0.0
        self._committed_early, self._early_speaker, self.current_speaker = True, speaker, None
        self._close_batch()
        self._early_at = self._seconds()
        return self._early_at - now

    def leave_behind(self, session: int) -> None:
        """What the session has said here under ids is of a connection that is over: it says again
        on the next one what it has no word of. So what the record was not given yet is not said;
        and where what it was given comes to nothing, nothing is refused for that."""
        self.refusals.leave_behind(session, len(self._pending), self._in_flight)

    def _leave_out(self) -> None:
        self._pending = self.refusals.leave_out(self._pending)
        self._drafts = [draft for entry in self._pending for draft in drafts_of(entry)]
        self._mixed = True

    def _enqueue(self, entry: Entry, size: int) -> None:
        self._pending.append(entry)
        backlog = self.backlog
        backlog.memory += size
        backlog.texts += size - ENTRY_OVERHEAD
        if backlog.texts >= backlog.limit or backlog.memory > backlog.most:
            backlog.congested = True
        if self.current_speaker is None and not (self._in_flight or self._scheduled):
            self._scheduled = True
            self._later(0, self._turn)

    # -- committing ----------------------------------------------------------------------------

    def _turn(self) -> None:
        if self.is_busy and self._more_to_come():
            self._later(0, self._turn)
            return
        self._turns = self._gathered = 0
        self._scheduled = self._committed_early = False
        if self._pending and not self._in_flight:
            self._close_batch()

    def _more_to_come(self) -> bool:
        """In a busy room: whether the last turn of the reactor brought something still, and less
        than a slab waits: what comes behind that is sent on its own anyway."""
        brought = len(self._pending) > self._gathered
        self._gathered = len(self._pending)
        self._turns += 1
        return brought and self._turns < TURNS and self.backlog.texts < self._slab

    def _close_batch(self) -> None:
        if self.refusals.leaving:
            self._leave_out()
        self._in_flight = True
        self.batches += 1
        self._closed, self._pending = self._pending, []
        drafts, self._drafts = self._drafts, []
        self._closed_size = self.backlog.memory
        self._closed_mixed, self._mixed = self._mixed, False
        self.is_busy = len(drafts) > 1
        if self.is_busy and self._closed_mixed:  # copies are not said by anybody
            self.is_busy = sum(not isinstance(each, Happening) for each in self._closed) > 1
        if not drafts:
            self._publish(self._closed, ())
            return
        self._appended = drafts
        appending = self._record.append(drafts, self._now_ms())
        if self._in_flight:  # else it is published already, as memory does at once
            appending.addErrback(self._give_up).addErrback(self._stumbled)

    def _committed(self, drafts: Sequence[Draft], messages: Sequence[Said]) -> None:
        """The record has kept these: what it was given last, or what others had it keep."""
        if drafts is not self._appended:
            self._publish_from_elsewhere(messages)
        elif not self._alone:
            self._publish(self._closed, messages)

    def _give_up(self, failure: Failure) -> None:
        batch = self._closed
        said = [entry for entry in batch if not isinstance(entry, Happening)]
        if failure.check(RecordFailure) is not None:
            self._publish_failed(batch, self.refusals.became(said, failure.value))
            return
        self._log.failure("A batch was not recorded; trying one by one", failure)
        Deferred.fromCoroutine(self._one_by_one(batch, said)).addErrback(self._stumbled)

    def _stumbled(self, why: Failure) -> None:
        self._log.failure("The sequencer stumbled", why)

    async def _one_by_one(self, batch: list[Entry], said: list[Draft | Saying]) -> None:
        self._alone = True
        outcomes = [each for one in said for each in await self._try_alone(one)]
        self._alone = False
        self._publish_failed(batch, outcomes)

    async def _try_alone(self, one: Draft | Saying) -> Sequence[Outcome]:
        self._appended = drafts = drafts_of(one)
        if self.refusals.refuses(drafts[0]):
            return not_recorded(one)
        try:
            return await self._record.append(drafts, self._now_ms())
        except Exception as error:
            if not isinstance(error, RecordFailure):
                self._log.failure("A message was not recorded")
            return self.refusals.refuse(one)

    def _publish_failed(self, batch: list[Entry], outcomes: list[Outcome]) -> None:
        """Refuse with it what was said behind a failed message before its failure was known.

        All of that in one stroke: a program says the failed one again as soon as it hears of it,
        and nothing with a higher id may be waiting then.
        """
        if self.refusals.leaving:
            self._leave_out()
        behind, self._pending = self.refusals.part(self._pending)
        self._drafts = [draft for entry in self._pending for draft in drafts_of(entry)]
        self._closed_size += sum(map(size_of, behind))
        self._closed_mixed = True
        refused = [each for one in behind for each in not_recorded(one)]
        self._publish([*batch, *behind], outcomes + refused)

    # -- publishing ----------------------------------------------------------------------------

    def _publish(self, batch: list[Entry], outcomes: Sequence[Outcome]) -> None:
        """Publish a batch whose drafts, in their order, had these outcomes."""
        began = self._seconds()
        try:
            self._deliver(by_room(batch, outcomes), not self._closed_mixed)
        except Exception:
            self._log.failure("Publishing went wrong")
        texts = self._closed_size - ENTRY_OVERHEAD * len(batch)
        if texts >= LEAST_WAITING:
            self.backlog.measure(texts, began, self._seconds() - began)
        elif began - self.backlog.measured_at > BOUNDED_FOR:
            self.backlog.limit = self.backlog.least
        try:
            if self._closed_mixed:
                settle_each(self._settle, batch, outcomes)
            else:
                self._settle(self._appended, outcomes)
        except Exception:
            self._log.failure("Settling a batch went wrong")
        try:
            self._done()
        except Exception:
            self._log.failure("Telling what became of a batch went wrong")
        self._in_flight = False
        self._closed = []
        self.refusals.left_behind.clear()
        self.backlog.memory -= self._closed_size
        self.backlog.texts = self.backlog.memory - ENTRY_OVERHEAD * len(self._pending)
        if self.backlog.congested:
            self.backlog.relieve()
        if self._pending and not self._scheduled:
            self._scheduled = True
            self._later(0, self._turn)

    def _publish_from_elsewhere(self, messages: Sequence[Said]) -> None:
        try:
            self._deliver(by_room((), messages), False)
            self._done()
        except Exception:
            self._log.failure("Publishing what came from elsewhere went wrong")
