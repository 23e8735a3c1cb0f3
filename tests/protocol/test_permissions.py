"""The table of permissions is so: every command and request of every role, wherever it matters.

A walk does everything there is to do, as somebody of each role, each time in a house of its own;
what is forbidden by the table, and nothing else, is refused as forbidden.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC
from typing import get_args

import pytest

from huddle.dialects.ndjson.requests import REQUESTS
from huddle.dialects.plain.dialect import PlainRenderer
from huddle.locale.clock import HouseClock
from huddle.protocol.answers import Refused
from huddle.protocol.commands import COMMANDS, commands_for, read_command
from huddle.protocol.errors import HelloFirst, HuddleError, NotAllowed, UnknownCommand
from huddle.protocol.permissions import (
    LEAST,
    TO_BAN_NETWORKS,
    TO_DELETE_OTHERS,
    TO_REGISTER_OTHERS,
    Role,
    least,
    may_aim,
)
from huddle.protocol.requests import (
    Back,
    Fix,
    Hello,
    HushJoins,
    Ping,
    ProgramRequest,
    Register,
    Request,
    SetLanguage,
    SetNumbers,
    SetTimes,
    Topic,
)
from tests.moderated_world import FREELY, PASSWORD, done, joins
from tests.rows import sentences
from tests.world import NOON, Json, Peer, Program, World

CLOCK = HouseClock(UTC, lambda: round(NOON.timestamp() * 1000))

FIRST, OWN, OTHER = "huddle", "own", "other"

PLACES = [
    (Role.GUEST, FIRST),
    (Role.GUEST, OTHER),
    (Role.MEMBER, FIRST),
    (Role.MEMBER, OTHER),
    (Role.HOST, FIRST),
    (Role.HOST, OWN),
    (Role.HOST, OTHER),
    (Role.OPERATOR, FIRST),
    (Role.OPERATOR, OTHER),
]
"""Who somebody is, and where they do it. A host is a guest who has made the room `OWN`."""

ME = "mia"
PASSWORDS = {"ana": PASSWORD, "carl": "secret-of-carl", ME: "secret-of-mia"}


def allowed(role: Role, place: str, from_on: Role) -> bool:
    """Whether it is granted: a host is one in the room that is theirs, and a guest beside."""
    if role is Role.HOST and not (place == OWN and from_on is Role.HOST):
        role = Role.GUEST
    return role >= from_on


def moderated_world(role: Role) -> World:
    """A house with bob and carl in all its rooms, and eva who has made the room `OTHER`."""
    others = {nick: word for nick, word in PASSWORDS.items() if nick != ME}
    world = World(operators=["ana"], others=others, limits=FREELY)
    if _has_account(role):
        _register_me(world, role)
    joins(world.program("eva"), OTHER)
    carl = world.program("carl", password=PASSWORDS["carl"], secret="carls")
    joins(carl, OTHER)
    carl.says("hola from carl", room=OTHER)
    carl.says("hola from carl")
    return world


def _register_me(world: World, role: Role) -> None:
    program = world.program(ME, secret="the first")
    done(program, "register", password=PASSWORDS[ME])
    if role is Role.OPERATOR:
        ana = world.program("ana", password=PASSWORD)
        done(ana, "operator", nick=ME, on=True)
        ana.sends_objects({"type": "bye"})
    program.sends_objects({"type": "bye"})
    world.settle()


def _has_account(role: Role) -> bool:
    return role in (Role.MEMBER, Role.OPERATOR)


def bob_comes(world: World, place: str) -> None:
    bob = world.program("bob")
    if place != FIRST:
        joins(bob, place)
    bob.says("hola from bob", room=place)


# -- programs ----------------------------------------------------------------------------------

_ROOM = {"room": True}
_BARE = [command for command in COMMANDS if command.read is None]
ASKED: list[tuple[Role, str, Json]] = [
    *((LEAST[command.request], command.request.type, _ROOM) for command in _BARE),
    (Role.STRANGER, "help", {}),
    (Role.STRANGER, "ping", {}),
    (Role.GUEST, "say", {"text": "hola", **_ROOM}),
    (Role.GUEST, "msg", {"to": "bob", "text": "hola"}),
    (Role.GUEST, "nick", {"nick": "neu"}),
    (Role.GUEST, "join", {"room": "new"}),
    (Role.GUEST, "history", _ROOM),
    (Role.GUEST, "raw", {"seq": "own", **_ROOM}),
    (Role.GUEST, "search", {"words": "hola", **_ROOM}),
    (Role.GUEST, "ignore", {"nick": "bob", "on": True}),
    (Role.STRANGER, "login", {"nick": "carl", "password": "secret-of-carl"}),
    (Role.GUEST, "register", {"password": "another secret"}),
    (Role.GUEST, "charge", {"code": "otter-41-lamp-river"}),
    (Role.OPERATOR, "register", {"password": "another secret", "nick": "max"}),
    (Role.MEMBER, "password", {"old": "secret-of-mia", "new": "another secret"}),
    (Role.GUEST, "topic", _ROOM),
    (Role.GUEST, "topic", {"text": "talk", **_ROOM}),
    (Role.GUEST, "delete", {"seq": "own", **_ROOM}),
    (Role.HOST, "delete", {"seq": "of bob", **_ROOM}),
    (Role.HOST, "key", {"key": "sesame", **_ROOM}),
    (Role.HOST, "slow", {"seconds": 5, **_ROOM}),
    (Role.HOST, "quiet", {"on": True, **_ROOM}),
    (Role.HOST, "voice", {"nick": "bob", "on": True, **_ROOM}),
    (Role.HOST, "voice", {"nick": "bob", "on": False, **_ROOM}),
    (Role.HOST, "kick", {"nick": "bob", **_ROOM}),
    (Role.HOST, "ban", {"who": "bob", **_ROOM}),
    (Role.OPERATOR, "ban", {"who": "192.0.2.0/24", **_ROOM}),
    (Role.HOST, "unban", {"who": "bob", **_ROOM}),
    (Role.HOST, "mute", {"nick": "bob", **_ROOM}),
    (Role.HOST, "unmute", {"nick": "bob", **_ROOM}),
    (Role.OPERATOR, "announce", {"text": "hola"}),
    (Role.OPERATOR, "operator", {"nick": "carl", "on": True}),
    (Role.OPERATOR, "operator", {"nick": "carl", "on": False}),
    (Role.OPERATOR, "whois", {"nick": "bob"}),
    (Role.OPERATOR, "audit", {}),
    (Role.OPERATOR, "nodes", {}),
]
"""Everything as a program asks for it, and from which role on that is granted."""

FORBIDDEN = ("not-allowed", "hello-first", "unknown-request")


def program_in(world: World, role: Role, place: str) -> Program:
    """A program of this role, which is in the first room and in this one."""
    hello = {"password": PASSWORDS[ME]} if _has_account(role) else {}
    program = world.program(ME, **hello)
    joins(program, OTHER)
    if role is Role.HOST:
        joins(program, OWN)
    bob_comes(world, place)
    program.says("hola from me", room=place)
    return program


def answer_to(program: Program, place: str, type: str, fields: Json) -> str:
    """How it is answered: the type, or the code of the error."""
    history = {"type": "history", "id": 800, "room": place}
    program.forgets()
    program.sends_objects(history)
    program.world.settle()
    messages = program.reads()[-1]["messages"]
    seqs = {"own": ME, "of bob": "bob"}
    if fields.get("room") is True:
        fields = {**fields, "room": place}
    if "seq" in fields:
        nick = seqs[fields["seq"]]
        [seq] = [each["seq"] for each in messages if each["nick"] == nick]
        fields = {**fields, "seq": seq}
    program.sends_objects({"type": type, "id": 900, **fields})
    program.world.settle()
    heard = program.reads()
    errors = [each["code"] for each in heard if each["type"] == "error" and each["id"] == 900]
    assert errors or heard, f"{type} was not answered"
    return errors[0] if errors else "granted"


TYPES = {cls.type: cls for cls in get_args(ProgramRequest)}


def test_every_deed_is_in_the_walk() -> None:
    assert {type for _, type, _ in ASKED} == REQUESTS.keys() - {"hello"}
    of_people = {SetLanguage, SetTimes, SetNumbers, HushJoins, Fix, Back}
    of_programs = {TYPES[type] for _, type, _ in ASKED}
    assert of_programs | of_people | {Hello} == set(requests()) == set(LEAST)


def test_the_table_says_of_each_what_the_walk_does() -> None:
    more = {TO_DELETE_OTHERS, TO_BAN_NETWORKS, TO_REGISTER_OTHERS}
    for from_on, type, _ in ASKED:
        usual = LEAST[TYPES[type]]
        assert from_on is usual or from_on in more, type


@pytest.mark.parametrize(("role", "place"), PLACES)
def test_a_program_may_do_what_the_table_says_and_nothing_else(role: Role, place: str) -> None:
    for from_on, type, fields in ASKED:
        world = moderated_world(role)
        told = answer_to(program_in(world, role, place), place, type, fields)
        expected = allowed(role, place, from_on)
        assert (told not in FORBIDDEN) is expected, f"{type} of {role} in {place}: {told}"


def test_a_program_that_has_not_said_hello_may_ask_for_little() -> None:
    for from_on, type, fields in ASKED:
        world = moderated_world(Role.GUEST)
        program = Program(world, ME, "secret")
        world.attach(program)
        program.sends_objects({"type": type, "id": 900, **fields, "seq": 1, "room": FIRST})
        world.settle()
        heard = program.reads()
        told = [each["code"] for each in heard if each["type"] == "error"]
        by_hello = type == "login"  # a program brings its password with its hello
        expected = [] if from_on is Role.STRANGER and not by_hello else ["hello-first"]
        assert told == expected, f"{type}: {heard}"


def test_nobody_says_hello_twice() -> None:
    world = moderated_world(Role.GUEST)
    assert world.program(ME).asks("hello", nick="neu", v=1)["code"] == "unknown-request"


# -- people ------------------------------------------------------------------------------------

TYPED = {command.english: "" for command in COMMANDS} | {
    "nick": "neu",
    "me": "waves",
    "msg": "bob hola",
    "search": "hola",
    "join": "new",
    "ignore": "bob",
    "unignore": "bob",
    "raw": "1",
    "re": "1 hola",
    "fix": "hola",
    "lang": "en",
    "back": "otter-41-lamp",
    "register": "secret-of-mia",
    "operator": "otter-41-lamp-river",
    "login": "carl secret-of-carl",
    "password": "secret-of-mia another-secret",
    "key": "sesame",
    "slow": "5s",
    "quiet": "on",
    "voice": "bob",
    "unvoice": "bob",
    "kick": "bob",
    "ban": "bob",
    "unban": "bob",
    "mute": "bob",
    "unmute": "bob",
    "announce": "hola",
    "op": "carl",
    "deop": "carl",
    "whois": "bob",
}
"""What stands behind each command: nothing, unless something has to."""


def person_in(world: World, role: Role, place: str) -> Peer:
    """A person of this role, in this room."""
    peer = world.connect()
    peer.says(ME)
    if _has_account(role):
        peer.says(f"/login {PASSWORDS[ME]}")
    if role is Role.HOST:
        peer.says(f"/join {OWN}", "hola from me")
    if place != FIRST:
        peer.says(f"/join {place}", "hola from me")
    elif role is Role.HOST:
        peer.says("/leave")
    bob_comes(world, place)
    peer.forgets()
    return peer


def lines_for(*errors: HuddleError) -> set[str]:
    renderer = PlainRenderer("en", False, CLOCK)
    rows = [renderer.answer(Refused(error)).decode() for error in errors]
    return {line for each in rows for line in sentences(each.splitlines())}


WHO = ("", "member", "host", "operator", "house", "checker")
FORBIDDEN_LINES = lines_for(*map(NotAllowed, WHO), HelloFirst())


def helped(peer: Peer) -> set[str]:
    """The commands that the help names, in sentences or in groups."""
    peer.forgets()
    peer.says("/help")
    rows = [
        line.removeprefix("-- ").partition(": ")
        for line in peer.reads()
        if ": /help msg" not in line
    ]
    named = [left.split(" · ")[0] if left.startswith("/") else right for left, _, right in rows]
    return {word[1:] for line in named for word in line.split() if word.startswith("/")}


def test_every_command_is_in_the_walk_and_is_the_deed_it_says() -> None:
    assert TYPED.keys() == {command.english for command in COMMANDS}
    for command in COMMANDS:
        for name in command.names:
            request = read_command(f"/{name} {TYPED[command.english]}", CLOCK)
            assert least(request) is LEAST[command.request], command.english
            assert type(request) is command.request


@pytest.mark.parametrize(("role", "place"), PLACES)
def test_a_person_may_type_what_the_help_shows_and_nothing_else(role: Role, place: str) -> None:
    """By one of its names, which is another in the next place; `tests/long/test_every_one.py`
    types all of them."""
    nth = PLACES.index((role, place))
    types_all(role, place, lambda names: [names[nth % len(names)]])


def types_all(role: Role, place: str, by: Callable[[Sequence[str]], Sequence[str]]) -> None:
    shown = helped(person_in(moderated_world(role), role, place))
    granted = []
    for command in COMMANDS:
        for name in by(command.names):
            peer = person_in(moderated_world(role), role, place)
            peer.says(f"/{name} {TYPED[command.english]}".rstrip())
            heard = peer.reads()
            forbidden = FORBIDDEN_LINES & set(heard)
            assert not lines_for(UnknownCommand(name)) & set(heard)
            assert bool(forbidden) is not allowed(role, place, LEAST[command.request]), (
                name,
                heard,
            )
        if not forbidden:
            granted.append(command.english)
    assert shown == set(granted)


def test_whoever_has_no_nick_yet_may_type_what_the_help_shows_and_nothing_else() -> None:
    shown = helped(moderated_world(Role.GUEST).connect())
    granted = []
    for command in COMMANDS:
        peer = moderated_world(Role.GUEST).connect()
        peer.forgets()
        peer.says(f"/{command.english} {TYPED[command.english]}".rstrip())
        if not FORBIDDEN_LINES & set(peer.reads()):
            granted.append(command.english)
        assert (command.english in granted) is (LEAST[command.request] is Role.STRANGER)
    assert shown == set(granted)


def test_a_program_is_shown_the_same_help() -> None:
    world = moderated_world(Role.HOST)
    mia = program_in(world, Role.HOST, OWN)
    done(mia, "leave", room=FIRST)
    done(mia, "leave", room=OTHER)
    told = str(mia.asks("help", id=1))
    for command in COMMANDS:
        expected = allowed(Role.HOST, OWN, LEAST[command.request])
        assert (command.usage("en") in told) is expected


def test_the_help_of_a_room_counts_there_and_no_further() -> None:
    rows = {row.english.split()[0] for row in commands_for(Role.GUEST, Role.HOST)}
    assert "/kick" in rows
    assert not rows & {"/password", "/announce", "/audit"}


# -- the table ---------------------------------------------------------------------------------


def requests() -> Iterator[type[Request]]:
    yield from get_args(Request)


def test_every_request_is_a_deed() -> None:
    made = {type(read_command(f"/{name} {rest}", CLOCK)) for name, rest in TYPED.items()}
    others = {Hello, Ping}
    assert least(Ping()) is least(Hello("ana")) is Role.STRANGER
    assert least(Topic(text="talk")) is least(Topic()) is least(Register("secret")) is Role.GUEST
    assert least(Register("secret", "max")) is Role.OPERATOR
    assert made | others == set(requests())


def test_who_may_do_something_may_do_it_as_more_too() -> None:
    for row in commands_for(Role.OPERATOR):
        granted = [role for role in Role if row in commands_for(role)]
        assert granted == list(Role)[-len(granted) :] != []


def test_nobody_aims_at_somebody_who_is_more() -> None:
    for role in Role:
        assert [other for other in Role if may_aim(role, other)] == [
            other for other in Role if other <= role
        ]
