"""Where an attack takes place: connections of chosen addresses to one server, and what they send.

All addresses are of the loopback network, so that one machine can be many hosts: 127.0.0.3 and on.
Whatever the server sends is read and thrown away, unless an attack wants its peers to stop reading.
"""

import json
import selectors
import socket
import ssl
import struct
import time
from collections.abc import Iterable, Iterator, Sequence
from itertools import count, cycle

READ = 1 << 16
HANDSHAKE = (
    b"GET /talk HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n"
    b"Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n"
)
PATIENCE = 60.0
"""Seconds that a peer waits to be let in; a server under attack may be slow to do it."""


class Arena:
    """One server, and the time that an attack may take: `seconds` from when it begins."""

    def __init__(
        self,
        port: int,
        seconds: float,
        tls_port: int | None = None,
        web_port: int | None = None,
        prefix: str = "h",
    ) -> None:
        """The nicks of peers begin with the ``prefix``."""
        self.port = port
        self.tls_port = tls_port
        self.web_port = web_port
        self.seconds = seconds
        self._prefix = prefix
        self._numbers = count()

    # -- who comes ---------------------------------------------------------------------------

    def stranger(self, address: str = "127.0.0.3") -> socket.socket:
        """A connection that has said nothing yet."""
        return socket.create_connection(
            ("127.0.0.1", self.port), PATIENCE, source_address=(address, 0)
        )

    def strangers(self, number: int, address: str = "127.0.0.3") -> list[socket.socket]:
        return [self.stranger(address) for _ in range(number)]

    def person(self, address: str = "127.0.0.3") -> socket.socket:
        """A person who has come in under a nick of their own."""
        peer = self.stranger(address)
        peer.sendall(f"{self._nick()}\n".encode())
        await_answer(peer, b"return word")
        return peer

    def people(self, number: int, address: str = "127.0.0.3") -> list[socket.socket]:
        return [self.person(address) for _ in range(number)]

    def program(self, address: str = "127.0.0.3", **hello: object) -> socket.socket:
        """A program that has been welcomed, under a nick of its own."""
        peer = self.stranger(address)
        nick = self._nick()
        peer.sendall(line({"type": "hello", "v": 1, "nick": nick, "replay": 0, **hello}))
        await_answer(peer, b'"type":"welcome"')
        return peer

    def programs(self, number: int, address: str = "127.0.0.3") -> list[socket.socket]:
        return [self.program(address) for _ in range(number)]

    def returning(self, after: int, address: str = "127.0.0.3") -> socket.socket:
        """A program that has the first room up to that seq, and comes back for the rest."""
        peer = self.stranger(address)
        nick = self._nick()
        hello: dict[str, object] = {"type": "hello", "v": 1, "nick": nick}
        hello |= {"session": f"{nick:0>32}", "after": {"huddle": after}}
        peer.sendall(line(hello))
        return peer

    def over_tls(self, number: int, address: str = "127.0.0.3") -> list[ssl.SSLSocket]:
        """Connections under TLS that have said nothing yet."""
        assert self.tls_port is not None
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        place = ("127.0.0.1", self.tls_port)
        return [
            context.wrap_socket(
                socket.create_connection(place, PATIENCE, source_address=(address, 0))
            )
            for _ in range(number)
        ]

    def asker(self, address: str = "127.0.0.3") -> socket.socket:
        """A connection by the door for browsers that has said nothing yet."""
        place = ("127.0.0.1", self.web_port)
        return socket.create_connection(place, PATIENCE, source_address=(address, 0))

    def askers(self, number: int, address: str = "127.0.0.3") -> list[socket.socket]:
        return [self.asker(address) for _ in range(number)]

    def talker(self, address: str = "127.0.0.3") -> socket.socket:
        """A program that has been welcomed by WebSocket."""
        peer = self.asker(address)
        hello = line({"type": "hello", "v": 1, "nick": self._nick(), "replay": 0})
        peer.sendall(HANDSHAKE + framed(hello))
        await_answer(peer, b'"type":"welcome"')
        peer.settimeout(1)
        return peer

    def talkers(self, number: int, address: str = "127.0.0.3") -> list[socket.socket]:
        return [self.talker(address) for _ in range(number)]

    def _nick(self) -> str:
        return f"{self._prefix}{next(self._numbers)}"

    # -- what they send ----------------------------------------------------------------------

    def pour(
        self, peers: Sequence[socket.socket], payloads: Iterable[bytes], *, again: bool = False
    ) -> None:
        """Send each peer its payload as fast as it is taken, again and again if wished.

        Ends when all is sent and the server has been silent for half a second, or in time.
        """
        pouring = _Pouring(peers, list(payloads), again)
        pouring.run(time.monotonic() + self.seconds)

    def drip(self, peers: Sequence[socket.socket], bytes_: Iterator[bytes]) -> None:
        """Send the next bytes to each peer in turn, in a write of their own, until time is over or
        there are no more."""
        end = time.monotonic() + self.seconds
        for peer, some in zip(cycle(peers), bytes_, strict=False):
            if time.monotonic() >= end:
                return
            try:
                peer.sendall(some)
            except OSError:
                return


class _Pouring:
    """Many connections written to and read from at the same time, by one thread."""

    def __init__(self, peers: Sequence[socket.socket], payloads: list[bytes], again: bool) -> None:
        self._again = again
        self._selector = selectors.DefaultSelector()
        self._rest: dict[socket.socket, memoryview] = {}
        self._whole: dict[socket.socket, bytes] = {}
        for peer, payload in zip(peers, payloads * len(peers), strict=False):
            peer.setblocking(False)
            self._whole[peer] = payload
            self._rest[peer] = memoryview(payload)
            self._selector.register(peer, selectors.EVENT_READ | selectors.EVENT_WRITE)

    def run(self, end: float) -> None:
        heard = time.monotonic()
        while (now := time.monotonic()) < end and self._whole:
            if not self._rest and now - heard > 0.5:
                break
            for key, events in self._selector.select(0.1):
                peer = key.fileobj
                assert isinstance(peer, socket.socket)
                if events & selectors.EVENT_READ and self._read(peer):
                    heard = now
                if events & selectors.EVENT_WRITE and peer in self._whole:
                    self._write(peer)

    def _read(self, peer: socket.socket) -> bool:
        try:
            data = peer.recv(READ)
        except BlockingIOError:
            return False
        except OSError:
            data = b""
        if not data:
            self._drop(peer)
        return bool(data)

    def _write(self, peer: socket.socket) -> None:
        rest = self._rest.get(peer, memoryview(b""))
        try:
            rest = rest[peer.send(rest) :]
        except BlockingIOError:
            return
        except OSError:
            self._drop(peer)
            return
        if rest:
            self._rest[peer] = rest
        elif self._again:
            self._rest[peer] = memoryview(self._whole[peer])
        else:
            self._rest.pop(peer, None)
            self._selector.modify(peer, selectors.EVENT_READ)

    def _drop(self, peer: socket.socket) -> None:
        self._selector.unregister(peer)
        self._whole.pop(peer, None)
        self._rest.pop(peer, None)
        peer.close()


def line(request: dict[str, object]) -> bytes:
    """A request of a program as it goes over the wire."""
    return json.dumps(request, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def framed(data: bytes, opcode: int = 0x1, fin: bool = True) -> bytes:
    """A WebSocket frame as a client sends it, with a mask of zeros."""
    first = opcode | (0x80 if fin else 0)
    if len(data) < 126:
        head = bytes([first, 0x80 | len(data)])
    elif len(data) < 1 << 16:
        head = struct.pack(">BBH", first, 0x80 | 126, len(data))
    else:
        head = struct.pack(">BBQ", first, 0x80 | 127, len(data))
    return head + bytes(4) + data


def await_answer(peer: socket.socket, what: bytes) -> None:
    """Read until this has come. Raises `ConnectionError` when the connection ends before."""
    heard = b""
    while what not in heard:
        data = peer.recv(READ)
        if not data:
            raise ConnectionError(f"not let in: {heard[-200:]!r}")
        heard = (heard + data)[-2 * READ :]
