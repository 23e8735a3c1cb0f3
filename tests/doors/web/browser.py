"""Those who come by the door for browsers: a browser that talks, and one that asks for files."""

from __future__ import annotations

import json
from collections.abc import Collection
from http import HTTPStatus

from typing_extensions import override
from websockets.client import ClientProtocol
from websockets.datastructures import Headers
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory
from websockets.frames import Close, Frame, Opcode
from websockets.http11 import Response
from websockets.uri import parse_uri

from huddle.doors.health import health_of
from huddle.doors.web.door import WebFactory, WebProtocol
from huddle.doors.web.frame_input import FrameInput
from huddle.doors.web.host_names import Names
from huddle.doors.web.site import File, Site
from huddle.locale import translator
from huddle.protocol.limits import Limits
from tests.world import Peer, Program, World

FILES = {
    "/": File("text/html; charset=utf-8", b"<!doctype html>", '"tag of /"'),
    "/packed.css": File("text/css", b"p {}", 'W/"tag"', b"as gzip has it"),
    "/big.js": File("text/javascript", b"x" * 100_000, '"tag of big"'),
}


class WebWorld(World):
    """A world with a door for browsers; its own name is ``chat.lan``."""

    def __init__(
        self,
        *,
        limits: Limits | None = None,
        transport: str = "direct",
        hosts: Collection[str] = (),
    ) -> None:
        super().__init__(limits=limits, transport=transport)
        names = Names(["chat.lan", *hosts])
        site = Site(FILES, names, health_of(self.connections), translator("en"))
        self.web = WebFactory(self.factory, site)

    def asker(self, address: str = "10.0.0.3") -> Asker:
        """Somebody has connected to the door for browsers, and sends nothing yet."""
        asker = Asker(self)
        self.attach(asker, address, door=self.web)
        self.settle()
        return asker

    def answered(self, request: str, address: str = "10.0.0.3") -> Answered:
        """What is answered to a request on a new connection; its lines end in LF here."""
        asker = self.asker(address)
        asker.asks_for(request)
        return asker.answer()

    def browser(
        self,
        nick: str,
        *,
        address: str = "10.0.0.3",
        compresses: bool = False,
        **hello: object,
    ) -> Browser:
        """A browser is in the room under this nick; its `welcome` is put aside.

        One that ``compresses`` offers it as Chromium does.
        """
        browser = self.page(nick, address=address, compresses=compresses)
        browser.enters(**hello)
        assert browser.welcome, f"{nick} was not let in: {browser.heard}"
        browser.forgets()
        return browser

    def page(
        self, nick: str, *, address: str = "10.0.0.3", compresses: bool = False, **headers: str
    ) -> Browser:
        """A browser whose WebSocket was asked for, with these headers."""
        browser = Browser(self, nick, f"secret of {nick}")
        browser.compresses = compresses
        self.attach(browser, address, door=self.web)
        browser.opens(**headers)
        self.settle()
        browser._look()
        browser.connection = browser.protocol.connection  # type: ignore[assignment]
        return browser


class Answered:
    """An HTTP answer."""

    def __init__(self, data: bytes) -> None:
        head, _, self.body = data.partition(b"\r\n\r\n")
        first, *lines = head.decode().split("\r\n")
        self.status = HTTPStatus(int(first.split(" ")[1]))
        self.headers = Headers([tuple(line.split(": ", 1)) for line in lines])  # type: ignore[misc]


class Asker(Peer):
    """Asks for files, byte by byte if it likes."""

    protocol: WebProtocol  # type: ignore[assignment]

    def asks_for(self, request: str) -> None:
        """Send this, each line ended as HTTP has it, and let all come of it."""
        self.sends(request.replace("\n", "\r\n").encode())
        self.world.settle()

    def answer(self) -> Answered:
        """All that came, as one answer."""
        data = bytes(self.wire.taken)
        self.wire.taken.clear()
        return Answered(data)


class Browser(Program):
    """A program that speaks by WebSocket, by the library's own client."""

    protocol: WebProtocol  # type: ignore[assignment]
    response: Response | None = None
    closed_by: Close | None = None
    compresses = False
    """Whether it offers compression, and compresses what it says if that is agreed to."""
    frames = 0
    """How many frames came."""
    came = 0
    """How many bytes came."""
    _begun = b""
    """What came of a message whose end has not come."""

    def opens(self, **headers: str) -> None:
        """Ask for the WebSocket; ``Host`` and ``Origin`` may be given."""
        offers = [ClientPerMessageDeflateFactory(client_max_window_bits=True)]
        self.client = ClientProtocol(
            parse_uri("ws://chat.lan:8000/talk"), extensions=offers if self.compresses else None
        )
        request = self.client.connect()
        request.headers["Origin"] = "http://chat.lan:8000"
        for name, value in headers.items():
            if name in request.headers:
                del request.headers[name]
            request.headers[name] = value
        self.client.send_request(request)
        self._flush()

    @override
    def sends(self, data: bytes) -> None:
        for line in data.splitlines():
            self.client.send_text(line)
        self._flush()

    def sends_raw(self, data: bytes) -> None:
        """Put these bytes on the wire, whatever they are."""
        super().sends(data)

    def sends_frame(self, opcode: Opcode, data: bytes = b"", fin: bool = True) -> None:
        """Put one frame on the wire, as valid as it is."""
        self.sends_raw(masked(opcode, data, fin))

    @property
    def unfinished(self) -> int:
        """Bytes that the server keeps of a message that is not whole."""
        if self.gone:
            return 0
        input = self.connection.input
        assert isinstance(input, FrameInput)
        return len(input._message)

    def closes(self, code: int = 1000) -> None:
        """Say goodbye as a browser does when its page goes."""
        self.client.send_close(code)
        self._flush()
        self.world.settle()

    def _flush(self) -> None:
        super().sends(b"".join(self.client.data_to_send()))

    @override
    def reads(self) -> list[object]:
        data = bytes(self.wire.taken)
        self.wire.taken.clear()
        self.came += len(data)
        if data:
            self.client.receive_data(data)
        for event in self.client.events_received():
            if isinstance(event, Response):
                self.response = event
            elif isinstance(event, Frame) and event.opcode in (Opcode.TEXT, Opcode.CONT):
                self.frames += 1
                assert (event.opcode is Opcode.CONT) == bool(self._begun)
                self._begun += bytes(event.data)
                if event.fin:
                    self.heard.extend(map(self._read_line, self._begun.splitlines()))
                    self._begun = b""
        self.closed_by = self.client.close_rcvd
        new, self._told = self.heard[self._told :], len(self.heard)
        return new


def masked(opcode: Opcode, data: bytes = b"", fin: bool = True) -> bytes:
    """One frame as clients send it, without a check of what it is."""
    frame = bytes(Frame(Opcode.TEXT, data, fin).serialize(mask=True))
    return bytes([(frame[0] & 0xF0) | opcode]) + frame[1:]


def hello(nick: str) -> bytes:
    """The first request of a program."""
    return json.dumps({"type": "hello", "v": 1, "nick": nick, "replay": 0}).encode()


def opening(message: bytes) -> bytes:
    """A whole handshake, with what browsers offer, and a first message behind it, without the
    library."""
    head = (
        b"GET /talk HTTP/1.1\r\nHost: chat.lan\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n"
        b"Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n\r\n"
    )
    return head + masked(Opcode.TEXT, message)
