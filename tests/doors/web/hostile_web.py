"""Bytes by chance for the door for browsers: heads and frames, right, nearly right, or mere noise.

`Noise.run` puts them on connections of a server in memory, in pieces as a network makes them.
Nobody else may notice, nothing may be kept, and no failure be logged.
"""

from __future__ import annotations

import json
import random
import struct
import sys
from types import FrameType
from typing import Any

from websockets.frames import Opcode

from huddle.doors.web.deflate import RSV1, Compressor
from huddle.protocol.limits import Limits
from tests.doors.fuzz import failures
from tests.doors.hostile_bytes import pieces
from tests.doors.soundness import assert_sound
from tests.doors.web.browser import Asker, WebWorld, hello, masked, opening

LIMITS = Limits(flood_rate=0, per_address=0, web_waiting=32, rooms_made=0)

STARTS = ("GET", "HEAD", "POST", "get", "GETGETGETGETGETGET", "", "\x16\x03\x01", "{", "OPTIONS")
TARGETS = (
    "/",
    "/health",
    "/talk",
    "/big.js",
    "*",
    "//",
    "/%00",
    "http://chat.lan/",
    "/ó",
    "/ x",
    "",
)
VERSIONS = ("HTTP/1.1", "HTTP/1.0", "HTTP/2", "HTTP/1.1 ", "")
HEADERS = (
    "Host: chat.lan",
    "Host: [::1]:8000",
    "Host: evil.example",
    "Host:",
    "Host : chat.lan",
    "Origin: http://chat.lan",
    "Origin: null",
    "Upgrade: websocket",
    "Upgrade: h2c, websocket",
    'Upgrade: "',
    "Connection: Upgrade",
    "Connection: close",
    "Connection: keep-alive,,",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Version: 99999999999999999999",
    "Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==",
    "Sec-WebSocket-Key: ====",
    "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits",
    "Sec-WebSocket-Extensions: ;;;",
    "Sec-WebSocket-Protocol: ,",
    "Content-Length: 0",
    "Content-Length: -1",
    "Content-Length: 18446744073709551616",
    "Transfer-Encoding: chunked",
    "Expect: 100-continue",
    'If-None-Match: *, W/, "',
    "Accept-Encoding: gzip;q=x, *;q=0.",
    "Range: bytes=0-",
    " folded",
    "\x00: \x7f",
    "X-Forwarded-For: 127.0.0.1",
)
ENDS = ("\r\n", "\r\n", "\r\n", "\n", "\r", "\r\n\r\n")


def some_head(chance: random.Random) -> bytes:
    """A head, which may be right."""
    line = " ".join(chance.choice(each) for each in (STARTS, TARGETS, VERSIONS))
    lines = [line, *chance.sample(HEADERS, chance.randrange(8))]
    end = "\r\n" if chance.random() < 0.7 else chance.choice(ENDS)
    return (end.join(lines) + end * 2).encode(
        "utf-8" if chance.random() < 0.5 else "latin-1", "replace"
    )


def some_frame(chance: random.Random) -> bytes:
    """A frame, which may be right, of a message that may be."""
    data = chance.choice((b"", _some_json(chance), chance.randbytes(chance.randrange(200))))
    match chance.randrange(6):
        case 0:
            return chance.randbytes(chance.randrange(1, 40))
        case 1:
            length = chance.choice((0, 125, 126, 1 << 16, 1 << 30, (1 << 64) - 1))
            return bytes([chance.randrange(256), 0xFF]) + struct.pack(">Q", length) + data
        case _:
            opcode = chance.choice((Opcode.TEXT, Opcode.TEXT, Opcode.TEXT, *Opcode))
            if packs := chance.random() < 0.3:
                data = chance.choice((data, Compressor().compress([data * chance.randrange(2000)])))
            frame = masked(opcode, data, fin=chance.random() < 0.8)
            return bytes([frame[0] | (RSV1 if packs else 0)]) + frame[1:]


def _some_json(chance: random.Random) -> bytes:
    request: dict[str, Any] = {
        "type": chance.choice(("say", "ping", "join", "who", "history", "bye", "nope")),
        "id": chance.choice((1, 2, -1, 1 << 60, "x", None)),
        "room": chance.choice(("huddle", "r", "@", "", 7)),
        "text": chance.choice(("hola", "", "\u202e", "x" * 5000)),
    }
    return json.dumps(request, ensure_ascii=chance.random() < 0.5).encode()


def mutated(chance: random.Random, data: bytes) -> bytes:
    """The same, as a rule; else with some bytes that are others, missing or there twice."""
    if not data or chance.random() < 0.6:
        return data
    changed, at = bytearray(data), chance.randrange(len(data))
    match chance.randrange(3):
        case 0:
            changed[at] = chance.randrange(256)
        case 1:
            del changed[at : at + chance.randrange(1, 9)]
        case 2:
            changed[at:at] = changed[max(0, at - 8) : at + 8]
    return bytes(changed)


class Noise:
    """A server whose door for browsers is sent anything, while two people talk by the first one."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self.inputs = self.talked = self.answered = 0
        """How many were sent; on how many connections a visit began; and how many were answered."""

    def run(self, inputs: int) -> None:
        """Send so many, or some more. Raises `AssertionError` when something is wrong."""
        until = self.inputs + inputs
        while self.inputs < until:
            with failures() as seen:
                self._some_world()
            assert not seen, seen[0]

    def _some_world(self) -> None:
        chance, world = self._chance, WebWorld(limits=LIMITS)
        ana, bob = world.person("ana"), world.person("bob")
        for talk in range(40):
            asker = world.asker(f"10.0.{chance.randrange(3)}.1")
            for piece in pieces(chance, self._input()):
                asker.sends(piece)
                if chance.random() < 0.2:
                    world.settle()
            world.settle()
            self._note(asker)
            match chance.randrange(6):
                case 0:
                    asker.wire.break_off()
                case 1:
                    asker.wire.input_ended = True
                case 2:
                    world.passes(1)
            bob.forgets()
            ana.says(f"talk {talk}")
            assert f"<ana> talk {talk}" in bob.reads()
        self._come_to_rest(world)

    def _input(self) -> bytes:
        chance = self._chance
        parts = []
        if chance.random() < 0.6:
            parts = [opening(hello(chance.choice(("eva", "dan", "ana", "\0"))))]
        for _ in range(chance.randrange(1, 8)):
            some = some_frame if parts else some_head
            parts.append(mutated(chance, some(chance)))
        self.inputs += len(parts)
        return b"".join(parts)

    def _note(self, asker: Asker) -> None:
        self.talked += asker.protocol.connection is not None
        self.answered += bool(asker.wire.taken)

    def _come_to_rest(self, world: WebWorld) -> None:
        world.settle()
        assert world.web.head_bytes <= LIMITS.web_heads
        waiting = [peer for peer in world.peers if isinstance(peer, Asker) and not peer.gone]
        for asker in waiting:
            asker.wire.break_off()
        world.settle()
        world.passes(2 * LIMITS.hold)
        assert world.web.head_bytes == 0 and not list(world.web.waiting)
        assert len(world.connections.here) == 2  # ana and bob
        world.peers[:] = [peer for peer in world.peers if not peer.gone]
        assert_sound(world)


def calls_for(asker: Asker, data: bytes) -> int:
    """The calls, of Python's functions and of those in C, till all is done that may be at once."""
    calls = 0

    def count(frame: FrameType, event: str, argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    asker.sends(data)
    sys.setprofile(count)
    try:
        asker.world.settle()
    finally:
        sys.setprofile(None)
    return calls
