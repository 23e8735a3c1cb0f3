"""What is piped into the client is said, whatever it looks like."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from huddle.protocol.commands import COMMANDS
from huddle.protocol.text import clean, decode
from tests.client.programs.command import Command
from tests.real.server import Server

PASSWORD = "correct-horse-battery"

NAMES = [f"{slash}{name}" for each in COMMANDS for slash in ("/", "//") for name in each.names]
LINES = [
    *("/dev/sda1  98G  97G  0 100% /", "/quit", "/kick ana", "salir", "exit", "quit", "bye"),
    *(f"{name} bob 10m" for name in NAMES),
    *(f"{chr(first)}hola" for first in range(0x20, 0x7F)),
    *("{", '{"type":"bye"}', "-- ana left", "<ana> hola", "  /quit", "\t/quit", "\u00a0/quit"),
    *("  indented", "\ttab", "trailing  ", "a\rb", "a\x00b", "\x1b[2J", "a\u2028b", "\u202eevil"),
    *("\u3000wide", "\u200b/quit", "¡hola!", "日本", "/\u00e9", "\uff0fquit"),
]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Server]:
    """A server with an operator, whose pipe could do much harm."""
    limits = "--flood-rate", "0", "--per-address", "0", "--history", "none"
    server = Server(tmp_path, *limits, "--op", "ana", "--auth", f"memory:ana:{PASSWORD}")
    yield server
    server.end()
    assert server.process.stdout is not None
    server.process.stdout.close()


@pytest.mark.parametrize("language", ["en", "es"])
def test_each_line_arrives_as_it_is_also_from_an_operator(
    house: Server, tmp_path: Path, language: str
) -> None:
    client = Command(house, tmp_path)
    password = {"HUDDLE_PASSWORD": PASSWORD}
    speaking = ["--nick", "ana", "--login", "--lang", language]
    assert client.run(*speaking, says="/quit\nme\n", **password).returncode == 0
    ran = client.run(*speaking, says="".join(f"{line}\n" for line in LINES), **password)
    assert (ran.returncode, ran.stderr) == (0, "")
    tail = client.run("--nick", "reader", "--json", "--tail", "500")
    heard = [json.loads(line)["text"] for line in tail.stdout.splitlines()]
    assert heard == ["/quit", "me", *(clean(decode(line.encode())[0]) for line in LINES)]


def test_who_wants_commands_carried_out_says_so(house: Server, tmp_path: Path) -> None:
    client = Command(house, tmp_path)
    says = "/me waves\n//me\n/nonsense\n"
    ran = client.run("--nick", "bob", "--commands", says=says)
    assert "There is no command nonsense." in ran.stderr
    assert ran.returncode == 1
    tail = client.run("--nick", "reader", "--json", "--tail", "500")
    heard = [json.loads(line) for line in tail.stdout.splitlines()]
    assert [(each["kind"], each["text"]) for each in heard] == [("me", "waves"), ("say", "/me")]


@pytest.mark.parametrize(
    "line",
    ["/nonsense", "/", "/msg", "/raw x", "/history 25:00", "exit", "/re 7", "/delete", "/login"],
)
def test_a_command_that_is_not_carried_out_is_told_by_the_status(
    server: Server, tmp_path: Path, line: str
) -> None:
    ran = Command(server, tmp_path).run("--nick", "bob", "--commands", says=f"{line}\n")
    assert (ran.returncode, ran.stderr.count("\n")) == (1, 1)
