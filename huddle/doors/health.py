"""Health: what is told to those who look after servers, and send people to one that is well."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from huddle.doors.connections import Connections

LEVEL = ("level", "waiting")
"""How a server stands with the others of its house that takes what is said."""

Health = Callable[[], tuple[HTTPStatus, str]]
"""How the server is, as a status of HTTP and in a word."""


def health_of(connections: Connections) -> Health:
    """Tells that new connections are welcome; or that the house closes, or records nothing, or, of
    one server of several, how it stands with the others where it is not level with them."""

    def health() -> tuple[HTTPStatus, str]:
        if connections.closing:
            return HTTPStatus.SERVICE_UNAVAILABLE, "closing"
        standing = "level" if connections.standing is None else connections.standing()
        if standing not in LEVEL:
            return HTTPStatus.SERVICE_UNAVAILABLE, standing
        if not connections.records:
            return HTTPStatus.SERVICE_UNAVAILABLE, "not recording"
        return HTTPStatus.OK, "ok"

    return health
