"""The file of a session: what is in it after a program, a disk or a power supply has failed."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from huddle.client.session import journal
from huddle.client.session.journal import Recalled, Trouble, recall, state_folder
from huddle.client.session.state import Patch


class Runs:
    """Runs of the program, one after the other or at the same time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.troubles: list[Trouble] = []
        self._open: list[Recalled] = []

    def start(self, nick: str = "ana", host: str = "localhost", port: int = 55123) -> Recalled:
        recalled = recall(self.folder, [(host, port)], nick, self.troubles.append)
        self._open.append(recalled)
        return recalled

    def end(self, *recalled: Recalled) -> None:
        for run in recalled or tuple(self._open):
            run.memory.close()
            self._open.remove(run)

    def files(self, ending: str = ".journal") -> list[Path]:
        return sorted(path for path in self.folder.iterdir() if path.suffix == ending)


@pytest.fixture
def runs(tmp_path: Path) -> Iterator[Runs]:
    made = Runs(tmp_path / "state" / "huddle")
    yield made
    made.end()


def note(run: Recalled, *patches: Patch, durable: bool = False) -> None:
    """What a session does with a patch."""
    for patch in patches:
        run.state.apply(patch)
        run.memory.keep(patch)
    run.memory.commit(durable)


def test_a_first_run_finds_nothing(runs: Runs) -> None:
    run = runs.start()
    assert (run.state.secret, run.trouble) == ("", None)


def test_the_next_run_finds_what_was_kept(runs: Runs) -> None:
    run = runs.start()
    note(run, ("session", "s"), ("wait", "say", "huddle", "¿qué tal? \ud800"))
    note(run, ("send", 7, 1), durable=True)
    runs.end(run)
    again = runs.start()
    assert again.state.secret == "s"
    assert again.state.sent[7].text == "¿qué tal? \ud800"
    assert again.state.counter == 7


@pytest.mark.parametrize("other", [{"nick": "bob"}, {"host": "example.org"}, {"port": 55124}])
def test_another_nick_or_server_is_another_session(runs: Runs, other: dict[str, str]) -> None:
    note(runs.start(), ("session", "s"))
    assert runs.start(**other).state.secret == ""  # type: ignore[arg-type]


def test_nicks_and_hosts_are_found_in_any_case(runs: Runs) -> None:
    run = runs.start("Ana", "LocalHost")
    note(run, ("session", "s"))
    runs.end(run)
    assert runs.start("ana", "localhost").state.secret == "s"


@pytest.mark.parametrize("nick", ["../../etc/passwd", "ñandú" * 40, "a/b", "\0", "\ud800", "."])
def test_any_nick_makes_a_file_name_in_the_folder(runs: Runs, nick: str) -> None:
    run = runs.start(nick)
    note(run, ("session", "s"))
    assert run.trouble is None
    assert len(runs.files()) == 1


def test_nobody_else_can_read_the_secret(runs: Runs) -> None:
    note(runs.start(), ("session", "s"))
    modes = {stat.S_IMODE(path.stat().st_mode) for path in runs.folder.iterdir()}
    assert modes == {0o600}
    assert stat.S_IMODE(runs.folder.stat().st_mode) == 0o700


def test_two_programs_do_not_share_a_session(runs: Runs) -> None:
    first = runs.start()
    note(first, ("session", "s"))
    second = runs.start()
    assert (second.state.secret, second.trouble) == ("", Trouble.IN_USE)
    note(second, ("session", "t"), durable=True)
    second.memory.rename("bob")
    runs.end(first, second)
    assert runs.start().state.secret == "s"
    assert len(runs.files()) == 1


def test_what_must_be_durable_is_synced_before_commit_returns(
    runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = runs.start()
    note(run, ("session", "s"))
    synced: list[bytes] = []
    monkeypatch.setattr(os, "fsync", lambda file: synced.append(runs.files()[0].read_bytes()))
    note(run, ("after", "huddle", 3))
    assert synced == []
    note(run, ("wait", "say", "huddle", "x"), ("send", 1, 1), durable=True)
    assert synced == [runs.files()[0].read_bytes()]
    assert synced[0].endswith(b'["send",1,1]\n')


def test_nothing_to_keep_costs_nothing(runs: Runs) -> None:
    run = runs.start()
    run.memory.commit(durable=True)
    assert runs.files() == []


@pytest.mark.parametrize("lost", range(1, 12))
def test_a_line_cut_by_a_power_failure_is_as_if_never_written(runs: Runs, lost: int) -> None:
    run = runs.start()
    note(run, ("session", "s"))
    note(run, ("counter", 5))
    runs.end(run)
    [file] = runs.files()
    file.write_bytes(file.read_bytes()[:-lost])
    again = runs.start()
    assert (again.state.secret, again.state.counter, again.trouble) == ("s", 0, None)
    note(again, ("counter", 6))
    runs.end(again)
    assert runs.start().state.counter == 6


def test_an_empty_file_is_a_first_run(runs: Runs) -> None:
    run = runs.start()
    note(run, ("session", "s"))
    runs.end(run)
    runs.files()[0].write_bytes(b"")
    assert runs.start().state.secret == ""


@pytest.mark.parametrize("damage", [b"\0\0\0\n", b'["dance"]\n', b"[" * 9999 + b"\n", b"7\n"])
def test_a_damaged_file_is_read_as_far_as_it_goes_and_put_aside(runs: Runs, damage: bytes) -> None:
    run = runs.start()
    note(run, ("session", "s"))
    runs.end(run)
    [file] = runs.files()
    damaged = file.read_bytes() + damage + b'["counter",9]\n'
    file.write_bytes(damaged)
    again = runs.start()
    assert (again.state.secret, again.state.counter) == ("s", 0)
    assert again.trouble is Trouble.DAMAGED
    assert [path.read_bytes() for path in runs.files(".damaged")] == [damaged]
    note(again, ("counter", 6))
    runs.end(again)
    assert runs.start().state.secret == "s"


@pytest.mark.parametrize("head", [b"7\n", b"[]\n", b'["other",1]\n', b"\xff\n"])
def test_a_file_of_another_program_is_put_aside(runs: Runs, head: bytes) -> None:
    run = runs.start()
    note(run, ("session", "s"))
    runs.end(run)
    [file] = runs.files()
    file.write_bytes(head + b'["session","t"]\n')
    again = runs.start()
    assert (again.state.secret, again.trouble) == ("", Trouble.DAMAGED)


def test_a_file_of_a_later_version_is_left_alone(runs: Runs) -> None:
    run = runs.start()
    note(run, ("session", "s"))
    runs.end(run)
    [file] = runs.files()
    later = b'["huddle-client",2]\n["something"]\n'
    file.write_bytes(later)
    again = runs.start()
    assert (again.state.secret, again.trouble) == ("", Trouble.TOO_NEW)
    note(again, ("session", "t"), durable=True)
    assert file.read_bytes() == later


def test_a_file_that_has_grown_is_written_anew(runs: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "REWRITE_ABOVE", 1000)
    run = runs.start()
    note(run, ("session", "s"))
    sizes = []
    for seq in range(1, 500):
        note(run, ("after", "huddle", seq))
        sizes.append(runs.files()[0].stat().st_size)
    assert max(sizes) < 1100
    runs.end(run)
    assert runs.start().state.rooms == {"huddle": 499}
    assert runs.files(".new") == []


def test_a_session_moves_with_its_nick(runs: Runs) -> None:
    run = runs.start("ana")
    note(run, ("session", "s"))
    run.memory.rename("eva")
    note(run, ("counter", 5))
    run.memory.rename("eva")
    assert runs.start("eva").trouble is Trouble.IN_USE
    fresh = runs.start("ana")
    assert (fresh.state.secret, fresh.trouble) == ("", None)
    runs.end()
    assert runs.start("eva").state.counter == 5


def test_a_session_does_not_move_onto_another_that_may_have_unsaid_lines(runs: Runs) -> None:
    old = runs.start("eva")
    note(old, ("session", "old"))
    runs.end(old)
    run = runs.start("ana")
    note(run, ("session", "s"))
    run.memory.rename("eva")
    note(run, ("counter", 5))
    assert runs.start("eva").state.secret == "old"
    runs.end()
    assert runs.start("ana").state.counter == 5


def test_a_session_does_not_move_onto_one_in_use(runs: Runs) -> None:
    runs.start("eva")
    run = runs.start("ana")
    note(run, ("session", "s"))
    run.memory.rename("eva")
    assert runs.files()[0].name.startswith("ana@")


def test_a_session_that_was_never_written_does_not_move(runs: Runs) -> None:
    run = runs.start("ana")
    run.memory.rename("eva")
    note(run, ("session", "s"))
    assert runs.files()[0].name.startswith("ana@")


def test_a_session_of_several_addresses_is_found_in_whichever_order_they_are_given(
    tmp_path: Path,
) -> None:
    def start(*hosts: str) -> Recalled:
        return recall(tmp_path, [(host, 1) for host in hosts], "ana", lambda trouble: None)

    first = start("a", "b")
    note(first, ("session", "s"))
    first.memory.close()
    for hosts in (("b", "a"), ("c", "a"), ("a",)):
        again = start(*hosts)
        assert again.state.secret == "s"
        again.memory.close()
    other = start("b")
    assert other.state.secret == ""
    other.memory.close()


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    troubles: list[Trouble] = []
    run = recall(tmp_path / "file" / "huddle", [("h", 1)], "ana", troubles.append)
    assert run.trouble is Trouble.UNWRITABLE


def test_a_folder_that_cannot_be_looked_into_is_told(tmp_path: Path) -> None:
    """Here since no name may be so long; else as it belongs to another user."""
    run = recall(tmp_path / ("x" * 300), [("h", 1), ("g", 1)], "ana", lambda _: None)
    assert run.trouble is Trouble.UNWRITABLE


def test_a_file_that_cannot_be_read_is_told(runs: Runs) -> None:
    run = runs.start()
    note(run, ("session", "s"))
    runs.end(run)
    [file] = runs.files()
    file.unlink()
    file.mkdir()
    assert runs.start().trouble is Trouble.UNWRITABLE
    file.rmdir()
    assert runs.start().trouble is None  # the lock was not kept


class FullDisk:
    """A disk that takes half of a write, and then nothing more until there is room."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.full = False
        self._write = os.write
        monkeypatch.setattr(os, "write", self.write)

    def write(self, file: int, data: bytes) -> int:
        if not self.full:
            return self._write(file, data)
        if len(data) > 8:
            return self._write(file, bytes(data)[: len(data) // 2])
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_is_told_once_and_all_is_there_when_it_has_room_again(
    runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = runs.start()
    note(run, ("session", "s"))
    disk = FullDisk(monkeypatch)
    disk.full = True
    note(run, ("wait", "say", "huddle", "uno"), durable=True)
    note(run, ("wait", "say", "huddle", "dos"), durable=True)
    assert runs.troubles == [Trouble.UNWRITABLE]
    disk.full = False
    note(run, ("wait", "say", "huddle", "tres"), durable=True)
    disk.full = True
    note(run, ("counter", 5))
    assert runs.troubles == [Trouble.UNWRITABLE] * 2
    runs.end(run)
    disk.full = False
    again = runs.start()
    assert [line.text for line in again.state.waiting] == ["uno", "dos", "tres"]
    assert again.trouble is None


@pytest.mark.parametrize(
    ("environ", "folder"),
    [
        ({"XDG_STATE_HOME": "/x/state"}, Path("/x/state/huddle")),
        ({"XDG_STATE_HOME": "relative"}, Path.home() / ".local/state/huddle"),
        ({}, Path.home() / ".local/state/huddle"),
    ],
)
def test_the_folder_is_where_the_xdg_specification_puts_it(
    environ: dict[str, str], folder: Path
) -> None:
    assert state_folder(environ) == folder
