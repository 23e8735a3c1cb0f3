"""A page that reads nothing while 50 MB are said, as one that is paused in a debugger."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator

from websockets.client import ClientProtocol
from websockets.frames import Frame, Opcode
from websockets.http11 import Response
from websockets.uri import parse_uri

from tests.patience import PATIENCE
from tests.real.conftest import Start
from tests.real.crowd import LINE, crowd

MIB = 1 << 20
SAID = 50_000_000


class PausedPage:
    """A WebSocket whose program reads only when it is told to."""

    def __init__(self, port: int) -> None:
        self._protocol = ClientProtocol(parse_uri(f"ws://127.0.0.1:{port}/talk"))
        self._socket = socket.create_connection(("127.0.0.1", port), PATIENCE)
        request = self._protocol.connect()
        request.headers["Origin"] = f"http://127.0.0.1:{port}"
        self._protocol.send_request(request)
        hello = {"type": "hello", "v": 1, "nick": "page", "replay": 0}
        self._events = self._read()
        assert isinstance(next(self._events), Response)
        self._protocol.send_text(json.dumps(hello).encode())
        self.welcome = next(self.lines("welcome"))

    def _read(self) -> Iterator[object]:
        while True:
            yield from self._protocol.events_received()
            for data in self._protocol.data_to_send():
                self._socket.sendall(data)
            self._protocol.receive_data(self._socket.recv(1 << 16))

    def lines(self, type: str) -> Iterator[dict[str, object]]:
        """What comes of this type, as it comes."""
        for event in self._events:
            if isinstance(event, Frame) and event.opcode is Opcode.TEXT:
                for line in bytes(event.data).splitlines():
                    told = json.loads(line)
                    if told["type"] == type:
                        yield told

    def close(self) -> None:
        self._socket.close()


def test_a_page_that_is_paused_costs_nothing_and_gets_all_of_it_once_and_in_order(
    start: Start,
) -> None:
    server = start("--flood-rate", "0", "--per-address", "0", "--web", "0")
    page = PausedPage(int(server.address(1)[1]))
    with crowd(server.port, 20) as members:
        members.hears(MIB)
        before = server.memory
        members.hears(SAID)
        grown = server.memory - before
        members.members[0].sendall(b"that was all\n")
        heard = 0
        for said in page.lines("said"):
            heard += 1
            assert said["seq"] == heard
            if said["text"] == "that was all":
                break
            assert said["text"] == LINE.decode().rstrip()
        assert heard > SAID // len(LINE)
        assert grown < 8 * MIB, f"{grown / MIB:.1f} MiB"
        members.members[0].sendall(b"and on\n")
        assert next(page.lines("said"))["text"] == "and on"
    page.close()
