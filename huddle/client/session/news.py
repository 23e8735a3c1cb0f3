"""What the server tells by itself: what was said and done, as events."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from huddle.client.session.asking import Asking
from huddle.client.session.cursors import Cursors, read_here, room_of
from huddle.client.session.events import (
    Changed,
    Closing,
    Joined,
    Left,
    Motd,
    Removed,
    Standing,
    Unread,
)
from huddle.client.session.turn import Turn
from huddle.client.session.wire import Fields


class News:
    """Reads it for one session. Raises `MessageError` for what is not as the protocol says."""

    def __init__(self, turn: Turn, cursors: Cursors, asking: Asking) -> None:
        self._turn = turn
        self._cursors = cursors
        self._asking = asking

    def hear(self, kind: str, message: Fields) -> None:
        """Something has come; what is not known is passed over."""
        hear = _HEARD.get(kind)
        if hear is not None:
            hear(self, message)

    def _said(self, message: Fields) -> None:
        self._cursors.said(message)

    def _deleted(self, message: Fields) -> None:
        self._cursors.deleted(message)

    def _gap(self, message: Fields) -> None:
        self._cursors.gap(message)

    def _reset(self, message: Fields) -> None:
        self._cursors.reset(message)

    def _motd(self, message: Fields) -> None:
        self._turn.tell(Motd(message.texts("lines")))

    def _closing(self, message: Fields) -> None:
        self._turn.tell(Closing())

    def _joined(self, message: Fields) -> None:
        self._turn.tell(Joined(room_of(message), message.text("nick")))

    def _left(self, message: Fields) -> None:
        by, reason = message.maybe_text("by") or "", message.maybe_text("reason") or ""
        self._turn.tell(Left(room_of(message), message.text("nick"), by, reason))

    def _here(self, message: Fields) -> None:
        self._turn.tell(read_here(message, room_of(message)))

    def _changed(self, message: Fields) -> None:
        setting, value = message.text("setting"), message.setting("value")
        self._turn.tell(Changed(room_of(message), message.text("nick"), setting, value))

    def _removed(self, message: Fields) -> None:
        room, by = room_of(message), message.maybe_text("by") or ""
        self._asking.removed(room)
        reason, banned = message.maybe_text("reason") or "", message.flag("banned")
        self._turn.tell(Removed(room, by, reason, banned))

    def _standing(self, message: Fields) -> None:
        by, reason = message.maybe_text("by") or "", message.maybe_text("reason") or ""
        until, standing = message.maybe_text("until"), message.text("standing")
        self._turn.tell(Standing(room_of(message), standing, by, until, reason))

    def _unread(self, message: Fields) -> None:
        self._turn.tell(Unread(message.text("nick"), message.number("count")))


_HEARD: Mapping[str, Callable[[News, Fields], None]] = {
    "said": News._said,
    "deleted": News._deleted,
    "gap": News._gap,
    "reset": News._reset,
    "motd": News._motd,
    "closing": News._closing,
    "joined": News._joined,
    "left": News._left,
    "here": News._here,
    "changed": News._changed,
    "removed": News._removed,
    "standing": News._standing,
    "unread": News._unread,
}
