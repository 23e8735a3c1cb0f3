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
from huddle.client.terminal.statusline import Reach, Way, status_parts
from huddle.locale import translator


def line(reach: Reach, people: int = 3, waiting: int = 0, language: str = "en") -> str:
    parts = status_parts(reach, "huddle", people, waiting, translator(language))
    return " · ".join(text for text, _ in parts)


def test_it_follows_the_link() -> None:
    clock = Clock()
    reach = Reach(clock.seconds)
    assert line(reach) == "huddle · connecting…"
    reach.follow(Welcomed("ana", {}, 0))
    assert line(reach) == "huddle · 3 people · online"
    reach.follow(Offline(Cause.CLOSED, 3.0))
    assert line(reach) == "huddle · reconnecting in 3 s"
    clock.advance(1.5)
    assert line(reach) == "huddle · reconnecting in 2 s"
    clock.advance(1.5)
    assert line(reach) == "huddle · connecting…"
    reach.follow(NickRefused("ana", "nick-taken", "", None))
    assert reach.way is Way.ONLINE
    reach.follow(Joined("huddle", "bob"))
    assert reach.way is Way.ONLINE


def test_it_says_that_it_is_over() -> None:
    for event in (Offline(Cause.REFUSED, None), Replaced(), Farewell(0)):
        reach = Reach(Clock().seconds)
        reach.follow(event)
        assert line(reach) == "huddle · offline"


def test_it_counts_what_is_on_its_way() -> None:
    reach = Reach(Clock().seconds)
    reach.follow(Welcomed("ana", {}, 0))
    assert line(reach, 1, 1) == "huddle · 1 person · online · 1 line on its way"
    assert line(reach, 0, 2, "es") == "huddle · en línea · 2 líneas en camino"


def test_it_says_whether_the_way_is_encrypted_and_to_whom() -> None:
    for secured, english, spanish, alarming in (
        (True, "online, TLS", "en línea, TLS", False),
        (None, "online, TLS unchecked", "en línea, TLS sin comprobar", True),
    ):
        reach = Reach(Clock().seconds, secured)
        reach.follow(Welcomed("ana", {}, 0))
        assert line(reach, 0) == f"huddle · {english}"
        assert line(reach, 0, language="es") == f"huddle · {spanish}"
        [_, part] = status_parts(reach, "huddle", 0, 0, translator("en"))
        assert part == (english, alarming)


def test_what_is_to_worry_about_is_marked() -> None:
    reach = Reach(Clock().seconds)
    parts = list(status_parts(reach, "huddle", 3, 1, translator("en")))
    assert [alarming for _, alarming in parts] == [False, True, True]
