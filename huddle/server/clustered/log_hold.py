"""The hold on the log: how far it may be let go of, as far as this node is concerned.

The log is let go of behind the oldest of all nodes' kept states (`Node.kept`). While another node
is given this one's, it is held back behind what that node has been given.
"""

from __future__ import annotations

from collections.abc import Callable

from twisted.internet.defer import Deferred

from huddle.cluster.nodes.node_status import TAKING
from huddle.protocol.errors import NotRecorded
from huddle.server.clustered.link import Link
from huddle.server.clustered.state_keeping import StateKeeping


class LogHold:
    """The hold of one node, whose states are kept by ``states``. ``recorded`` fires when the record
    has what was applied by then."""

    def __init__(
        self, link: Link, states: StateKeeping, recorded: Callable[[], Deferred[None]]
    ) -> None:
        self._link = link
        self._states = states
        self.recorded = recorded
        self.needs_from = 0
        """The position from which on another node's state would do, where the log gives no more."""
        self._newest = 0
        self._held: list[int] = []

    def kept(self, position: int) -> None:
        """The disk has the state of that position: from there on this node can start again."""
        self._newest = max(self._newest, position, self._link.node.kept)
        self._link.node.kept = min([self._newest, *self._held])

    async def hold_log(self, least: int) -> int:
        """Have a state of this position or later on the disk, and hold the log back behind it;
        returns what `let_log_go` takes.

        Raises `NotRecorded` where this node is not level, or has not come so far itself.
        """
        state = self._link.state
        if self._link.node.status not in TAKING or state.position < least:
            raise NotRecorded
        self.kept(0)
        if self._newest < least:
            self.kept(await self._states.keep_now(state, self.recorded()))
        self._held.append(self._newest)
        return self._held[-1]

    def let_log_go(self, held: int) -> None:
        """The log need not be held back for that any more."""
        self._held.remove(held)
        self.kept(self._newest)
