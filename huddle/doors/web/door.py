"""The door itself: heads of requests are read here, and answered or made into a conversation.

Until a connection has become a WebSocket it is *waiting*: it is counted by none of the limits of
those who talk, since a class opens hundreds of connections for the files of the page. Instead there
may be `Limits.web_waiting` of them, each for `Limits.web_seconds` from one answer to the next; when
one more comes, the oldest of the place with most has to go. What they have sent of heads that are
not whole is bounded over all of them, so that those who never end them cost nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import replace
from http import HTTPStatus
from io import BytesIO
from typing import Any

from twisted.internet.error import ConnectionLost
from twisted.internet.interfaces import IAddress, IHalfCloseableProtocol, IProtocolFactory
from twisted.internet.protocol import Factory, Protocol, connectionDone
from twisted.internet.tcp import Server
from twisted.protocols.basic import FileSender
from twisted.python.failure import Failure
from typing_extensions import override
from websockets.http11 import Request
from websockets.server import ServerProtocol
from zope.interface import implementer

from huddle.doors.connection import Connection
from huddle.doors.connection_limits import counted_address
from huddle.doors.connections import Connections
from huddle.doors.health import health_of
from huddle.doors.line import HuddleFactory
from huddle.doors.transports import READ_FRAMES, read_little
from huddle.doors.unnamed import Unnamed
from huddle.doors.web.conversation import Conversation
from huddle.doors.web.files import page_files
from huddle.doors.web.frames import FramedDialect
from huddle.doors.web.names import Names, has_one_host
from huddle.doors.web.site import Reply, Site, refusal
from huddle.locale import Wording
from huddle.protocol.dialect import Dialect
from huddle.protocol.limits import KIB
from huddle.visits.house import House

END_OF_HEAD = b"\r\n\r\n"
DROPPED = 256 * KIB
"""Bytes that are still read, and thrown away, when the answer was a refusal: a connection that is
closed with something unread is reset, and the refusal is lost with it."""

_REQUEST_LINE = re.compile(rb"[A-Z]{1,16} [!-~]+ HTTP/1\.[01]\r?\n")
_BODY = re.compile(rb"\n(?:transfer-encoding|content-length:(?!\s*0*\s*\r?\n))", re.IGNORECASE)


@implementer(IHalfCloseableProtocol)
class WebProtocol(Protocol):
    """One connection by this door."""

    transport: Any
    connection: Connection | None = None
    """What it has when it talks."""

    def __init__(self, door: WebFactory, host: str) -> None:
        self._door = door
        self._host = host
        self.address = counted_address(host)
        """What it counts for while it waits."""
        self._conversation: Conversation | None = None
        self._head = b""
        self._answering = False
        self._dropped: int | None = None
        self._ended = False

    @property
    def head_size(self) -> int:
        """Bytes that wait here for the rest of a head."""
        return len(self._head)

    @override
    def connectionMade(self) -> None:
        read_little(self.transport)
        self._door.wait_for(self)

    @override
    def dataReceived(self, data: bytes) -> None:
        if self._conversation is not None:
            self._conversation.receive(data)
        elif self._dropped is not None:
            self._dropped += len(data)
            if self._dropped > DROPPED:
                self.abort()
        else:
            self._door.head_bytes += len(data)
            self._head += data
            self._go_on()

    def _go_on(self) -> None:
        """Answer the next request, if it is whole and the one before is answered."""
        longest = self._door.limits.web_head
        if self._answering:
            if len(self._head) > longest:
                self.abort()
            return
        if b"\n" in self._head and not _REQUEST_LINE.match(self._head):
            self._refuse(HTTPStatus.BAD_REQUEST)
            return
        end = self._head.find(END_OF_HEAD)
        if max(end, 0) > longest or (end < 0 and len(self._head) > longest):
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        elif end >= 0:
            self._take(self._cut(end + len(END_OF_HEAD)))
        else:
            self._door.bound_heads()

    def _cut(self, size: int) -> bytes:
        head, self._head = self._head[:size], self._head[size:]
        self._door.head_bytes -= size
        return head

    # -- requests ------------------------------------------------------------------------------

    def _take(self, head: bytes) -> None:
        if _BODY.search(head):
            self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            return
        protocol = ServerProtocol(max_size=self._door.limits.line)
        protocol.receive_data(head)
        events = protocol.events_received()
        request = events[0] if events else None
        if not isinstance(request, Request) or not _is_sound(request):
            self._refuse(HTTPStatus.BAD_REQUEST)
        elif "Upgrade" in request.headers:
            self._upgrade(request, protocol)
        elif request.path.partition("?")[0] == "/talk":
            upgrade = (("Upgrade", "websocket"),)
            self._give(refusal(HTTPStatus.UPGRADE_REQUIRED, "", upgrade))
        else:
            self._give(self._door.site.reply(request))

    def _upgrade(self, request: Request, protocol: ServerProtocol) -> None:
        if not self._door.site.lets_in(request):
            self._give(self._door.site.foreign())
            return
        response = protocol.accept(request)
        if response.status_code != HTTPStatus.SWITCHING_PROTOCOLS:
            status = HTTPStatus(response.status_code)
            headers = [
                (name, response.headers[name])
                for name in ("Allow", "Upgrade")
                if name in response.headers
            ]
            self._give(refusal(status, bytes(response.body).decode().strip(), tuple(headers)))
            return
        rest = self._cut(len(self._head))
        self._door.wait_no_more(self)
        house, connections = self._door.house, self._door.connections
        self.connection = Connection(
            house, connections, self.transport, self._host, self._door.dialect
        )
        read_little(self.transport, READ_FRAMES)
        self._conversation = Conversation(
            self.connection, protocol, self._door.limits, connections.processor_seconds
        )
        self._conversation.begin(response)
        if rest:
            self._conversation.receive(rest)

    # -- answers -------------------------------------------------------------------------------

    def _refuse(self, status: HTTPStatus) -> None:
        self._give(refusal(status, ""))

    def _give(self, reply: Reply) -> None:
        self._answering = True
        self._door.wait_for(self)
        self.transport.write(reply.head)
        done = FileSender().beginFileTransfer(BytesIO(reply.body), self.transport)
        done.addCallbacks(lambda _: self._has_given(reply), lambda _: None)

    def _has_given(self, reply: Reply) -> None:
        self._answering = False
        if not reply.keeps:
            self._end()
        elif self._head:
            self._go_on()
        elif self._ended:
            self.transport.loseConnection()

    def _end(self) -> None:
        """End our side, and throw away what still comes till the peer has ended its own."""
        self._cut(len(self._head))
        self._dropped = 0
        if isinstance(self.transport, Server) and not self._ended:
            self.transport.loseWriteConnection()
        else:
            self.transport.loseConnection()

    # -- the end -------------------------------------------------------------------------------

    def abort(self) -> None:
        """End the connection at once, and keep nothing of it: its end is told only later."""
        self._cut(len(self._head))
        self._door.wait_no_more(self)
        self.transport.abortConnection()

    def readConnectionLost(self) -> None:
        """The peer has ended its side: it may still listen."""
        self._ended = True
        if self.connection is not None:
            self.connection.input_ended()
        elif not self._answering:
            self.transport.loseConnection()

    def writeConnectionLost(self) -> None:
        """Our side is ended, as we wished."""
        if self.connection is not None:
            self.connection.output_ended()

    @override
    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self._cut(len(self._head))
        self._door.wait_no_more(self)
        if self.connection is not None:
            self.connection.lost(reset=reason.type is ConnectionLost)


class WebFactory(Factory[WebProtocol]):
    """The door, made from the first one: of the same house and connections."""

    noisy = False

    def __init__(self, first: HuddleFactory, site: Site) -> None:
        self.house: House = first.house
        self.connections: Connections = first.connections
        self.dialect: Dialect = FramedDialect(first.json)
        self.limits = limits = first.huddle.limits
        self.site = site
        self.head_bytes = 0
        """Bytes of heads that are not whole, of all that wait."""
        bounds = replace(limits, unnamed=limits.web_waiting, name_seconds=limits.web_seconds)
        self._waiting: Unnamed[WebProtocol] = Unnamed(
            bounds, self.connections.reactor, WebProtocol.abort
        )

    @override
    def buildProtocol(self, addr: IAddress | None) -> WebProtocol:
        return WebProtocol(self, getattr(addr, "host", ""))

    def wait_for(self, protocol: WebProtocol) -> None:
        """It waits, from now on for so many seconds; another may have to go for it."""
        self._waiting.pass_on(protocol)
        too_much = self._waiting.stand(protocol, protocol.address)
        if too_much is not None:
            too_much.abort()

    def wait_no_more(self, protocol: WebProtocol) -> None:
        """It talks, or is gone. Harmless when it was told already."""
        self._waiting.pass_on(protocol)

    def bound_heads(self) -> None:
        """The one with most of a head that is not whole has to go, where all have too much."""
        if self.head_bytes > self.limits.web_heads:
            max(self._waiting, key=lambda protocol: protocol.head_size).abort()

    @override
    def stopFactory(self) -> None:
        for protocol in list(self._waiting):
            protocol.abort()


def web_factory(
    hosts: Collection[str], wording: Wording
) -> Callable[[HuddleFactory], IProtocolFactory]:
    """Makes the door from the first one. ``hosts`` are the names that it goes by (`Names`)."""
    names = Names(hosts)

    def made_from(first: HuddleFactory) -> IProtocolFactory:
        site = Site(page_files(), names, health_of(first.connections), wording)
        return WebFactory(first, site)

    return made_from


def _is_sound(request: Request) -> bool:
    """HTTP/1.1 has to say which host is meant; what is older need not."""
    return request.protocol == "HTTP/1.0" or has_one_host(request.headers)
