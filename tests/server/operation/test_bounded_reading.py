"""Whatever an option names, and whatever is put there later: the server never waits for it."""

from __future__ import annotations

import errno
import os
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from twisted.cred.checkers import FilePasswordDB
from twisted.internet.testing import MemoryReactorClock

from huddle import tap
from huddle.locale import translator
from huddle.server.operation import bounded_reading
from huddle.server.operation.bounded_reading import MOST_BYTES, check_plain, files_of, read_given
from huddle.server.options import MOTD_BYTES, Options
from huddle.server.password_checkers import CredPasswords
from huddle.server.passwords import Hashing
from huddle.server.start_errors import Refusal
from tests.no_files import NO_FILES, circle, endless, folder, pipe
from tests.real.certificate import tls_door


def huge(path: Path) -> None:
    """A film; of which nothing is on the disk."""
    path.touch()
    os.truncate(path, 1 << 40)


def local_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))


def another_encoding(path: Path) -> None:
    path.write_bytes("motd = 'año'".encode("utf-16"))


def nothing(_: Path) -> None:
    pass


KINDS = (*NO_FILES, huge, local_socket, another_encoding, nothing)


class Machine(MemoryReactorClock):
    """A machine on which nothing is real."""


@pytest.fixture(autouse=True)
def short_of_patience(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(bounded_reading, "PIPE_SECONDS", 0.01)
    monkeypatch.setattr("twisted.internet.reactor", Machine())
    monkeypatch.setattr("huddle.tap.ReactorBase", Machine)
    monkeypatch.setattr("huddle.tap.tick_steadily", lambda reactor: None)
    interval = sys.getswitchinterval()
    yield
    sys.setswitchinterval(interval)


def motd(path: Path) -> list[str]:
    return ["--motd", str(path)]


def config(path: Path) -> list[str]:
    return ["--config", str(path)]


def passwords(path: Path) -> list[str]:
    return ["--auth", f"file:{path}"]


def key(path: Path) -> list[str]:
    whole = tls_door(path.parent)
    return ["--listen", whole.replace("key.pem", path.name)]


def certificate(path: Path) -> list[str]:
    whole = tls_door(path.parent)
    return ["--listen", whole.replace("cert.pem", path.name)]


def one_of_several(path: Path) -> list[str]:
    """One certificate of a folder; the other is good."""
    tls_door(path.parent)
    if os.path.lexists(path):
        path.rename(path.with_name("other.pem"))
    return ["--web", f"tls:{path.parent}:port=0"]


OPTIONS = (motd, config, passwords, key, certificate, one_of_several)

TAKEN: tuple[tuple[object, object], ...] = (
    (motd, endless),  # as far as it is read
    (motd, huge),
    (motd, another_encoding),
    (passwords, another_encoding),
    (one_of_several, nothing),
)


@pytest.mark.parametrize("put", KINDS)
@pytest.mark.parametrize("typed", OPTIONS)
def test_what_an_option_names_is_taken_or_refused_in_one_line_whatever_it_is(
    tmp_path: Path, typed: Callable[[Path], list[str]], put: Callable[[Path], None]
) -> None:
    put(tmp_path / "given")
    options = Options()
    arguments = ["--lang", "es", "--history", "none", *typed(tmp_path / "given")]
    try:
        options.parseOptions(arguments)
        tap.makeService(options)
    except Refusal as refusal:
        assert len(refusal.reason.splitlines()) == 1
        assert "Errno" not in refusal.reason and "Traceback" not in refusal.reason
    else:
        assert (typed, put) in TAKEN
        assert sum(map(len, options.motd)) <= MOTD_BYTES


def test_what_comes_through_a_pipe_is_read_when_it_has_come(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounded_reading, "PIPE_SECONDS", 60)
    pipe(tmp_path / "pipe")
    writing = threading.Thread(target=(tmp_path / "pipe").write_bytes, args=(b"x" * 300_000,))
    writing.start()
    assert read_given(str(tmp_path / "pipe")) == b"x" * 300_000
    writing.join()


@pytest.mark.parametrize(
    ("put", "number"),
    [
        (pipe, errno.ESPIPE),
        (endless, errno.ESPIPE),
        (local_socket, errno.ESPIPE),
        (folder, errno.EISDIR),
        (circle, errno.ELOOP),
        (huge, errno.EFBIG),
        (nothing, errno.ENOENT),
    ],
)
def test_what_others_read_is_looked_at_first(
    tmp_path: Path, put: Callable[[Path], None], number: int
) -> None:
    put(tmp_path / "given")
    with pytest.raises(OSError) as refused:
        check_plain(str(tmp_path / "given"))
    assert refused.value.errno == number


def test_a_pipe_of_the_shells_may_hold_a_key() -> None:
    reading, writing = os.pipe()
    try:
        check_plain(f"/dev/fd/{reading}")
    finally:
        os.close(reading)
        os.close(writing)


def test_a_file_is_read_up_to_the_most_and_no_further(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"x" * MOST_BYTES)
    assert len(read_given(str(file))) == MOST_BYTES
    with file.open("ab") as more:
        more.write(b"x")
    with pytest.raises(OSError) as refused:
        read_given(str(file))
    assert refused.value.errno == errno.EFBIG


def test_the_files_of_an_endpoint_are_those_that_are_there(tmp_path: Path) -> None:
    (tmp_path / "a:b").touch()
    (tmp_path / "c.pem").touch()
    (tmp_path / "d").touch()
    escaped = str(tmp_path / "a:b").replace(":", "\\:")
    assert list(files_of(f"ssl:443:privateKey={escaped}:certKey=nowhere")) == [
        str(tmp_path / "a:b")
    ]
    assert list(files_of(f"tls:{tmp_path}:port=443")) == [str(tmp_path / "c.pem")]


@pytest.mark.parametrize("put", NO_FILES)
def test_a_login_does_not_wait_for_what_was_put_in_the_place_of_the_passwords(
    tmp_path: Path, put: Callable[[Path], None]
) -> None:
    file = tmp_path / "passwords"
    checker = FilePasswordDB(str(file))
    machine: Any = Machine()
    hashing = Hashing(machine, 1)
    hashing.stop()
    file.write_text("ana:secret\n")
    passwords = CredPasswords(
        hashing, lambda nick: None, [checker], translator("en"), lambda nick, new: None
    )
    file.unlink()
    put(file)
    refused = passwords.prove("ana", "secret", "192.0.2.1")
    assert refused.called
    refused.addErrback(lambda failure: None)
