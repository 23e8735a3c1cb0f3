"""The least a chat on Twisted can do: ``bare_twisted.py PORT``.

A read is a line, which goes straight to the socket of each other member. No limits, no rooms, no
record, nothing for a reader who has stopped: what is more than this in Huddle is Huddle's own.
"""

import socket
import sys

from twisted.internet import reactor
from twisted.internet.interfaces import ITCPTransport
from twisted.internet.protocol import Protocol, ServerFactory
from twisted.internet.tcp import Server
from typing_extensions import override


class Chat(Protocol):
    """One member; the first line is the nick."""

    nick = b""
    socket: socket.socket
    transport: ITCPTransport

    @override
    def connectionMade(self) -> None:
        assert isinstance(self.transport, Server)
        self.transport.setTcpNoDelay(True)
        self.socket = self.transport.getHandle()

    @override
    def dataReceived(self, data: bytes) -> None:
        if not self.nick:
            self.nick = data.strip()
            self.factory.members.append(self)
            self.socket.send(b"-- Hello " + self.nick + b".\n")
            return
        message = b"<" + self.nick + b"> " + data
        for member in self.factory.members:
            if member is not self:
                member.socket.send(message)

    @override
    def connectionLost(self, reason: object = None) -> None:
        if self in self.factory.members:
            self.factory.members.remove(self)


class ChatFactory(ServerFactory):
    """Everybody who has given a nick."""

    protocol: type[Protocol] = Chat

    def __init__(self) -> None:
        self.members: list[Chat] = []


def main() -> None:
    """Listen on the port that was given."""
    reactor.listenTCP(int(sys.argv[1]), ChatFactory(), backlog=4096, interface="127.0.0.1")
    reactor.run()


if __name__ == "__main__":
    main()
