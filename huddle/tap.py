"""What twistd looks for: the options, and the service made from them (`huddle.service`)."""

from __future__ import annotations

from twisted.application.service import Service
from twisted.internet.base import ReactorBase
from twisted.internet.endpoints import serverFromString

from huddle.options import Options, Refusal
from huddle.service import HuddleService
from huddle.steady_time import tick_steadily

__all__ = ["Options", "makeService"]


def makeService(options: Options) -> Service:
    """The server that these options describe. Raises `Refusal` when it cannot be."""
    from twisted.internet import reactor

    assert isinstance(reactor, ReactorBase)
    tick_steadily(reactor)
    for description in options.endpoints:
        try:
            serverFromString(reactor, description)
        except Exception as error:
            _ = options.wording.gettext
            raise Refusal(
                _("{endpoint} is no endpoint description: {reason}").format(
                    endpoint=description, reason=error
                )
            ) from None
    return HuddleService(options, reactor)
