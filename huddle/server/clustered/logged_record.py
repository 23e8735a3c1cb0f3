"""The record of a node: read as any, written by the log.

What the core appends is proposed, and numbered where it stands in the log; so are the rows that the
core has changed (`huddle.server.clustered.operations`). The node's own record is written by
`Record.step` alone, when a batch has come back, this node's or another's.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from operator import attrgetter
from typing import Any

from twisted.internet.defer import Deferred, succeed
from twisted.logger import Logger
from twisted.python.failure import Failure
from typing_extensions import override

from huddle.cluster.batches import BadBatch
from huddle.cluster.effects import Again, Done, Outcome, Placed, Refused
from huddle.cluster.entries import Beat, Entry, Erase, Login, Own
from huddle.cluster.refusals import NOT_HERE, error
from huddle.delivery import entries as delivery
from huddle.protocol.errors import HuddleError, NotReadable, NotRecorded, Replaced
from huddle.protocol.events import Draft, Kind, Said, is_inbox
from huddle.record import (
    Extent,
    Kept,
    PartlyKept,
    Record,
    RecordFailure,
    SessionRow,
    Step,
    Told,
)
from huddle.rooms.speaking import repeated
from huddle.server.clustered.link import Link
from huddle.server.clustered.logged_retention import left, retain, retain_sessions
from huddle.server.clustered.message_entries import MessageEntries, placed
from huddle.server.clustered.operations import changed, joining_by, operations
from huddle.server.clustered.write_behind import WriteBehind

Erasing = tuple[int, Deferred[Sequence[Said]], Deferred[Said | None]]
"""One message that is to be erased: its seq, what the record has of it, and who waits for that."""


class LoggedRecord(Record):
    """Over a record ``kept`` on this node's disk, which ``write_behind`` is ahead of. ``epoch`` is
    the whole house's."""

    _log = Logger()

    def __init__(self, link: Link, kept: Record, write_behind: WriteBehind, epoch: str) -> None:
        self._link = link
        self._kept = kept
        self._write_behind = write_behind
        self._epoch = epoch
        self._told: Told | None = None
        self._message_entries = MessageEntries()
        self._is_forgetting = False
        self._erasing: dict[tuple[str, int], list[Erasing]] = {}
        """What is to be erased in this turn, by room and session."""

    def over(self, session: int, most: int) -> None:
        """The session has left: what it said together is said. All of the state is in memory, so
        when twice as many of those who left are known as are kept, ``most``, the others go now."""
        self._message_entries.forget(session)
        if left(self._link.state) > 2 * most and not self._is_forgetting:
            self._is_forgetting = True
            _quietly(self._forget_now(most))

    async def _forget_now(self, most: int) -> None:
        try:
            await self.forget_sessions(0, most)
        finally:
            self._is_forgetting = False

    # -- writing -------------------------------------------------------------------------------

    @override
    def append(self, drafts: Sequence[Draft], time: int) -> Deferred[Sequence[Said]]:
        return Deferred.fromCoroutine(self._append(drafts, time))

    async def _append(self, drafts: Sequence[Draft], time: int) -> Sequence[Said]:
        outcomes: list[delivery.Outcome] = []
        for asked, given in self._proposed(drafts):
            outcomes += [await self._outcome(given[0], asked, time)] * len(given)
        if any(isinstance(each, NotRecorded) for each in outcomes):
            raise PartlyKept(outcomes)
        if self._told is not None:
            self._told(drafts, outcomes)  # type: ignore[arg-type]
        return []

    def _proposed(self, drafts: Sequence[Draft]) -> list[tuple[Deferred[Outcome], list[Draft]]]:
        """All of them proposed; what no node would take, and what its session says behind that
        under higher ids, is not."""
        proposed: list[tuple[Deferred[Outcome], list[Draft]]] = []
        refused: set[int] = set()
        for say, given in self._message_entries.of(self._link.state, drafts):
            asked: Deferred[Outcome] = succeed(Refused("not-recorded"))
            if not (given[0].id and given[0].session in refused):
                try:
                    asked = self._link.node.put(say)
                except BadBatch:
                    refused.add(given[0].session)
            proposed.append((asked, given))
        self._link.node.go_on()
        return proposed

    async def _outcome(self, draft: Draft, asked: Deferred[Outcome], time: int) -> delivery.Outcome:
        """What became of one. It raises nothing: what stands in the log is never tried again."""
        try:
            return await self._became(draft, await asked, time)
        except NotRecorded as refused:
            return refused
        except RecordFailure:
            return NotReadable()
        except Exception:
            self._log.failure("What became of a line cannot be told")
            return NotReadable()

    async def _became(self, draft: Draft, outcome: Outcome, time: int) -> delivery.Outcome:
        match outcome:
            case Placed(_, seq):
                if draft.edits:
                    _quietly(self._delete_if_that_is(draft, seq))
                return placed(draft, seq, time)
            case Again(session, id):
                return repeated(draft, await self.find(session, id))
            case Done():
                return placed(draft, 0, time)  # an announcement, of which no number is told
            case Refused(code) if code not in NOT_HERE:
                return error(outcome, self._link.suggest)
        # Nor is what the session says behind it, where it comes back meanwhile: that id would
        # pass over this one.
        return NotRecorded()

    @override
    def on_committed(self, told: Told) -> None:
        self._told = told

    @override
    def save(self, *kept: Kept, by: int = 0) -> Deferred[None]:
        return Deferred.fromCoroutine(self._save(kept, by))

    def _propose(self, entries: Sequence[Entry]) -> list[Deferred[Outcome]]:
        asked: list[Deferred[Outcome]] = []
        for entry in entries:
            try:
                asked.append(self._link.node.put(entry).addErrback(_not_proposed))
            except BadBatch:
                asked.append(succeed(Refused("not-recorded")))
        self._link.node.go_on()
        return asked

    async def _save(self, kept: Sequence[Kept], by: int) -> None:
        entries = operations(self._link, kept, by)
        if any(isinstance(each, Login) for each in entries):
            await self._link.in_turn()  # what was said before has the nick of then
            entries = operations(self._link, kept, by)
        joining = set(filter(None, map(joining_by, entries)))
        self._link.joining |= joining
        try:
            outcomes = [await each for each in self._propose(entries)]
            self._note_wishes(entries, outcomes)
            for entry, outcome in zip(entries, outcomes, strict=True):
                if isinstance(entry, Own) and outcome == Refused(Replaced.code):
                    raise self._link.not_held(entry.session)
                if isinstance(outcome, Refused):
                    raise error(outcome, self._link.suggest)
        finally:
            self._link.joining -= joining
            # The caller does it now, or puts back what it found; meanwhile the log may have had
            # another node change the same.
            if rows := changed(self._link.state, kept):
                self._link.later(0, lambda: self._link.follow(rows))

    def _note_wishes(self, entries: Sequence[Entry], outcomes: Sequence[Outcome]) -> None:
        for entry, outcome in zip(entries, outcomes, strict=True):
            is_unkept = outcome == Refused(NotRecorded.code)
            if is_unkept and isinstance(entry, Own) and entry.wishes is not None:
                self._link.wishing.add(entry.session)

    @override
    def erase(self, room: str, seq: int, by: int = 0) -> Deferred[Said | None]:
        """What a session has erased in one turn is one entry, of which all are told at once."""
        erased: Deferred[Said | None] = Deferred()
        together = self._erasing.setdefault((room, by), [])
        if not together:
            self._link.later(0, lambda: self._begin_to_erase(room, by))
        together.append((seq, self.read(room, seq, seq), erased))
        return erased

    def _begin_to_erase(self, room: str, by: int) -> None:
        erasing = Deferred.fromCoroutine(self._erase(room, by, self._erasing.pop((room, by))))
        erasing.addErrback(lambda failure: self._log.failure("Erasing failed", failure))

    async def _erase(self, room: str, by: int, together: Sequence[Erasing]) -> None:
        session = self._link.state.sessions.get(by)
        account = 0 if session is None else session.account
        authors: dict[tuple[bool, str], dict[int, Deferred[Said | None]]] = {}
        for seq, reading, erased in together:
            try:
                there = next(iter(await reading), None)
            except RecordFailure as trouble:
                erased.errback(trouble)
                continue
            if there is None:
                erased.callback(None)
                continue
            # In an inbox all is its owner's.
            own = is_inbox(room) or there.is_by(by, account)
            authors.setdefault((own, there.nick), {})[seq] = erased
        for (own, nick), waiting in authors.items():
            await self._erase_of(Erase(room, tuple(waiting), by, own, nick), waiting)

    async def _delete_if_that_is(self, draft: Draft, seq: int) -> None:
        """Delete the message ``seq`` too, where another node has deleted what it puts right."""
        first = await self.read(draft.room, draft.edits, draft.edits)
        if first and first[0].kind is Kind.DELETED:
            self._link.owe(Erase(draft.room, (seq,), draft.session, True, draft.nick))

    async def _delete_what_put_right(self, entry: Erase, known: int) -> None:
        """Delete also what put these right behind the seq ``known``, the newest when asked."""
        newest = self.extent(entry.room).newest
        later = await self.read(entry.room, known + 1, newest) if newest > known else ()
        seqs = tuple([each.seq for each in later if each.edits in entry.seqs])
        if seqs:
            self._link.owe(replace(entry, seqs=seqs, audit=None))

    async def _erase_of(self, entry: Erase, waiting: dict[int, Deferred[Said | None]]) -> None:
        known = self.extent(entry.room).newest
        try:
            await self._link.ask(entry)
        except HuddleError as refused:
            for erased in waiting.values():
                erased.errback(refused)
            return
        for seq, erased in waiting.items():
            self.read(entry.room, seq, seq).addCallback(
                lambda found: next(iter(found), None)
            ).addCallbacks(erased.callback, erased.errback)
        _quietly(self._delete_what_put_right(entry, known))

    @override
    def step(self, step: Step) -> Deferred[Sequence[Said]]:
        return self._write_behind.behind(lambda: self._kept.step(step))

    @override
    def follow(self, steps: Sequence[Step]) -> Deferred[Any]:
        return self._write_behind.behind(lambda: self._kept.follow(steps))

    @override
    def forget_sessions(self, seen_before: int, most: int) -> Deferred[int]:
        return Deferred.fromCoroutine(self._by_log(retain_sessions(self._link, most)))

    @override
    def forget(self, keep_ms: int | None, keep_messages: int | None, now: int) -> Deferred[int]:
        """The log goes by what the whole house keeps, which may be other than this node's own."""
        return Deferred.fromCoroutine(self._by_log(retain(self._link, now)))

    async def _by_log(self, retaining: Coroutine[Deferred[Any], Any, int]) -> int:
        try:
            return await retaining
        except HuddleError as refused:
            raise RecordFailure("the log does not take it") from refused

    # -- finding sessions ----------------------------------------------------------------------

    @override
    def session_by_key(self, key: bytes) -> Deferred[SessionRow | None]:
        known = key.hex() in self._link.state.by_key
        return Deferred.fromCoroutine(self._look_up(self._kept.session_by_key, key, known))

    @override
    def session_by_word(self, word: bytes) -> Deferred[SessionRow | None]:
        known = word.hex() in self._link.state.by_word
        return Deferred.fromCoroutine(self._look_up(self._kept.session_by_word, word, known))

    async def _look_up(
        self, ask: Callable[[bytes], Deferred[SessionRow | None]], hashed: bytes, known: bool
    ) -> SessionRow | None:
        """A session that is not known may have begun on another node a moment ago: all that stood
        in the log when this was asked is applied then."""
        if not known:
            await self._link.ask_at_the_door(Beat())
        return await self._write_behind.behind(lambda: ask(hashed))

    # -- what the node's own record says of itself ---------------------------------------------

    epoch = property(attrgetter("_epoch"))
    last_session = property(attrgetter("_kept.last_session"))
    last_account = property(attrgetter("_kept.last_account"))
    last_time = property(attrgetter("_kept.last_time"))
    position = property(attrgetter("_kept.position"))
    audit = property(attrgetter("_kept.audit"))
    rooms = property(attrgetter("_kept.rooms"))
    room_rows = property(attrgetter("_kept.room_rows"))
    marks = property(attrgetter("_kept.marks"))
    accounts = property(attrgetter("_kept.accounts"))

    # -- reading, behind all that was told -----------------------------------------------------

    @override
    def extent(self, room: str) -> Extent:
        return self._write_behind.extent(room)

    @override
    def read(
        self, room: str, first: int, last: int, size: int | None = None
    ) -> Deferred[Sequence[Said]]:
        return self._write_behind.behind(lambda: self._kept.read(room, first, last, size))

    @override
    def belonging(
        self, room: str, seq: int, limit: int, after: int = 0
    ) -> Deferred[Sequence[Said]]:
        return self._write_behind.behind(lambda: self._kept.belonging(room, seq, limit, after))

    @override
    def since(self, room: str, time: int) -> Deferred[int]:
        return self._write_behind.behind(lambda: self._kept.since(room, time))

    @override
    def search(
        self, room: str, query: str, limit: int, before: int | None = None
    ) -> Deferred[Sequence[Said]]:
        return self._write_behind.behind(lambda: self._kept.search(room, query, limit, before))

    @override
    def find(self, session: int, id: int) -> Deferred[Said | None]:
        return self._write_behind.behind(lambda: self._kept.find(session, id))

    @override
    def sessions_here(self) -> Sequence[SessionRow]:
        """None: those of the log's state are mirrored when the node has read it."""
        return ()

    @override
    def sessions(self) -> Deferred[Sequence[SessionRow]]:
        return self._write_behind.behind(self._kept.sessions)

    @override
    def close(self) -> Deferred[None]:
        return self._write_behind.written().addBoth(lambda _: self._kept.close())


def _quietly(deleting: Coroutine[Deferred[Any], Any, None]) -> None:
    """A record that cannot be read ends this node; another's member can delete it."""
    Deferred.fromCoroutine(deleting).addErrback(lambda failure: failure.trap(RecordFailure))


def _not_proposed(failure: Failure) -> Outcome:
    failure.trap(NotRecorded)
    return Refused("not-recorded")
