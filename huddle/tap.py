"""What twistd looks for: the options, and the service made from them (`huddle.server.service`)."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from twisted.application.service import Service
from twisted.internet.base import ReactorBase
from twisted.internet.endpoints import serverFromString
from twisted.internet.interfaces import IStreamServerEndpoint

from huddle.doors.proxy.proxied import ProxiedReactor
from huddle.doors.proxy.trusted import Trusted, this_machine
from huddle.locale import Wording
from huddle.locale.command_line import refused_output
from huddle.locale.own_files import belongs_to, is_of_a_record
from huddle.server.clocks import tick_steadily
from huddle.server.invitation.board import line_ways, unseen, web_ways
from huddle.server.operation.bounded_reading import check_plain, files_of
from huddle.server.operation.polling import poll_by_few_calls
from huddle.server.options import Options
from huddle.server.process import OWN_FILES, names_of_this_machine, raise_file_limit
from huddle.server.service import Door, HuddleService
from huddle.server.start_errors import (
    Refusal,
    port_of_endpoint,
    port_trouble,
    reason_of_endpoint,
)

if TYPE_CHECKING:  # an extra
    from huddle.server.operation.metrics import Measures

__all__ = ["Options", "makeService"]

TLS = ("ssl", "tls")
"""Endpoints that show a certificate."""

ENDPOINTS = ("port", "listen", "web", "metrics")
"""Options with descriptions of endpoints."""

FILES = 16
"""Open files that are kept for those who ask for metrics (`metrics.AT_ONCE`), and to listen."""

WAITING = 1 / 4
"""Of the open files there may be: as many at most for browsers that do not talk yet."""

BEHIND = "haproxy:"
"""What stands before an endpoint for proxies alone."""


def makeService(options: Options) -> Service:
    """The server that these options describe. Raises `Refusal` when it cannot be."""
    from twisted.internet import reactor

    assert isinstance(reactor, ReactorBase)
    tick_steadily(reactor)
    poll_by_few_calls(reactor)
    doors = [line_door(each, options, reactor) for each in options.endpoints]
    doors[1:] = [replace(each, files=lambda most: 1) for each in doors[1:]]  # which listens
    if options.web is not None:
        endpoint = _endpoint(options.web, options, reactor, options.proxies)
        doors.append(web_door(endpoint, options))
    measures = None
    if options.metrics is not None:
        measures = _measures(options)
        endpoint = _endpoint(options.metrics, options, reactor, proxies=None)
        made_from = measures.made_from
        doors.append(Door(options.metrics, endpoint, made_from, lambda most: FILES, unseen))
    service = service_class(options)(options, doors, reactor, measures)
    if options["check"]:
        print(options.wording.gettext("nothing is wrong with the options"))
        raise SystemExit
    for door in doors:
        if hasattr(door.endpoint, "reread"):  # `huddle.server.certificates.TlsEndpoint`
            service.reload.add(door.endpoint.reread)
    return service


def service_class(options: Options) -> type[HuddleService]:
    """That of a server which is alone, or of a node, which is imported only then."""
    if options.cluster is None:
        return HuddleService
    from huddle.server.node.service import NodeService

    return NodeService


def _measures(options: Options) -> Measures:
    try:
        from huddle.server.operation.metrics import Measures
    except ImportError:
        _ = options.wording.gettext
        raise Refusal(_("--metrics needs pip install 'huddle[metrics]'")) from None
    return Measures()


def line_door(description: str, options: Options, reactor: ReactorBase) -> Door:
    """A door for lines; how one comes in by a proxy is for those to tell who run the proxy."""
    ways = unseen if description.startswith(BEHIND) else line_ways
    endpoint = _endpoint(description, options, reactor, options.proxies)
    return Door(description, endpoint, ways=ways, tls=_has_tls(description))


def web_door(endpoint: IStreamServerEndpoint, options: Options) -> Door:
    """The door of ``--web``, which goes by the names of this machine and by ``--web-host``."""
    from huddle.doors.web.door import web_factory  # what it imports, others do without

    assert options.web is not None
    wanted = options.limits.web_waiting

    def waiting(files: int) -> int:
        return max(1, min(wanted, int((files - OWN_FILES) * WAITING)))

    options.limits = replace(options.limits, web_waiting=waiting(raise_file_limit()))
    made_from = web_factory([*names_of_this_machine(), *options.web_hosts], options.wording)
    return Door(
        options.web,
        endpoint,
        made_from,
        files=waiting,
        ways=web_ways,
        tls=_has_tls(options.web),
    )


def _endpoint(
    description: str, options: Options, reactor: ReactorBase, proxies: Trusted | None
) -> IStreamServerEndpoint:
    """The endpoint that Twisted makes of a description. Raises `Refusal`, whatever Twisted's
    plug-ins raise.

    Those who come by one of the ``proxies`` are known by the header that it sends.
    """
    own, wording = description.removeprefix(BEHIND), options.wording
    reason = _socket_trouble(own, options) or port_trouble(port_of_endpoint(own), wording)
    if reason:
        raise _no_endpoint(description, reason, options)
    listens: Any = reactor
    if own != description:
        listens = ProxiedReactor(reactor, proxies or this_machine(), alone=True)
    elif proxies is not None:
        listens = ProxiedReactor(reactor, proxies, alone=False)
    try:
        if _has_tls(description):
            return _tls_endpoint(own, listens, wording)
        made: IStreamServerEndpoint = serverFromString(listens, own)
        return made
    except NoCertificate as error:
        reason = str(error)
    except Exception as error:
        reason = reason_of_endpoint(own, error, wording)
    raise _no_endpoint(description, reason, options)


def _socket_trouble(own: str, options: Options) -> str:
    """Why no UNIX socket can be there: it would stand in the place of a record's file, and SQLite
    does not open a database that has one beside it. Empty where nothing is wrong."""
    kind, _, rest = own.partition(":")
    path = re.split(r"(?<!\\):", rest)[0].removeprefix("address=").replace("\\:", ":")
    if kind != "unix" or not path:
        return ""
    is_own = options.history is not None and belongs_to(path, options.history)
    return refused_output(path, options.wording) if is_own or is_of_a_record(path) else ""


def _has_tls(description: str) -> bool:
    return description.removeprefix(BEHIND).partition(":")[0] in TLS


class NoCertificate(Exception):
    """An endpoint has no certificate to show; its text says why, to a person."""


def _tls_endpoint(own: str, listens: Any, wording: Wording) -> IStreamServerEndpoint:
    """Raises `NoCertificate`, and what Twisted's plug-ins do where it is written otherwise."""
    try:
        from huddle.server.certificates import TlsEndpoint, why
    except ImportError:
        _ = wording.gettext
        raise NoCertificate(_("TLS needs pip install 'huddle[tls]'")) from None

    def make() -> IStreamServerEndpoint:
        for path in files_of(own):
            check_plain(path)
        made: IStreamServerEndpoint = serverFromString(listens, own)
        return made

    try:
        return TlsEndpoint(make, wording)
    except (TypeError, ValueError, IndexError, RuntimeError):
        raise
    except Exception as error:
        raise NoCertificate(why(error, wording)) from None


def _no_endpoint(description: str, reason: str, options: Options) -> Refusal:
    _ = options.wording.gettext
    line = _("{endpoint} is no endpoint: {reason}").format(endpoint=description, reason=reason)
    names = (name for name in ENDPOINTS if options.config.found(name, description))
    return options.refused(line, next(names, ""), description)
