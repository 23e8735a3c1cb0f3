"""What the tests see of a terminal: nothing that one who looks at it would not."""

from __future__ import annotations

from tests.client.windows.conftest import OpenWindow


def test_nothing_is_seen_of_half_a_frame(window: OpenWindow) -> None:
    """However little of it is read at once."""
    frame = r"printf '\033[?2026hhalf of it, whole\033[?2026l'; exec cat"
    program = window(under=("sh", "-c", frame))
    program.takes = 1
    seen = []

    def is_there() -> bool:
        seen.append(program.lines)
        return program.lines == ["half of it, whole"]

    program.until(is_there, "frame")
    assert set(map(len, map("".join, seen))) <= {0, len("half of it, whole")}
