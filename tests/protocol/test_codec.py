"""Objects are read and written as the classes say: strictly, leniently, there and back again."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import json
from dataclasses import dataclass, field, fields, replace
from typing import Any, get_args

import pytest

from huddle.client.session import events
from huddle.dialects.ndjson.dialect import JsonDialect
from huddle.dialects.ndjson.requests import REQUESTS
from huddle.protocol import codec, requests
from huddle.protocol.answers import Ack, Gap
from huddle.protocol.codec import MessageError, called, fields_of, told, written
from huddle.protocol.events import Kind, Said
from huddle.protocol.fields import (
    BIGGEST,
    Count,
    Members,
    Names,
    Number,
    Objects,
    Remark,
    Seconds,
    Text,
    Time,
    Value,
)
from huddle.protocol.limits import Limits
from huddle.protocol.requests import Hello, ProgramRequest


@dataclass(frozen=True)
class Row:
    text: Text


@dataclass(frozen=True)
class Told:
    """A field of each kind that a server tells."""

    text: Text
    number: Number = field(metadata=called("count"))
    remark: Remark
    names: Names
    rows: tuple[Row, ...]
    members: Members
    objects: Objects
    lasting: Seconds
    flag: bool
    seq: Count | None = None
    maybe: Text | None = None
    until: Time | None = None
    value: Value = 0.0


LEAST: dict[str, object] = {"text": "t", "count": 0}


def test_a_server_may_leave_out_what_has_no_need_to_be_told() -> None:
    least = told(Told, LEAST)
    assert least == Told("t", 0, "", (), (), {}, (), 0.0, False)
    assert told(Told, LEAST | dict.fromkeys(("remark", "rows", "flag", "seq", "value"))) == least


def test_fields_are_read_with_their_types() -> None:
    given = {
        "text": "a\0\nb",
        "count": BIGGEST,
        "remark": "r",
        "names": ["a", "b"],
        "rows": [{"text": "o", "more": 1}],
        "members": {"m": {"text": "i"}},
        "objects": [{"x": 1}],
        "lasting": 5,
        "flag": True,
        "seq": 1,
        "maybe": "m",
        "until": "1970-01-01T00:00:07Z",
        "value": "v",
    }
    assert told(Told, given) == Told(
        *("a\0\nb", BIGGEST, "r", ("a", "b"), (Row("o"),), {"m": {"text": "i"}}, ({"x": 1},)),
        *(5.0, True, 1, "m", 7000, "v"),
    )
    assert told(Told, {**LEAST, "flag": "yes"}).flag is False


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("text", 0),
        ("text", None),
        ("count", "t"),
        ("count", True),
        ("count", 0.5),
        ("count", -1),
        ("count", BIGGEST + 1),
        ("seq", 0),
        ("maybe", 0),
        ("seq", "t"),
        ("names", "t"),
        ("names", [{"text": "o"}]),
        ("rows", ["a"]),
        ("rows", [{}]),
        ("rows", "t"),
        ("members", ["a"]),
        ("members", "t"),
        ("objects", {}),
        ("lasting", -1),
        ("until", "soon"),
        ("value", []),
    ],
)
def test_a_field_of_another_type_is_an_error(name: str, value: object) -> None:
    with pytest.raises(MessageError):
        told(Told, LEAST | {name: value})


@pytest.mark.parametrize("given", [None, 7, "text", []])
def test_what_is_no_object_is_an_error(given: object) -> None:
    with pytest.raises(MessageError):
        told(Told, given)


# Requests, from one side to the other

EXAMPLES: dict[str, Any] = {
    "str": "ana",
    "int": 7,
    "float": 2.5,
    "bool": True,
    "Kind": Kind.ME,
    "Mapping": {"huddle": 41, "@": 0},
}


def full(cls: type[Any]) -> Any:
    """A request with something in each of its fields."""
    values = {}
    for each in fields(cls):
        if each.metadata.get("inside") or each.name == "v":
            continue
        hint = str(each.type).partition(" |")[0]
        plain = {
            **dict.fromkeys(("Text", "Line", "Key"), "str"),
            **dict.fromkeys(("Count", "Number"), "int"),
            **dict.fromkeys(("Seconds", "Duration"), "float"),
            **{"Time": "int", "bool": "bool", "Speech": "Kind", "Seqs": "Mapping"},
        }[hint]
        values[each.name] = EXAMPLES[plain]
    return cls(**values)


@pytest.mark.parametrize("cls", get_args(ProgramRequest | Hello), ids=lambda cls: cls.type)
def test_what_a_client_writes_the_server_reads(cls: type[Any]) -> None:
    asked = full(cls)
    wire = json.loads(json.dumps(written(asked)))
    assert wire["type"] == cls.type
    assert REQUESTS[cls.type](wire, wire.get("id")) == asked
    later = {**wire, "of a later version": [1]}
    assert REQUESTS[cls.type](later, wire.get("id")) == asked


def test_what_is_as_usual_is_not_written() -> None:
    assert written(requests.Kick("ops", "eva")) == {"type": "kick", "room": "ops", "nick": "eva"}
    assert written(requests.Who(), 7) == {"type": "who", "id": 7}
    assert written(requests.SetKey("ops", None), 7) == {
        **{"type": "key", "id": 7, "room": "ops"},
        "key": None,
    }
    assert list(written(Hello("ana", "s3cret", language="en", replay=20))) == [
        *("type", "v", "nick", "session", "resume", "after", "lang", "replay", "bot"),
    ]


# What is written by hand, since it is hot


def test_the_quick_ways_write_what_the_classes_say() -> None:
    renderer = JsonDialect(Limits()).renderer("en", False)
    ack = Ack(7, "ops", 41)
    assert json.loads(renderer.answer(ack)) == written(ack)
    for room, to in (("ops", ""), ("@7", "bob")):
        said = Said(room, 41, 7, 1, "ana", Kind.SAY, 'ho"la', to=to)
        wire = json.loads(renderer.live([said])[0])
        heard = told(events.Said, wire)
        assert {"type": "said", **fields_of(heard)} == wire
        assert (heard.nick, heard.text, heard.to) == (said.nick, said.text, said.to)


# Classes that are cheap to define


def define(decorate: Any) -> tuple[type[Any], type[Any]]:
    """The same two classes, made by one decorator or another."""

    @decorate(frozen=True, slots=True, kw_only=True)
    class Asked:
        id: int | None = field(default=None, compare=False)
        secret: str = field(default="", repr=False)
        many: list[int] = field(default_factory=list)

    @decorate(frozen=True, slots=True)
    class Say(Asked):
        text: str
        kind: str = "say"

        def __post_init__(self) -> None:
            if self.kind == "none":
                raise ValueError(self.kind)

    Say.__qualname__ = "Say"
    return Asked, Say


OURS, THEIRS = (define(decorate)[1] for decorate in (codec.dataclass, dataclasses.dataclass))
MADE: tuple[tuple[tuple[Any, ...], dict[str, Any]], ...] = (
    (("hola",), {}),
    (("hola", "me"), {"id": 7}),
    (("hola",), {"kind": "me", "many": [1]}),
    (("adiós",), {"secret": "x"}),
)


def test_a_class_that_is_cheap_to_define_is_as_any_frozen_one() -> None:
    ours, theirs = ([cls(*v, **n) for v, n in MADE] for cls in (OURS, THEIRS))
    assert list(map(repr, ours)) == list(map(repr, theirs))
    assert [[a == b for a in ours] for b in ours] == [[a == b for a in theirs] for b in theirs]
    assert ours[0] != theirs[0] and ours[0] != "hola"
    assert OURS.__match_args__ == THEIRS.__match_args__ == ("text", "kind")
    assert [each.name for each in fields(OURS)] == [each.name for each in fields(THEIRS)]
    assert inspect.signature(OURS).parameters.keys() == inspect.signature(THEIRS).parameters.keys()
    for cls in (OURS, THEIRS):
        one = cls("hola", id=7)
        assert replace(one, text="x") == cls("x") and replace(one, text="x").id == 7
        assert copy.deepcopy(one) == one and copy.copy(one).id == 7
        assert cls("a").many is not cls("a").many
        assert not hasattr(one, "__dict__")
        for wrong in (lambda: cls(), lambda: cls("a", "b", 3), lambda: cls("a", what=1)):  # noqa: B023
            with pytest.raises(TypeError):
                wrong()
        with pytest.raises(ValueError, match="none"):
            cls("a", "none")


def test_what_is_equal_has_the_same_hash() -> None:
    hashable = [Gap("ops", 1, 2), Gap("ops", 1, 2), Gap("ops", 1, 3)]
    assert len(set(hashable)) == 2
