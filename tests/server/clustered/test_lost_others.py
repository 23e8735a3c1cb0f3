"""What those are told who ask something of a node that has lost the others of its house."""

from __future__ import annotations

from typing import Any

import pytest

from huddle.cluster.nodes.node_status import NodeStatus
from tests.two_nodes import TwoNodes
from tests.world import Peer, Program

PASSWORD = "secreto-uno"

GO = "-- This server has lost the others of its house. Go to another, or come back later."
NOT_RECORDED = "-- Not recorded, and nobody has seen it. Try again."
LOST = "-- This server has lost the others of the house; you can read."
HEARD = "-- This server hears the others of the house again."

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


def test_who_comes_in_where_the_clock_is_wrong_is_not_told_that_the_others_are_lost() -> None:
    two = TwoNodes()
    two.nodes["a"].note_skew(5.0)
    ana, bot = two.a.connect(), Program(two.a, "bot", "new")
    ana.forgets()
    ana.says("ana")
    ana.hears(NOT_RECORDED)
    two.a.attach(bot)
    bot.enters(resume=True)
    assert bot.reads()[-1]["code"] == "not-recorded"


def test_who_comes_in_while_it_does_not_know_yet_is_answered_when_it_does() -> None:
    two, _, ways = cut_off(3)
    assert two.nodes["a"].node.status is NodeStatus.WAITING
    peers = {who: two.a.connect() for who in ways}
    for who, peer in peers.items():
        peer.forgets()
        peer.says(ways[who])
        assert told(peer) == []
    two.a.passes(9)
    for peer in peers.values():
        assert told(peer) == [GO]


ACTS = (
    *("/kick bob", "/ban bob", "/mute bob", "/nick anna", "/topic x", "/leave", "/join other"),
    *("/delete", f"/register {PASSWORD}", f"/login owner {PASSWORD}"),
)


@pytest.mark.parametrize("behind", ["a line", "a beat"])
@pytest.mark.parametrize("act", ACTS)
def test_an_act_that_is_asked_before_it_is_known_is_refused_then_and_what_follows_answered(
    act: str, behind: str
) -> None:
    """Row: the network of a node is cut."""
    two = TwoNodes()
    two.a.person("owner").says(f"/register {PASSWORD}", "/quit")
    ana, bob = two.a.person("ana"), two.a.person("bob")
    for person in (ana, bob):
        person.says("/join ops")
    ana.says("before")
    ana.forgets()
    two.views["a"].cut_off = True
    if behind == "a line":
        ana.says("waits")
    two.a.passes(2)
    ana.says(act, "/who", "/nodes")
    two.a.passes(7)
    assert told(ana) == []
    bob.forgets()
    two.a.passes(2)
    lost, refused, who, *_ = told(ana)
    assert (lost, refused, who.partition(":")[0]) == (LOST, NOT_RECORDED, "-- 2 here")
    bob.hears(LOST)
    two.views["a"].cut_off = False
    two.a.passes(3)
    bob.hears(*["<ana> waits"] * (behind == "a line"), HEARD)
    bob.says("/who")
    bob.hears_at_last("-- 2 here: ana, bob.")


def test_one_that_was_on_its_way_just_then_waits_and_what_follows_it() -> None:
    """Nobody here can tell whether the log has it."""
    two = TwoNodes()
    ana, bob = two.a.person("ana"), two.b.person("bob")
    two.views["a"].cut_off = True
    ana.forgets()
    bob.forgets()
    ana.says("/nick anna", "/who")
    two.a.passes(12)
    ana.hears(LOST)
    two.views["a"].cut_off = False
    two.a.passes(3)
    assert sorted(ana.reads()) == ["-- 2 here: anna, bob.", HEARD, "-- you are anna"]
    assert bob.reads()[-1] == "-- ana is now anna"


OTHERS = {
    "/ban cid": "/ban dan",
    "/mute cid": "/voice dan",
    f"/password {PASSWORD} {PASSWORD}-x": f"/password {PASSWORD} {PASSWORD}-x",
}


@pytest.mark.parametrize("act", OTHERS)
def test_what_others_ask_behind_such_an_act_is_refused_and_never_done(act: str) -> None:
    """Row: two members are killed."""
    two = TwoNodes()
    ana, eva, cid, dan = (two.a.person(nick) for nick in ("ana", "eva", "cid", "dan"))
    for host, guest, room in ((ana, cid, "ops"), (eva, dan, "games")):
        host.says(f"/register {PASSWORD}", f"/join {room}")
        guest.says(f"/join {room}")
    for view in two.views.values():
        view.cut_off = True
    ana.says(act)
    eva.forgets()
    eva.says(OTHERS[act])
    two.a.passes(8)
    assert told(eva) == []
    two.a.passes(4)
    eva.hears(LOST, NOT_RECORDED)
    eva.says(OTHERS[act], "/who")
    refused, who = told(eva)
    assert (refused, who.partition(":")[0]) == (NOT_RECORDED, "-- 2 here")
    for person in (ana, dan, eva):
        person.forgets()
    for view in two.views.values():
        view.cut_off = False
    two.a.passes(3)
    assert told(ana)[-2:] == ["-- Done.", HEARD], "what was on its way is done"
    for person in (dan, eva):
        person.hears(HEARD)
    eva.says(OTHERS[act])
    assert told(eva)[-1] == "-- Done.", "and now this is"


def test_what_was_said_meanwhile_waits_beside_what_is_refused() -> None:
    two = TwoNodes()
    ana, bob, eva = two.a.person("ana"), two.a.program("bob"), two.b.person("eva")
    two.views["a"].cut_off = True
    two.a.passes(2)
    ana.says("/nick anna")
    bob.says("waits")
    two.a.passes(10)
    eva.forgets()
    two.views["a"].cut_off = False
    two.a.passes(3)
    assert [line for line in eva.reads() if line.startswith("<")] == ["<bob> waits"]
    bob.said()
    assert bob.acks == {1: 1}


def test_what_is_said_behind_an_act_that_is_refused_is_refused_too() -> None:
    two = TwoNodes()
    ana, bob = two.a.person("ana"), two.b.person("bob")
    two.views["a"].cut_off = True
    two.a.passes(2)
    ana.says("waits", "/nick anna", "as anna")
    ana.forgets()
    two.a.passes(10)
    ana.hears(LOST, NOT_RECORDED, NOT_RECORDED)
    bob.forgets()
    two.views["a"].cut_off = False
    two.a.passes(3)
    assert [line for line in bob.reads() if line.startswith("<")] == ["<ana> waits"]


@pytest.mark.parametrize("how", ["/leave", "/kick bob"])
def test_who_is_out_of_their_room_when_it_is_known_is_in_the_first_one(how: str) -> None:
    """They were to be taken there while the node took nothing."""
    two = TwoNodes()
    ana, bob, eva = two.a.person("ana"), two.a.person("bob"), two.b.person("eva")
    for person in (ana, bob):
        person.says("/join games")
    two.views["a"].cut_off = True
    (bob if how == "/leave" else ana).says(how)
    two.a.passes(12)
    bob.forgets()
    two.views["a"].cut_off = False
    two.a.passes(3)
    home = [line for line in told(bob) if line.startswith("-- You are in")]
    assert home == ["-- You are in huddle now. 1 other here: eva."]
    bob.says("hola")
    assert eva.reads()[-1] == "<bob> hola"
