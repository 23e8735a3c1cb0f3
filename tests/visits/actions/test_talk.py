"""Talking: what a repetition comes to wherever one is by then, and who may not speak, and when."""

from __future__ import annotations

import pytest

from tests.moderated_world import FREELY, does, done, refused
from tests.slow_record import SlowRecord
from tests.world import Json, World


def say(id: int, text: str, room: str = "huddle") -> Json:
    return {"type": "say", "id": id, "text": text, "room": room}


# Said again


@pytest.mark.parametrize("rule", ["slow", "quiet", "muted", "left", "kicked", "banned", "locked"])
def test_what_was_said_is_acknowledged_again_whatever_the_rules_are_by_then(rule: str) -> None:
    world = World(SlowRecord(), limits=FREELY)
    ana, bot = world.program("ana"), world.program("bot")
    for program in (ana, bot):
        done(program, "join", room="ops")
    if rule == "slow":
        done(ana, "slow", room="ops", seconds=3600)
    first = does(bot, "say", id=900, text="x", room="ops")
    assert first["type"] == "ack"
    match rule:
        case "quiet":
            done(ana, "quiet", room="ops", on=True)
        case "muted":
            done(ana, "mute", room="ops", nick="bot")
        case "left":
            done(bot, "leave", room="ops")
        case "kicked":
            done(ana, "kick", room="ops", nick="bot")
        case "banned":
            done(ana, "ban", room="ops", who="bot")
        case "locked":
            done(ana, "key", room="ops", key="otter")
            bot.cut()
            world.passes(121)
            bot = bot.again()
    assert does(bot, "say", id=900, text="x", room="ops") == first
    assert does(bot, "say", id=900, text="x", room="OPS") == first
    assert does(bot, "say", id=900, text="y", room="ops")["code"] == "id-reused"
    assert does(bot, "say", id=900, text="x", room="huddle")["code"] == "id-reused"
    codes = {"slow": "too-fast", "quiet": "room-quiet", "muted": "muted"}
    bot.forgets()
    answer = bot.asks("say", id=901, text="new", room="ops")
    assert answer["code"] == codes.get(rule, "no-such-room")
    assert [each["text"] for each in does(ana, "history", room="ops")["messages"]] == ["x"]


def test_what_waits_for_the_disk_is_said_though_its_speaker_has_left_the_room() -> None:
    disk = SlowRecord()
    world = World(disk)
    ana, bot = world.program("ana"), world.program("bot")
    for program in (ana, bot):
        done(program, "join", room="ops")
    bot.forgets()
    disk.slow = True
    bot.sends_objects(say(1, "x", "ops"), {"type": "leave", "room": "ops"}, say(1, "x", "ops"))
    world.settle()
    disk.slow = False
    disk.writes()
    world.settle()
    answers = [each["type"] for each in bot.reads()]
    assert answers[-2:] == ["reply", "ack"]  # on several nodes behind an ack of the first
    assert [each["text"] for each in does(ana, "history", room="ops")["messages"]] == ["x"]


def test_a_deleted_message_is_acknowledged_when_it_is_said_again() -> None:
    world = World(SlowRecord())
    bot = world.program("bot")
    first = does(bot, "say", id=900, text="gone", room="huddle")
    bot.sends_objects({"type": "delete", "seq": first["seq"]})
    world.settle()
    assert does(bot, "say", id=900, text="gone", room="huddle") == first
    assert does(bot, "history")["messages"][0]["type"] == "deleted"


@pytest.mark.parametrize("reason", ["left", "quiet", "nobody"])
def test_what_failed_and_is_then_refused_for_good_holds_up_nothing_else(reason: str) -> None:
    """Ids behind one that was not recorded wait for it, but not for one that will never come."""
    world = World(SlowRecord())
    ana, bot, bob = world.program("ana"), world.program("bot"), world.person("bob")
    for program in (ana, bot):
        done(program, "join", room="ops")
    failed = say(1, "x", "ops")
    if reason == "nobody":
        failed = {"type": "msg", "id": 1, "to": "bob", "text": "x"}
    bot.forgets()
    world.takes_nothing()
    assert bot.asks(**failed)["code"] == "not-recorded"
    world.takes_again()
    assert bot.asks(**say(2, "behind"))["code"] == "not-recorded"
    match reason:
        case "left":
            done(bot, "leave", room="ops")
        case "quiet":
            done(ana, "quiet", room="ops", on=True)
        case "nobody":
            bob.says("/quit")
    bot.forgets()
    codes = {"left": "no-such-room", "quiet": "room-quiet", "nobody": "nobody-there"}
    assert bot.asks(**failed)["code"] == codes[reason]
    assert bot.asks(**say(2, "behind"))["type"] == "ack"


# Slow and quiet rooms


def test_in_a_slow_room_everybody_waits_after_each_line() -> None:
    world = World()
    ana, bob, eva = (world.program(nick) for nick in ("ana", "bob", "eva"))
    for program in (ana, bob, eva):
        done(program, "join", room="ops")
    done(ana, "slow", room="ops", seconds=5)
    bob.forgets()
    assert bob.asks("say", id=1, text="1", room="ops")["type"] == "ack"
    refusal = bob.asks("say", id=2, text="2", room="ops")
    assert (refusal["code"], refusal["wait"]) == ("too-fast", 5.0)
    assert does(eva, "say", id=900, text="I may", room="ops")["type"] == "ack"
    bob.forgets()
    assert bob.asks("say", id=3, text="elsewhere", room="huddle")["type"] == "ack"
    world.passes(5)
    assert bob.asks("say", id=4, text="4", room="ops")["type"] == "ack"
    for id in (901, 902, 903):
        ana.sends_objects(say(id, "the host may", "ops"))
    world.settle()
    assert [each["type"] for each in ana.reads()][-3:] == ["ack"] * 3


def test_a_voice_lifts_the_quiet_and_is_taken_away_again() -> None:
    world = World()
    ana, bob = world.program("ana"), world.program("bob")
    for program in (ana, bob):
        done(program, "join", room="ops")
    done(ana, "quiet", room="ops", on=True)
    assert refused(bob, "say", id=900, text="1", room="ops") == "room-quiet"
    done(ana, "voice", room="ops", nick="bob", on=True)
    assert does(bob, "say", id=900, text="1", room="ops")["type"] == "ack"
    done(ana, "voice", room="ops", nick="bob", on=False)
    bob.forgets()
    assert bob.asks("say", id=901, text="2", room="ops")["code"] == "room-quiet"
    done(ana, "quiet", room="ops", on=False)
    bob.forgets()
    assert bob.asks("say", id=902, text="3", room="ops")["type"] == "ack"


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_person_is_told_why_they_may_not_speak(language: str) -> None:
    world = World(language=language)
    ana, bob = world.person("ana"), world.person("bob")
    ana.says("/join ops", "/slow 90s")
    bob.says("/join ops", "1")
    bob.forgets()
    bob.says("2")
    ana.says("/quiet on")
    bob.says("3")
    fast, _, quiet = bob.reads()
    assert fast in ("-- Not so fast. Wait 90 seconds.", "-- No tan rápido. Espera 90 segundos.")
    assert ("voice" if language == "en" else "voz") in quiet
