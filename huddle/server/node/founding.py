"""Founding: a house of several nodes that begins with the record of one, where the engine has none.

The id of the house and the first entry of its log come into the engine at once, or not at all; that
entry tells whoever meets it that the state before it is another node's to give. Of two who found at
once, the first has it.

What programs are told is the record's own epoch, where it is that of a server alone: it has all
that they were ever given, and they go on where they were. A node's record may lack what others had
by then: that is another epoch.

The id is on this node's disk before. Who is killed in between, at whatever moment, and starts in
the same way again, ends what was begun: if the house has that id, the record has nothing that is
not in the state that is made of it, since no other node was given any yet.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from huddle.cluster.batches import BEGINS_ELSEWHERE, VERSION
from huddle.cluster.etcd.log import EtcdLog, Identity
from huddle.cluster.sealing import Sealing
from huddle.cluster.snapshot import dump
from huddle.record import Record, Step
from huddle.record.files import beside
from huddle.record.plain_file import write_whole
from huddle.server.node.founding_state import state_of
from huddle.server.node.state_file import StateFile

_PARTED = "-"

Claimed = tuple[Identity, int]
"""Which log a house has, and the position of its first entry."""


class HouseStands(Exception):
    """The engine has a house of this name, which is another one: nothing was changed."""


def epoch_of(house: str) -> str:
    """The epoch that programs are told, by the id of the house."""
    return house.partition(_PARTED)[2] or house


def _house_id(fresh: str, kept: Record) -> str:
    return fresh if kept.position else f"{fresh}{_PARTED}{kept.epoch}"


class Founding:
    """That of one node, whose record lies at ``history``; ``known`` is the house that it was of."""

    def __init__(self, history: str, known: Identity | None) -> None:
        self._known = known
        self._file = StateFile(history)
        self._begun = beside(history, ".found")

    @property
    def is_begun(self) -> bool:
        """Whether it was begun and not ended; raises `OSError`."""
        house = self._house()
        if house and self._known is not None and house == self._known.house:
            self.forget()  # all but this was done
            return False
        return bool(house)

    async def claim(self, log: EtcdLog, keys: Sequence[bytes], kept: Record) -> Claimed | None:
        """Have the house stand, for the record ``kept``; `fill` comes next. None where it is the
        one that the node is of: nothing was to be done. Waits for the engine; raises `HouseStands`
        and `OSError`."""
        if self._known is not None and await log.standing() == self._known:
            self.forget()
            return None
        house = self._house()
        if not house or epoch_of(house) not in (house, kept.epoch):  # it was begun with another
            house = _house_id(os.urandom(16).hex(), kept)
        write_whole(self._begun, house.encode())
        first = Sealing(keys, house, VERSION, os.urandom).seal(BEGINS_ELSEWHERE)
        identity, position = await log.found(house, first)
        if identity.house != house:
            self.forget()
            raise HouseStands
        return identity, position

    async def fill(
        self,
        claimed: Claimed,
        kept: Record,
        words: str,
        operators: Iterable[Sequence[str]] = (),
    ) -> None:
        """Have the state at the beginning of that house beside the record ``kept``, which has its
        position from now on. ``words`` and ``operators`` are as in `state_of`.

        Waits for the disk. Raises `OSError` and `huddle.record.RecordFailure`.
        """
        identity, position = claimed
        state, rows = await state_of(kept, words, position, operators)
        await kept.step(Step(position, kept=rows))
        self._file.write(identity, dump(state))
        self.forget()

    def _house(self) -> str:
        """The id under which it was begun; empty where it was not."""
        try:
            with open(self._begun, encoding="utf-8") as file:
                return file.read()
        except FileNotFoundError:
            return ""

    def forget(self) -> None:
        """Nothing was begun, or all is done; raises `OSError`."""
        Path(self._begun).unlink(missing_ok=True)
