"""One thing to do, and then the end: ``--send`` says a text, ``--tail`` shows what was said.

Nothing is kept of such a session. So when there was no answer in time, a script may try again
without an old line being said by the next run; it is told whether this one went out.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence

from typing_extensions import override

from huddle.client.network.link import Link
from huddle.client.rendering.rendering import Rendering
from huddle.client.session import events
from huddle.client.session.events import Event
from huddle.client.setup.options import DEFAULT_ROOM, Options
from huddle.protocol.events import INBOX
from huddle.protocol.requests import History, Join

OK, REFUSED, TIME_OUT = 0, 1, 3
"""Exit statuses; 2 is a command line that cannot be understood."""


class Task(ABC):
    """One session with one thing to do. ``show`` and ``warn`` take lines; ``done`` the status."""

    link: Link
    """To be set before it begins."""

    def __init__(
        self,
        options: Options,
        rendering: Rendering,
        show: Callable[[Sequence[str]], None],
        warn: Callable[[Sequence[str]], None],
        done: Callable[[int], None],
    ) -> None:
        self.in_time: Callable[[], object] = lambda: None
        """Called when it need not hurry any more."""
        self._options = options
        self._rendering = rendering
        self._show = show
        self._warn = warn
        self._done: Callable[[int], None] | None = done
        self._status = OK
        self._outage: events.Offline | None = None

    def begin(self) -> None:
        """Connect; what is asked before that goes out with the first welcome."""
        if self._options.room != DEFAULT_ROOM and self._options.to is None:
            self.link.carry_out(self.link.session.ask(Join(self._options.room)))
        self._ask()
        self.link.start()

    def timed_out(self) -> None:
        """The server has not done it in time."""
        self._status = TIME_OUT
        self._warn(self._rendering.notices(iter([self._why_not()])))
        self._end()

    def leave(self) -> None:
        """The task is done, or was interrupted: say goodbye."""
        self.link.carry_out(self.link.session.leave())

    def happened(self, event: Event) -> None:
        """Take an event of the session: an error ends the task, with the reason as a warning."""
        if self._done is None:
            return
        match event:
            case events.Offline(retry_in=float()):
                self._outage = event
            case events.Welcomed():
                self._outage = None
        match event:
            case (
                events.Refused()
                | events.Denied()
                | events.NickRefused()
                | events.PasswordWanted()
                | events.Removed()
                | events.Replaced()
            ):
                self._status = REFUSED
                self._warn(self._rendering.lines(event))
                self.leave()
            case events.Untrusted():
                self._warn(self._rendering.lines(event))
            case events.Offline(retry_in=None) | events.Expelled():
                self._status = REFUSED
                self._warn(self._rendering.lines(event))
                self._end()
            case events.Farewell(unsaid=unsaid):
                if unsaid and self._status == OK:  # it was interrupted
                    self._status = TIME_OUT
                self._end()
            case _:
                self._follow(event)

    @abstractmethod
    def _ask(self) -> None:
        """Ask for what this task is about."""

    @abstractmethod
    def _follow(self, event: Event) -> None:
        """See whether that has come."""

    def _why_not(self) -> str:
        """Why there is no answer, as far as one knows."""
        _ = self._rendering.wording.gettext
        if self._outage is not None:
            return self._rendering.cause(self._outage)
        return _("No answer in time.")

    def _end(self) -> None:
        done, self._done = self._done, None
        if done is not None:
            self.in_time()
            self.link.stop().addCallback(lambda _: done(self._status))


class Sending(Task):
    """Says a text; it is done when all of it has been acknowledged."""

    @override
    def _ask(self) -> None:
        assert self._options.send is not None
        if self._options.to is None:
            self.link.carry_out(self.link.session.say([self._options.send], self._options.room))
        else:
            self.link.carry_out(self.link.session.tell(self._options.to, self._options.send))

    @override
    def _follow(self, event: Event) -> None:
        if isinstance(event, events.Acknowledged):
            if self._options.json:
                self._show(self._rendering.lines(event))
            if not self.link.session.unacknowledged:
                self.leave()

    @override
    def _why_not(self) -> str:
        _ = self._rendering.wording.gettext
        if self.link.session.waiting:
            if self._outage is not None:
                return _("{cause}: not said").format(cause=self._rendering.cause(self._outage))
            return _("No answer in time: not said.")
        return _("No answer in time: it was sent, and may have been said.")


class Tailing(Task):
    """Shows the last messages of a room; it is done when they are shown."""

    @override
    def _ask(self) -> None:
        assert self._options.tail is not None
        if self._options.tail:
            place = self._options.room if self._options.to is None else INBOX
            wanted = History(place, self._options.tail)
            self.link.carry_out(self.link.session.ask(wanted))

    @override
    def _follow(self, event: Event) -> None:
        match event:
            case events.Answered(request=History(), answer=events.Past(messages=messages)):
                for each in messages:
                    if _concerns(self._options, each):
                        self._show(self._rendering.lines(each))
                self.leave()
            case events.Welcomed() if not self._options.tail:
                self.leave()


class Following(Task):
    """Shows the last messages of a room, and those that come, until it is told to leave."""

    @override
    def _ask(self) -> None:
        """A new session is given what it is to see first without asking."""

    @override
    def _follow(self, event: Event) -> None:
        match event:
            case events.Welcomed():
                self.in_time()
            case events.Answered(request=Join(), answer=events.Here(room=room)):
                self._rendering.room = room
            case events.Said() | events.Deleted() | events.Gap():
                room = self._rendering.room if self._options.to is None else INBOX
                if event.room == room and _concerns(self._options, event):
                    self._show(self._rendering.lines(event))
            case events.Offline():
                self._warn(self._rendering.lines(event))


def _concerns(options: Options, event: events.Said | events.Deleted | events.Gap) -> bool:
    """Whether a message is between the user and the person that is wanted, if one is."""
    if options.to is None or not isinstance(event, events.Said):
        return True
    return options.to.casefold() in (event.to.casefold(), event.nick.casefold())
