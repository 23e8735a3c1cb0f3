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
        last = after

        def deliver_opened(position: int, sealed: bytes) -> None:
            nonlocal last
            try:
                entry = self._sealing.open(sealed)
            except NotGenuine:
                entry = b""
            except NoSuchKey:
                following.stop()
                gap(Gap(Cause.SEALED, last))
                return
            last = position
            deliver(position, entry)

        def is_same(sealed: bytes) -> bool:
            assert same is not None
            try:
                return same(self._sealing.open(sealed))
            except NotGenuine:
                return same(b"")
            except NoSuchKey:
                return False

        following = self._log.follow(after, deliver_opened, gap, is_same if same else None)
        return following

    def truncate(self, before: int) -> Deferred[None]:
        return self._log.truncate(before)
