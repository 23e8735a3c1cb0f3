"""Passwords are nowhere: on no screen but that of who typed it, in no record, in no log."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from twisted.internet.interfaces import ISSLTransport
from twisted.logger import ILogObserver, LogEvent, formatEvent, globalLogPublisher
from twisted.python.failure import Failure
from zope.interface import implementer

from huddle.protocol.commands import COMMANDS
from huddle.protocol.requests import ChangePassword, Hello, Join, Login, Register, SetKey
from tests.conversations.test_takeover import arriving
from tests.in_memory_tcp import BufferedServer
from tests.slow_record import SlowRecord
from tests.visits.actions.test_accounts import IN_CLEAR, LANGUAGES, SECRET, local, registered
from tests.world import BUFFERED, Peer, Program, World

HIDDEN = "xyzzy-plugh-plover"

BEHIND = [
    "",
    " ",
    "\t",
    "  \t ",
    "\u00a0",
    "\u3000",
    "\u200b",
    "\u2060",
    "\ufeff",
    "\u200e",
    "\x00",
]
BEHIND += ["\x1b[A", "\x1b[1;5D", "\x1b[3~", "\x08", " \x1b[A\x1b[B "]
"""What may stand before a command without anybody seeing it."""

TYPED = [
    f"/login ana {HIDDEN}",
    f"/LOGIN ana {HIDDEN}",
    f"/acceder {HIDDEN}",
    f"/register {HIDDEN}",
    f"/register ana {HIDDEN}",
    f"/registrar ana {HIDDEN} x",
    f"/password {HIDDEN}",
    f"/password {HIDDEN} {HIDDEN}2",
    f"/clave x {HIDDEN} y",
    f"/join ops {HIDDEN}",
    f"/operator {HIDDEN}",
    f"/key {HIDDEN}",
    f"/login\u00a0ana\u00a0{HIDDEN}",
]
MISTYPED = [
    f"/logn ana {HIDDEN}",
    f"/login: ana {HIDDEN}",
    f"/ login ana {HIDDEN}",
    f"/paswd {HIDDEN} {HIDDEN}",
    f"/reg {HIDDEN}",
    f"/\u200blogin ana {HIDDEN}",
]


@implementer(ILogObserver)
class Log:
    """All that is logged, with the tracebacks."""

    def __init__(self) -> None:
        self.text = ""

    def __call__(self, event: LogEvent) -> None:
        failure = event.get("log_failure")
        self.text += f"{formatEvent(event)} {failure.getTraceback() if failure else ''} {event}\n"


@pytest.fixture
def logged() -> Iterator[Log]:
    """What is logged meanwhile."""
    log = Log()
    globalLogPublisher.addObserver(log)
    yield log
    globalLogPublisher.removeObserver(log)


@implementer(ISSLTransport)
class OverTls(BufferedServer):
    """What a connection over TLS has to write to, as far as anybody asks."""

    getPeerCertificate = None  # noqa: N815


def heard(*peers: Peer) -> str:
    """All that these were ever sent."""
    for peer in peers:
        peer.reads()
    return "".join(json.dumps(peer.heard, ensure_ascii=False) for peer in peers)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("line", [*TYPED, *MISTYPED])
def test_what_is_typed_is_shown_to_nobody(line: str, language: str, logged: Log) -> None:
    world = World(SlowRecord(), language=language)
    ana, bob, bot = registered(world), local(world, "bob"), world.program("bot")
    for before in BEHIND if line in TYPED else [""]:
        bob.says(f"{before}{line}")
        world.passes(700)
    assert HIDDEN not in heard(ana, bob, bot)
    assert not world.record.extent("huddle").newest
    assert HIDDEN not in logged.text


@pytest.mark.parametrize("line", [*TYPED, *MISTYPED])
def test_what_is_typed_at_the_door_is_shown_to_nobody(line: str, logged: Log) -> None:
    world = World(SlowRecord())
    ana = registered(world)
    for before in BEHIND:
        peer = world.connect("127.0.0.1")
        peer.says(f"{before}{line}")
        assert HIDDEN not in heard(ana, peer)
        peer.ends()
    assert HIDDEN not in str([session.nick for session in world.huddle.registry.sessions])
    assert HIDDEN not in logged.text


OBJECTS: list[dict[str, object]] = [
    {"type": "login", "nick": "ana", "password": HIDDEN},
    {"type": "login", "nick": "ana", "password": [HIDDEN]},
    {"type": "register", "password": f"{HIDDEN}\n"},
    {"type": "register", "password": {"x": HIDDEN}},
    {"type": "register", "password": HIDDEN, "nick": 7},
    {"type": "password", "old": HIDDEN, "new": HIDDEN},
    {"type": "password", "old": HIDDEN},
    {"type": "hello", "nick": "ana", "password": HIDDEN},
    {"type": "hello", "nick": "ana", "session": HIDDEN, "resume": True},
    {"type": "hello", "nick": "<>", "password": HIDDEN, "session": HIDDEN},
    {"type": "hello", "nick": "ana", "password": 12345678, "session": HIDDEN},
    {"type": "logon", "password": HIDDEN},
    {"type": "join", "id": 1, "room": "ops", "key": HIDDEN},
    {"type": "key", "id": 1, "key": HIDDEN},
]


@pytest.mark.parametrize("request_", OBJECTS)
@pytest.mark.parametrize("inside", [False, True])
def test_what_a_program_asks_is_shown_to_nobody(
    request_: dict[str, object], inside: bool, logged: Log
) -> None:
    world = World(SlowRecord())
    ana, bob = registered(world), local(world, "bob")
    if inside:
        bot = world.program("bot")
    else:
        bot = Program(world, "bot", "secret")
        world.attach(bot)
    for id in (1, None, "x"):
        bot.sends_objects({**request_, "id": id})
        world.settle()
    assert HIDDEN not in heard(ana, bob, bot)
    assert HIDDEN not in logged.text


def test_a_password_is_in_no_repr() -> None:
    for request in (
        Hello("ana", password=HIDDEN),
        Login("ana", HIDDEN),
        Register(HIDDEN, "ana"),
        ChangePassword(HIDDEN, HIDDEN),
        Join("ops", HIDDEN),
        SetKey(None, HIDDEN),
    ):
        assert HIDDEN not in repr(request)


def test_a_password_is_in_no_log_when_its_check_goes_wrong(
    logged: Log, logged_failures: list[Failure]
) -> None:
    world = World(SlowRecord())
    ana, bob = registered(world), local(world, "bob")
    world.passwords.failure = RuntimeError("the checker is broken")
    bob.says(f"/login ana {HIDDEN}", f"/register {HIDDEN}")
    ana.says(f"/password {HIDDEN} {HIDDEN}")
    arriving(world, "ana", password=HIDDEN)
    assert len(logged_failures) == 4
    logged_failures.clear()
    assert "the checker is broken" in logged.text
    assert HIDDEN not in logged.text
    assert HIDDEN not in heard(ana, bob)
    world.passwords.failure = None
    bob.says(f"/login ana {SECRET}")
    assert bob.reads()[-1] == "-- You are logged in as ana."


def test_what_is_kept_asked_for_and_audited_holds_no_password() -> None:
    disk = SlowRecord()
    world = World(disk, operators=["root"], others={"root": HIDDEN})
    root, bob = world.connect("127.0.0.1"), local(world, "bob")
    root.says(f"/login root {HIDDEN}", f"/register ana {HIDDEN}1", "hola")
    bob.says(f"/register {HIDDEN}2", f"/password {HIDDEN}2 {HIDDEN}3", "/history", "/search plugh")
    root.says("/audit", "/whois bob", "/history", f"/search {HIDDEN[:5]}")
    assert HIDDEN not in heard(root, bob)
    rows = [row for row in disk.accounts() if row.hash is not None]
    assert {row.hash for row in rows} == {f"plain:{HIDDEN}1", f"plain:{HIDDEN}3"}
    rest: list[object] = [*disk.sessions_here(), *disk.room_rows(), *disk.marks(), disk.kept]
    disk.audit(50).addCallback(rest.extend)
    assert "register" in str(rest)
    assert HIDDEN not in str(rest)


def test_every_command_with_a_secret_is_known_as_one() -> None:
    """Or its password would be said behind a blank."""
    usages = [command for command in COMMANDS if "PASSWORD" in command.help.english.upper()]
    assert usages and all(command.secret is not None for command in usages)


# The warning


@pytest.mark.parametrize("language", LANGUAGES)
def test_whoever_says_a_command_with_a_password_is_told_that_all_have_read_it(
    language: str,
) -> None:
    """``//text`` says ``/text``: that is its author's own will."""
    world = World(language=language)
    ana, bob = local(world, "ana"), local(world, "bob")
    ana.forgets()
    bob.says(f"//login ana {HIDDEN}")
    ana.hears(f"<bob> /login ana {HIDDEN}")
    bob.hears(
        {
            "en": "-- Everybody has read that. If there was a password in it, change it;"
            " /delete takes the line back.",
            "es": "-- Eso lo han leído todos. Si llevaba una clave, cámbiala;"
            " /borrar retira la línea.",
        }[language]
    )
    bob.says("//help me", "/login is a command"[1:])
    bob.hears()
    bot = world.program("bot")
    bot.says(f"/login ana {HIDDEN}")
    bot.hears({"type": "ack"})


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_sends_a_password_in_clear_is_warned_once(language: str) -> None:
    world = World(language=language)
    registered(world)
    ana = world.connect("10.0.0.5")
    ana.says(f"/login ana {HIDDEN}", f"/login ana {SECRET}", f"/password {HIDDEN} {HIDDEN}")
    assert ana.reads().count(IN_CLEAR[language]) == 1
    bob = world.person("bob", address="2001:db8::1")
    bob.says(f"/password {SECRET} {SECRET}", f"/register {SECRET}")
    assert bob.reads().count(IN_CLEAR[language]) == 1


@pytest.mark.parametrize("address", ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"])
def test_at_this_machine_nobody_is_warned(address: str) -> None:
    world = World()
    ana = world.person("ana", address=address)
    ana.says(f"/register {SECRET}", f"/password {SECRET} {HIDDEN}")
    assert IN_CLEAR["en"] not in ana.reads()


def test_over_a_unix_socket_and_over_tls_nobody_is_warned(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    world.person("ana", address="").says(f"/register {SECRET}")
    monkeypatch.setattr("tests.world.BufferedServer", OverTls)
    bob = world.person("bob", transport=BUFFERED)
    bob.says(f"/register {SECRET}")
    assert "bob" in bob.reads()[-1]
    assert IN_CLEAR["en"] not in heard(*world.peers)
    monkeypatch.undo()
    carla = world.person("carla", transport=BUFFERED)
    carla.says(f"/register {SECRET}")
    assert IN_CLEAR["en"] in heard(carla)


def test_programs_are_not_warned() -> None:
    bot = World().program("bot")
    assert bot.asks("register", id=1, password=SECRET)["type"] == "reply"
