"""Health: what is told to those who look after servers, and send people to one that is well."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from huddle.doors.connections import Connections

Health = Callable[[], tuple[HTTPStatus, str]]
"""How the server is, as a status of HTTP and in a word."""


def health_of(connections: Connections) -> Health:
    """Tells that new connections are welcome; or that the house closes, or records nothing."""

    def health() -> tuple[HTTPStatus, str]:
        if connections.closing:
            return HTTPStatus.SERVICE_UNAVAILABLE, "closing"
        if not connections.records:
            return HTTPStatus.SERVICE_UNAVAILABLE, "not recording"
        return HTTPStatus.OK, "ok"

    return health
