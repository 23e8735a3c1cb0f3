"""Being put in charge of a real server: by the code that it shows, and by the next one."""

from __future__ import annotations

import re
from pathlib import Path

from tests.real.conftest import Enter, Start
from tests.real.preloaded import TOOLS, run
from tests.real.server import Server, environment

SHOWN = re.compile(r"    /operator (\S+)")


def code_of(server: Server) -> str:
    """What the server shows at its start."""
    server.tells("/operator ")
    [code] = SHOWN.findall("".join(server.log))
    return str(code)


def another_code(database: Path) -> str:
    """What `huddle-account` gives."""
    told = run([*TOOLS["account"], str(database), "code"], env=environment(), text=True)
    [code] = SHOWN.findall(told.stdout)
    return str(code)


def test_three_lines_lead_to_an_operator(start: Start, enter: Enter) -> None:
    server = start()
    code = code_of(server)
    ana, bob = enter(server), enter(server, nick="bob")
    ana.says("ana", f"/operator {code}", "hola")
    ana.hears("-- you are an operator as long as you stay")
    bob.hears("<ana> hola")


def test_a_running_server_takes_the_code_that_was_given_meanwhile_and_no_older_one(
    start: Start, enter: Enter, tmp_path: Path
) -> None:
    database = tmp_path / "class.db"
    server = start("--history", str(database))
    first = code_of(server)
    second = another_code(database)
    ana = enter(server, nick="ana")
    ana.says(f"/operator {first}", f"/operator {second}", "/register a-long-secret")
    ana.hears("-- That code makes nobody an operator, or not any more.")
    ana.hears("-- you are an operator as long as you stay")
    ana.hears("-- The nick ana is registered")
    server.stop()
    again = start("--history", str(database))
    again.stop()
    assert not SHOWN.findall("".join(again.log))
    assert second not in "".join(again.log)


def test_a_code_that_was_given_while_no_server_ran_is_taken_by_the_next_one(
    start: Start, enter: Enter, tmp_path: Path
) -> None:
    """Which has an operator, and so shows none of its own."""
    database = tmp_path / "class.db"
    server = start("--history", str(database))
    teacher = enter(server, nick="teacher")
    teacher.says(f"/operator {code_of(server)}", "/register a-long-secret")
    teacher.hears("-- The nick teacher is registered")
    server.stop()
    code = another_code(database)
    again = start("--history", str(database))
    ana, bob = enter(again, nick="ana"), enter(again, nick="bob")
    ana.says(f"/operator {code}")
    ana.hears("-- you are an operator as long as you stay")
    bob.says(f"/operator {code}")
    bob.hears("-- That code makes nobody an operator, or not any more.")
