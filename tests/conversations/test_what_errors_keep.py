"""A line that was refused is gone when the refusal has been given: no error keeps it."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from huddle.protocol.errors import HuddleError
from huddle.protocol.limits import Limits
from tests.world import World

JSON = {
    "no json": "x" * 60_000,
    "too deep": '{"type":' + "[" * 60_000,
    "no such type": '{"type":"%s"}' % ("x" * 60_000),
    "a wrong field": '{"type":"say","id":1,"room":"%s","text":3}' % ("x" * 60_000),
    "a number of 6,000 digits": '{"type":"say","id":%s}' % ("1" * 6_000),
    "a text that is too long": '{"type":"say","id":1,"room":"huddle","text":"%s"}' % ("x" * 60_000),
    "no such room": '{"type":"leave","id":1,"room":"nowhere"}',
    "not allowed": '{"type":"announce","id":1,"text":"hola"}',
}
PLAIN = {
    "no such command": "/nope " + "x" * 60_000,
    "too long": "x" * 60_000,
    "not allowed": "/announce hola",
    "no such person": "/msg nobody hola",
    "no duration": "/slow 1 fortnight of them",
}


@pytest.fixture
def uncollected() -> Iterator[None]:
    """Python does not look for garbage: what is gone went by itself."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def errors() -> int:
    return sum(isinstance(each, HuddleError) for each in gc.get_objects())


@pytest.mark.usefixtures("uncollected")
@pytest.mark.parametrize("line", JSON.values(), ids=JSON)
def test_of_what_a_program_asked_wrongly_nothing_is_left(line: str) -> None:
    world = World(limits=Limits(flood_rate=0))
    bot, stranger = world.program("bot"), world.connect()
    before = errors()
    for peer in (bot, stranger):
        peer.sends(line.encode() + b"\n")
        world.settle()
        assert peer.reads()
    assert errors() == before


@pytest.mark.usefixtures("uncollected")
@pytest.mark.parametrize("line", PLAIN.values(), ids=PLAIN)
def test_of_what_a_person_typed_wrongly_nothing_is_left(line: str) -> None:
    world = World(limits=Limits(flood_rate=0))
    ana = world.person("ana")
    before = errors()
    ana.says(line)
    assert ana.reads() and errors() == before
