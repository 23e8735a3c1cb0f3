"""An operator keeps order in a real server: typed in two languages, told in two dialects."""

from __future__ import annotations

import json
from pathlib import Path

from tests.real.conftest import Enter, Start
from tests.real.operators import appoint
from tests.real.programs import Program
from tests.real.server import Server

PASSWORD = "chalk-and-board"


def teacher(server: Server, enter: Enter, login: str = "/login") -> Program:
    program = enter(server)
    program.says("ana", f"{login} {PASSWORD}")
    program.hears("-- Hello ana" if login == "/login" else "-- Hola, ana")
    return program


def bot(server: Server, enter: Enter, nick: str) -> Program:
    """A program, which is in when this returns."""
    program = enter(server)
    asks(program, type="hello", v=1, nick=nick, session=f"the secret of {nick}")
    program.hears('{"type":"welcome"')
    return program


def asks(program: Program, **fields: object) -> None:
    program.says(json.dumps(fields))


def test_who_disturbs_is_muted_sent_away_and_kept_out_over_a_restart(
    start: Start, enter: Enter, tmp_path: Path
) -> None:
    appoint(tmp_path, "class.db", "ana", PASSWORD)
    server = start("--history", "class.db")
    bob, eva = enter(server, nick="bob"), bot(server, enter, "eva")
    ana = teacher(server, enter)
    ana.says("/mute bob 10m calm down")
    bob.hears("-- ana muted you until ")
    bob.says("grr")
    bob.hears("-- Not said: you are muted here until ")
    ana.says("/unmute bob", "/quiet on", "/voice eva")
    bob.hears("-- ana made the room quiet")
    bob.says("and now?")
    bob.hears("-- Not said: only those with a voice speak here.")
    eva.hears('{"type":"standing","room":"huddle","standing":"voiced","by":"ana"')
    asks(eva, type="say", id=1, room="huddle", text="something bad")
    bob.hears("<eva> something bad")
    ana.says("/quiet off", "/delete eva", "/announce ten minutes left")
    eva.hears('{"type":"deleted","room":"huddle","seq":1,"nick":"ana"')
    bob.hears("-- ana announces: ten minutes left")
    ana.says("/kick bob be polite")
    bob.hears("-- ana sent you away: be polite")
    bob.hears_out()
    bob = enter(server, nick="bob")
    ana.says("/ban bob 1h enough", "/ban 192.0.2.0/24", "/bans")
    bob.hears("-- You are not let into huddle until ")
    ana.hears("-- bob by ana until ")
    ana.hears("-- 192.0.2.0/24 by ana")
    server.stop()
    server = start("--history", "class.db")
    late = enter(server)
    late.says("bob")
    late.hears("-- You are not let into huddle until ")
    other = enter(server)
    asks(other, type="hello", v=1, nick="BOB", session="another")
    assert json.loads(other.hears('{"type":"error"'))["code"] == "banned"
    ana = teacher(server, enter)
    ana.says("/unban bob", "/audit 3")
    ana.hears("-- Done.")
    heard = [ana.hears("-- ") for _ in range(3)]
    assert ["ana /ban bob" in line for line in heard] == [True, False, False]
    enter(server, nick="bob")


def test_the_same_is_typed_and_told_in_spanish(start: Start, enter: Enter, tmp_path: Path) -> None:
    appoint(tmp_path, "class.db", "ana", PASSWORD)
    server = start("--history", "class.db", "--lang", "es", "--tz", "UTC")
    bob, eva = enter(server), bot(server, enter, "eva")
    bob.says("bob")
    bob.hears("-- tu palabra de regreso")
    ana = teacher(server, enter, "/acceder")
    ana.says("/callar eva 10m calma", "/vetar bob 1h fuera")
    eva.hears('{"type":"standing","room":"huddle","standing":"muted","by":"ana"')
    asks(eva, type="say", id=1, room="huddle", text="hola")
    refused = json.loads(eva.hears('{"type":"error"'))
    assert (refused["code"], refused["reason"]) == ("muted", "calma")
    assert bob.hears_out()[-1].endswith("fuera")
    ana.says("/vetados", "/readmitir bob", "/anunciar vuelve bob")
    ana.hears("-- bob")
    eva.hears('{"type":"said","room":"huddle","seq":1')
    back = enter(server)
    back.says("bob")
    back.hears("-- Hola, bob")
