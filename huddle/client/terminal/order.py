"""Own lines in their place among the others'.

The server gives others' messages in the order of the room, and acknowledges own lines with their
numbers, sooner or later. So a message whose number leaves a hole may have an own line before it:
it waits here for that acknowledgement, and both are told in the order that everybody sees.

An acknowledgement, too, may come before messages that stand before it, while much is being caught
up with. Messages are let go when no own line is outstanding that could be before them (`overdue`).
When the link breaks before an acknowledgement, it comes with the next one; whoever shows the events
decides how long to wait for that (`rest`).
"""

from __future__ import annotations

from collections.abc import Iterator

from huddle.client.session.cursors import INBOX
from huddle.client.session.events import (
    Acknowledged,
    Answered,
    Deleted,
    Event,
    Gap,
    Here,
    Removed,
    Reset,
    Said,
)
from huddle.client.session.requests import Join, Leave

MOST = 4096
"""Messages that wait in one room at most."""

Numbered = Said | Deleted | Acknowledged


class Order:
    """Puts the events of one session in order. Those that have no number pass at once."""

    def __init__(self) -> None:
        self._last: dict[str, int] = {}
        self._waiting: dict[str, dict[int, Numbered]] = {}

    @property
    def holding(self) -> bool:
        """Whether something waits."""
        return bool(self._waiting)

    def released(self, event: Event) -> Iterator[Event]:
        """What is to be shown, now that this has happened."""
        match event:
            case Said(room=room, seq=seq) | Deleted(room=room, seq=seq, past=True):
                yield from self._number(room, seq, event)
            case Acknowledged(line=line, seq=seq):
                room = INBOX if line.private else line.place
                yield from self._number(room, seq, event)
            case Gap(room=room, last=last):
                yield from self._all_of(room)
                self._last[room] = last
                yield event
            case Reset(room=room):
                yield from self._all_of(room)
                self._last.pop(room, None)
                yield event
            case (
                Answered(request=Join(), answer=Here(room=room))
                | Answered(request=Join(room=room) | Leave(room=room))
                | Removed(room=room)
            ):
                yield from self._all_of(room)
                self._last.pop(room, None)
                yield event
            case _:
                yield event

    def overdue(self) -> Iterator[Event]:
        """No own line is outstanding: the messages that wait, and what stands before them."""
        for room, waiting in tuple(self._waiting.items()):
            numbers = [seq for seq, event in waiting.items() if isinstance(event, Said | Deleted)]
            if numbers:
                yield from self._up_to(room, max(numbers))

    def rest(self) -> Iterator[Event]:
        """All that waits, let go."""
        for room in tuple(self._waiting):
            yield from self._all_of(room)

    def _number(self, room: str, seq: int, event: Numbered) -> Iterator[Event]:
        last = self._last.get(room)
        if last is None or seq <= last:
            # The first that is heard of a room, or an acknowledgement that comes too late.
            self._last[room] = max(seq, last or 0)
            yield event
            return
        waiting = self._waiting.setdefault(room, {})
        waiting[seq] = event
        yield from self._following(room)
        if len(waiting) > MOST:
            yield from self._all_of(room)

    def _all_of(self, room: str) -> Iterator[Event]:
        if room in self._waiting:
            yield from self._up_to(room, max(self._waiting[room]))

    def _up_to(self, room: str, last: int) -> Iterator[Event]:
        waiting = self._waiting[room]
        for seq in sorted(seq for seq in waiting if seq <= last):
            self._last[room] = seq
            yield waiting.pop(seq)
        yield from self._following(room)

    def _following(self, room: str) -> Iterator[Event]:
        waiting = self._waiting[room]
        while (event := waiting.pop(self._last[room] + 1, None)) is not None:
            self._last[room] += 1
            yield event
        if not waiting:
            del self._waiting[room]
