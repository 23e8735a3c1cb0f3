"""The host of a node: the house around it, with its record and its connections."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from twisted.internet.defer import Deferred

from huddle.cluster.effects import Applied
from huddle.cluster.log import Gap
from huddle.cluster.nodes.node_status import NodeStatus


class Host(Protocol):
    """What the node is a part of: the house with its record and its connections."""

    def keep(self, applied: Applied) -> Deferred[None]:
        """Have the record keep a batch, and tell the members of it; fires when they are told.

        Called for each batch, in the order of the log, also before the batches in front of it are
        told: the record takes one after the other. Whoever waits for an outcome of the batch hears
        it when this has fired. What was only said is told before the record has it: the engine's
        machines have it by then.
        """

    def connected(self) -> Iterable[tuple[int, int]]:
        """The sessions that have a connection here, each with its turn."""

    def moved(self, session: int) -> None:
        """The session is on another node by now: its connection here is to end (`replaced`)."""

    def taken_back(self, session: int) -> None:
        """The session, whose connection here has outlived a life, is this node's in the next one.
        What this node alone knows of the session is to be proposed again."""

    def stands(self, status: NodeStatus) -> None:
        """The node stands otherwise with the others from now on."""

    def halted(self, cause: str) -> None:
        """The node takes part no more, for a reason that a new start does not mend."""

    def fell_behind(self, gap: Gap) -> None:
        """The log cannot give what comes next: the node needs a peer's snapshot, or its people."""
