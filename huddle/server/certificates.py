"""What the TLS doors show of themselves, read at the start and again at each SIGHUP.

Twisted reads the files of an ``ssl:`` endpoint once, and those of a ``tls:`` one, too, unless there
are none. So between an endpoint and those who connect stands `Shown`: a new connection gets what
was read last, and those that are there keep what they have. Before anything is shown a handshake is
made with it, in memory: what no client could talk to never takes the place of what works.

What a client offers to speak under TLS (ALPN, RFC 7301) is passed over at every door: what is
spoken there is plain from the first line. Twisted 26.10 ends the handshake with whoever offers only
what a door does not name, and browsers, curl and many a library always offer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import Certificate
from OpenSSL import SSL
from twisted.internet import _sslverify
from twisted.internet.defer import Deferred
from twisted.internet.error import VerifyError
from twisted.internet.interfaces import (
    IListeningPort,
    IOpenSSLServerConnectionCreator,
    IProtocolFactory,
    IStreamServerEndpoint,
)
from twisted.internet.protocol import Factory, Protocol
from twisted.logger import Logger
from twisted.protocols.tls import TLSMemoryBIOFactory, TLSMemoryBIOProtocol
from zope.interface import implementer

from huddle.locale import Wording
from huddle.protocol.fingerprint import fingerprint_of
from huddle.server.start_errors import reason_of

FLIGHTS = 10
"""Times that either side may speak in a handshake; TLS needs three at most."""

_CREATORS = ("connectionCreator", "_sslContextFactory")
"""Where Twisted's ``tls:`` and ``ssl:`` endpoints keep what makes their connections."""


def pass_over_offers(context: SSL.Context, acceptableProtocols: Sequence[bytes]) -> None:  # noqa: N803
    """Have a context choose none of what clients offer, and let them in."""
    context.set_alpn_select_callback(lambda connection, offered: SSL.NO_OVERLAPPING_PROTOCOLS)


# It is called for each context that Twisted makes, and those of a folder it makes out of our reach.
_sslverify.setupForALPN = pass_over_offers


class NothingToShow(Exception):
    """No client could talk to it: there is no certificate, or none with its key."""


@implementer(IOpenSSLServerConnectionCreator)
class Shown:
    """What a door shows to who comes in next; `current` can be replaced while it is open."""

    def __init__(self, current: Any) -> None:
        self.current = current

    def serverConnectionForTLS(self, tlsProtocol: TLSMemoryBIOProtocol) -> SSL.Connection:  # noqa: N802, N803
        connection: SSL.Connection = self.current.serverConnectionForTLS(tlsProtocol)
        return connection


@implementer(IStreamServerEndpoint)
class TlsEndpoint:
    """A TLS endpoint whose certificate can be read again. ``make`` makes it of its description.

    Raises what ``make`` raises, and `NothingToShow`.
    """

    _log = Logger()

    def __init__(self, make: Callable[[], IStreamServerEndpoint], wording: Wording) -> None:
        self._make = make
        self._wording = wording
        self._endpoint = make()
        self._place = ""
        name = _creator_name(self._endpoint)
        self._shown = Shown(getattr(self._endpoint, name))
        self._certificate = seen_by_client(self._shown)
        setattr(self._endpoint, name, self._shown)

    def listen(self, factory: IProtocolFactory) -> Deferred[IListeningPort]:
        """Listen, and say in the log what is shown."""
        listening: Deferred[IListeningPort] = self._endpoint.listen(factory)
        return listening.addCallback(self._opened)

    def reread(self) -> None:
        """Show what the files hold now to who comes in from now on, if a client could use it."""
        _ = self._wording.gettext
        try:
            fresh = self._make()
            shown = getattr(fresh, _creator_name(fresh))
            self._certificate = seen_by_client(shown)
        except Exception as error:
            self._log.warn(
                "{line}",
                line=_("the certificate at {place} stays as it was: {reason}").format(
                    place=self._place, reason=why(error, self._wording)
                ),
            )
        else:
            self._shown.current = shown
            self._tell()

    def _opened(self, port: IListeningPort) -> IListeningPort:
        address: Any = port.getHost()
        host = f"[{address.host}]" if ":" in address.host else address.host
        self._place = f"{host}:{address.port}"
        self._tell()
        return port

    def _tell(self) -> None:
        _ = self._wording.gettext
        until = self._certificate.not_valid_after_utc
        if until < datetime.now(UTC):
            sentence = _("the certificate at {place} has expired on {date}; SHA-256 {fingerprint}")
        else:
            sentence = _("the certificate at {place} is good until {date}; SHA-256 {fingerprint}")
        fingerprint = fingerprint_of(self._certificate.public_bytes(Encoding.DER))
        line = sentence.format(place=self._place, date=until.date(), fingerprint=fingerprint)
        self._log.info("{line}", line=line)


def seen_by_client(creator: Any) -> Certificate:
    """The certificate that a client gets to see who names no host. Raises `NothingToShow`."""
    factory = TLSMemoryBIOFactory(creator, False, Factory.forProtocol(Protocol))
    protocol = factory.buildProtocol(None)
    server = creator.serverConnectionForTLS(protocol)
    server.set_app_data(protocol)
    server.set_accept_state()
    client = SSL.Connection(SSL.Context(SSL.TLS_CLIENT_METHOD))
    client.set_connect_state()
    try:
        for _ in range(FLIGHTS):
            for speaker, listener in ((client, server), (server, client)):
                with suppress(SSL.WantReadError):
                    speaker.do_handshake()
                _carry(speaker, listener)
        certificate = client.get_peer_certificate(as_cryptography=True)
    except SSL.Error:
        certificate = None
    if certificate is None:
        raise NothingToShow
    return certificate


def _carry(speaker: SSL.Connection, listener: SSL.Connection) -> None:
    with suppress(SSL.WantReadError):
        while True:
            listener.bio_write(speaker.bio_read(1 << 15))


def _creator_name(endpoint: Any) -> str:
    return next(name for name in _CREATORS if hasattr(endpoint, name))


def why(error: Exception, wording: Wording) -> str:
    """Why a certificate cannot be had, in a person's words."""
    _ = wording.gettext
    match error:
        case NothingToShow():
            return _("there is no certificate with its key")
        case VerifyError():
            return _("the key is not that of the certificate")
        case OSError(filename=str(name)):
            return f"{name}: {reason_of(error, wording)}"
        case Exception(args=[[*_rest, (*_where, str(detail))]]):  # OpenSSL's
            return _("no key and certificate can be read there ({detail})").format(detail=detail)
        case _:
            return reason_of(error, wording)
