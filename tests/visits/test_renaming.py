"""Renaming: from which line on a nick holds, when the old one is free, and what the others hear."""

from __future__ import annotations

from tests.slow_record import SlowRecord
from tests.world import World

PASSWORD = "mi-contraseña"


def test_a_nick_holds_from_the_next_line_on() -> None:
    world = World()
    ana, bob = world.person("ana"), world.person("bob")
    ana.says("before", "/nick eva", "behind")
    bob.hears("<ana> before", "-- ana is now eva", "<eva> behind")


def test_the_nick_of_before_is_free_when_all_that_was_said_under_it_is_out() -> None:
    record = SlowRecord()
    world = World(record)
    ana, bob = world.person("ana"), world.person("bob")
    record.slow = True
    ana.says("under the old one", "/nick eva")
    bob.says("/nick ana")
    assert "-- you are ana" not in bob.reads()
    record.slow = False
    record.writes()
    world.passes(1)
    bob.says("/nick ana")
    assert bob.reads().count("-- you are ana") == 1


def test_who_asks_for_their_own_nick_is_told_of_to_nobody() -> None:
    world = World()
    ana, bob = world.person("ana"), world.person("bob")
    ana.says("/nick ana")
    bob.hears()


def test_one_who_is_in_two_rooms_is_called_so_in_both() -> None:
    world = World()
    bot, ana, bob = world.program("bot"), world.person("ana"), world.person("bob")
    bot.asks("join", room="ops")
    bob.says("/join ops")
    for person in (ana, bob):
        person.forgets()
    bot.asks("nick", nick="robot")
    for person in (ana, bob):
        person.hears("-- bot is now robot")


def test_a_guest_takes_no_account_s_nick_and_an_account_keeps_its_own() -> None:
    world = World()
    ana, bob = world.program("ana"), world.program("bob")
    ana.asks("register", password=PASSWORD)
    refused = [each.asks("nick", nick=nick)["code"] for each, nick in ((bob, "ana"), (ana, "eva"))]
    assert refused == ["password-needed", "account-nick"]


def test_a_guest_who_logs_in_is_called_as_the_account_and_stays_in_their_rooms() -> None:
    world = World()
    ana = world.person("ana")
    ana.says(f"/register {PASSWORD}", "/quit")
    guest, bob = world.person("guest"), world.person("bob")
    for person in (guest, bob):
        person.says("/join ops")
        person.forgets()
    guest.says(f"/login ana {PASSWORD}", "still in ops")
    bob.hears("-- guest is now ana", "<ana> still in ops")


def test_where_the_account_is_already_the_guest_is_told_to_have_left() -> None:
    world = World()
    ana, bob = world.person("ana"), world.person("bob")
    ana.says(f"/register {PASSWORD}")
    guest = world.person("guest")
    bob.forgets()
    guest.says(f"/login ana {PASSWORD}")
    bob.hears("-- guest left")
