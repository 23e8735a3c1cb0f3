"""The link: the way of one server's core into the log of all nodes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from twisted.internet.defer import Deferred
from twisted.logger import Logger

from huddle.cluster.effects import Outcome, Refused, Row
from huddle.cluster.entries import Act, Entry, Own
from huddle.cluster.nodes.node import Node
from huddle.cluster.nodes.node_status import NodeStatus
from huddle.cluster.refusals import error
from huddle.cluster.rules.reading import arrival_cursors
from huddle.cluster.state import UNSURE_MS, Session, State
from huddle.protocol.errors import Alone, HuddleError, NotRecorded, Replaced
from huddle.protocol.timing import Scheduler
from huddle.record import AuditEntry

RETRY_AFTER = 10.0
"""Seconds for which a node that has lost the others is to be left alone by who can go elsewhere."""


Told = Callable[[Outcome], object]


class Link:
    """Proposes entries; ``node`` and ``suggest`` are set when the server is put together."""

    _log = Logger()

    def __init__(self) -> None:
        self.node: Node
        self.suggest: Callable[[str], str] = str
        self.when_held: dict[int, tuple[Own, str]] = {}
        """What sessions say of themselves that come here from another node: to be said as soon as
        they are attached; and the hash of the return word that this takes the place of, if any."""
        self.in_turn: Callable[[], Deferred[None]]
        """Fires when what was said here before is in the log. Fails with `NotRecorded` where the
        node takes nothing any more before that."""
        self.later: Scheduler
        self.act: AuditEntry | None = None
        """An act of moderation for the audit, which the entry that it is about comes behind."""
        self.code = ""
        """The life by whose operators' code the next act puts somebody in charge."""
        self.joining: set[int] = set()
        """Sessions here that the core is just making an account's, as soon as the log has."""
        self.registered: Callable[[str], None] = lambda address: None
        """Hears of each account that a guest registers on another node, from which address."""
        self.follow: Callable[[Sequence[Row]], None] = lambda rows: None
        """Has the core take these rows over from the state."""
        self.share: Callable[[int], None] = lambda nodes: None
        """Hears how many nodes there are, whenever one has come or gone."""
        self.word_before: dict[int, bytes | None] = {}
        """The hash of the return word that sessions which come here just now had before that."""
        self.wishing: set[int] = set()
        """Sessions here that were shown what they wished for while this node could not propose it:
        it is to be kept as soon as it can, lest it be lost with this node."""
        self._owed: list[tuple[Entry, Told]] = []

    @property
    def state(self) -> State:
        """The whole house, as far as the log has been applied here."""
        return self.node.state

    @property
    def is_up(self) -> bool:
        """Whether what comes out of the log happens now; before that, the node reads what did."""
        return self.node.life in self.state.lives

    async def ask(self, entry: Entry) -> Outcome:
        """Have an entry in the log; returns what it came to, once the members here were told.

        Raises the error that a refusal is, and `NotRecorded` where nothing can be proposed.
        """
        outcome = await self.node.propose(entry)
        if isinstance(outcome, Refused):
            raise error(outcome, self.suggest)
        return outcome

    async def ask_at_the_door(self, entry: Entry) -> Outcome:
        """As `ask`, for those who are not in yet. Raises `Alone` where this node has lost the
        others: another one is to be asked."""
        try:
            return await self.ask(entry)
        except NotRecorded:
            if self.node.status in (NodeStatus.REFUSING, NodeStatus.ALONE):
                raise Alone(RETRY_AFTER) from None
            raise

    async def ask_in_turn(self, entry: Entry) -> Outcome:
        """As `ask`, behind all that was said here before."""
        await self.in_turn()
        return await self.ask(entry)

    def take_act(self) -> Act | None:
        """The act of moderation that the next entry is about."""
        act, self.act = self.act, None
        return None if act is None else Act(act.act, act.target, act.detail)

    def take_code(self) -> str:
        """The life by whose operators' code the next entry puts somebody in charge; empty: by
        none."""
        code, self.code = self.code, ""
        return code

    def owe(self, entry: Entry, told: Told = lambda outcome: None) -> None:
        """Have an entry of what has happened on this node in the log, now or when the node can
        propose again. ``told`` hears what it came to."""
        proposed = self.recorded(entry)
        proposed.addCallbacks(told, lambda _: self._owed.append((entry, told)))
        proposed.addErrback(lambda failure: self._log.failure("What is owed went wrong", failure))

    def recorded(self, entry: Entry) -> Deferred[Outcome]:
        """Propose an entry; fails with `NotRecorded` also where the log has taken it and nothing
        counted, since the nodes differed by then."""
        return self.node.propose(entry).addCallback(_counted)

    def settle(self) -> None:
        """The node can propose again: what is owed goes first."""
        owed, self._owed = self._owed, []
        for entry, told in owed:
            self.owe(entry, told)

    def held(self, number: int) -> Session | None:
        """The session as the state has it, if this node holds it on a connection."""
        return self.state.held(number, self.node.life)

    def not_held(self, number: int) -> HuddleError:
        """The error for those who ask for a session that this node does not hold: `Replaced` where
        it has another connection, and else `NotRecorded`, behind which they ask again."""
        there = self.state.sessions.get(number)
        is_connected = there is not None and there.here and not there.away
        return Replaced() if is_connected else NotRecorded()

    def is_elsewhere(self, session: Session) -> bool:
        """Whether another node holds the session on a connection."""
        return session.here and not session.away and session.life != self.node.life

    def served_until(self, number: int) -> int:
        """Until when a session was surely served by the node that has, or had, it (Unix ms); 0
        where the session is known no more."""
        there = self.state.sessions.get(number)
        if there is None:
            return 0
        return arrival_cursors.served_until(self.state, there) + UNSURE_MS

    def had(self, number: int) -> dict[str, int]:
        """By room the seq that a session had when it came to the node that holds it, if it has just
        come there and this is known."""
        there = self.state.sessions.get(number)
        return {} if there is None else arrival_cursors.had(self.state, there)


def _counted(outcome: Outcome) -> Outcome:
    if outcome == Refused("not-recorded"):
        raise NotRecorded
    return outcome
