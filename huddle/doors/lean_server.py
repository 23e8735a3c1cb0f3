"""Lean server: Twisted's connection that came in, by less memory and fewer calls of Python.

Twisted's own makes two texts of how it is called, and keeps them and a copy of the peer's host for
each: a twentieth of what an idle member takes. This one keeps the name of the protocol that it
begins with, and the host, once for all, and makes the texts when it is asked, as the log may when
the connection is lost. All else is done as there.
"""

from __future__ import annotations

import socket
import sys
from typing import Any

from twisted.internet.address import IPv6Address
from twisted.internet.error import ConnectionDone, ConnectionLost
from twisted.internet.interfaces import IProtocol
from twisted.internet.main import CONNECTION_DONE, CONNECTION_LOST
from twisted.internet.tcp import Connection, Port, Server
from typing_extensions import override


class LeanServer(Server):
    """A connection that came in, which says how it is called when asked."""

    def __init__(
        self,
        sock: socket.socket,
        protocol: IProtocol,
        client: tuple[Any, ...],
        server: Port,
        sessionno: int,
        reactor: Any,
    ) -> None:
        Connection.__init__(self, sock, protocol, reactor)
        self.hostname = sys.intern(client[0])
        self.client = (self.hostname, *client[1:])
        if len(client) != 2:
            self._addressType = IPv6Address
        self.server, self.sessionno = server, sessionno
        self.logstr = sys.intern(self._getLogPrefix(protocol))
        self.startReading()
        self.connected = 1

    @override
    def doRead(self) -> ConnectionDone | ConnectionLost | None:  # type: ignore[override]
        """As Twisted's, by one call fewer for each line."""
        try:
            data = self.socket.recv(self.bufferSize)
        except BlockingIOError:
            return None
        except OSError:
            return CONNECTION_LOST
        if not data:
            return CONNECTION_DONE
        self.protocol.dataReceived(data)
        return None

    @override
    def logPrefix(self) -> str:
        return f"{self.logstr},{self.sessionno},{self.hostname}"

    @override
    def __repr__(self) -> str:
        return f"<{self.logPrefix()}>"
