"""One node's core and the log, put together: the host of the node.

What comes back from the log is mirrored in the core at once, and kept in the record batch after
batch; it is told to those who are connected here when it is kept, in the log's order. What was only
said is told at once, and kept with what comes behind it (`huddle.server.clustered.write_behind`).
Then those hear what became of it who had asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, TypeVar

from twisted.internet.defer import Deferred, DeferredLock, succeed
from twisted.logger import Logger
from twisted.python.failure import Failure
from typing_extensions import override

from huddle.cluster import effects as told
from huddle.cluster.effects import Applied
from huddle.cluster.entries import Up
from huddle.cluster.log import Cause, Gap, Log
from huddle.cluster.nodes.host import Host
from huddle.cluster.nodes.node import Node
from huddle.cluster.nodes.node_status import TAKING, NodeStatus
from huddle.cluster.rows import ids, is_said, kept, said
from huddle.cluster.rules.upgrades import KNOWN_RULES
from huddle.cluster.state import State, first_state
from huddle.delivery.answering import answer_all
from huddle.huddle import Huddle
from huddle.people.authentication import Authentication
from huddle.people.registry import Registry
from huddle.protocol.answers import Aside
from huddle.protocol.events import FIRST_ROOM, RoomEvent
from huddle.protocol.timing import Clock
from huddle.record import Record, Step
from huddle.rooms.membership import Membership
from huddle.rooms.presence import Presence
from huddle.server.clustered.link import Link
from huddle.server.clustered.local_effects import LocalEffects
from huddle.server.clustered.log_hold import LogHold
from huddle.server.clustered.logged_claims import LoggedClaims
from huddle.server.clustered.logged_presence import LoggedPresence
from huddle.server.clustered.logged_record import LoggedRecord
from huddle.server.clustered.logged_retention import delete
from huddle.server.clustered.room_events import RoomEvents
from huddle.server.clustered.shared_code import SharedCode
from huddle.server.clustered.state_keeping import StateKeeping, is_as_recorded
from huddle.server.clustered.state_mirror import StateMirror
from huddle.server.clustered.write_behind import WriteBehind

T = TypeVar("T")


class Clustered(Host):
    """The node ``name`` of a house whose nodes follow ``log``.

    ``kept`` is this node's own record, ``epoch`` names the house on all nodes, ``shared`` are the
    options that all have alike (`huddle.server.clustered.shared_options`), ``fresh_life`` gives 128
    bits of chance in hexadecimal. To be made before the core, which is given its ``record``,
    ``presence`` and ``claims``; `start` follows.
    ``told`` hears how the node stands; ``ended`` why it takes part no more. ``keep_state`` has a
    dump of the state on the disk; from ``state``, such a one, the node starts. ``differs`` hears
    which of its options are others than those that the house goes by, and this node with it.
    ``words`` is a key for return words, in hexadecimal, where the house has none yet. What was
    said is told at once and written into the record ``write_after`` seconds later; None has it
    told when the record has it.
    """

    _log = Logger()

    def __init__(
        self,
        log: Log,
        name: str,
        kept: Record,
        epoch: str,
        shared: dict[str, object],
        fresh_life: Callable[[], str],
        told: Callable[[NodeStatus], object] = lambda status: None,
        ended: Callable[[str], object] = lambda cause: None,
        state: State | None = None,
        keep_state: Callable[[bytes], Deferred[None]] | None = None,
        differs: Callable[[Iterable[str]], object] = lambda options: None,
        words: str = "",
        write_after: float | None = 0.0,
    ) -> None:
        self._engine = log
        self._name = name
        self._kept = kept
        self._shared = shared
        self._fresh_life = fresh_life
        self._told = told
        self._ended = ended
        self._begin_with = state or first_state()
        self._states = StateKeeping(keep_state)
        self._differs = differs
        self._words = words
        self._is_over = False
        self._is_broken = False
        """Whether the record takes nothing any more."""
        self._stopping: Deferred[None] = Deferred()
        self._skew: float | None = None
        self._link = Link()
        self.served_until = self._link.served_until
        self.code = SharedCode(self._link)
        self.log_hold = LogHold(self._link, self._states, self._recorded)
        self._had = kept.position
        self._is_behind = self._begin_with.position < self._had
        """Whether what was applied is less than the record has."""
        self._heard = True
        """Whether the others of the house are heard, as far as people were told."""
        self._records_first = write_after is None
        self._write_behind = WriteBehind(kept, write_after or 0.0, self._failed)
        self._keeping: Deferred[None] = succeed(None)
        self._waiting = 0
        """Batches that are told when the record has them."""
        self._deletions = DeferredLock()
        """What is old is deleted one after the other, beside all that is kept meanwhile."""
        self._mirror: StateMirror
        self._local_effects: LocalEffects
        self._huddle: Huddle
        self._authentication: Authentication
        self._presence: LoggedPresence
        self.record = LoggedRecord(self._link, kept, self._write_behind, epoch)

    @property
    def node(self) -> Node:
        """The node, once it was started."""
        return self._link.node

    def presence(self, *parts: Any) -> Presence:
        """Make of these parts the core's presence, which asks the log."""
        self._presence = LoggedPresence(*parts, _link=self._link)
        return self._presence

    def claims(
        self, registry: Registry, membership: Membership, presence: Presence
    ) -> LoggedClaims:
        """Make the core's claims, which are decided by the log."""
        return LoggedClaims(self._link, registry, membership, self._presence)

    def start(self, huddle: Huddle, clock: Clock, now_ms: Callable[[], int]) -> None:
        """Follow the log, from the state that was kept or from the first entry on. ``now_ms`` is
        the machine's time of day, which may jump."""
        self._huddle = huddle
        self._write_behind.later = self._link.later = clock.callLater
        self._link.suggest = huddle.nicks.suggest
        self._link.in_turn = huddle.sequencer.in_turn
        replies = huddle.replies

        def gather(_: dict[str, list[RoomEvent]], __: bool) -> None:
            replies.gathering = True  # what happened is told by `keep`, to all alike

        def time_of_machine() -> int:
            huddle.now_ms()  # by which a jump of the clock is found out
            return now_ms()

        huddle.sequencer.publish_by(gather, huddle.speaking.settle, replies.give_out)
        self._link.node = Node(
            self._name,
            self._begin_with,
            self._engine,
            self,
            Up(self._shared, rules=KNOWN_RULES, words=self._words),
            self._fresh_life,
            clock,
            time_of_machine,
        )
        self._mirror = StateMirror(self._link, huddle, self._presence)
        self._link.follow = self._mirror.follow
        self._local_effects = LocalEffects(
            self._link,
            huddle,
            self._presence,
            self._mirror,
            self.code,
            self._shared,
            self._differs,
        )
        if self._skew is not None:
            self._link.node.note_skew(self._skew)
        if not self._is_behind:
            self._mirror.begin()
        self._link.node.start()

    def note_skew(self, seconds: float) -> None:
        """By so much does this machine's clock differ from the others' (`Node.note_skew`)."""
        self._skew = seconds
        if hasattr(self._link, "node"):
            self._link.node.note_skew(seconds)

    def count_for(self, authentication: Authentication) -> None:
        """Have it count what is done on other nodes and limited for the whole house, and hash by
        the key of all nodes, from when that is known."""
        self._authentication = authentication
        self._link.registered, self._link.share = authentication.registered, authentication.share

    def stop(self) -> Deferred[None]:
        """Say that this node leaves, behind all that was said here; fires when the log has it and
        the state is kept, or when the node is over by itself: then nothing more can be said.

        Without the other nodes it waits for them.
        """
        if not self._is_over:
            Deferred.fromCoroutine(self._stop()).addErrback(
                lambda failure: self._log.failure("The node did not stop in good order", failure)
            ).addBoth(lambda _: self._stopped())
        return self._stopping

    async def _stop(self) -> None:
        await self._huddle.sequencer.when_idle()
        await self.node.stop()
        await self._recorded()
        await self._states.end(self._link.state)

    def _stopped(self) -> None:
        self._is_over = True
        if not self._stopping.called:
            self._stopping.callback(None)

    def _over(self, cause: str) -> None:
        """It takes part no more; what is on its way into the record still comes there."""
        self._is_over = True
        if self._is_broken:
            self._stopped()
        else:
            self._recorded().addBoth(lambda _: self._stopped())
        self._ended(cause)

    # -- as the node's host --------------------------------------------------------------------

    @override
    def keep(self, applied: Applied) -> Deferred[None]:
        if self._is_behind:  # from before the node was started, and nobody is here
            self._come_up(applied.position)
            return succeed(None)
        if self._is_broken:
            return Deferred()
        must_wait = self._records_first or self._waiting or self._write_behind.is_full
        if must_wait or not is_said(applied):
            telling = self._keep(applied)
        else:
            self._tell_at_once(applied)
            telling = succeed(None)
        kept = partial(self.log_hold.kept, applied.position)
        self._states.begin(self._link.state, self._link.later, self._recorded, kept)
        return telling

    def _come_up(self, position: int) -> None:
        """What the record has is applied once more, or what is in the place of that by now."""
        self._is_behind = position < self._had
        if position == self._had and is_as_recorded(self._link.state, self._kept):
            self._mirror.begin()
        elif not self._is_behind:
            self._was_rewound()

    def _was_rewound(self) -> None:
        """The engine has lost what the record has."""
        self._is_behind, self._is_broken = False, True
        self._over(Cause.REWOUND.value)

    def _tell_at_once(self, applied: Applied) -> None:
        """It is on the disks of the engine, and the record need not have it before."""
        if not applied.effects:  # as of most batches in a quiet house, which are beats
            self._write_behind.take(Step(applied.position))
        else:
            messages = said(applied)
            self._write_behind.take(Step(applied.position, messages, ids(applied)))
            self._try(self._huddle.publish, messages)

    def _keep(self, applied: Applied) -> Deferred[None]:
        """What has happened is told when the record has it, as it is there."""
        state = self._link.state
        for each in applied.effects:
            if isinstance(each, told.Removed) and each.room == FIRST_ROOM:
                self._try(self._local_effects.carry_out, each, applied)  # it is known here still
        self._mirror.follow(list(applied.rows))
        for each in applied.effects:
            self._try(self._local_effects.carry_out, each, applied)
            if isinstance(each, told.Gone):
                self.record.over(each.session, self._huddle.limits.sessions_kept)
        erased = [
            (each.room, seq)
            for each in applied.effects
            if isinstance(each, told.Erased)
            for seq in each.seqs
        ]
        rows = kept(state, applied)
        step = Step(applied.position, said(applied), ids(applied), rows, erased)
        self._waiting += 1
        keeping = Deferred.fromCoroutine(self._step(self._keeping, step, applied))
        keeping.addErrback(self._failed)
        self._keeping, kept_by_then = keeping, Deferred[None]()
        keeping.addCallback(lambda _: kept_by_then.callback(None))
        return kept_by_then

    async def _step(self, before: Deferred[None], step: Step, applied: Applied) -> None:
        """What is behind this waits for the record alone, and for nothing that takes longer."""
        await before
        kept = await self.record.step(step)
        self._waiting -= 1
        came_to = RoomEvents(self._huddle, step.messages, kept[len(step.messages) :])
        events: list[RoomEvent] = []
        for each in applied.effects:
            events += self._try(came_to.of, each) or []
            if isinstance(each, told.Retained | told.Forgotten):
                keep_ms, most = self._link.state.keeps[0], self._huddle.limits.sessions_kept
                self._deletions.run(delete, self._kept, each, keep_ms, most)
        self._try(self._huddle.publish, events)

    def _recorded(self) -> Deferred[None]:
        """Fires when the record has all that was applied by now."""
        return Deferred.fromCoroutine(self._until_recorded(self._keeping))

    async def _until_recorded(self, keeping: Deferred[None]) -> None:
        await keeping
        await self._write_behind.written()

    def _try(self, call: Callable[..., T], *given: Any) -> T | None:
        """What one effect comes to here stands alone: a fault in it is told in the log, and all
        else is done; the record has the batch, or will have it."""
        try:
            return call(*given)
        except Exception:
            self._log.failure("What has happened is not told here")
            return None

    def _failed(self, failure: Failure) -> Deferred[None]:
        """What was appended stands: this node can only start again, from what its disk has. What
        comes behind that is kept no more, and nobody hears of it here."""
        self._is_broken = True
        self._log.failure("The record of this node fails; it takes part no more", failure)
        self._over("record")
        return Deferred()

    @override
    def connected(self) -> Iterable[tuple[int, int]]:
        sessions = self._huddle.registry.sessions
        return [(each.number, each.turn) for each in sessions if each.outlet is not None]

    @override
    def moved(self, session: int) -> None:
        self._local_effects.moved(session)

    @override
    def taken_back(self, session: int) -> None:
        there = self._huddle.registry.by_number(session)
        if there is not None:
            self._presence.taken_back(there)

    @override
    def stands(self, status: NodeStatus) -> None:
        if status is NodeStatus.REFUSING:
            self._tell_people(heard=False)  # and then what they have asked for is refused
        refusals = self._huddle.sequencer.refusals
        refused = refusals.everything
        refusals.refuse_everything(on=status not in TAKING)
        if refused and not refusals.everything:
            self._local_effects.take_home()
        if status is NodeStatus.LEVEL:
            if self._is_behind:
                return self._was_rewound()
            self._link.settle()
            self._presence.settle_preferences()
            if self._link.state.words:
                self._authentication.use_key(bytes.fromhex(self._link.state.words))
            self._tell_people(heard=True)
        elif status is NodeStatus.ALONE:
            self._local_effects.send_elsewhere()
        self._told(status)

    def _tell_people(self, *, heard: bool) -> None:
        """Tell them, where it has changed, whether this node hears the others."""
        if heard is self._heard:
            return
        self._heard = heard
        people = [each.outlet for each in self._huddle.registry.sessions if each.traits.types]
        told = Aside.HEARS_OTHERS if heard else Aside.LOST_OTHERS
        answer_all(filter(None, people), told)

    @override
    def halted(self, cause: str) -> None:
        self._over(cause)

    @override
    def fell_behind(self, gap: Gap) -> None:
        self.log_hold.needs_from = gap.after + 1
        self._over(gap.cause.value)
