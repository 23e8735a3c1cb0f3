"""Transports: how an outlet's bytes go out (the port is in `huddle.delivery.transport`).

`DirectTransport` is for plain TCP and UNIX sockets. Nothing of ours waits in Twisted's transport
while an outlet is live, so its bytes go straight to the socket: the bound ``socket.send`` saves two
``epoll_ctl`` calls and a turn of the reactor each time. Only the rest of a cut line is given to the
transport; a pull producer then tells when it is out.

`BufferedTransport` is for every other one, as of TLS: those must be written to by
``transport.write``, which takes everything, and they say by a streaming producer when enough is
enough. (One of TLS *has* the direct calls and the half-close as well, of the socket underneath, and
even claims their interfaces; to use them would put clear text into the stream, or cut it off.)

Closing takes care of what is on its way: a connection that is closed with something unread is reset
by the kernel, and what was sent last is thrown away. So our side is ended first and the peer's end
is awaited (`Connection.input_ended`), for `Limits.closing` seconds. But `nc` does not
end as long as it could be typed in: one would say `/salir`, read our farewell, and sit there. As
soon as its machine has acknowledged all that we sent, our end included, nothing of it can be lost
any more; a moment later the connection is reset, and `nc` ends.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, ClassVar

from twisted.internet.abstract import FileDescriptor
from twisted.internet.interfaces import (
    IDelayedCall,
    IPullProducer,
    IPushProducer,
    IReactorTime,
)
from twisted.internet.tcp import Connection, Server
from twisted.internet.unix import Server as UnixServer
from twisted.protocols.policies import ProtocolWrapper
from typing_extensions import override
from zope.interface import implementer

from huddle.delivery.outlet import Outlet
from huddle.delivery.transport import FULL, Send, Transport
from huddle.doors.lean_server import LeanServer
from huddle.doors.tcp_info import Arrivals

NOT_SENT_LOW_WATER = 16 * 1024
"""Bytes in the kernel that have not been sent, below which it asks for more. It keeps the kernel
from holding megabytes for each reader that has stopped. (A smaller ``SO_SNDBUF`` would instead let
it call a socket writable that takes nothing: a spinning loop, measured.)"""

OPTIONS = (
    (socket.IPPROTO_TCP, socket.TCP_NODELAY, 1),
    (socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, NOT_SENT_LOW_WATER),
    (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
    (socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 10),
    (socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 5),
    (socket.IPPROTO_TCP, socket.TCP_KEEPCNT, 2),
)
"""The options of every TCP connection, from the socket that it came in by. Keepalive is seconds of
silence, seconds between probes, and probes: a dead idle peer is gone in 20 seconds."""

READ = 8 * 1024
"""Bytes that are read at once. What comes is looked at as it is read, before its turn: 64 KiB
of Telnet commands took 44 ms, in which the others waited (measured), 8 KiB take 5."""

READ_ENCRYPTED = 2 * 1024
"""The same under TLS, where each record costs some 40 µs, however little it holds: 64 KiB of
records of one byte took 110 ms, 2 KiB take 4."""

READ_FRAMES = 2 * 1024
"""The same of a WebSocket, where each frame costs 10 µs, however little it holds: 8 KiB of pings of
six bytes took 16 ms, 2 KiB take 4."""

MOMENT = 0.5
"""Seconds from one look whether a connection that is to end can be ended to the next. (A reset
takes nothing from a reader on Linux who has not read all yet, but on other systems it may.)"""

_FIN_WAIT2 = 5
"""A state of a connection (linux/tcp_states.h): the peer has acknowledged our end."""

_CLOSE = 7
"""Another: it is over."""

Watermark = dict[str, int]
"""For each stream a seq, as `Outlet.watermark` makes it."""


@dataclass(slots=True, eq=False, repr=False)
class TwistedTransport(Transport):
    """What both transports have in common: reading, and the end. ``outlet`` is set before use.

    ``transport`` is Twisted's.
    """

    reads_once: ClassVar = False
    """Whether a turn of the reactor brings no more than one read: by TLS each record is one."""

    transport: Any
    _reactor: IReactorTime
    _closing: float
    outlet: Outlet = field(init=False)
    connection: socket.socket | None = field(init=False)
    """The TCP socket at the bottom, if there is one."""
    nearby: socket.socket | None = field(init=False)
    """The UNIX socket at the bottom, if there is one."""
    proxied: bool = field(default=False, init=False)
    """Whether who reads there is a proxy; the door says so."""
    input_ended: bool = field(default=False, init=False)
    """Whether the peer has ended its side; the door says so."""
    reading: bool = field(default=True, init=False)
    """Whether what the peer sends is read from its connection."""
    was_reset: bool = field(default=False, init=False)
    """Whether the peer has broken it off, as far as was noticed; the door says so as well."""
    arrivals: Arrivals[Watermark] = field(init=False)
    """What has arrived at the peer; keepalive looks."""
    delays_acks: bool = field(default=False, init=False)
    """Whether our kernel delays the acknowledgement of what comes; `delayed_ack` says so."""
    ending: Callable[[], bytes] = field(default=bytes, init=False)
    """Gives what is to stand behind all else when our side ends; the door says so."""
    _abort_at: float = field(default=0.0, init=False)
    _next_look: IDelayedCall | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        bottom = _bottom(self.transport)
        is_nearby = isinstance(bottom, UnixServer)
        is_tcp = isinstance(bottom, Connection) and not is_nearby
        self.nearby = bottom.getHandle() if is_nearby else None
        self.connection = bottom.getHandle() if is_tcp else None
        self.arrivals = Arrivals(self._reactor.seconds())
        read_little(self.transport)
        if self.connection is not None:
            _tune(self.connection)

    def read(self, on: bool) -> None:
        """Read what the peer sends, or leave it in the peer's machine; harmless after its end."""
        if not self.input_ended:
            self.reading = on
            if on:
                self.transport.resumeProducing()
            else:
                self.transport.pauseProducing()

    @override
    def hurry(self) -> None:
        if self._next_look is None:
            self._abort_at = self._reactor.seconds() + self._closing
            self._look_later()

    def _look_later(self) -> None:
        self._next_look = self._reactor.callLater(MOMENT, self._look)

    def _look(self) -> None:
        connection = self.connection
        has_all = connection is not None and _state(connection) in (_FIN_WAIT2, _CLOSE)
        if has_all or self._reactor.seconds() >= self._abort_at:
            self.abort()
        else:
            self._look_later()

    @override
    def read_before_reset(self) -> Mapping[str, int] | None:
        if self.nearby is not None:
            return None  # what was confirmed there has been read
        # A person may be back on a new connection before the reactor has told the end of this one.
        if self.connection is not None and not self.input_ended and self._next_look is None:
            self.was_reset = self.was_reset or _state(self.connection) == _CLOSE
        return self.arrivals.surely_read() or {} if self.was_reset else None

    @override
    def abandon(self) -> None:
        # A failed send has taken the reset from the kernel: reading will find a mere end.
        self.was_reset = True
        # `ncat --send-only` goes as soon as it has sent, and flood control may be far behind: so
        # this is no abort. What was said before is still read, and then the end is found.
        if self.input_ended:
            self.abort()
        elif (bottom := self.connection or self.nearby) is not None:
            with suppress(OSError):
                bottom.shutdown(socket.SHUT_WR)

    def abort(self) -> None:
        """End the connection at once, whatever is still on its way."""
        self.transport.abortConnection()

    def over(self) -> None:
        """The connection has ended: nothing more is waited for. Called by the door, once."""
        if self._next_look is not None and self._next_look.active():
            self._next_look.cancel()
        self._next_look, self.ending = None, bytes
        del self.outlet


@implementer(IPullProducer)
class DirectTransport(TwistedTransport):
    """Sends at once to the kernel, by a UNIX socket or a TCP connection without TLS."""

    reads_once = True

    __slots__ = ("_rest", "send")

    send: Send
    """The socket's own, with nothing of ours in between."""

    def __init__(self, transport: Server, reactor: IReactorTime, closing: float) -> None:
        super().__init__(transport, reactor, closing)
        self.send = transport.getHandle().send
        self._rest: bytes | None = None

    @override
    def finish(self, rest: bytes) -> None:
        self._rest = rest
        self.transport.registerProducer(self, False)

    @override
    def close(self) -> None:
        if last := self.ending():
            self.transport.write(last)
        self.transport.loseWriteConnection()

    def resumeProducing(self) -> None:
        """Called at once when registered, and again when what was written is out."""
        rest, self._rest = self._rest, None
        if rest is None:
            self.transport.unregisterProducer()
            self.outlet.drained()
        else:
            self.transport.write(rest)
            self.transport.startWriting()

    def stopProducing(self) -> None:
        """The connection is gone, which the protocol is told as well: nothing is left to do."""


@implementer(IPushProducer)
class BufferedTransport(TwistedTransport):
    """Any transport that takes what it is given and says when to wait.

    It holds at most one slab beyond the 64 KiB at which it says so.
    """

    __slots__ = ("_awaited", "_paused")

    def __init__(self, transport: Any, reactor: IReactorTime, closing: float) -> None:
        super().__init__(transport, reactor, closing)
        self._paused = False
        self._awaited = False
        transport.registerProducer(self, True)

    @override
    def send(self, data: bytes) -> int:
        if self._paused:
            return 0
        self.transport.write(data)
        return FULL if self._paused else len(data)

    @override
    def finish(self, rest: bytes) -> None:
        if rest:
            self.transport.write(rest)
        self._awaited = True
        self._tell()

    @override
    def close(self) -> None:
        self.transport.unregisterProducer()
        if last := self.ending():
            self.transport.write(last)
        if isinstance(self.transport, FileDescriptor):
            self.transport.loseWriteConnection()
        else:
            self.transport.loseConnection()

    def pauseProducing(self) -> None:
        """Often called from within a write, so nothing is done here."""
        self._paused = True

    def resumeProducing(self) -> None:
        """The transport has sent most of what it had."""
        self._paused = False
        self._tell()

    def stopProducing(self) -> None:
        """The connection is gone, which the protocol is told as well: nothing is left to tell."""
        self._awaited = False

    def _tell(self) -> None:
        """Tell the outlet later: it may be in the middle of giving."""
        if self._awaited and not self._paused:
            self._awaited = False
            self._reactor.callLater(0, self.outlet.drained)


_BARE = (Server, LeanServer, UnixServer)
"""Twisted's transports that lead straight to the kernel."""


def send_at_once(transport: Any, data: bytes) -> int:
    """Send what goes out at once by one of Twisted's transports in which nothing waits; returns how
    many bytes did. 0 where that is not to be had: then all is for ``transport.write``."""
    if type(transport) not in _BARE:
        return 0
    try:
        return int(transport.getHandle().send(data))
    except OSError:  # nothing is taken, or the connection is lost, as reading will tell
        return 0


def transport_for(
    transport: Any, reactor: IReactorTime, closing: float
) -> DirectTransport | BufferedTransport:
    """The outlet's transport that suits one of Twisted's: direct where nothing is in between."""
    if type(transport) in _BARE:
        return DirectTransport(transport, reactor, closing)
    return BufferedTransport(transport, reactor, closing)


def _bottom(transport: Any) -> Any:
    while isinstance(transport, ProtocolWrapper):
        transport = transport.transport
    return transport


def _state(connection: socket.socket) -> int:
    """The state of a TCP connection, by its number in linux/tcp_states.h."""
    return int(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0])


def read_little(transport: Any, size: int = READ) -> None:
    """Bound what Twisted reads at once from the stream at the bottom; under TLS it is less."""
    bottom = _bottom(transport)
    bottom.bufferSize = size if bottom is transport else READ_ENCRYPTED


def _tune(connection: socket.socket) -> None:
    """See to it that it has `OPTIONS`. On a connection that is lost already this may fail; reading
    will tell. (One may have come in before they were set, or by a socket that others opened.)"""
    try:
        low_water = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT)
        if low_water != NOT_SENT_LOW_WATER:
            set_options(connection)
    except OSError:
        pass


def set_options(tcp: socket.socket) -> None:
    """Set `OPTIONS` on a socket of TCP; what is accepted by one that listens has them (tcp(7))."""
    for level, option, value in OPTIONS:
        tcp.setsockopt(level, option, value)
