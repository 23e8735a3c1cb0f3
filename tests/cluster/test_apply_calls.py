"""What a line of another node costs here: Python's calls, which are the same on every machine."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType

from huddle.cluster.apply import apply
from huddle.cluster.entries import Say
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
