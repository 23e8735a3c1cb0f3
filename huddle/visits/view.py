"""The view: how a connection is shown things, by its dialect, language and preferences."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from huddle.delivery.outlet import Outlet
from huddle.locale import language_named
from huddle.people.preferences import DEFAULTS, Preferences
from huddle.people.sessions import Session
from huddle.protocol.answers import Answer, Aside
from huddle.protocol.dialect import Dialect, Traits
from huddle.protocol.requests import HushJoins, SetLanguage, SetNumbers, SetTimes
from huddle.visits.filters import IgnoringRenderer, QuietJoinsRenderer

SetPreference = SetLanguage | SetTimes | SetNumbers | HushJoins
"""What asks for things to be shown in another way."""

_SWITCHES = {
    SetTimes: ("times", Aside.TIMES_ON, Aside.TIMES_OFF),
    SetNumbers: ("numbers", Aside.NUMBERS_ON, Aside.NUMBERS_OFF),
    HushJoins: ("quiet", Aside.JOINS_QUIET, Aside.JOINS_TOLD),
}
"""For each that is on or off: which preference that is, and what there is to say of it."""


@dataclass(eq=False, repr=False, slots=True)
class View:
    """How an outlet shows what it gives: in which dialect and language, and whether with times.
    ``session`` is whose preferences count, as soon as there is one."""

    _outlet: Outlet
    _dialect: Dialect
    _language: str
    session: Session | None = None
    """That of the connection; None at the door."""
    _preferences: Preferences = DEFAULTS
    traits: Traits = field(init=False)
    """How those behave who speak the dialect."""

    def __post_init__(self) -> None:
        self.traits = self._dialect.traits

    def serve(self, session: Session) -> None:
        """The connection is that session's from now on, whose preferences may be others.

        A person's are as they were when it was lost, save what was asked for on this connection.
        """
        ignored = () if self.session is None else self.session.ignores
        self.session = session
        preferences = self._preferences
        if self.traits.types and session.preferences is not preferences:
            session.preferences = preferences = preferences.or_else(session.preferences)
        known = self._preferences
        if session.ignores != ignored or (preferences is not known and preferences != known):
            self._preferences = preferences
            self.refresh()

    def switch(self, dialect: Dialect) -> None:
        """The peer speaks another dialect: show everything in that one from now on."""
        self._dialect, self.traits = dialect, dialect.traits
        self.refresh()

    def prefer(self, request: SetPreference) -> Answer:
        """Show things from now on as is asked for; returns what there is to say of it.

        Nothing changes by a language that is none of ours.
        """
        preferences = self._preferences
        if isinstance(request, SetLanguage):
            if (known := language_named(request.language)) is not None:
                self._keep(replace(preferences, language=known))
            return Aside.LANGUAGE_IS
        name, if_on, if_off = _SWITCHES[type(request)]
        on = not getattr(preferences, name) if request.on is None else request.on
        self._keep(replace(preferences, **{name: on}))  # type: ignore[arg-type]
        return if_on if on else if_off

    def _keep(self, preferences: Preferences) -> None:
        self._preferences = preferences
        if self.session is not None and self.traits.types:
            self.session.preferences = preferences
        self.refresh()

    def refresh(self) -> None:
        """Show everything from now on by the preferences of the session, which have changed."""
        preferences = self._preferences
        dialect, language = self._dialect, preferences.language or self._language
        times = bool(preferences.times)
        renderer = (
            dialect.renderer(language, times, True)
            if preferences.numbers  # a dialect without numbers need not know of them
            else dialect.renderer(language, times)
        )
        if preferences.quiet is not None:
            renderer = QuietJoinsRenderer(renderer, preferences.quiet)
        if self.session is not None and self.session.ignores:
            renderer = IgnoringRenderer(renderer, frozenset(who for who, _ in self.session.ignores))
        self._outlet.render_by(renderer)
