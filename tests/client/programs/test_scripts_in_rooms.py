"""Pipes and scripts in rooms, to persons, and under registered nicks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.client.programs.command import Command
from tests.client.windows.neighbour import Neighbour
from tests.real.server import Server

PASSWORD = "caballo-correcto"


@pytest.fixture
def client(server: Server, tmp_path: Path) -> Command:
    return Command(server, tmp_path)


@pytest.fixture
def members(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Command]:
    """A house whose only registered nick is `backup`."""
    folder = tmp_path_factory.mktemp("members")
    (folder / "passwd").write_text(f"backup:{PASSWORD}\n")
    server = Server(folder, "--history", "none", "--auth", f"file:{folder}/passwd")
    yield Command(server, folder / "home")
    server.end()
    assert server.process.stdout is not None
    server.process.stdout.close()


def test_a_pipe_speaks_in_a_room(client: Command, bob: Neighbour) -> None:
    bob.says("/join works")
    bob.hears("You are in works")
    ran = client.run("--nick", "log", "--room", "works", says="one\ntwo\n")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert bob.hears("one") == "<log> one"


def test_a_pipe_speaks_to_one_person(client: Command, bob: Neighbour) -> None:
    ran = client.run("--nick", "log", "--to", "bob", says="psst\n")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert bob.hears("psst") == "[log] psst"


def test_one_line_for_one_person(client: Command, bob: Neighbour) -> None:
    assert client.run("--nick", "backup", "--to", "bob", "--send", "done").returncode == 0
    assert bob.hears("done") == "[backup] done"


@pytest.mark.parametrize("arguments", [["--send", "hola"], []], ids=["errand", "pipe"])
def test_nobody_is_there(client: Command, arguments: list[str]) -> None:
    said = None if arguments else "hola\n"
    ran = client.run("--nick", "backup", "--to", "nobody", *arguments, says=said)
    assert ran.returncode == 1
    assert ran.stderr.startswith("-- Nobody is called nobody here.\n")


@pytest.mark.parametrize("arguments", [["--send", "hola"], ["--tail"], []])
def test_a_room_is_locked(client: Command, bob: Neighbour, arguments: list[str]) -> None:
    room = f"safe{len(arguments)}"
    bob.says(f"/join {room}", "/key open sesame", "/who")
    bob.hears("1 here")
    said = "hola\n" if not arguments else None
    ran = client.run("--nick", "backup", "--room", room, *arguments, says=said)
    assert ran.returncode == 1
    assert room in ran.stderr.splitlines()[0]


@pytest.mark.parametrize(
    ("password", "status", "told"),
    [(PASSWORD, 0, ""), ("wrong-one", 1, "not the password"), ("", 1, "registered")],
)
def test_a_script_has_its_password_in_the_environment(
    members: Command, password: str, status: int, told: str
) -> None:
    environ = {"HUDDLE_PASSWORD": password} if password else {}
    for arguments, says in ((["--send", "done"], None), ([], "done\n")):
        ran = members.run("--nick", "backup", *arguments, says=says, **environ)
        assert (ran.returncode, told in ran.stderr) == (status, True)
        assert not password or password not in ran.stdout + ran.stderr


def test_a_pipe_cannot_be_asked_for_a_password(members: Command) -> None:
    ran = members.run("--nick", "backup", "--login", says="hola\n")
    assert ran.returncode == 2
    assert "HUDDLE_PASSWORD" in ran.stderr


def test_a_program_with_json_lines_goes_from_room_to_room(client: Command, bob: Neighbour) -> None:
    wishes = [
        {"type": "join", "room": "json", "key": "sesame"},
        {"type": "key", "room": "json", "key": "sesame"},
        {"type": "topic", "room": "json", "text": "tests"},
        {"type": "say", "room": "json", "text": "hola"},
        {"type": "msg", "to": "bob", "text": "psst"},
        {"type": "login", "nick": "nobody", "password": "wrong-one"},
        {"type": "help"},
    ]
    lines = "".join(json.dumps(wish) + "\n" for wish in wishes)
    ran = client.run("--nick", "bot", "--json", says=lines)
    assert bob.hears("psst") == "[bot] psst"
    told = [json.loads(line) for line in ran.stdout.splitlines()]
    answered = [line["request"] for line in told if line["type"] == "reply"]
    assert answered == ["join", "key", "topic", "help"]
    [error] = [line for line in told if line["type"] == "error"]
    assert (error["request"], error["code"]) == ("login", "not-registered")
    assert ran.returncode == 1
    assert "sesame" not in ran.stdout and "wrong-one" not in ran.stdout
