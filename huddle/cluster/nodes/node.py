"""The node: a life after the other, from the first entry to the last.

::

    begins ──> up, when its `Up` has come back ──> over, by another's word
       ^                                             │
       └──── silent, a gap: another life ────────────┤
                                                     └──> halted: fenced by its own name, outvoted,
                                                          other options, a later version

It appends a beat a second. While none comes back it has lost the others: for `WAITING` seconds
what its members say waits, then it is refused, and after `ALONE` seconds programs are to go
elsewhere. When it is heard again it reads what has become of it. If it was put down meanwhile it
begins another life, takes back the sessions that waited for it, and appends what had not come back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from twisted.internet.defer import Deferred, fail
from twisted.logger import Logger
from twisted.python.failure import Failure

from huddle.cluster.apply import apply
from huddle.cluster.batches import BeginsElsewhere, TooNew
from huddle.cluster.effects import (
    VOID,
    Applied,
    Cause,
    Held,
    LifeDown,
    Opened,
    Outcome,
    Split,
)
from huddle.cluster.entries import Announce, Attach, Beat, Down, Entry, Mark, Say, Up
from huddle.cluster.log import NOTHING_BEFORE, Following, Gap, Log
from huddle.cluster.nodes.failure_detector import SILENT_BEATS, FailureDetector
from huddle.cluster.nodes.host import Host
from huddle.cluster.nodes.log_window import LogWindow
from huddle.cluster.nodes.node_list import NodeList
from huddle.cluster.nodes.node_status import TAKING, LastHeard, NodeStatus
from huddle.cluster.nodes.proposals import Proposals, answer, not_said
from huddle.cluster.nodes.session_expiry import SessionExpiry
from huddle.cluster.rules.upgrades import upgrades
from huddle.cluster.state import State
from huddle.protocol.answers import NodeListing
from huddle.protocol.errors import NotRecorded
from huddle.protocol.timing import Clock

BEAT = 1.0
"""Seconds from one beat to the next."""
WAITING = 10.0
"""Seconds for which what is said waits, while nothing of one's own comes back."""
ALONE = 30.0
"""Seconds of that after which programs are sent to other nodes."""
AGAIN = 1.0
"""Seconds after which an append is made again that ended without the log's word."""
MOST_UNKEPT = 256
"""Batches that wait for the record before no more is read; half of them, and it goes on."""
MOST_SKEW = 2.0
"""Seconds by which the node's clock may differ from its peers'."""


@dataclass(eq=False, repr=False)
class Node:
    """One node over a log. With ``up`` each of its lives begins, where it has read and kept so much
    by then. ``fresh_life`` gives 128 bits of chance in hexadecimal, ``clock`` is a monotonic one,
    ``now_ms`` the time of day."""

    _log = Logger()

    name: str
    state: State
    _engine: Log
    _host: Host
    _up: Up
    _fresh_life: Callable[[], str]
    _clock: Clock
    _now_ms: Callable[[], int]

    def __post_init__(self) -> None:
        self.life = ""
        self.status = NodeStatus.COMING
        self.kept = self.state.position
        """The position of the state on this node's disk. Who keeps a later one there says so."""
        self._proposals = Proposals()
        self._failure_detector, self._node_list = FailureDetector(), NodeList()
        self._expiry = SessionExpiry()
        self._lives: set[str] = set()
        """Its own, so far: a session that none but these has held is still its."""
        self._window = LogWindow(self.state.position, self.state.time)
        self._appending: Deferred[int] = Deferred()
        self._following: Following | None = None
        self._skew: float | None = None
        self._beating = self._skewed = self._was_up = False
        self._last_heard = LastHeard(self._clock.seconds)
        self._marked = self._unkept = 0
        self._leaving: list[Deferred[Outcome]] = []
        """Fired as soon as the log says that this node has left."""

    # -- from outside --------------------------------------------------------------------------

    def start(self) -> None:
        """Follow the log from where the state is, and come up. The host hears when it is level."""
        for each in self.state.sessions.values():
            if each.here and each.away:
                self._hold(Held(each.number, each.losses))
        self._last_heard.since = self._clock.seconds()
        self._following = self._engine.follow(self.state.position, self._deliver, self._fell_behind)
        self._live()
        self._clock.callLater(BEAT, self._tick)

    def stop(self) -> Deferred[Outcome]:
        """Say that the node leaves, behind all that was proposed; fires when that is known, or when
        the node is over by another's word: then there is nothing left to say."""
        left: Deferred[Outcome] = Deferred()
        self._leaving.append(left)
        if len(self._leaving) == 1:
            self._leave()
        return left

    def _leave(self) -> None:
        """Have this life down. Where it was put down first and another has begun, that one."""
        if self.status is NodeStatus.HALTED:
            return self._left(VOID)
        life = self.life

        def told(outcome: Outcome) -> None:
            is_down = self.life == life or self.status is NodeStatus.HALTED
            self._left(outcome) if is_down else self._leave()

        down = self._proposals.add(Down(life, 0))
        down.addCallbacks(told, lambda _: self._left(VOID))
        self.go_on()

    def _left(self, outcome: Outcome) -> None:
        waiting, self._leaving = self._leaving, []
        for each in waiting:
            each.callback(outcome)

    def propose(self, entry: Entry) -> Deferred[Outcome]:
        """Have it stand in the log; fires with what it came to, once its members were told.

        Fails with `NotRecorded` where the node takes nothing at the moment, or no more before it
        was sent: then it will not stand there. What is said waits for as long as it takes.
        Raises `huddle.cluster.batches.BadBatch` for what no node would take.
        """
        outcome = self.put(entry)
        self.go_on()
        return outcome

    def put(self, entry: Entry) -> Deferred[Outcome]:
        """`propose` one of several: they are appended together by the `go_on` that follows them."""
        if self.status not in TAKING:
            return fail(NotRecorded())
        return self._proposals.add(entry, asked=not isinstance(entry, Say | Announce))

    def note_skew(self, seconds: float) -> None:
        """By so much does this node's clock differ from the others', as probes have measured it, or
        has it jumped. To be said before `start` where it is known by then."""
        self._skew, self._skewed = seconds, abs(seconds) > MOST_SKEW
        self._stand()

    def nodes(self) -> tuple[NodeListing, ...]:
        """All nodes that were ever up, as far as this one knows; itself first."""
        return self._node_list.told(self.state, self.name, self.status.word, self._skew)

    # -- lives ---------------------------------------------------------------------------------

    def _live(self) -> None:
        """Begin another life: fence the one before, and take back those who waited for it."""
        self.life = self._fresh_life()
        self._failure_detector, self._beating = FailureDetector(), False
        attaching = list(self._taken_back()) if self._lives else []
        self._lives.add(self.life)
        up = replace(self._up, after=self.state.life_of(self.name), kept=self.kept)
        outcomes = self._proposals.begin_anew([up, *attaching])
        for attach, outcome in zip(attaching, outcomes[1:], strict=True):
            outcome.addCallbacks(self._attached, not_said, callbackArgs=(attach.session,))
        self.go_on()

    def _taken_back(self) -> Iterator[Attach]:
        """Of those who are connected here, the ones whom no other node has by now."""
        for number, turn in self._host.connected():
            session = self.state.sessions.get(number)
            if session is not None and session.life in self._lives:
                yield Attach(number, turn, session.life)
            else:
                self._host.moved(number)

    def _attached(self, outcome: Outcome, session: int) -> None:
        if isinstance(outcome, Opened):
            self._host.taken_back(session)
        elif self.state.held(session, self.life) is None:
            self._host.moved(session)

    def _over(self, cause: str) -> None:
        """This life is over: who was only not heard begins another."""
        self._appending.cancel()
        if cause == Cause.OVERTAKEN and self._was_up:
            self._clock.callLater(2 * SILENT_BEATS * BEAT, self._live_if_alone)
        elif cause in (Cause.SILENT, Cause.GAP, Cause.OVERTAKEN):
            self._live()
        else:
            self._halt(cause)

    def _live_if_alone(self) -> None:
        """Another life of this node's name is up. An earlier start, whose first batch was late, is
        dead, and has been put down by now; one that lives has come in this node's place."""
        if self.state.life_of(self.name):
            self._halt(Cause.FENCED)
        else:
            self._live()

    def _halt(self, cause: str) -> None:
        if self.status is not NodeStatus.HALTED:
            self._end()
            if cause != Cause.LEFT:
                self._left(VOID)
                self._host.halted(cause)

    def _fell_behind(self, gap: Gap) -> None:
        self._end()
        self._left(VOID)
        self._host.fell_behind(gap)

    def _end(self) -> None:
        if self._following is not None:
            self._following.stop()
        self._appending.cancel()
        self._stand(NodeStatus.HALTED)
        self._proposals.refuse()

    # -- appending -----------------------------------------------------------------------------

    def go_on(self) -> None:
        """Append the next batch of what was put in, if none is under way."""
        if self._proposals.under_way or not len(self._proposals):
            return
        now = self._now_ms()  # by which it is found that the clock has jumped: `note_skew`
        if self._skewed or self.status is NodeStatus.HALTED:
            return
        self._append(self._proposals.next_batch(self.life, self.name, self.state.position, now))

    def _append(self, batch: bytes) -> None:
        """Append it until it has come back: an attempt without an answer may have landed."""
        self._appending = self._engine.append(batch)
        self._appending.addErrback(self._not_appended, batch)

    def _not_appended(self, _: Failure, batch: bytes) -> None:
        def again() -> None:
            if self._proposals.under_way is batch and self.status is not NodeStatus.HALTED:
                self._append(batch)

        self._clock.callLater(AGAIN, again)

    # -- applying ------------------------------------------------------------------------------

    def _deliver(self, position: int, entry: bytes) -> None:
        if self.status is NodeStatus.HALTED:
            return
        self._window.taken += len(entry)
        try:
            applied = apply(self.state, position, entry)
            if self.state.rules > self._up.rules:  # from here on this version would err
                raise TooNew(self.state.rules)
            self._node_list.note(self.state, applied)
            kept = self._host.keep(applied)
        except TooNew:
            return self._halt(Cause.RULES)
        except BeginsElsewhere:
            return self._fell_behind(NOTHING_BEFORE)
        except Exception:
            self._log.failure("The log cannot be applied any further")
            return self._halt("failure")
        if not kept.called:
            self._wait_for(kept)
        if applied.life == self.life and applied.n == self._proposals.n:
            self._come_back(applied, kept)
        for each in applied.effects:
            if isinstance(each, Held):
                self._hold(each)
            elif isinstance(each, LifeDown) and each.life == self.life:
                self._over(each.cause)
            elif isinstance(each, Split):
                self._stand()
        if self.state.due[0] > self._marked:
            self._mark()

    def _hold(self, held: Held) -> None:
        """Count the hold, which lasts as long as all nodes have it by their options."""
        self._expiry.begin(held, self._clock.seconds() + self.state.limits.hold)

    def _wait_for(self, kept: Deferred[None]) -> None:
        """Read no more than the record can follow."""
        self._unkept += 1
        if self._unkept == MOST_UNKEPT and self._following is not None:
            self._following.pause()
        kept.addBoth(self._was_kept)

    def _was_kept(self, outcome: Any) -> Any:
        self._unkept -= 1
        if self._unkept == MOST_UNKEPT // 2 and self._following is not None:
            self._following.resume()
        return outcome

    def _come_back(self, applied: Applied, kept: Deferred[None]) -> None:
        """An own batch: all that was before it has been applied, and it counts, or never will."""
        self._last_heard.since = self._clock.seconds()
        if applied.passed is not None:  # as a second copy of it is
            return
        self._was_up = True
        sent = self._proposals.come_back(applied.outcomes)
        kept.addCallback(lambda _: answer(sent, applied))
        kept.addErrback(lambda failure: self._log.failure("A batch was not kept", failure))
        if any(isinstance(each.entry, Beat) for each in sent):
            self._beating = False
            for down in list(self._failure_detector.beat(self.life, self.state.lives)):
                self._proposals.say(down)
        self._stand()
        self.go_on()

    def _mark(self) -> None:
        """Tell the others one's chain where all tell theirs; the lowest has the log cut behind
        the slowest, and behind what is kept for those who come back."""
        self._marked, chain = self.state.due
        begins = self._window.mark(self._marked, self.state.time)
        self._proposals.say(Mark(self._marked, chain, self.kept))
        self.go_on()
        if self.state.lowest_life() == self.life:
            self._engine.truncate(min(begins, self.state.settled()))

    # -- time ----------------------------------------------------------------------------------

    def _tick(self) -> None:
        """Once a second: say that one is there, and whose hold is over."""
        if self.status is NodeStatus.HALTED:
            return
        self._last_heard.look(BEAT)
        self._beat()
        self._stand()
        self.go_on()
        self._clock.callLater(BEAT, self._tick)

    def _beat(self) -> None:
        if self._beating:
            return
        self._beating = True
        self._proposals.say(Beat())
        if self.state.lowest_life() != self.life:
            return self._expiry.forget(self.state, self._clock.seconds())
        due: list[Entry] = [*upgrades(self.state)]
        for entry in (*due, *self._expiry.ended(self.state, self._clock.seconds())):
            self._proposals.say(entry)

    def _stand(self, status: NodeStatus | None = None) -> None:
        before, self.status = self.status, status or self._found()
        if self.status is not before:
            self._host.stands(self.status)
        if self.status not in TAKING:
            self._proposals.refuse_asked()

    def _found(self) -> NodeStatus:
        if self.status is NodeStatus.HALTED:
            return NodeStatus.HALTED
        if self.state.read_only:
            return NodeStatus.READ_ONLY
        if self._skewed:
            return NodeStatus.SKEWED
        if not self._was_up:
            return NodeStatus.COMING
        unheard = self._clock.seconds() - self._last_heard.since
        if unheard >= ALONE:
            return NodeStatus.ALONE
        if unheard >= WAITING:
            return NodeStatus.REFUSING
        return NodeStatus.WAITING if unheard > 2 * BEAT else NodeStatus.LEVEL
