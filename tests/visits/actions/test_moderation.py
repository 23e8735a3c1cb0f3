"""Sending away and keeping out, and that nobody who was kept out comes back by any door."""

from __future__ import annotations

import pytest

from tests.moderated_world import (
    FREELY,
    PASSWORD,
    does,
    done,
    joins,
    knocks,
    let_in,
    moderated_world,
    refused,
)
from tests.slow_record import SlowRecord
from tests.world import World

# -- kick ------------------------------------------------------------------------------------------


def test_who_is_kicked_out_of_the_house_is_told_why_and_the_nick_is_free() -> None:
    world, ana = moderated_world()
    bob, eva = world.person("bob"), world.program("eva")
    ana.forgets()
    eva.forgets()
    done(ana, "kick", nick="bob", reason="enough")
    assert bob.closed
    assert "ana" in bob.reads()[-1] and "enough" in bob.heard[-1]
    eva.hears({"type": "left", "room": "huddle", "nick": "bob", "by": "ana", "reason": "enough"})
    world.person("bob")
    eva.hears({"type": "joined", "nick": "bob"})


def test_a_program_that_is_kicked_is_told_so_and_may_come_again() -> None:
    world, ana = moderated_world()
    bob = world.program("bob")
    done(ana, "kick", nick="bob")
    assert bob.reads()[-1]["code"] == "kicked"
    assert bob.closed
    again = bob.again()
    assert again.welcome["rooms"]["huddle"]["count"] == 2


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_person_who_is_kicked_out_of_a_room_is_in_the_first_one(language: str) -> None:
    world, ana = moderated_world(language=language)
    joins(ana, "ops")
    bob, eva = world.person("bob"), world.program("eva", replay=0)
    joins(eva, "ops")
    bob.says("/join ops")
    bob.forgets()
    eva.forgets()
    done(ana, "kick", nick="bob", room="ops", reason="out")
    heard = bob.reads()
    assert "ana" in heard[0] and "out" in heard[0] and "ops" in heard[0]
    assert not bob.closed
    eva.hears(
        {"type": "left", "room": "ops", "nick": "bob", "by": "ana", "reason": "out"},
        {"type": "joined", "room": "huddle", "nick": "bob"},
    )
    bob.says("typed for ops")
    assert len(bob.reads()) == 1
    eva.hears()
    world.passes(2)
    bob.says("here I am")
    eva.hears({"type": "said", "room": "huddle", "text": "here I am"})
    ana.says("secret", room="ops")
    bob.hears()


def test_a_program_that_is_kicked_out_of_a_room_is_in_its_others() -> None:
    world, ana = moderated_world()
    joins(ana, "ops")
    bob = world.program("bob")
    joins(bob, "ops")
    done(ana, "kick", nick="bob", room="ops", reason="out")
    bob.hears({"type": "removed", "room": "ops", "by": "ana", "reason": "out", "banned": False})
    ana.says("secret", room="ops")
    bob.hears()
    assert refused(bob, "history", room="ops") == "no-such-room"
    done(bob, "history")


def test_a_program_that_is_in_no_other_room_is_in_none_then() -> None:
    world, ana = moderated_world()
    joins(ana, "ops")
    bob = world.program("bob")
    joins(bob, "ops")
    done(bob, "leave", room="huddle")
    done(ana, "kick", nick="bob", room="ops")
    assert refused(bob, "who") == "no-such-room"
    joins(bob, "huddle")


def test_who_is_held_is_kicked_like_anybody() -> None:
    world, ana = moderated_world()
    joins(ana, "ops")
    bob, eva = world.program("bob"), world.person("eva")
    joins(bob, "ops")
    bob.cut()
    eva.cut()
    done(ana, "kick", nick="bob", room="ops")
    done(ana, "kick", nick="eva")
    assert [*does(ana, "who")["here"]] == ["ana", "bob"]
    assert does(ana, "who", room="ops")["count"] == 1
    world.person("eva")
    again = bob.again(after={})
    assert list(again.welcome["rooms"]) == ["huddle"]


def test_who_is_held_after_a_crash_and_kicked_is_where_they_belong() -> None:
    world, ana = moderated_world(record=SlowRecord(FREELY))
    joins(ana, "ops")
    bob, eva = world.program("bob"), world.person("eva")
    joins(bob, "ops")
    done(bob, "leave", room="huddle")
    eva.says("/join ops")
    world = world.crashes()
    ana = ana.again(world)
    done(ana, "kick", nick="bob", room="ops")
    done(ana, "kick", nick="eva", room="ops")
    assert sorted(does(ana, "who")["here"]) == ["ana", "eva"]


def test_what_somebody_said_before_the_kick_is_told_before_it() -> None:
    world = World(operators=["ana"], others={"ana": PASSWORD})
    bob, eva = world.program("bob"), world.program("eva")
    ana = world.program("ana", password=PASSWORD)
    eva.forgets()
    bob.sends_objects(bob.drafts("one"), bob.drafts("two"))
    ana.sends_objects({"type": "kick", "id": 900, "nick": "bob"})
    world.settle()
    eva.hears({"text": "one"}, {"text": "two"}, {"type": "left", "nick": "bob", "by": "ana"})


@pytest.mark.parametrize("how", ["kick", "ban", "kick ops", "ban ops"])
@pytest.mark.parametrize("slow", [False, True])
def test_who_is_sent_away_is_shown_first_what_was_said_before_in_the_same_write_too(
    slow: bool, how: str
) -> None:
    act, _, name = how.partition(" ")
    record = SlowRecord(FREELY)
    world, ana = moderated_world(record=record)
    ana.forgets()
    joins(ana, "ops")
    bob, eva, bot = world.person("bob"), world.person("eva"), world.program("bot")
    joins(bot, "ops")
    for each in (bob, eva):
        each.says("/join ops")
    for peer in (bob, bot):
        peer.forgets()
    record.slow = slow
    eva.sends(b"from eva\n")
    world.settle()
    requests = [
        {"type": act, "nick" if act == "kick" else "who": who, "room": name or "huddle"}
        for who in ("bob", "bot")
    ]
    ana.sends_objects(ana.drafts("one", room="ops"), ana.drafts("two", room="ops"), *requests)
    ana.sends_objects(ana.drafts("behind", room="ops"))
    world.settle()
    record.slow = False
    record.writes()
    world.settle()
    lines = bob.reads()
    assert lines[:3] == ["<eva> from eva", "<ana> one", "<ana> two"]
    assert "ana" in lines[3] or "You are not let in" in lines[3]
    assert not any("behind" in line for line in lines)
    heard = bot.reads()
    told = [each.get("text") for each in heard if each["type"] == "said"]
    assert told == ["from eva", "one", "two"]
    assert [each["type"] for each in heard if each["type"] in ("said", "error", "removed")][3:]


def test_a_kick_from_the_house_finds_people_in_any_of_its_rooms() -> None:
    world, ana = moderated_world()
    bob = world.person("bob")
    bob.says("/join games")
    done(ana, "kick", nick="bob")
    assert bob.closed


def test_nobody_is_kicked_who_is_not_there() -> None:
    world, ana = moderated_world()
    joins(ana, "ops")
    world.person("bob")
    assert refused(ana, "kick", nick="bob", room="ops") == "nobody-there"
    assert refused(ana, "kick", nick="eva") == "nobody-there"
    assert refused(ana, "kick", nick="bob", room="nowhere") == "no-such-room"


def test_all_devices_of_an_account_are_kicked() -> None:
    world, ana = moderated_world()
    bob = world.program("bob")
    done(bob, "register", password="secret-of-bob")
    other = world.program("bob", secret="other", password="secret-of-bob")
    done(ana, "kick", nick="bob")
    assert bob.closed
    assert other.closed
    assert does(ana, "who")["count"] == 1


# -- ban -------------------------------------------------------------------------------------------


def test_who_is_banned_goes_and_comes_back_by_no_door() -> None:
    world, ana = moderated_world()
    bob, eva = world.program("bob"), world.person("eva")
    word = eva.word
    joins(ana, "ops")
    done(ana, "ban", who="bob", reason="enough")
    done(ana, "ban", who="eva", reason="enough")
    for peer in (bob, eva):
        assert peer.closed
    error = bob.reads()[-1]
    assert (error["code"], error["room"], error["reason"]) == ("banned", "huddle", "enough")
    assert not let_in(world, "bob")
    assert not let_in(world, "BOB")
    assert not let_in(world, "eva")
    for hello in ({"resume": True}, {"resume": False}, {"after": {"ops": 0}}):
        assert knocks(world, "bob", session=bob.secret, **hello)["code"] == "banned"
        assert knocks(world, "other", session=bob.secret, **hello)["code"] == "banned"
    back = world.connect()
    for line in (f"/back {word}", "eva", "dan", f"/back {word}"):
        back.says(line)
    assert back.connection.visit.progress.named
    heard = "\n".join(back.reads())
    assert heard.count("enough") == 3
    assert refused(world.program("max"), "nick", nick="bob") == "banned"
    back.says("/nick eva", "/nick BOB")
    assert "\n".join(back.reads()).count("enough") == 2
    done(ana, "unban", who="bob")
    assert let_in(world, "bob")


def test_a_refused_banned_session_leaves_nothing_behind() -> None:
    world, ana = moderated_world()
    bob = world.program("bob")
    done(ana, "ban", who="bob")
    before = len(world.huddle.registry.sessions)
    for _ in range(3):
        assert knocks(world, "bob", session=bob.secret, resume=True)["code"] == "banned"
        assert knocks(world, "rob", session=bob.secret, resume=True)["code"] == "banned"
        assert knocks(world, "bob")["code"] == "banned"
    assert len(world.huddle.registry.sessions) == before
    assert world.huddle.nicks.is_free("bob")
    assert world.huddle.nicks.is_free("rob")


@pytest.mark.parametrize("restart", [False, True])
@pytest.mark.parametrize(
    ("banned", "alike", "other"),
    [
        ("alex", "AIex", "alec"),
        ("AIex", "alex", "aiax"),
        ("modem", "rnodem", "mode"),
        ("bob", "BOB", "b"),
    ],
)
def test_a_ban_of_a_nick_is_one_of_all_that_look_like_it(
    banned: str, alike: str, other: str, restart: bool
) -> None:
    world, ana = moderated_world()
    done(ana, "ban", who=banned)
    guest = world.program("guest")
    if restart:
        world = world.crashes()
        ana, guest = ana.again(world), guest.again(world)
    assert not let_in(world, alike)
    assert refused(guest, "nick", nick=alike) == "banned"
    done(guest, "nick", nick=other)
    done(ana, "unban", who=alike)
    done(guest, "nick", nick=alike)


def test_a_muted_guest_who_comes_in_again_under_a_nick_that_looks_like_it_is_muted() -> None:
    world, ana = moderated_world()
    world.person("eva")
    alex = world.person("alex")
    done(ana, "mute", nick="alex")
    alex.says("/quit")
    world.passes(600)
    again = world.person("AIex", address="192.0.2.7")
    again.says("hola")
    assert ana.said() == []
    done(ana, "unmute", nick="alex")
    again.says("hola")
    assert ana.said() == ["hola"]


def test_a_ban_ends_in_its_time() -> None:
    world, ana = moderated_world()
    world.person("bob")
    done(ana, "ban", who="bob", seconds=600, reason="ten minutes")
    told = knocks(world, "bob")
    assert told["until"] == "2026-11-19T12:10:00.000Z"
    world.passes(599)
    assert not let_in(world, "bob")
    world.passes(1)
    assert let_in(world, "bob")
    assert does(ana, "bans")["bans"] == []


def test_a_ban_outlives_the_server_and_ends_all_the_same() -> None:
    world, ana = moderated_world()
    world.person("bob")
    world.person("eva")
    done(ana, "ban", who="bob", seconds=600, reason="ten minutes")
    done(ana, "ban", who="eva")
    world = world.crashes()
    assert not let_in(world, "bob")
    assert not let_in(world, "eva")
    world.passes(600)
    assert let_in(world, "bob")
    assert not let_in(world, "eva")


def test_a_ban_of_an_account_holds_on_every_device_and_inside_the_house() -> None:
    world, ana = moderated_world()
    bob = world.program("bob")
    done(bob, "register", password="secret-of-bob")
    other = world.program("bob", secret="other", password="secret-of-bob")
    done(ana, "ban", who="bob")
    assert bob.closed and other.closed
    for hello in ({}, {"password": "secret-of-bob"}):
        for secret in (bob.secret, "other", "a third"):
            told = knocks(world, "bob", session=secret, **hello)
            assert told["code"] in ("banned", "password-needed"), told
    guest = world.program("guest")
    assert refused(guest, "login", nick="bob", password="secret-of-bob") == "banned"
    person = world.connect()
    person.says("bob", "/login secret-of-bob")
    assert not person.connection.visit.progress.named
    person.says("", "dan", "/login bob secret-of-bob")
    assert does(ana, "who")["here"] == ["ana", "guest", "dan"]


def test_an_account_that_is_not_here_is_banned_all_the_same() -> None:
    world, ana = moderated_world()
    bob = world.program("bob")
    done(bob, "register", password="secret-of-bob")
    bob.sends_objects({"type": "bye"})
    world.settle()
    done(ana, "ban", who="bob")
    assert knocks(world, "bob", password="secret-of-bob")["code"] == "banned"


def test_who_is_held_and_banned_is_gone() -> None:
    world, ana = moderated_world()
    bob = world.program("bob")
    bob.cut()
    done(ana, "ban", who="bob")
    assert does(ana, "who")["count"] == 1
    assert knocks(world, "bob", session=bob.secret, resume=True)["code"] == "banned"


def test_who_has_just_gone_may_be_banned_by_nick() -> None:
    world, ana = moderated_world()
    bob = world.person("bob")
    word = bob.word
    bob.says("/quit")
    done(ana, "ban", who="BOB")
    assert not let_in(world, "bob")
    back = world.connect()
    back.says(f"/back {word}")
    assert not back.connection.visit.progress.named
    assert refused(ana, "ban", who="not a nick") == "bad-nick"


def test_a_ban_from_a_room_is_from_that_room_alone() -> None:
    world, ana = moderated_world()
    joins(ana, "ops")
    bob, eva = world.program("bob"), world.person("eva")
    joins(bob, "ops")
    eva.says("/join ops")
    eva.forgets()
    done(ana, "ban", who="bob", room="ops", reason="no")
    done(ana, "ban", who="eva", room="ops", seconds=60)
    removed = {"type": "removed", "room": "ops", "by": "ana", "reason": "no", "banned": True}
    assert removed in bob.reads()
    assert refused(bob, "join", room="ops") == "banned"
    assert refused(bob, "join", room="OPS") == "banned"
    assert refused(bob, "history", room="ops") == "no-such-room"
    eva.forgets()
    eva.says("/join ops", "am I there?")
    assert does(ana, "who", room="ops")["count"] == 1
    done(bob, "nick", nick="rob")
    assert refused(bob, "join", room="ops") == "banned"
    bob.cut()
    again = bob.again(after={"ops": 0, "huddle": 0})
    assert list(again.welcome["rooms"]) == ["huddle"]
    world.passes(60)
    eva.says("/join ops")
    assert does(ana, "who", room="ops")["count"] == 2


def test_a_ban_that_the_disk_was_slow_to_keep_strikes_who_came_meanwhile() -> None:
    record = SlowRecord(FREELY)
    world, ana = moderated_world(record=record)
    bob = world.program("bob")
    joins(ana, "ops")
    ana.says("hola", room="ops")
    record.slow = True
    ana.sends_objects({"type": "ban", "id": 900, "who": "bob", "room": "ops"})
    world.settle()
    bob.sends_objects({"type": "join", "id": 1, "room": "ops"})
    world.settle()
    record.slow = False
    record.writes()
    world.settle()
    [last] = bob.reads()[-1:]
    assert last["type"] == "removed" or last["code"] == "banned"  # by a log it is the first
    assert refused(bob, "join", room="ops") == "banned"


def test_a_ban_from_a_room_that_was_given_up_meanwhile_leaves_nothing() -> None:
    record = SlowRecord(FREELY)
    world, ana = moderated_world(record=record)
    bob = world.program("bob")
    joins(bob, "games")
    record.slow = True
    bob.sends_objects({"type": "ban", "id": 900, "who": "eva", "room": "games"})
    world.settle()
    done(ana, "kick", nick="bob")
    record.slow = False
    record.writes()
    world.settle()
    assert world.huddle.directory.restrictions.rooms() == []
    assert record.marks() == []
    joins(world.program("eva"), "games")


def test_a_guest_does_not_shake_a_ban_off_by_becoming_an_account() -> None:
    world, ana = moderated_world()
    joins(ana, "ops")
    bob = world.program("bob")
    done(ana, "ban", who="bob", room="ops")
    done(bob, "nick", nick="rob")
    done(bob, "register", password="secret-of-rob")
    assert refused(bob, "join", room="ops") == "banned"
    other = world.program("rob", secret="other", password="secret-of-rob")
    assert refused(other, "join", room="ops") == "banned"


@pytest.mark.parametrize(
    ("who", "inside", "outside"),
    [
        ("10.7.0.0/16", "10.7.3.4", "10.8.3.4"),
        ("10.7.3.4", "10.7.3.4", "10.7.3.5"),
        ("::ffff:10.7.3.4", "10.7.3.4", "10.7.3.5"),
        ("10.7.0.0/16", "::ffff:10.7.3.4", "::ffff:10.8.3.4"),
        ("2001:db8:7::/48", "2001:db8:7:1::5", "2001:db8:8:1::5"),
        ("fe80::/10", "fe80::5%eth0", "2001:db8::5"),
    ],
)
def test_a_network_is_banned_under_whatever_nick(who: str, inside: str, outside: str) -> None:
    world, ana = moderated_world()
    bob, eva = world.person("bob", address=inside), world.person("eva", address=outside)
    bob.says("/join games")
    done(ana, "ban", who=who, reason="noise")
    assert bob.closed
    assert not eva.closed
    assert not let_in(world, "dan", inside)
    assert let_in(world, "dan", outside)
    assert knocks(world, "rob", inside, after={"games": 0})["code"] == "banned"
    world = world.crashes()
    assert not let_in(world, "max", inside)
    ana = ana.again(world)
    done(ana, "unban", who=who)
    assert let_in(world, "max", inside)


def test_nobody_bans_their_own_address_and_operators_behind_it_are_not_meant() -> None:
    world, ana = moderated_world()
    assert refused(ana, "ban", who="10.0.0.0/24") == "bad-field"
    world.person("bob", address="10.0.9.1")
    done(ana, "ban", who="10.0.9.0/24")
    assert not let_in(world, "eva", "10.0.9.2")
    assert let_in(world, "ana", "10.0.9.2", password=PASSWORD)


def test_the_list_of_bans_shows_each_once_and_any_row_of_it_can_be_taken_back() -> None:
    world, ana = moderated_world()
    world.person("bob")
    done(ana, "ban", who="bob", reason="enough", seconds=60)
    done(ana, "ban", who="10.7.0.1/16")
    done(ana, "ban", who="2001:db8::/32")
    rows = does(ana, "bans")["bans"]
    assert [row["who"] for row in rows] == ["bob", "10.7.0.0/16", "2001:db8::/32"]
    assert rows[0]["reason"] == "enough"
    assert rows[0]["until"] == "2026-11-19T12:01:00.000Z"
    assert {row["by"] for row in rows} == {"ana"}
    for row in rows:
        done(ana, "unban", who=row["who"])
    assert does(ana, "bans")["bans"] == []
    assert refused(ana, "unban", who="bob") == "nobody-there"
    world = world.crashes()
    assert does(ana.again(world), "bans")["bans"] == []


# -- typing ----------------------------------------------------------------------------------------


def test_people_moderate_by_typing_in_their_language() -> None:
    world, _ = moderated_world(language="es")
    ana, bob = world.connect("10.0.0.5"), world.person("bob")
    ana.says("ana", f"/acceder {PASSWORD}")
    ana.forgets()
    bob.says("hola")
    ana.says("/callar bob 10m calma", "/dejarhablar bob", "/borrar bob", "/vetar bob 1h fuera")
    assert bob.closed
    assert not let_in(world, "bob")
    ana.forgets()
    ana.says("/vetados")
    assert any("bob" in line and "fuera" in line for line in ana.reads())
    ana.says("/readmitir bob", "/actas")
    assert let_in(world, "bob")
