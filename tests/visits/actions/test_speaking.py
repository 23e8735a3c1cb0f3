"""Who may not speak, who may speak in a quiet room, and how often in a slow one."""

from __future__ import annotations

from tests.moderated_world import done, joins, moderated_world, refused


def test_who_is_muted_hears_and_does_not_speak() -> None:
    world, ana = moderated_world()
    bob, eva = world.program("bob"), world.person("eva")
    done(ana, "mute", nick="bob", seconds=60, reason="calm down")
    done(ana, "mute", nick="eva")
    bob.forgets()
    eva.forgets()
    bob.says("I am", kind="me")
    [error] = bob.reads()
    assert (error["code"], error["room"], error["reason"]) == ("muted", "huddle", "calm down")
    assert error["until"] == "2026-11-19T12:01:00.000Z"
    eva.says("and I")
    assert len(eva.reads()) == 1
    assert refused(bob, "topic", text="my words") == "muted"
    ana.says("listen")
    bob.hears({"text": "listen"})
    eva.hears("<ana> listen")
    done(ana, "unmute", nick="eva")
    eva.forgets()
    eva.says("thank you")
    world.passes(60)
    bob.says("me too")
    assert ana.said()[-2:] == ["thank you", "me too"]


def test_those_who_are_muted_or_given_the_word_are_told() -> None:
    world, ana = moderated_world()
    bob = world.program("bob")
    ana.forgets()
    done(ana, "mute", nick="bob", seconds=60, reason="calm down")
    done(ana, "unmute", nick="bob")
    done(ana, "voice", nick="bob", on=True)
    done(ana, "voice", nick="bob", on=False)
    bob.hears(
        {
            "type": "standing",
            "room": "huddle",
            "standing": "muted",
            "by": "ana",
            "until": "2026-11-19T12:01:00.000Z",
            "reason": "calm down",
        },
        {"type": "standing", "standing": "unmuted"},
        {"type": "standing", "standing": "voiced"},
        {"type": "standing", "standing": "unvoiced"},
    )


def test_who_is_in_another_room_is_not_told_of_what_they_may_in_this_one() -> None:
    """Anybody may make a room; else its host could make believe that all are muted."""
    world, ana = moderated_world()
    joins(ana, "ops")
    bob = world.person("bob")
    bob.forgets()
    for _ in range(3):
        done(ana, "mute", nick="bob", room="ops")
        done(ana, "unmute", nick="bob", room="ops")
        done(ana, "voice", nick="bob", room="ops", on=True)
    bob.hears()
    bob.says("I speak")
    assert ana.said() == ["I speak"]


def test_a_mute_is_for_its_room_and_outlives_the_server() -> None:
    world, ana = moderated_world()
    joins(ana, "ops")
    bob = world.program("bob")
    joins(bob, "ops")
    done(ana, "mute", nick="bob", room="ops")
    bob.forgets()
    bob.says("hola")
    bob.says("psst", room="ops")
    assert [each.get("code") for each in bob.reads()] == [None, "muted"]
    world = world.crashes()
    ana, bob = ana.again(world), bob.again(world)
    bob.forgets()
    bob.says("psst", room="ops")
    assert bob.reads()[0]["code"] == "muted"


def test_a_mute_goes_with_the_guest_into_an_account() -> None:
    world, ana = moderated_world()
    bob = world.program("bob")
    done(ana, "mute", nick="bob")
    done(bob, "register", password="secret-of-bob")
    bob.forgets()
    bob.says("hola")
    assert bob.reads()[0]["code"] == "muted"
    world = world.crashes()
    bob = bob.again(world)
    bob.forgets()
    bob.says("hola")
    assert bob.reads()[0]["code"] == "muted"


def test_what_was_said_before_the_mute_is_acknowledged_when_it_is_said_again() -> None:
    world, ana = moderated_world()
    bob = world.program("bob")
    bob.says("hola")
    say = {"type": "say", "id": 1, "room": "huddle", "text": "hola"}
    done(ana, "mute", nick="bob")
    bob.forgets()
    bob.sends_objects(say)
    world.settle()
    bob.hears({"type": "ack", "id": 1, "seq": 1})
    assert ana.said().count("hola") == 1


def test_in_a_quiet_room_those_speak_who_have_a_voice() -> None:
    world, ana = moderated_world()
    bob, eva = world.person("bob"), world.person("eva")
    done(ana, "voice", nick="bob", on=True)
    done(ana, "quiet", on=True)
    for peer in (bob, eva):
        peer.forgets()
    eva.says("me")
    assert len(eva.reads()) == 1
    bob.says("hola")
    eva.hears("<bob> hola")
    ana.says("mine")
    eva.hears("<ana> mine")
    done(ana, "voice", nick="bob", on=False)
    bob.forgets()
    bob.says("more")
    eva.hears()
    done(ana, "quiet", on=False)
    bob.says("again")
    assert eva.reads()[-1] == "<bob> again"


def test_in_slow_mode_one_waits_between_two_texts() -> None:
    world, ana = moderated_world()
    bob, eva = world.program("bob"), world.program("eva")
    done(ana, "voice", nick="eva", on=True)
    done(ana, "slow", seconds=5)
    bob.forgets()
    bob.says("one")
    world.passes(2)
    bob.says("two")
    heard = bob.reads()
    assert [each["type"] for each in heard] == ["ack", "error"]
    assert (heard[1]["code"], heard[1]["wait"]) == ("too-fast", 3.0)
    world.passes(3)
    bob.says("three")
    bob.hears({"type": "ack"})
    eva.says("a", "b")
    ana.says("c", "d")
    bob.hears({"text": "a"}, {"text": "b"}, {"text": "c"}, {"text": "d"})
    bob.sends_objects({"type": "say", "id": 3, "room": "huddle", "text": "three"})
    world.settle()
    bob.hears({"type": "ack", "id": 3})


def test_a_host_whom_an_operator_muted_does_not_speak_and_does_not_undo_it() -> None:
    world, ana = moderated_world()
    bob = world.program("bob")
    joins(bob, "games")
    joins(ana, "games")
    done(ana, "mute", nick="bob", room="games")
    bob.forgets()
    bob.says("hola", room="games")
    bob.hears({"code": "muted"})
    assert refused(bob, "unmute", nick="bob", room="games") == "bad-field"
    done(ana, "unmute", nick="bob", room="games")
    done(bob, "quiet", on=True, room="games")
    bob.forgets()
    bob.says("mine", room="games")
    bob.hears({"type": "ack"})
