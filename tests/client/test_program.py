"""huddle-client as people and scripts run it: a process, with pipes or a terminal."""

from __future__ import annotations

import signal
from collections.abc import AsyncIterator
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.client.client_process import Client
from tests.client.in_reactor import in_reactor, reactor_fixture
from tests.client.model_port import ModelPort
from tests.real.preloaded import CLIENT


class Table:
    """A house, and the clients that a test has started."""

    def __init__(self, folder: Path) -> None:
        self.house = ModelPort()
        self.folder = folder
        self.clients: list[Client] = []

    def start(self, *arguments: str, tty: bool = False, **environ: str) -> Client:
        return self.run(*CLIENT, "--port", str(self.house.number), *arguments, tty=tty, **environ)

    def run(self, *command: str, tty: bool = False, **environ: str) -> Client:
        self.clients.append(Client.start(self.folder, *command, tty=tty, **environ))
        return self.clients[-1]

    def ana(self, *arguments: str, tty: bool = False, **environ: str) -> Client:
        return self.start("--nick", "ana", *arguments, tty=tty, **environ)


@reactor_fixture
async def table(tmp_path: Path) -> AsyncIterator[Table]:
    made = Table(tmp_path)
    made.house.open()
    yield made
    for client in made.clients:
        await client.kill()
    await made.house.close()


# Pipes


@in_reactor
async def test_a_pipe_says_what_it_is_given_and_ends_when_it_is_acknowledged(table: Table) -> None:
    client = table.start("--nick", "bot")
    client.type("hola")
    client.end_input()
    assert await client.until_ended() == 0
    assert table.house.texts() == ["hola"]
    assert client.shown() == [
        "-- Hello bot. Nobody else is here. /help lists the commands, /salir leaves."
    ]
    assert client.warned() == []


@in_reactor
async def test_more_lines_than_are_taken_at_once_arrive_in_order(table: Table) -> None:
    client = table.ana()
    await client.until_shown("Hello ana.")
    lines = [f"line {n}" for n in range(10_000)]
    client.type(*lines)
    client.end_input()
    assert await client.until_ended() == 0
    assert table.house.texts() == lines


@in_reactor
async def test_a_pipe_waits_for_late_acknowledgements(table: Table) -> None:
    table.house.server.late_acks = True
    client = table.ana()
    client.type("hola")
    client.end_input()
    await table.house.until_said("hola")
    assert client.status is None
    for talk in table.house.server.online.values():
        talk.send_late_acks()
    table.house.flush()
    assert await client.until_ended() == 0


@in_reactor
async def test_what_others_say_comes_out_of_the_pipe(table: Table) -> None:
    client = table.ana("--commands")
    await table.house.until_in()
    table.house.says("¿qué tal?")
    await client.until_shown("<bob> ¿qué tal?\n")
    client.type("/who")
    client.end_input()
    assert await client.until_ended() == 0
    assert client.shown()[1:] == ["<bob> ¿qué tal?", "-- 1 here: ana."]


@in_reactor
async def test_a_server_that_is_not_there_fails_in_one_line_when_told_not_to_retry(
    table: Table,
) -> None:
    await table.house.close()
    client = table.ana("--no-retry")
    assert await client.until_ended() == 1
    [line] = client.warned()
    assert line.startswith("-- nobody listens at 127.0.0.1:")
    assert client.shown() == []


@in_reactor
async def test_a_server_that_comes_later_is_found_and_nothing_is_lost(table: Table) -> None:
    await table.house.close()
    client = table.ana()
    client.type("hola")
    client.end_input()
    await client.until_shown("-- nobody listens at 127.0.0.1:")
    await client.until_shown("; trying again in 2 s")
    table.house.open()
    assert await client.until_ended() == 0
    assert table.house.texts() == ["hola"]


@in_reactor
async def test_another_address_is_gone_to_when_one_is_lost(table: Table) -> None:
    """Both are the model's ports: nodes of one house."""
    other = ModelPort()
    other.server = table.house.server
    other.open()
    nodes = [f"127.0.0.1:{port.number}" for port in (table.house, other)]
    client = table.run(*CLIENT, *nodes, "--nick", "ana")
    await table.house.until_in()
    client.type("uno")
    await table.house.until_said("uno")
    await table.house.close()
    client.type("dos")
    client.end_input()
    assert await client.until_ended() == 0
    assert other.texts() == ["uno", "dos"]
    [line] = client.warned()
    assert line.endswith(f"; trying 127.0.0.1:{other.number} in 1 s")
    await other.close()


@in_reactor
async def test_a_taken_nick_ends_a_pipe(table: Table) -> None:
    table.house.server.strangers.add("ana")
    client = table.ana()
    client.type("hola")
    client.end_input()
    assert await client.until_ended() == 1
    assert client.warned()[0] == "-- ?"


@in_reactor
async def test_a_broken_output_pipe_ends_quietly(table: Table) -> None:
    client = table.ana()
    client.type("hola")
    await table.house.until_said("hola")
    client.process.closeStdout()
    table.house.says("nobody reads this")
    assert await client.until_ended() == 0
    assert client.warned() == []


@in_reactor
async def test_files_do_as_input_and_output(table: Table) -> None:
    lines, shown = table.folder / "lines", table.folder / "shown"
    lines.write_text("uno\r\ndos")
    client = table.run(
        "/bin/sh",
        "-c",
        f'exec {" ".join(CLIENT)} --nick ana --port "$0" <"$1" >"$2"',
        str(table.house.number),
        str(lines),
        str(shown),
    )
    assert await client.until_ended() == 0
    assert table.house.texts() == ["uno", "dos"]
    assert shown.read_text().startswith("-- Hello ana.")


@in_reactor
async def test_two_programs_in_one_pipeline_leave_the_pipe_as_it_was(table: Table) -> None:
    """A non-blocking pipe would make the second writer fail."""
    port = table.house.number
    client = table.run(
        "/bin/sh",
        "-c",
        f"(printf 'hola\n' | {' '.join(CLIENT)} --nick ana --port {port}; seq 100000) | tail -1",
    )
    assert await client.until_ended() == 0
    assert client.shown() == ["100000"]


# Again and again


@in_reactor
async def test_the_next_run_is_shown_what_came_meanwhile_and_nothing_twice(table: Table) -> None:
    first = table.ana()
    await table.house.until_in()
    table.house.says("uno")
    await first.until_shown("<bob> uno")
    first.end_input()
    await first.until_ended()
    table.house.says("dos")
    second = table.ana()
    await second.until_shown("<bob> dos")
    second.end_input()
    await second.until_ended()
    assert [line for line in second.shown() if "<bob>" in line] == ["12:00 <bob> dos"]


@in_reactor
async def test_a_killed_client_says_what_it_had_not_said_when_it_comes_again(table: Table) -> None:
    client = table.ana()
    await table.house.until_in()
    table.house.deaf = True
    client.type("uno", "dos")
    await table.house.until_sent(b'"dos"')
    await client.kill()
    table.house.deaf = False
    again = table.ana()
    again.type("tres")
    again.end_input()
    assert await again.until_ended() == 0
    assert table.house.texts() == ["uno", "dos", "tres"]
    kept = table.folder / ".local/state/huddle"
    assert {path.stat().st_mode & 0o777 for path in kept.iterdir()} == {0o600}


@in_reactor
async def test_two_clients_at_once_do_not_share_a_session(table: Table) -> None:
    table.ana()
    await table.house.until_in()
    second = table.ana()
    await second.until_shown("This nick is in use by another huddle-client")
    assert await second.until_ended() == 1
    assert len(table.house.server.online) == 1


@in_reactor
async def test_a_server_that_forgot_the_session_makes_a_pipe_tell_its_doubts(table: Table) -> None:
    client = table.ana()
    await table.house.until_in()
    table.house.deaf = True
    client.type("uno")
    await table.house.until_sent(b'"uno"')
    await table.house.close()
    table.house.server.forget_everything()
    table.house.deaf = False
    table.house.open()
    client.end_input()
    assert await client.until_ended() == 1
    assert client.warned()[-2:] == [
        "-- The server does not know you any more; 1 line may be unsaid:",
        "--    uno",
    ]


# A terminal


@in_reactor
async def test_a_person_is_asked_for_a_nick_until_there_is_one(table: Table) -> None:
    table.house.server.strangers.add("ana")
    client = table.start(tty=True)
    await client.until_shown("Welcome to huddle. What is your nick?")
    client.type("ana")
    await client.until_shown("What is your nick? (Enter: ana_)")
    client.type("")
    await client.until_shown("Hello ana_.")
    client.type("hola")
    await table.house.until_said("hola")
    table.house.says("¡hola, ana!")
    await client.until_shown("<bob> ¡hola, ana!")
    client.type("/salir")
    assert await client.until_ended() == 0


@pytest.mark.parametrize("farewell", ["salir\n", "/quit\n", "\x04", "\x03"])
@in_reactor
async def test_every_way_out_says_goodbye(table: Table, farewell: str) -> None:
    client = table.ana(tty=True)
    await client.until_shown("Hello ana.")
    client.process.write(farewell.encode())
    assert await client.until_ended() == 0
    assert [presence.nick for presence in table.house.server.presences.values()] == [""]


@in_reactor
async def test_sigterm_says_goodbye_too(table: Table) -> None:
    client = table.ana()
    await client.until_shown("Hello ana.")
    client.process.signalProcess("TERM")
    assert await client.until_ended() == 0
    assert [presence.nick for presence in table.house.server.presences.values()] == [""]


@in_reactor
async def test_a_second_interrupt_does_not_wait_for_the_server(table: Table) -> None:
    client = table.ana(tty=True)
    await client.until_shown("Hello ana.")
    table.house.deaf = True
    client.process.write(b"\x03")
    await table.house.until_sent(b'"bye"')
    client.process.write(b"\x03")
    assert await client.until_ended() == -signal.SIGINT


@in_reactor
async def test_a_lost_server_is_told_and_what_is_typed_meanwhile_is_said_later(
    table: Table,
) -> None:
    client = table.ana(tty=True)
    await client.until_shown("Hello ana.")
    await table.house.close()
    await client.until_shown("-- the connection is lost; trying again in")
    client.type("hola")
    await client.until_shown("-- 1 line waits to be said.")
    table.house.open()
    await table.house.until_said("hola")


@in_reactor
async def test_a_paste_arrives_whole(table: Table) -> None:
    client = table.ana(tty=True)
    await client.until_shown("Hello ana.")
    lines = [f"line {n}" for n in range(200)]
    client.type(*lines)
    await table.house.until_said(*lines)
    assert table.house.texts() == lines


@in_reactor
async def test_a_hostile_server_writes_no_control_characters(table: Table) -> None:
    client = table.ana(tty=True)
    await client.until_shown("Hello ana.")
    before = len(client.output)
    hostile = "\x1b]0;gotcha\x07\x9b2J\u202e\r\n-- eva left"
    table.house.says(hostile, nick=hostile)
    table.house.doors[0].send(b"\x1b[2J not json\n" + b"[" * 70_000 + b"\n")
    table.house.says("done")
    await client.until_shown("<bob> done\r\n")  # a terminal may give out the line end by itself
    shown = client.output[before:].decode()
    assert not set(shown) & set("\x1b\x07\x9b\u202e")
    assert shown.count("\r\n") == 3  # what was said, that something was unreadable, and the last
    client.type("salir")
    assert await client.until_ended() == 0


# Options


@in_reactor
async def test_both_languages_are_spoken(table: Table) -> None:
    client = table.ana("--lang", "es", tty=True)
    await client.until_shown("Hola, ana. No hay nadie más aquí.")
    other = table.start("--nick", "eva", tty=True, LANG="es_MX.UTF-8")
    await other.until_shown("Hola, eva.")


@in_reactor
async def test_the_help_is_in_the_language_of_the_environment(table: Table) -> None:
    client = table.start("--help", LANG="es_MX.UTF-8")
    assert await client.until_ended() == 0
    assert client.shown()[0] == "Uso: huddle-client [SERVIDOR[:PUERTO]…] [#SALA…] [OPCIONES]"


@in_reactor
async def test_the_version_is_told(table: Table) -> None:
    client = table.start("--version")
    assert await client.until_ended() == 0
    assert client.shown() == [f"huddle-client {version('huddle')}"]


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["--port", "x"], "x is not a number from 1 to 65535."),
        (["--dance"], "There is no option --dance."),
        ([], "A pipe needs a nick: --nick …"),
        (["chat.lan", ":55123"], ":55123 is no host."),
        (["chat.lan:1", "other.lan:2", "--port", "2"], "The port is given twice: chat.lan:1"),
        (["chat.lan:"], "'' is not a number from 1 to 65535."),
        (["chat.lan:huddle"], "huddle is not a number from 1 to 65535."),
        (["chat.lan:1", "--port", "2"], "The port is given twice: chat.lan:1"),
        ([":55123"], ":55123 is no host."),
        ([""], "'' is no host."),
    ],
)
@in_reactor
async def test_a_wrong_command_line_is_told_in_one_line(
    table: Table, arguments: list[str], line: str
) -> None:
    client = table.start(*arguments)
    assert await client.until_ended() == 2
    assert client.warned() == [f"huddle-client: {line}"]
