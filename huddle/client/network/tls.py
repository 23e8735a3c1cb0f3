"""TLS under a link: a connection counts as made when the server is believed to be the right one.

OpenSSL is made to finish its handshake with whatever certificate, noting what it has against it.
Then, before a byte of ours has gone out, the `Judge` decides with all of that before him; he may
ask a person, so it can take its time. Only then does the link hear of the connection: nothing that
it says, and no secret, can reach anybody else. It is so at each connection anew.
"""

from __future__ import annotations

from typing import Any, cast

import idna
from OpenSSL import SSL
from twisted.internet.defer import CancelledError, Deferred
from twisted.internet.endpoints import wrapClientTLS
from twisted.internet.error import TimeoutError
from twisted.internet.interfaces import (
    IDelayedCall,
    IHandshakeListener,
    IOpenSSLClientConnectionCreator,
    IProtocol,
    IProtocolFactory,
    IReactorTime,
    IStreamClientEndpoint,
)
from twisted.internet.protocol import Factory, Protocol, connectionDone
from twisted.internet.ssl import CertificateOptions
from twisted.protocols.tls import TLSMemoryBIOProtocol
from twisted.python.failure import Failure
from typing_extensions import override
from zope.interface import implementer

from huddle.client.network.certificate import examined, is_address
from huddle.client.network.trust import Judge, NoTls


def trusting(ca: str | None) -> SSL.Context:
    """The TLS context that checks servers by the authorities in this file or by the system's.

    Raises `OSError` and `SSL.Error` when there are none in the file.
    """
    context = CertificateOptions().getContext()
    if ca is None:
        context.set_default_verify_paths()
    else:
        with open(ca, "rb"):  # OpenSSL itself would not say why it cannot
            context.load_verify_locations(ca)
    return context


@implementer(IStreamClientEndpoint)
class TlsEndpoint:
    """Goes to a server by another endpoint, and speaks TLS there.

    Attempts fail with `Distrusted`, with `NoTls`, and with whatever the other endpoint fails with;
    also with `TimeoutError` when a handshake takes longer than ``patience`` seconds.
    """

    def __init__(
        self,
        endpoint: IStreamClientEndpoint,
        host: str,
        judge: Judge,
        context: SSL.Context,
        *,
        clock: IReactorTime,
        patience: float,
    ) -> None:
        self._endpoint = wrapClientTLS(Noting(context, host), endpoint, clock)
        self._host = host
        self._judge = judge
        self._clock = clock
        self._patience = patience

    def connect(self, factory: IProtocolFactory) -> Deferred[IProtocol]:
        """Fires with the factory's protocol when the server is believed."""

        def check() -> Check:  # the network may go to several addresses at once
            return Check(factory, self._host, self._judge, self._clock, self._patience)

        checking = Factory.forProtocol(check)
        checking.noisy = False
        attempt: Any = self._endpoint.connect(checking)
        believed: Deferred[IProtocol] = attempt.addCallback(lambda check: check.when_believed())
        return believed


@implementer(IHandshakeListener)
class Check(Protocol):
    """One connection: until the server on it is believed, a check; from then on it passes on.

    ``factory`` makes the protocol for which it is.
    """

    def __init__(
        self,
        factory: IProtocolFactory,
        host: str,
        judge: Judge,
        clock: IReactorTime,
        patience: float,
    ) -> None:
        self.findings: list[int] = []
        """What OpenSSL found at each of its checks of the certificates, by its numbers; 0: good."""
        self._factory = factory
        self._host = host
        self._judge = judge
        self._clock = clock
        self._patience = patience
        self._limit: IDelayedCall | None = None
        self._judging: Deferred[None] | None = None
        self._protocol: IProtocol | None = None
        self._early: list[bytes] = []
        self._lost: Failure | None = None
        self._outcome: IProtocol | Failure | None = None
        self._waiting: Deferred[IProtocol] | None = None

    def when_believed(self) -> Deferred[IProtocol]:
        """Fires with the protocol. An address that was too slow is waited for no more: cancelling
        gives the connection up."""
        self._waiting = Deferred(lambda _: self._cancel())
        self._tell()
        return self._waiting

    @override
    def connectionMade(self) -> None:
        self._limit = self._clock.callLater(self._patience, self._fail, Failure(TimeoutError()))

    def handshakeCompleted(self) -> None:  # noqa: N802 - IHandshakeListener's name
        self._end_limit()
        certificate = self._way().getHandle().get_peer_certificate(as_cryptography=True)
        if certificate is None:
            self._fail(Failure(NoTls()))
            return
        self._way().pauseProducing()
        shown = examined(certificate, self.findings, self._host)
        self._judging = self._judge.judge(shown)
        self._judging.addCallbacks(lambda _: self._believe(), self._fail)

    @override
    def dataReceived(self, data: bytes) -> None:
        if self._protocol is None:
            self._early.append(data)  # it was read together with the end of the handshake
        else:
            self._protocol.dataReceived(data)

    @override
    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self._end_limit()
        self._lost = reason
        if self._protocol is not None:
            self._protocol.connectionLost(reason)
        elif self._judging is None:
            self._conclude(Failure(NoTls()) if reason.check(SSL.Error) else reason)

    def _believe(self) -> None:
        if self._lost is not None:  # while the user was asked
            self._conclude(self._lost)
            return
        protocol = self._protocol = self._factory.buildProtocol(self._way().getPeer())
        assert protocol is not None
        self._way().resumeProducing()
        protocol.makeConnection(self._way())
        for data in self._early:
            protocol.dataReceived(data)
        self._conclude(protocol)

    def _fail(self, failure: Failure) -> None:
        self._end_limit()
        self._conclude(failure)
        if self._lost is None:
            self._way().abortConnection()

    def _cancel(self) -> None:
        """The caller does not want the connection any more."""
        if self._judging is not None:
            self._judging.addErrback(lambda _: None)
            self._judging.cancel()
        self._fail(Failure(CancelledError()))

    def _conclude(self, outcome: IProtocol | Failure) -> None:
        if self._outcome is None:
            self._outcome = outcome
            self._tell()

    def _tell(self) -> None:
        if self._waiting is not None and self._outcome is not None and not self._waiting.called:
            self._waiting.callback(self._outcome)

    def _end_limit(self) -> None:
        if self._limit is not None and self._limit.active():
            self._limit.cancel()

    def _way(self) -> Any:
        """The TLS below, which takes what a TCP transport takes, too."""
        return self.transport


@implementer(IOpenSSLClientConnectionCreator)
class Noting:
    """Begins handshakes that do not fail by the certificate; what is against it is noted."""

    def __init__(self, context: SSL.Context, host: str) -> None:
        self._context = context
        self._name = _server_name(host)

    def clientConnectionForTLS(  # noqa: N802
        self,
        tlsProtocol: TLSMemoryBIOProtocol,  # noqa: N803
    ) -> SSL.Connection:
        """A connection that tells the server the name by which it was called, if it was a name."""
        connection = SSL.Connection(self._context)
        findings = cast(Check, tlsProtocol.wrappedProtocol).findings

        def note(
            _connection: object, _certificate: object, error: int, _depth: int, ok: int
        ) -> bool:
            findings.append(0 if ok else error)
            return True

        connection.set_verify(SSL.VERIFY_PEER, note)
        if self._name is not None:
            connection.set_tlsext_host_name(self._name)
        return connection


def _server_name(host: str) -> bytes | None:
    """The host's name as the server is told it (RFC 6066); None: an address, which is not told."""
    if is_address(host):
        return None
    try:
        return host.encode() if host.isascii() else idna.encode(host, uts46=True)
    except UnicodeError:
        return None
