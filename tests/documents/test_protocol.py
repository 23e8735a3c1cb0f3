"""docs/protocol.md says what is so: its tables are compared with the code, its example replayed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, get_args

import pytest
from typing_extensions import override

from huddle.dialects.ndjson.dialect import JsonRenderer
from huddle.dialects.ndjson.requests import REQUESTS, JsonReader, request
from huddle.locale import translator
from huddle.protocol import errors
from huddle.protocol.answers import (
    Ack,
    Act,
    Answer,
    AuditList,
    BanList,
    BanListing,
    Closing,
    CommandHelp,
    Done,
    Entered,
    Gap,
    Goodbye,
    Help,
    Ignoring,
    LoggedIn,
    Motd,
    NickIs,
    NodeList,
    NodeListing,
    Parted,
    Past,
    Pong,
    Refused,
    Registered,
    Removed,
    Reset,
    RoomList,
    RoomListing,
    Roster,
    Standing,
    StandingIs,
    TopicIs,
    Unread,
    Welcome,
    WhoIs,
    Written,
)
from huddle.protocol.commands import COMMANDS
from huddle.protocol.errors import HuddleError
from huddle.protocol.events import (
    Changed,
    Deleted,
    Here,
    Joined,
    Kind,
    Left,
    Renamed,
    RoomEvent,
    Said,
    Setting,
)
from huddle.protocol.limits import Limits
from tests.sample_messages import ANSWERS
from tests.slow_record import SlowRecord
from tests.world import Peer, Program, World

DOCUMENT = (Path(__file__).parent.parent.parent / "docs" / "protocol.md").read_text("utf-8")

INNER_LIMITS = {
    "block",
    "block_rooms",
    "former",
    "former_each",
    "left_each",
    "page_count",
    "pages",
    "ring_bytes",
    "ring_messages",
    "sessions_kept",
    "slab",
    "spoke",
    "spoke_all",
    "spoke_each",
    "stopping",
    "tails",
    "uncommitted",
    "untold",
    "unheard",
    "unheard_each",
    "web_head",
    "web_headers",
    "web_heads",
    "web_seconds",
    "web_unheard_each",
    "web_waiting",
    "word_days",
}
"""Those that no program notices."""

RENDERER = JsonRenderer(translator("en"), Limits())
SAID = Said("huddle", 1, 0, 1, "ana", Kind.SAY, "hola")
HERE = Here("huddle", 2, ("bob",))
ENTERED = Entered("ops", 2, ("bob",), seq=1, id=1)
OPS = replace(ENTERED, topic="on call", keyed=True, slow=5.0, quiet=True)
HEARD: Mapping[str, Sequence[RoomEvent | Answer]] = {
    "welcome": [Welcome("ana", "f00d", 0, {"huddle": ENTERED})],
    "motd": [Motd(("one",))],
    "ack": [Ack(1, "huddle", 1)],
    "said": [SAID, replace(SAID, room="@7", to="bob"), replace(SAID, block=1, re=1, edits=1)],
    "deleted": [
        Deleted("huddle", 1, "ana", "bob", 2),
        replace(SAID, kind=Kind.DELETED),
        replace(SAID, kind=Kind.DELETED, block=1, edits=1),
    ],
    "gap": [Gap("huddle", 1, 2)],
    "reset": [Reset("huddle", "f00d")],
    "joined": [Joined("huddle", ("bob",))],
    "left": [Left("huddle", ("bob",)), Left("huddle", ("bob",), by="ana")],
    "renamed": [Renamed("huddle", "bob", "rob")],
    "changed": [Changed("huddle", "bob", Setting.QUIET, True)],
    "removed": [Removed("ops", "bob")],
    "standing": [StandingIs("ops", Standing.VOICED, "bob")],
    "unread": [Unread("bob", 1)],
    "here": [HERE],
    "closing": [Closing()],
    "bye": [Goodbye()],
    "reply to who": [Roster("huddle", 2, ("bob",), (), 1)],
    "reply to rooms": [RoomList((RoomListing("huddle", 1),), id=1)],
    "reply to history": [Past("huddle", [SAID], False, id=1)],
    "reply to raw": [Written("huddle", [SAID], False, id=1)],
    "reply to search": [Past("huddle", [SAID], False, id=1)],
    "reply to ignore": [Ignoring(("bob",), id=1)],
    "reply to nick": [NickIs("ana", id=1)],
    "reply to help": [Help((), id=1)],
    "reply to all other requests": [Done(id=1)],
    "reply to join": [ENTERED, OPS],
    "reply to leave": [Parted("ops", id=1)],
    "reply to topic": [TopicIs("ops", "", "", id=1)],
    "reply to register": [Registered("ana", id=1)],
    "reply to login": [LoggedIn("ana", id=1)],
    "reply to bans": [BanList("ops", (), id=1)],
    "reply to whois": [WhoIs("bob", "", (), (), False, False, id=1)],
    "reply to audit": [AuditList((), id=1)],
    "reply to nodes": [NodeList((), id=1)],
    "pong": [Pong(1)],
    "error": [Refused(HuddleError(), 1)],
}
ROWS: Mapping[str, tuple[str, Answer]] = {
    "reply to rooms": ("rooms", RoomList((RoomListing("ops", 1, "on call", True),), id=1)),
    "reply to help": (
        "commands",
        Help((CommandHelp("/who", "/quien", "tells who is here", "rooms"),), id=1),
    ),
    "reply to bans": ("bans", BanList("ops", (BanListing("eve", "eve", None, "", "ana"),), id=1)),
    "reply to audit": ("entries", AuditList((Act(0, "ops", "kick", "ana", "eve", ""),), id=1)),
    "reply to nodes": (
        "nodes",
        NodeList((NodeListing("a", True, 0, "level", 0, 1, None),), id=1),
    ),
}
"""Replies with a list of objects: the field, and one with a row in it."""

BARE: Mapping[str, type[Any]] = {
    command.request.type: command.request
    for command in COMMANDS
    if command.read is None and command.english != "quit"
}
ASKED = tuple(kind for kind in REQUESTS if kind != "bye")
MADE_OF: Mapping[str, tuple[object, ...]] = {
    "alone": (10.0,),
    "bad-field": ("id",),
    "bad-nick": ("edge",),
    "bad-password": (8, 128),
    "bad-room": ("edge",),
    "banned": ("ops",),
    "kicked": ("ana",),
    "line-too-long": (65_536,),
    "muted": ("ops",),
    "nick-taken": ("ana", "ana2"),
    "no-such-room": ("ops",),
    "nobody-there": ("eve",),
    "not-registered": ("eve",),
    "password-needed": ("ana",),
    "room-locked": ("ops",),
    "room-quiet": ("ops",),
    "text-too-long": (4_096,),
    "too-fast": (2.0,),
    "too-many": ("rooms_each", 64),
    "too-many-tries": (2.0,),
    "unknown-request": ("sing",),
}
"""What the errors are made of that have something more to tell."""

NEEDED: Mapping[str, Mapping[str, object]] = {
    "announce": {"id": 1, "text": "hola"},
    "ban": {"who": "eve"},
    "charge": {"code": "otter-41-lamp-river"},
    "delete": {"seq": 1},
    "hello": {"nick": "ana"},
    "join": {"room": "ops"},
    "kick": {"nick": "eve"},
    "login": {"password": "open sesame"},
    "msg": {"id": 1, "to": "bob", "text": "hola"},
    "mute": {"nick": "eve"},
    "nick": {"nick": "ana"},
    "operator": {"nick": "bob", "on": True},
    "password": {"old": "open sesame", "new": "close sesame"},
    "quiet": {"on": True},
    "raw": {"seq": 1},
    "register": {"password": "open sesame"},
    "say": {"id": 1, "text": "hola"},
    "search": {"words": "hola"},
    "slow": {"seconds": 5},
    "unban": {"who": "eve"},
    "unmute": {"nick": "eve"},
    "voice": {"nick": "bob", "on": True},
    "whois": {"nick": "eve"},
}
"""Fields without which a request makes no sense."""


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
    """The fields that the document names, or those of a command that takes nothing."""
    if heading in BARE and heading not in TABLES:
        return [field.name for field in fields(BARE[heading])]
    return [row[0] for row in TABLES[heading]]


@pytest.mark.parametrize("heading", HEARD)
def test_what_is_heard_has_the_fields_of_the_document(heading: str) -> None:
    known: set[str] = set()
    for event in HEARD[heading]:
        rendered = shown(event)
        assert rendered.pop("type") == heading.partition(" ")[0]
        known |= set(rendered)
    assert sorted(known) == sorted(names(heading))


def shown(event: RoomEvent | Answer) -> dict[str, Any]:
    live = isinstance(event, RoomEvent)
    data = RENDERER.live([event])[0] if live else RENDERER.answer(event)  # type: ignore[list-item, arg-type]
    rendered: dict[str, Any] = json.loads(data)
    return rendered


@pytest.mark.parametrize("heading", ROWS)
def test_the_rows_of_a_list_are_named_in_the_document(heading: str) -> None:
    field, event = ROWS[heading]
    [row] = shown(event)[field]
    [described] = [cells[2] for cells in TABLES[heading] if cells[0] == field]
    assert set(re.findall(r"`(\w+)`", described)) - {"welcome"} == set(row)


def test_how_a_room_is_stands_in_the_document() -> None:
    usual, ops = map(shown, (ENTERED, OPS))
    section = DOCUMENT[DOCUMENT.index("### `welcome`") : DOCUMENT.index("### `motd`")]
    for field in set(ops) - set(usual):
        assert f"`{field}` (" in section


def test_what_a_setting_and_a_standing_can_be_is_in_the_document() -> None:
    for heading, field, kind in (
        ("changed", "setting", Setting),
        ("standing", "standing", Standing),
    ):
        [described] = [cells[2] for cells in TABLES[heading] if cells[0] == field]
        assert re.findall(r"`([\w-]+)`", described) == [each.value for each in kind]


def test_every_type_that_is_ever_sent_is_documented() -> None:
    sent = {cls.type for cls in (*ANSWERS, *get_args(RoomEvent)) if hasattr(cls, "type")}
    for name in ("dialect.py", "answers.py"):
        for written in (r'"type": "(\w+)"', r'"type":"(\w+)"', r'_each\("(\w+)"'):
            sent |= set(re.findall(written, source(name)))
    assert sent == {heading.partition(" ")[0] for heading in HEARD}


def source(name: str) -> str:
    return (
        Path(__file__).parent.parent.parent / "huddle" / "dialects" / "ndjson" / name
    ).read_text("utf-8")


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
    said = Noting({"type": kind, **(NEEDED.get(kind) or {}), "id": 1})
    if kind == "ignore":
        said |= {"nick": "eve", "on": True}
    asked = request(said, 1)
    noted = said.noted - {"type"} | ({"id"} if hasattr(asked, "id") else set())
    assert noted == set(names(kind))


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
    assert set(ASKED) <= TABLES.keys() | BARE.keys()
    assert "bye, the request" in TABLES
    replies = {kind for heading in HEARD for kind in re.findall(r"reply to (\w+)$", heading)}
    assert replies <= set(ASKED)


def test_a_command_that_takes_nothing_is_a_request_of_its_name() -> None:
    """So the document says, and need not name them all."""
    taking_nothing = {command.english for command in COMMANDS if command.read is None}
    assert BARE.keys() == taking_nothing - {"quit"}
    assert all({"id"} <= set(names(kind)) <= {"id", "room"} for kind in BARE)


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
    rendered = json.loads(RENDERER.answer(Refused(error)))
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
        self.disk = SlowRecord(epoch="f00d")
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
            case "bob says" | "bob types":
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


@pytest.mark.parametrize("text", re.findall(r"```text\n(.*?)```", DOCUMENT, re.DOTALL))
def test_an_example_is_what_happens(text: str) -> None:
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
    assert example.listens() == expected


# -- what no table tells -------------------------------------------------------------------------


PASSWORD = "open sesame"


def with_account(world: World, nick: str) -> Program:
    """A program whose nick is registered."""
    program = world.program(nick)
    assert program.asks("register", password=PASSWORD)["nick"] == nick
    return program


def test_a_private_message_is_told_to_the_other_devices_of_whoever_sent_it() -> None:
    world = World()
    ana, bob = with_account(world, "ana"), world.program("bob")
    phone = world.program("ana", secret="the phone", password=PASSWORD)
    ana.reads()
    assert ana.asks("msg", id=1, to="bob", text="hola") == {
        "type": "ack",
        "id": 1,
        "room": "@",
        "seq": 1,
    }
    [heard] = bob.reads()
    assert (heard["room"], heard["nick"], "to" in heard) == ("@", "ana", False)
    phone.hears({"type": "said", "room": "@", "seq": 1, "nick": "ana", "to": "bob"})


def test_nobody_says_anything_into_an_inbox() -> None:
    ana = World().program("ana")
    assert ana.asks("say", id=1, room="@", text="hola")["code"] == "nobody-there"
    assert ana.asks("history", id=2, room="@")["messages"] == []


def test_an_announcement_is_one_s_own_words_in_every_room() -> None:
    world = World(operators=["ana"], others={"ana": PASSWORD})
    ana = world.program("ana", password=PASSWORD)
    bob, eva = world.program("bob"), world.program("eva")
    for each in (ana, bob):
        assert each.asks("join", id=1, room="ops")["room"] == "ops"
    assert eva.asks("leave", id=1, room="huddle")["room"] == "huddle"
    for each in (ana, bob, eva):
        each.reads()
    ana.sends_objects({"type": "announce", "id": 1, "text": "tea"})
    world.settle()
    ana.hears({"type": "ack", "id": 1, "room": "huddle", "seq": 1})
    announced = {"type": "said", "nick": "ana", "kind": "announce", "text": "tea", "seq": 1}
    bob.hears({**announced, "room": "huddle"}, {**announced, "room": "ops"})
    eva.hears()


def test_who_logs_in_has_the_inbox_of_the_account() -> None:
    world = World()
    ana, bob = with_account(world, "ana"), world.program("bob")
    bob.says("to the account", type="msg", to="ana")
    other = world.program("guest")
    bob.reads()
    other.sends_objects({"type": "login", "id": 1, "nick": "ana", "password": PASSWORD})
    world.settle()
    other.hears(
        {"type": "reply", "id": 1, "nick": "ana"},
        {"type": "reset", "room": "@"},
        {"type": "said", "room": "@", "seq": 1, "text": "to the account"},
    )
    bob.hears({"type": "left", "nick": "guest"})
    assert ana.said() == ["to the account"]


def test_who_comes_back_too_late_to_a_locked_room_is_told_behind_the_welcome() -> None:
    world = World()
    ana, bob = world.program("ana"), world.program("bob")
    assert ana.asks("join", id=1, room="ops")["room"] == "ops"
    ana.sends_objects({"type": "key", "id": 2, "room": "ops", "key": "sesame"})
    world.settle()
    assert bob.asks("join", id=1, room="ops")["code"] == "room-locked"
    bob.asks("join", id=2, room="ops", key="sesame")
    bob.cut()
    world.passes(world.limits.hold + 1)
    back = bob.again(after={"huddle": 0, "ops": 0})
    assert set(back.welcome["rooms"]) == {"huddle"}
    [error] = [each for each in back.heard if each.get("code") == "room-locked"][1:]
    assert error["room"] == "ops"
    assert back.asks("join", id=3, room="ops", key="sesame", after=0)["room"] == "ops"


def test_who_is_sent_out_of_the_house_is_told_why_and_the_connection_ends() -> None:
    world = World(operators=["ana"], others={"ana": PASSWORD})
    ana, bob = world.program("ana", password=PASSWORD), world.program("bob")
    ana.sends_objects({"type": "kick", "id": 1, "nick": "bob", "reason": "spam"})
    world.settle()
    bob.hears({"type": "error", "code": "kicked", "by": "ana", "reason": "spam"})
    assert bob.closed


def test_who_wrote_to_somebody_that_did_not_come_back_is_told() -> None:
    world = World()
    ana, bob = world.program("ana"), world.program("bob")
    bob.cut()
    ana.says("are you there?", type="msg", to="bob")
    ana.reads()
    world.passes(world.limits.hold + 1)
    heard = {each["type"]: each for each in ana.reads()}
    assert heard["unread"] == {"type": "unread", "nick": "bob", "count": 1}
