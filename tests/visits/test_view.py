"""The view: how one connection is shown things, and whose preferences those are."""

from __future__ import annotations

import pytest

from huddle.delivery.outlet import Outlet
from huddle.delivery.round_robin import RoundRobin
from huddle.people.preferences import Preferences
from huddle.people.sessions import Session
from huddle.protocol.answers import Aside
from huddle.protocol.dialect import Renderer
from huddle.protocol.requests import HushJoins, SetLanguage, SetNumbers, SetTimes
from huddle.visits.filters import IgnoringRenderer, QuietJoinsRenderer
from huddle.visits.view import View
from tests.in_memory_tcp import MemoryReactor
from tests.sample_messages import PLAIN, MemoryTransport, said
from tests.world import World


class Shown:
    """A view, and the outlet that wears what it chooses."""

    def __init__(self, language: str = "en") -> None:
        first = PLAIN.renderer(language, False)
        self.outlet = Outlet(MemoryTransport(), first, RoundRobin(MemoryReactor().callLater))
        self.view = View(self.outlet, PLAIN, language)

    @property
    def renderer(self) -> Renderer:
        return self.outlet.renderer

    def shows(self) -> str:
        [line] = self.renderer.live([said(41)])
        return line.decode()


def test_who_wishes_nothing_shares_a_renderer_with_all_who_wish_nothing() -> None:
    ana, bob = Shown(), Shown()
    for shown, number in ((ana, 1), (bob, 2)):
        shown.view.serve(Session(number, "somebody"))
    assert ana.renderer is bob.renderer is PLAIN.renderer("en", False)


def test_times_and_numbers_are_switched_and_turned_round() -> None:
    ana = Shown()
    assert ana.view.prefer(SetTimes(True)) == Aside.TIMES_ON
    assert ana.shows() == "12:00 <bob> hola\n"
    assert ana.view.prefer(SetNumbers(None)) == Aside.NUMBERS_ON
    assert ana.shows() == "12:00 #41 <bob> hola\n"
    assert ana.view.prefer(SetTimes(None)) == Aside.TIMES_OFF
    assert ana.view.prefer(SetNumbers(False)) == Aside.NUMBERS_OFF
    assert ana.shows() == "<bob> hola\n"
    assert ana.renderer is PLAIN.renderer("en", False)


@pytest.mark.parametrize("name", ["klingon", "", "-", "e", "en es"])
def test_by_a_language_that_is_none_of_ours_nothing_changes(name: str) -> None:
    ana = Shown("es")
    before = ana.renderer
    assert ana.view.prefer(SetLanguage(name)) == Aside.LANGUAGE_IS
    assert ana.renderer is before


def test_a_language_is_asked_for_by_a_locale_or_a_tag() -> None:
    ana = Shown()
    for name in ("es_MX.UTF-8", "es-419", "ES"):
        ana.view.prefer(SetLanguage("en"))
        ana.view.prefer(SetLanguage(name))
        assert ana.renderer is PLAIN.renderer("es", False)


def test_what_is_wished_at_the_door_counts_before_what_the_session_wished_once() -> None:
    ana, session = Shown(), Session(1, "ana")
    session.preferences = Preferences(language="es", times=True)
    ana.view.prefer(SetTimes(False))
    ana.view.serve(session)
    assert ana.renderer is PLAIN.renderer("es", False)
    assert (session.preferences.language, session.preferences.times) == ("es", False)


def test_whom_a_session_ignores_is_not_shown_from_when_it_is_served() -> None:
    ana, session = Shown(), Session(1, "ana")
    session.ignores = (("session:2", "bob"),)
    assert ana.shows() == "<bob> hola\n"
    ana.view.serve(session)
    assert isinstance(ana.renderer, IgnoringRenderer)
    assert ana.shows() == ""
    session.ignores = ()
    ana.view.refresh()
    assert ana.shows() == "<bob> hola\n"


def test_who_comes_and_goes_is_left_out_or_told_as_one_wishes() -> None:
    ana = Shown()
    assert ana.renderer.quiet is None
    assert ana.view.prefer(HushJoins(None)) == Aside.JOINS_QUIET
    assert isinstance(ana.renderer, QuietJoinsRenderer) and ana.renderer.quiet is True
    assert ana.view.prefer(HushJoins(False)) == Aside.JOINS_TOLD
    assert ana.renderer.quiet is False


def test_what_a_program_wishes_is_its_connections_and_not_its_sessions() -> None:
    """It says so itself at each coming."""
    world = World()
    ana = world.program("ana", lang="es")
    [session] = world.huddle.registry.sessions
    assert session.preferences.language is None
    assert ana.connection.outlet.renderer is world.factory.json.renderer("es", False)


def test_another_dialect_has_other_ways_and_all_that_was_wished_stays() -> None:
    world = World()
    json = world.factory.json
    ana = Shown()
    ana.view.prefer(SetLanguage("es"))
    ana.view.switch(json)
    assert ana.view.traits is json.traits
    assert ana.renderer is json.renderer("es", False)
