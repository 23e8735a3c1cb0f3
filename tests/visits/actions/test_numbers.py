"""Messages have numbers, which are shown if wished: answered, put right and taken back by them."""

from __future__ import annotations

from typing import Any

import pytest

from huddle.protocol.events import Draft, Kind
from tests.world import Peer, Program, World

NONE = "-- There is no such message here."


def three(language: str = "en") -> tuple[World, Peer, Peer, Program]:
    world = World(language=language)
    ana, bob = world.person("ana"), world.person("bob")
    bot = world.program("bot", lang=language)
    for peer in (ana, bob, bot):
        peer.forgets()
    return world, ana, bob, bot


def typed(ana: Peer, *lines: str) -> None:
    """Lines that are typed one after the other, not pasted."""
    for line in lines:
        ana.world.passes(1)
        ana.says(line)


def said(bot: Program) -> list[dict[str, Any]]:
    return [each for each in bot.reads() if each["type"] == "said"]


# -- numbers -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "on", "off"),
    [
        (
            "en",
            "-- every message shows its number: /delete 41, /re 41 TEXT, /raw 41",
            "-- messages show no number any more",
        ),
        (
            "es",
            "-- cada mensaje lleva su número: /borrar 41, /responder 41 TEXTO, /crudo 41",
            "-- los mensajes ya no llevan número",
        ),
    ],
)
def test_numbers_are_shown_to_whoever_wishes_it(language: str, on: str, off: str) -> None:
    _, ana, bob, _ = three(language)
    command = {"en": "/numbers", "es": "/números"}[language]
    typed(bob, command)
    bob.hears(on)
    typed(ana, "hola", "/me waves")
    bob.hears("#1 <ana> hola", "#2 * ana waves")
    typed(bob, "/times on")
    bob.forgets()
    typed(ana, "hola")
    bob.hears("12:00 #3 <ana> hola")
    typed(bob, "/history 1", f"{command} off")
    bob.hears("12:00 #3 <ana> hola", off)
    typed(bob, "/times off")
    bob.forgets()
    typed(ana, "hola")
    bob.hears("<ana> hola")


def test_whose_message_was_deleted_is_told_and_its_number_to_who_sees_numbers() -> None:
    world = World()
    ana, bob, carla = world.person("ana"), world.person("bob"), world.person("carla")
    bot = world.program("bot", lang="es")
    dan = world.person("dan")
    for peer in (ana, bob, carla, dan):  # who makes a room is its host
        peer.says("/join ops")
    bot.asks("join", id=1, room="ops")
    carla.says("/numbers on")
    dan.says("/lang es")
    typed(bob, "one", "two")
    for peer in (ana, bob, carla, dan, bot):
        peer.forgets()
    typed(ana, "/delete #1")
    for peer in (ana, bob):
        peer.hears("-- ana deleted a message of bob")
    carla.hears("-- ana deleted a message of bob (#1)")
    dan.hears("-- ana ha borrado un mensaje de bob")
    bot.hears({"type": "deleted", "seq": 1, "nick": "ana", "of": "bob"})
    assert "lines" not in bot.heard[-1]


# -- answering ---------------------------------------------------------------------------------


def test_an_answer_names_its_message() -> None:
    _, ana, bob, bot = three()
    typed(ana, "lunch?")
    typed(bob, "/re 1 yes", "/responder #1 at one")
    ana.hears("<bob> [re #1] yes", "<bob> [re #1] at one")
    assert [each.get("re") for each in said(bot)] == [None, 1, 1]
    history = bot.asks("history", id=1)
    assert [each.get("re") for each in history["messages"]] == [None, 1, 1]


@pytest.mark.parametrize("line", ["/re", "/re 1", "/re one yes", "/re 0 yes", "/re -1 yes"])
def test_an_answer_wants_a_number_and_a_text(line: str) -> None:
    _, ana, bob, _ = three()
    typed(ana, "lunch?")
    bob.forgets()
    typed(bob, line)
    [told] = bob.reads()
    assert "/re N TEXT" in told
    ana.hears()


def test_what_is_not_there_yet_cannot_be_answered() -> None:
    _, ana, bob, bot = three()
    typed(bob, "/re 1 yes")
    bob.hears(NONE)
    bot.says("yes", re=7)
    bot.hears({"type": "error", "code": "no-such-message", "id": 1})
    ana.hears()


# -- putting right -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "command", "shown"),
    [
        ("en", "/fix", "[instead of #2]"),
        ("es", "/corregir", "[en vez de #2]"),
    ],
)
def test_ones_last_message_is_put_right(language: str, command: str, shown: str) -> None:
    _, ana, bob, bot = three(language)
    typed(ana, "hi", "see yuo")
    typed(bob, "eh?")
    bob.forgets()
    typed(ana, f"{command} see you")
    bob.hears(f"<ana> {shown} see you")
    typed(ana, f"{command} see  you!")
    bob.hears(f"<ana> {shown} see  you!")
    assert [(each["text"], each.get("edits")) for each in said(bot)] == [
        ("hi", None),
        ("see yuo", None),
        ("eh?", None),
        ("see you", 2),
        ("see  you!", 2),
    ]
    history = bot.asks("history", id=1)
    assert [each["text"] for each in history["messages"]][1] == "see yuo"


def test_what_one_did_is_put_right_as_that() -> None:
    _, ana, bob, bot = three()
    typed(ana, "/me wavse", "/fix waves")
    bob.hears("* ana wavse", "* ana [instead of #1] waves")
    assert said(bot)[-1]["kind"] == "me"


def test_a_program_names_the_message_that_it_puts_right() -> None:
    _, ana, bob, bot = three()
    typed(ana, "mine")
    bot.says("x", "y")
    bot.says("X", edits=2)
    bot.says("XX", edits=4)
    bob.hears(
        "<ana> mine", "<bot> x", "<bot> y", *[f"<bot> [instead of #2] {t}" for t in ("X", "XX")]
    )
    bot.forgets()
    for seq in (1, 6, 99):
        bot.says("?", edits=seq)
        bot.hears({"type": "error", "code": "no-such-message", "id": bot.last_id})
    bob.hears()


def test_a_correction_that_is_said_again_is_said_once_also_when_its_message_is_gone() -> None:
    world, _, bob, bot = three()
    bot.says("x")
    bot.says("X", edits=1)
    bot.forgets()
    bot.sends_objects({"type": "delete", "id": 9, "seq": 1})
    world.settle()
    bot.forgets()
    bob.forgets()
    bot.sends_objects(bot.drafts("ignored") | {"id": 2, "text": "X", "edits": 1})
    world.settle()
    bot.hears({"type": "ack", "id": 2, "seq": 2})
    bob.hears()


def test_what_was_put_right_is_deleted_with_what_puts_it_right() -> None:
    world, ana, bob, bot = three()
    typed(ana, "keep", "secrte", "/fix secret")
    for peer in (ana, bob, bot):
        peer.forgets()
    typed(ana, "/delete")
    bob.hears("-- ana deleted a message")
    assert [(each["seq"], each.get("lines")) for each in bot.reads()] == [(2, None), (3, 0)]
    typed(bob, "/history")
    bob.hears(
        "12:00 <ana> keep",
        "12:00 -- a message of ana was deleted",
        "12:00 -- a message of ana was deleted",
    )
    assert world.record.extent("huddle").newest == 3


# -- blocks ------------------------------------------------------------------------------------


def test_a_block_is_deleted_by_its_number_and_a_line_of_it_by_its_own() -> None:
    _, ana, bob, bot = three()
    ana.says("def f():", "", "\treturn 1")
    typed(ana, "after", "/numbers on")
    for peer in (ana, bob, bot):
        peer.forgets()
    typed(ana, "/delete 3")
    bob.hears("-- ana deleted a message")
    typed(ana, "/delete 1")
    bob.hears("-- ana deleted 2 lines of ana")
    ana.hears("-- ana deleted a message (#3)", "-- ana deleted 2 lines of ana (#1)")
    assert [(each["seq"], each.get("lines")) for each in bot.reads()] == [(3, None), (1, 2), (2, 0)]
    typed(bob, "/history")
    bob.hears_at_last("12:00 <ana> after")


def test_what_another_has_said_does_not_go_with_a_block_though_it_counts_among_it() -> None:
    world, ana, bob, bot = three()
    ana.says("one", "two")
    stray = Draft("huddle", 77, "eve", Kind.SAY, "mine", block={"huddle": 1}, in_block=True)
    world.record.append([stray], world.now_ms())
    world.settle()
    for peer in (ana, bob, bot):
        peer.forgets()
    typed(ana, "/delete 1")
    bob.hears("-- ana deleted 2 lines of ana")
    typed(bob, "/history")
    gone = "12:00 -- a message of ana was deleted"
    bob.hears(gone, gone, "12:00 <eve> mine")


def test_a_program_deletes_a_line_or_the_block() -> None:
    _, _, bob, bot = three()
    bot.says("one", "", "three", block=1)
    bot.forgets()
    bob.forgets()
    deletes(bot, seq=1)
    bob.hears("-- bot deleted a message")
    bot.says("a", "b", "c", block=4)
    bob.forgets()
    deletes(bot, seq=6, block=True)
    bob.hears("-- bot deleted a message")
    deletes(bot, seq=4, block=True)
    bob.hears("-- bot deleted 2 lines of bot")


def deletes(bot: Program, **fields: object) -> None:
    bot.sends_objects({"type": "delete", "id": 9000, **fields})
    bot.world.settle()


def test_a_long_block_is_deleted_whole() -> None:
    world, _, bob, bot = three()
    bot.says(*map(str, range(1000)), block=1)
    world.passes(1000)
    bot.forgets()
    bob.forgets()
    bot.sends_objects({"type": "delete", "id": 9999, "seq": 1, "block": True})
    world.passes(1)
    told = bot.reads()
    assert len([each for each in told if each["type"] == "deleted"]) == 1000
    assert {"type": "reply", "id": 9999} in told
    assert bob.reads() == [f"-- bot deleted {n} lines of bot" for n in (500, 500)]


def test_a_block_is_shown_as_it_was_written() -> None:
    _, ana, bob, bot = three()
    wide = " " * 40 + "<bob> I am eve  "
    rows = "| " + " " * 40, "| <bob> I am eve  "
    ana.says("def f():", "", "\treturn 1", wide)
    typed(ana, "after", "/me waves")
    bob.forgets()
    typed(bob, "/raw 1")
    bob.hears("-- #1, by ana:", "| def f():", "| ", "| \treturn 1", *rows)
    typed(bob, "/crudo #3", "/raw 5", "/raw 6")
    bob.hears(
        "-- #3, by ana:",
        "| \treturn 1",
        *rows,
        "-- #5, by ana:",
        "| after",
        "-- #6, by ana:",
        "| waves",
    )
    bot.forgets()
    answer = bot.asks("raw", id=1, seq=1)
    assert [each["text"] for each in answer["messages"]] == ["def f():", "", "\treturn 1", wide]
    assert (answer["more"], answer["id"]) == (False, 1)


def test_a_block_whose_first_line_does_not_know_it_is_shown_whole() -> None:
    world, _, bob, bot = three()
    bot.says("one")
    bob.says("between")
    bot.says("", "three", block=1)
    typed(bob, "/raw 1")
    bob.hears_at_last("-- #1, by bot:", "| one", "| ", "| three")
    assert world is bob.world


def test_a_long_block_is_shown_in_parts() -> None:
    world, _, bob, bot = three()
    lines = [f"\t{n}" for n in range(700)]
    bot.says(*lines, block=1)
    world.passes(1000)
    bob.forgets()
    typed(bob, "/raw 1")
    first = bob.reads()
    assert first[-1] == "-- /raw 501 shows the rest"
    typed(bob, "/raw 501")
    assert [*first[1:-1], *bob.reads()[1:]] == [f"| {line}" for line in lines]


def test_what_is_deleted_is_not_shown_as_it_was_written() -> None:
    _, ana, bob, bot = three()
    ana.says("def f():", "\tsecret", "\treturn 1")
    typed(ana, "/delete 2")
    bob.forgets()
    typed(bob, "/raw 1", "/raw 2", "/raw 9", "/raw")
    heard = bob.reads()
    assert heard[:6] == [
        "-- #1, by ana:",
        "| def f():",
        "-- a message of ana was deleted",
        "| \treturn 1",
        NONE,
        NONE,
    ]
    assert "/raw N" in heard[6]
    bot.forgets()
    assert bot.asks("raw", id=1, seq=2)["code"] == "no-such-message"


def test_whoever_is_not_in_the_room_is_not_shown_it() -> None:
    world, ana, _, bot = three()
    typed(ana, "/join ops", "hola")
    bot.forgets()
    assert bot.asks("raw", id=1, room="ops", seq=1)["code"] == "no-such-room"
    assert world.record.extent("ops").newest == 1
