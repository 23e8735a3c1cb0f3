"""A search that has to walk long lists of words is ended after so many steps of SQLite's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from huddle.record import SearchCut
from huddle.record.sqlite import tables
from tests.record.awaited_record import AwaitedRecord, sqlite_record


@pytest.fixture
def awaited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[AwaitedRecord]:
    """A record of 3,000 messages, in which looks come soon and are few."""
    monkeypatch.setattr(tables, "STEPS_A_LOOK", 20)
    monkeypatch.setattr(tables, "LOOKS", 200)
    awaited = sqlite_record(tmp_path)
    texts = [f"{'even' if number % 2 else 'odd'} {number} word" for number in range(3000)]
    awaited.say(*texts)
    yield awaited
    awaited.close()


def test_what_takes_too_long_is_ended_with_what_was_found_until_then(
    awaited: AwaitedRecord,
) -> None:
    with pytest.raises(SearchCut) as cut:
        awaited.search("word", limit=3000)
    seqs = [message.seq for message in cut.value.found]
    assert 0 < len(seqs) < 3000
    assert seqs == list(range(3001 - len(seqs), 3001))


def test_what_comes_after_it_is_searched_from_anew(awaited: AwaitedRecord) -> None:
    for _ in range(3):
        with pytest.raises(SearchCut):
            awaited.search("word", limit=3000)
        assert awaited.search("odd", limit=2) == ["odd 2996 word", "odd 2998 word"]
