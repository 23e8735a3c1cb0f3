"""The site: what is answered to a request that asks for no WebSocket.

There are the files of the page, and `/health` for what looks after servers. Every answer has the
headers that keep a browser from doing more with it than the page needs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus

from websockets.http11 import Request, Response

from huddle.doors.health import Health
from huddle.doors.web.host_names import Names
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

_ALWAYS = "".join(f"{name}: {value}\r\n" for name, value in ALWAYS)

READING = ("GET", "HEAD")

NOT_KEPT = ("Cache-Control", "no-store")
"""The header of an answer that may be another one the next time."""

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


class Unsent:
    """What has not been sent of an answer, as a file to be read; its body is shared by all."""

    __slots__ = ("_at", "_reply")

    def __init__(self, reply: Reply, at: int) -> None:
        self._reply = reply
        self._at = at

    def read(self, size: int) -> bytes:
        """The next bytes, at most so many; none at the end."""
        head, body = self._reply.head, self._reply.body
        start = self._at - len(head)
        piece = head[start:][:size] if start < 0 else body[start : start + size]
        self._at += len(piece)
        return piece


@dataclass(eq=False, repr=False)
class Site:
    """Answers requests. ``files`` are by their paths, ``/`` among them."""

    _files: Mapping[str, File]
    _names: Names
    _health: Health
    _wording: Wording

    def health(self, request: Request) -> Reply | None:
        """The answer to what looks after servers, which come by any name; None to all others."""
        if _path(request) != "/health":
            return None
        if request.method not in READING:
            return _wrong_method()
        status, word = self._health()
        return _reply(request, status, f"{word}\n".encode(), [("Content-Type", TEXT), NOT_KEPT])

    def foreign(self, request: Request) -> Reply | None:
        """What is said to those who come by another name, or from another page (`Names`)."""
        if self._names.is_ours(request.headers):
            return None
        reason = self._wording.gettext(
            "This is Huddle, and it does not go by that name. Use the address of the machine, "
            "or start the server with --web-host NAME."
        )
        return refusal(HTTPStatus.FORBIDDEN, reason)

    def reply(self, request: Request) -> Reply:
        """The answer to a request that came by a name of ours.

        A part of a file that is asked for is given whole (RFC 9110, section 14.2).
        """
        path = _path(request)
        if path == "/talk":
            return refusal(HTTPStatus.UPGRADE_REQUIRED, "", (("Upgrade", "websocket"),))
        if request.method not in READING:
            return _wrong_method()
        file = self._files.get(path)
        if file is None:
            headers = [("Content-Type", TEXT), NOT_KEPT]
            return _reply(request, HTTPStatus.NOT_FOUND, b"404\n", headers)
        headers = [("ETag", file.tag), ("Cache-Control", "no-cache"), ("Vary", "Accept-Encoding")]
        if _has(request, file):
            return _reply(request, HTTPStatus.NOT_MODIFIED, None, headers)
        headers.append(("Content-Type", file.type))
        if file.packed and _takes_gzip(request):
            headers.append(("Content-Encoding", "gzip"))
            return _reply(request, HTTPStatus.OK, file.packed, headers)
        return _reply(request, HTTPStatus.OK, file.body, headers)


def not_upgraded(response: Response) -> Reply:
    """What the library says to a handshake that is none, with our headers."""
    names = (name for name in ("Allow", "Upgrade") if name in response.headers)
    headers = tuple((name, response.headers[name]) for name in names)
    reason = bytes(response.body).decode().strip()
    return refusal(HTTPStatus(response.status_code), reason, headers)


def _path(request: Request) -> str:
    return request.path.partition("?")[0]


def _wrong_method() -> Reply:
    return refusal(HTTPStatus.METHOD_NOT_ALLOWED, "", (("Allow", ", ".join(READING)),))


def _listed(request: Request, name: str) -> Iterator[str]:
    """What a header lists, in lower case, without blanks."""
    for value in request.headers.get_all(name):
        yield from (each.strip().lower() for each in value.split(","))


def _has(request: Request, file: File) -> bool:
    """Whether who asks has the file as it is (RFC 9110, section 13.1.2)."""
    tag = file.tag.removeprefix("W/")
    known = _listed(request, "If-None-Match")
    return any(each == "*" or each.removeprefix("w/") == tag for each in known)


def _takes_gzip(request: Request) -> bool:
    """Whether a body by gzip is welcome (RFC 9110, section 12.5.3)."""
    weights: dict[str, str] = {}
    for each in _listed(request, "Accept-Encoding"):
        coding, _, weight = each.partition(";")
        weights[coding.strip()] = weight.replace(" ", "").removeprefix("q=") or "1"
    weight = weights.get("gzip", weights.get("x-gzip", weights.get("*", "0")))
    return weight.strip("0.") != ""


def refusal(
    status: HTTPStatus, reason: str = "", headers: tuple[tuple[str, str], ...] = ()
) -> Reply:
    """An answer that ends the connection; without a reason it says what the status is called."""
    body = f"{reason or status.phrase}\n".encode()
    always = [("Content-Type", TEXT), NOT_KEPT, *headers, ("Connection", "close")]
    head = _head(status, always, len(body))
    return Reply(head, body, keeps=False)


def _reply(
    request: Request, status: HTTPStatus, body: bytes | None, headers: list[tuple[str, str]]
) -> Reply:
    keeps = request.protocol == "HTTP/1.1" and "close" not in _listed(request, "Connection")
    if not keeps:
        headers = [*headers, ("Connection", "close")]
    head = _head(status, headers, None if body is None else len(body))
    shown = b"" if body is None or request.method == "HEAD" else body
    return Reply(head, shown, keeps)


def _head(status: HTTPStatus, headers: list[tuple[str, str]], length: int | None) -> bytes:
    """A head, of values that are ours alone: none has a line's end."""
    lines = [f"HTTP/1.1 {status.value} {status.phrase}", *map(": ".join, headers)]
    if length is not None:
        lines.append(f"Content-Length: {length}")
    return ("\r\n".join([*lines, _ALWAYS]) + "\r\n").encode()
