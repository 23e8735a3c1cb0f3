"""People and programs talk, over both kinds of transport. What is promised to them holds."""

from __future__ import annotations

import pytest

from huddle.protocol.limits import Limits
from tests.world import TRANSPORTS, Peer, World

WELCOME = "Welcome to huddle. What is your nick?"


@pytest.fixture(params=TRANSPORTS)
def transport(request: pytest.FixtureRequest) -> str:
    """Each conversation is held over either kind of transport."""
    return str(request.param)


def three(
    transport: str, language: str = "en", limits: Limits | None = None
) -> tuple[Peer, Peer, Peer]:
    """Ana, Bob and Carla are in the room, and have read what came before."""
    world = World(transport=transport, language=language, limits=limits)
    ana, bob, carla = (world.person(nick) for nick in ("ana", "bob", "carla"))
    for each in (ana, bob):
        each.forgets()
    return ana, bob, carla


def numbered(count: int) -> list[str]:
    return [f"line {number}" for number in range(1, count + 1)]


# Three people


def test_three_talk_and_nobody_hears_themselves(transport: str) -> None:
    ana, bob, carla = three(transport)
    ana.says("hola")
    bob.hears("<ana> hola")
    carla.hears("<ana> hola")
    carla.says("¿todo bien?")
    bob.says("sí")
    ana.hears("<carla> ¿todo bien?", "<bob> sí")
    bob.hears("<carla> ¿todo bien?")
    carla.hears("<bob> sí")


def test_a_program_talks_with_them(transport: str) -> None:
    ana, _, _ = three(transport)
    bot = ana.world.program("bot", transport=transport)
    ana.hears("-- bot joined")
    ana.says("hola")
    bot.hears({"type": "said", "nick": "ana", "text": "hola", "seq": 1, "kind": "say"})
    bot.says("hola, ana")
    bot.hears({"type": "ack", "id": 1, "seq": 2})
    ana.hears("<bot> hola, ana")


def test_everybody_sees_one_order(transport: str) -> None:
    ana, bob, carla = three(transport)
    bot = ana.world.program("bot", transport=transport)
    for each in (ana, bob, carla):
        each.forgets()
    for turn in range(20):
        for speaker in (ana, bob, carla):
            speaker.sends(f"{turn}\n".encode())
        ana.world.reactor.turn()
    ana.world.settle()
    order = [f"<{event['nick']}> {event['text']}" for event in bot.reads()]
    assert len(order) == 60
    for each, nick in ((ana, "ana"), (bob, "bob"), (carla, "carla")):
        each.hears(*[line for line in order if not line.startswith(f"<{nick}>")])


def test_who_comes_goes_and_is_called_otherwise_is_told_in_its_place(transport: str) -> None:
    ana, bob, carla = three(transport)
    bob.says("1", "/nick eva", "2", "salir")
    ana.hears("<bob> 1", "-- bob is now eva", "<eva> 2", "-- eva left")
    carla.says("/who")
    carla.hears_at_last("-- 2 here: ana, carla.")


def test_the_same_in_spanish(transport: str) -> None:
    ana, bob, carla = three(transport, "es")
    bob.says("1", "/apodo eva", "2", "salir")
    ana.hears("<bob> 1", "-- bob ahora es eva", "<eva> 2", "-- eva se ha ido")
    carla.says("/quien")
    carla.hears_at_last("-- Hay 2 aquí: ana, carla.")


# What is said


def test_what_one_does_is_shown_as_such(transport: str) -> None:
    ana, bob, _ = three(transport)
    ana.says("/me waves", "/yo saluda")
    bob.hears("* ana waves", "* ana saluda")


def test_a_bare_salir_leaves_and_two_slashes_say_it(transport: str) -> None:
    ana, bob, _ = three(transport)
    bob.says("//salir", "//help", "no quiero salir", "salir", "nobody hears this")
    ana.hears("<bob> salir", "<bob> /help", "<bob> no quiero salir", "-- bob left")
    bob.hears("-- You leave by the word alone; //salir says it.", "-- Bye!")
    assert bob.closed


def test_blank_lines_are_nothing(transport: str) -> None:
    ana, bob, _ = three(transport)
    ana.says("", " ", "\t", "   \t ", "hola", "")
    bob.hears("<ana> hola")
    ana.hears()


def test_lines_end_as_nc_and_telnet_end_them(transport: str) -> None:
    ana, bob, _ = three(transport)
    ana.sends(b"1\n2\r\n3\r\x00" + b"4\n")
    ana.world.settle()
    bob.hears("<ana> 1", "<ana> 2", "<ana> 3", "<ana> 4")


def test_texts_that_come_in_pieces_or_stuck_together_are_the_lines_they_are(transport: str) -> None:
    ana, bob, _ = three(transport)
    for piece in ("ho", "la\nqué", " tal\na", "diós\n"):
        ana.sends(piece.encode())
        ana.world.settle()
    bob.hears("<ana> hola", "<ana> qué tal", "<ana> adiós")


def test_a_text_that_is_too_long_is_refused_whole_and_one_stays(transport: str) -> None:
    ana, bob, _ = three(transport)
    ana.says("x" * 4096, "x" * 4097, "still here")
    bob.hears(f"<ana> {'x' * 4096}", "<ana> still here")
    ana.hears("-- Not said: a text has at most 4096 bytes, and this one had more.")


def test_the_same_is_refused_in_spanish(transport: str) -> None:
    ana, bob, _ = three(transport, "es")
    ana.says("x" * 4097)
    ana.hears("-- No se ha dicho: un texto tiene como mucho 4096 bytes, y este tenía más.")
    bob.hears()


@pytest.mark.parametrize("text", ["-- bob left", "<bob> no", "* bob waves", "18:02 <bob> hola"])
def test_no_text_makes_a_line_that_looks_like_anothers(text: str, transport: str) -> None:
    ana, bob, _ = three(transport)
    ana.says(text)
    bob.hears(f"<ana> {text}")


def test_what_could_change_a_screen_is_shown_as_what_it_is(transport: str) -> None:
    ana, bob, _ = three(transport)
    ana.says("\x1b[31mred\x1b[0m", "a\u202eb", "a\u2028b", "tab\tstays")
    bob.hears("<ana> �[31mred�[0m", "<ana> a�b", "<ana> a�b", "<ana> tab\tstays")


# Much at once


def test_a_paste_of_fifty_lines_arrives_together_and_at_once(transport: str) -> None:
    ana, bob, carla = three(transport)
    ana.says(*numbered(50))
    bob.hears(*(f"<ana> {line}" for line in numbered(50)))
    carla.hears(*(f"<ana> {line}" for line in numbered(50)))


def test_a_paste_is_not_torn_apart_by_others(transport: str) -> None:
    ana, bob, carla = three(transport)
    ana.sends("".join(f"{line}\n" for line in numbered(50)).encode())
    bob.sends(b"me too\n")
    ana.world.settle()
    heard = carla.reads()
    pasted = [index for index, line in enumerate(heard) if line.startswith("<ana>")]
    assert pasted == list(range(pasted[0], pasted[0] + 50))
    assert "<bob> me too" in heard


def test_a_flood_is_slowed_down_and_nothing_of_it_is_lost(transport: str) -> None:
    ana, bob, _ = three(transport)
    ana.world.passes(60)
    ana.says(*numbered(100))
    heard = bob.reads()
    assert len(heard) == 60
    ana.world.passes(1.9)
    heard += bob.reads()
    assert len(heard) == 69
    ana.world.passes(6.2)
    heard += bob.reads()
    assert heard == [f"<ana> {line}" for line in numbered(100)]


def test_a_flood_keeps_nobody_else_from_speaking(transport: str) -> None:
    ana, bob, carla = three(transport)
    ana.says(*numbered(200))
    carla.forgets()
    bob.says("hola")
    carla.hears("<bob> hola")


def test_without_a_limit_a_flood_comes_as_it_is(transport: str) -> None:
    ana, bob, _ = three(transport, limits=Limits(flood_rate=0))
    ana.says(*numbered(2000))
    assert bob.reads() == [f"<ana> {line}" for line in numbered(2000)]


# Those who come later


def test_who_comes_later_is_shown_the_last_twenty_with_their_times(transport: str) -> None:
    ana, _, _ = three(transport)
    ana.says(*numbered(30))
    dan = ana.world.connect(transport=transport)
    dan.says("dan")
    heard = dan.reads()
    assert heard == [
        WELCOME,
        "-- Hello dan. 3 others here: ana, bob, carla. /help lists the commands, /salir leaves.",
        f"-- your return word: {dan.word}",
        *(f"12:00 <ana> {line}" for line in numbered(30)[10:]),
    ]


def test_what_is_said_while_one_comes_is_shown_once(transport: str) -> None:
    ana, _, _ = three(transport)
    ana.says("before")
    dan = Peer(ana.world)
    ana.world.attach(dan, transport=transport)
    dan.sends(b"dan\n")
    for number in range(20):
        ana.sends(f"{number}\n".encode())
        ana.world.reactor.turn()
    ana.world.settle()
    texts = [line.split("> ")[1] for line in dan.reads() if "<ana>" in line]
    assert texts == ["before", *map(str, range(20))]


def test_who_comes_back_is_shown_what_they_missed_and_their_own_lines_among_it(
    transport: str,
) -> None:
    ana, bob, _ = three(transport)
    ana.says("1")
    ana.world.beats(20)
    bob.cut()
    ana.says("2", "3")
    again = ana.world.connect(transport=transport)
    again.says(f"/back {bob.word}")
    assert [line for line in again.reads() if "<" in line] == ["12:00 <ana> 2", "12:00 <ana> 3"]
    ana.hears()
    ana.says("4")
    again.hears("<ana> 4")


# Those who do not read


def test_a_reader_who_has_stopped_costs_the_others_nothing(transport: str) -> None:
    ana, bob, carla = three(transport)
    bob.stops_reading(100)
    ana.world.passes(60)
    for line in numbered(60):
        ana.says(line)
        carla.hears(f"<ana> {line}")


def test_a_reader_who_has_stopped_stays_and_gets_everything_on_reading_on(transport: str) -> None:
    ana, bob, _ = three(transport, limits=Limits(flood_rate=0))
    bob.stops_reading(100)
    ana.says(*numbered(3000))
    ana.world.beats(90)
    ana.says("/who")
    ana.hears("-- 3 here: ana, bob, carla.")
    bob.reads_again()
    texts = [line.rpartition("> ")[2] for line in bob.reads()]
    assert texts == numbered(3000)
    ana.says("live")
    bob.hears("<ana> live")


def test_a_reader_who_has_stopped_for_too_long_is_told_what_is_gone(transport: str) -> None:
    ana, bob, _ = three(transport, limits=Limits(flood_rate=0, ring_messages=100))
    bob.stops_reading()
    ana.says("first")
    ana.says(*("x" * 1000 for _ in range(1000)))
    ana.says(*numbered(100))
    bob.reads_again()
    heard = bob.reads()
    gone = [line for line in heard if line.endswith("gone --")]
    shown = [line for line in heard if "<ana>" in line]
    assert len(gone) == 1
    assert len(shown) + int(gone[0].split()[1]) == 1101
    assert [line.rpartition("> ")[2] for line in shown[-100:]] == numbered(100)


def test_what_is_gone_is_told_in_spanish(transport: str) -> None:
    ana, bob, _ = three(transport, "es", Limits(flood_rate=0, ring_messages=100))
    bob.stops_reading()
    ana.says(*("x" * 1000 for _ in range(1000)))
    bob.reads_again()
    assert sum(line.startswith("-- ya no están ") for line in bob.reads()) == 1


def test_who_came_and_went_while_one_did_not_read_is_told_as_it_stands_now(transport: str) -> None:
    ana, bob, carla = three(transport, limits=Limits(flood_rate=0))
    bob.stops_reading()
    ana.says(*("x" * 1000 for _ in range(200)))
    carla.says("/quit")
    ana.world.person("dan")
    bob.reads_again()
    heard = bob.reads()
    assert heard[-1] == "-- 2 others here: ana, dan."
    assert len(heard) == 201


# The end


def test_when_the_server_closes_everybody_hears_the_last_words_and_a_farewell(
    transport: str,
) -> None:
    ana, bob, carla = three(transport)
    ana.sends(b"last words\n")
    ana.world.reactor.turn()
    ana.world.closes()
    for each in (bob, carla):
        each.hears("<ana> last words", "-- The server is closing. Bye!")
    ana.hears("-- The server is closing. Bye!")


def test_who_says_something_and_ends_gets_all_replies(transport: str) -> None:
    """``printf 'dan\\nhola\\n' | nc -N``"""
    ana, _, _ = three(transport)
    dan = ana.world.connect(transport=transport)
    dan.sends(b"dan\nhola\n/who\n")
    dan.ends()
    ana.hears("-- dan joined", "<dan> hola", "-- dan left")
    heard = dan.reads()
    assert heard[-2:] == ["-- 4 here: ana, bob, carla, dan.", "-- Bye!"]
    assert dan.gone
