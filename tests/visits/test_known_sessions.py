"""How a session that is here, held or gone is found again: by a secret, or by a return word."""

from __future__ import annotations

from dataclasses import replace

import pytest
from twisted.internet.defer import Deferred
from typing_extensions import override

from huddle.protocol.limits import Limits
from huddle.record import SessionRow
from huddle.record.memory import MemoryRecord
from huddle.visits.known_sessions import DAY_MS
from tests.visits.test_arrival import ELSEWHERE, NO_WORD, comes_back, error, nicks, on_disk, program
from tests.world import World


class Forgetful(MemoryRecord):
    """A record that forgets whoever has left, right after it was asked for one."""

    def __init__(self) -> None:
        super().__init__(Limits(), "an epoch")

    @override
    def session_by_key(self, key: bytes) -> Deferred[SessionRow | None]:
        found = super().session_by_key(key)
        self.forget_sessions(0, 0)
        return found


# By a return word


def test_the_word_changes_at_each_use_and_the_old_one_opens_nothing() -> None:
    world = World()
    ana = world.person("ana")
    ana.cut()
    again = comes_back(world, ana.word)
    again.forgets()
    assert again.word not in ("", ana.word)
    comes_back(world, ana.word).hears(NO_WORD)
    again.cut()
    comes_back(world, ana.word).hears(NO_WORD)
    assert "Hello ana" in comes_back(world, again.word).reads()[0]


@pytest.mark.parametrize("restart", [False, True])
def test_a_word_dies_after_thirty_days(restart: bool) -> None:
    for days, opens in ((29.9, True), (30.1, False)):
        world, _ = on_disk()
        ana = world.person("ana")
        ana.says("/quit")
        world.passes(days * DAY_MS / 1000)
        if restart:
            world = world.crashes()
        heard = comes_back(world, ana.word).reads()
        assert (heard == [NO_WORD]) is not opens, days


def test_the_word_of_somebody_who_is_still_here_dies_as_well() -> None:
    world = World()
    ana = world.person("ana")
    world.passes(31 * DAY_MS / 1000)
    comes_back(world, ana.word).hears(NO_WORD)
    assert not ana.gone


def test_the_word_opens_the_nick_of_somebody_who_has_left_as_long_as_it_is_free() -> None:
    world = World()
    ana = world.person("ana")
    ana.says("/quit")
    assert nicks(world) == []
    assert "Hello ana" in comes_back(world, ana.word).reads()[0]


def test_the_word_opens_nothing_when_somebody_else_has_the_nick() -> None:
    world = World()
    ana = world.person("ana")
    ana.says("/quit")
    other = world.person("ana")
    comes_back(world, ana.word).hears(NO_WORD)
    other.says("/quit")
    assert "Hello ana" in comes_back(world, ana.word).reads()[0]


def test_the_word_of_somebody_who_is_leaving_opens_their_session_behind_their_leaving() -> None:
    world, disk = on_disk()
    ana, bob = world.person("ana"), world.person("bob")
    bob.forgets()
    disk.slow = True
    ana.says("adiós", "/quit")
    again = comes_back(world, ana.word)
    again.hears()
    disk.slow = False
    disk.writes()
    world.settle()
    assert "Hello ana" in again.reads()[0]
    bob.hears("<ana> adiós", "-- ana left", "-- ana joined")


def test_the_same_word_on_two_connections_at_once_opens_one_of_them() -> None:
    world, disk = on_disk()
    ana = world.person("ana")
    ana.says("/quit")
    disk.slow_to_read = True
    first, second = comes_back(world, ana.word), comes_back(world, ana.word)
    disk.finds()
    world.settle()
    assert "Hello ana" in first.reads()[0]
    second.hears(NO_WORD)
    assert nicks(world) == ["ana"]


def test_with_its_nick_the_word_opens_the_session_from_anywhere() -> None:
    world = World()
    ana = world.person("ana")
    ana.cut()
    assert "Hello ana" in comes_back(world, f"ana {ana.word}", ELSEWHERE).reads()[0]


@pytest.mark.parametrize("restart", [False, True])
def test_alone_it_opens_only_what_was_last_at_that_address(restart: bool) -> None:
    world, _ = on_disk()
    ana = world.person("ana")
    ana.cut()
    world = world.crashes() if restart else world
    comes_back(world, ana.word, ELSEWHERE).hears(NO_WORD)
    assert "Hello ana" in comes_back(world, ana.word).reads()[0]


@pytest.mark.parametrize("leaves", [False, True])
def test_where_they_came_back_they_were_last(leaves: bool) -> None:
    world, _ = on_disk()
    ana = world.person("ana")
    ana.cut()
    again = comes_back(world, f"ana {ana.word}", ELSEWHERE)
    again.forgets()
    if leaves:
        again.says("/quit")
    else:
        again.cut()
    world = world.crashes()
    comes_back(world, again.word).hears(NO_WORD)
    assert "Hello ana" in comes_back(world, again.word, ELSEWHERE).reads()[0]


def test_an_ipv6_64_is_one_address() -> None:
    world = World()
    ana = world.person("ana", address="2001:db8:0:1::5")
    ana.cut()
    comes_back(world, ana.word, "2001:db8:0:2::5").hears(NO_WORD)
    assert "Hello ana" in comes_back(world, ana.word, "2001:db8:0:1::9").reads()[0]


def test_the_word_of_another_nick_opens_nothing() -> None:
    world = World()
    ana, bob = world.person("ana"), world.person("bob")
    ana.cut()
    bob.cut()
    comes_back(world, f"bob {ana.word}").hears(NO_WORD)
    comes_back(world, f"nobody {ana.word}").hears(NO_WORD)
    assert "Hello bob" in comes_back(world, f"BOB {bob.word}", ELSEWHERE).reads()[0]


def test_of_a_record_from_before_addresses_were_kept_the_nick_is_asked_for() -> None:
    world, disk = on_disk()
    ana = world.person("ana")
    row = next(iter(disk.sessions_here()))
    assert row.word_at is not None
    disk.save(replace(row, word_at=None))
    world = world.crashes()
    comes_back(world, ana.word).hears(NO_WORD)
    comes_back(world, f"eva {ana.word}").hears(NO_WORD)
    assert "Hello ana" in comes_back(world, f"ana {ana.word}").reads()[0]


# By a secret


def test_a_program_without_a_secret_cannot_be_resumed() -> None:
    world = World()
    first = program(world, "bot", "")
    first.cut()
    assert error(program(world, "bot", "")) == "nick-taken"


def test_a_program_is_resumed_by_its_secret() -> None:
    world = World()
    bot = program(world, "bot")
    bot.says("a", "b")
    bot.cut()
    again = bot.again()
    assert again.welcome["last_id"] == 2
    assert nicks(world) == ["bot"]


@pytest.mark.parametrize("restart", [False, True])
def test_a_program_that_has_left_is_resumed_too(restart: bool) -> None:
    world, _ = on_disk()
    bot = program(world, "bot")
    bot.says("a")
    bot.sends_objects({"type": "bye"})
    world.settle()
    assert nicks(world) == []
    world = world.crashes() if restart else world
    assert bot.again(world).welcome["last_id"] == 1


def test_a_program_that_nobody_knows_is_told_so_and_may_begin_anew() -> None:
    world = World()
    bot = program(world, "bot", resume=True)
    assert error(bot) == "session-unknown"
    bot.enters(resume=False)
    assert bot.welcome["nick"] == "bot"


def test_a_program_that_is_leaving_is_resumed_behind_its_leaving() -> None:
    world, disk = on_disk()
    bot, ana = program(world, "bot"), world.person("ana")
    ana.forgets()
    disk.slow = True
    bot.says("adiós")
    bot.sends_objects({"type": "bye"})
    world.settle()
    again = program(world, "bot", resume=True)
    again.hears({"type": "greeting"})
    disk.slow = False
    disk.writes()
    world.settle()
    again._look()
    assert again.welcome["last_id"] == 1
    ana.hears("<bot> adiós", "-- bot left", "-- bot joined")


def test_a_program_that_says_hello_twice_at_once_has_one_session() -> None:
    """The second looks for a session that the first is about to begin."""
    world, disk = on_disk()
    disk.slow_to_read = True
    first, second = program(world, "bot"), program(world, "bot")
    disk.finds()
    world.settle()
    assert nicks(world) == ["bot"]
    assert [event["type"] for event in first.reads()] == ["greeting", "welcome", "error"]
    assert [event["type"] for event in second.reads()] == ["greeting", "welcome"]


def test_a_program_that_cannot_be_looked_up_is_told_so() -> None:
    world, disk = on_disk()
    disk.unreadable = True
    bot = program(world, "bot", resume=True)
    assert error(bot) == "not-readable"
    assert nicks(world) == []


def test_a_guest_who_is_gone_and_comes_back_by_a_password_has_the_inbox_of_the_account() -> None:
    world, _ = on_disk()
    ana, bob = program(world, "ana", "of ana"), world.person("bob")
    ana.asks("register", id=1, password="secreto-uno")
    guest = program(world, "guest")
    bob.says("/msg ana for ana", "/msg guest for the guest")
    guest.sends_objects({"type": "bye"})
    world.settle()
    back = program(world, "ana", password="secreto-uno", after={"huddle": 0, "@": 0}, resume=True)
    assert back.welcome["nick"] == "ana"
    assert back.said() == ["for ana"]
    assert "@" in [each["room"] for each in back.heard if each["type"] == "reset"]


def test_the_session_of_one_account_is_none_of_another_s_whose_password_is_brought() -> None:
    world, _ = on_disk()
    for nick in ("ana", "bob"):
        bot = program(world, nick, f"secret of {nick}")
        bot.asks("register", id=1, password="secreto-uno")
        bot.sends_objects({"type": "bye"})
        world.settle()
    thief = program(world, "bob", "secret of ana", password="secreto-uno")
    assert error(thief) == "account-nick"
    assert "bob" not in nicks(world)


def test_a_program_that_is_forgotten_while_it_comes_back_has_said_what_it_has() -> None:
    world = World(Forgetful())
    bot = program(world, "bot")
    bot.asks("say", id=5, text="once")
    for _ in range(2):
        bot.sends_objects({"type": "bye"})
        world.settle()
        bot = program(world, "bot")
        assert bot.welcome["last_id"] == 5
