"""What is said is rendered once on a node, however many there ignore somebody."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from huddle.dialects.plain.dialect import PlainRenderer
from huddle.protocol.events import RoomEvent
from tests.visits.test_filters import ignores, texts
from tests.world import World


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many events people were rendered, by each call."""
    counts: list[int] = []
    live = PlainRenderer.live

    def counted(self: PlainRenderer, events: Sequence[RoomEvent]) -> list[bytes]:
        counts.append(len(events))
        return live(self, events)

    monkeypatch.setattr(PlainRenderer, "live", counted)
    return counts


def test_what_is_said_is_rendered_once_though_everybody_ignores_somebody_else(
    rendered: list[int],
) -> None:
    world = World()
    people = [world.person(f"p{number}") for number in range(12)]
    for number, peer in enumerate(people):
        ignores(peer, f"p{(number + 1) % 12}")
    for peer in people:
        peer.forgets()
    rendered.clear()
    people[0].says("one")
    people[5].says("two")
    assert rendered == [1, 1]
    heard = [texts(peer) for peer in people]
    assert heard[1] == heard[3] == ["one", "two"]
    assert (heard[11], heard[4]) == (["two"], ["one"])
    assert (heard[0], heard[5]) == (["two"], ["one"])


def test_so_it_is_though_they_wish_to_be_told_who_comes_and_goes_or_not(
    rendered: list[int],
) -> None:
    world = World()
    people = [world.person(f"p{number}") for number in range(6)]
    for number, peer in enumerate(people[:4]):
        peer.says(f"/quiet-joins {'off' if number % 2 else 'on'}")
        if number < 2:
            ignores(peer, "p5")
    for peer in people:
        peer.forgets()
    rendered.clear()
    people[5].says("one")
    assert rendered == [1, 1]  # and once for those who wish nothing
    assert [texts(peer) for peer in people] == [[], [], ["one"], ["one"], ["one"], []]
    rendered.clear()
    world.person("late")
    assert [[line for line in peer.reads() if "late" in line] for peer in people[:4]] == [
        [],
        ["-- late joined"],
    ] * 2
    assert sorted(rendered) == [0, 1, 1]
