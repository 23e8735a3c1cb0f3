"""A program that comes by the door for browsers of a real server, and reads when it is told to.

It reads and writes in one thread, by the library's protocol without I/O. The library's own client
for threads reads in another thread than it writes in; with TLS both then use one OpenSSL
connection at once, which Python 3.11 does not guard: of 1,000 such clients three were told that a
server had closed which had not, when the tickets of TLS 1.3 came just as they asked.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator

from websockets.client import ClientProtocol
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory
from websockets.frames import Close, Frame, Opcode
from websockets.http11 import Response
from websockets.uri import parse_uri

from tests.patience import PATIENCE
from tests.real.certificate import BROWSERS_OFFER, trusting


class WebSocketProgram:
    """A WebSocket that is open; ``header`` is sent before all else, as a proxy does. One that
    ``compresses`` offers it, and does it where that is agreed to."""

    def __init__(
        self, port: int, *, tls: bool = False, header: bytes = b"", compresses: bool = False
    ) -> None:
        place = f"127.0.0.1:{port}"
        self._protocol = ClientProtocol(
            parse_uri(f"{'wss' if tls else 'ws'}://{place}/talk"),
            extensions=[ClientPerMessageDeflateFactory()] if compresses else None,
        )
        self._socket = socket.create_connection(("127.0.0.1", port), PATIENCE)
        self._socket.sendall(header)
        if tls:
            self._socket = trusting(*BROWSERS_OFFER).wrap_socket(self._socket)
        request = self._protocol.connect()
        request.headers["Origin"] = f"http{'s' if tls else ''}://{place}"
        self._protocol.send_request(request)
        self._events = self._read()
        opened = next(self._events)
        assert isinstance(opened, Response) and opened.status_code == 101, opened
        self._lines = self._split()

    def _read(self) -> Iterator[object]:
        ended = False
        while not ended:
            yield from self._protocol.events_received()
            self._flush()
            data = self._socket.recv(1 << 16)
            ended = not data
            if data:
                self._protocol.receive_data(data)
            else:
                self._protocol.receive_eof()
        yield from self._protocol.events_received()

    def _split(self) -> Iterator[dict[str, object]]:
        for event in self._events:
            if isinstance(event, Frame) and event.opcode is Opcode.TEXT:
                yield from map(json.loads, bytes(event.data).splitlines())

    def _flush(self) -> None:
        for data in self._protocol.data_to_send():
            if data:
                self._socket.sendall(data)

    def sends(self, **request: object) -> None:
        """Send one request."""
        self._protocol.send_text(json.dumps(request).encode())
        self._flush()

    def hears(self, type: str) -> dict[str, object]:
        """Wait for something of this type; what comes before it is passed over."""
        return next(self.lines(type))

    def lines(self, type: str) -> Iterator[dict[str, object]]:
        """Wait for all that comes of this type, until the server closes."""
        return (told for told in self._lines if told["type"] == type)

    def closed_by(self) -> Close | None:
        """Read until the server closes, and return the frame with which it did."""
        for _ in self._events:
            pass
        return self._protocol.close_rcvd

    def close(self) -> None:
        """Let go of the connection, without a word."""
        self._socket.close()
