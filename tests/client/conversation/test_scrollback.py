"""The lines of a window: a message that was put right stands where it stood."""

from __future__ import annotations

from huddle.client.conversation.scrollback import CHARACTERS, LINES, Scrollback
from huddle.client.rendering.message_line import MessageLine


def message(seq: int, text: str, room: str = "huddle") -> MessageLine:
    return MessageLine("18:02 <bob> ", text, (room, seq))


def fix(seq: int, edits: int, text: str, room: str = "huddle") -> MessageLine:
    return MessageLine(
        f"18:03 <bob> [instead of #{edits}] ", text, (room, seq), edits, mark=" (fixed)"
    )


def kept(*lines: str) -> Scrollback:
    made = Scrollback()
    made.add(lines)
    return made


def all_of(lines: Scrollback) -> list[str]:
    return [str(lines.line(number)) for number in range(lines.first, lines.end)]


def test_it_takes_the_place_of_what_it_puts_right_again_and_again() -> None:
    lines = kept("-- bob joined", message(1, "helo"), message(2, "more"), fix(3, 1, "hello"))
    assert all_of(lines) == ["-- bob joined", "18:02 <bob> hello (fixed)", "18:02 <bob> more"]
    lines.add([message(4, ""), fix(5, 1, "hi"), fix(6, 4, "none")])
    assert all_of(lines)[1:] == [
        "18:02 <bob> hi (fixed)",
        "18:02 <bob> more",
        "18:02 <bob> none (fixed)",
    ]


def test_where_the_old_one_is_not_to_be_seen_it_stands_at_the_end() -> None:
    lines = kept(message(1, "one"), fix(3, 2, "two"), fix(4, 1, "else", room="ops"))
    assert all_of(lines)[1:] == [
        "18:03 <bob> [instead of #2] two",
        "18:03 <bob> [instead of #1] else",
    ]


def test_what_was_scrolled_out_is_not_put_right() -> None:
    lines = kept(message(1, "old"), *(message(seq, "x") for seq in range(2, LINES + 2)))
    lines.add([fix(LINES + 2, 2, "y")])
    assert lines.first == 1 and lines.line(1) == "18:02 <bob> y (fixed)"
    lines.add([fix(LINES + 3, 1, "new")])
    assert lines.line(lines.end - 1) == "18:03 <bob> [instead of #1] new"


def test_numbers_of_another_record_mean_other_messages() -> None:
    for forget in (Scrollback.forget_messages, Scrollback.clear):
        lines = kept(message(1, "old"))
        forget(lines)
        lines.add([fix(2, 1, "new")])
        assert all_of(lines)[-1] == "18:03 <bob> [instead of #1] new"


def test_what_it_grows_by_counts() -> None:
    lines = kept(*(message(seq, "x" * 4_000) for seq in range(1, CHARACTERS // 4_100)))
    assert lines.first == 0
    last = lines.end - 1
    lines.add([fix(9_000 + edits, edits, "y" * 8_000) for edits in range(2, 100)])
    assert lines.first > 0 and lines.end - 1 >= last
    assert sum(map(len, all_of(lines))) <= CHARACTERS
