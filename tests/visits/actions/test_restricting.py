"""Muting, as those who are muted try to get around it."""

from __future__ import annotations

import pytest

from huddle.rooms.inherited_mutes import SOON
from tests.moderated_world import does, done, moderated_world, refused
from tests.world import Peer, Program, World

LANGUAGES = ("en", "es")
MUTED = {"en": "-- Not said: you are muted here", "es": "-- No se ha dicho: aquí no puedes hablar"}
STAYS = {
    "en": "-- Your nick stays as it is while you are muted in huddle",
    "es": "-- Tu apodo no cambia mientras no puedas hablar en huddle",
}


def last(peer: Peer) -> str:
    line: str = peer.reads()[-1]
    return line


def muted(language: str = "en", address: str = "10.0.0.1") -> tuple[World, Program, Peer]:
    """A world in which ana has muted bob."""
    world, ana = moderated_world(language=language)
    bob = world.person("bob", address=address)
    done(ana, "mute", nick="bob")
    bob.forgets()
    return world, ana, bob


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("nick", ["bob", "BOB"])
@pytest.mark.parametrize("restart", [False, True])
def test_a_guest_who_comes_in_again_under_the_nick_is_muted_still(
    language: str, nick: str, restart: bool
) -> None:
    world, _, bob = muted(language)
    bob.says("/quit")
    world = world.crashes() if restart else world
    again = world.person(nick, address="192.0.2.1")
    again.says("hola")
    assert last(again).startswith(MUTED[language])


def test_a_program_that_comes_in_again_is_muted_too() -> None:
    world, ana = moderated_world()
    bot = world.program("bot")
    done(ana, "mute", nick="bot")
    bot.sends_objects({"type": "bye"})
    world.settle()
    again = world.program("bot", secret="another")
    assert refused(again, "say", text="hola") == "muted"


def test_whoever_is_alone_at_their_address_is_muted_there_whatever_the_nick() -> None:
    world, _, bob = muted(address="2001:db8::5")
    bob.says("/quit")
    again = world.person("eva", address="2001:db8::77")
    again.says("hola")
    assert last(again).startswith(MUTED["en"])
    other = world.person("dan", address="2001:db8:0:1::5")
    other.says("hola")
    other.hears()


def test_who_has_an_account_and_is_alone_there_is_muted_as_a_guest_too() -> None:
    world, ana = moderated_world()
    bob = world.person("bob", address="10.0.0.9")
    bob.says("/register correct-horse")
    done(ana, "mute", nick="bob")
    bob.says("/quit")
    guest = world.person("eva", address="10.0.0.9")
    guest.says("hola")
    assert last(guest).startswith(MUTED["en"])
    done(ana, "unmute", nick="bob")
    guest.says("hola")
    assert ana.said() == ["hola"]


def test_a_class_behind_one_address_is_not_muted_for_one_of_them() -> None:
    world, ana = moderated_world()
    bob, eva = world.person("bob"), world.person("eva")
    done(ana, "mute", nick="bob")
    eva.says("hola")
    dan = world.person("dan")
    dan.says("hola")
    assert ana.said() == ["hola", "hola"]
    bob.says("hola")
    assert last(bob).startswith(MUTED["en"])


TOO = {
    "en": "-- ana muted somebody who has just gone from your address, and so you are muted, too;"
    " ana can let you speak",
    "es": "-- ana ha quitado la palabra a alguien que acaba de irse de tu dirección, y por eso"
    " tampoco puedes hablar; ana puede dejarte",
}


def in_class(language: str = "en") -> tuple[World, Program, Peer, Peer]:
    """A class behind one address, in which ana has muted bob."""
    world, ana = moderated_world(language=language)
    bob, eva = world.person("bob"), world.person("eva")
    done(ana, "mute", nick="bob")
    return world, ana, bob, eva


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("goes", ["/quit", "end", "cut", "kick", "/join games"])
def test_in_a_class_the_next_guest_after_one_who_was_muted_is_muted_too(
    language: str, goes: str
) -> None:
    world, ana, bob, eva = in_class(language)
    if goes.startswith("/"):
        bob.says(goes)
    elif goes == "kick":
        does(ana, "kick", nick="bob")
    if goes in ("cut", "/join games"):
        bob.cut()
    elif goes == "end":
        bob.ends()
    again = world.connect()
    again.says("x", "hola")
    lines = again.reads()
    assert TOO[language] in " ".join(line.removeprefix("--   ") for line in lines)
    assert lines[-1].startswith(MUTED[language])
    eva.says("hola")
    world.person("dan").says("hola")
    assert ana.said() == ["hola", "hola"]


def test_what_waits_for_the_next_guest_waits_after_a_restart_too_and_for_one_alone() -> None:
    world, _, bob, _ = in_class()
    bob.says("/quit")
    again = world.crashes()
    heir, other = again.person("heir"), again.person("other")
    heir.says("hola")
    assert last(heir).startswith(MUTED["en"])
    other.says("hey")
    other.hears()


@pytest.mark.parametrize("goes", ["stays", "/quit", "cut"])
def test_who_has_inherited_a_mute_has_it_after_a_restart_too(goes: str) -> None:
    world, _, bob, _ = in_class()
    bob.says("/quit")
    heir = world.connect()
    heir.says("heir")
    word = next(line for line in heir.reads() if "return word" in line).rpartition(" ")[2]
    if goes == "/quit":
        heir.says(goes)
    elif goes == "cut":
        heir.cut()
    again = world.crashes().connect()
    again.says(f"/back heir {word}", "hola")
    assert last(again).startswith(MUTED["en"])


def test_and_so_on_under_one_nick_after_the_other() -> None:
    world, ana, bob, _ = in_class()
    for nick in ("x1", "x2", "x3"):
        bob.says("/quit")
        bob = world.person(nick)
        bob.says("hola")
        assert last(bob).startswith(MUTED["en"])
    bob.says("/register correct-horse")
    bob.says("hola")
    assert last(bob).startswith(MUTED["en"])
    assert ana.said() == []


def test_who_inherited_a_mute_is_let_speak_and_the_other_is_not() -> None:
    world, ana, bob, _ = in_class()
    bob.says("/quit")
    dan = world.person("dan")
    done(ana, "unmute", nick="dan")
    dan.says("hola")
    bob = world.person("bob")
    bob.says("hola")
    assert last(bob).startswith(MUTED["en"])
    assert ana.said() == ["hola"]


def test_nobody_inherits_a_mute_who_was_there_before_or_comes_from_elsewhere_or_late() -> None:
    world, ana, bob, eva = in_class()
    eva.says("/join games")
    bob.says("/quit")
    eva.says("/join huddle", "one")
    far = world.person("far", address="10.9.9.9")
    far.says("two")
    world.passes(SOON + 1)
    late = world.person("late")
    late.says("three")
    assert ana.said() == ["one", "two", "three"]


def test_an_ipv6_64_is_one_address_and_the_next_64_is_another() -> None:
    world, ana = moderated_world()
    bob = world.person("bob", address="2001:db8:1:1::2")
    world.person("eva", address="2001:db8:1:1::3")
    done(ana, "mute", nick="bob")
    bob.says("/quit")
    far = world.person("far", address="2001:db8:1:2::2")
    far.says("one")
    again = world.person("x", address="2001:db8:1:1::4")
    again.says("two")
    assert last(again).startswith(MUTED["en"])
    assert ana.said() == ["one"]


def test_who_comes_back_leaves_no_mute_behind() -> None:
    world, ana, _, _ = in_class()
    bot = world.program("bot")
    done(ana, "mute", nick="bot")
    bot.cut()
    again = world.program("bot")
    world.person("dan").says("hola")
    assert refused(again, "say", text="hola") == "muted"
    assert ana.said() == ["hola"]


@pytest.mark.parametrize("goes", ["/quit", "lost"])
def test_who_registers_before_going_leaves_the_mute_behind_as_well(goes: str) -> None:
    world, ana, bob, _ = in_class()
    bob.says("/register 12345678")
    bob.says(goes) if goes == "/quit" else bob.cut()
    world.person("dan").says("hola")
    assert ana.said() == []
    world.person("fay").says("hola")
    assert ana.said() == ["hola"]


def test_an_account_that_comes_back_or_is_here_on_another_device_leaves_no_mute_behind() -> None:
    world, ana, bob, _ = in_class()
    bob.says("/register 12345678")
    bob.says("/quit")
    again = world.person("/login bob 12345678")
    world.person("dan").says("one")
    other = world.person("/login bob 12345678")
    again.says("/quit")
    world.person("fay").says("two")
    other.says("three")
    assert last(other).startswith(MUTED["en"])
    assert ana.said() == ["one", "two"]


def test_who_lets_them_speak_again_lets_all_of_that_go() -> None:
    world, ana, bob = muted(address="192.0.2.1")
    bob.says("/quit")
    again = world.person("bob", address="192.0.2.1")
    done(ana, "unmute", nick="bob")
    again.says("hola")
    other = world.person("dan", address="192.0.2.1")
    other.says("qué tal")
    assert ana.said() == ["hola", "qué tal"]
    assert not list(world.huddle.directory.restrictions.in_room("huddle"))


def test_such_a_mute_ends_when_it_was_to_end() -> None:
    world, ana = moderated_world()
    bob = world.person("bob", address="192.0.2.1")
    done(ana, "mute", nick="bob", seconds=60)
    bob.says("/quit")
    world.passes(60)
    again = world.person("bob", address="192.0.2.1")
    again.says("hola")
    assert ana.said() == ["hola"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_is_muted_keeps_the_nick(language: str) -> None:
    _, ana, bob = muted(language)
    bob.says("/nick op.is.a.liar")
    bob.hears(STAYS[language])
    assert not any(each["type"] == "renamed" for each in ana.reads())
    done(ana, "unmute", nick="bob")
    bob.forgets()
    bob.says("/nick op.is.fine")
    assert last(bob) == {"en": "-- you are op.is.fine", "es": "-- eres op.is.fine"}[language]


@pytest.mark.parametrize("language", LANGUAGES)
def test_so_does_a_program_and_whoever_is_muted_for_a_while(language: str) -> None:
    world, ana = moderated_world(language=language)
    bot, bob = world.program("bot", lang=language), world.person("bob")
    for nick in ("bot", "bob"):
        done(ana, "mute", nick=nick, seconds=3600)
    told = does(bot, "nick", nick="liar")
    assert (told["code"], told["room"]) == ("muted", "huddle")
    bob.forgets()
    bob.says("/nick liar")
    until = {"en": ", until ", "es": ", hasta "}[language]
    assert last(bob).startswith(STAYS[language] + until)
    bot.cut()
    other = Program(world, "liar", bot.secret)
    world.attach(other)
    other.enters(resume=True)
    assert other.reads()[-1]["code"] == "muted"
    world.passes(3600)
    bob.says("/nick bob2")
    assert not last(bob).startswith(STAYS[language])


def test_a_mute_in_a_room_that_they_are_not_in_keeps_no_nick() -> None:
    world, ana = moderated_world()
    bob = world.person("bob")
    bob.says("/join ops")
    done(ana, "join", room="ops")
    done(ana, "mute", room="ops", nick="bob")
    bob.forgets()
    bob.says("/nick eva")
    assert last(bob) == "-- Your nick stays as it is while you are muted in ops"
    bob.says("/leave", "/nick eva", "/join ops", "hola")
    assert last(bob).startswith(MUTED["en"])


@pytest.mark.parametrize(("act", "who"), [("kick", "nick"), ("mute", "nick"), ("ban", "who")])
@pytest.mark.parametrize("field", ["reason", "typed"])
def test_a_host_whom_an_operator_has_muted_says_nothing_by_a_reason(
    act: str, who: str, field: str
) -> None:
    world, ana = moderated_world()
    host, bob = world.program("host"), world.program("bob")
    for each in (host, bob, ana):
        done(each, "join", room="ops")
    done(ana, "mute", room="ops", nick="host")
    if (act, field) != ("kick", "typed"):  # which has no such field
        assert refused(host, act, room="ops", **{who: "bob", field: "op is a liar"}) == "muted"
    done(host, act, room="ops", **{who: "bob"})


@pytest.mark.parametrize("way", ["second connection", "waits", "comes in twice"])
@pytest.mark.parametrize("answer", ["quiet", "members only"])
def test_the_ways_around_a_mute_end_with_a_quiet_room_or_where_members_alone_come_in(
    way: str, answer: str
) -> None:
    world, ana = moderated_world()
    bob, eva, second = (world.person(nick) for nick in ("bob", "eva", "second"))
    done(ana, "mute", nick="bob")
    if answer == "quiet":
        done(ana, "quiet", on=True)
        done(ana, "voice", nick="eva", on=True)
    else:
        world.lets_in_members_alone()
    if way != "second connection":
        bob.says("/quit")
        world.passes(SOON + 1 if way == "waits" else 0)
        second = [world.person(f"later{n}") for n in range(2)][-1]
    eva.says("hola")
    second.says("hey")
    expected = ["hola"]
    if answer == "members only" and way == "second connection":
        expected.append("hey")  # they are here already
    assert ana.said() == expected


@pytest.mark.parametrize("way", ["second connection", "waits", "comes in twice"])
def test_there_are_three_ways_around_a_mute_where_others_are_at_the_address(way: str) -> None:
    world, ana, bob, eva = in_class()
    second = eva
    if way != "second connection":
        bob.says("/quit")
        world.passes(SOON + 1 if way == "waits" else 0)
        second = [world.person(f"later{n}") for n in range(1 if way == "waits" else 2)][-1]
    second.says("hey")
    assert ana.said() == ["hey"]


def test_who_has_a_second_connection_has_two_turns_in_a_slow_room() -> None:
    world, ana = moderated_world()
    bob, second = world.person("bob"), world.person("second")
    done(ana, "slow", seconds=30)
    for each in (bob, second, bob, second):
        each.says("hola")
    assert ana.said() == ["hola", "hola"]


@pytest.mark.parametrize("address", ["10.0.0.1", "192.0.2.1"])
def test_the_pace_of_a_slow_room_holds_for_who_comes_in_again(address: str) -> None:
    world, ana = moderated_world()
    done(ana, "slow", seconds=30)
    bob = world.person("bob")
    bob.says("uno", "/quit")
    again = world.person("Bob", address=address)
    again.says("dos")
    again.hears("-- Not so fast. Wait 30 seconds.")
    world.passes(30)
    again.says("tres")
    assert ana.said() == ["uno", "tres"]


def test_who_is_muted_by_a_nick_that_looks_like_theirs_leaves_the_mute_behind_too() -> None:
    world, ana = moderated_world()
    bill, _ = world.person("bill"), world.person("eva")
    done(ana, "mute", nick="bill")
    bill.says("/quit")
    alike = world.person("biIl")
    alike.says("hola")
    assert last(alike).startswith(MUTED["en"])
    alike.says("/quit")
    heir = world.person("x")
    heir.says("hola")
    assert last(heir).startswith(MUTED["en"])
