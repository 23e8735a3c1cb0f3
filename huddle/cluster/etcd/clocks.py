"""The clocks of the engine's machines, by which a node finds out that its own is wrong.

Every answer over HTTP says the time of day of the machine that gives it, in whole seconds. The log
itself tells nothing of clocks: what stands in it may be late, or come from a node that is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from twisted.internet.defer import Deferred, gatherResults

from huddle.cluster.etcd.gateway import Gateway, Refused, Unanswered
from huddle.cluster.etcd.messages import STATUS

UNSURE: Final = 2.0
"""Seconds between the two in the middle of an even number of clocks beyond which they say nothing:
one of them is wrong, and no other clock says which."""


async def skew(gateway: Gateway, now: Callable[[], float]) -> float | None:
    """Ask all machines behind the gateway what time of day it is: by how many seconds this clock is
    ahead of most (below 0: behind), right to half a second. None where that cannot be told: no
    majority answers, or they differ. ``now`` is this machine's time, in seconds since 1970."""
    asking = [Deferred.fromCoroutine(_ahead_of(each, gateway, now)) for each in gateway.endpoints]
    answers: Sequence[float | None] = await gatherResults(asking)
    found = sorted(each for each in answers if each is not None)
    return middle(found) if 2 * len(found) > len(answers) else None


async def _ahead_of(endpoint: str, gateway: Gateway, now: Callable[[], float]) -> float | None:
    """How far this clock is ahead of that machine's; None where it does not say its time."""
    asked = now()
    try:
        there = await gateway.time_of(STATUS, endpoint)
    except (Refused, Unanswered):
        return None
    return (asked + now()) / 2 - (there + 0.5)


def middle(values: Sequence[float]) -> float | None:
    """The one in the middle of these sorted values; of an even number, the mean of the two there.
    None where these two are more than `UNSURE` apart."""
    low, high = values[(len(values) - 1) // 2], values[len(values) // 2]
    return (low + high) / 2 if high - low <= UNSURE else None
