"""The door itself: heads of requests are read here, and answered or made into a conversation.

Until a connection has become a WebSocket it is *waiting*: it is counted by none of the limits of
those who talk, since a class opens hundreds of connections for the files of the page. Instead there
may be `Limits.web_waiting` of them, each for `Limits.web_seconds` from one answer to the next; when
one more comes, the oldest of the place with most has to go. What they have sent of heads that are
not whole is bounded over all of them, so that those who never end them cost nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from functools import partial
from http import HTTPStatus
from typing import Any

from twisted.internet.error import ConnectionLost
from twisted.internet.interfaces import IAddress, IHalfCloseableProtocol, IProtocolFactory
from twisted.internet.protocol import Factory, Protocol, connectionDone
from twisted.internet.tcp import Server
from twisted.protocols.basic import FileSender
from twisted.python.failure import Failure
from typing_extensions import override
from websockets.http11 import Request
from zope.interface import implementer

from huddle.doors.connection import Connection
from huddle.doors.connection_limits import counted_address
from huddle.doors.connections import Connections
from huddle.doors.handshakes import shake_hands_in_turn
from huddle.doors.health import health_of
from huddle.doors.input.buffers import InputBuffers
from huddle.doors.input.scheduler import InputScheduler, Speaker
from huddle.doors.line import HuddleFactory
from huddle.doors.proxy.address import Source, source_of
from huddle.doors.transports import READ, READ_FRAMES, read_little, send_at_once
from huddle.doors.unnamed import Unnamed
from huddle.doors.web.deflate import Compressor
from huddle.doors.web.files import page_files
from huddle.doors.web.frame_input import FrameInput
from huddle.doors.web.frames import FramedDialect
from huddle.doors.web.heads import (
    END_OF_HEAD,
    NoRequest,
    agrees_to_compression,
    answer_to_handshake,
    may_begin_request,
    read_head,
    wants_websocket,
)
from huddle.doors.web.host_names import Names
from huddle.doors.web.site import Reply, Site, Unsent, not_upgraded, refusal
from huddle.locale import Wording
from huddle.protocol.dialect import Dialect
from huddle.protocol.limits import KIB
from huddle.visits.house import House

DROPPED = 256 * KIB
"""Bytes that are still read, and thrown away, behind the last answer: a connection that is closed
with something unread, or to which something comes afterwards, is reset, and what its peer has not
taken of the answer is lost with it."""

READS = 64
"""Reads of one head after which the next one waits `PAUSE` seconds, in which more may come: a head
that comes byte by byte would take the time of thousands of requests."""

PAUSE = 0.1

PIECE = KIB
"""Bytes of an answer that wait in the transport for a peer that does not take it at once."""

READ_HEADS = KIB
"""Bytes that are read at once of requests: most heads are shorter, and what stands behind one that
is not answered yet is kept. 252 that take no answer were 2.2 MiB with twice as much of both."""


@implementer(IHalfCloseableProtocol)
@dataclass(slots=True, eq=False, repr=False)
class WebProtocol(Protocol):
    """One connection by this door: requests for the page's files, or a WebSocket."""

    _door: WebFactory
    _source: Source
    transport: Any = field(init=False)
    address: str = field(init=False)
    """What it counts for while it waits."""
    connection: Connection | None = field(default=None, init=False)
    """What it has when it talks."""
    in_debt_until: float = field(default=0.0, init=False)
    _scheduler: InputScheduler = field(init=False)
    _head: bytes = field(default=b"", init=False)
    _has_line: bool = field(default=False, init=False)
    """Whether the first line of the head has come, and was looked at."""
    _reads: int = field(default=0, init=False)
    """Of the head that has not ended yet."""
    _answering: bool = field(default=False, init=False)
    _dropped: int | None = field(default=None, init=False)
    _ended: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        self.address = counted_address(self._source.host)
        self._scheduler = self._door.connections.request_scheduler

    @property
    def head_size(self) -> int:
        """Bytes that wait here for the rest of a head."""
        return len(self._head)

    @override
    def connectionMade(self) -> None:
        # What stands behind a request waits in the peer's machine: 256 that take no answer, with
        # hundreds of requests each, had 8 KiB of them read, which was 2 MiB.
        read_little(self.transport, READ_HEADS)
        shake_hands_in_turn(
            self.transport,
            self.address,
            self._scheduler,
            brought_nothing=lambda size: None,  # who only waits has little time for it
            may_be_read=lambda: not self._answering,
        )
        self._door.wait_for(self)

    @override
    def dataReceived(self, data: bytes) -> None:
        if self.connection is not None:
            self.connection.input.feed(data)
        elif self._dropped is not None:
            self._dropped += len(data)
            if self._dropped > DROPPED:
                self.abort()
        else:
            self._door.head_bytes += len(data)
            self._head += data
            self._go_on(self._scheduler.ask)

    def _go_on(self, ask: Callable[[Speaker], object]) -> None:
        """Stand in line with the next request, if it is whole and the one before is answered."""
        longest, head = self._door.limits.web_head, self._head
        if self._answering:
            if len(head) > longest + READ:
                self.abort()  # more comes though nothing is read
            return
        end = head.find(END_OF_HEAD)
        if max(end, 0) > longest or (end < 0 and len(head) > longest):
            self._give(refusal(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE))
        elif end >= 0:
            self.transport.pauseProducing()
            ask(self)
        elif not self._has_line and not may_begin_request(head):
            self._give(refusal(HTTPStatus.BAD_REQUEST))
        else:
            self._has_line = b"\n" in head
            self._door.bound_heads()
            self._reads += 1
            if self._reads >= READS:
                self.transport.pauseProducing()
                self._door.connections.reactor.callLater(PAUSE, self._read_on_head)

    def _read_on_head(self) -> None:
        if self.connection is None and not self._answering:
            self._read_on()

    def _pop_head(self, size: int) -> bytes:
        head, self._head = self._head[:size], self._head[size:]
        self._door.head_bytes -= size
        return head

    # -- requests: huddle.doors.input.scheduler.Speaker ------------------------------------------

    def hear(self, until: float) -> bool:
        """Answer the next request; the one behind it waits till the answer is given."""
        end = self._head.find(END_OF_HEAD)
        if end >= 0 and not self._answering:
            self._has_line, self._reads = False, 0
            self._take(self._pop_head(end + len(END_OF_HEAD)))
        return False

    def count_time(self, seconds: float) -> None:
        """A request that takes long waits for its next turn as any other: nothing is counted."""

    def _take(self, head: bytes) -> None:
        try:
            request = read_head(head, self._door.limits)
        except NoRequest as no:
            self._give(refusal(no.status))
            return
        site = self._door.site
        reply = site.health(request) or site.foreign(request)
        if reply is not None:
            self._give(reply)
        elif wants_websocket(request):
            self._upgrade(request)
        else:
            self._give(site.reply(request))

    def _upgrade(self, request: Request) -> None:
        response = answer_to_handshake(request)
        if response.status_code != HTTPStatus.SWITCHING_PROTOCOLS:
            self._give(not_upgraded(response))
            return
        rest = self._pop_head(len(self._head))
        self._door.waiting.pass_on(self)
        house, connections = self._door.house, self._door.connections
        compresses = agrees_to_compression(response)
        self.connection = Connection(
            house,
            connections,
            self.transport,
            self._source,
            self._door.compressing_dialect if compresses else self._door.dialect,
            made_input=partial(
                FrameInput,
                _by_web=self._door.input_buffers,
                _most=self._door.limits.web_fragments,
                _compresses=compresses,
            ),
        )
        read_little(self.transport, READ_FRAMES)
        self._read_on()
        self.connection.outlet.reply(response.serialize())
        self.connection.open()
        self.connection.input.feed(rest)
        if self._ended:
            self.connection.input_ended()

    # -- answers -------------------------------------------------------------------------------

    def _give(self, reply: Reply) -> None:
        self._answering = True
        self._door.wait_for(self)
        whole = reply.head + reply.body
        sent = send_at_once(self.transport, whole)
        if sent == len(whole):
            self._has_given(reply)
            return
        # The head goes by the same way: it is done when the transport has sent all of it, so that
        # the next answer neither overtakes this one nor piles up behind it.
        sender = FileSender()
        sender.CHUNK_SIZE = PIECE
        done = sender.beginFileTransfer(Unsent(reply, sent), self.transport)
        done.addCallbacks(lambda _: self._has_given(reply), lambda _: None)

    def _has_given(self, reply: Reply) -> None:
        self._answering = False
        if not reply.keeps:
            self._end()
        elif self._ended and END_OF_HEAD not in self._head:
            self.transport.loseConnection()
        elif END_OF_HEAD in self._head:
            self._go_on(self._scheduler.wait)  # or a thousand in one write would nest
        else:
            self._read_on()
            if self._head:
                self._go_on(self._scheduler.wait)

    def _end(self) -> None:
        """End our side, and throw away what comes till the peer has ended its own: as the kernel
        tells, or TLS. It has the time of one who waits."""
        self._pop_head(len(self._head))
        self._dropped = 0
        self._read_on()
        if isinstance(self.transport, Server) and not self._ended:
            self.transport.loseWriteConnection()
        else:
            self.transport.loseConnection()

    def _read_on(self) -> None:
        if not self._ended:
            self.transport.resumeProducing()

    # -- the end -------------------------------------------------------------------------------

    def abort(self) -> None:
        """End the connection at once, and keep nothing of it: its end is told only later."""
        self._pop_head(len(self._head))
        self._door.waiting.pass_on(self)
        self.transport.abortConnection()

    def readConnectionLost(self) -> None:
        """The peer has ended its side: it may still listen."""
        self._ended = True
        if self.connection is not None:
            self.connection.input_ended()
        elif not self._answering and END_OF_HEAD not in self._head:
            self.transport.loseConnection()

    def writeConnectionLost(self) -> None:
        """Our side is ended, as we wished: the answer is out."""
        if self.connection is not None:
            self.connection.output_ended()

    @override
    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self._pop_head(len(self._head))
        self._door.waiting.pass_on(self)
        if self.connection is not None:
            self.connection.lost(reset=reason.type is ConnectionLost)


class WebFactory(Factory[WebProtocol]):
    """The door, made from the first one: of the same house and connections."""

    noisy = False

    def __init__(self, first: HuddleFactory, site: Site) -> None:
        self.house: House = first.house
        self.connections: Connections = first.connections
        self.dialect: Dialect = FramedDialect(first.json)
        self.compressing_dialect: Dialect = FramedDialect(first.json, Compressor())
        self.limits = limits = first.huddle.limits
        self.site = site
        self.head_bytes = 0
        """Bytes of heads that are not whole, of all connections that wait."""
        each = min(limits.web_unheard_each, limits.unheard_each)
        self.input_buffers = InputBuffers(replace(limits, unheard_each=each))
        """What has come in frames and is not heard yet."""
        bounds = replace(limits, unnamed=limits.web_waiting, name_seconds=limits.web_seconds)
        self.waiting: Unnamed[WebProtocol] = Unnamed(
            bounds, self.connections.reactor, WebProtocol.abort
        )

    @override
    def buildProtocol(self, addr: IAddress | None) -> WebProtocol:
        return WebProtocol(self, source_of(addr))

    def wait_for(self, protocol: WebProtocol) -> None:
        """The connection waits, from now on for `Limits.web_seconds`; another may have to go for
        it."""
        self.waiting.pass_on(protocol)
        too_much = self.waiting.stand(protocol, protocol.address)
        if too_much is not None:
            too_much.abort()

    def bound_heads(self) -> None:
        """The one with most of a head that is not whole has to go, where all have too much."""
        if self.head_bytes > self.limits.web_heads:
            max(self.waiting, key=lambda protocol: protocol.head_size).abort()

    @override
    def stopFactory(self) -> None:
        for protocol in list(self.waiting):
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
