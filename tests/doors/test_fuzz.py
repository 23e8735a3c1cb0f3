"""Whatever is sent, nobody's screen is touched, and no line looks like another's."""

from __future__ import annotations

import random
import re

import pytest

from huddle.protocol.limits import Limits
from tests.doors.hostile_bytes import LEAVING, assert_harmless, hostile_bytes, pieces
from tests.world import TRANSPORTS, World

SIZE = 250_000
FREELY = Limits(flood_rate=0, per_address=0)

NICKS = (
    "bob>yes,",
    "--",
    "-- eva left",
    "*ana",
    "* ana",
    "18:02",
    "<bob>",
    "bob> hola",
    "[bob]",
    "bob\u202e",
    "b\u200bob",
    "bоb",  # with a Cyrillic о
    "BOB",
    "bob\x1b[2J",
    "bob\x85eva",
    "-bob",
    "bob-",
    "bob\tleft",
    "\u2028bob",
    "ß" * 24,
    "x" * 25,
    "ñandú",
    "名前",
    "O'Neill",
    "a.b_c-d",
    "é" * 12,
    "e\u0301" * 12,
    "\N{PILE OF POO}",
    "٣٤",
    "",
    " ",
    "\0",
)

OF_EVA = re.compile(r"(\d\d:\d\d )?(<eva>|\* eva) ")
"""A line of hers, live or, where the pipe was full, read again later."""


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize("seed", [1, 2])
def test_no_noise_reaches_a_screen_or_makes_a_line_of_somebody_else(
    seed: int, transport: str
) -> None:
    chance = random.Random(seed)
    world = World(limits=FREELY)
    bob = world.person("bob", transport=transport)
    eva = world.person("eva")
    bob.forgets()
    bob.wire.taken.clear()
    for piece in pieces(chance, LEAVING.sub(b"", hostile_bytes(chance, SIZE))):
        eva.sends(piece)
        world.settle()
    eva.says("", "that was all")
    assert not eva.gone
    lines = assert_harmless(bytes(bob.wire.taken))
    assert lines[-1] == "<eva> that was all"
    assert len(lines) > 1000
    assert [line for line in lines if not OF_EVA.match(line)] == []
    assert_harmless(bytes(eva.wire.taken))


def test_no_nick_reaches_a_screen_or_makes_a_line_of_somebody_else() -> None:
    chance = random.Random(3)
    world = World(limits=FREELY)
    bob = world.person("bob")
    nicks = [*NICKS, *(_some_nick(chance) for _ in range(1000))]
    for nick in nicks:
        eva = world.connect()
        eva.sends(nick.encode("utf-8", "surrogatepass") + b"\n")
        world.settle()
        if eva.connection.visit.progress.named:
            eva.says("hola", "/me baila", "/salir")
        eva.ends()
        assert eva.gone
        assert_harmless(bytes(eva.wire.taken) or b"\n")
    heard = assert_harmless(bytes(bob.wire.taken))
    assert len(heard) > 200
    lines = iter(heard)
    for line in lines:
        joined = re.fullmatch(r"-- ([^\s<>,:*-][^\s<>,:*]*) joined", line)
        assert joined, f"this looks like something else: {line!r}"
        nick = joined[1]
        assert [next(lines), next(lines), next(lines)] == [
            f"<{nick}> hola",
            f"* {nick} baila",
            f"-- {nick} left",
        ]


def _some_nick(chance: random.Random) -> str:
    """Half a nick that somebody has, half what Unicode has to offer."""
    alphabet = [
        *"bob-*<>,: '._[]",
        *(chr(chance.randrange(0x20, 0x2FF)) for _ in range(4)),
        chr(chance.randrange(0x300, 0xD7FF)),
        chr(chance.randrange(0xE000, 0x1FFFF)),
    ]
    return "".join(chance.choices(alphabet, k=chance.randrange(1, 12))).replace("\n", "")


@pytest.mark.parametrize("seed", range(3))
def test_noise_before_the_nick_makes_nobody_leave_for_their_encoding(seed: int) -> None:
    chance = random.Random(seed)
    world = World(limits=FREELY)
    eva = world.connect()
    for piece in pieces(chance, LEAVING.sub(b"", hostile_bytes(chance, 20_000))):
        eva.sends(piece)
        world.settle()
    assert not eva.gone
    assert_harmless(bytes(eva.wire.taken))
