"""What the server tells by itself: what was said and done, as events."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from huddle.client.session.asking import Asking
from huddle.client.session.cursors import Cursors, read_here
from huddle.client.session.effects import Effects
from huddle.client.session.events import Here, Joined, Left
from huddle.client.session.wire import Message, Reply
from huddle.protocol.answers import Closing, Motd, Removed, StandingIs, Unread
from huddle.protocol.codec import MessageError, told
from huddle.protocol.events import Changed

_TOLD: Mapping[str, type[Any]] = {
    "joined": Joined,
    "left": Left,
    **{cls.type: cls for cls in (Changed, Closing, Motd, Removed, StandingIs, Unread)},
}
"""What is told as it comes."""


class Unsolicited:
    """Reads it for one session. Raises `MessageError` for what is not as the protocol says."""

    def __init__(self, effects: Effects, cursors: Cursors, asking: Asking) -> None:
        self._effects = effects
        self._cursors = cursors
        self._asking = asking

    def hear(self, kind: str, message: Message) -> None:
        """Something has come; what is not known is passed over."""
        if (cls := _TOLD.get(kind)) is not None:
            event = told(cls, message)
            if isinstance(event, Removed):
                self._asking.removed(event.room)
            self._effects.tell(event)
        elif kind == "here":
            self._here(message)
        elif (follow := _FOLLOWED.get(kind)) is not None:
            follow(self._cursors, message)

    def _here(self, message: Message) -> None:
        room = told(Reply, message).room
        if room is None:
            raise MessageError("room")
        self._effects.tell(read_here(Here, message, room))


_FOLLOWED: Mapping[str, Callable[[Cursors, Message], None]] = {
    "said": Cursors.said,
    "deleted": Cursors.deleted,
    "gap": Cursors.gap,
    "reset": Cursors.reset,
}
"""What has its place in a room."""
