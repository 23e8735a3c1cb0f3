"""A server for the windows of a module, and windows that are closed after each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.client.terminal.window import Window
from tests.real.server import Server

OpenWindow = Callable[..., Window]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("server"), "--flood-rate", "0", "--history", "none")
    yield server
    server.end()
    assert server.process.stdout is not None
    server.process.stdout.close()


@pytest.fixture
def window(tmp_path: Path) -> Iterator[OpenWindow]:
    """Opens windows; nicks and folders are per test unless said otherwise."""
    opened: list[Window] = []

    def open_window(*arguments: str, **options: object) -> Window:
        opened.append(Window(tmp_path, *arguments, **options))  # type: ignore[arg-type]
        return opened[-1]

    yield open_window
    for each in opened:
        each.close()
