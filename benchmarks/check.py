"""Whether the load generator notices: it is run against a server that does one thing wrong."""

import asyncio
import threading
import zlib
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from websockets.frames import Frame, Opcode

from benchmarks.peers.wires import PLAIN, Await, Wire
from benchmarks.runs.load import Generator, Load
from benchmarks.runs.run import FAULTS

KINDS = ("nothing", "missing", "duplicates", "disordered", "garbled", "misnamed", "one_order")
FRAMED = replace(PLAIN, member=(*PLAIN.member, Await(".\n")), frames=True)
"""The same lines, given in frames of WebSocket, every other one compressed."""

RSV1 = 0x40
_VICTIM, _WRONG = 2, 8
"""Who is served wrongly, by order of joining, and with which of the messages."""


class FaultyRoom:
    """A room that serves one member one message wrongly."""

    def __init__(self, fault: str, *, frames: bool = False) -> None:
        self._fault = fault
        self._frames = frames
        self._members: list[asyncio.StreamWriter] = []
        self._said = 0
        self._kept: list[bytes] = []
        self._late = b""
        """Whose messages are kept, until another has said something."""
        self._is_done = False

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Greet one member and pass on what they say."""
        nick = (await reader.readline()).strip()
        self._members.append(writer)
        writer.write(b"-- Hello " + nick + b".\n")
        try:
            while text := await reader.readline():
                self._deliver(writer, nick, text)
        except ConnectionError:
            pass
        writer.close()

    def _deliver(self, speaker: asyncio.StreamWriter, nick: bytes, text: bytes) -> None:
        self._said += 1
        message = b"<" + nick + b"> " + text
        for place, member in enumerate(self._members):
            if member is speaker:
                continue
            given = self._wronged(nick, message) if place == _VICTIM else message
            member.write(_framed(given, self._said % 2) if self._frames and given else given)

    def _wronged(self, nick: bytes, message: bytes) -> bytes:
        if self._fault == "one_order":
            return self._behind_another(nick, message)
        if self._said != _WRONG:
            message, self._kept = message + b"".join(self._kept), []
        elif self._fault == "missing":
            message = b""
        elif self._fault == "duplicates":
            message *= 2
        elif self._fault == "disordered":
            self._kept.append(message)
            message = b""
        elif self._fault == "garbled":
            message = message.replace(b"fox", b"fux")
        elif self._fault == "misnamed":
            message = message.replace(b"<m", b"<n")
        return message

    def _behind_another(self, nick: bytes, message: bytes) -> bytes:
        """Keep what one speaker says until another has said something: several in a row are theirs,
        where the machine is busy, and in their order to the end."""
        if self._said < _WRONG or self._is_done:
            return message
        self._late = self._late or nick
        if nick == self._late:
            self._kept.append(message)
            return b""
        self._is_done = True
        return message + b"".join(self._kept)


def _framed(message: bytes, compressed: int) -> bytes:
    if not compressed:
        return bytes(Frame(Opcode.TEXT, message).serialize(mask=False))
    packed = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    message = (packed.compress(message) + packed.flush(zlib.Z_SYNC_FLUSH))[:-4]
    frame = bytes(Frame(Opcode.TEXT, message).serialize(mask=False))
    return bytes([frame[0] | RSV1]) + frame[1:]


@contextmanager
def _serving(fault: str, frames: bool) -> Iterator[int]:
    """Serve a faulty room in a thread of its own; gives the port."""
    port: Future[int] = Future()
    done = asyncio.Event()
    loop = asyncio.new_event_loop()
    room = FaultyRoom(fault, frames=frames)

    async def serve() -> None:
        server = await asyncio.start_server(room.serve, "127.0.0.1", 0)
        port.set_result(server.sockets[0].getsockname()[1])
        await done.wait()
        server.close()

    def run() -> None:
        with asyncio.Runner(loop_factory=lambda: loop) as runner:
            runner.run(serve())

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield port.result(5)
    finally:
        loop.call_soon_threadsafe(done.set)
        thread.join()


def verdict(fault: str, wire: Wire = PLAIN) -> dict[str, Any]:
    """Return what the generator finds in a room with this fault."""
    # With one speaker, two swapped messages are out of their speaker's order; with two they are
    # only in another order than everybody else's.
    speakers = 2 if fault == "one_order" else 1
    load = Load(members=6, speakers=speakers, rate=200, warm=0, seconds=1, drain=5)
    with _serving(fault, wire.frames) as port, Generator(load, wire, port) as generator:
        generator.next_event("greeted")
        generator.next_event("joined")
        generator.go_on()
        generator.next_event("measuring")
        generator.next_event("measured")
        return generator.next_event("result")


def notices(fault: str, found: dict[str, Any]) -> bool:
    """Return whether what was found is that fault, and nothing at all where there was none."""
    if fault == "one_order":
        return not found["one_order"] and not any(found[name] for name in FAULTS)
    if fault == "nothing":
        return bool(found["one_order"]) and not any(found[name] for name in FAULTS)
    return bool(found[fault])


def check() -> dict[str, bool]:
    """Return for each kind of fault whether the generator notices it, in lines and in frames."""
    noticed = {fault: notices(fault, verdict(fault)) for fault in KINDS}
    return noticed | {
        f"{fault}, in frames": notices(fault, verdict(fault, FRAMED)) for fault in KINDS
    }
