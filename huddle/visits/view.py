"""The view: how one connection is shown things, by its dialect, its language and its wishes."""

from __future__ import annotations

from dataclasses import replace

from huddle.delivery.outlet import Outlet
from huddle.locale import language_named
from huddle.people.sessions import Session
from huddle.people.wishes import AS_USUAL, Wishes
from huddle.protocol.dialect import Dialect
from huddle.visits.hushing import HushingRenderer
from huddle.visits.ignoring import IgnoringRenderer


class View:
    """What an outlet wears. ``session`` is whose wishes count, as soon as there is one."""

    __slots__ = (
        "_dialect",
        "_language",
        "_outlet",
        "_wishes",
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
        self._wishes = AS_USUAL

    def serve(self, session: Session) -> None:
        """The connection is that session's from now on, whose wishes may be others.

        A person's are as they were when it was lost, save what was asked for on this connection.
        """
        ignored = () if self.session is None else self.session.ignores
        self.session = session
        wishes = self._wishes
        if self.traits.types and session.wishes is not wishes:
            session.wishes = wishes = wishes.or_else(session.wishes)
        if session.ignores != ignored or wishes != self._wishes:
            self._wishes = wishes
            self.refresh()

    def switch(self, dialect: Dialect) -> None:
        """The peer speaks another dialect: show everything in that one from now on."""
        self._dialect, self.traits = dialect, dialect.traits
        self.refresh()

    def speak(self, name: str) -> None:
        """Change to the language of that name, if it is one of ours."""
        if (known := language_named(name)) is not None:
            self._wish(replace(self._wishes, language=known))

    def show_times(self, on: bool | None) -> bool:
        """Show the time of each line or do not; None is the other way. Returns which."""
        times = not self._wishes.times if on is None else on
        self._wish(replace(self._wishes, times=times))
        return times

    def show_numbers(self, on: bool | None) -> bool:
        """Show the number of each message or do not; None is the other way. Returns which."""
        numbers = not self._wishes.numbers if on is None else on
        self._wish(replace(self._wishes, numbers=numbers))
        return numbers

    def hush(self, on: bool | None) -> bool:
        """Tell who comes and goes no more, or again; None is the other way. Returns which."""
        quiet = not self._wishes.quiet if on is None else on
        self._wish(replace(self._wishes, quiet=quiet))
        return quiet

    def _wish(self, wishes: Wishes) -> None:
        self._wishes = wishes
        if self.session is not None and self.traits.types:
            self.session.wishes = wishes
        self.refresh()

    def refresh(self) -> None:
        """Show everything from now on as it is to be seen: the session's wishes have changed."""
        wishes = self._wishes
        dialect, language = self._dialect, wishes.language or self._language
        times = bool(wishes.times)
        renderer = (
            dialect.renderer(language, times, True)
            if wishes.numbers  # a dialect without numbers need not know of them
            else dialect.renderer(language, times)
        )
        if wishes.quiet is not None:
            renderer = HushingRenderer(renderer, wishes.quiet)
        if self.session is not None and self.session.ignores:
            renderer = IgnoringRenderer(renderer, frozenset(who for who, _ in self.session.ignores))
        self._outlet.render_by(renderer)
