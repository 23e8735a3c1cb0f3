"""What the record cannot read any more is a gap, and whoever reads goes on behind it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import pytest
from twisted.internet.defer import Deferred
from typing_extensions import override

from huddle.protocol.events import Said
from huddle.protocol.limits import Limits
from huddle.record.memory import MemoryRecord
from tests.world import World

LIMITS = Limits(block=8)


class Damaged(MemoryRecord):
    """A record that cannot read some of its messages any more."""

    lost: Collection[int] = ()

    @override
    def read(
        self, room: str, first: int, last: int, size: int | None = None
    ) -> Deferred[Sequence[Said]]:
        return (
            super()
            .read(room, first, last, size)
            .addCallback(lambda messages: [each for each in messages if each.seq not in self.lost])
        )


@pytest.mark.parametrize(
    ("lost", "told"),
    [
        ([3, 4], ["1", "2", (3, 4), "5", "6", "7", "8", "9"]),
        ([1, 2], [(1, 2), "3", "4", "5", "6", "7", "8", "9"]),
        ([7, 8], ["1", "2", "3", "4", "5", "6", (7, 8), "9"]),
        ([8, 9], ["1", "2", "3", "4", "5", "6", "7", (8, 8), (9, 9)]),
        ([2, 4, 6], ["1", (2, 2), "3", (4, 4), "5", (6, 6), "7", "8", "9"]),
        (range(1, 9), [(1, 8), "9"]),
    ],
)
def test_what_is_lost_is_told_as_a_gap_and_all_the_rest_is_given(
    lost: Collection[int], told: Sequence[object]
) -> None:
    world = World(record := Damaged(LIMITS, "epoch"), limits=LIMITS)
    ana = world.person("ana")
    ana.says(*(str(number) for number in range(1, 40)))
    record.lost = lost
    world = world.crashes()
    epoch = world.record.epoch
    bob = world.program("bob", secret="bob's", replay=0)
    world.settle()
    bob.cut()
    bob = world.program("bob", secret="bob's", resume=True, epoch=epoch, after={"huddle": 0})
    got: list[object] = []
    for event in bob.heard:
        if event["type"] == "said":
            got.append(event["text"])
        elif event["type"] == "gap":
            got.append((event["from"], event["to"]))
    assert got[: len(told)] == list(told)
    assert got[-1] == "39"
