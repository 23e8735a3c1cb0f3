"""Readiness: a door is ready when the node is level with the others; it serves nobody before.

The door listens from the start, so that a port that cannot be had is told then, and one below 1024
is opened while that is permitted. Those who come too early are sent away: a balancer tries another.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from twisted.internet.interfaces import IProtocolFactory
from twisted.internet.protocol import Factory
from typing_extensions import override

from huddle.doors.line import HuddleFactory
from huddle.doors.listening import SentAway


class ReadyLater(Factory):
    """In a door's place: serves no one until `open`. ``made_from`` makes the door's factory of the
    first door's."""

    noisy = False

    def __init__(self, made_from: Callable[[HuddleFactory], IProtocolFactory]) -> None:
        self._made_from = made_from
        self._behind: IProtocolFactory | None = None

    def open(self, first: HuddleFactory) -> None:
        """Let everybody in from now on."""
        self._behind = self._made_from(first)
        self._behind.doStart()

    @override
    def buildProtocol(self, addr: Any) -> Any:
        return SentAway() if self._behind is None else self._behind.buildProtocol(addr)

    @override
    def stopFactory(self) -> None:
        if self._behind is not None:
            self._behind.doStop()
