"""The log: the port through which nodes agree on what happens, and in which order.

A log is a sequence of entries, opaque bytes, each at a position. Positions rise, and nothing else
is to be read from them: between two entries that follow each other there may be any distance.

What a log owes, whatever engine is behind it:

- *One order.* All who follow it are given the same entries at the same positions in the same
  order, each of them once, and none twice after `Following.stop`.
- *Durable.* What is delivered is on the disks of a majority of the engine's members, or of however
  many it takes so that no entry that anybody has seen can vanish: an answer to an append and a
  delivery mean the same.
- *At least once.* `append` goes on until it knows. Where an answer was lost the entry is sent
  again, and then it may stand in the log twice, or more often: at other positions, with other
  entries between, a copy even behind what was appended after its `Deferred` had fired. Who applies
  entries therefore numbers them and passes over what it has had.
- *Ambiguous is not failed.* An attempt that ended without the engine's own answer (a deadline, a
  closed connection, a change of leader) may have landed, or may land later. An attempt is definite
  only where the engine said no before it took the entry, or where nothing was sent.
- *No silent gap.* Where the log cannot give what follows a position it says so (`Gap`) and delivers
  nothing more. It is the adapter that finds this out, by a count which the engine keeps for every
  entry; who follows need not look at positions.

Two appends that wait at the same time may land in either order: who wants them in an order waits
for the first.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from twisted.internet.defer import Deferred

MOST_ENTRY = 513 * 1024
"""Bytes of one entry, as it is appended: a batch of 512 KiB and its seal. With what an engine's
wire adds (base64, a third more) it is less than the 1.5 MiB that etcd takes in one request."""

FROM_THE_START = 0
"""The position before the first entry of a log."""

Deliver = Callable[[int, bytes], None]
"""Is given a position and the entry there. It must not raise."""


Same = Callable[[bytes], bool]
"""Is given an entry, and says whether it is the one that is meant. It must not raise."""


class EntryTooLarge(ValueError):
    """The entry has more than `MOST_ENTRY` bytes; it was not sent."""


class NotAppended(Exception):
    """The entry is not in the log and will not be: no attempt can have landed."""


class OutcomeUnknown(Exception):
    """The entry may be in the log, or still come into it: only what the log delivers can tell.

    Who appended must not send anything else under the entry's number.
    """


class Cause(Enum):
    """Why a log cannot go on where its follower is."""

    TRUNCATED = "truncated"
    """What follows is no longer kept: the follower was away for too long."""
    LOST = "lost"
    """An entry between two that came is missing."""
    REWOUND = "rewound"
    """The log ends before the follower's position, or has another entry there: its engine was
    started from an older copy of its data."""
    FOREIGN = "foreign"
    """It is another engine's log, or that of another house."""
    SEALED = "sealed"
    """What comes next is sealed under a key that this node does not have."""


@dataclass(frozen=True, slots=True)
class Gap:
    """The log cannot give what follows ``after``, the last position that was delivered or asked
    for. The follower needs another node's state, or, where the log was rewound, is foreign or
    sealed, the people who run it."""

    cause: Cause
    after: int


NOTHING_BEFORE = Gap(Cause.TRUNCATED, FROM_THE_START)
"""What the first entry of a log means that begins with a state (`huddle.cluster.batches`): whatever
position another node's state is of, it will do."""


class Following(Protocol):
    """What is told by a log that it follows: each batch in its place."""

    def stop(self) -> None:
        """Deliver nothing more, from now on. To stop twice is to stop."""

    def pause(self) -> None:
        """Read no more from the engine until `resume`: what has been read is still delivered."""

    def resume(self) -> None:
        """Go on where `pause` left off."""


class Log(Protocol):
    """The port. An entry is bytes, 1 to `MOST_ENTRY` of them; a position is an integer from 1."""

    def append(self, entry: bytes) -> Deferred[int]:
        """Put an entry at the end; fires with the position at which it surely stands.

        An earlier attempt may have put it at an earlier position, and a later one can still come.
        It is tried again until it is known: without a majority of the engine that may take for
        ever, and the caller may cancel. Fails with `EntryTooLarge` at once; with `NotAppended`
        when the engine will never take it, or it was cancelled, and no attempt can have landed;
        with `OutcomeUnknown` in the same cases where one can.
        """

    def follow(
        self,
        after: int,
        deliver: Deliver,
        gap: Callable[[Gap], None],
        same: Same | None = None,
    ) -> Following:
        """Deliver all entries behind the position ``after`` (0: all there are), then what comes.

        ``after`` is a position that was delivered once, by this log or another's view of it.
        ``same`` says, where the follower can tell, whether this is the entry that it was given
        there: a log that has another one is a `Cause.REWOUND` one. ``gap`` is called once at most,
        and nothing is delivered after it. Neither is called before this returns.
        While the engine cannot be reached nothing is delivered; it goes on by itself.
        """

    def truncate(self, before: int) -> Deferred[None]:
        """Let go of the entries in front of a position, so that the log does not grow for ever.

        A follower that has come as far as ``before`` goes on; one that is farther back is told
        of a `Gap`. It is a wish, tried once: it fires, whatever became of it, when it has
        been answered or was not in time. A later position says it again.
        """
