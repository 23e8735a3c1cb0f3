"""What those are told who ask something of a node that has lost the others of its house."""

from __future__ import annotations

from typing import Any

import pytest

from tests.two_nodes import TwoNodes
from tests.world import Peer, Program

PASSWORD = "secreto-uno"

GO = "-- This server has lost the others of its house. Go to another, or come back later."
NOT_RECORDED = "-- Not recorded, and nobody has seen it. Try again."

LONG = pytest.mark.parametrize("seconds", [12, 40], ids=["refusing", "alone"])
"""Seconds since the node was cut off."""


def cut_off(seconds: float) -> tuple[TwoNodes, Peer, dict[str, str]]:
    """A node that has been cut off for so long; who is there, and by what others come back: whom
    it knows to be away, and to have left, and an account's owner."""
    two = TwoNodes()
    there, away, left = (two.a.person(nick) for nick in ("there", "away", "left"))
    owner = two.a.person("owner")
    owner.says(f"/register {PASSWORD}", "/quit")
    left.says("/quit")
    away.cut()
    two.a.passes(2)
    two.views["a"].cut_off = True
    two.a.passes(seconds)
    there.forgets()
    words = {"away": f"/back {away.word}", "left": f"/back {left.word}"}
    return two, there, {**words, "new": "zoe", "owner": f"/login owner {PASSWORD}"}


def told(peer: Peer) -> list[str]:
    """What they hear, but for that others could read a password."""
    return [line for line in peer.reads() if "not encrypted" not in line]


@LONG
@pytest.mark.parametrize("who", ["new", "away", "left", "owner"])
def test_people_who_come_in_are_told_in_plain_words_to_go_to_another(
    seconds: int, who: str
) -> None:
    two, _, ways = cut_off(seconds)
    peer = two.a.connect()
    peer.forgets()
    peer.says(ways[who])
    assert told(peer) == [GO]
    peer.says("/lang es", ways[who])
    peer.hears_at_last(
        "-- Este servidor ha perdido a los demás de su casa. Ve a otro, o vuelve más tarde."
    )


@LONG
@pytest.mark.parametrize(
    ("nick", "secret", "hello"),
    [
        ("zoe", "new", {}),
        ("zoe", "unknown", {"resume": True}),
        ("bot", "bot", {"resume": True}),
        ("robot", "bot", {"resume": True}),
        ("gone", "gone", {"resume": True}),
        ("owner", "new", {"password": PASSWORD}),
        ("there", "new", {}),
    ],
    ids=["new", "unknown", "known", "renamed", "left", "account", "taken"],
)
def test_programs_that_say_hello_are_sent_to_another_at_once(
    seconds: int, nick: str, secret: str, hello: dict[str, Any]
) -> None:
    two = TwoNodes()
    two.a.person("there")
    two.a.person("owner").says(f"/register {PASSWORD}")
    two.b.program("bot", secret="bot")
    two.b.program("gone", secret="gone").asks("bye")
    two.a.passes(2)
    two.views["a"].cut_off = True
    two.a.passes(seconds)
    program = Program(two.a, nick, secret)
    two.a.attach(program)
    program.enters(**hello)
    [*_, error] = program.reads()
    assert (error["code"], error["retry_after"]) == ("alone", 10.0)


@LONG
@pytest.mark.parametrize(
    "asks", [f"/register {PASSWORD}", f"/login owner {PASSWORD}", "/join ops", "/nick zoe"]
)
def test_what_those_ask_who_are_there_is_refused_and_what_is_read_is_given(
    seconds: int, asks: str
) -> None:
    _, there, _ = cut_off(seconds)
    there.says(asks, "/search hola", "/nodes", "/who")
    assert told(there)[0] == NOT_RECORDED
