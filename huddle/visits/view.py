"""The view: how one connection is shown things, by its dialect, its language and its wishes."""

from __future__ import annotations

from huddle.delivery.outlet import Outlet
from huddle.locale import language_named
from huddle.people.sessions import Session
from huddle.protocol.dialect import Dialect
from huddle.visits.hushing import HushingRenderer
from huddle.visits.ignoring import IgnoringRenderer


class View:
    """What an outlet wears. ``session`` is whose wishes count, as soon as there is one."""

    __slots__ = (
        "_dialect",
        "_language",
        "_numbers",
        "_outlet",
        "_quiet",
        "_times",
        "session",
        "traits",
    )

    def __init__(self, outlet: Outlet, dialect: Dialect, language: str) -> None:
        self.session: Session | None = None
        self.traits = dialect.traits
        """How those behave who speak the dialect."""
        self._outlet = outlet
        self._dialect = dialect
        self._language = language
        self._times = False
        self._numbers = False
        self._quiet: bool | None = None

    def serve(self, session: Session) -> None:
        """The connection is that session's from now on, whose wishes may be others."""
        ignored = () if self.session is None else self.session.ignores
        self.session = session
        if session.ignores != ignored:
            self.refresh()

    def switch(self, dialect: Dialect) -> None:
        """The peer speaks another dialect: show everything in that one from now on."""
        self._dialect, self.traits = dialect, dialect.traits
        self.refresh()

    def speak(self, name: str) -> None:
        """Change to the language of that name, if it is one of ours."""
        self._language = language_named(name) or self._language
        self.refresh()

    def show_times(self, on: bool | None) -> bool:
        """Show the time of each line or do not; None is the other way. Returns which."""
        self._times = not self._times if on is None else on
        self.refresh()
        return self._times

    def show_numbers(self, on: bool | None) -> bool:
        """Show the number of each message or do not; None is the other way. Returns which."""
        self._numbers = not self._numbers if on is None else on
        self.refresh()
        return self._numbers

    def hush(self, on: bool | None) -> bool:
        """Tell who comes and goes no more, or again; None is the other way. Returns which."""
        self._quiet = not self._quiet if on is None else on
        self.refresh()
        return self._quiet

    def refresh(self) -> None:
        """Show everything from now on as it is to be seen: the session's wishes have changed."""
        dialect, language, times = self._dialect, self._language, self._times
        numbered = self._numbers  # a dialect without numbers need not know of them
        renderer = (
            dialect.renderer(language, times, True)
            if numbered
            else dialect.renderer(language, times)
        )
        if self._quiet is not None:
            renderer = HushingRenderer(renderer, self._quiet)
        if self.session is not None and self.session.ignores:
            renderer = IgnoringRenderer(renderer, frozenset(who for who, _ in self.session.ignores))
        self._outlet.render_by(renderer)
