"""Accounts of a real server: argon2, the database, another checker's file, SIGHUP."""

from __future__ import annotations

import json
import signal
from collections.abc import Sequence
from pathlib import Path
from unicodedata import normalize

import pytest
from argon2 import PasswordHasher

from huddle.record import AccountRow
from huddle.record.sqlite.accounts import register
from huddle.server.passwords import is_outdated
from tests.patience import PATIENCE, until
from tests.real.conftest import Enter, Start

SECRET, OTHER = "contraseña-uno", "contraseña-dos"


def files(folder: Path) -> dict[str, bytes]:
    """All that the server has written there."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_a_registered_nick_is_its_owners_after_a_restart(
    start: Start, enter: Enter, tmp_path: Path
) -> None:
    """After a kill; after an end in good order, `tests/long/test_every_one.py` shows it."""
    is_its_owners(start, enter, tmp_path, signal.SIGKILL)


def is_its_owners(start: Start, enter: Enter, folder: Path, sign: signal.Signals) -> None:
    database = str(folder / "huddle.db")
    server = start("--history", database)
    ana, bob = enter(server, nick="ana"), enter(server, nick="bob")
    ana.says("/register corta", f"/register {SECRET}")
    ana.hears("-- A password has 8 to 128 characters.")
    ana.hears("-- The nick ana is registered")
    bob.says(f"/login ana {OTHER}", f" /login ana {OTHER}", f"/logn {OTHER}", "hola")
    ana.hears("<bob> hola")
    bob.hears("-- That is not the password.")
    bob.hears("-- That is not the password.")
    if sign is signal.SIGKILL:
        server.process.kill()
        server.process.wait()
    else:
        server.stop()
    again = start("--history", database)
    other = enter(again)
    composed = normalize("NFD", SECRET)  # as a Mac may type it
    other.says("Ana", f"/login {OTHER}", f"/login {composed}")
    other.hears("-- ana is registered.")
    other.hears("-- That is not the password.")
    other.hears("-- Hello ana.")
    other.says(f"/password {SECRET} {OTHER}", "/quit")
    other.hears("-- Done.")
    other.hears("-- Bye!")
    again.stop()
    for name, data in files(folder).items():
        assert SECRET.encode() not in data and OTHER.encode() not in data, name
    for log in (server.log, again.log):
        assert SECRET not in "".join(log) and OTHER not in "".join(log)
    told = "".join((*ana.heard, *bob.heard, *other.heard))
    assert SECRET not in told and OTHER not in told


def test_a_house_of_members_with_a_file_of_passwords(
    start: Start, enter: Enter, tmp_path: Path
) -> None:
    """The file is read again at SIGHUP: who is new in it comes in, and guests never have it."""
    passwords = tmp_path / "passwd"
    passwords.write_text(f"root:{SECRET}\n")
    server = start("--auth", f"file:{passwords}", "--op", "root", "--members-only")
    guest, root = enter(server), enter(server)
    guest.says("guest", "root", "", "carla")
    guest.hears("-- Only members come in here")
    guest.hears("-- root is registered.")
    guest.hears("-- Only members come in here")
    root.says(f"/login root {SECRET}", f"/register bob {OTHER}", "/audit")
    root.hears("-- Hello root.")
    root.hears("-- Done.")
    bob = enter(server)
    bob.says(f"/login bob {OTHER}")
    bob.hears("-- Hello bob.")
    passwords.write_text(f"root:{SECRET}\ncarla:{SECRET}\n")
    server.process.send_signal(signal.SIGHUP)
    program = enter(server)
    hello = {"type": "hello", "v": 1, "nick": "carla", "session": "x" * 32, "password": SECRET}

    def is_let_in() -> bool:
        program.says(json.dumps(hello))
        return '"welcome"' in program.hears('{"type":')

    until(is_let_in, "the signal never comes")
    root.hears("-- carla joined")
    guest.says("carla")
    guest.hears("-- carla is registered.")


def test_a_hash_of_an_older_way_is_made_anew_when_its_owner_comes(
    start: Start, enter: Enter, tmp_path: Path
) -> None:
    database = str(tmp_path / "huddle.db")
    weak = PasswordHasher(time_cost=1, memory_cost=1024).hash(SECRET)
    with register(database, "epoch") as accounts:
        accounts.save(AccountRow(1, "ana", weak, inbox="@a1"))
    server = start("--history", database)
    for _ in range(2):
        ana = enter(server)
        ana.says("ana", f"/login {SECRET}", "/quit")
        ana.hears("-- Hello ana.")
        ana.hears("-- Bye!")
    server.stop()
    with register(database, "epoch") as accounts:
        [row] = accounts.accounts()
    assert row.hash is not None and row.version == 1
    assert not is_outdated(row.hash)


@pytest.mark.parametrize("restart", [False, True])
def test_without_the_password_a_real_server_gives_the_nick_to_nobody(
    start: Start, enter: Enter, tmp_path: Path, restart: bool
) -> None:
    """By the prompt, `/nick`, a return word, a secret of before, and by what looks like it."""
    database = str(tmp_path / "huddle.db")
    server = start("--history", database)
    before = {"type": "hello", "v": 1, "nick": "ana", "session": "of before" * 4}
    guest = enter(server)
    guest.says(json.dumps(before), json.dumps({"type": "bye"}))
    guest.hears('{"type":"welcome"')
    guest.process.wait(PATIENCE)
    ana = enter(server)
    ana.says("ana")
    word = ana.hears("-- your return word: ").split()[-1]
    ana.says(f"/register {SECRET}")
    ana.hears("-- The nick ana is registered")
    if restart:
        server.process.kill()
        server.process.wait()
        server = start("--history", database)
    thief = enter(server)
    thief.says(f"/back {word}", "ana", "", "Аna", "", "ＡＮＡ", "")
    thief.says("thief", "/nick Ana", "/nick аna", "hola")
    thief.hears("-- That return word opens nothing")
    for _ in range(3):
        thief.hears("-- ana is registered.")
    thief.hears("-- Hello thief.")
    for _ in range(2):
        thief.hears("-- ana is registered.")
    program = enter(server)
    for more in ({}, {"resume": True}, {"session": None}, {"session": "another" * 5}):
        program.says(json.dumps({**before, **more}))
        program.hears('{"type":"error","code":"password-needed"')
    program.says(json.dumps({**before, "password": OTHER}))
    program.hears('{"type":"error","code":"wrong-password"')
    thief.says("/who")
    thief.hears("-- 2 here: ")


ODD = [
    "\ud800" * 8,
    "\0" * 8,
    "\U0001f468\u200d\U0001f469" * 4,
    "\u202e" * 8,
    " " * 8,
]
"""Lone surrogates, NULs, a joined emoji, what turns a line round, and blanks."""


def test_odd_passwords_are_taken_or_refused_and_harm_nobody(start: Start, enter: Enter) -> None:
    """The first of them; `tests/long/test_every_one.py` tries them all."""
    register_each(ODD[:2], start, enter)


def register_each(passwords: Sequence[str], start: Start, enter: Enter) -> None:
    server = start("--history", "none", "--flood-rate", "0")
    for number, password in enumerate(passwords):
        hello = {"type": "hello", "v": 1, "nick": f"bot{number}", "session": "x" * 32 + str(number)}
        program = enter(server)
        program.says(
            json.dumps(hello), json.dumps({"type": "register", "id": 1, "password": password})
        )
        program.hears('{"type":"welcome"')
        program.hears('{"type":"reply","id":1')
        other = enter(server)
        for word, code in ((f"{password}x", "wrong-password"), (password, "welcome")):
            other.says(json.dumps({**hello, "session": None, "password": word}))
            other.hears('{"type":')
            assert f'"{code}"' in other.heard[-1], (number, other.heard)
