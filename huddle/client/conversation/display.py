"""Where things are shown: events, and what the program itself has to say.

A pipe's output is for what happened on the server; the rest goes to the one who runs it, by the
screen's `warn`. On a terminal both are the same.
"""

from __future__ import annotations

from huddle.client.conversation.buffers import Buffers
from huddle.client.conversation.ports import Screen
from huddle.client.rendering.rendering import Rendering
from huddle.client.session import events
from huddle.client.session.events import Event
from huddle.client.session.journal import Trouble
from huddle.locale import N_

TROUBLES = {
    Trouble.IN_USE: N_("This nick is in use by another huddle-client; this one is somebody else."),
    Trouble.UNWRITABLE: N_("Nothing can be kept on this disk; a restart will not know what was."),
    Trouble.DAMAGED: N_("What was kept from last time is damaged; some of it may be lost."),
    Trouble.TOO_NEW: N_("What was kept from last time is for a newer huddle-client."),
}

OF_THE_SERVER = (
    events.Said,
    events.Deleted,
    events.Gap,
    events.Joined,
    events.Left,
    events.Renamed,
    events.Changed,
    events.Here,
    events.Reset,
    events.Answered,
    events.Welcomed,
    events.Named,
    events.StandingIs,
    events.Unread,
    events.Motd,
)
"""Events that belong into a pipe's output."""


class Display:
    """The display of one conversation: its screen, and the renderer for it."""

    def __init__(self, screen: Screen, rendering: Rendering, buffers: Buffers) -> None:
        self._screen = screen
        self._rendering = rendering
        self._buffers = buffers

    def event(self, event: Event) -> None:
        """Show an event, if there is something to be seen of it."""
        lines = self._rendering.lines(event)
        if isinstance(event, events.Answered) and isinstance(event.answer, events.Past):
            self._screen.found(self._rendering.asked(event.request), lines)
        elif lines and isinstance(event, OF_THE_SERVER):
            self._screen.show(lines, self._buffers.place_of(event))
        elif lines:
            self._screen.warn(lines, self._buffers.place_of(event))

    def tell(self, *sentences: str) -> None:
        """Show sentences of the program's own to the person who reads the conversation."""
        self._screen.show(self._rendering.notices(iter(sentences)))

    def warn(self, *sentences: str) -> None:
        """Show sentences to the one who runs the program."""
        self._screen.warn(self._rendering.notices(iter(sentences)))

    def trouble(self, trouble: Trouble) -> None:
        """Tell why the session is not kept as it should be."""
        self.warn(self._rendering.wording.gettext(TROUBLES[trouble]))
