"""`--send`, `--tail`, `--json`: what scripts rely on."""

from __future__ import annotations

import json
import signal
import socket
from collections.abc import Iterator
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.client.programs.command import Command
from tests.client.windows.neighbour import Neighbour
from tests.patience import PATIENCE
from tests.real.server import Server

SPANISH = {"LANG": "es_ES.UTF-8"}
NO_ANSWER = ("-- No answer in time", "-- Sin respuesta a tiempo")


@pytest.fixture
def client(server: Server, tmp_path: Path) -> Command:
    return Command(server, tmp_path)


@pytest.fixture
def deaf_port() -> Iterator[int]:
    """A port that takes connections, and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        yield deaf.getsockname()[1]


def test_a_line_that_is_recorded_ends_well(client: Command, bob: Neighbour) -> None:
    sent = client.run("--nick", "backup", "--send", "the backup is done")
    assert (sent.returncode, sent.stdout, sent.stderr) == (0, "", "")
    assert bob.hears("backup is") == "<backup> the backup is done"


def test_several_lines_arrive_together(client: Command, bob: Neighbour) -> None:
    assert client.run("--nick", "backup", "--send", "one\ntwo\n\nthree").returncode == 0
    bob.hears("backup joined")
    assert bob.hears_next(4) == ["<backup> one", "<backup> two", "<backup> ", "<backup> three"]


def test_what_is_to_be_sent_twice_is_all_said(client: Command, bob: Neighbour) -> None:
    sent = client.run("--nick", "backup", "--send", "one", "--send", "/two\n", "--send", "three")
    assert sent.returncode == 0
    bob.hears("backup joined")
    assert bob.hears_next(4) == ["<backup> one", "<backup> /two", "<backup> ", "<backup> three"]


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--nick", "bob", "--send", "hola"], "bob"),
        (["--nick", "a<b", "--send", "hola"], "nick"),
        (["--nick", "backup", "--send", "x" * 5000], "too long"),
    ],
    ids=["nick taken", "bad nick", "too long"],
)
def test_a_refusal_says_why_and_fails(
    client: Command, bob: Neighbour, arguments: list[str], reason: str
) -> None:
    refused = client.run(*arguments)
    assert refused.returncode == 1
    assert reason in refused.stderr
    assert refused.stdout == ""


def test_no_answer_in_time_is_a_status_of_its_own(client: Command, deaf_port: int) -> None:
    late = client.run(
        *("--port", str(deaf_port), "--nick", "backup", "--send", "hola", "--timeout", "1")
    )
    assert late.returncode == 3
    assert late.stderr == "-- No answer in time: not said.\n"


def in_time(client: Command, *arguments: str, **environ: str) -> CompletedProcess[str]:
    """Run it with a time in which it gets to know what keeps it: longer on a machine that is slow,
    or is told slowly that there is no such host."""
    for seconds in ("1", "8", "30"):
        ran = client.run(*arguments, "--timeout", seconds, **environ)
        if not ran.stderr.startswith(NO_ANSWER):
            break
    return ran


@pytest.mark.parametrize(
    ("where", "environ", "line"),
    [
        (["--port", "1"], {}, "nobody listens at 127.0.0.1:1: not said"),
        (["--port", "1"], SPANISH, "nadie atiende en 127.0.0.1:1: no se ha dicho"),
        (["two words"], {}, "no such host: two words: not said"),
        (["nowhere.invalid:2"], {}, "no such host: nowhere.invalid: not said"),
    ],
)
def test_what_keeps_a_script_from_its_server_is_named(
    client: Command, where: list[str], environ: dict[str, str], line: str
) -> None:
    late = in_time(client, *where, "--nick", "backup", "--send", "hola", **environ)
    assert (late.returncode, late.stderr) == (3, f"-- {line}\n")
    tail = in_time(client, *where, "--nick", "backup", "--tail", **environ)
    assert tail.stderr == f"-- {line.rpartition(':')[0]}\n"


def test_a_server_that_is_not_there_is_waited_for_unless_told_otherwise(client: Command) -> None:
    gone = client.run("--port", "1", "--nick", "backup", "--send", "hola", "--no-retry")
    assert gone.returncode == 1
    assert gone.stderr == "-- nobody listens at 127.0.0.1:1\n"


def test_the_last_messages_are_shown(client: Command, bob: Neighbour) -> None:
    bob.says("one", "two", "three")
    client.run("--nick", "marker", "--send", "four")
    tail = client.run("--nick", "reader", "--tail", "3")
    assert tail.returncode == 0
    assert [line[6:] for line in tail.stdout.splitlines()] == [
        "<bob> two",
        "<bob> three",
        "<marker> four",
    ]
    assert client.run("--nick", "reader", "--tail", "0").stdout == ""


def test_following_goes_on_until_it_is_interrupted(client: Command, bob: Neighbour) -> None:
    bob.says("before")
    client.run("--nick", "marker", "--send", "marked")
    following = client.start("--nick", "reader", "--tail", "1", "--follow", "--json")
    assert following.stdout is not None
    assert json.loads(following.stdout.readline())["text"] == "marked"
    bob.says("after")
    heard = json.loads(following.stdout.readline())
    assert (heard["type"], heard["nick"], heard["text"], heard["past"]) == (
        "said",
        "bob",
        "after",
        False,
    )
    following.send_signal(signal.SIGINT)
    assert following.communicate(timeout=PATIENCE)[1] == ""
    assert following.returncode == 0


def test_a_broken_pipe_ends_it_quietly(client: Command, bob: Neighbour) -> None:
    following = client.start("--nick", "reader", "--tail", "1", "--follow")
    assert following.stdout is not None and following.stderr is not None
    following.stdout.close()
    assert following.wait(PATIENCE) == 0
    assert following.stderr.read() == ""
    following.stderr.close()
    assert following.stdin is not None
    following.stdin.close()


def test_a_program_speaks_and_hears_json(client: Command, bob: Neighbour) -> None:
    wishes = [
        {"type": "say", "text": "hola"},
        {"type": "me", "text": "waves"},
        {"type": "who"},
        {"type": "history", "limit": 1},
        {"type": "nonsense"},
    ]
    ran = client.run(
        "--json", "--nick", "robot", says="".join(json.dumps(wish) + "\n" for wish in wishes)
    )
    heard = [json.loads(line) for line in ran.stdout.splitlines()]
    by_type = {each["type"]: each for each in heard}
    assert [each["text"] for each in heard if each["type"] == "ack"] == ["hola", "waves"]
    replies = {each["request"]: each for each in heard if each["type"] == "reply"}
    assert {"bob", "robot"} <= set(replies["who"]["here"])
    assert replies["history"]["messages"]
    assert by_type["welcome"]["nick"] == "robot"
    assert by_type["notice"]["text"] == "This is not understood: nonsense"
    assert by_type["farewell"]["unsaid"] == 0
    bob.hears("robot joined")
    assert bob.hears_next(2) == ["<robot> hola", "* robot waves"]


def test_what_cannot_be_said_is_told_to_the_program(client: Command) -> None:
    wish = {"type": "msg", "to": "nobody", "text": "psst"}
    ran = client.run("--json", "--nick", "robot", says=json.dumps(wish) + "\n")
    [refused] = [
        heard for heard in map(json.loads, ran.stdout.splitlines()) if heard["type"] == "refused"
    ]
    assert (refused["to"], refused["text"]) == ("nobody", "psst")
    assert ran.returncode == 1


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--send", "hola"], "--nick"),
        (["--nick", "x", "--send", " "], "nothing to say"),
        (["--nick", "x", "--send", "hola", "--tail"], "do not go together"),
        (["--nick", "x", "--send", "hola", "--commands"], "--commands is for a pipe"),
        (["--nick", "x", "--send", "hola", "#ops", "#kitchen"], "one room"),
        (["--nick", "x", "--tail", "--room", "ops", "--room", "kitchen"], "one room"),
        (["--nick", "x", "--tail", "501"], "501"),
        (["--nick", "x", "--notify", "loud"], "off, mention, all"),
    ],
)
def test_a_wrong_command_line_ends_with_one_line(
    client: Command, arguments: list[str], reason: str
) -> None:
    wrong = client.run(*arguments)
    assert wrong.returncode == 2
    [line] = wrong.stderr.splitlines()
    assert line.startswith("huddle-client: ") and reason in line
