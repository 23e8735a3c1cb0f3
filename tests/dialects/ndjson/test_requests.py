"""A program's requests: an object a line, read whole, or refused with its id."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huddle.dialects.ndjson.dialect import JsonDialect
from huddle.dialects.ndjson.requests import REQUESTS
from huddle.protocol.answers import (
    Answer,
    Refused,
)
from huddle.protocol.errors import (
    BadField,
)
from huddle.protocol.events import (
    Kind,
)
from huddle.protocol.limits import KIB, Limits
from huddle.protocol.requests import (
    Announce,
    Audit,
    Ban,
    Bans,
    Bye,
    ChangeNick,
    ChangePassword,
    Delete,
    Hello,
    HelpWanted,
    History,
    Ignore,
    Join,
    Kick,
    Leave,
    Login,
    MakeOperator,
    Message,
    Mute,
    Nodes,
    Ping,
    Register,
    Request,
    Rooms,
    Say,
    Search,
    SetKey,
    SetQuiet,
    SetSlow,
    SetVoice,
    Topic,
    Unban,
    Unmute,
    Who,
    WhoIsIt,
)

DIALECT = JsonDialect(Limits())


def read(line: bytes | str) -> Request | Refused | None:
    return DIALECT.reader().read(line.encode() if isinstance(line, str) else line, True)


def read_object(**fields: object) -> Request | Refused | None:
    return read(json.dumps(fields))


def refusal(line: bytes | str) -> tuple[str, int | None]:
    """The code and the id with which a line is refused."""
    refused = read(line)
    assert isinstance(refused, Refused), refused
    return refused.error.code, refused.id


def told(event: Answer, language: str = "en") -> list[Any]:
    data = DIALECT.renderer(language, False).answer(event)
    assert not data or data.endswith(b"\n")
    return [json.loads(line) for line in data.splitlines()]


@pytest.mark.parametrize(
    ("line", "request_"),
    [
        (
            '{"type":"say","id":7,"room":"huddle","text":"¿qué tal?"}',
            Say("¿qué tal?", Kind.SAY, room="huddle", id=7),
        ),
        ('{"type":"say","id":7,"text":"waves","kind":"me"}', Say("waves", Kind.ME, id=7)),
        ('{"type":"say","id":7,"text":""}', Say("", Kind.SAY, id=7)),
        (
            '{"type":"msg","id":8,"to":"bob","text":"hola","kind":"me"}',
            Message("bob", "hola", Kind.ME, id=8),
        ),
        ('{"type":"announce","id":8,"text":"tea time"}', Announce("tea time", id=8)),
        ('{"type":"join","room":"ops","id":9}', Join("ops", id=9)),
        (
            '{"type":"join","room":"ops","key":"open sesame","after":0,"replay":5,"id":9}',
            Join("ops", "open sesame", 0, 5, id=9),
        ),
        ('{"type":"leave","room":"ops","id":9}', Leave("ops", id=9)),
        ('{"type":"leave"}', Leave()),
        ('{"type":"topic"}', Topic()),
        ('{"type":"topic","room":"ops","text":"","id":9}', Topic("ops", "", id=9)),
        ('{"type":"topic","text":"on call"}', Topic(text="on call")),
        ('{"type":"key","key":"sesame","room":"ops","id":9}', SetKey("ops", "sesame", id=9)),
        ('{"type":"key","key":null}', SetKey(None, None)),
        ('{"type":"slow","seconds":0}', SetSlow(None, 0)),
        ('{"type":"slow","seconds":2.5,"room":"ops","id":9}', SetSlow("ops", 2.5, id=9)),
        ('{"type":"quiet","on":true,"room":"ops","id":9}', SetQuiet("ops", True, id=9)),
        ('{"type":"quiet","on":false}', SetQuiet(None, False)),
        (
            '{"type":"voice","nick":"bob","on":false,"room":"ops","id":9}',
            SetVoice("ops", "bob", False, id=9),
        ),
        ('{"type":"delete","seq":7,"room":"ops","id":9}', Delete("ops", 7, None, id=9)),
        ('{"type":"ignore","id":9}', Ignore(id=9)),
        ('{"type":"ignore","nick":"bob","on":true}', Ignore("bob", True)),
        ('{"type":"ignore","nick":"bob","on":false,"id":9}', Ignore("bob", False, id=9)),
        (
            '{"type":"register","password":"open sesame","id":9}',
            Register("open sesame", None, id=9),
        ),
        ('{"type":"register","password":"s3cret","nick":"bob"}', Register("s3cret", "bob")),
        ('{"type":"login","password":"s3cret","id":9}', Login(None, "s3cret", id=9)),
        ('{"type":"login","password":"s3cret","nick":"bob"}', Login("bob", "s3cret")),
        ('{"type":"password","old":"a","new":"b","id":9}', ChangePassword("a", "b", id=9)),
        ('{"type":"kick","nick":"bob"}', Kick(None, "bob")),
        (
            '{"type":"kick","nick":"bob","reason":"spam","room":"ops","id":9}',
            Kick("ops", "bob", "spam", id=9),
        ),
        ('{"type":"ban","who":"10.0.0.0/8"}', Ban(None, "10.0.0.0/8")),
        (
            '{"type":"ban","who":"bob","seconds":60,"reason":"spam","room":"ops","id":9}',
            Ban("ops", "bob", 60, "spam", id=9),
        ),
        ('{"type":"unban","who":"bob","room":"ops","id":9}', Unban("ops", "bob", id=9)),
        ('{"type":"bans","room":"ops","id":9}', Bans("ops", id=9)),
        ('{"type":"mute","nick":"bob","seconds":null}', Mute(None, "bob")),
        (
            '{"type":"mute","nick":"bob","seconds":0.5,"reason":"spam","room":"ops","id":9}',
            Mute("ops", "bob", 0.5, "spam", id=9),
        ),
        ('{"type":"unmute","nick":"bob","room":"ops","id":9}', Unmute("ops", "bob", id=9)),
        ('{"type":"operator","nick":"bob","on":true,"id":9}', MakeOperator("bob", True, id=9)),
        ('{"type":"whois","nick":"bob","id":9}', WhoIsIt("bob", id=9)),
        ('{"type":"audit","limit":5,"id":9}', Audit(5, id=9)),
        ('{"type":"audit"}', Audit()),
        ('{"type":"nodes","id":9}', Nodes(id=9)),
        ('{"type":"help","id":9}', HelpWanted(id=9)),
        ('{"type":"history","room":"@"}', History("@")),
        ('{"type":"ping"}', Ping()),
        ('{"type":"ping","id":3}', Ping(id=3)),
        ('{"type":"nick","nick":"ana","id":3}', ChangeNick("ana", id=3)),
        ('{"type":"who"}', Who()),
        ('{"type":"who","room":"ops","id":3}', Who("ops", id=3)),
        ('{"type":"rooms","id":3}', Rooms(id=3)),
        ('{"type":"history","id":3}', History(id=3)),
        (
            '{"type":"history","room":"ops","limit":50,"before":300,"id":3}',
            History("ops", 50, 300, None, id=3),
        ),
        (
            '{"type":"history","since":"1970-01-01T00:00:01.5Z"}',
            History(limit=None, before=None, since=1500),
        ),
        (
            '{"type":"search","words":"café","limit":5,"before":9,"room":"huddle","id":3}',
            Search("huddle", "café", 5, 9, id=3),
        ),
        ('{"type":"bye"}', Bye()),
        ('{"type":"bye","unknown":{"a":[1,2]}}', Bye()),
        ('  {"type" : "bye"}  ', Bye()),
        ('{"type":"say","type":"bye"}', Bye()),
    ],
)
def test_a_request_is_read(line: str, request_: Request) -> None:
    assert read(line) == request_


def test_a_hello_is_read_with_all_that_it_may_say() -> None:
    hello = read_object(
        type="hello",
        v=1,
        nick="ana",
        session="s3cret",
        resume=True,
        epoch="e",
        after={"huddle": 1041, "@": 3},
        lang="es",
        replay=20,
        bot=False,
        password="open sesame",
    )
    after = {"huddle": 1041, "@": 3}
    assert hello == Hello("ana", "s3cret", True, after, "es", 20, False, "open sesame", "e")


@pytest.mark.parametrize(
    ("type_", "field"),
    [
        ("hello", "password"),
        ("register", "password"),
        ("login", "password"),
        ("password", "new"),
        ("join", "key"),
        ("key", "key"),
    ],
)
@pytest.mark.parametrize("value", ["s3cret\n", ["s3cret"], {"s3cret": 1}])
def test_a_secret_is_a_string_and_never_repeated(type_: str, field: str, value: object) -> None:
    fields = {"nick": "ana", "room": "ops", "old": "a", field: value}
    refused = read_object(type=type_, id=9, **fields)
    assert isinstance(refused, Refused) and isinstance(refused.error, BadField)
    assert refused.error.field == field
    assert "s3cret" not in json.dumps(told(refused))


def test_a_hello_needs_no_more_than_a_nick() -> None:
    assert read_object(type="hello", nick="ana") == Hello("ana")
    assert read_object(type="hello", nick="ana", session=None, after=None) == Hello("ana")


def test_a_bot_has_no_replay_unless_it_asks_for_one() -> None:
    assert read_object(type="hello", nick="bot", bot=True) == Hello("bot", replay=0, bot=True)
    asked = read_object(type="hello", nick="bot", bot=True, replay=5)
    assert asked == Hello("bot", replay=5, bot=True)


def test_a_reader_keeps_nothing_between_lines() -> None:
    reader = DIALECT.reader()
    assert refusal("nonsense") == ("bad-json", None)
    assert reader.read(b'{"type":"bye"}', False) == Bye()
    assert not reader.not_utf8
    assert reader is DIALECT.reader()


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"hola",
        b"{",
        b"}",
        b"{}{}",
        b"[]",
        b'[{"type":"bye"}]',
        b'"bye"',
        b"7",
        b"null",
        b"true",
        b"{'type':'bye'}",
        b'{"type":"bye",}',
        b'{"type":"say","id":NaN}',
        b'{"type":"say","id":7,"x":Infinity}',
        b'{"type":"say","id":7,"x":-Infinity}',
        b'{"type":"say","id":' + b"9" * 5000 + b"}",
        b'{"type":"say","text":"a\tb"}',
        b'{"type":"say","text":"\xff"}',
        b'{"type":"say","text":"\xed\xa0\x80"}',
        '{"type":"bye"}'.encode("utf-16"),
        '{"type":"bye"}'.encode("utf-16-le"),
        '{"type":"bye"}'.encode("utf-32-be"),
        b'\xef\xbb\xbf{"type":"bye"}',
        b'{"x":' + b"[" * 60_000,
        b'{"x":' + b"[" * 30_000 + b"]" * 30_000 + b"}",
        b'{"x":' * 10_000 + b"1" + b"}" * 10_000,
    ],
    ids=lambda line: repr(line[:24]),
)
def test_what_is_not_one_json_object_is_bad_json(line: bytes) -> None:
    assert refusal(line) == ("bad-json", None)


@pytest.mark.parametrize(
    ("line", "code", "id"),
    [
        ("{}", "bad-field", None),
        ('{"id":7}', "bad-field", 7),
        ('{"type":null,"id":7}', "bad-field", 7),
        ('{"type":["say"],"id":7}', "bad-field", 7),
        ('{"type":"dance","id":7}', "unknown-request", 7),
        ('{"type":"","id":7}', "unknown-request", 7),
        ('{"type":"Say","id":7,"text":"a"}', "unknown-request", 7),
        ('{"type":"say","text":"a"}', "bad-field", None),
        ('{"type":"say","id":null,"text":"a"}', "bad-field", None),
        ('{"type":"say","id":0,"text":"a"}', "bad-field", None),
        ('{"type":"say","id":-1,"text":"a"}', "bad-field", None),
        ('{"type":"say","id":true,"text":"a"}', "bad-field", None),
        ('{"type":"say","id":1.0,"text":"a"}', "bad-field", None),
        ('{"type":"say","id":1e3,"text":"a"}', "bad-field", None),
        ('{"type":"say","id":1e999,"text":"a"}', "bad-field", None),
        ('{"type":"say","id":9007199254740992,"text":"a"}', "bad-field", None),
        ('{"type":"say","id":"7","text":"a"}', "bad-field", None),
        ('{"type":"say","id":7,"id":true,"text":"a"}', "bad-field", None),
        ('{"type":"say","id":7}', "bad-field", 7),
        ('{"type":"say","id":7,"text":null}', "bad-field", 7),
        ('{"type":"say","id":7,"text":5}', "bad-field", 7),
        ('{"type":"say","id":7,"text":"a\\nb"}', "bad-field", 7),
        ('{"type":"say","id":7,"text":"a","kind":"shout"}', "bad-field", 7),
        ('{"type":"say","id":7,"text":"a","room":5}', "bad-field", 7),
        ('{"type":"nick","id":7}', "bad-field", 7),
        ('{"type":"nick","id":7,"nick":"a\\r"}', "bad-field", 7),
        ('{"type":"who","id":7,"room":[]}', "bad-field", 7),
        ('{"type":"history","id":7,"limit":0}', "bad-field", 7),
        ('{"type":"history","id":7,"limit":true}', "bad-field", 7),
        ('{"type":"history","id":7,"before":1.5}', "bad-field", 7),
        ('{"type":"history","id":7,"since":"yesterday"}', "bad-field", 7),
        ('{"type":"history","id":7,"since":1700000000}', "bad-field", 7),
        ('{"type":"search","id":7}', "bad-field", 7),
        ('{"type":"search","id":7,"words":"a","limit":-5}', "bad-field", 7),
        ('{"type":"say","id":7,"text":"a","kind":"announce"}', "bad-field", 7),
        ('{"type":"say","id":7,"text":"a","kind":"deleted"}', "bad-field", 7),
        ('{"type":"msg","to":"bob","text":"a"}', "bad-field", None),
        ('{"type":"msg","id":7,"text":"a"}', "bad-field", 7),
        ('{"type":"msg","id":7,"to":"bob"}', "bad-field", 7),
        ('{"type":"msg","id":7,"to":"bob","text":"a","kind":"announce"}', "bad-field", 7),
        ('{"type":"announce","text":"a"}', "bad-field", None),
        ('{"type":"announce","id":7,"text":"a\\nb"}', "bad-field", 7),
        ('{"type":"join","id":7}', "bad-field", 7),
        ('{"type":"join","id":7,"room":"a\\nb"}', "bad-field", 7),
        ('{"type":"join","id":7,"room":"ops","after":-1}', "bad-field", 7),
        ('{"type":"key","id":7,"key":""}', "bad-field", 7),
        ('{"type":"slow","id":7}', "bad-field", 7),
        ('{"type":"slow","id":7,"seconds":-1}', "bad-field", 7),
        ('{"type":"slow","id":7,"seconds":true}', "bad-field", 7),
        ('{"type":"slow","id":7,"seconds":"5"}', "bad-field", 7),
        ('{"type":"slow","id":7,"seconds":1e999}', "bad-field", 7),
        ('{"type":"slow","id":7,"seconds":3155760001}', "bad-field", 7),
        ('{"type":"quiet","id":7}', "bad-field", 7),
        ('{"type":"quiet","id":7,"on":null}', "bad-field", 7),
        ('{"type":"voice","id":7,"nick":"bob"}', "bad-field", 7),
        ('{"type":"delete","id":7}', "bad-field", 7),
        ('{"type":"delete","id":7,"seq":0}', "bad-field", 7),
        ('{"type":"ignore","id":7,"nick":"bob"}', "bad-field", 7),
        ('{"type":"kick","id":7}', "bad-field", 7),
        ('{"type":"kick","id":7,"nick":"bob","reason":"a\\nb"}', "bad-field", 7),
        ('{"type":"ban","id":7,"who":"bob","seconds":0}', "bad-field", 7),
        ('{"type":"mute","id":7,"nick":"bob","seconds":-1}', "bad-field", 7),
        ('{"type":"operator","id":7,"nick":"bob"}', "bad-field", 7),
        ('{"type":"audit","id":7,"limit":0}', "bad-field", 7),
        ('{"type":"hello","id":7}', "bad-field", 7),
        ('{"type":"hello","nick":"ana","v":2}', "bad-field", None),
        ('{"type":"hello","nick":"ana","v":"1"}', "bad-field", None),
        ('{"type":"hello","nick":"ana","v":true}', "bad-field", None),
        ('{"type":"hello","nick":"ana","session":5}', "bad-field", None),
        ('{"type":"hello","nick":"ana","resume":1}', "bad-field", None),
        ('{"type":"hello","nick":"ana","bot":"yes"}', "bad-field", None),
        ('{"type":"hello","nick":"ana","replay":-1}', "bad-field", None),
        ('{"type":"hello","nick":"ana","after":[]}', "bad-field", None),
        ('{"type":"hello","nick":"ana","after":{"huddle":true}}', "bad-field", None),
    ],
)
def test_a_request_that_makes_no_sense_is_refused_with_its_id(
    line: str, code: str, id: int | None
) -> None:
    assert refusal(line) == (code, id)


def test_lone_surrogates_and_nul_are_shown_as_replacement_characters() -> None:
    line = '{"type":"say","id":7,"text":"a\\ud800b\\u0000c\\u001b\\u202e"}'
    assert read(line) == Say("a\ufffdb\ufffdc\ufffd\ufffd", id=7)


def test_a_surrogate_pair_is_one_character() -> None:
    assert read('{"type":"say","id":7,"text":"\\ud83d\\udc4d"}') == Say("👍", id=7)


def test_a_line_of_64_kib_is_read() -> None:
    head, tail = b'{"type":"say","id":7,"text":"', b'"}'
    text = "x" * (64 * KIB - len(head) - len(tail))
    line = head + text.encode() + tail
    assert len(line) == 64 * KIB
    assert read(line) == Say(text, id=7)


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode()))
def test_no_bytes_break_the_reader(line: bytes) -> None:
    assert read(b"{" + line) is not None
    assert read(line) is not None


JSON_VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["say", "me", "hello", "history", "1970-01-01T00:00:00Z"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=4,
)


TYPES = [*REQUESTS, "x"]


NAMES = ["id", "v", "nick", "session", "resume", "after", "lang", "replay", "bot", "room", "text"]


MORE = ["kind", "limit", "before", "since", "words", "epoch", "key", "to", "seconds", "on", "who"]
MORE += ["seq", "reason", "password", "old", "new"]


@given(
    st.sampled_from(TYPES), st.dictionaries(st.sampled_from(NAMES + MORE), JSON_VALUES, max_size=6)
)
def test_no_object_breaks_the_reader(type_: str, fields: dict[str, Any]) -> None:
    answer = read(json.dumps({"type": type_, **fields}))
    if isinstance(answer, Refused):
        assert answer.error.code in ("bad-field", "unknown-request", "bad-json")
        [error] = told(answer)
        assert error.get("id") == answer.id
