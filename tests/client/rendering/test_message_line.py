"""A line that shows a message, put right by another one: its time, its number and its head stay."""

from __future__ import annotations

from datetime import UTC, datetime

from huddle.client.rendering import rows
from huddle.client.rendering.colours import Depth, Paint
from huddle.client.rendering.folding import MOST
from huddle.client.rendering.message_line import MessageLine
from huddle.client.rendering.terminal_lines import TerminalLines
from huddle.client.session.events import Acknowledged, Said
from huddle.client.session.state import Kind, Line
from huddle.locale import translator


def terminal(now: str = "2026-11-20T18:02:00+00:00") -> TerminalLines:
    made = TerminalLines(
        translator("en"), Paint(Depth.MANY), lambda: datetime.fromisoformat(now), UTC
    )
    made.room, made.nick = "huddle", "ana"
    return made


def said(text: str = "hola", **fields: object) -> Said:
    usual: dict[str, object] = {
        "room": "huddle",
        "seq": 1,
        "time": "2026-11-20T18:02:11.123Z",
        "nick": "bob",
        "kind": "say",
        "text": text,
    }
    return Said(**(usual | fields))  # type: ignore[arg-type]


def own(text: str, kind: Kind = Kind.SAY, place: str = "huddle") -> Acknowledged:
    return Acknowledged(1, Line(kind, place, text), 1)


def put_right(before: Said | Acknowledged, by: Said | Acknowledged, **options: str) -> str:
    """The line of the first one, put right by the other."""
    shown = terminal()
    shown.wording, shown.numbers = translator(options.get("language", "en")), True
    [line], [right] = shown.lines(before), shown.lines(by)
    assert isinstance(line, MessageLine) and isinstance(right, MessageLine)
    return rows.plain(line.put_right(right))


def test_what_is_put_right_keeps_its_time_its_number_and_its_head() -> None:
    later = "2026-11-20T18:40:00Z"
    right = said("hello", seq=9, edits=1, time=later)
    assert put_right(said("helo", re=3), right) == "18:02 #1 <bob> [re #3] hello (fixed)"
    assert put_right(said("helo", kind="me"), right) == "18:02 #1 * bob hello (fixed)"
    assert put_right(said("helo"), right, language="es") == "18:02 #1 <bob> hello (corregido)"
    fixed = Acknowledged(2, Line(Kind.SAY, "huddle", "hello", edits=1), 9)
    assert put_right(own("helo"), fixed) == "18:02 #1 <ana> hello (fixed)"


def test_a_line_of_a_block_is_put_right_behind_its_bar_unless_it_is_folded_away() -> None:
    shown = terminal()
    block = [line for n in range(1, 20) for line in shown.lines(said(f"{n}", seq=n, block=1))]
    assert [isinstance(line, MessageLine) for line in block] == [True] * MOST + [False]
    [right] = shown.lines(said("two", seq=30, edits=2))
    second = block[1]
    assert isinstance(second, MessageLine) and isinstance(right, MessageLine)
    assert rows.plain(second.put_right(right)) == "      │ two (fixed)"


def test_what_is_not_shown_any_more_is_put_right_at_the_end() -> None:
    [line] = terminal().lines(said("hello", seq=9, edits=1))
    assert rows.plain(line) == "18:02 <bob> [instead of #1] hello"
