"""Whatever is sent to the door for browsers, nobody else notices and nothing is kept."""

from __future__ import annotations

import pytest
from websockets.frames import Opcode

from huddle.protocol.limits import KIB
from tests.doors.web.browser import WebWorld, hello, masked, opening
from tests.doors.web.hostile_web import Noise, calls_for

TEXT, MORE, PING, PONG = Opcode.TEXT, Opcode.CONT, Opcode.PING, Opcode.PONG
SIZE = 64 * KIB


@pytest.mark.parametrize("seed", [1, 2])
def test_noise_harms_nobody_and_nothing_of_it_is_kept(seed: int) -> None:
    noise = Noise(seed)
    noise.run(300)
    assert noise.talked > 20 and noise.answered > 30


# What the dearest 64 KiB cost, before the peer is slowed down: 60 lines by the first door are 5,000


@pytest.mark.parametrize(
    ("frame", "most"),
    [
        (masked(PING), 80_000),
        (masked(PING, b"x" * 125), 80_000),
        (masked(PONG), 60_000),
        (masked(TEXT), 60_000),
        (masked(TEXT, b" "), 60_000),
        (masked(TEXT, b"{}"), 12_000),
        (masked(TEXT, b'{"type":"ping","id":1}'), 12_000),
        (masked(TEXT, b"{}\n" * 20_000), 12_000),
        (masked(TEXT, b"\n" * 60_000), 12_000),
        (masked(TEXT, b"x", fin=False) + masked(MORE, b"x", fin=False) * 1000, 60_000),
    ],
    ids=range(10),
)
def test_frames_are_slowed_down_before_they_are_dear(frame: bytes, most: int) -> None:
    asker = WebWorld().asker()
    asker.sends(opening(hello("eva")))
    asker.world.settle()
    assert calls_for(asker, frame * (SIZE // len(frame) or 1)) <= most


@pytest.mark.parametrize(
    ("head", "most"),
    [
        ("HEAD / HTTP/1.1\nHost: 1.1.1.1\n\n", 500),
        ("GET / HTTP/1.1\nHost: 1.1.1.1\n" + "X: y\n" * 127 + "\n", 6000),
        (f"GET / HTTP/1.1\nHost: 1.1.1.1\nIf-None-Match: {',' * 8000}\n\n", 60_000),
        (f"GET / HTTP/1.1\nHost: 1.1.1.1\nAccept-Encoding: {',' * 8000}\n\n", 60_000),
        (f"GET / HTTP/1.1\nHost: 1.1.1.1\nUpgrade: {',' * 8000}\n\n", 60_000),
        (f"GET / HTTP/1.1\nHost: 1.1.1.1\nConnection: {'a,' * 4000}\n\n", 60_000),
        ("GET / HTTP/1.1\n" + "Cookie: x\n" * 1400 + "\n", 30_000),
        ("GET / HTTP/1.1\n" + ":\n" * 4000 + "\n", 30_000),
        ("\n" * 8000, 1000),
    ],
    ids=range(9),
)
def test_no_head_is_dear(head: str, most: int) -> None:
    asker = WebWorld().asker()
    assert calls_for(asker, head.replace("\n", "\r\n").encode()) <= most
    assert asker.wire.taken
