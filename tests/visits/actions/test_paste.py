"""Lines that are said together stay together, whoever says something in between."""

from __future__ import annotations

from typing import Any

from tests.slow_record import SlowRecord
from tests.world import Program, World

LINES = ("def f(x):", "", "\tif x:", "\t\treturn  ", "   ", "    # ¿sí?")


def say(id: int, text: str, block: int | None = None, **fields: object) -> dict[str, Any]:
    asked = {"type": "say", "id": id, "room": "huddle", "text": text, **fields}
    return asked if block is None else {**asked, "block": block}


def sends(program: Program, *objects: dict[str, Any]) -> None:
    program.sends_objects(*objects)
    program.world.settle()


def shown(peer: Program) -> list[tuple[str, str, int | None]]:
    """Nick, text and block of each message that came."""
    came = [each for each in peer.reads() if each["type"] == "said"]
    return [(each["nick"], each["text"], each.get("block")) for each in came]


def two() -> tuple[World, Program, Program]:
    world = World()
    ana, bob = world.program("ana"), world.program("bob")
    ana.forgets()
    return world, ana, bob


def test_a_programs_lines_carry_the_seq_of_the_first_and_may_be_empty() -> None:
    _, ana, bob = two()
    sends(ana, *(say(7 + at, text, 7) for at, text in enumerate(LINES)))
    assert shown(bob) == [("ana", text, 1) for text in LINES]
    ana.hears(*({"type": "ack", "id": 7 + at, "seq": 1 + at} for at in range(len(LINES))))


def test_lines_of_others_come_between() -> None:
    world, ana, bob = two()
    carla = world.program("carla")
    sends(ana, say(1, "one", 1))
    bob.says("hm")
    sends(ana, say(2, "", 1), say(3, "three", 1))
    assert shown(carla) == [("ana", "one", 1), ("bob", "hm", None)] + [
        ("ana", text, 1) for text in ("", "three")
    ]


def test_a_first_line_need_not_know_that_more_will_come() -> None:
    _, ana, bob = two()
    sends(ana, say(1, "one"))
    sends(ana, say(2, "two", 1), say(3, "", 1))
    assert shown(bob) == [("ana", "one", None), ("ana", "two", 1), ("ana", "", 1)]


def test_an_empty_text_alone_is_refused_and_so_is_a_block_that_nothing_was_said_of() -> None:
    _, ana, bob = two()
    sends(ana, say(1, ""), say(2, " \u200b"), say(3, "x", 4), say(4, "y", 2**40))
    ana.hears(
        {"type": "error", "code": "text-empty", "id": 1},
        {"type": "error", "code": "text-empty", "id": 2},
        {"type": "error", "code": "bad-field", "field": "block", "id": 3},
        {"type": "error", "code": "bad-field", "field": "block", "id": 4},
    )
    for wrong in (0, -1, True, "1", 1.0):
        sends(ana, {**say(5, "z"), "block": wrong})
        ana.hears({"type": "error", "code": "bad-field", "field": "block"})
    bob.hears()


def test_where_the_first_line_is_refused_the_block_begins_with_the_next() -> None:
    _, ana, bob = two()
    sends(ana, say(1, "x" * 5000, 1), say(2, "two", 1), say(3, "three", 1))
    assert shown(bob) == [("ana", "two", 1), ("ana", "three", 1)]


def test_a_block_goes_on_after_a_reconnection_and_none_of_its_lines_is_said_twice() -> None:
    _, ana, bob = two()
    sends(ana, say(1, "zero"), say(2, "one", 2), say(3, "", 2))
    ana.cut()
    ana = ana.again()
    ana.forgets()
    sends(ana, say(2, "one", 2), say(3, "", 2), say(4, "three", 2), say(5, "four", 2))
    assert [each["seq"] for each in ana.reads() if each["type"] == "ack"] == [2, 3, 4, 5]
    assert shown(bob) == [("ana", "zero", None)] + [
        ("ana", text, 2) for text in ("one", "", "three", "four")
    ]


def test_a_block_goes_on_over_a_restart() -> None:
    world, ana, _ = two()
    sends(ana, say(2, "one", 2), say(3, "", 2))
    ana._look()
    world = world.crashes()
    ana, bob = ana.again(world), world.program("bob", replay=0)
    bob.forgets()
    sends(ana, say(3, "", 2), say(4, "three", 2), say(5, "", 2))
    assert shown(bob) == [("ana", "three", 1), ("ana", "", 1)]


def test_a_block_whose_first_line_is_no_longer_kept_begins_anew() -> None:
    world, ana, bob = two()
    sends(ana, say(1, "one", 1), say(2, "two", 1))
    world.record.forget(None, 1, world.now_ms())
    ana.cut()
    bob.forgets()
    sends(ana.again(), say(3, "three", 1), say(4, "four", 1))
    assert shown(bob) == [("ana", "three", 3), ("ana", "four", 3)]


def test_a_block_that_the_disk_refused_has_the_number_it_gets_in_the_end() -> None:
    world = World(SlowRecord())
    ana, bob = world.program("ana"), world.program("bob")
    ana.forgets()
    lines = say(1, "one", 1), say(2, "", 1)
    world.takes_nothing()
    sends(ana, *lines)
    ana.hears(*({"type": "error", "code": "not-recorded", "id": id} for id in (1, 2)))
    world.takes_again()
    bob.says("hm")
    bob.forgets()
    sends(ana, *lines)
    assert shown(bob) == [("ana", "one", 2), ("ana", "", 2)]


def test_a_block_may_be_said_to_one_person() -> None:
    world, ana, bob = two()
    carla, me = world.program("carla"), {"room": "@", "block": 2}
    carla.asks("msg", id=1, to="bob", text="hi")
    bob.forgets()
    sends(
        ana,
        *(
            {"type": "msg", "id": id, "to": "bob", "text": t, "block": 1}
            for id, t in enumerate("abc", 1)
        ),
    )
    bob.hears(*({"type": "said", **me, "text": text} for text in "abc"))
    history = ana.asks("history", id=9, room="@")
    assert [each["block"] for each in history["messages"] if each["type"] == "said"] == [1] * 3


def test_what_is_said_is_the_same_when_it_is_read_later() -> None:
    world, ana, _ = two()
    sends(ana, say(1, "zero"), say(2, "one", 2), say(3, "", 2))
    later = world.program("dan", replay=9)
    later._told = 0
    assert [
        (each["text"], each.get("block")) for each in later.heard if each["type"] == "said"
    ] == [
        ("zero", None),
        ("one", 2),
        ("", 2),
    ]
    history = later.asks("history", id=1, room="huddle")
    assert [each.get("block") for each in history["messages"]] == [None, 2, 2]
