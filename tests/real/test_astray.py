"""A real server whose record is taken away, replaced, or wanted by another one by another name."""

from __future__ import annotations

import os
import re
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.ending import ending
from tests.patience import PATIENCE
from tests.real.conftest import Enter, Start
from tests.real.server import Server, environment, twistd

SOON = 10.0
"""Seconds of the server's own time in which it has to be found; it takes one."""


def tells_soon(server: Server, text: str) -> None:
    began = server.own_time()
    server.tells(text)
    assert server.own_time() - began < SOON


def remove(path: Path) -> None:
    for file in path.parent.glob("huddle.db*"):
        file.unlink()


def move(path: Path) -> None:
    path.rename(path.with_name("moved.db"))


def replace(path: Path) -> None:
    other = path.with_name("other.db")
    sqlite3.connect(other).close()
    other.touch()
    other.rename(path)


STRAYS: list[tuple[Callable[[Path], None], str]] = [
    (remove, "was removed or moved, and what is said is refused: put it back"),
    (move, "was removed or moved, and what is said is refused: put it back"),
    (replace, "is another file than the server has opened, and what is said is refused"),
]


@pytest.mark.parametrize(("stray", "told"), STRAYS)
def test_nothing_is_acknowledged_when_the_record_is_gone(
    start: Start, enter: Enter, tmp_path: Path, stray: Callable[[Path], None], told: str
) -> None:
    server = start()
    ana, bob = enter(server, nick="ana"), enter(server, nick="bob")
    ana.says("before")
    bob.hears("<ana> before")
    stray(tmp_path / "huddle.db")
    tells_soon(server, told)
    ana.says("lost")
    ana.hears("-- Not recorded, and nobody has seen it.")
    assert "".join(server.log).count(told) == 1


def test_a_record_that_is_moved_back_goes_on(start: Start, enter: Enter, tmp_path: Path) -> None:
    path = tmp_path / "huddle.db"
    server = start("--lang", "en")
    ana, bob = enter(server, nick="ana"), enter(server, nick="bob")
    move(path)
    tells_soon(server, "was removed or moved")
    path.with_name("moved.db").rename(path)
    tells_soon(server, "the record can be written again")
    ana.says("after")
    bob.hears("<ana> after")


def test_a_server_whose_index_is_cut_ends_with_a_word_and_loses_nothing(
    start: Start, enter: Enter, tmp_path: Path
) -> None:
    server = start()
    ana, bob = enter(server, nick="ana"), enter(server, nick="bob")
    texts = [f"line {number}" for number in range(50)]
    for text in texts:
        ana.says(text)
    bob.hears("<ana> line 49")
    os.truncate(tmp_path / "huddle.db-shm", 0)
    ana.says("one more")
    server.tells("huddle.db-shm, or the disk fails, and the server has to end: start it again")
    assert server.process.wait(PATIENCE) == os.EX_IOERR
    assert "Traceback" not in "".join(server.log)
    again = start()
    eva = enter(again, nick="eva")
    eva.says("/history 60")
    for text in texts:
        eva.hears(f"<ana> {text}")


PORT = re.compile(r"listening on 127\.0\.0\.1:(\d+)")

BROKEN = """
from twisted.scripts.twistd import run
from huddle.record.sqlite.maintenance import Maintenance

as_it_is = Maintenance.step

def step(self):
    if self._lag:
        raise LookupError("as nobody has foreseen")
    as_it_is(self)

Maintenance.step = step
run()
"""


def test_a_server_whose_record_has_stopped_by_a_fault_ends_with_a_word_and_loses_nothing(
    tmp_path: Path,
) -> None:
    """It would take lines, and answer none of them."""
    started = subprocess.Popen(
        [sys.executable, "-c", BROKEN, "-n", "--pidfile=", "huddle", "--port", "0"],
        cwd=tmp_path,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    with ending(started) as server:
        assert server.stdout is not None
        port = next(found[1] for line in server.stdout if (found := PORT.search(line)))
        with socket.create_connection(("127.0.0.1", int(port)), PATIENCE) as ana:
            ana.sendall(b"ana\nkept\n")
            told = server.stdout.read()
        assert server.wait(PATIENCE) == os.EX_SOFTWARE
    assert "the record has stopped by a fault of Huddle's, and the server has to end" in told
    assert "LookupError: as nobody has foreseen" in told
    connection = sqlite3.connect(tmp_path / "huddle.db")
    assert connection.execute("SELECT text FROM messages").fetchall() == [("kept",)]
    connection.close()


def test_a_second_server_under_another_name_of_the_file_does_not_start(
    start: Start, enter: Enter, tmp_path: Path
) -> None:
    server = start()
    os.link(tmp_path / "huddle.db", tmp_path / "other.db")
    options = "-n", "--pidfile=", "huddle", "--port", "0", "--history", "other.db"
    second = twistd(*options, folder=tmp_path)
    assert second.returncode == 1
    assert "is in use by another server under another name" in second.stderr
    tells_soon(server, "has several names (hard links): remove the others")
    ana, bob = enter(server, nick="ana"), enter(server, nick="bob")
    ana.says("hola")
    bob.hears("<ana> hola")


def test_nothing_is_written_through_a_lock_that_is_a_link(tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_text("precious\n")
    (tmp_path / "huddle.db-lock").symlink_to(precious)
    refused = twistd("-n", "--pidfile=", "huddle", "--port", "0", folder=tmp_path)
    assert refused.returncode == 1
    assert "huddle.db-lock is a link, or no plain file, and no lock: remove it" in refused.stderr
    assert precious.read_text() == "precious\n"


def test_a_record_has_one_key_by_whatever_link_it_is_used(
    start: Start, enter: Enter, tmp_path: Path
) -> None:
    (tmp_path / "data").mkdir()
    start("--history", "data/huddle.db").stop()
    (tmp_path / "link.db").symlink_to("data/huddle.db")
    server = start("--history", "link.db")
    ana = enter(server, nick="ana")
    ana.says("/join ops sesame")
    ana.hears("-- You are in ops now.")
    server.stop()
    assert not list(tmp_path.glob("link.db.key"))
    server = start("--history", "data/huddle.db")
    bob = enter(server, nick="bob")
    bob.says("/join ops sesame")
    bob.hears("-- You are in ops now.")
    server.stop()
    (tmp_path / "data" / "huddle.db.key").unlink()
    server = start("--history", "data/huddle.db")
    server.tells("return words and keys of rooms from before open nothing; put the old key")
