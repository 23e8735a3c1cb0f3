"""How a session is opened for somebody at the door: new, resumed, or back by the return word."""

from __future__ import annotations

import gc
from collections.abc import Callable

import pytest
from twisted.internet.defer import fail
from twisted.python.failure import Failure

from huddle.people.return_word_guesses import Guess, ReturnWordGuesses
from huddle.protocol.errors import NotRecorded
from huddle.record import RecordFailure, SessionRow
from tests.slow_record import SlowRecord
from tests.world import Peer, Program, World

NO_WORD = "-- That return word opens nothing, or not any more."
NOT_RECORDED = "-- Not recorded, and nobody has seen it. Try again."
NOT_READABLE = {
    "en": "-- The record cannot be read just now. Try again.",
    "es": "-- Ahora mismo no se puede leer el registro. Prueba otra vez.",
}


def on_disk(language: str = "en") -> tuple[World, SlowRecord]:
    disk = SlowRecord()
    return World(disk, language=language), disk


def comes_back(world: World, word: str, address: str = "10.0.0.1") -> Peer:
    """Somebody connects and types this return word."""
    peer = world.connect(address)
    peer.forgets()
    peer.says(f"/back {word}")
    return peer


def nicks(world: World) -> list[str]:
    return [session.nick for session in world.huddle.registry.sessions]


def program(world: World, nick: str, secret: str = "a secret", **hello: object) -> Program:
    """A program that has said hello, and may have been refused."""
    newcomer = Program(world, nick, secret)
    world.attach(newcomer)
    newcomer.enters(**hello)
    return newcomer


def error(peer: Program) -> str:
    """The code of what it was refused last."""
    code: str = peer.reads()[-1]["code"]
    return code


# Persons


def test_a_new_person_is_told_a_return_word_once() -> None:
    world = World()
    ana = world.connect()
    ana.says("ana")
    assert sum("return word" in line for line in ana.reads()) == 1
    ana.says("/who", "/nick ana2")
    assert not any("return word" in line for line in ana.reads())


def test_the_word_is_told_in_spanish_too() -> None:
    world = World(language="es")
    ana = world.connect()
    ana.says("ana")
    assert any(line == f"-- tu palabra de regreso: {ana.word}" for line in ana.reads())


def test_the_word_opens_the_session_it_was_told_for() -> None:
    world = World()
    ana, bob = world.person("ana"), world.person("bob")
    ana.cut()
    again = comes_back(world, ana.word)
    assert again.reads()[0].startswith("-- Hello ana.")
    again.says("hola")
    bob.hears_at_last("<ana> hola")
    assert nicks(world) == ["ana", "bob"]


def test_the_word_may_be_typed_as_it_comes() -> None:
    world = World()
    ana = world.person("ana")
    ana.cut()
    assert "Hello ana" in comes_back(world, ana.word.upper().replace("-", " ")).reads()[0]


def test_a_word_that_opens_nothing_says_so_in_spanish() -> None:
    world = World(language="es")
    comes_back(world, "nutria-41-luz").hears("-- Esa palabra de regreso no abre nada, o ya no.")


@pytest.mark.parametrize("goes", ["/quit", "end"])
def test_the_word_opens_the_session_that_leaves_while_it_is_opened(goes: str) -> None:
    world, record = on_disk()
    eva, ana = world.person("eva"), world.person("ana")
    record.slow = True
    again = comes_back(world, ana.word)
    ana.says(goes) if goes == "/quit" else ana.ends()
    for _ in range(5):
        record.writes()
        world.settle()
    record.slow = False
    heard = again.reads()
    assert not any("Not recorded" in line for line in heard), heard
    assert any(line.startswith("-- your return word: ") for line in heard), heard
    again.says("hola")
    assert "<ana> hola" in eva.reads()
    assert nicks(world) == ["eva", "ana"]
    again.cut()
    assert any("Hello ana" in line for line in comes_back(world, again.word).reads())


def test_a_program_resumes_a_session_that_leaves_while_it_is_resumed() -> None:
    world, record = on_disk()
    eva, bot = world.person("eva"), program(world, "bot")
    record.slow = True
    again = program(world, "bot", resume=True)
    bot.sends_objects({"type": "bye"})
    for _ in range(5):
        record.writes()
        world.settle()
    record.slow = False
    again._look()
    assert again.welcome
    again.says("hola")
    assert "<bot> hola" in eva.reads()


# Wrong guesses


def test_wrong_guesses_are_slowed_down() -> None:
    world = World()
    thief = world.connect()
    thief.forgets()
    for _ in range(4):
        thief.says("/back otter-41-lamp")
    thief.hears(NO_WORD, NO_WORD, NO_WORD, "-- Too many tries. Wait 2 seconds.")
    world.passes(2)
    thief.says("/back otter-41-lamp")
    thief.hears(NO_WORD)


def test_who_guesses_too_much_does_not_keep_the_class_from_coming_back() -> None:
    world = World()
    ana = world.person("ana")
    ana.cut()
    thief = world.connect()
    for _ in range(20):
        thief.says("/back otter-41-lamp")
    assert "Hello ana" in comes_back(world, ana.word).reads()[0]


def test_who_comes_back_is_heard_behind_an_address_that_has_guessed_at_others() -> None:
    world = World()
    ana, bob = world.person("ana"), world.person("bob")
    for person in (ana, bob):
        person.cut()
    for number in range(140):
        comes_back(world, f"nick{number} otter-41-lamp-river").cut()
    assert "Too many tries" in comes_back(world, f"gone {ana.word}").reads()[0]
    assert "Hello ana" in comes_back(world, f"ana {ana.word}").reads()[0]
    for _ in range(2):  # on two nodes each has heard one
        comes_back(world, "bob otter-41-lamp-river").cut()
    assert "Too many tries" in comes_back(world, f"bob {bob.word}").reads()[0]
    world.passes(61)
    assert "Hello bob" in comes_back(world, f"bob {bob.word}").reads()[0]


def test_a_right_word_is_not_heard_either_from_one_who_has_to_wait() -> None:
    world = World(language="es")
    ana = world.person("ana")
    ana.cut()
    thief = world.connect()
    for _ in range(3):
        thief.says("/volver otter-41-lamp")
    thief.forgets()
    thief.says(f"/volver {ana.word}")
    thief.hears("-- Demasiados intentos. Espera 2 segundos.")


# Programs


def test_a_new_program_gets_a_session_of_its_own() -> None:
    world = World()
    assert program(world, "bot", resume=False).welcome["last_id"] == 0
    assert program(world, "bot2", "another").welcome["nick"] == "bot2"
    assert nicks(world) == ["bot", "bot2"]


def test_a_program_comes_back_under_another_nick_and_the_others_are_told() -> None:
    world = World()
    bot, ana = program(world, "bot"), world.person("ana")
    bot.cut()
    assert bot.again(nick="robot").welcome["nick"] == "robot"
    ana.hears("-- bot is now robot")


def test_a_program_that_comes_back_under_a_nick_that_is_taken_may_say_hello_again() -> None:
    world = World()
    bot = program(world, "bot")
    world.person("ana")
    bot.cut()
    again = program(world, "ana")
    assert error(again) == "nick-taken"
    again.nick = "bot"
    again.enters()
    assert again.welcome["nick"] == "bot"


def test_a_program_that_had_left_comes_back_under_a_new_nick() -> None:
    world = World()
    bot = program(world, "bot")
    bot.sends_objects({"type": "bye"})
    world.settle()
    assert program(world, "robot", resume=True).welcome["nick"] == "robot"


def test_the_rooms_that_a_program_names_are_entered_if_there_are_such() -> None:
    world = World()
    world.huddle.room("ops")
    bot = program(world, "bot", after={"ops": 0, "none": 3, "@": 1})
    assert list(bot.welcome["rooms"]) == ["ops"]
    lost = program(world, "bot2", "another", after={"none": 3})
    assert list(lost.welcome["rooms"]) == ["huddle"]


# When the record cannot


@pytest.mark.parametrize("broken", [False, True])
def test_a_new_person_who_cannot_be_kept_leaves_nothing_behind(broken: bool) -> None:
    world, disk = on_disk()
    bob = world.person("bob")
    disk.broken, disk.slow = broken, not broken
    ana = world.connect()
    ana.forgets()
    ana.says("ana")
    disk.refuses()
    world.settle()
    ana.hears(NOT_RECORDED)
    assert nicks(world) == ["bob"]
    disk.broken = disk.slow = False
    ana.says("ana")
    bob.hears("-- ana joined")


def test_a_new_program_that_cannot_be_kept_leaves_nothing_behind() -> None:
    world, disk = on_disk()
    disk.broken = True
    bot = program(world, "bot")
    assert error(bot) == "not-recorded"
    assert nicks(world) == []
    disk.broken = False
    bot.enters(resume=True)
    assert error(bot) == "session-unknown"


def test_a_program_that_is_here_and_cannot_be_kept_is_held_as_before() -> None:
    world, disk = on_disk()
    bot, ana = program(world, "bot"), world.person("ana")
    bot.cut()
    disk.broken = True
    assert error(program(world, "bot", resume=True)) == "not-recorded"
    disk.broken = False
    world.passes(world.limits.hold - 1)
    ana.hears()
    world.passes(2)
    ana.hears("-- bot left")


def test_a_program_that_had_left_and_cannot_be_kept_has_left() -> None:
    world, disk = on_disk()
    bot, ana = program(world, "bot"), world.person("ana")
    bot.sends_objects({"type": "bye"})
    world.settle()
    ana.forgets()
    disk.broken = True
    assert error(program(world, "bot", resume=True)) == "not-recorded"
    assert nicks(world) == ["ana"]
    ana.hears()


def test_a_word_whose_change_cannot_be_kept_is_as_good_as_before() -> None:
    world, disk = on_disk()
    ana = world.person("ana")
    ana.cut()
    disk.broken = True
    again = comes_back(world, ana.word)
    again.hears(NOT_RECORDED)
    disk.broken = False
    again.says(f"/back {ana.word}")
    assert "Hello ana" in again.reads()[0]


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_word_that_cannot_be_looked_up_is_no_wrong_guess(language: str) -> None:
    world, disk = on_disk(language)
    ana = world.person("ana")
    ana.says("/quit")
    disk.unreadable = True
    again = world.connect()
    again.forgets()
    for _ in range(5):
        again.says(f"/back {ana.word}")
    again.hears(*5 * [NOT_READABLE[language]])
    disk.unreadable = False
    again.says(f"/back {ana.word}")
    assert "ana" in again.reads()[0]


def test_one_session_that_is_begun_twice_and_cannot_be_kept_fails_on_both_connections() -> None:
    world, disk = on_disk()
    disk.slow = True
    first, second = program(world, "bot"), program(world, "bot")
    disk.refuses(1)
    disk.writes()
    world.settle()
    assert (error(first), error(second)) == ("not-recorded", "not-recorded")
    assert nicks(world) == []


# Where somebody was


def test_after_a_crash_the_last_seconds_and_the_batch_before_are_shown_again_not_more() -> None:
    world, _ = on_disk()
    ana, bot = world.person("ana"), program(world, "bot")
    for text in ("early", "later", "last"):
        bot.says(text)
        world.passes(60)
    bot.says("now")
    world = world.crashes()
    ana.forgets()
    again = comes_back(world, ana.word)
    heard = again.reads()
    assert "-- you missed 2 messages --" in heard
    assert [line for line in heard if "<bot>" in line] == ["12:02 <bot> last", "12:03 <bot> now"]


def test_the_last_seconds_before_a_crash_stay_those_after_another_one() -> None:
    world, _ = on_disk()
    ana, bot = world.person("ana"), program(world, "bot")
    bot.says("a")
    world = world.crashes()
    bot = bot.again(world)
    world.passes(100)
    bot.says("b")
    world.passes(100)
    world = world.crashes()
    assert [line[-1] for line in comes_back(world, ana.word).reads() if "<bot>" in line] == [
        "a",
        "b",
    ]


def test_when_it_cannot_be_found_out_where_somebody_was_they_may_try_again(
    monkeypatch: pytest.MonkeyPatch, logged_failures: list[Failure]
) -> None:
    world, disk = on_disk()
    ana = world.person("ana")
    with monkeypatch.context() as patch:
        patch.setattr(disk, "since", lambda *_: fail(RecordFailure("unreadable")))
        world = world.crashes()
        comes_back(world, ana.word).hears(NOT_RECORDED)
    assert [failure.type for failure in logged_failures] == [NotRecorded]
    logged_failures.clear()
    assert "Hello ana" in comes_back(world, ana.word).reads()[0]


def test_of_a_session_that_was_not_in_a_room_nothing_is_to_be_found_out() -> None:
    disk = SlowRecord()
    disk.save(SessionRow(7, "ana", word=b"word", rooms={}))
    world = World(disk)
    assert nicks(world) == ["ana"]


# The nick before the word

ELSEWHERE = "192.0.2.9"


HELD = {
    "en": (
        "-- bob is away, and is kept for bob: /back WORD, or /login",
        "-- The nick bob is taken. bob2 is free.",
    ),
    "es": (
        "-- bob no está, y el apodo se le guarda: /volver PALABRA, o /acceder",
        "-- El apodo bob ya está en uso. bob2 está libre.",
    ),
}


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("typed", ["/back {}", "/volver {}", "{}", "bob {}"])
def test_a_nick_that_is_held_asks_for_its_word(language: str, typed: str) -> None:
    world = World(language=language)
    bob = world.person("bob")
    bob.cut()
    again = world.connect(ELSEWHERE)
    again.forgets()
    again.says("bob")
    again.hears(*HELD[language])
    if typed.startswith("bob"):
        typed = f"/back {typed}"
    again.says(typed.format(bob.word))
    assert "bob" in again.reads()[0]
    assert nicks(world) == ["bob"]


def test_the_word_may_be_typed_behind_the_nick_of_one_who_is_still_here() -> None:
    world = World()
    bob = world.person("bob")
    again = world.connect(ELSEWHERE)
    again.forgets()
    again.says("bob", bob.word)
    again.says("hola")
    heard = again.reads()
    assert heard[0] == "-- The nick bob is taken. bob2 is free."
    assert heard[1].startswith("-- Hello bob.")
    assert bob.closed


def test_what_is_typed_instead_of_the_word_is_a_nick() -> None:
    world = World()
    bob = world.person("bob")
    bob.cut()
    other = world.connect(ELSEWHERE)
    other.says("bob", "r2d2")
    assert nicks(world) == ["bob", "r2d2"]


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_word_where_a_nick_is_asked_for_is_told_to_nobody(language: str) -> None:
    world = World(language=language)
    ana, bob = world.person("ana"), world.person("bob")
    bob.cut()
    ana.forgets()
    wrong = world.connect()
    wrong.says("otter-41-lamp-river")
    again = world.connect()
    again.forgets()
    again.says(bob.word.upper())
    assert "bob" in again.reads()[0]
    assert nicks(world) == ["ana", "bob"]
    assert not any("otter" in line or "lamp" in line for line in ana.reads())


def test_an_old_word_that_was_not_asked_for_is_a_nick() -> None:
    world = World()
    world.connect().says("otter-41-lamp")
    assert nicks(world) == ["otter-41-lamp"]


def test_a_program_is_told_that_a_held_nick_is_taken() -> None:
    world = World()
    world.person("bob").cut()
    bot = program(world, "bob")
    assert bot.reads()[-1] == {
        "type": "error",
        "code": "nick-taken",
        "text": "bob is away, and is kept for bob: /back WORD, or /login",
        "nick": "bob",
        "suggest": "bob2",
    }


def test_whoever_guesses_at_all_from_everywhere_opens_nothing_without_the_nick() -> None:
    """Even the right words: a guess is not tried against everybody."""
    world = World()
    people = [world.person(f"bob{number}") for number in range(20)]
    for person in people:
        person.cut()
    for number, person in enumerate(people):
        comes_back(world, person.word, f"192.0.2.{number}").hears(NO_WORD)


def test_who_has_done_nothing_is_heard_whatever_others_do() -> None:
    world = World()
    ana = world.person("ana")
    ana.cut()
    for number in range(700):
        thief = comes_back(world, "ana otter-41-lamp-river", f"192.0.{number % 250}.1")
        thief.cut()
    thief = comes_back(world, f"ana {ana.word}", "192.0.1.1")
    assert "Too many tries" in thief.reads()[0]
    assert "Hello ana" in comes_back(world, f"ana {ana.word}", "198.51.100.1").reads()[0]


def test_who_guesses_is_never_taken_for_somebody_who_is_gone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As the place in memory would be, which the next connection may have."""
    world, guessers, begin = World(), list[object](), ReturnWordGuesses.begin

    def noted(self: ReturnWordGuesses, guess: Guess) -> Callable[[bool], None]:
        guessers.append((self, guess.who))  # each node numbers its own
        return begin(self, guess)

    monkeypatch.setattr(ReturnWordGuesses, "begin", noted)
    for number in range(50):
        peer = comes_back(world, "otter-41-lamp-river", f"192.0.2.{number}")
        peer.says("/back otter-41-lamp-river")
        peer.cut()
        del peer
        gc.collect()
    assert len(guessers) == 100 and len(set(guessers)) == 50


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_word_alone_that_might_open_many_is_to_be_typed_with_its_nick(language: str) -> None:
    world = World(language=language)
    people = [world.person(f"bob{number}") for number in range(60)]
    for person in people:
        person.cut()
    for _ in range(3):
        comes_back(world, "otter-41-lamp-river").cut()
    peer = comes_back(world, people[0].word)
    assert "/back NICK WORD" in peer.reads()[0]
    peer.says(f"/back bob0 {people[0].word}")
    assert "bob0" in peer.reads()[0]
