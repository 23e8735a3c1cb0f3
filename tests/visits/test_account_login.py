"""How a session comes to be an account's: all of it or nothing, whatever happens meanwhile."""

from __future__ import annotations

import pytest

from tests.slow_record import SlowRecord
from tests.visits.actions.test_accounts import (
    LOGGED_IN,
    NEEDED,
    NOT_RECORDED,
    OTHER,
    SECRET,
    local,
    members,
    registered,
)
from tests.world import Program, World

# A nick that becomes an account


def test_what_the_record_does_not_keep_is_not_registered() -> None:
    world = World(SlowRecord())
    ana, bob = local(world, "ana"), local(world, "bob")
    world.takes_nothing()
    ana.forgets()
    ana.says(f"/register {SECRET}", "/who")
    ana.hears(NOT_RECORDED, "-- 2 here: ana, bob.")
    assert members(world) == {}
    world.takes_again()
    bob.forgets()
    ana.says("/nick anita")
    bob.hears("-- ana is now anita")
    bob.says("/nick ana")
    bob.says(f"/register {SECRET}")
    assert list(members(world)) == ["ana"]


def test_nobody_takes_a_nick_that_is_just_being_kept() -> None:
    disk = SlowRecord()
    world = World(disk)
    ana, bob = local(world, "ana"), local(world, "bob")
    disk.slow = True
    ana.says(f"/register {SECRET}")
    ana.ends()
    world.passes(300)
    bob.says("/nick ana")
    assert bob.reads()[-1].startswith("-- The nick ana is taken.")
    disk.slow = False
    disk.writes()
    world.settle()
    bob.says("/nick ana")
    assert bob.reads()[-1] == NEEDED["en"]


@pytest.mark.parametrize("kept", [True, False])
def test_whoever_leaves_while_it_is_kept_has_left(kept: bool) -> None:
    """The session goes by another connection. Whether the account is there, the record says."""
    disk = SlowRecord()
    world = World(disk)
    bot = world.program("bot")
    world.passwords.held = disk.slow = True
    bot.sends_objects({"type": "register", "id": 1, "password": SECRET})
    world.settle()
    other = bot.again()
    world.passwords.answers()
    disk.writes(1)
    other.sends_objects({"type": "bye"})
    world.settle()
    assert not world.huddle.registry.sessions
    if kept:
        disk.writes()
    else:
        disk.refuses()
    disk.slow = False
    world.settle()
    assert not world.huddle.registry.sessions
    assert list(members(world)) == (["bot"] if kept else [])
    newcomer = Program(world, "bot", "another secret")
    world.attach(newcomer)
    newcomer.enters()
    assert (newcomer.reads()[-1]["type"] == "welcome") is not kept


@pytest.mark.parametrize("kept", [True, False])
def test_whoever_is_called_otherwise_while_it_is_kept_has_the_other_nick_alone(kept: bool) -> None:
    disk = SlowRecord()
    world = World(disk)
    bot = world.program("lan")
    world.passwords.held = disk.slow = True
    bot.sends_objects({"type": "register", "id": 1, "password": SECRET})
    world.settle()
    other = bot.again()
    world.passwords.answers()
    disk.writes(1)
    other.sends_objects({"type": "nick", "id": 2, "nick": "robot"})
    world.settle()
    if kept:
        disk.writes()
    else:
        disk.refuses(1)
        disk.writes()
    disk.slow = False
    world.settle()
    assert members(world) == ({"lan": []} if kept else {})
    newcomer = Program(world, "Ian", "another secret")  # which looks like lan
    world.attach(newcomer)
    newcomer.enters()
    assert (newcomer.reads()[-1]["type"] == "welcome") is not kept
    world = world.crashes()
    assert [each.nick for each in world.huddle.registry.sessions if each.account is None] == (
        ["robot"] if kept else ["robot", "Ian"]
    )


@pytest.mark.parametrize("written", [0, 1])
def test_a_crash_while_it_is_kept_leaves_all_of_it_or_nothing(written: int) -> None:
    disk = SlowRecord()
    world = World(disk)
    ana = local(world, "ana")
    disk.slow = True
    ana.says(f"/register {SECRET}")
    disk.loses_power(after=written)
    world = world.crashes()
    assert members(world) == ({"ana": [1]} if written else {})
    assert [session.nick for session in world.huddle.registry.sessions] == ["ana"]
    other = world.connect("127.0.0.1")
    other.says(f"/back {ana.word}" if not written else f"/login ana {SECRET}")
    assert any(line.startswith("-- Hello ana.") for line in other.reads())


def test_whoever_is_called_otherwise_when_the_hash_is_there_is_not_registered() -> None:
    """The password was for the nick of before."""
    world = World()
    bot = world.program("bot")
    world.passwords.held = True
    bot.sends_objects({"type": "register", "id": 1, "password": SECRET})
    world.settle()
    other = bot.again()
    other.sends_objects({"type": "nick", "id": 2, "nick": "robot"})
    world.settle()
    world.passwords.answers()
    world.settle()
    assert members(world) == {}


def test_a_nick_that_was_just_taken_is_registered_behind_the_lines_of_before() -> None:
    """From ana to Ana, which look alike: both are the session's until its lines are out."""
    disk = SlowRecord()
    world = World(disk)
    ana, bob = local(world, "ana"), local(world, "bob")
    disk.slow = True
    ana.says("hola", "/nick Ana", f"/register {SECRET}")
    disk.writes()
    world.settle()
    disk.slow = False
    disk.writes()
    world.settle()
    bob.hears("<ana> hola", "-- ana is now Ana")
    assert members(world) == {"Ana": [1]}
    ana.says("/who")
    ana.hears_at_last("-- 2 here: bob, Ana.")


def test_a_nick_whose_registration_is_not_kept_is_the_guest_s_still() -> None:
    world = World(SlowRecord())
    ana, bob = local(world, "ana"), local(world, "bob")
    world.takes_nothing()
    ana.says(f"/register {SECRET}")
    world.takes_again()
    bob.says("/nick ana")
    assert bob.reads()[-1].startswith("-- The nick ana is taken.")


def test_what_a_guest_has_read_is_not_shown_again_to_the_account() -> None:
    world = World()
    ana, bob = local(world, "ana"), local(world, "bob")
    bob.says("/msg ana pst")
    world.beats(10)
    ana.says(f"/register {SECRET}", "/quit")
    bob.says("/msg ana again")
    back = world.connect("127.0.0.1")
    back.says(f"/login ana {SECRET}")
    assert [line[-5:] for line in back.reads() if "[bob]" in line] == ["again"]


# A guest who logs in


def test_a_log_in_that_the_record_does_not_keep_leaves_the_guest_who_they_are() -> None:
    world = World(SlowRecord())
    registered(world).says("/quit")
    bob, carla = local(world, "bob"), local(world, "carla")
    world.takes_nothing()
    bob.forgets()
    carla.forgets()
    bob.says(f"/login ana {SECRET}")
    bob.hears(NOT_RECORDED)
    carla.hears()
    assert members(world) == {"ana": []}
    world.takes_again()
    bob.forgets()
    carla.forgets()
    bob.says("hola", f"/login ana {SECRET}")
    bob.hears(LOGGED_IN["en"])
    carla.hears("<bob> hola", "-- bob is now ana")


def test_a_guest_who_leaves_while_it_is_kept_has_left_as_a_guest() -> None:
    disk = SlowRecord()
    world = World(disk)
    registered(world).says("/quit")
    bot, carla = world.program("bot"), local(world, "carla")
    carla.forgets()
    disk.slow = True
    bot.sends_objects({"type": "login", "id": 1, "nick": "ana", "password": SECRET})
    world.settle()
    other = bot.again()
    disk.writes(2)
    world.settle()
    other.sends_objects({"type": "bye"})
    world.settle()
    disk.slow = False
    disk.writes()
    world.settle()
    assert members(world) == {"ana": []}
    world = world.crashes()
    assert [session.nick for session in world.huddle.registry.sessions] == ["carla"]


@pytest.mark.parametrize("crash", [False, True])
def test_the_host_of_a_room_is_its_host_when_they_register_or_log_in(crash: bool) -> None:
    world = World(SlowRecord())
    ana, bob = local(world, "ana"), local(world, "bob")
    ana.says("/join ops", f"/register {SECRET}")
    bob.says("/join lab", f"/login ana {SECRET}")
    if crash:
        world = world.crashes()
    bot = world.program("ana", secret="bot", password=SECRET)
    for room in ("ops", "lab"):
        bot.sends_objects({"type": "join", "id": 1, "room": room})
        world.settle()
        bot.forgets()
        bot.sends_objects({"type": "slow", "id": 2, "room": room, "seconds": 5})
        world.settle()
        bot.hears({"type": "reply"}, {"type": "changed", "room": room})
    marks = [
        mark.who
        for room in ("ops", "lab")
        for mark in world.huddle.directory.restrictions.in_room(room)
    ]
    assert marks == ["account:1"] * 2


def test_who_is_muted_stays_so_when_they_register() -> None:
    world = World()
    host, bob = local(world, "host"), local(world, "bob")
    host.says("/join ops")
    bob.says("/join ops")
    host.says("/mute bob 1h")
    bob.forgets()
    host.forgets()
    bob.says(f"/register {SECRET}", "hola")
    assert "muted" in bob.reads()[-1]
    host.hears()


@pytest.mark.parametrize(("of_guest", "of_account"), [("10m", "1h"), ("1h", "10m")])
def test_of_two_mutes_the_one_that_lasts_longer_holds(of_guest: str, of_account: str) -> None:
    world = World()
    host, ana = local(world, "host"), registered(world)
    host.says("/join ops")
    ana.says("/join ops")
    host.says(f"/mute ana {of_account}")
    ana.says("/quit")
    bob = local(world, "bob")
    bob.says("/join ops")
    host.says(f"/mute bob {of_guest}")
    bob.says(f"/login ana {SECRET}")
    host.forgets()
    for minutes, heard in ((11, []), (50, ["<ana> at last"])):
        world.passes(60 * minutes)
        bob.says("at last")
        host.hears(*heard)


@pytest.mark.parametrize("way", ["register", "login ana"])
def test_a_voice_goes_with_its_guest(way: str) -> None:
    world = World()
    registered(world).says("/quit")
    host, bob = local(world, "host"), local(world, "bob")
    for each in (host, bob):
        each.says("/join ops")
    host.says("/quiet on", "/voice bob")
    bob.says(f"/{way} {SECRET}")
    host.forgets()
    bob.says("hola")
    assert host.reads()[0].endswith("> hola")


def test_an_account_is_no_operators_by_a_log_in_that_is_not_kept() -> None:
    world = World(SlowRecord())
    registered(world).says("/quit")
    bob = local(world, "bob")
    bob.says(f"/operator {world.gives_code()}")
    bob.forgets()
    world.takes_nothing()
    bob.says(f"/login ana {SECRET}")
    assert bob.reads()[-1] == NOT_RECORDED
    world.takes_again()
    account = world.huddle.registry.accounts.named("ana")
    assert account is not None and not account.is_operator
    world = world.crashes()
    account = world.huddle.registry.accounts.named("ana")
    assert account is not None and not account.is_operator


def test_who_logs_in_while_the_password_is_changed_has_to_bring_the_new_one_next() -> None:
    disk = SlowRecord()
    world = World(disk)
    ana, bot = registered(world), world.program("bot")
    disk.slow = True
    bot.sends_objects({"type": "login", "id": 1, "nick": "ana", "password": SECRET})
    world.settle()
    ana.says(f"/password {SECRET} {OTHER}")
    disk.slow = False
    disk.writes()
    world.settle()
    bot.cut()
    again = Program(world, "ana", bot.secret)
    for password, type in ((None, "error"), (SECRET, "error"), (OTHER, "welcome")):
        world.attach(again)
        again.enters(**({} if password is None else {"password": password}))
        told = [each for each in again.reads() if each["type"] in ("error", "welcome")]
        assert [each["type"] for each in told] == [type], told
