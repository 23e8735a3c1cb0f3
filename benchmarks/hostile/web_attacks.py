"""Attacks by the door for browsers: heads, frames, files, and connections that come and go."""

import struct
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import cycle

from benchmarks.hostile.arena import HANDSHAKE, Arena, framed, line
from benchmarks.hostile.attack import CONNECTIONS, Attack
from huddle.doors.web.files import page_files

TEXT, CONT, CLOSE, PING = 0x1, 0x0, 0x8, 0x9
RSV1 = 0x40

_FOUR_BLOCKS = bytes.fromhex(
    "04c081000000000090ff6b100007020000000040feaf41001c080000000000f9bf060170200000000000e4ff1a"
)
NOTHING_DEFLATED = 1455 * _FOUR_BLOCKS + b"\0"
"""5,820 blocks of 90 bits, each with Huffman codes of its own, in which nothing stands: the dearest
64 KiB that zlib can be given, for all that is known here."""

NOBODY = "web: nobody attacks"

MOST_KIB = 2048 + 1024
"""KiB that the server may take for one of these; of them 1 MiB for 63 members who come in."""

ASK = b"GET /commands/en.json HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
FOREIGN = (
    b"GET / HTTP/1.1\r\nHost: evil.example\r\nOrigin: http://evil.example\r\n\r\n",
    HANDSHAKE.replace(b"Host: 127.0.0.1", b"Host: 127.0.0.1\r\nOrigin: http://evil.example"),
)


def _by_talkers(
    payload: bytes, number: int = CONNECTIONS, *, again: bool = False
) -> Callable[[Arena], None]:
    return lambda arena: arena.pour(arena.talkers(number), [payload], again=again)


def _again(once: Callable[[Arena], None]) -> Callable[[Arena], None]:
    """Begin anew, by new connections, until the time is over: of an attack that lasts a second,
    the slowest hundredth of what the others say is one line."""

    def peers(arena: Arena) -> None:
        end = time.monotonic() + arena.seconds
        while time.monotonic() < end:
            with suppress(OSError):  # whoever is not let in comes again
                once(arena)

    return peers


def _unread_pings(arena: Arena) -> None:
    """Each sends 300,000 pings as far as they are taken, and reads no answer."""
    pings = framed(b"", PING) * 1000
    talkers = arena.talkers(4)
    left = dict.fromkeys(talkers, 300)
    end = time.monotonic() + arena.seconds
    for talker in talkers:
        talker.setblocking(False)
    while left and time.monotonic() < end:
        for talker in list(left):
            try:
                talker.send(pings)
            except BlockingIOError:
                continue
            left[talker] -= 1
            if not left[talker]:
                del left[talker]
        time.sleep(0.01)


def _half_open(arena: Arena) -> None:
    """A thousand heads of some hundred bytes whose end does not come, from sixteen addresses."""
    heads = []
    for index in range(16):
        heads += arena.askers(CONNECTIONS, f"127.0.6.{index + 1}")
        for asker in heads[-CONNECTIONS:]:
            with suppress(OSError):  # one of them had to go for the next
                asker.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + b"x" * 400)
    time.sleep(0.5)


def _come_and_go(*payloads: bytes) -> Callable[[Arena], None]:
    """Connect, send, read the answer, and again, sixty at a time."""
    in_turn = cycle(payloads)
    return _again(lambda arena: arena.pour(arena.askers(60), [next(in_turn)]))


def _slow_files(arena: Arena) -> None:
    """Ask for the biggest file a hundred times on each connection, and take nothing."""
    path, _ = max(page_files().items(), key=lambda each: len(each[1].body))
    big = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()
    askers = [
        asker for index in range(4) for asker in arena.askers(CONNECTIONS, f"127.0.7.{index + 1}")
    ]
    for asker in askers:
        asker.sendall(big * 100)
    time.sleep(arena.seconds)


def _one_of_each(data: bytes) -> Iterator[bytes]:
    """Each byte of the data once for each of the connections."""
    return (data[at : at + 1] for at in range(len(data)) for _ in range(CONNECTIONS))


def _deflated(data: bytes) -> bytes:
    """A message of these bytes, compressed."""
    packed = zlib.compressobj(wbits=-15)
    made = packed.compress(data) + packed.flush(zlib.Z_SYNC_FLUSH)
    return framed(made[:-4], TEXT | RSV1)


def _attack(name: str, peers: Callable[[Arena], None]) -> Attack:
    return Attack(name=name, peers=peers, options=("web",), kib=MOST_KIB)


_BOMB = _deflated(bytes(16 << 20))

BY_THE_WEB = (
    _attack(NOBODY, lambda arena: time.sleep(arena.seconds)),
    _attack(
        "web: a frame of 1 GiB announced, 63 connections",
        _by_talkers(b"\x81\xff" + struct.pack(">Q", 1 << 30) + b"x" * 60_000),
    ),
    _attack(
        "web: a message in 100,000 fragments, 63 connections",
        _again(
            _by_talkers(framed(b"x", TEXT, fin=False) + framed(b"x", CONT, fin=False) * 100_000)
        ),
    ),
    _attack("web: 300,000 pings whose answers are not read, 4 connections", _unread_pings),
    _attack("web: pings, 63 connections", _by_talkers(framed(b"", PING) * 1000, again=True)),
    _attack("web: 1,000 heads without end", _again(_half_open)),
    _attack("web: foreign Host and Origin, connections that come and go", _come_and_go(*FOREIGN)),
    _attack("web: the biggest file 25,200 times, not read", _slow_files),
    _attack(
        "web: files without end, 63 connections",
        lambda arena: arena.pour(arena.askers(CONNECTIONS), [ASK * 300], again=True),
    ),
    _attack("web: a bomb of 16 MiB by deflate, 63 connections", _by_talkers(_BOMB)),
    _attack(
        "web: a bomb of 16 MiB by deflate, connections that come and go",
        _come_and_go(HANDSHAKE + _BOMB),
    ),
    _attack(
        "web: 64 KiB of blanks by deflate, 63 connections",
        _by_talkers(_deflated(b" " * (64 << 10)) * 100, again=True),
    ),
    _attack(
        "web: 64 KiB of blank lines by deflate, 63 connections",
        _by_talkers(_deflated(b" \n" * (32 << 10)) * 100, again=True),
    ),
    _attack(
        "web: 64 KiB of blocks with nothing in them by deflate, 63 connections",
        _by_talkers(framed(NOTHING_DEFLATED, TEXT | RSV1), again=True),
    ),
    _attack(
        "web: 2 KiB of blocks with nothing in them by deflate, 63 connections",
        _by_talkers(framed(45 * _FOUR_BLOCKS + b"\0", TEXT | RSV1) * 30, again=True),
    ),
    _attack(
        "web: 64 KB of json pings by deflate, 63 connections",
        _by_talkers(_deflated(line({"type": "ping", "id": 1}) * 2200) * 100, again=True),
    ),
    _attack(
        "web: json pings by members, 63 connections",
        _by_talkers(framed(line({"type": "ping", "id": 1})) * 1000, again=True),
    ),
    _attack(
        "web: 64 KB of open brackets in a message, 63 connections",
        _by_talkers(framed(b'{"type":' + b"[" * 60_000), again=True),
    ),
    _attack(
        "web: close frames, connections that come and go",
        _come_and_go(HANDSHAKE + framed(b"\x03\xe8", CLOSE)),
    ),
    _attack(
        "web: one byte of a head a packet, 63 connections",
        _again(lambda arena: arena.drip(arena.askers(CONNECTIONS), _one_of_each(ASK[:-2] * 100))),
    ),
    _attack(
        "web: one byte of a frame a packet, 63 connections",
        lambda arena: arena.drip(arena.talkers(CONNECTIONS), _one_of_each(framed(b"x" * 60_000))),
    ),
)
