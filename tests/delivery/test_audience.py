"""Those who see the same bytes: each gets them once, and nobody's trouble is anyone else's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twisted.python.failure import Failure

from huddle.delivery.audience import Audience, cut_each, send_to_all
from huddle.delivery.outlet import Outlet
from huddle.delivery.slab import Slab
from huddle.delivery.transport import DEAD, FULL
from huddle.protocol.dialect import Renderer
from huddle.protocol.events import RoomEvent
from huddle.visits.filters import IgnoringRenderer
from tests.delivery.hall import Hall
from tests.outlets import outlet
from tests.sample_messages import MemoryTransport, renderer


def takes(count: int) -> Callable[[bytes], int]:
    return lambda data: count


def would_block(data: bytes) -> int:
    raise BlockingIOError


def is_dead(data: bytes) -> int:
    raise ConnectionResetError


class Listener:
    """One outlet of an audience, and what it was sent."""

    def __init__(self) -> None:
        self.transport = MemoryTransport()
        self.outlet = outlet(self.transport)

    def joins(self, audience: Audience) -> None:
        audience.add(self.outlet, self.transport.send)


def audience_of(*listeners: Listener) -> Audience:
    audience = Audience()
    for listener in listeners:
        listener.joins(audience)
    return audience


def test_everybody_gets_it_once() -> None:
    listeners = [Listener() for _ in range(5)]
    assert audience_of(*listeners).deliver(b"hola\n", ()) == []
    assert [each.transport.data for each in listeners] == [b"hola\n"] * 5


def test_whoever_is_left_out_gets_nothing_of_it_and_the_next_one_again() -> None:
    ana, bob, carla = listeners = [Listener() for _ in range(3)]
    audience = audience_of(*listeners)
    assert audience.deliver(b"one\n", (ana.outlet, carla.outlet)) == []
    assert audience.deliver(b"two\n", ()) == []
    assert [each.transport.data for each in (ana, bob, carla)] == [
        b"two\n",
        b"one\ntwo\n",
        b"two\n",
    ]


def test_only_those_who_did_not_take_it_all_are_named_with_what_they_took() -> None:
    whole, part, full, gone, slow = outlets = [outlet(MemoryTransport()) for _ in range(5)]
    audience = Audience()
    for each, send in zip(outlets, (len, takes(2), would_block, is_dead, takes(FULL)), strict=True):
        audience.add(each, send)
    assert audience.deliver(b"hola\n", ()) == [(part, 2), (full, 0), (gone, DEAD), (slow, FULL)]
    assert whole in audience.places


def test_whoever_has_left_gets_nothing_and_the_last_one_takes_the_place() -> None:
    ana, bob, carla = listeners = [Listener() for _ in range(3)]
    audience = audience_of(*listeners)
    audience.discard(ana.outlet)
    assert (len(audience), ana.outlet in audience.places, carla.outlet in audience.places) == (
        2,
        False,
        True,
    )
    audience.deliver(b"one\n", (carla.outlet,))
    audience.discard(carla.outlet)
    audience.deliver(b"two\n", ())
    assert [each.transport.data for each in listeners] == [b"", b"one\ntwo\n", b""]
    assert bob.outlet in audience.places


def test_who_was_never_there_may_leave() -> None:
    audience = audience_of(Listener())
    audience.discard(Listener().outlet)
    assert len(audience) == 1


def test_an_audience_of_nobody_is_told_nothing() -> None:
    assert Audience().deliver(b"hola\n", ()) == []


def test_an_error_that_is_nobodys_trouble_leaves_no_one_left_out_for_ever(
    logged_failures: list[Failure],
) -> None:
    def breaks(data: bytes) -> int:
        raise ZeroDivisionError

    ana = Listener()
    broken = outlet(MemoryTransport())
    audience = audience_of(ana)
    audience.add(broken, breaks)
    assert audience.deliver(b"one\n", (ana.outlet,)) == [(broken, DEAD)]
    assert [failure.type for failure in logged_failures] == [ZeroDivisionError]
    logged_failures.clear()
    audience.discard(broken)
    audience.deliver(b"two\n", ())
    assert ana.transport.data == b"two\n"


@given(st.lists(st.tuples(st.sampled_from("+-!"), st.integers(0, 5), st.sets(st.integers(0, 5)))))
def test_whoever_comes_and_goes_gets_what_is_said_while_they_are_there(
    steps: list[tuple[str, int, set[int]]],
) -> None:
    listeners = [Listener() for _ in range(6)]
    audience = Audience()
    there: set[int] = set()
    expected = [b""] * 6
    for number, (step, who, left_out) in enumerate(steps):
        if step == "+" and who not in there:
            listeners[who].joins(audience)
            there.add(who)
        elif step == "-":
            audience.discard(listeners[who].outlet)
            there.discard(who)
        elif step == "!":
            data = b"%d\n" % number
            outlets: list[Outlet] = [listeners[each].outlet for each in left_out & there]
            assert audience.deliver(data, outlets) == []
            for each in there - left_out:
                expected[each] += data
    assert [each.transport.data for each in listeners] == expected
    assert len(audience) == len(there)


# Several audiences of one stream


def broken(events: Sequence[RoomEvent]) -> list[bytes]:
    raise ZeroDivisionError


@pytest.mark.parametrize("said", [("hola",), ("hola", "adios")], ids=len)
@pytest.mark.parametrize("ignores", ["nobody", "one who renders", "one who does not"])
@pytest.mark.parametrize("first", [True, False])
def test_what_cannot_be_rendered_for_some_reaches_all_the_others(
    said: Sequence[str], ignores: str, first: bool, logged_failures: list[Failure]
) -> None:
    hall = Hall()
    unlucky: Renderer = copy(renderer())
    unlucky.audience = "unlucky"
    unlucky.live = broken  # type: ignore[method-assign]
    plain, spanish = renderer(), renderer("es")
    if ignores == "one who renders":
        spanish = IgnoringRenderer(spanish, frozenset({"session:7"}))
    elif ignores == "one who does not":
        unlucky = IgnoringRenderer(unlucky, frozenset({"session:7"}))
    shown = [unlucky, plain, spanish] if first else [plain, spanish, unlucky]
    readers = {each: hall.reader(each) for each in shown}
    for reader in readers.values():
        reader.subscribes()
    hall.reactor.settle()
    hall.says(*said)
    assert readers[plain].texts() == readers[spanish].texts() == list(said)
    assert [failure.type for failure in logged_failures] == [ZeroDivisionError]
    logged_failures.clear()


# The loop itself


def test_a_send_that_raises_stops_nobody_behind_it() -> None:
    sends = [would_block, takes(3), is_dead, is_dead, takes(3), would_block]
    assert send_to_all(sends, b"abc") == [0, 3, DEAD, DEAD, 3, 0]


def test_who_cannot_be_told_keeps_nobody_from_being_told(logged_failures: list[Failure]) -> None:
    told: list[tuple[str, int]] = []

    def listener(name: str, *, fails: bool = False) -> Any:
        def cut(stream: str, slab: object, taken: int) -> None:
            told.append((name, taken))
            if fails:
                raise ZeroDivisionError

        return SimpleNamespace(cut=cut)

    left = [(listener("ana"), 1), (listener("bob", fails=True), 2), (listener("eva"), DEAD)]
    cut_each(left, "huddle", Slab(0, 1, [b"hola\n"], (1,), (7,)))
    assert told == [("ana", 1), ("bob", 2), ("eva", DEAD)]
    assert [failure.type for failure in logged_failures] == [ZeroDivisionError]
    logged_failures.clear()


def test_each_send_is_called_once_whoever_raises() -> None:
    called: list[str] = []

    def send(name: str, error: Exception | None = None) -> Callable[[bytes], int]:
        def sends(data: bytes) -> int:
            called.append(name)
            if error:
                raise error
            return len(data)

        return sends

    everybody = [send("a"), send("b", BlockingIOError()), send("c", OSError()), send("d")]
    assert send_to_all(everybody, b"abc") == [3, 0, DEAD, 3]
    assert called == ["a", "b", "c", "d"]
