"""Behind a registered nick the next line is a password, and never becomes a nick."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from huddle.dialects.plain.keys import edited
from huddle.protocol.text import clean
from tests.conversations.test_secrets import HIDDEN, Log, heard, logged
from tests.world import Peer, Program, World

__all__ = ["logged"]

SECRET = "correct-horse"
NEXT = {
    "en": "-- The next line is its password; an empty one asks for another nick.",
    "es": "-- La línea siguiente es su clave; una vacía pide otro apodo.",
}
WRONG = {"en": "-- That is not the password.", "es": "-- Esa no es la clave."}
WHAT = {"en": "-- What is your nick?", "es": "-- ¿Cuál es tu apodo?"}
languages = pytest.mark.parametrize("language", ["en", "es"])


def house(language: str = "en") -> World:
    """One in which the nick bob is registered."""
    return World(language=language, others={"bob": SECRET})


def at_the_prompt(world: World, nick: str = "bob") -> Peer:
    """A person who has given the nick."""
    peer = world.connect("127.0.0.1")
    peer.says(nick)
    peer.forgets()
    return peer


def nicks(world: World) -> list[str]:
    return [session.nick for session in world.huddle.registry.sessions]


@languages
def test_the_next_line_is_the_password(language: str) -> None:
    world = house(language)
    peer = world.connect("127.0.0.1")
    peer.says("bob")
    assert peer.reads()[-1] == NEXT[language]
    peer.says(SECRET)
    assert peer.reads()[0].startswith({"en": "-- Hello bob.", "es": "-- Hola, bob."}[language])
    assert nicks(world) == ["bob"]


@languages
@pytest.mark.parametrize(
    "slip", ["hunter2", "Hunter.2", "/s3cret", "  hunter2  ", "hunter2 and more", "//x", "eva", "é"]
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r\0"])
def test_a_password_that_is_wrong_is_asked_for_again(language: str, slip: str, end: str) -> None:
    world = house(language)
    ana = world.person("ana-maria")
    peer = at_the_prompt(world)
    peer.sends(f"{slip}{end}".encode())
    world.settle()
    peer.hears(WRONG[language], NEXT[language])
    peer.sends(f"{slip}{end}".encode())
    world.settle()
    assert peer.reads()[-1] == NEXT[language]
    ana.hears()
    assert nicks(world) == ["ana-maria"]
    assert all(slip.strip() not in line for line in peer.heard + ana.heard)


@languages
@pytest.mark.parametrize("empty", ["", " ", "\t ", "\r", "/nick"])
def test_an_empty_line_goes_back_to_the_question_for_a_nick(language: str, empty: str) -> None:
    world = house(language)
    peer = at_the_prompt(world)
    peer.says("hunter2")
    peer.forgets()
    peer.says(empty)
    peer.hears(WHAT[language])
    peer.says("", "carla")
    assert nicks(world) == ["carla"]


@languages
def test_commands_are_commands_all_the_same(language: str) -> None:
    world = house(language)
    peer = at_the_prompt(world)
    peer.says("/lang es" if language == "en" else "/lang en", "/login nobody hunter2")
    other = {"en": "es", "es": "en"}[language]
    assert peer.reads()[-1] == WHAT[other]
    peer.says("bob", f"/login bob {SECRET}")
    assert nicks(world) == ["bob"]
    leaving = at_the_prompt(world)
    leaving.says("salir")
    assert leaving.closed


@languages
def test_a_wrong_password_behind_login_is_not_typed_again_as_a_nick(language: str) -> None:
    world = house(language)
    peer = world.connect("127.0.0.1")
    peer.says("/login bob hunter2", "hunter2")
    assert nicks(world) == []
    assert peer.reads()[1:] == [WRONG[language], WRONG[language], NEXT[language]]


@languages
@pytest.mark.parametrize("command", ["/login", "/acceder", "  /LOGIN  "])
def test_login_alone_behind_a_nick_that_is_held_asks_for_its_password(
    language: str, command: str
) -> None:
    world = World(language=language)
    world.person("eva").cut()
    peer = world.connect("127.0.0.1")
    peer.says("eva", command)
    assert peer.reads()[-1] == NEXT[language]
    peer.says("hunter2")
    assert nicks(world) == ["eva"]
    peer.says("mia")
    assert nicks(world) == ["eva", "mia"]


@languages
def test_who_has_to_wait_still_types_a_password(language: str) -> None:
    world = house(language)
    peer = at_the_prompt(world)
    for _ in range(20):
        peer.says("hunter2")
    assert any("Too many tries" in line or "Demasiados" in line for line in peer.reads())
    assert nicks(world) == []


def test_what_is_typed_ahead_in_one_write_is_heard_in_its_order() -> None:
    world = house()
    world.connect("127.0.0.1").says("bob", SECRET, "hola")
    assert nicks(world) == ["bob"]
    other = world.connect("127.0.0.1")
    other.says("bob", "", "eva", "", "hola")
    assert nicks(world) == ["bob", "eva"]


def test_a_longer_line_than_any_password_is_none() -> None:
    world = house()
    peer = at_the_prompt(world)
    peer.says("x" * 20_000)
    peer.hears(WRONG["en"])
    peer.says("hunter2")
    assert nicks(world) == []


AROUND = st.text().filter(lambda text: not {"\n", "\r"} & set(text))


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(AROUND, AROUND)
def test_nothing_of_it_is_shown_or_kept(logged: Log, before: str, behind: str) -> None:
    assume(clean(edited(before + HIDDEN + behind)).strip())  # all erased, it is no password
    world = house()
    ana, bot = world.person("ana"), world.program("bot")
    peer = at_the_prompt(world)
    peer.says(f"{before}{HIDDEN}{behind}", f"{behind}{HIDDEN}")
    assert nicks(world) == ["ana", "bot"]
    assert HIDDEN not in heard(ana, bot, peer)
    assert HIDDEN not in logged.text
    assert not world.record.extent("huddle").newest


DOUBT = {
    "en": "-- That could be a password, and is not taken as a nick: /nick NAME takes it as one,"
    " /login NICK PASSWORD brings a password.",
    "es": "-- Eso podría ser una clave, y no se toma como apodo: /apodo NOMBRE lo toma,"
    " /acceder APODO CLAVE trae una clave.",
}


def behind_a_held_nick(world: World, nick: str = "carol") -> Peer:
    """A person who has been told that the nick, which nobody registered, is kept for another."""
    world.person(nick).cut()
    return at_the_prompt(world, nick)


@languages
@pytest.mark.parametrize(
    "before", [[], ["/login", "wrong-one"], ["/login wrong-one"], ["/acceder carol wrong-one"]]
)
def test_what_could_be_a_password_is_no_nick_behind_one_that_is_held(
    language: str, before: list[str]
) -> None:
    world = World(language=language)
    ana = world.person("ana")
    peer = behind_a_held_nick(world)
    peer.says(*before)
    peer.forgets()
    ana.forgets()
    peer.says("hunter22", "hunter22", "Passw0rd-1")
    peer.hears(*[DOUBT[language]] * 3)
    ana.hears()
    assert nicks(world) == ["ana", "carol"]
    assert not {"hunter22", "Passw0rd-1"} & set(" ".join(peer.heard).split())
    peer.says("/nick hunter22" if language == "en" else "/apodo hunter22")
    assert nicks(world) == ["ana", "carol", "hunter22"]


@languages
@pytest.mark.parametrize(
    "other", ["mia", "caro-li", "maximilian2", "MAXIMILIAN2", "/nick caroline-marie"]
)
def test_a_nick_is_one_where_no_password_could_be_meant(language: str, other: str) -> None:
    world = World(language=language)
    peer = behind_a_held_nick(world, "maximilian")
    peer.says("maximilian", other)
    assert nicks(world) == ["maximilian", other.rpartition(" ")[2]]


@languages
@pytest.mark.parametrize("login", ["/login", "/login hunter22", "/acceder", "/acceder hunter22"])
def test_what_follows_a_login_without_a_nick_is_no_nick_where_it_could_be_a_password(
    language: str, login: str
) -> None:
    world = World(language=language)
    peer = world.connect()
    peer.says(login)
    peer.forgets()
    peer.says("hunter22")
    peer.hears(DOUBT[language])
    assert not nicks(world)
    peer.says("bob")
    assert nicks(world) == ["bob"]


@languages
def test_behind_a_login_with_a_nick_that_is_none_a_password_is_no_nick_either(
    language: str,
) -> None:
    world = house(language)
    peer = at_the_prompt(world)
    peer.says("/login b@b hunter22", "hunter22")
    assert peer.reads()[-1] == DOUBT[language]
    assert not nicks(world)


def test_what_is_suggested_is_a_nick_behind_a_login_without_one() -> None:
    world = World()
    peer = behind_a_held_nick(world, "maximilian")
    peer.says("/login nobody hunter22", "maximilian2")
    assert nicks(world) == ["maximilian", "maximilian2"]


def test_whoever_is_inside_says_what_they_type() -> None:
    world = house()
    ana, peer = world.person("ana"), at_the_prompt(world)
    peer.says("hunter22", SECRET, "hunter22")
    ana.hears("-- bob joined", "<bob> hunter22")


def test_a_program_says_hello_again_whatever_it_was_told_of_the_nick() -> None:
    world = World()
    world.person("carol").cut()
    bot = Program(world, "carol", "a secret")
    world.attach(bot)
    bot.enters()
    bot.forgets()
    assert bot.asks("nick", id=1, nick="robot")["code"] == "hello-first"
    bot.nick = "robot"
    bot.enters()
    assert nicks(world) == ["carol", "robot"]
