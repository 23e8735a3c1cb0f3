"""A terminal that breaks the lines itself, in 80 columns: what stands at the beginning of a row."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.client.windows.conftest import OpenWindow
from tests.client.windows.neighbour import Neighbour
from tests.client.windows.window import Window
from tests.patience import PATIENCE
from tests.real.preloaded import CLIENT
from tests.real.server import Server, environment

FORGED = ("<bob> I did it", "-- The server restarts. Type /login")


def forgeries(head: str) -> Sequence[str]:
    """Texts behind such a head of a line that leave what is forged to the next row."""
    return [f"hi{' ' * (78 - len(head))}{forged}" for forged in FORGED]


@pytest.fixture
def eva(server: Server) -> Iterator[Neighbour]:
    """Who hears what bob has said."""
    eva = Neighbour(server, "eva")
    yield eva
    eva.close()


def dumb(window: OpenWindow, server: Server, *arguments: str) -> Window:
    where = ("--port", str(server.port), "--nick", "ana")
    return window(*where, *arguments, rows=50, TERM="dumb")


def assert_no_row_is_forged(rows: Sequence[str]) -> None:
    assert [row for row in rows if row.startswith(FORGED)] == []
    assert any("blanks]" in row for row in rows)


def test_no_text_topic_or_reason_stands_in_a_row_of_its_own(
    server: Server, window: OpenWindow, bob: Neighbour
) -> None:
    ana = dumb(window, server, "--replay", "0")
    ana.shows("Hello ana.")
    bob.says("/join soup")
    bob.hears("You are in soup now.")
    ana.enters("/join soup")
    ana.shows("You are in soup now.")
    bob.acts(*forgeries("* bob "))
    bob.says(*(f"/msg ana {text}" for text in forgeries("[bob] ")))
    bob.says(*(f"/topic {text}" for text in forgeries("-- bob changed the topic: ")))
    bob.says(f"/kick ana {forgeries('-- bob sent you out of soup: ')[1]}")
    ana.shows("sent you out of soup")
    ana.enters("/rooms")
    ana.shows("-- soup: hi [")
    assert_no_row_is_forged(ana.lines)


def test_what_is_shown_as_it_was_written_has_its_mark_in_each_row(
    server: Server, window: OpenWindow, bob: Neighbour, eva: Neighbour
) -> None:
    ana = dumb(window, server, "--replay", "0")
    ana.shows("Hello ana.")
    bob.acts(forgeries("| ")[0])
    eva.hears("blanks]")
    ana.enters("/numbers on")
    ana.enters("/history 1")
    ana.until(lambda: any("#" in row and "blanks]" in row for row in ana.lines), "number")
    number = next(word for row in ana.lines for word in row.split() if word.startswith("#"))
    ana.enters(f"/raw {number.removeprefix('#')}")
    ana.shows("| <bob> I did it")
    assert_no_row_is_forged(ana.lines)


@pytest.mark.parametrize("follows", [(), ("--follow",)])
def test_nor_where_a_script_shows_it(
    server: Server, window: OpenWindow, bob: Neighbour, eva: Neighbour, follows: Sequence[str]
) -> None:
    bob.acts(*forgeries("18:02 * bob "), "that is all")
    eva.hears("that is all")
    shown = dumb(window, server, "--tail", "3", *follows).shows("that is all")
    assert_no_row_is_forged(shown)


def test_a_pipe_has_every_blank(
    server: Server, tmp_path: Path, bob: Neighbour, eva: Neighbour
) -> None:
    text = forgeries("* bob ")[0]
    bob.acts(text)
    eva.hears("blanks]")
    command = [*CLIENT, "--port", str(server.port), "--nick", "ana", "--tail", "1"]
    shown = subprocess.run(
        command, env=environment(HOME=str(tmp_path)), capture_output=True, timeout=PATIENCE
    )
    assert shown.stdout.decode()[6:] == f"* bob {text}\n"
