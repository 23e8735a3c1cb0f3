"""The status line says how things are."""

from __future__ import annotations

from twisted.internet.task import Clock

from huddle.client.session.events import (
    Cause,
    Farewell,
    Joined,
    NickRefused,
    Offline,
    Replaced,
    Welcomed,
)
from huddle.client.terminal.statusline import Connectivity, LinkState, status_parts
from huddle.locale import translator


def line(link: Connectivity, people: int = 3, waiting: int = 0, language: str = "en") -> str:
    parts = status_parts(link, "huddle", people, waiting, translator(language))
    return " · ".join(text for text, _ in parts)


def test_it_follows_the_link() -> None:
    clock = Clock()
    link = Connectivity(clock.seconds)
    assert line(link) == "huddle · connecting…"
    link.follow(Welcomed("ana", {}, 0))
    assert line(link) == "huddle · 3 people · online"
    link.follow(Offline(Cause.CLOSED, 3.0))
    assert line(link) == "huddle · reconnecting in 3 s"
    clock.advance(1.5)
    assert line(link) == "huddle · reconnecting in 2 s"
    clock.advance(1.5)
    assert line(link) == "huddle · connecting…"
    link.follow(NickRefused("ana", "nick-taken", "", None))
    assert link.state is LinkState.ONLINE
    link.follow(Joined("huddle", "bob"))
    assert link.state is LinkState.ONLINE


def test_it_says_that_it_is_over() -> None:
    for event in (Offline(Cause.REFUSED, None), Replaced(), Farewell(0)):
        link = Connectivity(Clock().seconds)
        link.follow(event)
        assert line(link) == "huddle · offline"


def test_it_counts_what_is_on_its_way() -> None:
    link = Connectivity(Clock().seconds)
    link.follow(Welcomed("ana", {}, 0))
    assert line(link, 1, 1) == "huddle · 1 person · online · 1 line on its way"
    assert line(link, 0, 2, "es") == "huddle · en línea · 2 líneas en camino"


def test_it_says_whether_the_way_is_encrypted_and_to_whom() -> None:
    for secured, english, spanish, alarming in (
        (True, "online, TLS", "en línea, TLS", False),
        (None, "online, TLS unchecked", "en línea, TLS sin comprobar", True),
    ):
        link = Connectivity(Clock().seconds, secured)
        link.follow(Welcomed("ana", {}, 0))
        assert line(link, 0) == f"huddle · {english}"
        assert line(link, 0, language="es") == f"huddle · {spanish}"
        [_, part] = status_parts(link, "huddle", 0, 0, translator("en"))
        assert part == (english, alarming)


def test_what_is_to_worry_about_is_marked() -> None:
    link = Connectivity(Clock().seconds)
    parts = list(status_parts(link, "huddle", 3, 1, translator("en")))
    assert [alarming for _, alarming in parts] == [False, True, True]
