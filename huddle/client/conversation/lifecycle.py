"""The lifecycle of a conversation: from the first connection to the exit status.

A person has seen what went wrong. The owner of a pipe learns it from the exit status, and a pipe
ends by itself when it has no more to say and all of it has been answered.
"""

from __future__ import annotations

from collections.abc import Sequence

from huddle.client.conversation.ports import Connection, Screen
from huddle.client.session import events
from huddle.client.session.events import Event
from huddle.client.session.session import ClientSession

OK, FAILED = 0, 1
"""Exit statuses: all was said and acknowledged; something was not."""


class Lifecycle:
    """The lifecycle of one conversation; ``link`` is None until it is known under which nick."""

    def __init__(self, screen: Screen, *, interactive: bool) -> None:
        self.link: Connection | None = None
        self.kept = True
        """Whether the next run will know what was not said in this one."""
        self._screen = screen
        self._interactive = interactive
        self._status = OK
        self._been_in = self._finishing = self._closing = False

    @property
    def session(self) -> ClientSession | None:
        """The session of the link, if there is one by now."""
        return None if self.link is None else self.link.session

    @property
    def unsaid(self) -> int:
        """Own lines that cannot go out now.

        Where they can, the farewell goes out behind them, and is answered after them.
        """
        session = self.session
        if session is None or (session.online and not session.waiting):
            return 0
        return session.unacknowledged

    def carry_out(self, happened: Sequence[Event]) -> None:
        """Do what follows from a call on the session, which returned ``happened``."""
        assert self.link is not None  # it is its session's
        self.link.carry_out(happened)
        self.update()

    def follow(self, event: Event) -> None:
        """Remember what an event means for the end."""
        match event:
            case events.Welcomed():
                self._been_in = True
            case events.Refused() | events.Expired() | events.Denied() | events.Removed():
                self.fail()

    def update(self) -> None:
        """Tell the screen whether too much waits; leave when a pipe is at its end."""
        session = self.session
        if session is None:
            return
        self._screen.crowded(session.crowded)
        done = session.settled and (session.online or self._been_in)
        if done and self._finishing and not self._closing:
            self._finishing = False
            self.carry_out(session.leave())

    def shown(self) -> None:
        """All that was shown has been taken by its reader."""
        if self.link is not None and not self._closing:
            self.carry_out(self.link.session.shown())

    def fail(self) -> None:
        """Something was not done: the exit status of a pipe tells it."""
        if not self._interactive:
            self._status = FAILED

    def finish(self) -> None:
        """Leave when all that was said and asked has been answered."""
        self._finishing = True
        self.update()

    def leave(self) -> None:
        """Say goodbye; without a link yet, just end."""
        if self.link is None:
            self.close()
        else:
            self.carry_out(self.link.session.leave())

    def close(self, status: int | None = None) -> None:
        """End, once: close the link and then the screen; ``status`` goes before what was kept."""
        if self._closing:
            return
        self._closing = True
        status = self._status if status is None else status
        if self.link is None:
            self._screen.close(status)
        else:
            self.link.stop().addCallback(lambda _: self._screen.close(status))
