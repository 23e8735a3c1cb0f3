"""A program's requests: an object a line, read by its ``type`` into what it asks for.

What a field may hold stands in `huddle.protocol.requests`; `docs/protocol.md` tells programs of it.
What is refused is named by its field, and never repeated: it may be a password.

Nearly all that a program asks is to say a text in a room, and its library writes that in one way.
Such a line is cut at its quotes, which takes half as long as to read it as any other (`_usual`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, NoReturn, get_args

from typing_extensions import override

from huddle.protocol.answers import Refused
from huddle.protocol.codec import asked
from huddle.protocol.dialect import Reader
from huddle.protocol.errors import BadJson, HuddleError, UnknownRequest
from huddle.protocol.fields import BIGGEST, count, text
from huddle.protocol.requests import Hello, ProgramRequest, Request, Say

REQUESTS: Mapping[str, Callable[[Mapping[str, Any], int | None], Request]] = {
    cls.type: asked(cls) for cls in get_args(ProgramRequest | Hello)
}
"""How an object of each type is read."""


class JsonReader(Reader):
    """Reads objects into requests. Stateless: a program's every line stands for itself."""

    __slots__ = ()
    not_utf8 = False

    @override
    def read(self, line: bytes, named: bool) -> Request | Refused:
        return _usual(line) or self._any(line)

    def _any(self, line: bytes) -> Request | Refused:
        id: int | None = None
        try:
            given = _parsed(line)
            if given.get("id") is not None:
                id = count("id", given["id"])
            return request(given, id)
        except HuddleError as error:
            return Refused(error, id)


def _usual(line: bytes) -> Say | None:
    """What a line asks to say that is written as nearly all are, and as any other would be read;
    None where it is not, in any respect.

    Without a backslash each quote begins or ends a string, which holds what stands between; what
    can be printed is clean. So it is this line if, written out of its parts, it is the same.
    """
    try:
        written = line.decode()
        parts = written.split('"', _QUOTES)
        if len(parts) > _QUOTES and written.isprintable() and "\\" not in written:
            number, room, text = int(parts[6][1:-1]), parts[9], parts[13]
            if (
                0 < number <= BIGGEST
                and written == f'{{"type":"say","id":{number},"room":"{room}","text":"{text}"}}'
            ):
                return Say(text, room=room, id=number)
    except ValueError:  # no UTF-8, or no number
        pass
    return None


_QUOTES = 14
"""Of a usual line."""


def request(given: Mapping[str, Any], id: int | None) -> Request:
    """The request in an object; ``id`` is its own. Raises `BadField` and `UnknownRequest`."""
    name = given.get("type")
    read = REQUESTS.get(name) if isinstance(name, str) else None
    if read is None:
        raise UnknownRequest(text("type", name))
    return read(given, id)


def _parsed(line: bytes) -> dict[str, Any]:
    try:
        value = _JSON.decode(line.decode())
    except (ValueError, RecursionError):
        raise BadJson from None
    if not isinstance(value, dict):
        raise BadJson
    return value


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


_JSON = json.JSONDecoder(parse_constant=_no_constant)
