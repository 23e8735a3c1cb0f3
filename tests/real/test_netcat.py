"""What stands in for nc and ncat does what the two do, as far as the tests go."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.real.certificate import tls_door
from tests.real.conftest import Enter, Start
from tests.real.netcat import stand_in
from tests.real.programs import Program


@pytest.fixture
def poor(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without either."""
    monkeypatch.setattr("tests.needs.found", lambda program: None)


def test_it_comes_in_by_every_door_and_leaves_as_the_two_do(
    start: Start, enter: Enter, tmp_path: Path, poor: None
) -> None:
    path = tmp_path / "door"
    server = start("--listen", tls_door(tmp_path), "--listen", f"unix:{path}")
    ana = enter(server, nick="ana")
    assert ana.process.args == tuple(stand_in(*server.address()))
    bob = enter(server, "ncat --ssl", "bob", door=1)
    carla = enter(server, "nc -U", "carla", door=2)
    bob.says("hola", "/salir")
    assert bob.hears_out()[-1] == "-- Bye!"
    for each in (ana, carla):
        each.hears("<bob> hola")
        each.hears("-- bob left")
    server.process.kill()  # nobody says goodbye
    for left in (ana, carla):
        left.hears_out()
        assert left.process.returncode == 0


@pytest.mark.parametrize(("option", "last"), [("-N", "-- Bye!"), ("--send-only", "")])
def test_its_end_of_input_is_told(
    start: Start, enter: Enter, poor: None, option: str, last: str
) -> None:
    server = start()
    ana = enter(server, nick="ana")
    bot: Program = enter(server, f"nc {option}")
    bot.says("bot", *(f"line {number}" for number in range(50)))
    bot.ends_input()
    ana.hears("<bot> line 49")
    assert "".join(bot.hears_out()[-1:]) == last
