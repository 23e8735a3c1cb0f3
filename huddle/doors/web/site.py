"""The site: what is answered to a request that asks for no WebSocket.

There are the files of the page, and `/health` for what looks after servers. Every answer has the
headers that keep a browser from doing more with it than the page needs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from websockets.datastructures import Headers
from websockets.http11 import Request, Response

from huddle.doors.health import Health
from huddle.doors.web.names import Names
from huddle.locale import Wording

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
    )
)
"""Nothing from elsewhere is loaded, nothing inline runs, and no text becomes HTML."""

ALWAYS = (
    ("Content-Security-Policy", POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
)

TEXT = "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True)
class File:
    """A file as it is served. ``tag`` changes with what is in it."""

    type: str
    body: bytes
    tag: str
    packed: bytes = b""
    """The body by gzip, if there is that."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: its head, and the body behind it. ``keeps``: another request may follow."""

    head: bytes
    body: bytes
    keeps: bool


class Site:
    """Answers requests. ``files`` are by their paths, ``/`` among them."""

    def __init__(
        self, files: Mapping[str, File], names: Names, health: Health, wording: Wording
    ) -> None:
        self._files = files
        self._names = names
        self._health = health
        self._wording = wording

    def lets_in(self, request: Request) -> bool:
        """Whether the request came by a name of ours and from a page of ours (`Names`)."""
        return self._names.is_ours(request.headers)

    def reply(self, request: Request) -> Reply:
        """The answer to a request that is well formed."""
        path = request.path.partition("?")[0]
        if request.method not in ("GET", "HEAD"):
            allow = (("Allow", "GET, HEAD"),)
            return refusal(HTTPStatus.METHOD_NOT_ALLOWED, "", allow)
        if path == "/health":
            status, word = self._health()
            return _reply(request, status, f"{word}\n".encode(), [("Content-Type", TEXT)])
        if not self.lets_in(request):
            return self.foreign()
        file = self._files.get(path)
        if file is None:
            return _reply(request, HTTPStatus.NOT_FOUND, b"404\n", [("Content-Type", TEXT)])
        headers = [("ETag", file.tag), ("Cache-Control", "no-cache"), ("Vary", "Accept-Encoding")]
        if file.tag in request.headers.get_all("If-None-Match"):
            return _reply(request, HTTPStatus.NOT_MODIFIED, None, headers)
        headers.append(("Content-Type", file.type))
        if file.packed and "gzip" in ",".join(request.headers.get_all("Accept-Encoding")):
            headers.append(("Content-Encoding", "gzip"))
            return _reply(request, HTTPStatus.OK, file.packed, headers)
        return _reply(request, HTTPStatus.OK, file.body, headers)

    def foreign(self) -> Reply:
        """What is said to those who come by another name, or from another page."""
        _ = self._wording.gettext
        reason = _(
            "This is Huddle, and it does not go by that name. Use the address of the machine, "
            "or start the server with --web-host NAME."
        )
        return refusal(HTTPStatus.FORBIDDEN, reason)


def refusal(status: HTTPStatus, reason: str, headers: tuple[tuple[str, str], ...] = ()) -> Reply:
    """An answer that ends the connection; without a reason it says what the status is called."""
    body = f"{reason or status.phrase}\n".encode()
    head = _head(status, [("Content-Type", TEXT), *headers, ("Connection", "close")], len(body))
    return Reply(head, body, keeps=False)


def _reply(
    request: Request, status: HTTPStatus, body: bytes | None, headers: list[tuple[str, str]]
) -> Reply:
    wishes = ",".join(request.headers.get_all("Connection")).lower()
    keeps = request.protocol == "HTTP/1.1" and "close" not in wishes
    if not keeps:
        headers = [*headers, ("Connection", "close")]
    head = _head(status, headers, None if body is None else len(body))
    shown = b"" if body is None or request.method == "HEAD" else body
    return Reply(head, shown, keeps)


def _head(status: HTTPStatus, headers: list[tuple[str, str]], length: int | None) -> bytes:
    if length is not None:
        headers = [*headers, ("Content-Length", str(length))]
    return Response(status.value, status.phrase, Headers([*headers, *ALWAYS])).serialize()
