"""What is told to those who send people to one server of several: the worst thing first."""

from __future__ import annotations

from http import HTTPStatus
from types import SimpleNamespace
from typing import cast

import pytest

from huddle.doors.connections import Connections
from huddle.doors.health import health_of


@pytest.mark.parametrize(
    ("closing", "standing", "records", "word"),
    [
        (False, None, True, "ok"),
        (False, "level", True, "ok"),
        (False, "waiting", True, "ok"),
        (False, None, False, "not recording"),
        (False, "isolated", False, "isolated"),
        (True, "isolated", False, "closing"),
    ],
)
def test_a_server_is(closing: bool, standing: str | None, records: bool, word: str) -> None:
    told = None if standing is None else lambda: standing
    connections = SimpleNamespace(closing=closing, standing=told, records=records)
    status = HTTPStatus.OK if word == "ok" else HTTPStatus.SERVICE_UNAVAILABLE
    assert health_of(cast(Connections, connections))() == (status, word)


def test_it_is_asked_anew_each_time() -> None:
    connections = SimpleNamespace(closing=False, standing=None, records=True)
    health = health_of(cast(Connections, connections))
    assert health()[1] == "ok"
    connections.closing = True
    assert health()[1] == "closing"
