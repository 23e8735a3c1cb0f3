"""A log whose engine sees sealed entries only: what a node appends and is given is what is in them.

An entry that nobody with the key has written is delivered empty, which is no batch: all nodes pass
it over alike, and it has its position. One under a key that this node does not have ends the
following, as `Cause.SEALED`: the others can read it, so that to pass over it would part this node
from them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from twisted.internet.defer import Deferred, fail

from huddle.cluster.log import (
    MOST_ENTRY,
    Cause,
    Deliver,
    EntryTooLarge,
    Following,
    Gap,
    Log,
    Same,
)
from huddle.cluster.sealing import OVERHEAD, NoSuchKey, NotGenuine, Sealing

MOST_SEALED: Final = MOST_ENTRY - OVERHEAD
"""Bytes of an entry that fits into the engine with its seal."""


class SealedLog:
    """`Log`, over another one; an entry has `MOST_SEALED` bytes at most."""

    def __init__(self, log: Log, sealing: Sealing) -> None:
        self._log = log
        self._sealing = sealing

    @property
    def reachable(self) -> bool:
        return self._log.reachable

    def append(self, entry: bytes) -> Deferred[int]:
        if not 0 < len(entry) <= MOST_SEALED:
            return fail(EntryTooLarge(len(entry)))
        return self._log.append(self._sealing.seal(entry))

    def follow(
        self,
        after: int,
        deliver: Deliver,
        gap: Callable[[Gap], None],
        same: Same | None = None,
    ) -> Following:
        return SealedFollowing(self._log, self._sealing, after, deliver, gap, same)

    def truncate(self, before: int) -> Deferred[None]:
        return self._log.truncate(before)


class SealedFollowing:
    """One who follows, and is given what is in the entries."""

    def __init__(
        self,
        log: Log,
        sealing: Sealing,
        after: int,
        deliver: Deliver,
        gap: Callable[[Gap], None],
        same: Same | None,
    ) -> None:
        self._sealing = sealing
        self._after = after
        self._deliver = deliver
        self._gap = gap
        self._same = same
        self._following = log.follow(after, self._open, gap, self._is_same if same else None)

    def stop(self) -> None:
        self._following.stop()

    def pause(self) -> None:
        self._following.pause()

    def resume(self) -> None:
        self._following.resume()

    def _open(self, position: int, sealed: bytes) -> None:
        try:
            entry = self._sealing.open(sealed)
        except NotGenuine:
            entry = b""
        except NoSuchKey:
            self._following.stop()
            self._gap(Gap(Cause.SEALED, self._after))
            return
        self._after = position
        self._deliver(position, entry)

    def _is_same(self, sealed: bytes) -> bool:
        try:
            return self._same is not None and self._same(self._sealing.open(sealed))
        except NotGenuine:
            return self._same is not None and self._same(b"")
        except NoSuchKey:
            return False
