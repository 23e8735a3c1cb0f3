"""What a line of another node costs here: Python's calls, which are the same on every machine."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from types import FrameType
from typing import Any

from huddle.cluster.apply import apply
from huddle.cluster.batches import Batch, encode
from huddle.cluster.entries import Register, Say
from huddle.cluster.naming import keyed
from huddle.cluster.state import Restricted
from huddle.protocol.codec import asked
from tests.cluster.small_house import Town
from tests.cluster.written_log import House


def calls_of(call: Callable[[], object]) -> list[str]:
    """The Python functions that are called, but for the one that is given."""
    called: list[str] = []

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            called.append(frame.f_code.co_qualname)

    sys.setprofile(note)
    try:
        call()
    finally:
        sys.setprofile(None)
    return called[1:]


def steps_of(call: Callable[[], object]) -> int:
    """How many lines of Python are gone through in it: each time round a loop is one, too."""
    steps = 0

    def note(frame: FrameType, event: str, _: object) -> Any:
        nonlocal steps
        steps += event in ("call", "line")
        return note

    before = sys.gettrace()
    sys.settrace(note)
    try:
        call()
    finally:
        sys.settrace(before)
    return steps


def test_a_line_of_another_node_is_few_calls_and_in_a_batch_of_many_far_fewer() -> None:
    house = House()
    node = house.node("a")
    ana = node.begins("ana")
    node.does(Say(ana, 1, "hola", "huddle"))
    one = node.writes(Say(ana, 2, "hola", "huddle"))
    many = node.writes(*[Say(ana, 3 + id, "hola", "huddle") for id in range(100)])
    alone = calls_of(lambda: apply(house.state, 1001, one))
    assert len(alone) <= 25, alone
    together = calls_of(lambda: apply(house.state, 1002, many))
    assert len(together) <= 12 * 100, together


def test_and_so_it_is_for_the_node_that_follows() -> None:
    """What a node does with it beside applying, but for keeping it in the record."""
    town = Town()
    a, b, member = town.servers["a"], town.servers["b"], town.members[0]
    member.connect(a)
    town.goes(0.5)
    member.say()
    town.goes(0.5)
    a.log.cut_off = b.log.cut_off = True
    line = Batch(a.node.life, "a", a.state.lives[a.node.life].n + 1, 0, 0, [say(member.session)])
    position, batch = town.engine.entries[-1].position + 1, encode(line)
    called = calls_of(lambda: b.node._deliver(position, batch))
    assert b.messages["huddle", 2].text == "hola"
    kept = called.index("Server.keep")
    assert len(called[:kept]) <= 25, called


def test_a_line_is_read_in_few_steps_whatever_else_it_might_say() -> None:
    read, given = asked(Say), {"session": 17, "id": 7, "text": "hola", "room": "huddle"}
    read(given, None)  # the first one has more to do
    assert steps_of(lambda: read(given, None)) <= 70


def test_who_registers_costs_as_much_however_many_others_are_restricted() -> None:
    calls = []
    for count in (2, 2000):
        house = House()
        node = house.node("a")
        ana = node.begins("ana")
        restrictions = house.state.rooms["huddle"].restrictions
        for number in range(count):
            restrictions["mute", f"session:{number + 9}"] = Restricted("", 0, "", "", 0, "", "", 1)
        batch = node.writes(Register(keyed("ana"), "hash", ana, own=True))
        calls.append(calls_of(partial(apply, house.state, 1001, batch)))
        assert house.state.sessions[ana].account
    assert calls[0] == calls[1]


def say(session: int) -> Say:
    return Say(session, 9, "hola", "huddle")
