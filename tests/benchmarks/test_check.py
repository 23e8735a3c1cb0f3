"""The server that does one thing wrong does that, and nothing else, however busy the machine is."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import cast

import pytest

from benchmarks.check import FaultyRoom

SAID = "abababaaabbab"
"""Who speaks: the eighth message is one of several in a row."""


class Reader:
    """A member's connection, as far as the room writes to it."""

    def __init__(self) -> None:
        self.lines: list[bytes] = []

    def write(self, data: bytes) -> None:
        self.lines += data.splitlines()


def heard(fault: str) -> list[list[bytes]]:
    """What each of three who only listen has heard, the last two of them behind the victim."""
    room, listening = FaultyRoom(fault), [Reader() for _ in range(5)]
    room._members += cast(list[asyncio.StreamWriter], listening)
    speakers = cast(list[asyncio.StreamWriter], listening[:2])
    for number, who in enumerate(SAID):
        place = "ab".index(who)
        room._deliver(speakers[place], b"m%d" % place, b"fox %d\n" % number)
    return [each.lines for each in listening[2:]]


def of(nick: bytes, lines: list[bytes]) -> list[bytes]:
    return [line for line in lines if line.startswith(b"<%s>" % nick)]


def test_in_another_order_is_all_of_each_speaker_in_theirs() -> None:
    victim, *others = heard("one_order")
    assert victim != others[0] and Counter(victim) == Counter(others[0])
    for nick in (b"m0", b"m1"):
        assert of(nick, victim) == of(nick, others[0])


@pytest.mark.parametrize(
    "fault", ["missing", "duplicates", "disordered", "garbled", "misnamed", "one_order"]
)
def test_one_member_is_served_wrongly(fault: str) -> None:
    victim, *others = heard(fault)
    assert others[0] == others[1] == heard("nothing")[0]
    assert victim != others[0]
