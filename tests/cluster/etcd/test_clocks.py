"""The clocks of the engine's machines tell a node how far its own is off, or say nothing."""

from __future__ import annotations

from collections.abc import Sequence
from email.utils import formatdate

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twisted.internet.defer import Deferred

from huddle.cluster.etcd import clocks
from tests.client.in_reactor import in_reactor
from tests.cluster.engines import OnEtcd
from tests.cluster.etcd.wire import Wire

NOON = 1_790_000_000
THREE = ("http://a:1", "http://b:2", "http://c:3")


def skew(ahead: Sequence[float | None], endpoints: Sequence[str] = THREE) -> float | None:
    """What a node finds whose clock is so far ahead of each of the machines; None: one is away."""
    wire = Wire(*endpoints)
    wire.down = {each for each, by in zip(endpoints, ahead, strict=True) if by is None}
    asking = Deferred.fromCoroutine(clocks.skew(wire.gateway, lambda: NOON + 0.5))
    for asked in wire.all_asked():
        by = ahead[endpoints.index(asked.endpoint)]
        assert by is not None
        date = formatdate(NOON - by, usegmt=True)
        asked.says(b"HTTP/1.1 200 OK\r\nDate: %s\r\nContent-Length: 2\r\n\r\n{}" % date.encode())
    assert asking.called
    found: float | None = asking.result  # type: ignore[assignment]
    return found


@pytest.mark.parametrize(
    ("ahead", "found"),
    [
        ((0, 0, 0), 0),
        ((3600, 3600, 3600), 3600),
        ((-3600, -3600, -3600), -3600),
        ((0, 3600, 3600), 3600),  # one of the machines is its own, and no better
        ((0, 0, 3600), 0),  # another's clock is wrong
        ((1, None, 1), 1),
        ((3600, None, 0), None),  # one of the two, and nobody says which
        ((0, None, None), None),
        ((None, None, None), None),
    ],
)
def test_most_of_the_clocks_are_believed(ahead: Sequence[float | None], found: float) -> None:
    assert skew(ahead) == found


def test_an_engine_of_one_machine_is_believed_alone() -> None:
    assert skew([7], THREE[:1]) == 7


def test_a_machine_that_does_not_say_what_time_it_is_is_not_counted() -> None:
    wire = Wire(*THREE)
    asking = Deferred.fromCoroutine(clocks.skew(wire.gateway, lambda: NOON))
    for asked, date in zip(wire.all_asked(), (b"", b"Date: noon\r\n", b"Date: \r\n"), strict=True):
        asked.says(b"HTTP/1.1 200 OK\r\n%sContent-Length: 2\r\n\r\n{}" % date)
    assert asking.called and asking.result is None


@given(st.lists(st.integers(-5, 5), min_size=5, max_size=5), st.integers(-(10**5), 10**5))
def test_two_wrong_clocks_of_five_change_nothing(near: list[int], wrong: int) -> None:
    """Whatever two of five machines say, what is found is within what the others say."""
    endpoints = [f"http://{name}:1" for name in "abcde"]
    found = skew([*near[:3], wrong, wrong + 1], endpoints)
    assert found is not None and min(near[:3]) <= found <= max(near[:3])


@in_reactor
async def test_the_machines_of_a_real_engine_say_what_time_it_is(house: OnEtcd) -> None:
    import time

    await house.view()
    engine = house.newest()
    for shift in (0, 3600, -3600):
        found = await clocks.skew(engine.gateway, lambda by=shift: time.time() + by)  # type: ignore[misc]
        assert found is not None
        assert round(found / 3600) == shift / 3600
