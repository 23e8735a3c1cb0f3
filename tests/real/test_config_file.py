"""A real server by its configuration file, and what --check says of one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.real.conftest import Enter, Start
from tests.real.server import twistd


def test_a_server_is_as_its_file_says(start: Start, enter: Enter, tmp_path: Path) -> None:
    file = tmp_path / "huddle.toml"
    file.write_text('motd = "motd"\nlisten = ["tcp:0:interface=127.0.0.1"]\n')
    (tmp_path / "motd").write_text("Be kind.\n")
    server = start("--config", str(file))
    assert len(server.places) == 2
    assert "-- Be kind." in enter(server, nick="ana", door=1).heard


@pytest.mark.parametrize(
    ("text", "status", "told"),
    [
        ("port = 0", 0, "nothing is wrong with the options"),
        ("port = 0\nlang = 'es'", 0, "las opciones están bien"),
        ("prot = 0", 1, "huddle: huddle.toml:1: there is no option prot; port is one"),
        ("\nlisten = ['foo:1']", 1, "huddle: huddle.toml:2: foo:1 is no endpoint: "),
    ],
)
def test_a_check_ends_and_leaves_nothing_behind(
    tmp_path: Path, text: str, status: int, told: str
) -> None:
    (tmp_path / "huddle.toml").write_text(text)
    run = twistd("-n", "huddle", "--config", "huddle.toml", "--check", folder=tmp_path)
    assert run.returncode == status
    assert (run.stdout + run.stderr).startswith(told)
    assert [path.name for path in tmp_path.iterdir()] == ["huddle.toml"]
