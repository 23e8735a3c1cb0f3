"""Batches: what a node appends to the log at once, and the bytes of it.

::

    {"v":1,"life":"9f0c…","node":"b","n":1412,"at":88123,"t":1790000000123,"e":[{"say":{…}},…]}

``life`` is the start of the node that wrote it, ``n`` counts that life's batches from 1, ``at`` is
the position up to which the node had applied the log, and ``t`` its time of day. An entry is an
object with one name in it; fields that are not known are ignored, for later versions to add some.

The log of a house that begins with a record (`huddle.server.node.founding`) has `BEGINS_ELSEWHERE`
as its first entry.

A batch that cannot be read is passed over by all nodes alike. So is an entry of it that does not
validate (`Invalid`), and that harms no other entry.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from huddle.cluster.entries import FIELDS_SINCE, NAMES, SINCE, Entry
from huddle.cluster.forms import MOST_NAME
from huddle.protocol.codec import asked, fields_of
from huddle.protocol.errors import BadField
from huddle.protocol.fields import BIGGEST
from huddle.protocol.limits import KIB

VERSION = 1
MOST_BYTES = 512 * KIB
"""Bytes of an encoded batch at the most; what does not fit goes into the next one."""
HEAD = 1024
"""Bytes of a batch around its entries, at the most."""
MOST_ENTRIES = 4096
LIFE_DIGITS = 32
"""A life is numbered by 128 bits of chance."""


class BadBatch(ValueError):
    """The bytes are no batch: all nodes pass them over."""


class TooNew(Exception):
    """The batch is of a later version of Huddle: this node can follow the log no further."""


class BeginsElsewhere(Exception):
    """The log begins with a state that it does not hold: a node that comes upon this entry lacks
    that state, and needs another node's."""


BEGINS_ELSEWHERE = b'{"v":2,"begins":"elsewhere"}'
"""A version that does not know this entry takes it for a later one's, and stops in front of it
(`TooNew`)."""


class Invalid(NamedTuple):
    """Stands for an entry that does not validate. ``why`` is the name of what is wrong in it."""

    why: str


class Batch(NamedTuple):
    """What one life appends at once. ``time`` is in milliseconds since 1970."""

    life: str
    node: str
    n: int
    at: int
    time: int
    entries: Sequence[Entry | Invalid]


def encode(batch: Batch) -> bytes:
    """The bytes of a batch. Raises `BadBatch` where they are too many or would not be read."""
    return encoded(batch, [encode_entry(each) for each in batch.entries])


def encoded(batch: Batch, entries: Sequence[str]) -> bytes:
    """As `encode`, of these entries, encoded already (`encode_entry`), in place of the batch's
    own."""
    head = {"v": VERSION, "life": batch.life, "node": batch.node}
    head |= {"n": batch.n, "at": batch.at, "t": batch.time}
    text = f'{_written(head)[:-1]},"e":[{",".join(entries)}]}}'
    if len(text) > MOST_BYTES or len(entries) > MOST_ENTRIES:
        raise BadBatch("too large")
    return text.encode()


def encode_entry(entry: Entry | Invalid) -> str:
    """One entry as it stands in a batch, in ASCII, so that its length is that of its bytes.

    Raises `BadBatch` when no node would take it, or no batch holds it: better here than in the log,
    or when its turn has come, behind which nothing of this node would get there any more.
    """
    if isinstance(entry, Invalid):
        raise BadBatch(entry.why)
    name = type(entry).__name__.lower()
    fields = fields_of(entry)
    read = _entry({name: fields}, BIGGEST)
    if isinstance(read, Invalid):
        raise BadBatch(read.why)
    written = _written({name: fields})
    if HEAD + len(written) >= MOST_BYTES:
        raise BadBatch("too large")
    return written


def _no_number(constant: str) -> object:
    raise ValueError(constant)  # NaN is not even like itself


_scan = json.JSONDecoder(parse_constant=_no_number).scan_once  # type: ignore[attr-defined]
_written = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode


def decode(data: bytes, rules: int = BIGGEST) -> Batch:
    """The batch that these bytes are, in a house that goes by these rules.

    Raises `BadBatch`, `TooNew` for a later version's, and `BeginsElsewhere`.
    """
    if data == BEGINS_ELSEWHERE:
        raise BeginsElsewhere
    if len(data) > MOST_BYTES:
        raise BadBatch("too large")
    try:
        text = data.decode()
        given, end = _scan(text, 0)
    except (ValueError, StopIteration, RecursionError):
        raise BadBatch("no JSON") from None
    if type(given) is not dict or end < len(text):
        raise BadBatch("no object")
    version = given.get("v")
    if type(version) is not int or version < VERSION:
        raise BadBatch("version")
    if version > VERSION:
        raise TooNew(version)
    life, node, entries = given.get("life"), given.get("node"), given.get("e")
    if type(life) is not str or len(life) != LIFE_DIGITS or not _DIGITS.issuperset(life):
        raise BadBatch("life")
    if type(node) is not str or not 0 < len(node) <= MOST_NAME or not node.isascii():
        raise BadBatch("node")
    if type(entries) is not list or not 0 < len(entries) <= MOST_ENTRIES:
        raise BadBatch("entries")
    n, at, time = given.get("n"), given.get("at"), given.get("t")
    for number in (n, at, time):
        if type(number) is not int or not 0 <= number <= BIGGEST:
            raise BadBatch("number")
    read = [_entry(each, rules) for each in entries]
    return Batch(life, node, n, at, time, read)  # type: ignore[arg-type]


_DIGITS = frozenset("0123456789abcdef")

_READERS: dict[str, Callable[[Mapping[str, Any], int | None], Entry]] = {
    name: asked(cls) for name, cls in NAMES.items()
}


def _entry(given: Any, rules: int) -> Entry | Invalid:
    if type(given) is not dict or len(given) != 1:
        return Invalid("entry")
    (name,) = given
    read, fields = _READERS.get(name), given[name]
    if read is None or type(fields) is not dict or SINCE.get(name, 1) > rules:
        return Invalid(name[:MOST_NAME])
    since = FIELDS_SINCE.get(name)
    if since is not None:
        fields = {each: fields[each] for each in fields if since.get(each, 1) <= rules}
    try:
        return read(fields, None)
    except BadField as wrong:
        return Invalid(wrong.field)
