"""Heads of requests: what is read of one, and why some are none.

The library that speaks WebSocket reads them; its state for a conversation is made only for those
that become one. Cookies are left out before, of which a browser sends those of whatever else is on
this machine: nothing here wants them, and all that is left has lines of 8 KiB at the most.
"""

from __future__ import annotations

from http import HTTPStatus

from websockets.exceptions import HeaderLineTooLong, RequestLineTooLong, TooManyHeaders
from websockets.http11 import Request, Response
from websockets.server import ServerProtocol
from websockets.streams import StreamReader

from huddle.doors.web.deflate import Agreeing
from huddle.doors.web.host_names import has_one_host
from huddle.protocol.limits import Limits

END_OF_HEAD = b"\r\n\r\n"

OFFERS = 1024
"""Bytes of extensions that are offered; browsers need a hundred. 16 KiB took 11 ms to read."""

_EXTENSIONS = "Sec-WebSocket-Extensions"
_COOKIE, _CODING, _LENGTH = b"cookie", b"transfer-encoding", b"content-length"

_TOO_LARGE = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
_STATUS: dict[type, HTTPStatus] = {
    RequestLineTooLong: HTTPStatus.REQUEST_URI_TOO_LONG,
    HeaderLineTooLong: _TOO_LARGE,
    TooManyHeaders: _TOO_LARGE,
}


class NoRequest(Exception):
    """What came is no request, or none that is taken; ``status`` says why."""

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status.phrase)
        self.status = status


def may_begin_request(data: bytes) -> bool:
    """Whether a head may begin like this; TLS and lines of chat do not."""
    line, end, _ = data.partition(b"\n")
    return data[:1].isupper() and (not end or line.rstrip(b"\r").endswith((b"/1.1", b"/1.0")))


def read_head(head: bytes, limits: Limits) -> Request:
    """The request of a whole head. Raises `NoRequest`."""
    lines = []
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        name = name.strip().lower()
        if name == _CODING or (name == _LENGTH and value.strip().strip(b"0")):
            raise NoRequest(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)  # a body belongs to it
        if name != _COOKIE:
            lines.append(line)
    if len(lines) > limits.web_headers + 3:  # with the request's line, and the two ends
        raise NoRequest(_TOO_LARGE)
    request = _parsed(b"\r\n".join(lines))
    if request.protocol != "HTTP/1.0" and not has_one_host(request.headers):
        raise NoRequest(HTTPStatus.BAD_REQUEST)
    return request


def _parsed(head: bytes) -> Request:
    reader = StreamReader()
    reader.feed_data(head)
    try:
        next(Request.parse(reader.read_line))
    except StopIteration as whole:
        request: Request = whole.value
        return request
    except Exception as wrong:
        raise NoRequest(_STATUS.get(type(wrong), HTTPStatus.BAD_REQUEST)) from None
    raise NoRequest(HTTPStatus.BAD_REQUEST)  # it would read on


def let_go(protocol: ServerProtocol) -> None:
    """Have the library's protocol read no more. Its parser and what went wrong refer to it, and it
    to them: ten thousand requests were ten thousand such circles, 10 MiB, and 40 ms to find them
    (measured)."""
    protocol.parser.close()
    protocol.parser_exc = None
    wrong, protocol.handshake_exc = protocol.handshake_exc, None
    if wrong is not None:
        wrong.__traceback__ = wrong.__cause__ = wrong.__context__ = None


def answer_to_handshake(request: Request) -> Response:
    """What is said to one who wants a WebSocket: that it is one from now on, or why it is none.

    By `agrees_to_compression` it says whether messages may be compressed; who offers more than
    `OFFERS` is not asked what.
    """
    offered = sum(map(len, request.headers.get_all(_EXTENSIONS)))
    protocol = ServerProtocol(extensions=[Agreeing()] if offered <= OFFERS else None)
    response = protocol.accept(request)
    let_go(protocol)
    return response


def agrees_to_compression(response: Response) -> bool:
    """Whether compression was offered, and this answer agrees to it."""
    return _EXTENSIONS in response.headers


def wants_websocket(request: Request) -> bool:
    """Whether it asks for a WebSocket; any other protocol that it offers may be left aside."""
    offers = ",".join(request.headers.get_all("Upgrade")).split(",")
    return any(offer.strip().lower() == "websocket" for offer in offers)
