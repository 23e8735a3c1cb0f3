"""The view: how one connection is shown things, by its dialect, its language and its wishes."""

from __future__ import annotations

from dataclasses import replace

from huddle.delivery.outlet import Outlet
from huddle.locale import language_named
from huddle.people.sessions import Session
from huddle.people.wishes import AS_USUAL, Wishes
from huddle.protocol.answers import Answer, JoinsAre, LanguageIs, NumbersAre, TimesAre
from huddle.protocol.dialect import Dialect
from huddle.protocol.requests import HushJoins, SetLanguage, SetNumbers, SetTimes
from huddle.visits.filters import IgnoringRenderer, QuietJoinsRenderer

Wish = SetLanguage | SetTimes | SetNumbers | HushJoins
"""What asks for things to be shown in another way."""


class View:
    """How an outlet shows what it gives: in which dialect and language, and whether with times.
    ``session`` is whose wishes count, as soon as there is one."""

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
        """That of the connection; None at the door."""
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
        known = self._wishes
        if session.ignores != ignored or (wishes is not known and wishes != known):
            self._wishes = wishes
            self.refresh()

    def switch(self, dialect: Dialect) -> None:
        """The peer speaks another dialect: show everything in that one from now on."""
        self._dialect, self.traits = dialect, dialect.traits
        self.refresh()

    def wish(self, request: Wish) -> Answer:
        """Show things from now on as is asked for; returns what there is to say of it.

        Nothing changes by a language that is none of ours.
        """
        wishes = self._wishes
        match request:
            case SetLanguage(name):
                if (known := language_named(name)) is not None:
                    self._keep(replace(wishes, language=known))
                return LanguageIs()
            case SetTimes(on):
                times = not wishes.times if on is None else on
                self._keep(replace(wishes, times=times))
                return TimesAre(times)
            case SetNumbers(on):
                numbers = not wishes.numbers if on is None else on
                self._keep(replace(wishes, numbers=numbers))
                return NumbersAre(numbers)
            case HushJoins(on):
                quiet = not wishes.quiet if on is None else on
                self._keep(replace(wishes, quiet=quiet))
                return JoinsAre(quiet)

    def _keep(self, wishes: Wishes) -> None:
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
            renderer = QuietJoinsRenderer(renderer, wishes.quiet)
        if self.session is not None and self.session.ignores:
            renderer = IgnoringRenderer(renderer, frozenset(who for who, _ in self.session.ignores))
        self._outlet.render_by(renderer)
