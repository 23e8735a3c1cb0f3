"""A gateway over a wire in memory: what is asked of each endpoint, and what the test answers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.endpoints import TCP4ClientEndpoint
from twisted.internet.error import ConnectionDone, ConnectionRefusedError
from twisted.internet.interfaces import IProtocol
from twisted.internet.testing import MemoryReactorClock, StringTransportWithDisconnection
from twisted.python.failure import Failure
from typing_extensions import override

from huddle.cluster.etcd.connections import Connections
from huddle.cluster.etcd.gateway import Answer, Gateway


class Transport(StringTransportWithDisconnection):
    """One connection, as the engine's end sees it."""

    @override
    def abortConnection(self) -> None:
        """By TLS it fails where the connection is lost."""
        assert self.connected
        self.loseConnection()


class Asked:
    """One request that has come to an endpoint."""

    def __init__(self, endpoint: str, protocol: IProtocol, transport: Transport) -> None:
        self.endpoint = endpoint
        self._protocol = protocol
        self.transport = transport
        head, _, body = transport.value().partition(b"\r\n\r\n")
        transport.clear()
        first, *lines = head.decode().split("\r\n")
        self.path = first.split()[1]
        self.headers = dict(line.lower().split(": ", 1) for line in lines)
        self.body = json.loads(body)

    def answers(self, answer: Mapping[str, object], status: int = 200) -> None:
        """Answer so; where that is no error, with a header as etcd has in every answer."""
        body = json.dumps({"header": {}, **answer} if status == 200 else answer).encode()
        self.says(b"HTTP/1.1 %d X\r\nContent-Length: %d\r\n\r\n%s" % (status, len(body), body))

    def refuses(self, code: int, text: str = "etcdserver: no") -> None:
        self.answers({"error": text, "message": text, "code": code}, 400)

    def begins(self) -> None:
        """Begin an answer that does not end."""
        self.says(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")

    def goes_on(self, data: bytes) -> None:
        self.says(b"%x\r\n%s\r\n" % (len(data), data))

    def says(self, data: bytes) -> None:
        self._protocol.dataReceived(data)

    def hangs_up(self) -> None:
        if self.transport.connected:
            self.transport.connected = False
            self._protocol.connectionLost(Failure(ConnectionDone()))


class Wire:
    """A gateway to endpoints that are this test; ``down`` are those where nobody listens."""

    def __init__(self, *endpoints: str, user: str = "", password: str = "") -> None:
        self.reactor = MemoryReactorClock()
        self.down: set[str] = set()
        self._connections: list[tuple[str, IProtocol, Transport]] = []
        self.gateway = Gateway(
            Connections(self._endpoint_for, self.reactor.seconds),
            self.reactor,
            endpoints or ("http://a:1",),
            user,
            lambda: password,
        )

    def _endpoint_for(self, url: str) -> TCP4ClientEndpoint:
        host, _, port = url.partition("://")[2].partition(":")
        return TCP4ClientEndpoint(self.reactor, host, int(port))

    def ask(self, path: str = "/v3/x", body: bytes = b"{}") -> Deferred[Answer]:
        return Deferred.fromCoroutine(self.gateway.ask(path, body))

    def asked(self) -> Asked:
        """The request that waits for an answer."""
        [found] = self.all_asked()
        return found

    def all_asked(self) -> list[Asked]:
        """Each request that waits for an answer."""
        self.connect()
        return [Asked(*each) for each in self._connections if each[2].value()]

    def connect(self) -> None:
        """Take the connections that are asked for, or refuse them."""
        waiting, self.reactor.tcpClients[:] = list(self.reactor.tcpClients), []
        for host, port, factory, *_ in waiting:
            endpoint = f"http://{host}:{port}"
            if endpoint in self.down:
                refused: Any = None  # the connector, which nobody looks at
                factory.clientConnectionFailed(refused, Failure(ConnectionRefusedError()))
                continue
            protocol: Any = factory.buildProtocol(None)
            transport = Transport()
            transport.protocol = protocol
            protocol.makeConnection(transport)
            self._connections.append((endpoint, protocol, transport))
