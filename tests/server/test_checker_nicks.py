"""Which nicks another's checker knows, and by which names it is asked for them."""

from __future__ import annotations

from pathlib import Path

import pytest
from twisted.cred.checkers import (
    AllowAnonymousAccess,
    FilePasswordDB,
    ICredentialsChecker,
    InMemoryUsernamePasswordDatabaseDontUse,
)
from twisted.cred.strcred import makeChecker
from twisted.plugins.cred_unix import UNIXChecker

from huddle.server.checker_nicks import nicks_known_to


def listed_nicks(checker: ICredentialsChecker) -> list[str] | None:
    """The nicks that the checker knows now; None: it cannot be asked."""
    known = nicks_known_to(checker)
    return list(known.nicks) if known.listed else None


@pytest.fixture
def passwd(tmp_path: Path) -> Path:
    """A file of names and passwords."""
    return tmp_path / "passwd"


def test_of_a_file_they_are_those_of_its_lines(passwd: Path) -> None:
    passwd.write_text("ana:secret\n\n# whoever else there is:\nBob:it:has:colons\nnobody\n")
    assert listed_nicks(FilePasswordDB(str(passwd))) == ["ana", "Bob"]


def test_a_file_is_read_by_its_own_rules(passwd: Path) -> None:
    passwd.write_text("1;secret;ana\n2;secret;BOB\n3;secret\n")
    checker = FilePasswordDB(
        str(passwd), delim=b";", usernameField=2, passwordField=1, caseSensitive=False
    )
    assert listed_nicks(checker) == ["ana", "BOB"]


def test_a_name_is_read_in_the_encoding_it_has_and_asked_for_as_it_stands_there(
    passwd: Path,
) -> None:
    passwd.write_bytes(
        b"\xef\xbb\xbfana:x\r\n" + "Toño:x\nＡＢ:x\n".encode() + "Iñaki:x\n".encode("latin-1")
    )
    known = nicks_known_to(FilePasswordDB(str(passwd)))
    assert known.nicks == ["ana", "Toño", "AB", "Iñaki"]
    assert known.name_of("ANA") == b"\xef\xbb\xbfana"
    assert known.name_of("toño") == "Toño".encode()
    assert known.name_of("Iñaki") == b"I\xf1aki"
    assert known.name_of("ab") == "ＡＢ".encode()
    assert known.name_of("bob") is None


def test_a_name_that_is_no_nick_is_left_out(passwd: Path) -> None:
    passwd.write_text("_apt:x\nana maria:x\n:x\n\x1b[2J:x\nana:x\n")
    known = nicks_known_to(FilePasswordDB(str(passwd)))
    assert known.nicks == ["ana"]
    assert known.left_out == ["_apt", "ana maria", "", "�[2J"]


def test_the_same_nick_a_second_time_is_left_out(passwd: Path) -> None:
    passwd.write_text("ana:first\nANA:second\nаna:in Cyrillic\n")
    known = nicks_known_to(FilePasswordDB(str(passwd)))
    assert known.nicks == ["ana"]
    assert known.left_out == ["ANA", "аna"]
    assert known.name_of("ANA") == b"ana"


def test_of_a_memory_they_are_those_it_was_given() -> None:
    assert listed_nicks(makeChecker("memory:ana:x:bob:y")) == ["ana", "bob"]
    assert listed_nicks(InMemoryUsernamePasswordDatabaseDontUse(ana=b"x")) == ["ana"]


def test_of_the_system_they_are_its_users() -> None:
    assert "root" in (listed_nicks(UNIXChecker()) or ())


def test_of_any_other_nothing_is_known_and_it_is_asked_for_whatever_is_typed() -> None:
    checker = AllowAnonymousAccess()
    assert listed_nicks(checker) is None
    assert nicks_known_to(checker).name_of("Toño") == "Toño".encode()


def test_a_file_that_cannot_be_read_is_an_error(passwd: Path) -> None:
    with pytest.raises(FileNotFoundError):
        listed_nicks(FilePasswordDB(str(passwd)))
