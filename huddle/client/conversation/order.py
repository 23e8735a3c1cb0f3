"""Own lines of one room in their place among the others'.

The server gives others' messages in the order of the room, and acknowledges own lines with their
numbers, sooner or later. So a message whose number leaves a hole may have an own line before it:
it waits here for that acknowledgement, and both are told in the order that everybody sees.

An acknowledgement, too, may come before messages that stand before it, while much is being caught
up with. Messages are let go when no own line is outstanding that could be before them (`overdue`).
When the link breaks before an acknowledgement, it comes with the next one; the caller decides how
long to wait for that (`rest`).
"""

from __future__ import annotations

from collections.abc import Iterator

from huddle.client.session.events import Acknowledged, Deleted, Said

MOST = 4096
"""Messages that wait in one room at most."""

Numbered = Said | Deleted | Acknowledged


class Order:
    """Puts the events of one room in order, by their numbers."""

    def __init__(self) -> None:
        self._last: int | None = None
        self._waiting: dict[int, Numbered] = {}

    @property
    def waiting(self) -> bool:
        """Whether an event waits for those that stand before it."""
        return bool(self._waiting)

    def begin(self, last: int | None) -> None:
        """The room goes on behind ``last`` where nothing of it has been told: also the first
        message may have an own line before it."""
        if self._last is None:
            self._last = last

    def released(self, seq: int, event: Numbered) -> Iterator[Numbered]:
        """What is to be shown, now that this has come."""
        if self._last is None or seq <= self._last:
            # The first that is heard of a room, or an acknowledgement that comes too late.
            self._last = max(seq, self._last or 0)
            yield event
            return
        self._waiting[seq] = event
        yield from self._following()
        if len(self._waiting) > MOST:
            yield from self.rest()

    def overdue(self) -> Iterator[Numbered]:
        """No own line is outstanding: the messages that wait, and what stands before them."""
        numbers = [seq for seq, each in self._waiting.items() if isinstance(each, Said | Deleted)]
        if numbers:
            yield from self._up_to(max(numbers))

    def rest(self) -> Iterator[Numbered]:
        """All events that still wait for those before them, in order; nothing waits then."""
        if self._waiting:
            yield from self._up_to(max(self._waiting))

    def restart(self, last: int | None = None) -> Iterator[Numbered]:
        """All that waits; then the room goes on behind ``last``, or with any number."""
        yield from self.rest()
        self._last = last

    def _up_to(self, last: int) -> Iterator[Numbered]:
        for seq in sorted(seq for seq in self._waiting if seq <= last):
            self._last = seq
            yield self._waiting.pop(seq)
        yield from self._following()

    def _following(self) -> Iterator[Numbered]:
        assert self._last is not None  # something has been told, or nothing would wait
        while (event := self._waiting.pop(self._last + 1, None)) is not None:
            self._last += 1
            yield event
