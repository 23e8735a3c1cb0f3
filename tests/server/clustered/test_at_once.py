"""What two nodes change at once, and what one hears of while it still keeps its own: the last in
the log stands, on both."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from huddle.record import MarkKind
from tests.moderated_world import FREELY, PASSWORD, does, done, refused
from tests.slow_record import SlowRecord
from tests.two_nodes import TwoNodes
from tests.world import Program


def at_once(two: TwoNodes, *asked: tuple[Program, Mapping[str, object]]) -> None:
    """Each asks for this before its node has heard of the other's."""
    for view in two.views.values():
        view.behind = True
    for program, request in asked:
        program.forgets()
        program.sends_objects({"id": 900, **request})
        two.settle()
    for view in two.views.values():
        view.behind = False
        two.settle()


def hosts(two: TwoNodes, room: str) -> list[list[str]]:
    """The hosts of a room, as each node has them."""
    return [
        [mark.nick for mark in world.huddle.directory.restrictions.all_of(room, MarkKind.HOST)]
        for world in (two.a, two.b)
    ]


def test_of_two_who_make_a_room_at_once_the_first_is_its_host_and_has_the_key() -> None:
    two = TwoNodes(limits=FREELY)
    eva, bob = two.a.program("eva"), two.b.program("bob")
    join = {"type": "join", "room": "ops"}
    at_once(two, (eva, {**join, "key": "sesame"}), (bob, {**join, "key": "other"}))
    assert [each["code"] for each in bob.reads() if each["type"] == "error"] == ["room-locked"]
    assert hosts(two, "ops") == [["eva"], ["eva"]]
    done(bob, "join", room="ops", key="sesame")
    assert refused(bob, "quiet", room="ops", on=True) == "not-allowed"


def test_people_who_make_a_room_at_once_are_both_in_it_and_one_is_its_host() -> None:
    two = TwoNodes(limits=FREELY)
    eva, bob = two.a.person("eva"), two.b.person("bob")
    for view in two.views.values():
        view.behind = True
    bob.says("/join ops")
    eva.says("/join ops")
    for view in two.views.values():
        view.behind = False
    two.settle()
    assert hosts(two, "ops") == [["bob"], ["bob"]]
    eva.says("/who")
    assert eva.reads()[-1] == "-- 2 here: bob, eva."


def test_a_room_that_could_not_be_made_is_made_later_by_its_host() -> None:
    two = TwoNodes(limits=FREELY)
    eva = two.a.program("eva")
    two.views["a"].cut_off = True
    two.a.passes(15)
    assert refused(eva, "join", room="ops") == "not-recorded"
    two.views["a"].cut_off = False
    two.a.passes(15)
    if eva.closed:
        eva = eva.again()
    done(eva, "join", room="ops")
    assert hosts(two, "ops") == [["eva"], ["eva"]]


def test_what_the_other_node_takes_off_while_this_one_keeps_it_is_off() -> None:
    disk = SlowRecord(FREELY)
    two = TwoNodes(
        record=disk,
        operators=["ana", "bea"],
        others=dict.fromkeys(("ana", "bea"), PASSWORD),
        limits=FREELY,
    )
    two.engine.waits = lambda lands: lands()
    ana, bea = (two.a.program("ana", password=PASSWORD), two.b.program("bea", password=PASSWORD))
    ida = two.a.program("ida")
    disk.slow = True
    ana.sends_objects({"type": "mute", "id": 900, "room": "huddle", "nick": "ida"})
    two.settle()
    bea.sends_objects({"type": "unmute", "id": 900, "room": "huddle", "nick": "ida"})
    two.settle()
    disk.slow = False
    disk.writes()
    two.settle()
    for world in (two.a, two.b):
        assert not world.huddle.directory.restrictions.any_of("huddle", MarkKind.MUTE)
    assert does(ida, "say", room="huddle", text="hola")["type"] == "ack"


def two_operators() -> tuple[TwoNodes, Program, Program]:
    """Two nodes, and an operator on each."""
    passwords = dict.fromkeys(("ana", "bea"), PASSWORD)
    two = TwoNodes(operators=list(passwords), others=passwords, limits=FREELY)
    return two, two.a.program("ana", password=PASSWORD), two.b.program("bea", password=PASSWORD)


@pytest.mark.parametrize("act", ["ban", "mute", "voice"])
@pytest.mark.parametrize("becomes", ["register", "login"])
def test_who_has_an_account_by_then_is_meant_all_the_same(act: str, becomes: str) -> None:
    two, ana, _ = two_operators()
    max_, bob = two.a.program("max"), two.b.program("bob")
    done(max_, "register", password=PASSWORD)
    max_.sends_objects({"type": "bye"})
    two.settle()
    who: dict[str, object] = {"who": "bob"} if act == "ban" else {"nick": "bob"}
    more: dict[str, object] = {"on": True} if act == "voice" else {}
    account = {"nick": "max"} if becomes == "login" else {}
    at_once(
        two,
        (bob, {"type": becomes, "password": PASSWORD, **account}),
        (ana, {"type": act, "room": "huddle", **who, **more}),
    )
    [answer] = [each for each in ana.reads() if each.get("id") == 900]
    assert answer["type"] == "reply"
    assert bob.closed is (act == "ban")
    for world in (two.a, two.b):
        [mark] = [
            mark
            for mark in world.huddle.directory.restrictions.all_of("huddle", MarkKind(act))
            if not mark.who.startswith("nick:")
        ]
        assert mark.who.startswith("account:")


@pytest.mark.parametrize("first", ["delete", "fix"])
@pytest.mark.parametrize("node", ["a", "b"])
def test_what_puts_right_a_message_that_is_just_deleted_is_deleted(first: str, node: str) -> None:
    two, ana, bea = two_operators()
    bob = (two.a if node == "a" else two.b).program("bob")
    bob.says("one", "two")
    deletes = bea if node == "a" else ana
    asked = [
        (deletes, {"type": "delete", "room": "huddle", "seq": 1}),
        (bob, {"type": "say", "room": "huddle", "text": "better", "edits": 1}),
    ]
    if first == "fix":
        asked.reverse()
    at_once(two, *asked)
    for reader in (ana, bea):
        reader.forgets()
        past = reader.asks("history", id=1, room="huddle")["messages"]
        assert [each.get("text") for each in past] == [None, "two", None]


def test_what_another_has_taken_off_by_then_is_not_there() -> None:
    two, ana, bea = two_operators()
    ida = two.a.program("ida")
    done(ana, "ban", room="huddle", who="ira")
    done(ana, "mute", room="huddle", nick="ida")
    unban = {"type": "unban", "room": "huddle", "who": "ira"}
    at_once(two, (ana, unban), (bea, unban))
    assert [(each["code"], each["nick"]) for each in bea.reads()] == [("nobody-there", "ira")]
    unmute = {"type": "unmute", "room": "huddle", "nick": "ida"}
    at_once(two, (ana, unmute), (bea, unmute))
    assert does(ida, "say", room="huddle", text="hola")["type"] == "ack"


def test_who_has_just_left_is_named_to_who_sends_them_out() -> None:
    two, ana, _ = two_operators()
    bob = two.b.program("bob")
    for program in (bob, ana):
        done(program, "join", room="ops")
    kick = {"type": "kick", "room": "ops", "nick": "bob"}
    at_once(two, (bob, {"type": "bye"}), (ana, kick))
    assert [each["nick"] for each in ana.reads() if each["type"] == "error"] == ["bob"]


def test_a_nick_that_stays_since_its_owner_is_just_muted_is_told_so() -> None:
    two, ana, _ = two_operators()
    bob = two.b.program("bob")
    mute = {"type": "mute", "room": "huddle", "nick": "bob"}
    at_once(two, (ana, mute), (bob, {"type": "nick", "nick": "ben"}))
    [error] = [each for each in bob.reads() if each["type"] == "error"]
    assert error["text"] == "Your nick stays as it is while you are muted in huddle"


def test_who_leaves_on_one_node_and_comes_on_the_other_is_there() -> None:
    two = TwoNodes(limits=FREELY)
    eva, ana = two.a.program("eva"), two.b.person("ana")
    eva.says("one")
    again = Program(two.b, "eva", eva.secret)
    two.b.attach(again)
    two.settle()
    hello = {"type": "hello", "v": 1, "nick": "eva", "session": eva.secret, "resume": True}
    at_once(two, (eva, {"type": "bye"}), (again, hello))
    again.says("here", id=2)
    assert [each["type"] for each in again.reads()][-1] == "ack"
    assert again.welcome["last_id"] == 1
    ana.forgets()
    ana.says("/who", "hola")
    ana.hears("-- 2 here: ana, eva.")
    assert again.said()[-1] == "hola"
    again.cut()
    two.a.passes(130)
    ana.hears("-- eva left")


def test_a_person_who_quits_on_one_node_and_is_back_on_the_other_is_there() -> None:
    two = TwoNodes(limits=FREELY)
    eva, ana = two.a.person("eva"), two.b.person("ana")
    again = two.b.connect()
    for view in two.views.values():
        view.behind = True
    eva.says("/quit")
    again.says(f"/back eva {eva.word}")
    for view in two.views.values():
        view.behind = False
    two.settle()
    again.says("here")
    ana.forgets()
    ana.says("/who", "hola")
    ana.hears("-- 2 here: ana, eva.")
    assert again.reads()[-1] == "<ana> hola"
    word = again.word
    again.cut()
    third = two.a.connect()
    third.says(f"/back eva {word}")
    assert "Hello eva" in "\n".join(third.reads())
