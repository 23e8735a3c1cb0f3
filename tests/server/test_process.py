"""What a server sets for its whole process."""

from __future__ import annotations

from huddle.server.process import raise_file_limit


def test_the_process_may_open_as_many_files_as_it_is_ever_allowed() -> None:
    assert raise_file_limit() == raise_file_limit() > 0
