"""A program's requests: an object a line, read by its ``type`` into what it asks for.

What a field may hold stands in `huddle.protocol.requests`; `docs/protocol.md` tells programs of it.
What is refused is named by its field, and never repeated: it may be a password.
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
from huddle.protocol.fields import count, text
from huddle.protocol.requests import Hello, ProgramRequest, Request

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
        id: int | None = None
        try:
            given = _parsed(line)
            if given.get("id") is not None:
                id = count("id", given["id"])
            return request(given, id)
        except HuddleError as error:
            return Refused(error, id)


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
