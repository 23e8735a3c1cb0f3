"""The outlets of those who hear."""

from __future__ import annotations

from twisted.internet.task import Clock

from huddle.delivery.outlet import Outlet
from huddle.delivery.round_robin import RoundRobin
from huddle.delivery.transport import Transport
from huddle.protocol.dialect import Renderer
from tests.sample_messages import renderer


def outlet(
    transport: Transport, shown: Renderer | None = None, clock: Clock | None = None
) -> Outlet:
    """An outlet onto this transport, in English if nothing else is said."""
    return Outlet(transport, shown or renderer(), RoundRobin((clock or Clock()).callLater))
