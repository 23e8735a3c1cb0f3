"""How long a test waits for a real process, or for a thread, before it gives up; and the one way to
look again and again, where nobody tells.

Nothing takes so long on a machine that works, however busy it is: who waits is told at once when
the thing has come, so patience costs no time where all is well. A test of how *soon* something
comes measures that, with `tests.real.own_time`, and is not given less patience.

Nothing else in the tests pauses (`test_patience.py`): most wait for what is told, a line or an end.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from twisted.internet.task import deferLater

PATIENCE = 60.0
"""Seconds after which something that should have come is said not to come."""

PAUSE = 0.01
"""Seconds between two looks."""


NEVER = "it does not come"


def until(holds: Callable[[], object], complaint: Callable[[], str] | str = NEVER) -> None:
    """Look again and again until this holds; fail with the complaint when it never does.

    For what changes without anybody being told of it: a file, a state of the kernel's, another
    program's that can only be asked.
    """
    give_up = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() >= give_up:
            raise AssertionError(complaint() if callable(complaint) else complaint)
        time.sleep(PAUSE)


async def until_in_reactor(holds: Callable[[], object]) -> None:
    """As `until`, while the reactor goes on."""
    give_up = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < give_up, NEVER
        await lasts_in_reactor(PAUSE)


def lasts(seconds: float) -> None:
    """Let something last so long: a trouble, or a silence in which nothing is to come."""
    time.sleep(seconds)


async def lasts_in_reactor(seconds: float) -> None:
    """As `lasts`, while the reactor goes on."""
    from twisted.internet import reactor

    await deferLater(reactor, seconds)
