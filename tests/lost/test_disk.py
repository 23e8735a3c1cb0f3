"""A disk that is full while people talk; and a record with which no server can start."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from tests.lost.checker import faults
from tests.lost.crowd import Crowd
from tests.lost.person import Nc, Person
from tests.lost.server import Server
from tests.real.server import twistd
from tests.record.small_disk import full, read_only, small_disk

NO_LIMIT = ("--flood-rate", "0")
REFUSED = "-- Not recorded, and nobody has seen it. Try again."


def test_nothing_wrong_is_told_while_the_disk_is_full_and_all_goes_on_afterwards(
    tmp_path: Path,
) -> None:
    with small_disk(tmp_path, "32m") as disk, Server(disk, *NO_LIMIT).start() as server:
        crowd = Crowd(server.port, 5, Random(1))
        crowd.padding = "." * 2000
        crowd.eagerness = 50
        assert crowd.goes_on_until(crowd.is_in)
        crowd.goes_on(0.2)
        with full(disk):
            assert crowd.goes_on_until(lambda: all(p.refused for p in crowd.programs))
            crowd.goes_on(0.5)
            crowd.members[0].cut()
            for member in crowd.members[1:]:
                member.outgoing += member.program.ping()
            assert crowd.goes_on_until(lambda: all(p.pongs for p in crowd.programs[1:]))
        crowd.eagerness = 0
        assert crowd.goes_on_until(crowd.knows_all)
        crowd.leaves()
        server.stop()
        assert not faults(crowd.programs, server.rows())


def test_a_person_is_told_that_a_line_is_not_recorded_and_says_it_again(tmp_path: Path) -> None:
    with small_disk(tmp_path, "4m") as disk, Server(disk, *NO_LIMIT).start() as server:
        with Nc(server) as ana, Nc(server) as bob:
            ana.enters("ana")
            bob.enters("bob")
            with full(disk):
                said = talk_until_refused(bob, ana)
                bob.says("/who")
                bob.hears("-- 2 here: ana, bob")
            bob.says("is there room again?")
            ana.hears("<bob> is there room again")
        said.append("is there room again?")
        assert ana.told_by("bob") == said
        assert [row.text for row in server.rows()] == said
        assert bob.heard.count(REFUSED) == 1


def talk_until_refused(speaker: Person, listener: Person) -> list[str]:
    """Talk until the record takes nothing any more; returns what it has taken."""
    said: list[str] = []
    while True:
        text = f"{len(said)} {'x' * 4000}"
        speaker.says(text)
        while text not in listener.told_by("bob"):
            listener.listens(0.005)
            speaker.listens(0.005)
            if REFUSED in speaker.heard:
                return said
        said.append(text)


def test_a_server_killed_on_a_full_disk_does_not_start_until_there_is_room(tmp_path: Path) -> None:
    with small_disk(tmp_path, "4m") as disk, Server(disk, *NO_LIMIT).start() as server:
        with Nc(server) as ana, Nc(server) as bob:
            ana.enters("ana")
            bob.enters("bob")
            with full(disk):
                said = talk_until_refused(bob, ana)
                server.kill()
                refused = twistd("-n", "--pidfile=", "huddle", "--port", "0", folder=disk)
                assert refused.returncode == 1
                assert refused.stderr == f"huddle: the disk of {disk}/huddle.db is full\n"
        server.start()
        assert [row.text for row in server.rows()] == said


# -- starting ------------------------------------------------------------------------------------


def damaged(record: Path) -> None:
    """Somebody has written over a part of it."""
    with record.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 8192)


def of_a_newer_huddle(record: Path) -> None:
    execute(record, "PRAGMA user_version = 99")


def of_something_else(record: Path) -> None:
    execute(record, "PRAGMA application_id = 1")


def execute(record: Path, statement: str) -> None:
    with closing(sqlite3.connect(record)) as connection:
        connection.execute(statement)


@pytest.fixture
def left(tmp_path: Path) -> Path:
    """The record of a server that has stopped."""
    server = Server(tmp_path).start()
    server.stop()
    return server.database


@pytest.mark.parametrize(
    ("spoil", "english", "spanish"),
    [
        (
            damaged,
            r"{record} is damaged \(.*\); restore it from a backup",
            r"{record} está dañado \(.*\); recupéralo de una copia de seguridad",
        ),
        (
            of_a_newer_huddle,
            r"{record} was made by a newer Huddle \(schema 99\)",
            r"{record} lo hizo un Huddle más nuevo \(esquema 99\)",
        ),
        (
            of_something_else,
            r"{record} is not a Huddle database",
            r"{record} no es una base de datos de Huddle",
        ),
    ],
)
def test_a_server_does_not_start_on_a_record_it_cannot_keep(
    left: Path, spoil: Callable[[Path], None], english: str, spanish: str
) -> None:
    spoil(left)
    assert_refused(left, english, spanish)


def test_two_servers_on_one_record_cannot_be(tmp_path: Path) -> None:
    with Server(tmp_path).start() as server:
        assert_refused(
            server.database,
            f"{{record}} is in use by another server, process {server.pid}",
            f"{{record}} lo está usando otro servidor, el proceso {server.pid}",
        )


def test_a_server_does_not_start_where_it_cannot_write(tmp_path: Path) -> None:
    with small_disk(tmp_path) as disk:
        server = Server(disk).start()
        server.stop()
        with read_only(disk):
            assert_refused(
                server.database,
                "{record} can only be read; the server must write to it",
                "{record} solo se puede leer; el servidor tiene que escribir en él",
            )


def test_a_server_does_not_make_folders(tmp_path: Path) -> None:
    assert_refused(
        tmp_path / "nowhere" / "huddle.db",
        "there is no folder for {record}",
        "no hay carpeta para {record}",
    )


def assert_refused(record: Path, english: str, spanish: str) -> None:
    """One line on the standard error in either language, and a status that is not 0."""
    folder = next(folder for folder in record.parents if folder.exists())
    for language, line in (("en", english), ("es", spanish)):
        command = ("-n", "--pidfile=", "huddle", "--port", "0", "--history", str(record))
        ended = twistd(*command, folder=folder, LANG=f"{language}.UTF-8")
        assert ended.returncode == 1
        wanted = f"huddle: {line.format(record=record)}\n"
        assert re.fullmatch(wanted, ended.stderr), ended.stderr
