"""What twistd looks for: the options, and the service made from them (`huddle.service`)."""

from __future__ import annotations

from twisted.application.service import Service
from twisted.internet.base import ReactorBase
from twisted.internet.endpoints import serverFromString
from twisted.internet.interfaces import IStreamServerEndpoint

from huddle.options import Options
from huddle.refusals import Refusal, reason_of
from huddle.service import HuddleService
from huddle.steady_time import tick_steadily

__all__ = ["Options", "makeService"]


def makeService(options: Options) -> Service:
    """The server that these options describe. Raises `Refusal` when it cannot be."""
    from twisted.internet import reactor

    assert isinstance(reactor, ReactorBase)
    tick_steadily(reactor)
    endpoints = [(each, _endpoint(each, options, reactor)) for each in options.endpoints]
    return HuddleService(options, endpoints, reactor)


def _endpoint(description: str, options: Options, reactor: ReactorBase) -> IStreamServerEndpoint:
    """What Twisted makes of a description; its plug-ins refuse one by whatever they raise."""
    try:
        endpoint: IStreamServerEndpoint = serverFromString(reactor, description)
    except Exception as error:
        _ = options.wording.gettext
        raise Refusal(
            _("{endpoint} is no endpoint: {reason}").format(
                endpoint=description, reason=reason_of(error, options.wording)
            )
        ) from None
    return endpoint
