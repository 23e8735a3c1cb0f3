"""One who follows the log, over as many watches as it takes.

Before each watch the engine is asked for the entry that came last: so an engine that was started
from an older copy of its data, another engine or another house is found out, wherever it was put. A
watch ends with its endpoint, or when that has no leader, or when it does not show what this node
knows to be in the log; then it is the next endpoint's turn, and the log goes on where it was.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import InitVar, dataclass
from typing import Final

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IDelayedCall
from twisted.internet.task import deferLater

from huddle.cluster.etcd.appending import PAUSE, Pauses
from huddle.cluster.etcd.gateway import (
    DEADLINE,
    OUT_OF_RANGE,
    Answer,
    Gateway,
    Refused,
    Unanswered,
)
from huddle.cluster.etcd.messages import (
    PUT_OR_NOT,
    WATCH,
    Entry,
    Requests,
    beginning_of,
    engine_of,
    entry_in,
    entry_of,
    succeeded,
)
from huddle.cluster.etcd.watch import Watch
from huddle.cluster.log import FROM_THE_START, Cause, Deliver, Gap, Same
from huddle.cluster.succession import Succession

_COMPACTED: Final = "compacted"
"""In what the engine says of a revision that it keeps no more; of one to come it says "future"."""


@dataclass(eq=False, repr=False)
class EtcdFollowing:
    """Delivers what follows a position until it is stopped, or there is a gap.

    ``heard`` is told of every question: None where the engine answered, else the trouble.
    """

    _gateway: Gateway
    _requests: Requests
    _engine: str
    after: InitVar[int]
    _deliver: Deliver
    _gap: Callable[[Gap], None]
    _same: Same | None
    _pauses: Pauses
    _heard: Callable[[Exception | None], object]

    def __post_init__(self, after: int) -> None:
        self._last = b""
        """The entry that came last, once one has come; until then the follower is asked."""
        self._succession = Succession(after, 0)
        self._is_placed = after == FROM_THE_START
        self._watch_from = self._compacted = 0
        self._endpoint = self._gateway.endpoint
        self._next_endpoint = ""
        self._watch: Watch | None = None
        self._check: IDelayedCall | None = None
        self._expected = 0
        self._in_vain = 0
        """Watches that were ended one behind the other since they showed nothing."""
        self._paused = self.has_stopped = False
        self._gateway.on_left.append(self._left)
        self._course = Deferred.fromCoroutine(self._run())
        self._course.addErrback(lambda failure: None if self.has_stopped else failure)

    def stop(self) -> None:
        if not self.has_stopped:
            self._stop()
            self._course.cancel()

    def pause(self) -> None:
        self._paused = True
        if self._watch:
            self._watch.pause()

    def resume(self) -> None:
        self._paused = False
        if self._watch:
            self._watch.resume()
            self._await_expected()

    def expect(self, position: int) -> None:
        """What stands at this position is in the log: another endpoint's turn has come when it is
        not delivered in time."""
        self._expected = max(self._expected, position)
        self._await_expected()

    def _await_expected(self) -> None:
        here, watch = self._succession.position, self._watch
        if watch and not self._check and not self._paused and here < self._expected:
            # Each time longer: one that reads much from its disk before it begins is not silent.
            patience = min(self._gateway.patience * 2**self._in_vain, DEADLINE)
            self._check = self._gateway.clock.callLater(patience, self._not_shown, watch.reads)

    def _not_shown(self, reads: int) -> None:
        """Where this process stood still itself, what came meanwhile is read first."""
        self._check = self._gateway.clock.callLater(0, self._missing, reads)

    def _missing(self, reads: int) -> None:
        """A part of a long line is a sign of life, too."""
        self._check = None
        if self._watch and not self._paused and reads == self._watch.reads:
            self._in_vain = min(self._in_vain + 1, 8)
            self._watch.close()
        else:
            self._await_expected()

    async def _run(self) -> None:
        await deferLater(self._gateway.clock, 0)
        turns = 0
        while not self.has_stopped:
            before = self._succession.position
            try:
                if await self._placed():
                    await self._read()
            except (Refused, Unanswered) as trouble:
                self._heard(trouble)
            if self.has_stopped:
                return
            turns = turns + 1 if self._succession.position == before else 0
            self._endpoint = self._next_endpoint or self._gateway.next_after(self._endpoint)
            self._next_endpoint = ""
            if turns >= len(self._gateway.endpoints):
                await deferLater(self._gateway.clock, self._pauses(PAUSE))

    def _left(self, endpoint: str) -> None:
        """An endpoint did not answer: what is watched there may not come either."""
        if endpoint == self._endpoint and self._watch is not None:
            self._next_endpoint = self._gateway.endpoint
            self._watch.close()

    async def _placed(self) -> bool:
        """Whether the log still has, where the follower is, the entry that it had."""
        here, known = self._succession.position, max(self._succession.position, self._compacted)
        self._watch_from = known + 1
        body = self._requests.entry(known) if known else self._requests.beginning()
        try:
            answer = await self._gateway.ask(PUT_OR_NOT, body, self._endpoint)
        except Refused as refusal:
            if refusal.code != OUT_OF_RANGE:
                raise
            self._heard(None)
            if _COMPACTED not in refusal.text:
                self._end(Cause.REWOUND)
            self._watch_from = known  # which is refused, and told up to where all is gone
            return not self.has_stopped
        self._heard(None)
        cause = self._cause(answer, here)
        if cause:
            self._end(cause)
        return cause is None

    def _cause(self, answer: Answer, here: int) -> Cause | None:
        if engine_of(answer) != self._engine or not succeeded(answer):
            return Cause.FOREIGN
        if here == FROM_THE_START:
            self._watch_from = beginning_of(answer)
            return None
        entry = entry_of(answer)
        if entry is not None and entry.position > here:
            return Cause.TRUNCATED
        if entry is None or entry.position != here or not self._is_last(entry):
            return Cause.REWOUND
        if not self._is_placed:
            self._succession = Succession(here, entry.number)
            self._is_placed = True
        return None if entry.number == self._succession.count else Cause.REWOUND

    def _is_last(self, entry: Entry) -> bool:
        if self._last:
            return entry.bytes == self._last
        return self._same is None or self._same(entry.bytes)

    async def _read(self) -> None:
        """Deliver what a watch tells, until it ends."""
        body = self._requests.watch(self._watch_from)
        watch = Watch(self._told)
        await self._gateway.read(WATCH, body, self._endpoint, watch)
        self._watch = watch
        if self._paused:
            watch.pause()
        self._await_expected()
        try:
            await watch.ended
        finally:
            self._watch = None
            self._await_no_longer()

    def _told(self, result: Answer) -> None:
        if str(result["header"]["cluster_id"]) != self._engine:
            self._end(Cause.FOREIGN)
        elif result.get("canceled"):  # one that is refused is created, too
            self._note_compacted(int(result.get("compact_revision", 0)))
            self._end_watch()
        elif result.get("created"):
            self._await_no_longer()  # that it is there is no sign of more
            self._await_expected()
        watch = self._watch
        for event in result.get("events", ()):
            if self.has_stopped or self._watch is not watch:
                return  # who was given the one before has ended it: the next watch goes on there
            self._take(entry_in(event["kv"]))

    def _note_compacted(self, revision: int) -> None:
        """What is gone may have been of other keys alone: next it is asked what stands there."""
        if revision and self._succession.position == FROM_THE_START:
            self._end(Cause.TRUNCATED)
        self._compacted = max(self._compacted, revision)

    def _take(self, entry: Entry) -> None:
        cause = self._succession.takes(entry.position, entry.number)
        if cause:
            self._end(cause)
        else:
            self._last = entry.bytes
            self._in_vain = 0
            self._deliver(entry.position, entry.bytes)

    def _end(self, cause: Cause) -> None:
        if not self.has_stopped:
            self._stop()
            self._gap(Gap(cause, self._succession.position))

    def _stop(self) -> None:
        self.has_stopped = True
        self._gateway.on_left.remove(self._left)
        self._end_watch()

    def _end_watch(self) -> None:
        if self._watch is not None:
            self._watch.close()

    def _await_no_longer(self) -> None:
        if self._check is not None:
            self._check.cancel()
            self._check = None
