"""What is said to all rooms, and what is taken back."""

from __future__ import annotations

from tests.moderated_world import PASSWORD, does, done, joins, moderated_world, refused
from tests.world import World

# -- announcing ------------------------------------------------------------------------------------


def test_an_announcement_is_a_message_of_every_open_room_once() -> None:
    world, ana = moderated_world()
    bob, eva = world.program("bob", replay=0), world.person("eva")
    joins(bob, "ops", "games")
    eva.says("/join games")
    eva.forgets()
    bob.forgets()
    ana.forgets()
    ana.sends_objects({"type": "announce", "id": 1, "text": "fire drill"})
    world.settle()
    ana.hears({"type": "ack", "id": 1, "room": "huddle"})
    heard = bob.reads()
    assert sorted((each["room"], each["kind"], each["text"]) for each in heard) == [
        ("games", "announce", "fire drill"),
        ("huddle", "announce", "fire drill"),
        ("ops", "announce", "fire drill"),
    ]
    assert [line for line in eva.reads() if "fire drill" in line] == [eva.heard[-1]]
    ana.sends_objects({"type": "announce", "id": 1, "text": "fire drill"})
    world.settle()
    ana.hears({"type": "ack", "id": 1, "room": "huddle"})
    bob.hears()
    eva.hears()
    for room in ("huddle", "ops", "games"):
        texts = [each["text"] for each in does(bob, "history", room=room)["messages"]]
        assert texts == ["fire drill"]
    bob.cut()
    again = bob.again(after={"huddle": 0, "ops": 0, "games": 0})
    assert again.said().count("fire drill") == 6


def test_an_announcement_keeps_its_place_among_what_is_said() -> None:
    world = World(operators=["ana"], others={"ana": PASSWORD})
    bob = world.program("bob", replay=0)
    ana = world.program("ana", password=PASSWORD)
    eva = world.program("eva", replay=0)
    joins(bob, "ops")
    joins(eva, "ops")
    bob.sends_objects(bob.drafts("before", room="ops"))
    ana.sends_objects({"type": "announce", "id": 1, "text": "now"})
    eva.sends_objects(eva.drafts("after", room="ops"))
    world.settle()
    texts = [each["text"] for each in does(bob, "history", room="ops")["messages"]]
    assert texts == ["before", "now", "after"]


# -- deleting --------------------------------------------------------------------------------------


def test_an_operator_takes_back_what_somebody_said_and_all_are_told() -> None:
    world, ana = moderated_world()
    bob, eva = world.program("bob"), world.program("eva")
    bob.says("something bad", "something good")
    eva.forgets()
    done(ana, "delete", seq=1)
    eva.hears({"type": "deleted", "room": "huddle", "seq": 1, "nick": "ana"})
    assert does(eva, "search", words="bad")["messages"] == []
    assert refused(ana, "delete", seq=1) == "no-such-message"
    assert refused(eva, "delete", seq=2) == "not-allowed"
    assert refused(ana, "delete", seq=9) == "no-such-message"
    new = world.program("max", replay=5)
    assert "something bad" not in new.said()
    bob.forgets()
    bob.sends_objects({"type": "say", "id": 1, "room": "huddle", "text": "something bad"})
    world.settle()
    bob.hears({"type": "ack", "id": 1, "seq": 1})
    done(bob, "delete", seq=2)


def test_a_host_does_not_take_back_what_an_operator_said() -> None:
    world, ana = moderated_world()
    bob = world.program("bob", replay=0)
    joins(bob, "games")
    joins(ana, "games")
    ana.says("order", room="games")
    bob.says("mine", room="games")
    assert refused(bob, "delete", room="games", seq=1) == "not-allowed"
    done(ana, "delete", room="games", seq=2)


def test_a_person_takes_back_their_last_words_or_as_operator_those_of_somebody() -> None:
    world, _ = moderated_world()
    ana, bob = world.connect(), world.person("bob")
    ana.says("ana", f"/login {PASSWORD}")
    bob.says("one", "two", "three")
    bob.says("/delete")
    ana.says("/delete BOB")
    eva = world.program("eva", replay=9)
    assert [each["text"] for each in does(eva, "history")["messages"] if "text" in each][:1] == [
        "one"
    ]
    assert "two" not in eva.said() and "three" not in eva.said()
