"""One connection's stay: what may be asked at the door and inside, and how a stay ends."""

from __future__ import annotations

import pytest
from twisted.internet.defer import fail
from twisted.python.failure import Failure

from huddle.protocol.errors import UnknownRequest
from huddle.protocol.limits import Limits
from tests.slow_record import SlowRecord
from tests.world import TRANSPORTS, Json, Peer, Program, World

REPLACED = "-- You are here from another connection now; this one ends."
FIRST = {"en": "-- First say who you are.", "es": "-- Primero di quién eres."}
LATIN = {
    "en": "-- Your terminal does not send UTF-8; I read it as Latin-1.",
    "es": "-- Tu terminal no envía UTF-8; lo leo como Latin-1.",
}
NOT_READABLE = "-- The record cannot be read just now. Try again."
LANGUAGES = ("en", "es")


def on_disk() -> tuple[World, SlowRecord]:
    disk = SlowRecord()
    return World(disk), disk


def newcomer(world: World) -> Peer:
    """Somebody at the door who has read the greeting."""
    peer = world.connect()
    peer.forgets()
    return peer


def comes_back(world: World, word: str) -> Peer:
    peer = newcomer(world)
    peer.says(f"/back {word}")
    return peer


def at_the_door(world: World, nick: str = "bot") -> Program:
    """A program that has not said hello."""
    program = Program(world, nick, f"secret of {nick}")
    world.attach(program)
    world.settle()
    program.forgets()
    return program


def nicks(world: World) -> list[str]:
    return [session.nick for session in world.huddle.registry.sessions]


# At the door, people


@pytest.mark.parametrize("language", LANGUAGES)
def test_whoever_has_no_nick_may_ask_for_help_and_is_told_to_say_who_they_are(
    language: str,
) -> None:
    world = World(language=language)
    ana = newcomer(world)
    ana.says("/help")
    assert len(ana.reads()) == 6
    for line in ("/who", "/nick ana", "/me waves", "/history", "/search x"):
        ana.says(line)
        ana.hears(FIRST[language])
    assert nicks(world) == []


def test_a_nick_that_is_none_or_taken_is_asked_for_again() -> None:
    world = World()
    world.person("ana")
    bob = newcomer(world)
    bob.says("-bob", "ana", "bob>yes,", "x" * 25)
    bob.hears(
        "-- A nick begins and ends with a letter or a digit.",
        "-- The nick ana is taken. ana2 is free.",
        "-- A nick has letters, digits and inner - _ . ' only.",
        "-- A nick has at most 24 characters.",
    )
    bob.says("ana2")
    assert "Hello ana2" in bob.reads()[0]


def test_a_nick_that_is_taken_is_refused_in_spanish() -> None:
    world = World(language="es")
    world.person("ana")
    bob = newcomer(world)
    bob.says("ana")
    bob.hears("-- El apodo ana ya está en uso. ana2 está libre.")


@pytest.mark.parametrize("goodbye", ["/quit", "/salir", "salir", "/exit"])
def test_whoever_has_no_nick_may_leave(goodbye: str) -> None:
    world = World()
    ana = newcomer(world)
    ana.says(goodbye)
    ana.hears("-- Bye!")
    assert ana.closed and nicks(world) == []


def test_a_program_is_refused_in_the_language_of_its_hello() -> None:
    world = World(language="en")
    bot = Program(world, "a b", "secret")
    world.attach(bot, "10.0.0.2")
    bot.hellos(lang="es")
    world.settle()
    [refused] = [event for event in bot.reads() if event["type"] == "error"]
    assert str(refused["text"]).startswith("Un apodo solo lleva letras")


def test_the_language_and_the_times_may_be_chosen_at_the_door() -> None:
    world = World()
    bob = world.person("bob")
    ana = newcomer(world)
    ana.says("/lang es", "/times on", "ana")
    heard = ana.reads()
    assert heard[0] == "-- Ahora hablo español."
    assert heard[2].startswith("-- Hola, ana.")
    ana.forgets()
    bob.says("hola")
    ana.hears("12:00 <bob> hola")


def test_lines_that_come_with_the_nick_are_said_in_their_order() -> None:
    world, disk = on_disk()
    bob = world.person("bob")
    disk.slow = True
    ana = newcomer(world)
    ana.says("ana", "1", "2")
    bob.hears()
    disk.slow = False
    disk.writes()
    world.settle()
    bob.hears("-- ana joined", "<ana> 1", "<ana> 2")


@pytest.mark.parametrize("language", LANGUAGES)
def test_whoever_gives_no_nick_within_a_minute_is_told_and_goes(language: str) -> None:
    world = World(language=language)
    ana = newcomer(world)
    world.passes(30)
    ana.says("/help")
    ana.forgets()
    world.passes(29.9)
    assert not ana.closed
    world.passes(0.2)
    ana.hears(
        {
            "en": "-- You gave no nick in time. Come again!",
            "es": "-- No has dado un apodo a tiempo. ¡Vuelve cuando quieras!",
        }[language]
    )
    assert ana.closed


def test_whose_nick_cannot_be_kept_in_a_minute_goes_too_and_may_come_again() -> None:
    world, disk = on_disk()
    ana = newcomer(world)
    disk.slow = True
    ana.says("ana")
    world.passes(61)
    ana.hears("-- You gave no nick in time. Come again!")
    disk.slow = False
    disk.writes()
    world.settle()
    assert nicks(world) == ["ana"]
    world.passes(121)
    assert nicks(world) == []


def test_whoever_has_a_nick_is_not_too_late_any_more() -> None:
    world = World()
    ana = world.person("ana")
    ana.connection.visit.took_too_long()
    assert not ana.closed


# At the door, programs


def test_a_program_may_ping_before_the_hello() -> None:
    bot = at_the_door(World())
    assert bot.asks("ping", id=7) == {"type": "pong", "id": 7}


@pytest.mark.parametrize("type", ["who", "rooms", "history"])
def test_a_program_is_told_to_say_hello_first_and_to_what(type: str) -> None:
    bot = at_the_door(World())
    answer = bot.asks(type, id=3)
    assert (answer["code"], answer["id"]) == ("hello-first", 3)


def test_a_program_that_says_something_first_is_told_to_say_hello_first() -> None:
    bot = at_the_door(World())
    answer = bot.asks("say", id=3, text="hola")
    assert (answer["code"], answer["id"]) == ("hello-first", 3)
    bot.enters()
    assert bot.welcome["last_id"] == 0


def test_a_program_may_leave_before_the_hello() -> None:
    bot = at_the_door(World())
    bot.sends_objects({"type": "bye"})
    bot.world.settle()
    bot.hears({"type": "bye"})
    assert bot.closed


def test_errors_of_a_program_are_in_the_language_of_its_hello() -> None:
    world = World()
    bot, bot_es = world.program("bot"), world.program("bot2", lang="es")
    texts = [each.asks("who", id=1, room="none")["text"] for each in (bot, bot_es)]
    assert texts == ["You are in no room none.", "No estás en ninguna sala none."]


def test_a_language_that_nobody_knows_is_that_of_the_house() -> None:
    world = World(language="es")
    bot = world.program("bot", lang="tlh")
    assert bot.asks("who", id=1, room="none")["text"].startswith("No estás")


# Inside, people


def test_a_person_inside_may_ask_for_everything() -> None:
    world = World()
    ana = world.person("ana")
    world.person("bob")
    ana.forgets()
    ana.says("/who", "/nick", "/nick eva", "/me waves", "/lang en")
    ana.hears("-- 2 here: ana, bob.", "-- you are ana", "-- you are eva", "-- I speak English now.")
    ana.says("/help")
    assert ana.reads()[-1] == "-- /quit · /salir: leaves"


def test_a_person_inside_may_ask_for_everything_in_spanish() -> None:
    world = World(language="es")
    ana = world.person("ana")
    ana.says("/quien", "/apodo", "/apodo eva", "/yo saluda", "/idioma es")
    ana.says("/historial", "/buscar x")
    ana.hears(
        "-- Hay 1 aquí: ana.",
        "-- eres ana",
        "-- eres eva",
        "-- Ahora hablo español.",
        "12:00 * eva saluda",
        "-- No hay nada que mostrar.",
    )
    ana.says("/ayuda")
    assert ana.reads()[-1].startswith("-- /quit · /salir: ")


def test_what_does_not_make_sense_is_said_to_be_so() -> None:
    world = World()
    ana = world.person("ana")
    ana.says("/dance", "/lang", "/history x")
    unknown, lang, history = ana.reads()
    assert unknown == "-- There is no command dance. /help lists them; //dance says it."
    ana.says("/", "/ help", "/\thelp", "/\u00a0help")
    assert ana.reads() == 4 * [
        "-- A command stands right behind its slash: /help lists them; what begins with // is said."
    ]
    assert lang == "-- It is typed like this: /lang en|es · /idioma en|es"
    assert history.startswith("-- It is typed like this: /history")


def test_live_lines_show_their_time_if_one_wishes() -> None:
    world = World()
    ana, bob = world.person("ana"), world.person("bob")
    ana.forgets()
    ana.says("/times")
    bob.says("1")
    ana.says("/times off")
    bob.says("2")
    ana.says("/times on", "/times on")
    bob.says("3")
    ana.hears(
        "-- every line shows its time",
        "12:00 <bob> 1",
        "-- new lines show no time",
        "<bob> 2",
        "-- every line shows its time",
        "-- every line shows its time",
        "12:00 <bob> 3",
    )


def test_each_speaks_their_own_language() -> None:
    world = World()
    ana, bob = world.person("ana"), world.person("bob")
    ana.says("/lang es")
    ana.forgets()
    bob.forgets()
    world.person("carla")
    ana.hears("-- carla ha entrado")
    bob.hears("-- carla joined")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_not_utf_8_is_read_as_latin_1_with_one_hint(language: str) -> None:
    world = World(language=language)
    ana, bob = world.person("ana"), world.person("bob")
    ana.forgets()
    for text in ("¿qué?", "mañana"):
        ana.sends(text.encode("latin-1") + b"\n")
        world.settle()
    ana.hears(LATIN[language])
    bob.hears("<ana> ¿qué?", "<ana> mañana")


def test_a_nick_may_be_typed_in_latin_1() -> None:
    world = World()
    peer = newcomer(world)
    peer.sends("José\n".encode("latin-1"))
    world.settle()
    assert nicks(world) == ["José"]
    assert peer.reads()[0] == LATIN["en"]


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_a_text_that_is_too_long_is_refused_whole_and_one_stays(transport: str) -> None:
    world = World(transport=transport)
    ana, bob = world.person("ana"), world.person("bob")
    ana.forgets()
    ana.says("ñ" * 2049, "corto")
    ana.hears("-- Not said: a text has at most 4096 bytes, and this one had more.")
    bob.hears("<ana> corto")


def test_what_was_no_line_is_refused_as_long_as_somebody_listens() -> None:
    world = World(limits=Limits(line=100))
    ana = world.person("ana")
    ana.says("x" * 101)
    ana.hears("-- Not said: the line went on beyond 100 bytes without an end.")
    ana.says("/quit", "x" * 101)
    ana.hears("-- Bye!")


# Inside, programs


def ana_and_bot() -> tuple[Peer, Program]:
    world = World()
    bot = world.program("bot")
    ana = world.person("ana")
    bot.forgets()
    return ana, bot


def test_a_program_inside_may_ask_for_everything_and_answers_have_its_id() -> None:
    ana, bot = ana_and_bot()
    ana.says("hola")
    bot.forgets()
    ana.cut()
    reply = {"type": "reply", "id": 5}
    asked: dict[str, Json] = {
        "who": {"count": 2, "here": ["bot", "ana"], "away": ["ana"]},
        "rooms": {"rooms": [{"room": "huddle", "count": 2}]},
        "history": {"room": "huddle", "more": False, "later": 0},
    }
    for type, answer in asked.items():
        heard = bot.asks(type, id=5)
        assert {name: heard[name] for name in {**reply, **answer}} == {**reply, **answer}
    assert bot.asks("nick", id=5, nick="robot") == {**reply, "nick": "robot"}
    assert bot.asks("search", id=5, words="hola")["messages"][0]["text"] == "hola"
    assert bot.asks("ping") == {"type": "pong"}


def test_what_is_refused_has_the_requests_id() -> None:
    _, bot = ana_and_bot()
    refused: dict[str, tuple[Json, str]] = {
        "nick": ({"nick": "ana"}, "nick-taken"),
        "who": ({"room": "none"}, "no-such-room"),
        "history": ({"room": "none"}, "no-such-room"),
        "search": ({"words": "x", "room": "none"}, "no-such-room"),
        "say": ({"text": "x", "room": "none"}, "no-such-room"),
        "dance": ({}, "unknown-request"),
    }
    for type, (fields, code) in refused.items():
        answer = bot.asks(type, id=8, **fields)
        assert (answer["type"], answer["code"], answer["id"]) == ("error", code, 8)
    assert bot.asks("say", id=8, text=" ")["code"] == "text-empty"
    assert bot.asks("say", id=8, text="x" * 4097)["limit"] == 4096


def test_a_second_hello_is_refused_and_the_stay_goes_on() -> None:
    ana, bot = ana_and_bot()
    bot.hellos()
    bot.world.settle()
    [answer] = bot.reads()
    assert answer["code"] == "unknown-request"
    bot.says("hola")
    ana.hears("<bot> hola")


def test_what_comes_behind_a_hello_waits_for_the_welcome() -> None:
    world, disk = on_disk()
    bot = at_the_door(world)
    disk.slow = True
    bot.hellos()
    bot.sends_objects({"type": "ping", "id": 1})
    world.settle()
    bot.hears()
    disk.writes()
    world.settle()
    bot.hears({"type": "welcome"}, {"type": "pong", "id": 1})


# The past


@pytest.mark.parametrize("request_", ["/history", "/search hola"])
def test_what_is_asked_of_the_past_comes_before_what_is_asked_next(request_: str) -> None:
    world = World()
    ana = world.person("ana")
    ana.says("hola")
    ana.says(request_, "/nick")
    ana.hears("12:00 <ana> hola", "-- you are ana")


def test_a_past_that_cannot_be_read_is_told_with_the_requests_id() -> None:
    world, disk = on_disk()
    ana, bot = world.person("ana"), world.program("bot")
    ana.says("hola")
    disk.unreadable = True
    ana.says("/history")
    ana.hears_at_last(NOT_READABLE)
    bot.forgets()
    answer = bot.asks("history", id=4)
    assert (answer["code"], answer["id"]) == ("not-readable", 4)


def test_a_fault_in_reading_the_past_is_logged_and_told(
    monkeypatch: pytest.MonkeyPatch, logged_failures: list[Failure]
) -> None:
    world, disk = on_disk()
    ana = world.person("ana")
    monkeypatch.setattr(disk, "read", lambda *_: fail(KeyError("a fault")))
    ana.says("/history")
    ana.hears(NOT_READABLE)
    assert [failure.type for failure in logged_failures] == [KeyError]
    logged_failures.clear()


# The end


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize("goodbye", ["/salir", "/quit", "salir", " Salir "])
def test_a_person_leaves(goodbye: str, transport: str) -> None:
    world = World(transport=transport)
    ana, bob = world.person("ana"), world.person("bob")
    ana.forgets()
    bob.says("x", goodbye, "not said any more")
    by_word = "-- You leave by the word alone; //salir says it."
    bob.hears(*([] if goodbye.startswith("/") else [by_word]), "-- Bye!")
    ana.hears("<bob> x", "-- bob left")
    assert bob.closed and nicks(world) == ["ana"]


def test_a_person_is_told_goodbye_in_spanish() -> None:
    ana = World(language="es").person("ana")
    ana.says("/salir")
    ana.hears("-- ¡Hasta luego!")


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_a_person_whose_input_ends_leaves_behind_their_last_line(transport: str) -> None:
    world = World(transport=transport)
    ana, bob = world.person("ana"), world.person("bob")
    ana.forgets()
    bob.sends(b"x\nlast")
    bob.ends()
    ana.hears("<bob> x", "<bob> last", "-- bob left")
    bob.hears("-- Bye!")
    assert bob.gone


def test_a_program_that_says_bye_has_left_for_good() -> None:
    ana, bot = ana_and_bot()
    bot.sends_objects({"type": "bye"})
    bot.world.settle()
    bot.hears({"type": "bye"})
    ana.hears("-- bot left")


def test_a_visit_that_is_over_hears_nothing() -> None:
    world = World()
    ana, bob = world.person("ana"), world.person("bob")
    ana.forgets()
    visit = bob.connection.visit
    bob.says("/quit")
    visit.line(b"hola")
    visit.refuse(UnknownRequest("x"))
    visit.ended(clean=True)
    ana.hears("-- bob left")
    bob.hears("-- Bye!")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_could_not_be_recorded_is_told_to_whoever_said_it(language: str) -> None:
    world = World(SlowRecord(), language=language)
    ana, bot = world.person("ana"), world.program("bot")
    world.takes_nothing()
    ana.forgets()
    ana.says("hola")
    bot.says("hola")
    ana.hears(
        {
            "en": "-- Not recorded, and nobody has seen it. Try again.",
            "es": "-- No se ha guardado y nadie lo ha visto. Prueba otra vez.",
        }[language]
    )
    bot.hears({"type": "error", "code": "not-recorded", "id": 1})
