"""``--auth``: which checker is meant, what is wrong with it, and that no password is told."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from twisted.cred.checkers import AllowAnonymousAccess, FilePasswordDB
from twisted.cred.checkers import InMemoryUsernamePasswordDatabaseDontUse as InMemory

from huddle.locale import LANGUAGES, translator
from huddle.server.options_auth import (
    WrongAuth,
    check_kind,
    check_nicks_known,
    checker_of,
    shown,
)

ENGLISH = translator("en")


def wrong(description: str, language: str = "en") -> str:
    with pytest.raises(WrongAuth) as refused:
        checker_of(description, translator(language))
    return str(refused.value)


@pytest.mark.parametrize(
    ("description", "told"),
    [
        ("file:/etc/passwd", "file:/etc/passwd"),
        ("file", "file"),
        ("memory:ana:s3cret", "memory"),
        ("ana:s3cret", "ana"),
        ("s3cret", "s3cret"),  # without a colon nothing tells it from a kind
        ("", ""),
        (":s3cret", ""),
    ],
)
def test_of_a_description_only_a_path_is_told(description: str, told: str) -> None:
    assert shown(description) == told


def test_a_file_is_read_when_it_is_asked_wherever_the_server_has_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "passwd").write_text("ana:s3cret\n")
    monkeypatch.chdir(tmp_path)
    checker = checker_of("file:passwd", ENGLISH)
    assert isinstance(checker, FilePasswordDB)
    assert checker.filename == str(tmp_path / "passwd")


def test_people_in_the_description_itself_are_known_too() -> None:
    assert isinstance(checker_of("memory:ana:s3cret:bob:s3cret2", ENGLISH), InMemory)


@pytest.mark.parametrize(
    ("description", "reason"),
    [
        ("", "there is no such check of passwords; see --help-auth"),
        ("passwd", "there is no such check of passwords; see --help-auth"),
        ("FILE:passwd", "there is no such check of passwords; see --help-auth"),
        ("file:", "there is no such file"),
        ("file:nowhere", "there is no such file"),
        ("file:/", "it is a folder"),
    ],
)
def test_what_will_not_do_says_why(description: str, reason: str) -> None:
    assert wrong(description) == reason
    assert wrong(description, "es") not in ("", reason)


def test_what_would_never_end_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for endless in (tmp_path / "pipe", "/dev/zero"):
        assert wrong(f"file:{endless}")


def test_no_reason_has_a_password_in_it() -> None:
    for description in ("memory:ana:s3cret:bob", "memory:s3cret", "s3cret:s3cret"):
        for language in LANGUAGES:
            assert "s3cret" not in wrong(description, language)


def test_a_kind_may_be_asked_for_alone() -> None:
    check_kind("file", ENGLISH)
    with pytest.raises(WrongAuth):
        check_kind("file:passwd", ENGLISH)


def test_where_guests_may_come_the_nicks_must_be_known(tmp_path: Path) -> None:
    check_nicks_known(InMemory(ana=b"s3cret"), members_only=False, wording=ENGLISH)
    with pytest.raises(WrongAuth, match="add --members-only"):
        check_nicks_known(AllowAnonymousAccess(), members_only=False, wording=ENGLISH)
    check_nicks_known(AllowAnonymousAccess(), members_only=True, wording=ENGLISH)
    gone = FilePasswordDB(str(tmp_path / "gone"))
    for members_only in (False, True):
        with pytest.raises(WrongAuth, match="there is no such file"):
            check_nicks_known(gone, members_only, ENGLISH)
