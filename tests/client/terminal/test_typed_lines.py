"""What was typed is there in the next run."""

from __future__ import annotations

from pathlib import Path

from huddle.client.terminal.typed_lines import KEPT, NAME, TypedLines


def test_lines_are_there_again(tmp_path: Path) -> None:
    first = TypedLines(tmp_path / "state")
    for line in ("hola", "¿qué tal?", "¿qué tal?", " ", "/who"):
        first.add(line)
    assert TypedLines(tmp_path / "state").lines == ["hola", "¿qué tal?", "/who"]


def test_nobody_else_can_read_them(tmp_path: Path) -> None:
    TypedLines(tmp_path).add("hola")
    assert (tmp_path / NAME).stat().st_mode & 0o077 == 0


def test_a_key_or_a_password_is_not_kept(tmp_path: Path) -> None:
    lines = TypedLines(tmp_path)
    for line in ("/join ops secret", "/login ana secret", " /register secret", "/key secret"):
        lines.add(line)
    lines.add("/join ops")
    assert TypedLines(tmp_path).lines == ["/join ops"]


def test_the_file_does_not_grow_for_ever(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text("".join(f"{n}\n" for n in range(2 * KEPT + 1)))
    lines = TypedLines(tmp_path).lines
    assert lines == [str(n) for n in range(KEPT + 1, 2 * KEPT + 1)]
    assert (tmp_path / NAME).read_text().splitlines() == lines


def test_a_line_that_is_being_written_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text("whole\nhal")
    assert TypedLines(tmp_path).lines == ["whole"]


def test_a_folder_that_cannot_be_written_to_keeps_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    lines = TypedLines(tmp_path / "file")
    lines.add("hola")
    assert lines.lines == ["hola"]
    assert TypedLines(tmp_path / "file").lines == []
