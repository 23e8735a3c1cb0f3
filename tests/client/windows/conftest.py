"""A server for the windows of a module, and windows that are closed after each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.client.windows.neighbour import Neighbour
from tests.client.windows.window import Window
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
def bob(server: Server) -> Iterator[Neighbour]:
    bob = Neighbour(server, "bob")
    yield bob
    bob.close()


@pytest.fixture
def window(tmp_path: Path) -> Iterator[OpenWindow]:
    """Opens windows; all of one test have the same home."""
    opened: list[Window] = []

    def open_window(*arguments: str, **options: object) -> Window:
        opened.append(Window(tmp_path, *arguments, **options))  # type: ignore[arg-type]
        return opened[-1]

    yield open_window
    for each in opened:
        each.close()


@pytest.fixture
def ana(server: Server, window: OpenWindow) -> Window:
    """Ana's window, in the room; what was said in other tests is not shown."""
    ana = window("--port", str(server.port), "--nick", "ana", "--replay", "0")
    ana.shows("online")
    return ana
