"""huddle-account: the accounts of a record, from the shell."""

from __future__ import annotations

import io
import re
import shlex
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from typing_extensions import override

from huddle.people.operator_code import OperatorCode
from huddle.record import AccountRow, Extent, Mark, MarkKind, SessionRow
from huddle.server.clocks import now_ms
from huddle.server.invitation.code_file import CodeFile
from huddle.server.passwords import NoMemory, verify
from huddle.tools import account
from huddle.tools.account import main
from tests.real.preloaded import ROOT
from tests.record.awaited_record import AwaitedRecord, draft, sqlite_record

PASSWORD = "correct horse ñ"
Type = Callable[..., None]


class Terminal(io.StringIO):
    @override
    def isatty(self) -> bool:
        return True


@pytest.fixture
def types(monkeypatch: pytest.MonkeyPatch) -> Type:
    """What comes from a pipe."""

    def types(*lines: str) -> None:
        monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))

    return types


@pytest.fixture(autouse=True)
def in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.delenv("LANGUAGE", raising=False)


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "huddle.db")


@pytest.fixture
def ana(
    path: str, types: Type, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """She has an account, whose password costs next to nothing to hash."""
    types(PASSWORD)
    with monkeypatch.context() as cheaply:
        cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        cheaply.setattr("huddle.server.passwords._hasher", lambda: cheap)
        assert main([path, "add", "ana"]) == 0
    capsys.readouterr()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Callable[[], AwaitedRecord]]:
    """Starts a server's record, which is closed again in the end."""
    opened: list[AwaitedRecord] = []

    def start() -> AwaitedRecord:
        opened.append(sqlite_record(tmp_path))
        return opened[-1]

    yield start
    for awaited in opened:
        awaited.close()


def test_an_account_that_was_added_is_known_to_the_next_server(
    path: str, types: Type, served: Callable[[], AwaitedRecord], capsys: pytest.CaptureFixture[str]
) -> None:
    types(PASSWORD)
    assert main([path, "add", "Ána"]) == 0
    assert capsys.readouterr().out == "Ána is registered.\n"
    awaited = served()
    [row] = awaited.record.accounts()
    assert (row.number, row.nick, row.inbox, row.operator) == (1, "Ána", "@a1", False)
    assert row.hash is not None and verify(row.hash, PASSWORD)
    [act] = awaited.answer(awaited.record.audit(9))
    assert (act.act, act.by, act.target) == ("register", "(huddle-account)", "Ána")


@pytest.mark.parametrize("what", ["add bob", "password ana", "operator ana", "remove ana"])
def test_of_a_nodes_record_nothing_is_changed_here(
    ana: None, path: str, types: Type, capsys: pytest.CaptureFixture[str], what: str
) -> None:
    """The other nodes would not know of it, and their house would be another."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE record SET position = 7")
    types(PASSWORD)
    assert main([path, *what.split()]) == 1
    assert capsys.readouterr().err == (
        f"huddle-account: {path} is the record of one of several nodes; an operator does it there\n"
    )
    assert main([path, "list"]) == 0
    assert capsys.readouterr().out == "ana\n"


def test_a_nodes_code_is_not_given_here(
    ana: None, path: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """It would be good on no node: each shows one that the others know."""
    Path(f"{path}.node").touch()
    assert main([path, "code"]) == 1
    assert capsys.readouterr().err == (
        f"huddle-account: {path} is the record of one of several nodes, which show one as they"
        " start\n"
    )


@pytest.mark.parametrize("other", ["ana", "ANA", "аna", "ａｎａ"])
def test_nobody_gets_a_nick_that_looks_like_one_that_is_registered(
    ana: None, path: str, types: Type, capsys: pytest.CaptureFixture[str], other: str
) -> None:
    types(PASSWORD)
    assert main([path, "add", other]) == 1
    assert capsys.readouterr().err == "huddle-account: There is an account ana already.\n"


def test_they_are_listed_with_those_who_are_operators(
    ana: None, path: str, types: Type, capsys: pytest.CaptureFixture[str]
) -> None:
    types(PASSWORD)
    assert main([path, "add", "Bob"]) == 0
    assert main([path, "operator", "ANA"]) == 0
    assert main([path, "list"]) == 0
    assert capsys.readouterr().out.splitlines()[-3:] == [
        "ana is an operator.",
        "ana, operator",
        "Bob",
    ]
    assert main([path, "operator", "ana", "--not"]) == 0
    assert main([path, "list"]) == 0
    assert capsys.readouterr().out.splitlines() == ["ana is no operator.", "ana", "Bob"]


def test_where_there_are_none_that_is_said(
    path: str, served: Callable[[], AwaitedRecord], capsys: pytest.CaptureFixture[str]
) -> None:
    served().close()
    assert main([path, "list"]) == 0
    assert capsys.readouterr().out == "There are no accounts.\n"


def test_a_new_password_ends_the_old_one(
    ana: None, path: str, types: Type, served: Callable[[], AwaitedRecord]
) -> None:
    types("another, and longer\r")
    assert main([path, "password", "ana"]) == 0
    [row] = served().record.accounts()
    assert row.version == 2
    assert row.hash is not None and verify(row.hash, "another, and longer")


@pytest.mark.parametrize("password", ["", "short", "x" * 129])
def test_a_password_has_a_length(
    path: str, types: Type, capsys: pytest.CaptureFixture[str], password: str
) -> None:
    types(password)
    assert main([path, "add", "ana"]) == 1
    assert "8" in capsys.readouterr().err


def test_at_a_terminal_a_password_is_asked_for_twice(
    path: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", Terminal())
    typed = iter([PASSWORD, PASSWORD, PASSWORD, "another one"])
    monkeypatch.setattr(account, "getpass", lambda prompt: next(typed))
    assert main([path, "add", "ana"]) == 0
    assert main([path, "add", "bob"]) == 1
    assert capsys.readouterr().err == "huddle-account: These are two different passwords.\n"


def test_where_there_is_no_memory_that_is_said(
    path: str, types: Type, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def starved(password: str) -> str:
        raise NoMemory(password)

    monkeypatch.setattr(account, "hash_password", starved)
    types(PASSWORD)
    assert main([path, "add", "ana"]) == 1
    told = capsys.readouterr().err
    assert "memory" in told and PASSWORD not in told


def test_with_an_account_goes_all_that_was_its_own(
    ana: None, path: str, types: Type, served: Callable[[], AwaitedRecord], tmp_path: Path
) -> None:
    awaited = served()
    [row] = awaited.record.accounts()
    mark = Mark("ops", MarkKind.HOST, "account:1")
    theirs = SessionRow(3, "ana", key=b"k", word=b"w", account=1, version=1)
    others = SessionRow(4, "bob", key=b"o")
    other_mark = replace(mark, who="account:11")
    awaited.answer(awaited.record.save(mark, other_mark, theirs, others))
    awaited.append(*(draft(f"psst {number}", room="@a1") for number in range(600)))
    awaited.say("to all")
    assert awaited.search("all") == ["to all"]
    awaited.close()
    assert main([path, "remove", "ana"]) == 0
    awaited = served()
    assert awaited.record.accounts() == []
    assert awaited.record.marks() == [other_mark]
    assert awaited.record.extent("@a1") == Extent()
    assert set(awaited.record.rooms()) == {"huddle"}
    assert awaited.answer(awaited.record.session_by_key(b"k")) is None
    assert awaited.answer(awaited.record.session_by_word(b"w")) is None
    assert list(awaited.record.sessions_here()) == [others]
    assert awaited.record.last_account == row.number
    awaited.close()
    types(PASSWORD)
    assert main([path, "add", "ana"]) == 0
    with closing(sqlite3.connect(path)) as record:
        assert record.execute("SELECT number, inbox FROM accounts").fetchall() == [(2, "@a2")]


def test_an_account_without_private_messages_is_removed_as_well(
    ana: None, path: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([path, "remove", "ana"]) == 0
    assert main([path, "remove", "ana"]) == 1
    assert capsys.readouterr().err == "huddle-account: There is no account ana.\n"


def test_while_a_server_runs_nothing_is_done(
    ana: None,
    path: str,
    types: Type,
    served: Callable[[], AwaitedRecord],
    capsys: pytest.CaptureFixture[str],
) -> None:
    awaited = served()
    types(PASSWORD)
    for words in (["add", "bob"], ["list"], ["remove", "ana"]):
        assert main([path, *words]) == 1
        assert capsys.readouterr().err.startswith(f"huddle-account: a server uses {path}; ")
    assert isinstance(awaited.record.accounts()[0], AccountRow)


def test_what_a_disk_refuses_leaves_all_as_it_was(
    ana: None, path: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(sqlite3.connect(path)) as record:
        record.execute(
            "CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT raise(ABORT, 'full'); END"
        )
    assert main([path, "operator", "ana"]) == 1
    told = capsys.readouterr().err
    assert told.count("\n") == 1 and "full" in told
    assert main([path, "list"]) == 0
    assert capsys.readouterr().out == "ana\n"


REFUSED = [
    (1, ["{path}", "list"], "there is no file {path}"),
    (1, ["{path}", "password", "ana"], "there is no file {path}"),
    (1, ["{path}", "add", "a b"], "A nick has letters"),
    (2, ["{path}"], "what is to be done? See --help"),
    (2, ["{path}", "promote", "ana"], "there is no promote here; see --help"),
    (2, ["{path}", "add"], "add is typed otherwise; see --help"),
    (2, ["{path}", "list", "--not"], "list is typed otherwise; see --help"),
    (2, ["{path}", "list", "--all"], "There is no option --all."),
    (2, ["{path}", "list", "-o"], "There is no option -o."),
    (2, ["{path}", "list", "--lang", "fr"], "The languages are en, es."),
]


@pytest.mark.parametrize(("status", "words", "reason"), REFUSED)
def test_what_cannot_be_is_told_in_one_line(
    path: str,
    capsys: pytest.CaptureFixture[str],
    status: int,
    words: list[str],
    reason: str,
) -> None:
    assert main([word.format(path=path) for word in words]) == status
    told = capsys.readouterr()
    assert told.out == "" and told.err.count("\n") == 1
    assert told.err.startswith(f"huddle-account: {reason.format(path=path)}")


def test_it_tells_how_it_is_used(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    assert "huddle-account DATABASE add NICK" in capsys.readouterr().out
    assert main([]) == 2
    assert "huddle-account DATABASE add NICK" in capsys.readouterr().err


def test_the_commands_of_the_document_do_what_it_says(
    path: str, types: Type, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    document = (ROOT / "docs" / "running.md").read_text("utf-8")
    commands = re.findall(r"^huddle-account (huddle\.db [^#\n]*)", document, re.MULTILINE)
    monkeypatch.chdir(Path(path).parent)
    for command in commands:
        types(PASSWORD)
        assert main(shlex.split(command)) == 0, capsys.readouterr().err
    assert len(commands) == 5


# The operators' code


def test_a_code_is_given_whether_a_server_runs_or_not(
    path: str,
    ana: None,
    served: Callable[[], AwaitedRecord],
    capsys: pytest.CaptureFixture[str],
) -> None:
    for start in (None, served):
        if start is not None:
            start()
        assert main([path, "code"]) == 0
        heading, line = capsys.readouterr().out.splitlines()
        assert heading.startswith("Who is in charge here types this in the chat")
        code = line.strip().removeprefix("/operator ")
        key = Path(f"{path}.key").read_bytes()
        assert OperatorCode(CodeFile(path), b"k" * 32, now_ms).take(code) is None
        assert OperatorCode(CodeFile(path), key, now_ms).take(code) is not None


def test_there_is_no_code_for_what_is_no_record(
    path: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main([path, "code"]) == 1
    assert capsys.readouterr().err == f"huddle-account: there is no file {path}\n"
    Path(path).write_text("a letter to grandmother")
    assert main([path, "code"]) == 1
    assert capsys.readouterr().err == f"huddle-account: {path} is not a Huddle database\n"
    assert [each.name for each in tmp_path.iterdir()] == ["huddle.db"]


def test_a_code_that_cannot_be_kept_is_not_told(
    path: str, ana: None, capsys: pytest.CaptureFixture[str]
) -> None:
    Path(f"{path}.code").mkdir()
    assert main([path, "code"]) == 1
    told = capsys.readouterr()
    assert not told.out and told.err.startswith(f"huddle-account: {path}.code")
