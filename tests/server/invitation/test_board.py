"""What is written on the board: commands that lead in, from where they are to be typed."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from huddle.locale import translator
from huddle.server.invitation.board import Board, Place, line_ways, web_ways
from huddle.server.invitation.qr_code import squares_of

LAN = ["192.168.1.5", "10.0.0.5", "10.1.0.5"]
CODE = "otter-41-lamp-river"


def told(*places: Place, language: str = "en", code: str | None = None) -> Sequence[str]:
    board = Board([(place, line_ways) for place in places], LAN, code)
    return list(board.lines(translator(language)))


def test_a_door_for_all_is_told_with_the_addresses_that_the_others_reach() -> None:
    assert told(Place("0.0.0.0", 55123)) == [
        "Write this on the board:",
        "    nc 192.168.1.5 55123",
        "    huddle-client 192.168.1.5",
        "    nc 10.0.0.5 55123",
        "    huddle-client 10.0.0.5",
    ]


def test_a_door_for_this_machine_is_told_as_that() -> None:
    assert told(Place("127.0.0.1", 5000)) == [
        "From here:",
        "    nc 127.0.0.1 5000",
        "    huddle-client 127.0.0.1 --port 5000",
    ]


def test_the_client_is_called_here_as_it_is_found_here() -> None:
    doors = [(Place("127.0.0.1", 55123), line_ways), (Place("192.168.1.5", 55123), line_ways)]
    board = Board(doors, LAN, client=".venv/bin/huddle-client")
    assert list(board.lines(translator("en"))) == [
        "Write this on the board:",
        "    nc 192.168.1.5 55123",
        "    huddle-client 192.168.1.5",
        "From here:",
        "    nc 127.0.0.1 55123",
        "    .venv/bin/huddle-client 127.0.0.1",
    ]


def test_what_is_for_others_stands_first_and_a_socket_is_for_here() -> None:
    assert told(Place(path="/run/huddle"), Place("192.168.7.7", 1, tls=True)) == [
        "Write this on the board:",
        "    huddle-client 192.168.7.7 --port 1 --tls",
        "    ncat --ssl 192.168.7.7 1",
        "From here:",
        "    nc -U /run/huddle",
    ]


def test_who_is_in_charge_is_told_in_both_languages() -> None:
    assert told(code=CODE) == [
        "Who is in charge here types this in the chat, once and within an hour:",
        f"    /operator {CODE}",
    ]
    assert told(code=CODE, language="es") == [
        "Quien esté a cargo escribe esto en el chat, una vez y antes de una hora:",
        f"    /responsable {CODE}",
    ]


def test_a_code_helps_nobody_where_nobody_is_let_in() -> None:
    [line] = Board([], LAN, CODE, empty=True).lines(translator("en"))
    assert line == "Nobody has an account yet, so nobody is let in: huddle-account makes one."


@pytest.mark.parametrize(
    ("host", "neighbours", "shown"),
    [
        ("::", ["192.168.1.5"], "192.168.1.5"),
        ("::", ["fd00::5"], "fd00::5"),
        ("0.0.0.0", ["fd00::5"], "127.0.0.1"),
        ("0.0.0.0", [], "127.0.0.1"),
        ("::", [], "::1"),
        ("fd00::7", ["192.168.1.5"], "fd00::7"),
    ],
)
def test_an_address_is_of_the_kind_that_the_door_hears(
    host: str, neighbours: Sequence[str], shown: str
) -> None:
    board = Board([(Place(host, 55123), line_ways)], neighbours)
    assert list(board.lines(translator("en")))[1] == f"    nc {shown} 55123"


@pytest.mark.parametrize(
    ("place", "address"),
    [
        (Place("192.168.1.5", 8000), "http://192.168.1.5:8000/"),
        (Place("0.0.0.0", 80), "http://192.168.1.5/"),
        (Place("fd00::5", 443, tls=True), "https://[fd00::5]/"),
        (Place("192.168.1.5", 443), "http://192.168.1.5:443/"),
    ],
)
def test_a_door_says_itself_how_one_comes_in_by_it(place: Place, address: str) -> None:
    lines = list(Board([(place, web_ways)], LAN).lines(translator("en")))
    assert lines[:2] == ["Write this on the board:", f"    {address}"]


def test_the_page_is_where_others_open_it() -> None:
    doors = [(Place("0.0.0.0", 55123), line_ways), (Place("0.0.0.0", 8000), web_ways)]
    assert Board(doors, LAN).page == "http://192.168.1.5:8000/"
    assert Board([(Place("127.0.0.1", 8000), web_ways)], LAN).page is None
    assert Board(doors[:1], LAN).page is None


def test_who_is_in_is_told_the_same_and_the_way_into_a_room_and_never_the_code() -> None:
    doors = [(Place("0.0.0.0", 55123), line_ways), (Place("0.0.0.0", 8000), web_ways)]
    told = Board(doors, LAN[:1], CODE).invitation("games")
    assert told.lines == (
        "nc 192.168.1.5 55123",
        "huddle-client 192.168.1.5",
        "http://192.168.1.5:8000/#games",
    )
    assert (told.page, told.into) == ("http://192.168.1.5:8000/#games", "games")
    assert told.qr == squares_of("http://192.168.1.5:8000/#games")
    assert CODE not in str(told)
    assert Board(doors, LAN).invitation().page == "http://192.168.1.5:8000/"


def test_where_others_reach_no_page_there_is_no_code_of_it() -> None:
    doors = [(Place("127.0.0.1", 55123), line_ways), (Place("127.0.0.1", 8000), web_ways)]
    told = Board(doors, LAN).invitation()
    assert (told.lines, told.page, told.qr) == ((), "", ())
    assert told.local[-1] == "http://127.0.0.1:8000/"
