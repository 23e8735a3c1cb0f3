"""An invitation: how others come in, for those who are in already."""

from __future__ import annotations

from huddle.locale.listings import code_rows
from huddle.server.invitation.qr_code import squares_of
from tests.world import World


def test_a_person_is_shown_the_board_and_the_code_of_the_page() -> None:
    ana = World().person("ana")
    ana.says("/invite")
    page = "http://192.168.1.5:8000/"
    ways = f"nc 192.168.1.5 55123   huddle-client 192.168.1.5   {page}"
    assert ana.reads() == [
        f"-- Write this on the board:   {ways}",  # indented: a line goes on with the one before
        *[f"-- {row}" for row in code_rows(squares_of(page))],
    ]


def test_in_another_room_it_leads_there_in_both_languages() -> None:
    ana = World().person("ana")
    ana.says("/join games", "/invite")
    told = ana.reads()
    assert told[1].endswith("   http://192.168.1.5:8000/#games")
    assert "-- with nc and huddle-client, once in: /join games" in told
    ana.says("/lang es", "/invitar")
    told = ana.reads()
    assert told[1].startswith("-- Escribe esto en la pizarra:")
    assert "-- con nc y huddle-client, una vez dentro: /entrar games" in told


def test_a_program_is_told_of_a_room_that_it_is_in() -> None:
    ana = World().program("ana")
    ana.asks("join", room="games")
    there, here = ana.asks("invite", room="games"), ana.asks("invite", room="huddle")
    assert there["page"] == "http://192.168.1.5:8000/#games" and there["into"] == "games"
    assert there["qr"] == list(squares_of(there["page"]))
    assert "into" not in here and here["lines"][-1] == "http://192.168.1.5:8000/"
    assert ana.asks("invite", room="ops")["code"] == "no-such-room"
