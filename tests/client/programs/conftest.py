"""The server and the neighbour of the terminal's tests."""

from __future__ import annotations

from tests.client.windows.conftest import bob, server

__all__ = ["bob", "server"]
