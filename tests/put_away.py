"""What a failed test leaves in the reactor does not reach the next one: nothing of it wakes again.

The test has told of it, as far as it can be told. Were it closed and cancelled only, whoever waits
behind it would go on: a node whose connection is lost asks again, for as long as there are tests.
"""

from __future__ import annotations

from collections.abc import Iterable

from twisted.internet.abstract import FileDescriptor
from twisted.internet.base import DelayedCall
from twisted.internet.interfaces import IDelayedCall

_KEPT: list[object] = []
"""All of it: what is collected tells of what it did not get, and that would be in another test."""


def put_away(opened: Iterable[FileDescriptor], calls: Iterable[IDelayedCall]) -> None:
    """Have the reactor look at none of these any more, and call none.

    They stay as they are for who has them: a call may be cancelled, or put off, once more.
    """
    for each in opened:
        each.reactor.removeReader(each)
        each.reactor.removeWriter(each)
        _KEPT.append(each)
    for call in calls:
        assert isinstance(call, DelayedCall)
        _KEPT.append((call, call.func, call.args, call.kw))
        call.cancel()
        for name in ("cancel", "delay", "reset"):
            setattr(call, name, _nothing)


def _nothing(seconds: float = 0.0) -> None:
    """It is cancelled."""
