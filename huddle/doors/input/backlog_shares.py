"""Backlog shares: who may still say something where much waits to be recorded and given out.

What waits is bounded by the time that giving it out takes (`Backlog.limit`). Were everybody held
up past that bound, a text would wait behind all that one address has poured in, and then for its
turn to be heard at all. So an address that has put little into the batch that is being filled is
heard past the bound, up to twice of it; an address with much waits until that is given out. The
order of what was heard stays as it is: a text goes out with the next batch, which is bounded.
"""

from __future__ import annotations

from weakref import WeakValueDictionary

from huddle.delivery.sequencer import Sequencer

SHARE = 8
"""An address has put little into a batch as long as it is less than this part of the bound."""


class BacklogShare:
    """The share of one address, for all of its connections."""

    __slots__ = ("__weakref__", "_batch", "_size", "sequencer")

    def __init__(self, sequencer: Sequencer) -> None:
        self.sequencer = sequencer
        self._batch = 0
        self._size = 0

    def count(self, size: int) -> None:
        """A line of the address has had so many bytes wait."""
        if self._batch != self.sequencer.batches:
            self._batch, self._size = self.sequencer.batches, 0
        self._size += size

    @property
    def is_used_up(self) -> bool:
        """Whether nothing more of the address is heard before what waits is given out."""
        sequencer = self.sequencer
        if sequencer.backlog.is_full:
            return True
        return self._batch == sequencer.batches and self._size * SHARE >= sequencer.backlog.limit


class BacklogShares:
    """The shares of all addresses that somebody is connected from."""

    def __init__(self, sequencer: Sequencer) -> None:
        self._sequencer = sequencer
        self._by_address: WeakValueDictionary[str, BacklogShare] = WeakValueDictionary()

    def of(self, address: str) -> BacklogShare:
        """The share of this address; it is kept as long as a connection has it."""
        share = self._by_address.get(address)
        if share is None:
            share = self._by_address[address] = BacklogShare(self._sequencer)
        return share
