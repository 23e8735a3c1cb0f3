"""A chat on Twisted as its tutorials write it: one ``transport.write`` for each delivery."""

import sys

from twisted.internet import reactor
from twisted.internet.interfaces import ITCPTransport
from twisted.internet.protocol import Protocol, ServerFactory
from twisted.protocols.basic import LineReceiver
from typing_extensions import override


class Chat(LineReceiver):
    """One member; the first line is the nick."""

    delimiter = b"\n"
    nick = b""
    transport: ITCPTransport

    @override
    def connectionMade(self) -> None:
        self.transport.setTcpNoDelay(True)

    @override
    def lineReceived(self, line: bytes) -> None:
        if not self.nick:
            self.nick = line
            self.factory.members.append(self)
            self.sendLine(b"-- Hello " + line + b".")
            return
        message = b"<" + self.nick + b"> " + line + b"\n"
        for member in self.factory.members:
            if member is not self:
                member.transport.write(message)

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
