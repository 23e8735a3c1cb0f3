"""The sequencer: one order for everything that is said and done in the house.

On one of several nodes the order is that of the log they share (`huddle.cluster.log`), which tells
the record of each what is committed, and in which order.

What is said waits in the pending batch. As soon as no commit is in flight, the batch is closed and
given to the record (`Record.append`), which numbers and keeps it. What the record then tells as
committed is published (`Record.on_committed`), and nothing else: no one ever sees a message that a
crash could take back. What arrives meanwhile is the next batch. So a quiet room
has batches of one and no delay but the record's; a busy one has large batches, each with one
commit and one send per member. (Many speakers are not read in one turn of the reactor: behind a
batch of several, the next is left open as long as each turn brings more of it, `TURNS` at most,
and it fills no slab. That doubled the batches of 64 speakers, and so halved the sends. A flood of
long texts fills a slab in one turn, and what others say does not wait until it has filled all that
may wait. In a quiet house a text that is
alone need not even wait for the next turn: the door says when a peer has no more, `hurry`.)

Things that merely *happen* (a member joins, leaves, is renamed) travel in the same order as a
`Happening`: it is told and takes effect in its place in the batch, so `-- ana left` never comes
before her last line, and her nick is free only when her lines are out. A batch of happenings alone
needs no commit.

So there are two batches at most, one behind the other, and what the fields say is of one of them ::

    say, happen --> _pending --[_turn, hurry: _close_batch]--> _closed --[_committed]--> published
                    _drafts  --------- Record.append --------> _appended
                    _mixed                                     _closed_mixed, _closed_size

Publishing a batch goes in two strokes, since what a member is owed depends on it: first the events
of all entries are delivered, room by room; then the entries are settled, in order (acks are noted,
all in a row in one call; a connection is ended), and ``done`` tells that the batch is done with.

When a batch fails because of the record (`RecordFailure`), all that was said in it is refused as
`NotRecorded`, but for what a log has taken of it (`PartlyKept`). When it fails for another reason,
its messages are tried one by one, so that a poisonous one fails alone. Either way a session that
gives ids is refused everything with a higher id until it has said the failed one again: otherwise
its messages could end up in another order.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice
from sys import getsizeof

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
    first_of,
    not_recorded,
    nothing,
    size_of,
)
from huddle.delivery.turns import Scheduler
from huddle.protocol.errors import NotRecorded
from huddle.protocol.events import Draft, Notice, Said
from huddle.protocol.limits import KIB, Limits
from huddle.record import PartlyKept, Record, RecordFailure

DELIVERY = 0.010
"""Seconds that it may take to give out what waits: a message that is said now comes behind it.
Texts of 4 KiB for a hundred members are 400 KiB each. (For messages of 64 bytes, however many
members there are, `LEAST_WAITING` is what holds.)"""

LEAST_WAITING = 32 * KIB
"""Bytes of a batch that are enough to tell how long its delivery takes; twice as many may always
wait, or a busy room of thousands would have batches of one."""

BOUNDED_FOR = 1.0
"""Seconds for which it counts what a delivery took: meanwhile others may have come."""

TURN = 0.001
"""Seconds behind which what is said is surely of another turn of the reactor, or may be taken so:
each text of a turn takes some 20 µs."""

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
        seconds: Callable[[], float],
        limits: Limits,
    ) -> None:
        """``later`` and ``seconds`` are of one monotonic clock, ``now_ms`` is the time of day."""
        self._record = record
        self._later = later
        self._now_ms = now_ms
        self._seconds = seconds
        self._deliver: Deliver
        self._settle: Settle
        self._done: Callable[[], None]
        self._most = limits.uncommitted
        self._slab = limits.slab
        self.limit = self._least = min(2 * LEAST_WAITING, self._most)
        """Bytes of texts that may wait to be given out, before those are held up who have put in
        much."""
        self.waiting = 0
        """Bytes of memory that is taken by what waits, to be committed or to be given out."""
        self.texts = 0
        """Bytes of texts in it."""
        self.batches = 0
        """Batches that are closed: what is said now will be in the next one."""
        self.congested = False
        """Whether so much waits that those should be held up who have put in much."""
        self._bounded_at = 0.0
        """When `limit` was last measured by what a delivery took."""
        self._waiting_for_relief: list[Callable[[], None]] = []

        # the pending batch
        self._pending: list[Entry] = []
        self._drafts: list[Draft] = []
        """What it has the record keep: each draft, and its copies behind it."""
        self._mixed = False
        """Whether there is more in it than these, one for each entry."""

        # the closed batch
        self._in_flight = False
        self._closed: list[Entry] = []
        self._closed_size = 0
        """Bytes that are no more among those that wait as soon as it is published."""
        self._closed_mixed = False
        self._appended: Sequence[Draft] = ()
        """What the record was given last: the drafts of the batch, or of one message of it."""
        self._alone = False
        """Whether its messages are tried one by one."""

        # when the pending batch is closed
        self._scheduled = False
        """Whether a turn is due that closes it."""
        self.speaker: object | None = None
        """Whose lines are just being taken, who says by `hurry` when that is all for this turn: no
        turn is due before. None where more may come from the same peer in this turn."""
        self._hurried = False
        """Whether a text alone went without waiting for that turn, since the last one that was due,
        whose it was, and when it was out."""
        self._hurried_by: object | None = None
        self._hurried_at = 0.0
        self._busy = False
        """Whether the last batch had several messages: then this one is left open longer."""
        self._turns = 0
        """Turns for which it has been left open, and the entries that were in it at the last."""
        self._gathered = 0

        # what is refused
        self._refusing: dict[int, int] = {}
        """By session the id that failed and has not been said again: no higher one is taken."""
        self._left_behind: set[int] = set()
        """Sessions that have left behind what they said in the closed batch."""
        self._leaving: dict[int, int] = {}
        """Those that have left behind what they said in the pending one, before that place."""
        self._takes_nothing = False
        record.on_committed(self._committed)

    def publish_by(self, deliver: Deliver, settle: Settle, done: Callable[[], None]) -> None:
        """Have batches told by these; to be called before anything is said.

        ``deliver`` is given what a batch brings to each room; ``settle`` drafts of it in their
        order, each with what became of it; ``done`` is called behind all of that.
        """
        self._deliver, self._settle, self._done = deliver, settle, done

    @property
    def is_full(self) -> bool:
        """Whether so much waits that no peer at all should be read from."""
        return self.waiting > self._most or self.texts >= 2 * self.limit

    def when_relieved(self, call: Callable[[], None]) -> None:
        """Call it once, when the house is no longer congested. It is to say nothing by itself."""
        self._waiting_for_relief.append(call)

    def when_idle(self) -> Deferred[None]:
        """Fires when everything that was put in before has been settled."""
        if not self._pending and not self._in_flight:
            return succeed(None)
        idle: Deferred[None] = Deferred()
        self.happen(tuple, lambda: self._soon(lambda: idle.callback(None)))
        return idle

    def say(
        self,
        draft: Draft,
        copies: Sequence[Draft] = (),
        told: Callable[[Outcome], None] | None = None,
    ) -> None:
        """Have it recorded and published, and its copies with it.

        Raises `NotRecorded` when something that the session said before it has to be said again.
        """
        if self._refusing or self._takes_nothing:
            if self._takes_nothing or self._is_refused(draft):
                self._note_failed(draft)
                raise NotRecorded
            self.note_retried(draft.session, draft.id)
        self._drafts.append(draft)
        size = ENTRY_OVERHEAD + getsizeof(draft.text) - NO_TEXT
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

    def hurry(self) -> None:
        """A peer that spoke has no more to say for now: one text alone need not wait another turn.

        Once a turn, and not in a busy house: what else is said in it belongs together. A `speaker`
        is read from once a turn, so the same one's next text is of another: to have the reactor
        call at each turn's end took a tenth of the time of a line in a small room.
        """
        speaker, self.speaker = self.speaker, None
        if not self._pending or self._in_flight:
            return
        if len(self._pending) == 1 and self._drafts and not self._busy:
            by_turns = speaker is not None and (
                speaker is self._hurried_by or self._seconds() - self._hurried_at > TURN
            )
            if by_turns or not self._hurried:
                self._hurried, self._hurried_by = True, speaker
                self._close_batch()
                self._hurried_at = self._seconds()
                return
        if not self._scheduled:
            self._scheduled = True
            self._later(0, self._turn)

    def take_nothing(self, is_so: bool) -> None:
        """Refuse whatever is said from now on, as not recorded; or take it again. What was said
        before goes on waiting. (A node that has lost the others has not heard of it for long.)"""
        self._takes_nothing = is_so

    def note_retried(self, session: int, id: int) -> None:
        """What failed has been said again, whatever becomes of it: higher ids are taken again."""
        if self._refusing.get(session) == id:
            del self._refusing[session]

    def leave_behind(self, session: int) -> None:
        """What the session has said here under ids is of a connection that is over: it says again
        on the next one what it has no word of. So what the record was not given yet is not said;
        and where what it was given comes to nothing, nothing is refused for that."""
        self._refusing.pop(session, None)
        if self._in_flight:
            self._left_behind.add(session)
        self._leaving[session] = len(self._pending)

    def _leave_out(self) -> None:
        """Say nothing of what was left behind. Those of a whole node may go at once, so it is done
        in one pass, before anything else becomes of the pending batch."""
        self._pending = [self._unless_left(*each) for each in enumerate(self._pending)]
        self._leaving.clear()
        said = (each for each in self._pending if not isinstance(each, Happening))
        self._drafts = [draft for each in said for draft in drafts_of(each)]
        self._mixed = True

    def _unless_left(self, place: int, entry: Entry) -> Entry:
        if isinstance(entry, Happening):
            return entry
        draft = drafts_of(entry)[0]
        if not draft.id or place >= self._leaving.get(draft.session, 0):
            return entry
        told = entry.told if isinstance(entry, Saying) else None
        return Happening(tuple, nothing if told is None else lambda: told(NotRecorded()))

    def forget(self, session: int) -> None:
        """The session is over, or has been elsewhere: what is kept of its failures is dropped."""
        self._refusing.pop(session, None)

    def _enqueue(self, entry: Entry, size: int) -> None:
        self._pending.append(entry)
        self.waiting += size
        self.texts += size - ENTRY_OVERHEAD
        self.congested = self.texts >= self.limit or self.waiting > self._most
        if not (self._in_flight or self._scheduled or self.speaker is not None):
            self._scheduled = True
            self._later(0, self._turn)

    # -- committing ----------------------------------------------------------------------------

    def _turn(self) -> None:
        if self._busy and self._more_to_come():
            self._later(0, self._turn)
            return
        self._turns = self._gathered = 0
        self._scheduled = self._hurried = False
        if self._pending and not self._in_flight:
            self._close_batch()

    def _more_to_come(self) -> bool:
        """In a busy room: whether the last turn of the reactor brought something still, and less
        than a slab waits: what comes behind that is sent on its own anyway."""
        brought = len(self._pending) > self._gathered
        self._gathered = len(self._pending)
        self._turns += 1
        return brought and self._turns < TURNS and self.texts < self._slab

    def _close_batch(self) -> None:
        if self._leaving:
            self._leave_out()
        self._in_flight = True
        self.batches += 1
        self._closed, self._pending = self._pending, []
        drafts, self._drafts = self._drafts, []
        self._closed_size = self.waiting
        self._closed_mixed, self._mixed = self._mixed, False
        self._busy = len(drafts) > 1
        if not drafts:
            self._publish(self._closed, ())
            return
        self._appended = drafts
        appending = self._record.append(drafts, self._now_ms())
        if self._in_flight:  # else it is published already, as memory does at once
            appending.addErrback(self._failed)

    def _committed(self, drafts: Sequence[Draft], messages: Sequence[Said]) -> None:
        """The record has kept these: what it was given last, or what others had it keep."""
        if drafts is not self._appended:
            self._publish_from_elsewhere(messages)
        elif not self._alone:
            self._publish(self._closed, messages)

    def _failed(self, failure: Failure) -> None:
        try:
            self._give_up(failure)
        except Exception:
            self._log.failure("The sequencer stumbled")

    def _give_up(self, failure: Failure) -> None:
        batch = self._closed
        self._take_back(self._appended)
        said = [entry for entry in batch if not isinstance(entry, Happening)]
        if failure.check(RecordFailure) is not None:
            self._publish_failed(batch, self._kept_or_refused(said, failure.value))
            return
        self._log.failure("A batch was not recorded; trying one by one", failure)
        Deferred.fromCoroutine(self._one_by_one(batch, said)).addErrback(self._bug)

    def _kept_or_refused(
        self, said: Sequence[Draft | Saying], failure: BaseException | None
    ) -> list[Outcome]:
        """What became of each: all is refused, but for what the record has kept all the same."""
        if not isinstance(failure, PartlyKept):
            return [each for one in said for each in self._refuse(one)]
        became = iter(failure.outcomes)
        outcomes: list[Outcome] = []
        for one in said:
            own = list(islice(became, len(drafts_of(one))))
            outcomes += self._refuse(one) if isinstance(own[0], NotRecorded) else own
        return outcomes

    def _take_back(self, drafts: Sequence[Draft]) -> None:
        """The blocks that would have begun with one of these begin with the next line."""
        for draft in drafts:
            block, newest = draft.block, self._record.extent(draft.room).newest
            if block is not None and block.get(draft.room, 0) > newest:
                del block[draft.room]

    async def _one_by_one(self, batch: list[Entry], said: list[Draft | Saying]) -> None:
        self._alone = True
        outcomes = [each for one in said for each in await self._try_alone(one)]
        self._alone = False
        self._publish_failed(batch, outcomes)

    async def _try_alone(self, one: Draft | Saying) -> Sequence[Outcome]:
        self._appended = drafts = drafts_of(one)
        if self._is_refused(drafts[0]):
            return not_recorded(one)
        try:
            return await self._record.append(drafts, self._now_ms())
        except Exception as error:
            if not isinstance(error, RecordFailure):
                self._log.failure("A message was not recorded")
            self._take_back(drafts)
            return self._refuse(one)

    def _refuse(self, one: Draft | Saying) -> Sequence[Outcome]:
        draft = drafts_of(one)[0]
        if draft.session not in self._left_behind:
            self._note_failed(draft)
        return not_recorded(one)

    def _note_failed(self, draft: Draft) -> None:
        """Refuse the session's higher ids from now on, until this one has been said again."""
        if draft.id:
            self._refusing.setdefault(draft.session, draft.id)

    def _publish_failed(self, batch: list[Entry], outcomes: list[Outcome]) -> None:
        """Refuse with it what was said behind a failed message before its failure was known.

        All of that in one stroke: a program says the failed one again as soon as it hears of it,
        and nothing with a higher id may be waiting then.
        """
        if self._leaving:
            self._leave_out()
        behind: list[Draft | Saying] = []
        kept: list[Entry] = []
        for entry in self._pending:
            if not isinstance(entry, Happening) and self._is_refused(drafts_of(entry)[0]):
                behind.append(entry)
            else:
                kept.append(entry)
        self._pending = kept
        self._drafts = [draft for entry in kept for draft in drafts_of(entry)]
        self._closed_size += sum(map(size_of, behind))
        self._closed_mixed = True
        refused = [each for one in behind for each in not_recorded(one)]
        self._publish([*batch, *behind], outcomes + refused)

    # -- publishing ----------------------------------------------------------------------------

    def _publish(self, batch: list[Entry], outcomes: Sequence[Outcome]) -> None:
        """Publish a batch whose drafts, in their order, had these outcomes."""
        began = self._seconds()
        try:
            self._deliver(by_room(batch, outcomes))
        except Exception:
            self._log.failure("Publishing went wrong")
        texts = self._closed_size - ENTRY_OVERHEAD * len(batch)
        if texts >= LEAST_WAITING:
            self._bound(texts, self._seconds() - began)
            self._bounded_at = began
        elif began - self._bounded_at > BOUNDED_FOR:
            self.limit = self._least
        try:
            if self._closed_mixed:
                self._settle_each(batch, outcomes)
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
        self._left_behind.clear()
        self._go_on()

    def _publish_from_elsewhere(self, messages: Sequence[Said]) -> None:
        try:
            self._deliver(by_room((), messages))
            self._done()
        except Exception:
            self._log.failure("Publishing what came from elsewhere went wrong")

    def _settle_each(self, batch: list[Entry], outcomes: Sequence[Outcome]) -> None:
        """Settle drafts in a row together, and what happens in its place among them."""
        outcome = iter(outcomes)
        drafts: list[Draft] = []
        ends: list[Outcome] = []
        for entry in batch:
            if isinstance(entry, Draft):
                drafts.append(entry)
                ends.append(next(outcome))
            elif isinstance(entry, Saying):
                drafts.append(entry.draft)
                ends.append(first_of(outcome, len(entry.copies)))
                if entry.told is not None:
                    self._try(entry.told, ends[-1])
            else:
                if drafts:
                    self._try(self._settle, drafts, ends)
                    drafts, ends = [], []
                if entry.settle is not nothing:
                    self._try(entry.settle)
        if drafts:
            self._try(self._settle, drafts, ends)

    def _try(self, call: Callable[..., None], *arguments: object) -> None:
        try:
            call(*arguments)
        except Exception:
            self._log.failure("One entry went wrong; the others are published all the same")

    def _bound(self, texts: int, took: float) -> None:
        """Let no more wait than can be given out in `DELIVERY`, going by what so many bytes took.

        Twice as much as before at the most: those to whom it was cheap to give nothing, since they
        are behind, are soon level again.
        """
        bound = texts * DELIVERY / took if took else self._most
        self.limit = min(max(round(bound), self._least), 2 * self.limit, self._most)

    def _go_on(self) -> None:
        self.waiting -= self._closed_size
        self._closed_size = 0
        self.texts = self.waiting - ENTRY_OVERHEAD * len(self._pending)
        if self.congested and self.texts < self.limit and self.waiting <= self._most:
            self.congested = False
            relieved, self._waiting_for_relief = self._waiting_for_relief, []
            for call in relieved:
                call()
        if self._pending and not self._scheduled:
            self._scheduled = True
            self._later(0, self._turn)

    def _is_refused(self, draft: Draft) -> bool:
        refused = self._refusing.get(draft.session)
        return refused is not None and draft.id > refused

    def _soon(self, call: Callable[[], None]) -> None:
        """Call it when this batch is done with."""
        self._later(0, call)

    def _bug(self, failure: Failure) -> None:
        self._log.failure("The sequencer stumbled", failure)
