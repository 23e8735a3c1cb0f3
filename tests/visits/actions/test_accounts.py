"""Registering a nick, logging in to it from inside, and changing its password."""

from __future__ import annotations

import pytest

from huddle.people.rates import HOUR_MS
from huddle.protocol.errors import TooMany
from huddle.protocol.limits import Limits
from tests.slow_record import SlowRecord
from tests.world import Peer, World

LANGUAGES = ["en", "es"]
IN_CLEAR = {
    "en": "-- This connection is not encrypted: others on the way could read your password.",
    "es": "-- Esta conexión no está cifrada: en el camino podrían leer tu clave.",
}
REGISTERED = {
    "en": "-- The nick ana is registered: from now on it needs its password.",
    "es": "-- El apodo ana queda registrado: desde ahora pide su clave.",
}
ALREADY = {"en": "-- That is registered already.", "es": "-- Eso ya está registrado."}
LENGTHS = {
    "en": "-- A password has 8 to 128 characters.",
    "es": "-- Una clave tiene de 8 a 128 caracteres.",
}
LOGGED_IN = {
    "en": "-- You are logged in as ana.",
    "es": "-- Has entrado con la cuenta ana.",
}
WRONG = {"en": "-- That is not the password.", "es": "-- Esa no es la clave."}
NEEDED = {
    "en": "-- ana is registered. If that is you: /login ana PASSWORD",
    "es": "-- El apodo ana está registrado. Si es tuyo: /acceder ana CLAVE",
}
NEXT = {
    "en": "-- The next line is its password; an empty one asks for another nick.",
    "es": "-- La línea siguiente es su clave; una vacía pide otro apodo.",
}
DONE = {"en": "-- Done.", "es": "-- Hecho."}
OTHERS_DO = {
    "en": "-- Only those with an account may do that; /register makes one.",
    "es": "-- Eso solo puede hacerlo quien tiene cuenta; /registrar crea una.",
}
NOT_RECORDED = "-- Not recorded, and nobody has seen it. Try again."

SECRET, OTHER = "secreto-uno", "secreto-dos"


def local(world: World, nick: str) -> Peer:
    """A person at this machine, who is not warned of the others on the way."""
    return world.person(nick, address="127.0.0.1")


def registered(world: World, nick: str = "ana", password: str = SECRET) -> Peer:
    """A person whose nick is registered."""
    peer = local(world, nick)
    peer.says(f"/register {password}")
    heard = peer.reads()
    assert len(heard) == 1 and nick in heard[0], heard
    return peer


def members(world: World) -> dict[str, list[int]]:
    """Every account, with the numbers of its sessions."""
    return {account.nick: list(account.sessions) for account in world.huddle.registry.accounts}


# Registering


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("command", ["register", "registrar"])
def test_a_person_registers_their_nick(language: str, command: str) -> None:
    world = World(language=language)
    ana, bob = world.person("ana"), world.person("bob")
    ana.forgets()
    ana.says(f"/{command} {SECRET}")
    ana.hears(IN_CLEAR[language], REGISTERED[language])
    bob.hears()
    assert members(world) == {"ana": [1]}
    ana.says(f"/{command} {SECRET}")
    ana.hears(ALREADY[language])


def test_a_program_registers_its_nick() -> None:
    world = World()
    bot, bob = world.program("bot"), world.person("bob")
    bot.forgets()
    assert bot.asks("register", id=3, password=SECRET) == {"type": "reply", "id": 3, "nick": "bot"}
    refused = bot.asks("register", id=4, password=SECRET)
    assert (refused["code"], refused["id"]) == ("already-registered", 4)
    bob.hears()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_password_of_the_wrong_length_is_refused(language: str) -> None:
    world = World(language=language)
    ana = local(world, "ana")
    for password, fits in (("x" * 7, False), ("ñ" * 129, False), ("ñ" * 128, True)):
        ana.says(f"/register {password}")
        ana.hears(REGISTERED[language] if fits else LENGTHS[language])
    ana.says(f"/password {'ñ' * 128} {'x' * 7}")
    ana.hears(LENGTHS[language])


def test_a_program_hears_what_is_wrong_with_its_password() -> None:
    bot = World().program("bot")
    assert bot.asks("register", id=1, password="short")["code"] == "bad-password"
    assert bot.asks("register", id=1, password="x" * 129)["code"] == "bad-password"
    assert bot.asks("register", id=1, password=12345678)["code"] == "bad-field"


def test_from_one_address_so_many_nicks_are_registered_in_an_hour() -> None:
    world = World(limits=Limits(registrations=2))
    people = [world.person(nick) for nick in ("ana", "bob", "carla")]
    for peer in people:
        peer.says(f"/register {SECRET}")
    assert len(members(world)) == 2
    elsewhere = world.person("dan", address="10.0.0.9")
    elsewhere.says(f"/register {SECRET}")
    assert "dan" in members(world)
    world.passes(HOUR_MS / 1000)
    people[2].says(f"/register {SECRET}")
    assert "carla" in members(world)


def test_what_is_refused_is_not_counted_and_needs_no_hash() -> None:
    world = World(limits=Limits(registrations=1))
    ana, bob = world.person("ana"), world.person("bob")
    for _ in range(3):
        ana.says("/register short")
    ana.says(f"/register {SECRET}")
    world.passwords.held = True
    bob.says(f"/register {SECRET}")
    assert world.passwords.waiting == 0
    assert list(members(world)) == ["ana"]


def test_there_are_so_many_accounts_in_all() -> None:
    world = World(limits=Limits(accounts=1))
    registered(world)
    bot = world.program("bot")
    assert bot.asks("register", id=1, password=SECRET)["code"] == "too-many"
    assert list(members(world)) == ["ana"]


def test_too_much_hashing_is_told_and_may_be_asked_for_again() -> None:
    world = World()
    bot = world.program("bot")
    world.passwords.failure = TooMany("hashing", 32)
    assert bot.asks("register", id=1, password=SECRET)["code"] == "too-many"
    assert bot.asks("login", id=2, nick="ana", password=SECRET)["code"] == "not-registered"
    world.passwords.failure = None
    assert bot.asks("register", id=3, password=SECRET)["type"] == "reply"


def test_the_return_word_of_a_guest_dies_when_they_register() -> None:
    world = World()
    ana = registered(world)
    ana.cut()
    other = world.connect()
    other.forgets()
    other.says(f"/back {ana.word}")
    other.hears("-- That return word opens nothing, or not any more.")


def test_a_registered_person_is_in_their_rooms_as_before() -> None:
    world = World()
    ana, bob = local(world, "ana"), local(world, "bob")
    ana.says("/join ops")
    bob.says("/join ops")
    ana.forgets()
    bob.forgets()
    ana.says(f"/register {SECRET}", "hola")
    bob.hears("<ana> hola")
    bob.says("/who")
    bob.hears("-- 2 here: bob, ana.")
    ana.says("/quiet on", "/quit")
    bob.hears("-- ana made the room quiet: only those with a voice speak", "-- ana left")


@pytest.mark.parametrize("crash", [False, True])
def test_a_nick_stays_registered_while_nobody_is_there_and_after_a_restart(crash: bool) -> None:
    world = World(SlowRecord())
    ana = registered(world)
    ana.says("/quit")
    if crash:
        world = world.crashes()
    other = world.connect("127.0.0.1")
    other.forgets()
    other.says("ana")
    other.hears(NEEDED["en"], NEXT["en"])
    other.says(f"/login {SECRET}")
    assert other.reads()[0].startswith("-- Hello ana.")


# Meanwhile


def test_whoever_is_cut_while_the_password_is_hashed_is_registered_and_held() -> None:
    world = World()
    ana = local(world, "ana")
    world.passwords.held = True
    ana.says(f"/register {SECRET}")
    ana.cut()
    world.passwords.answers()
    world.passwords.held = False
    world.settle()
    assert members(world) == {"ana": [1]}
    again = world.connect("127.0.0.1")
    again.forgets()
    again.says(f"/back {ana.word}", f"/login ana {SECRET}")
    assert again.reads()[1].startswith("-- Hello ana.")
    assert members(world) == {"ana": [1]}


def test_whoever_ends_their_input_behind_it_is_registered() -> None:
    """``printf 'ana\\n/register secreto-uno\\n' | nc -N host 55123``"""
    world = World()
    ana = world.connect("127.0.0.1")
    world.passwords.held = True
    ana.sends(f"ana\n/register {SECRET}\n".encode())
    ana.ends()
    world.passwords.answers()
    world.settle()
    ana.hears_at_last(REGISTERED["en"], "-- Bye!")
    assert members(world) == {"ana": []}


def test_whoever_has_left_when_the_hash_is_there_is_not_registered() -> None:
    world = World()
    bot = world.program("bot")
    world.passwords.held = True
    bot.sends_objects({"type": "register", "id": 1, "password": SECRET})
    world.settle()
    other = bot.again()
    other.sends_objects({"type": "bye"})
    world.settle()
    world.passwords.answers()
    world.settle()
    assert members(world) == {}
    assert world.program("bot", secret="another").welcome


def test_of_two_registrations_of_one_session_that_of_the_newer_connection_counts() -> None:
    world = World()
    bot = world.program("bot")
    world.passwords.held = True
    bot.sends_objects({"type": "register", "id": 1, "password": SECRET})
    world.settle()
    other = bot.again()
    other.sends_objects({"type": "register", "id": 2, "password": OTHER})
    world.settle()
    world.passwords.answers()
    world.settle()
    assert members(world) == {"bot": [1]}
    account = world.huddle.registry.accounts.named("bot")
    assert account is not None and account.row.hash == f"plain:{OTHER}"
    assert other.reads()[-1] == {"type": "reply", "id": 2, "nick": "bot"}


# Logging in from inside


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("command", ["login", "acceder"])
def test_a_guest_logs_in_and_is_called_as_the_account(language: str, command: str) -> None:
    world = World(language=language)
    registered(world).says("/quit")
    bob, carla = local(world, "bob"), local(world, "carla")
    bob.forgets()
    bob.says(f"/{command} ANA {SECRET}")
    bob.hears(LOGGED_IN[language])
    carla.hears("-- bob is now ana" if language == "en" else "-- bob ahora es ana")
    bob.says("hola")
    carla.hears("<ana> hola")
    assert members(world) == {"ana": [2]}
    carla.says("/nick bob")
    assert carla.reads()


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("en", "That nick is not registered."), ("es", "Ese apodo no está registrado.")],
)
def test_a_password_alone_is_for_the_nick_that_one_has(language: str, sentence: str) -> None:
    guest = local(World(language=language), "zoe")
    guest.says(f"/login {SECRET}")
    guest.hears(f"-- {sentence}")


def test_a_program_logs_in_and_is_told_to_begin_anew_with_its_inbox() -> None:
    world = World()
    registered(world).says("/quit")
    bot, bob = world.program("bot"), world.person("bob")
    bot.forgets()
    bot.sends_objects({"type": "login", "id": 4, "nick": "ana", "password": SECRET})
    world.settle()
    bot.hears({"type": "reply", "id": 4, "nick": "ana"}, {"type": "reset", "room": "@"})
    bob.hears("-- bot is now ana")


def test_where_the_account_is_already_the_guest_has_left() -> None:
    world = World()
    registered(world)
    bob, carla = local(world, "bob"), local(world, "carla")
    bob.says("/join ops")
    dan = local(world, "dan")
    dan.says("/join ops")
    carla.forgets()
    dan.forgets()
    bob.says(f"/login ana {SECRET}")
    dan.hears("-- bob is now ana")
    bob.says("/join huddle")
    dan.hears("-- ana left")
    carla.hears()
    bob.says("/who")
    assert bob.reads()[-1] == "-- 2 here: ana, carla."
    eve = local(world, "eve")
    carla.forgets()
    eve.says(f"/login ana {SECRET}")
    carla.hears("-- eve left")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_wrong_password_leaves_the_guest_who_they_are(language: str) -> None:
    world = World(language=language)
    registered(world)
    bob = local(world, "bob")
    bob.forgets()
    bob.says("/login ana nada-de-eso", "/login nobody nada-de-eso")
    unknown = {"en": "-- That nick is not registered.", "es": "-- Ese apodo no está registrado."}
    bob.hears(WRONG[language], unknown[language])
    assert members(world) == {"ana": [1]}
    assert world.huddle.registry.nicks.owner("bob") is not None


def test_a_password_alone_is_for_the_registered_nick_that_was_asked_for() -> None:
    world = World()
    registered(world)
    bob = local(world, "bob")
    bob.forgets()
    bob.says(f"/login {SECRET}")
    assert members(world) == {"ana": [1]}
    bob.forgets()
    bob.says("/nick ana", f"/login {SECRET}")
    bob.hears(NEEDED["en"], LOGGED_IN["en"])


def test_whoever_is_logged_in_is_asked_for_no_other_account() -> None:
    world = World()
    ana = registered(world)
    registered(world, "bob", OTHER)
    ana.forgets()
    ana.says(f"/login bob {OTHER}")
    ana.hears(ALREADY["en"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_member_has_no_other_nick(language: str) -> None:
    world = World(language=language)
    ana = registered(world)
    ana.says("/nick anita", "/nick ana", "/nick")
    sentence = {
        "en": "-- You are logged in, and called as your account is.",
        "es": "-- Has entrado con tu cuenta, y te llamas como ella.",
    }
    heard = ana.reads()
    assert heard[0] == sentence[language]
    assert all("ana" in line for line in heard[1:])
    bot = world.program("ana", secret="bot", password=SECRET)
    assert bot.asks("nick", id=1, nick="bot")["code"] == "account-nick"


# Another password


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("command", ["password", "clave"])
def test_a_member_changes_the_password(language: str, command: str) -> None:
    world = World(language=language)
    ana = registered(world)
    ana.says(f"/{command} {SECRET} {OTHER}", f"/{command} {SECRET} {OTHER}")
    ana.hears(DONE[language], WRONG[language])
    bob = local(world, "bob")
    bob.forgets()
    bob.says(f"/login ana {SECRET}", f"/login ana {OTHER}")
    bob.hears(WRONG[language], LOGGED_IN[language])


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_guest_has_no_password_to_change(language: str) -> None:
    world = World(language=language)
    bob = local(world, "bob")
    bob.says(f"/password {SECRET} {OTHER}")
    bob.hears(OTHERS_DO[language])


def test_a_program_changes_its_password() -> None:
    world = World()
    bot = world.program("bot")
    bot.asks("register", id=1, password=SECRET)
    assert bot.asks("password", id=2, old=OTHER, new=SECRET)["code"] == "wrong-password"
    assert bot.asks("password", id=3, old=SECRET, new=OTHER) == {"type": "reply", "id": 3}


def test_a_password_that_another_checker_has_is_not_changed_here() -> None:
    world = World(others={"ana": SECRET})
    bot = world.program("ana", password=SECRET)
    assert bot.asks("password", id=3, old=SECRET, new=OTHER)["code"] == "not-allowed"


def test_a_password_that_the_record_does_not_keep_stays_as_it_was() -> None:
    world = World(SlowRecord())
    ana = registered(world)
    world.takes_nothing()
    ana.forgets()
    ana.says(f"/password {SECRET} {OTHER}")
    ana.hears(NOT_RECORDED)
    world.takes_again()
    bob = local(world, "bob")
    bob.forgets()
    bob.says(f"/login ana {OTHER}", f"/login ana {SECRET}")
    bob.hears(WRONG["en"], LOGGED_IN["en"])
    ana.cut()
    bob.cut()
    world = world.crashes()
    assert members(world) == {"ana": [1, 2]}


def test_of_two_changes_at_once_the_second_has_to_know_the_first() -> None:
    world = World(SlowRecord())
    ana = registered(world)
    bot = world.program("ana", secret="bot", password=SECRET)
    world.passwords.held = True
    ana.says(f"/password {SECRET} {OTHER}")
    bot.sends_objects({"type": "password", "id": 1, "old": SECRET, "new": "secreto-tres"})
    world.settle()
    world.passwords.answers(2)  # both have proved the old one
    world.settle()
    world.passwords.answers()
    world.settle()
    ana.hears(DONE["en"])
    bot.hears({"type": "error", "code": "wrong-password"})
    account = world.huddle.registry.accounts.named("ana")
    assert account is not None and (account.row.hash, account.row.version) == (f"plain:{OTHER}", 2)


def test_whoever_leaves_while_the_password_is_changed_is_not_here_after_a_restart() -> None:
    world = World(SlowRecord())
    bot = world.program("bot")
    bot.asks("register", id=1, password=SECRET)
    world.passwords.held = True
    bot.sends_objects({"type": "password", "id": 2, "old": SECRET, "new": OTHER})
    world.settle()
    other = bot.again()
    world.passwords.answers()
    world.settle()
    other.sends_objects({"type": "bye"})
    world.settle()
    world.passwords.answers()
    world.settle()
    world = world.crashes()
    assert not world.huddle.registry.sessions
    assert world.program("bot", secret="another", password=OTHER).welcome


# Operators register others


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_operator_registers_somebody_else(language: str) -> None:
    world = World(language=language, operators=["root"], others={"root": SECRET})
    root = world.connect("127.0.0.1")
    root.says(f"/login root {SECRET}")
    root.forgets()
    root.says(f"/register ana {OTHER}")
    root.hears(DONE[language])
    root.says(f"/register ANA {OTHER}")
    root.hears(ALREADY[language])
    ana = world.connect("127.0.0.1")
    ana.says(f"/login Ana {OTHER}")
    assert any(" ana." in line for line in ana.reads())
    audit = world.record.audit(5)
    entries: list[str] = []
    audit.addCallback(lambda acts: entries.extend(f"{act.act} {act.target}" for act in acts))
    assert entries == ["register ana"]


def test_nobody_else_registers_somebody_else() -> None:
    world = World()
    registered(world)
    for bot in (world.program("ana", password=SECRET), world.program("bob")):
        assert bot.asks("register", id=1, nick="dan", password=OTHER)["code"] == "not-allowed"
    assert list(members(world)) == ["ana"]


def test_an_operator_registers_nobody_who_is_here_nor_who_looks_like_them() -> None:
    world = World(operators=["root"], others={"root": SECRET})
    root = world.program("root", password=SECRET)
    local(world, "ana")
    root.forgets()
    for nick in ("ana", "Ana", "аna"):
        refused = root.asks("register", id=1, nick=nick, password=OTHER)
        assert refused["code"] == "nick-taken", nick
    assert root.asks("register", id=1, nick="<>", password=OTHER)["code"] == "bad-nick"
    assert list(members(world)) == ["root"]


def test_what_an_operator_registers_and_the_record_does_not_keep_is_not_registered() -> None:
    world = World(SlowRecord(), operators=["root", "next"], others={"root": SECRET})
    root = world.program("root", password=SECRET)
    world.takes_nothing()
    for nick in ("ana", "next"):
        refused = root.asks("register", id=1, nick=nick, password=OTHER)
        assert refused["code"] == "not-recorded"
    world.takes_again()
    world.person("ana")
    assert "ana" in [session.nick for session in world.huddle.registry.sessions]
    stranger = world.connect()
    stranger.forgets()
    stranger.says("next")
    assert stranger.reads()[0].startswith(
        "-- next is kept for an operator"
    )  # it is kept free as before
    assert root.asks("register", id=2, nick="next", password=OTHER) == {"type": "reply", "id": 2}


def test_an_ipv6_48_registers_three_times_as_many_whatever_64_they_come_from() -> None:
    world = World(SlowRecord(), limits=Limits(registrations=1))
    told = []
    for number in range(4):
        peer = world.person(f"n{number}", address=f"2001:db8:1:{number}::1")
        peer.says("/register a-long-password")
        told.append(peer.reads()[-1])
    assert [line.startswith("-- No more than 3 nicks") for line in told] == [False] * 3 + [True]
