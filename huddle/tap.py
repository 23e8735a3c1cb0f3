"""What twistd looks for: the options, and the service made from them (`huddle.server.service`)."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from twisted.application.service import Service
from twisted.internet.base import ReactorBase
from twisted.internet.endpoints import serverFromString
from twisted.internet.interfaces import IStreamServerEndpoint

from huddle.server.clocks import tick_steadily
from huddle.server.invitation.board import unseen
from huddle.server.options import Options
from huddle.server.process import names_of_this_machine
from huddle.server.service import Door, HuddleService
from huddle.server.start_errors import Refusal, reason_of

__all__ = ["Options", "makeService"]

TLS = ("ssl", "tls")
"""Endpoints that show a certificate."""


def makeService(options: Options) -> Service:
    """The server that these options describe. Raises `Refusal` when it cannot be."""
    from twisted.internet import reactor

    assert isinstance(reactor, ReactorBase)
    tick_steadily(reactor)
    doors = [
        Door(each, _endpoint(each, options, reactor), tls=_has_tls(each))
        for each in options.endpoints
    ]
    if options.web is not None:
        doors.append(web_door(_endpoint(options.web, options, reactor), options))
    service = HuddleService(options, doors, reactor)
    for door in doors:
        if isinstance(door.endpoint, Rereadable):
            service.on_reload(door.endpoint.reread)
    return service


def web_door(endpoint: IStreamServerEndpoint, options: Options) -> Door:
    """The door of ``--web``, which goes by the names of this machine and by ``--web-host``."""
    from huddle.doors.web.door import web_factory  # what it imports, others do without

    assert options.web is not None
    made_from = web_factory([*names_of_this_machine(), *options.web_hosts], options.wording)
    return Door(
        options.web,
        endpoint,
        made_from,
        files=options.limits.web_waiting,
        ways=unseen,  # as long as it has no page (`web_ways`)
        tls=_has_tls(options.web),
    )


@runtime_checkable
class Rereadable(Protocol):
    """An endpoint that shows what files hold: key and certificate (`huddle.server.tls`)."""

    def reread(self) -> None:
        """Read the files again, and use what they hold for connections from now on."""


def _endpoint(description: str, options: Options, reactor: ReactorBase) -> IStreamServerEndpoint:
    """What Twisted makes of a description; its plug-ins refuse one by whatever they raise."""
    if _has_tls(description):
        return _tls_endpoint(description, options, reactor)
    try:
        endpoint: IStreamServerEndpoint = serverFromString(reactor, description)
    except Exception as error:
        raise _no_endpoint(description, reason_of(error, options.wording), options) from None
    return endpoint


def _has_tls(description: str) -> bool:
    return description.partition(":")[0] in TLS


def _tls_endpoint(
    description: str, options: Options, reactor: ReactorBase
) -> IStreamServerEndpoint:
    try:
        from huddle.server.tls import TlsEndpoint, why
    except ImportError:
        _ = options.wording.gettext
        reason = _("TLS needs pip install 'huddle[tls]'")
        raise _no_endpoint(description, reason, options) from None
    try:
        return TlsEndpoint(lambda: serverFromString(reactor, description), options.wording)
    except Exception as error:
        raise _no_endpoint(description, why(error, options.wording), options) from None


def _no_endpoint(description: str, reason: str, options: Options) -> Refusal:
    _ = options.wording.gettext
    return Refusal(
        _("{endpoint} is no endpoint: {reason}").format(endpoint=description, reason=reason)
    )
