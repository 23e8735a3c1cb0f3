"""What is done on one node is told to those on the other whom it is about, as on one node."""

from __future__ import annotations

import pytest

from tests.moderated_world import FREELY, PASSWORD, done, joins
from tests.two_nodes import TwoNodes
from tests.world import Program, World


@pytest.fixture
def two() -> TwoNodes:
    return TwoNodes(operators=["ana"], others={"ana": PASSWORD}, limits=FREELY)


@pytest.fixture
def ana(two: TwoNodes) -> Program:
    """The operator, on the one node."""
    return two.a.program("ana", password=PASSWORD)


@pytest.fixture
def bob(two: TwoNodes, ana: Program) -> Program:
    """A guest, on the other; both are in the room ops, too."""
    bob = two.b.program("bob")
    for program in (ana, bob):
        joins(program, "ops")
    bob.forgets()
    return bob


def standing(what: str, room: str = "ops") -> dict[str, object]:
    return {"type": "standing", "room": room, "standing": what, "by": "ana"}


def test_who_is_made_an_operator_is_told_and_who_is_none_any_more(
    ana: Program, bob: Program
) -> None:
    done(bob, "register", password=PASSWORD)
    bob.forgets()
    done(ana, "operator", nick="bob", on=True)
    bob.hears(standing("operator", "huddle"))
    assert bob.asks("audit", id=1)["type"] == "reply"
    done(ana, "operator", nick="bob", on=False)
    bob.hears(standing("no-operator", "huddle"))
    assert bob.asks("audit", id=2)["code"] == "not-allowed"


def test_whose_word_is_taken_or_given_is_told(ana: Program, bob: Program) -> None:
    done(ana, "mute", room="ops", nick="bob")
    bob.hears(standing("muted"))
    done(ana, "unmute", room="ops", nick="bob")
    bob.hears(standing("unmuted"))
    for on, what in ((True, "voiced"), (False, "unvoiced")):
        done(ana, "voice", room="ops", nick="bob", on=on)
        bob.hears(standing(what))


def test_who_is_in_another_room_is_not_told(ana: Program, bob: Program) -> None:
    bob.asks("leave", id=1, room="ops")
    bob.forgets()
    done(ana, "mute", room="ops", nick="bob")
    bob.hears()


@pytest.mark.parametrize("act", ["kick", "ban"])
def test_who_is_sent_out_of_a_room_is_told_by_whom(act: str, ana: Program, bob: Program) -> None:
    done(ana, act, room="ops", reason="soup", **{"who" if act == "ban" else "nick": "bob"})
    told = [each for each in bob.reads() if each["type"] == "removed"]
    assert [(each["room"], each["by"], each["reason"]) for each in told] == [("ops", "ana", "soup")]


def test_a_person_who_is_sent_out_of_a_room_is_in_the_first_one(
    two: TwoNodes, ana: Program
) -> None:
    joins(ana, "ops")
    eva = two.b.person("eva")
    eva.says("/join ops")
    done(ana, "kick", room="ops", nick="eva")
    eva.forgets()
    eva.says("/who")
    eva.hears_at_last("-- 2 here: ana, eva.")


def test_who_is_sent_out_of_the_house_is_told_and_their_connection_ends(
    ana: Program, bob: Program
) -> None:
    done(ana, "kick", room="huddle", nick="bob", reason="soup")
    assert [each["code"] for each in bob.reads() if each["type"] == "error"] == ["kicked"]
    assert bob.closed


def test_who_has_gone_on_on_the_other_node_is_known_to_come_from_there(
    two: TwoNodes, ana: Program
) -> None:
    bob = two.a.program("bob")
    again = Program(two.b, "bob", bob.secret)
    two.b.attach(again, "192.0.2.7")
    again.enters(resume=True, turn=2)
    assert bob.closed
    assert ana.asks("whois", id=1, nick="bob")["addresses"] == ["192.0.2.7"]


def test_who_is_held_by_no_node_and_sent_out_of_their_only_room_is_in_the_first_when_back() -> None:
    two = TwoNodes(operators=["ana"], others={"ana": PASSWORD}, limits=FREELY)
    ana, eva = two.a.program("ana", password=PASSWORD), two.b.person("eva")
    joins(ana, "ops")
    eva.says("/join ops")
    word = eva.word
    two.kill("b")
    two.a.passes(10)
    done(ana, "kick", room="ops", nick="eva")
    again = two.restart("b").connect()
    two.a.passes(2)
    again.says(f"/back eva {word}", "hola")
    assert ana.said() == ["hola"]
    assert not any("Not" in line for line in again.reads())


def test_who_was_banned_and_brings_their_return_word_is_told_so_and_has_not_guessed() -> None:
    two = TwoNodes(operators=["ana"], others={"ana": PASSWORD}, limits=FREELY)
    ana, eva = two.a.program("ana", password=PASSWORD), two.a.person("eva")
    done(ana, "ban", who="eva", reason="enough")
    for node in (two.a, two.b):
        back = node.connect()
        back.says(f"/back eva {eva.word}")
        assert "enough" in back.reads()[-1]


def test_who_is_banned_where_they_have_just_asked_to_go_home_is_told_once_that_they_are() -> None:
    """The log has both in one batch."""
    two = TwoNodes()
    ana, bob = two.a.person("ana"), two.a.person("bob")
    for each in (ana, bob):
        each.says("/join ops")
    two.views["a"].cut_off = True
    two.a.passes(2)
    ana.says("/ban bob")
    bob.says("/join huddle")
    bob.forgets()
    two.views["a"].cut_off = False
    two.a.passes(3)
    bob.hears("-- ana banned you from ops", "-- You are in huddle now. Nobody else is here.")


def places(world: World, nick: str) -> list[str]:
    """The rooms in which a node has somebody."""
    rooms = world.huddle.rooms
    return sorted(room.label for room in rooms if nick in [each.nick for each in room])


def test_who_is_sent_out_on_the_way_into_another_room_is_in_one_alone() -> None:
    two = TwoNodes()
    ana, bob = two.a.person("ana"), two.b.person("bob")
    for each in (ana, bob):
        each.says("/join ops")
    two.views["b"].behind = True
    ana.says("/kick bob")
    bob.says("/join games")
    two.views["b"].behind = False
    two.settle()
    assert bob.reads()[-1] == "-- You are in huddle now. Nobody else is here."
    assert [places(world, "bob") for world in (two.a, two.b)] == [["huddle"], ["huddle"]]


def test_who_has_gone_on_to_the_other_node_is_taken_home_by_that_one() -> None:
    """Where they are sent out nobody is in a room in which the log does not have them."""
    two = TwoNodes()
    ana, bob = two.a.person("ana"), two.a.person("bob")
    for each in (ana, bob):
        each.says("/join ops")
    back = two.b.connect()
    back.says(f"/back {bob.word}")
    two.views["b"].behind = True
    ana.says("/kick bob")
    two.settle()
    assert places(two.a, "bob") == []
    two.views["b"].behind = False
    two.settle()
    assert [places(world, "bob") for world in (two.a, two.b)] == [["huddle"], ["huddle"]]
