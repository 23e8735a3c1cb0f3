"""``twistd -n huddle`` as the documents have it: after a kill, in a container, as another user."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.changes import wait_until
from tests.needs import leave_out, needs
from tests.patience import PATIENCE
from tests.real.conftest import Enter, Start
from tests.real.preloaded import TWISTD, Preloaded
from tests.real.server import PLACE, READY, Server, environment, twistd


@contextmanager
def running(
    folder: Path,
    *options: str,
    ahead: Sequence[str] = (),
    by: Sequence[str] = (*TWISTD, "-n"),
    start: Callable[..., subprocess.Popen[str]] = subprocess.Popen,
) -> Iterator[list[str]]:
    """What a server says that has started; it is killed in the end."""
    process = start(
        [*ahead, *by, "huddle", "--port", "0", *options],
        cwd=folder,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    try:
        said: list[str] = []
        for line in process.stdout:
            said.append(line)
            if READY in line:
                break
        assert READY in said[-1], "".join(said)
        yield said
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate(timeout=PATIENCE)


def test_it_starts_again_after_a_kill(tmp_path: Path) -> None:
    for _ in range(2):
        with running(tmp_path):
            assert not (tmp_path / "twistd.pid").exists()


def test_it_starts_by_twist_as_well(tmp_path: Path) -> None:
    with running(tmp_path, by=[str(Path(sys.executable).with_name("twist"))]):
        assert (tmp_path / "huddle.db").exists()
        assert not (tmp_path / "twistd.pid").exists()


def test_a_pid_file_of_a_process_that_lives_keeps_nobody_out(start: Start, tmp_path: Path) -> None:
    (tmp_path / "twistd.pid").write_text("1")
    start(ahead=())
    assert (tmp_path / "twistd.pid").read_text() == "1"


def test_it_starts_as_the_first_process_of_a_container(tmp_path: Path) -> None:
    container = [needs("unshare"), "--fork", "--pid", "--mount-proc", "--kill-child"]
    if subprocess.run([*container, "true"], capture_output=True).returncode:
        leave_out("no namespaces here")
    (tmp_path / "twistd.pid").write_text("1")
    for _ in range(2):
        with running(tmp_path, ahead=container):
            pass


@pytest.fixture
def read_only(tmp_path: Path) -> Iterator[Path]:
    """A folder that may be read and not written, with one in it that may."""
    (tmp_path / "records").mkdir()
    tmp_path.chmod(0o555)
    yield tmp_path
    tmp_path.chmod(0o755)


NOBODY = 65_534


def powerless() -> list[str]:
    """What root is started by so that it may write only where the modes of files let it."""
    if os.geteuid() != 0:
        return []
    return [needs("setpriv"), "--bounding-set", "-dac_override", "--inh-caps", "-dac_override"]


def test_a_folder_that_may_not_be_written_does_where_the_record_is_elsewhere(
    read_only: Path,
) -> None:
    with running(read_only, "--history", "records/huddle.db", ahead=powerless()):
        assert sorted(os.listdir(read_only)) == ["records"]
        assert (read_only / "records" / "huddle.db").exists()


def test_in_the_background_a_place_for_its_files_is_wanted(read_only: Path) -> None:
    run = subprocess.run(
        [*powerless(), *TWISTD, "huddle", "--port", "0", "--history", "none"],
        cwd=read_only,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert run.returncode == 1
    assert run.stderr == "huddle: --pidfile twistd.pid will not do: that is not permitted\n"


@pytest.mark.parametrize(
    ("becomes", "user", "group"),
    [
        (("--uid", str(NOBODY), "--gid", str(NOBODY)), NOBODY, NOBODY),
        (("--uid", "nobody", "--gid", "nogroup"), NOBODY, NOBODY),
        (("--uid", "nobody"), NOBODY, NOBODY),  # and a user's group is theirs
        (("--uid", str(NOBODY)), NOBODY, NOBODY),
        (("--gid", "nogroup"), 0, NOBODY),
    ],
    ids=["numbers", "names", "user by name", "user by number", "group"],
)
def test_it_may_become_another_user(
    enter: Enter, becomes: Sequence[str], user: int, group: int
) -> None:
    """Who has to read and write the record from then on, history, search and programs included,
    and is who starts it again."""
    if os.geteuid() != 0:
        leave_out("only root may become somebody else")
    with TemporaryDirectory() as name:
        folder = Path(name)
        os.chown(folder, user, group)
        server = Server(folder, ahead=becomes)
        try:
            files = {path.name: path.stat() for path in folder.iterdir()}
            assert {(found.st_uid, found.st_gid) for found in files.values()} == {(user, group)}
            assert {"huddle.db", "huddle.db-wal", "huddle.db-lock", "huddle.db.key"} <= files.keys()
            ana = enter(server, nick="ana")
            bob = enter(server, nick="bob")
            ana.says("hola")
            bob.hears("<ana> hola")
            for asked in ("/history 5", "/search hola", "/history 5"):
                ana.says(asked)
                ana.hears("<ana> hola")
            program = enter(server)
            program.says('{"type":"hello","v":1,"nick":"bot"}')
            program.hears('{"type":"welcome"')
            program.says('{"type":"history","id":1,"limit":5}')
            assert '"text":"hola"' in program.hears('{"type":"reply"')
        finally:
            server.end()
        again = Server(folder, ahead=becomes)
        try:
            enter(again, nick="eva").hears("<ana> hola")
        finally:
            again.end()


def test_in_the_background_it_begins_its_log_anew_as_the_other_user() -> None:
    if os.geteuid() != 0:
        leave_out("only root may become somebody else")
    with TemporaryDirectory() as name:
        folder = Path(name)
        os.chown(folder, NOBODY, NOBODY)
        ahead = ("--uid", str(NOBODY), "--gid", str(NOBODY))
        run = twistd(*ahead, "huddle", "--port", "0", folder=folder)
        assert (run.returncode, run.stderr) == (0, "")
        log, moved, pid = folder / "twistd.log", folder / "moved.log", folder / "twistd.pid"
        wait_until(folder, lambda: log.exists() and READY in log.read_text(), log.read_text)
        assert log.stat().st_uid == NOBODY
        server = int(pid.read_text())
        os.kill(server, signal.SIGHUP)  # as it is, which is to open it again
        log.rename(moved)
        os.kill(server, signal.SIGHUP)
        wait_until(folder, log.exists, moved.read_text)
        os.kill(server, signal.SIGTERM)
        wait_until(folder, lambda: "Server Shut Down." in log.read_text(), log.read_text)
        wait_until(folder, lambda: not pid.exists(), log.read_text)
        assert "Traceback" not in moved.read_text() + log.read_text()


def test_a_record_that_the_other_user_may_not_open_is_told(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        leave_out("only root may become somebody else")
    run = twistd("-n", "--uid", str(NOBODY), "huddle", "--port", "0", folder=tmp_path)
    assert (run.returncode, run.stderr) == (1, f"huddle: {tmp_path}/huddle.db may not be opened\n")


@pytest.mark.parametrize("times", [2, 5])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_who_interrupts_again_and_again_changes_nothing(
    start: Start, enter: Enter, number: signal.Signals, times: int
) -> None:
    server = start()
    ana = enter(server, nick="ana")
    for _ in range(times - 1):
        server.process.send_signal(number)
    server.stop(number)
    ana.hears("-- The server is closing. Bye!")


BOTH = ("--web", "0", "--metrics", "0")
LINES = ("--listen", "tcp:0:interface=127.0.0.1") * 8


@pytest.mark.parametrize(
    ("files", "doors", "people"),
    [
        (34, (), 2),
        (42, LINES, 2),
        (64, (), 32),
        (128, (), 96),
        (36, BOTH[:2], 3),
        (64, BOTH, 8),
        (128, BOTH, 56),
    ],
)
def test_few_open_files_are_kept_for_the_record(
    tmp_path: Path, files: int, doors: Sequence[str], people: int
) -> None:
    """As many are let in as were promised, and are shown the past; the others are told."""
    limited = partial(Preloaded[str], files=files)
    with running(tmp_path, "--per-address", "0", *doors, start=limited) as said:
        [count] = re.findall(r"(-?\d+) may be connected at once", "".join(said))
        assert int(count) == people
        places = PLACE.findall("".join(said))
        with ExitStack() as open_ones:

            def connect(place: str = places[0]) -> socket.socket:
                host, _, port = place.rpartition(":")
                made = open_ones.enter_context(socket.create_connection((host, int(port))))
                made.settimeout(PATIENCE)
                return made

            def hears(made: socket.socket, expected: bytes) -> None:
                said = b""
                while expected not in said:
                    part = made.recv(10_000)
                    assert part, said
                    said += part

            here = [connect() for _ in range(int(count))]
            for each in here:
                hears(each, b"Welcome")
            hears(connect(), b"-- There are too many connections")
            storm = [connect(place) for place in places for _ in range(files)]
            here[0].sendall(b"ana\n")
            hears(here[0], b"your return word")
            here[1].sendall(b"bob\nhola\n")
            hears(here[0], b"<bob> hola")
            here[0].sendall(b"/history 5\n")
            hears(here[0], b"<bob> hola")
            assert len(storm) == files * len(places)


@pytest.mark.parametrize(
    ("files", "doors", "line"),
    [
        (33, (), "huddle: 33 files may be open at once, and 34 are needed at least: type"),
        (12, BOTH[:2], "huddle: 12 files may be open at once, and 35 are needed at least: type"),
        (
            40,
            (*BOTH, "--lang", "es"),
            "huddle: se pueden tener abiertos 40 archivos a la vez, y hacen falta al menos 55:",
        ),
    ],
)
def test_too_few_are_refused_before_there_is_anything(
    tmp_path: Path, files: int, doors: Sequence[str], line: str
) -> None:
    run = subprocess.run(
        [
            needs("prlimit"),
            f"--nofile={files}:{files}",
            *TWISTD,
            "-n",
            "huddle",
            "--port",
            "0",
            *doors,
        ],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert run.returncode == 1
    [said] = run.stderr.splitlines()
    assert said.startswith(line) and "ulimit -n 1024" in said and "LimitNOFILE=1024" in said
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("group", [(), ("--gid", "12345")])
def test_a_user_that_the_machine_does_not_know_is_told(
    tmp_path: Path, group: Sequence[str]
) -> None:
    run = twistd("-n", "--uid", "54321", *group, "huddle", "--port", "0", folder=tmp_path)
    line = "huddle: --uid 54321 will not do: this machine has no such user\n"
    assert (run.returncode, run.stderr) == (1, line)
