"""docs/protocol.md says what is so: its tables are compared with the code, its example replayed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from typing_extensions import override

from huddle import errors
from huddle.dialects.fields import Fields
from huddle.dialects.ndjson import JsonFace, JsonReader, _request
from huddle.errors import HuddleError
from huddle.events import (
    Ack,
    Answer,
    Closing,
    Gap,
    Goodbye,
    Here,
    Joined,
    Kind,
    Left,
    Motd,
    NickIs,
    Past,
    Pong,
    Refused,
    Renamed,
    Reset,
    RoomEvent,
    RoomList,
    RoomListing,
    RoomState,
    Roster,
    Said,
    Welcome,
)
from huddle.limits import Limits
from huddle.locale import translator
from tests.disks import DiskRecord
from tests.world import Peer, World

DOCUMENT = (Path(__file__).parent.parent / "docs" / "protocol.md").read_text("utf-8")

INNER_LIMITS = {
    "block",
    "pages",
    "ring_bytes",
    "ring_messages",
    "slab",
    "stopping",
    "uncommitted",
    "word_days",
}
"""Those that no program notices."""

FACE = JsonFace(translator("en"), Limits())
SAID = Said("huddle", 1, 0, 1, "ana", Kind.SAY, "hola")
HERE = Here("huddle", 2, ("bob",))
HEARD: Mapping[str, RoomEvent | Answer] = {
    "welcome": Welcome("ana", "f00d", 0, {"huddle": RoomState(1, HERE)}),
    "motd": Motd(("one",)),
    "ack": Ack(1, "huddle", 1),
    "said": SAID,
    "gap": Gap("huddle", 1, 2),
    "reset": Reset("huddle", "f00d"),
    "joined": Joined("huddle", ("bob",)),
    "left": Left("huddle", ("bob",)),
    "renamed": Renamed("huddle", "bob", "rob"),
    "here": HERE,
    "closing": Closing(),
    "bye": Goodbye(),
    "reply to who": Roster(HERE, (), 1),
    "reply to rooms": RoomList((RoomListing("huddle", 1),), 1),
    "reply to history": Past("huddle", [SAID], False, 1),
    "reply to search": Past("huddle", [SAID], False, 1),
    "reply to nick": NickIs("ana", 1),
    "pong": Pong(1),
    "error": Refused(HuddleError(), 1),
}
ASKED = ("hello", "say", "who", "rooms", "history", "search", "nick", "ping")
MADE_OF: Mapping[str, tuple[object, ...]] = {
    "bad-field": ("id",),
    "bad-nick": ("edge",),
    "line-too-long": (65_536,),
    "nick-taken": ("ana", "ana2"),
    "no-such-room": ("ops",),
    "nobody-there": ("eve",),
    "text-too-long": (4_096,),
    "too-many-tries": (2.0,),
    "unknown-request": ("sing",),
}
"""What the errors are made of that have something more to tell."""

NEEDED: Mapping[str, Mapping[str, object]] = {
    "hello": {"nick": "ana"},
    "nick": {"nick": "ana"},
    "say": {"id": 1, "text": "hola"},
    "search": {"words": "hola"},
}
"""Fields without which a request makes no sense."""

RESERVED = ("msg", "join", "leave")


def tables() -> dict[str, list[list[str]]]:
    """For each heading, without its backquotes, the rows of the tables below it."""
    found: dict[str, list[list[str]]] = {}
    heading = ""
    for line in DOCUMENT.splitlines():
        if line.startswith("#"):
            heading = line.lstrip("# ").replace("`", "")
            found[heading] = []
        elif line.startswith("| `"):
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            found[heading].append([cells[0].strip("`"), *cells[1:]])
    return found


TABLES = tables()


def names(heading: str) -> list[str]:
    return [row[0] for row in TABLES[heading]]


@pytest.mark.parametrize("heading", HEARD)
def test_what_is_heard_has_the_fields_of_the_document(heading: str) -> None:
    event = HEARD[heading]
    live = isinstance(event, RoomEvent)
    data = FACE.live([event])[0] if live else FACE.answer(event)  # type: ignore[list-item, arg-type]
    rendered = json.loads(data)
    assert rendered.pop("type") == heading.partition(" ")[0]
    assert sorted(rendered) == sorted(names(heading))


def test_every_type_that_is_ever_sent_is_documented() -> None:
    sent = set(re.findall(r'"type": "(\w+)"', source("ndjson.py")))
    sent |= set(re.findall(r'"type":"(\w+)"', source("ndjson.py")))
    sent |= set(re.findall(r'_each\("(\w+)"', source("ndjson.py")))
    assert sent == {heading.partition(" ")[0] for heading in HEARD}


def source(name: str) -> str:
    return (Path(__file__).parent.parent / "huddle" / "dialects" / name).read_text("utf-8")


class Noting(dict[str, object]):
    """Notes which names it is asked for."""

    def __init__(self, values: Mapping[str, object]) -> None:
        super().__init__(values)
        self.noted: set[str] = set()

    @override
    def get(self, name: str, default: Any = None, /) -> Any:
        self.noted.add(name)
        return super().get(name, default)


@pytest.mark.parametrize("kind", ASKED)
def test_what_is_asked_has_the_fields_of_the_document(kind: str) -> None:
    said = Noting({"type": kind, "text": "hola", "nick": "ana", "words": "hola", "id": 1})
    asked = Fields(said)
    _request(asked, asked.id())
    unheard = {"type", "id"} if kind == "hello" else {"type"}
    assert said.noted - unheard == set(names(kind))


@pytest.mark.parametrize("kind", ASKED)
def test_null_is_the_same_as_not_there(kind: str) -> None:
    """For every field that may be missing."""
    reader = JsonReader()
    least = {"type": kind, **NEEDED.get(kind, {})}
    nulls = dict.fromkeys(names(kind)) | least
    asked = reader.read(json.dumps(least).encode(), True)
    assert not isinstance(asked, Refused)
    assert reader.read(json.dumps(nulls).encode(), True) == asked


def test_all_that_can_be_asked_is_documented() -> None:
    known = set(re.findall(r'case "(\w+)"', source("ndjson.py")))
    assert known == {*ASKED, "bye"}
    for kind in RESERVED:
        answer = JsonReader().read(json.dumps({"type": kind}).encode(), True)
        assert isinstance(answer, Refused) and answer.error.code == "unknown-request"
    assert re.search(r"`msg`, `join` and `leave` belong to the format too", DOCUMENT)


def kinds_of_error(family: type[HuddleError] = HuddleError) -> Iterator[type[HuddleError]]:
    """Those that have a code of their own, and not only a family's."""
    coded = [kind for kind in family.__subclasses__() if "code" in kind.__dict__]
    if family.__module__ == errors.__name__ and not coded and "code" in family.__dict__:
        yield family
    for kind in family.__subclasses__():
        yield from kinds_of_error(kind)


def test_the_error_codes_are_those_of_the_code() -> None:
    assert sorted(names("Codes")) == sorted(kind.code for kind in kinds_of_error())


@pytest.mark.parametrize("kind", list(kinds_of_error()), ids=lambda kind: kind.code)
def test_an_error_has_the_fields_of_the_document(kind: type[HuddleError]) -> None:
    error = kind(*MADE_OF.get(kind.code, ()))
    rendered = json.loads(FACE.answer(Refused(error)))
    more = set(rendered) - {"type", "code", "text"}
    [row] = [row for row in TABLES["Codes"] if row[0] == kind.code]
    assert more == set(re.findall(r"`(\w+)`", row[2]))


def test_the_limits_are_those_of_the_code() -> None:
    limits = Limits()
    documented = {row[0]: row[1] for row in TABLES["Limits"]}
    assert documented == {
        field.name: str(getattr(limits, field.name))
        for field in fields(Limits)
        if field.name not in INNER_LIMITS
    }


# -- the example ---------------------------------------------------------------------------------


class Example:
    """The example, being replayed: ana's connection, and what happens besides."""

    def __init__(self) -> None:
        self.disk = DiskRecord(epoch="f00d")
        self.world = World(self.disk)
        self.heard: list[str] = []
        self.connects()

    def connects(self) -> None:
        self.ana: Peer = self.world.connect()

    def says(self, line: str) -> None:
        self.ana.sends(f"{line}\n".encode())

    def listens(self) -> list[str]:
        """What has come, with another epoch's and other times in it."""
        self.world.settle()
        return [neutral(line) for line in self.ana.reads()]

    def happens(self, what: str) -> None:
        """Something besides."""
        verb, _, text = what.partition(": ")
        match verb:
            case "bob enters":
                self.bob = self.world.person("bob")
            case "bob says":
                self.bob.says(text)
            case "the connection is lost":
                self.world.settle()
                self.ana.cut()
            case "a new connection":
                self.connects()
            case "the disk is full" | "the disk has room":
                self.disk.broken = "full" in verb
            case "the server is killed and started again":
                self.world = self.world.crashes()
                self.connects()
            case "the connection ends":
                assert self.ana.closed
            case _:
                raise AssertionError(f"the test does not know how to do this: {what}")


def neutral(line: str) -> str:
    """The line with the same time in it, whenever it was."""
    return re.sub(r'"time":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"', '"time":"…"', line)


def test_the_example_is_what_happens() -> None:
    [text] = re.findall(r"```text\n(.*?)```", DOCUMENT, re.DOTALL)
    example = Example()
    expected: list[str] = []
    for line in text.splitlines():
        who, rest = line[0], line[2:]
        if who == "S":
            expected.append(neutral(rest))
            continue
        if expected:
            assert example.listens() == expected
            expected = []
        if who == "C":
            example.says(rest)
        else:
            example.happens(rest)
    assert not expected and not example.listens()
