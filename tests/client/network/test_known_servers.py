"""Certificates that were once taken at their word stand in a file that a person can read."""

from __future__ import annotations

from pathlib import Path

import pytest

from huddle.client.network.known_servers import NAME, KnownServers, place_of
from huddle.client.session.events import Known
from huddle.protocol.fingerprint import fingerprint_of

ONE, OTHER = fingerprint_of(b"one"), fingerprint_of(b"other")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "huddle" / NAME


@pytest.fixture
def known(file: Path) -> KnownServers:
    return KnownServers(file.parent)


def test_nothing_is_known_at_first(known: KnownServers) -> None:
    assert known.of("chat.lan:55123") == []


def test_what_was_taken_is_known_by_the_next_run_too(known: KnownServers, file: Path) -> None:
    known.add("chat.lan:55123", ONE)
    known.add("chat.lan:55124", OTHER)
    assert KnownServers(file.parent).of("chat.lan:55124") == [Known(OTHER, str(file), 2)]
    assert known.of("chat.lan:55123") == [Known(ONE, str(file), 1)]
    assert known.of("other.lan:55123") == []


def test_the_file_is_for_its_owner_alone(known: KnownServers, file: Path) -> None:
    known.add("chat.lan:55123", ONE)
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700


def test_a_place_may_have_several(known: KnownServers) -> None:
    known.add("chat.lan:55123", ONE)
    known.add("chat.lan:55123", OTHER)
    assert [each.fingerprint for each in known.of("chat.lan:55123")] == [ONE, OTHER]


def test_a_line_is_taken_out_of_use_by_hand(known: KnownServers, file: Path) -> None:
    known.add("chat.lan:55123", ONE)
    file.write_text(f"# {file.read_text()}nonsense\n\nchat.lan:55123\nchat.lan:55123 {OTHER}")
    assert known.of("chat.lan:55123") == [Known(OTHER, str(file), 5)]


def test_a_last_line_without_its_end_stays_a_line(known: KnownServers, file: Path) -> None:
    known.add("chat.lan:55123", ONE)
    file.write_text(file.read_text().rstrip())
    known.add("other.lan:55123", OTHER)
    assert [each.fingerprint for each in known.of("chat.lan:55123")] == [ONE]
    assert [each.fingerprint for each in known.of("other.lan:55123")] == [OTHER]


def test_a_file_that_cannot_be_read_is_no_empty_one(known: KnownServers, file: Path) -> None:
    file.mkdir(parents=True)
    with pytest.raises(OSError, match="known_servers"):
        known.of("chat.lan:55123")


@pytest.mark.parametrize(
    ("host", "place"),
    [("Chat.LAN", "chat.lan:1"), ("10.0.0.1", "10.0.0.1:1"), ("FD00::2", "[fd00::2]:1")],
)
def test_a_place_is_written_in_one_way(host: str, place: str) -> None:
    assert place_of(host, 1) == place
