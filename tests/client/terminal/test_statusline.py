"""The status line says how things are."""

from __future__ import annotations

from twisted.internet.task import Clock

from huddle.client.conversation.buffer import Buffer
from huddle.client.session.events import (
    Cause,
    Farewell,
    Joined,
    NickRefused,
    Offline,
    Replaced,
    Welcomed,
)
from huddle.client.terminal.statusline import (
    Connectivity,
    LinkState,
    Part,
    Status,
    status_parts,
)
from huddle.locale import translator


def window(name: str, unread: int = 0, mentions: int = 0) -> Buffer:
    made = Buffer(name)
    made.unread, made.mentions = unread, mentions
    return made


HERE = window("huddle")
OTHERS = (window("ops", 3), window("den"), window("hall", 5, 2), window("@bob", 1, 1))


def status(*others: Buffer, people: int = 0, waiting: int = 0, below: int = 0) -> Status:
    return Status([HERE, *others], HERE, people, waiting, below)


def line(link: Connectivity, people: int = 3, waiting: int = 0, language: str = "en") -> str:
    return shown(link, status(people=people, waiting=waiting), language=language)


def shown(link: Connectivity, told: Status, columns: int = 200, language: str = "en") -> str:
    parts = status_parts(link, told, translator(language), columns)
    return " · ".join(part.text for part in parts)


def online() -> Connectivity:
    link = Connectivity(Clock().seconds)
    link.follow(Welcomed("ana", {}, 0))
    return link


def test_it_follows_the_link() -> None:
    clock = Clock()
    link = Connectivity(clock.seconds)
    assert line(link) == "1:huddle · connecting…"
    link.follow(Welcomed("ana", {}, 0))
    assert line(link) == "1:huddle · 3 people · online"
    link.follow(Offline(Cause.CLOSED, 3.0))
    assert line(link) == "1:huddle · reconnecting in 3 s"
    clock.advance(1.5)
    assert line(link) == "1:huddle · reconnecting in 2 s"
    clock.advance(1.5)
    assert line(link) == "1:huddle · connecting…"
    link.follow(NickRefused("ana", "nick-taken", "", None))
    assert link.state is LinkState.ONLINE
    link.follow(Joined("huddle", "bob"))
    assert link.state is LinkState.ONLINE


def test_it_says_that_it_is_over() -> None:
    for event in (Offline(Cause.REFUSED, None), Replaced(), Farewell(0)):
        link = Connectivity(Clock().seconds)
        link.follow(event)
        assert line(link) == "1:huddle · offline"


def test_it_counts_what_is_on_its_way() -> None:
    link = Connectivity(Clock().seconds)
    link.follow(Welcomed("ana", {}, 0))
    assert line(link, 1, 1) == "1:huddle · 1 person · online · 1 line on its way"
    assert line(link, 0, 2, "es") == "1:huddle · en línea · 2 líneas en camino"


def test_it_says_whether_the_way_is_encrypted_and_to_whom() -> None:
    for secured, english, spanish, alarming in (
        (True, "online, TLS", "en línea, TLS", False),
        (None, "online, TLS unchecked", "en línea, TLS sin comprobar", True),
    ):
        link = Connectivity(Clock().seconds, secured)
        link.follow(Welcomed("ana", {}, 0))
        assert line(link, 0) == f"1:huddle · {english}"
        assert line(link, 0, language="es") == f"1:huddle · {spanish}"
        [_, part] = status_parts(link, status(), translator("en"), 200)
        assert part == Part(english, alarming)


def test_what_is_to_worry_about_is_marked() -> None:
    link = Connectivity(Clock().seconds)
    parts = status_parts(link, status(people=3, waiting=1), translator("en"), 200)
    assert [part.strong for part in parts] == [False, True, True]


def test_the_other_windows_have_their_numbers_and_what_is_unread_in_them() -> None:
    told = status(*OTHERS, people=3)
    assert shown(online(), told) == (
        "1:huddle · 3 people · online · 2:ops (3) · 3:den · 4:hall (5 @2) · 5:@bob (1)"
    )
    parts = status_parts(online(), told, translator("en"), 200)
    assert [part.text for part in parts if part.strong] == ["4:hall (5 @2)", "5:@bob (1)"]


def test_where_it_is_narrow_what_is_unread_goes_before_what_is_not() -> None:
    told = status(*OTHERS, people=3)
    assert shown(online(), told, 75) == (
        "1:huddle · 3 people · online · 2:ops (3) · 4:hall (5 @2) · 5:@bob (1)"
    )
    assert shown(online(), told, 62) == (
        "1:huddle · online · 2:ops (3) · 4:hall (5 @2) · 5:@bob (1)"
    )
    assert shown(online(), told, 52) == "1:huddle · 2:ops (3) · 4:hall (5 @2) · 5:@bob (1)"
    assert shown(online(), told, 40) == "1:huddle · 2:ops (3) · 4:hall (5 @2)"
    offline = Connectivity(Clock().seconds)
    assert shown(offline, told, 50) == "1:huddle · connecting… · 2:ops (3)"
    assert shown(online(), told, 5) == "1:huddle"


def test_who_has_scrolled_back_is_told_how_far() -> None:
    assert shown(online(), status(below=1)) == "1:huddle · 1 line below · online"
    spanish = shown(online(), status(below=12), language="es")
    assert spanish == "1:huddle · 12 líneas más abajo · en línea"
