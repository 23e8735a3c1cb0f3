"""What nobody else hears: private messages, and what is said in a room with a key, by any path.

In each test something is said that holds `SECRET`; then somebody else tries one path to it, and
the bytes of all that they were ever sent are looked through. (What is written out of a database is
in `test_archive`, whom a registered nick belongs to in `test_takeover`.)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from huddle.protocol.limits import Limits
from tests.moderated_world import FREELY, PASSWORD, done
from tests.slow_record import SlowRecord
from tests.world import TRANSPORTS, Json, Peer, Program, World

SECRET = "the eagle lands at noon"

NAMES = (
    *("@", "@1", "@2", "@3", "@17", "@a1", "@a2", "@bob", "@0", "@-1", "@٣", "@ 2", "@2 ", "@@"),
    *(
        "vault",
        "VAULT",
        "vaυlt",
        "ｖａｕｌｔ",
        " vault",
        "vault ",
        "vault\u200d",
        "vault.",
        "@vault",
    ),
    *("session:2", "account:1", "huddle/../vault", "vault\\u0000", "", " ", "*", "%", "v_ult"),
)
"""Names under which somebody might look for what is not theirs."""

ASKING: tuple[tuple[str, Json], ...] = (
    ("history", {}),
    ("history", {"limit": 500, "before": 100}),
    ("history", {"since": "2020-01-01T00:00:00Z"}),
    ("search", {"words": "eagle"}),
    ("who", {}),
    ("topic", {}),
    ("leave", {}),
    ("delete", {"seq": 1}),
    ("say", {"id": 50, "text": "let me in"}),
    ("topic", {"text": "let me in"}),
    ("key", {"key": None}),
    ("bans", {}),
    ("kick", {"nick": "ana"}),
)
"""What they might ask for there."""


def knows(*peers: Peer) -> list[str]:
    """All that these were ever told in which the secret is; must be nothing."""
    for peer in peers:
        peer.reads()
    return [str(each) for peer in peers for each in peer.heard if "eagle" in str(each)]


def opened(**more: Any) -> World:
    return World(SlowRecord(more.get("limits")), **more)


def whispers(world: World) -> tuple[Program, Program]:
    """Ana has told bob the secret."""
    ana, bob = world.program("ana"), world.program("bob")
    assert ana.asks("msg", id=1, to="bob", text=SECRET)["type"] == "ack"
    assert len(knows(bob)) == 1
    return ana, bob


def authentication(world: World, host: str = "ana") -> Program:
    """Ana has locked herself in, and said and written up the secret."""
    ana = world.program(host)
    for request in (
        {"type": "join", "room": "vault"},
        {"type": "key", "room": "vault", "key": "otter"},
        {"type": "topic", "room": "vault", "text": SECRET},
        {"type": "say", "id": 1, "room": "vault", "text": SECRET},
    ):
        ana.sends_objects(request)
    world.settle()
    return ana


def opens(world: World, who: Program) -> None:
    who.sends_objects({"type": "join", "room": "vault", "key": "otter"})
    world.settle()


def asks_everything(spy: Program, names: Iterable[str] = NAMES) -> None:
    """Ask for everything under all these names, and in the end be as before."""
    for name in names:
        for type, fields in ASKING:
            spy.sends_objects({"type": type, "room": name, **fields})
        for more in ({}, {"key": "wrong"}, {"after": 0}, {"replay": 500}):
            spy.sends_objects({"type": "join", "room": name, **more})
    spy.world.passes(3600)


def person_asks_everything(spy: Peer, names: Iterable[str] = NAMES) -> None:
    for name in names:
        spy.says(f"/join {name}", f"/join {name} wrong", "/history", "/topic", "/search eagle")
    spy.says("/inbox", "/inbox 500", "/rooms", "/who", "/leave")
    spy.world.passes(3600)


@pytest.fixture(params=["person", "program"])
def spying(request: pytest.FixtureRequest) -> Iterator[str]:
    """The dialect of who should hear nothing."""
    yield request.param


def newcomer(world: World, nick: str, dialect: str) -> Peer:
    if dialect == "person":
        return world.person(nick)
    return world.program(nick, secret=f"another secret of {nick}", replay=500)


def asks_all(spy: Peer) -> None:
    if isinstance(spy, Program):
        asks_everything(spy)
    else:
        person_asks_everything(spy)


# Broadcast, and asking


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_it_is_sent_to_nobody_else(transport: str, spying: str) -> None:
    world = opened(transport=transport)
    spies = [newcomer(world, f"eva{number}", spying) for number in range(3)]
    spies[1].stops_reading(room=10)
    whispers(world)
    world.program("eva").says("a line for all")
    spies[1].reads_again()
    spies.append(newcomer(world, "eva9", spying))
    assert knows(*spies) == []


def test_what_is_said_behind_a_key_is_sent_to_nobody_else(spying: str) -> None:
    world = opened()
    spy = newcomer(world, "eva", spying)
    ana = authentication(world)
    ana.says(SECRET, room="vault")
    assert knows(spy, newcomer(world, "eva2", spying)) == []


def test_nobody_finds_a_private_message_by_asking(spying: str) -> None:
    world = opened(limits=FREELY)
    whispers(world)
    spy = newcomer(world, "eva", spying)
    asks_all(spy)
    assert knows(spy) == []


def test_nobody_finds_what_is_said_behind_a_key_by_asking(spying: str) -> None:
    """Nor its topic, by the list of rooms or the answer to a join."""
    world = opened(limits=FREELY)
    authentication(world)
    spy = newcomer(world, "eva", spying)
    asks_all(spy)
    if isinstance(spy, Program):
        rows = {row["room"]: row for row in spy.asks("rooms")["rooms"]}
        assert rows["vault"] == {"room": "vault", "count": 1, "keyed": True}
    assert knows(spy) == []


@pytest.mark.parametrize("name", NAMES)
def test_no_hello_opens_what_is_not_its_own(name: str) -> None:
    world = opened(limits=FREELY)
    whispers(world)
    authentication(world, "eve")
    spy = Program(world, "eva", "a secret of eva")
    world.attach(spy)
    spy.enters(after={name: 0}, epoch="epoch-of-disk", replay=500)
    assert knows(spy) == []
    assert set(spy.welcome.get("rooms", ())) <= {"huddle", "@"}


def test_what_an_operator_is_who_is_not_there_opens_nothing() -> None:
    world = opened(limits=FREELY, operators=["zoe"], others={"zoe": PASSWORD})
    whispers(world)
    authentication(world, "eve")
    zoe = world.program("zoe", password=PASSWORD)
    asks_everything(zoe)
    for type, fields in (
        ("whois", {"nick": "ana"}),
        ("whois", {"nick": "eve"}),
        ("audit", {"limit": 500}),
        ("rooms", {}),
    ):
        zoe.sends_objects({"type": type, **fields})
    world.settle()
    assert knows(zoe) == []


def test_saying_again_what_another_said_tells_nothing_of_it() -> None:
    """Ids belong to a session: another's are as if they had never been."""
    world = opened()
    whispers(world)
    eva = world.program("eva", secret="guess")
    eva.forgets()
    answers = [
        eva.asks("msg", id=1, to="bob", text="let us see"),
        eva.asks("msg", id=1, to="bob", text="or this"),
        eva.asks("say", id=2, room="@2", text="or this"),
    ]
    assert [answer.get("code", answer["type"]) for answer in answers] == [
        "ack",
        "id-reused",
        "no-such-room",
    ]
    assert answers[0]["seq"] == 1
    assert knows(eva) == []


def test_ignoring_somebody_and_hearing_them_again_tells_nothing(spying: str) -> None:
    world = opened()
    ana, _ = whispers(world)
    spy = newcomer(world, "eva", spying)
    for line in ("/ignore ana", "/unignore ana", "/ignore bob", "/ignore"):
        if isinstance(spy, Program):
            nick = line.partition(" ")[2] or None
            spy.sends_objects({"type": "ignore", "nick": nick, "on": line.startswith("/ign")})
        spy.says(line)
    ana.says("something")
    assert knows(spy) == []


def test_nobody_deletes_what_they_cannot_read(spying: str) -> None:
    world = opened()
    ana, bob = whispers(world)
    authentication(world, "eve")
    spy = newcomer(world, "eva", spying)
    if isinstance(spy, Program):
        for room in ("@", "@1", "@2", "vault"):
            answer = spy.asks("delete", room=room, seq=1)
            assert answer["code"] in ("no-such-room", "no-such-message", "bad-room")
    else:
        spy.says("/delete 1", "/delete ana", "/delete")
    spy.forgets()
    assert [each["text"] for each in ana.asks("history", room="@")["messages"]] == [SECRET]
    assert [each["text"] for each in bob.asks("history", room="@")["messages"]] == [SECRET]
    assert knows(spy) == []


# A nick is nobody


@pytest.mark.parametrize("restart", [False, True])
@pytest.mark.parametrize("way", ["leaves", "is held too long", "is renamed"])
def test_whoever_has_the_nick_next_hears_nothing_of_its_former_owner(
    way: str, restart: bool, spying: str
) -> None:
    world = opened(limits=FREELY)
    ana, bob = whispers(world)
    if way == "leaves":
        bob.sends_objects({"type": "bye"})
    elif way == "is renamed":
        bob.asks("nick", nick="rob")
    else:
        bob.cut()
        ana.asks("msg", id=2, to="bob", text=SECRET)
        world.passes(121)
    world.settle()
    if restart:
        world = world.crashes()
    spy = newcomer(world, "bob", spying)
    asks_all(spy)
    ana = ana.again(world)
    assert ana.asks("msg", id=9, to="bob", text="hello, new one")["type"] == "ack"
    assert knows(spy) == []


def test_what_was_on_its_way_to_somebody_does_not_reach_who_is_called_so_now() -> None:
    disk = SlowRecord()
    world = World(disk, limits=FREELY)
    ana, bob = world.program("ana"), world.program("bob")
    disk.slow = True
    ana.sends_objects({"type": "msg", "id": 1, "to": "bob", "text": SECRET})
    world.settle()
    bob.sends_objects({"type": "nick", "nick": "rob"}, {"type": "bye"})
    world.settle()
    disk.slow = False
    disk.writes()
    world.settle()
    spy = world.program("bob", secret="another bob", replay=500)
    asks_everything(spy)
    assert knows(spy) == []
    assert len(knows(bob)) == 1


def test_whoever_registers_the_nick_hears_nothing_of_its_former_owner() -> None:
    world = opened(limits=FREELY)
    ana, bob = whispers(world)
    ana.says("we meet at noon")
    bob.sends_objects({"type": "bye"})
    world.settle()
    spy = world.person("bob")
    spy.says(f"/register {PASSWORD}")
    person_asks_everything(spy)
    world = world.crashes()
    spy = world.connect()
    spy.says(f"/login bob {PASSWORD}")
    person_asks_everything(spy)
    other = world.program("bob", secret="device", password=PASSWORD, after={"@": 0})
    asks_everything(other)
    assert knows(spy, other) == []


def test_an_account_made_for_somebody_has_nothing_of_who_was_called_so() -> None:
    world = opened(limits=FREELY, operators=["zoe"], others={"zoe": PASSWORD})
    _, bob = whispers(world)
    bob.sends_objects({"type": "bye"})
    world.settle()
    zoe = world.program("zoe", password=PASSWORD)
    assert zoe.asks("register", nick="bob", password="another-one")["type"] == "reply"
    spy = world.program("bob", secret="x", password="another-one", after={"@": 0}, replay=500)
    asks_everything(spy)
    assert knows(spy) == []


def test_what_a_guest_was_told_stays_theirs_when_they_log_in_to_an_account() -> None:
    """The account may be on other devices, and others may have its password one day."""
    world = opened(limits=FREELY, others={"rob": PASSWORD})
    _, bob = whispers(world)
    device = world.program("rob", password=PASSWORD)
    bob.sends_objects({"type": "login", "nick": "rob", "password": PASSWORD})
    world.settle()
    asks_everything(device)
    spy = world.program("rob", secret="third", password=PASSWORD, after={"@": 0}, replay=500)
    asks_everything(spy)
    newer = newcomer(world, "bob", "program")
    asks_all(newer)
    assert knows(device, spy, newer) == []


def test_a_session_opens_to_nobody_without_its_secret(spying: str) -> None:
    world = opened()
    _, bob = whispers(world)
    bob.cut()
    if spying == "person":
        spy = world.connect()
        spy.says("bob", "/back otter-41-lamp", "/login bob", "/login bob otter-41-lamp", "bob2")
        spy.says("/inbox", "/history")
    else:
        for secret in ("", "secret of ana", "wrong", "2", "@2"):
            spy = Program(world, "bob", secret)
            world.attach(spy)
            spy.enters(resume=True, after={"@": 0})
            spy.enters(resume=False, after={"@": 0})
            assert knows(spy) == []
    assert knows(spy) == []


# A room that is made again


@pytest.mark.parametrize("restart", [False, True])
def test_a_locked_room_that_was_empty_opens_its_record_to_nobody(
    restart: bool, spying: str
) -> None:
    world = opened(limits=FREELY)
    ana = authentication(world)
    ana.sends_objects({"type": "bye"})
    world.settle()
    if restart:
        world = world.crashes()
    spy = newcomer(world, "eva", spying)
    asks_all(spy)
    assert knows(spy) == []
    if isinstance(spy, Program):
        opens(world, spy)
        assert len(knows(spy)) == 2  # it was all there: the topic and the text


def test_who_was_a_guest_there_once_needs_the_key_again(spying: str) -> None:
    world = opened(limits=FREELY)
    spy = newcomer(world, "eva", spying)
    ana = world.program("ana")
    done(ana, "join", room="vault")
    if isinstance(spy, Program):
        done(spy, "join", room="vault")
        done(spy, "leave", room="vault")
    else:
        spy.says("/join vault", "/leave")
    done(ana, "key", room="vault", key="otter")
    ana.says(SECRET, room="vault")
    asks_all(spy)
    assert knows(spy) == []


def _comes_back(world: World, word: str) -> Peer:
    peer = world.connect()
    peer.says(f"/back {word}")
    return peer


@pytest.mark.parametrize("restart", [False, True])
def test_a_member_whose_hold_has_ended_is_shown_nothing_more(restart: bool, spying: str) -> None:
    world = opened(limits=FREELY)
    ana = world.program("ana")
    done(ana, "join", room="vault")
    done(ana, "key", room="vault", key="otter")
    spy = newcomer(world, "eva", spying)
    if isinstance(spy, Program):
        opens(world, spy)
    else:
        spy.says("/join vault otter")
    ana.says("come closer", room="vault")
    spy.reads()
    assert "come closer" in str(spy.heard)
    spy.cut()
    world.passes(121)
    ana.says(SECRET, room="vault")
    done(ana, "topic", room="vault", text=SECRET)
    if restart:
        world = world.crashes()
    spy = spy.again(world) if isinstance(spy, Program) else _comes_back(world, spy.word)
    asks_all(spy)
    assert knows(spy) == []


# After one was sent away


def sent_away(how: str) -> Json:
    return {"type": how, "nick": "eva", "who": "eva", "room": "vault"}


@pytest.mark.parametrize("how", ["kick", "ban"])
def test_whoever_was_sent_away_hears_nothing_more_of_the_room(how: str, spying: str) -> None:
    world = opened(limits=FREELY)
    spy = _member_sent_away(world, how, spying)
    asks_all(spy)
    assert knows(spy) == []


@pytest.mark.parametrize("how", ["kick", "ban"])
@pytest.mark.parametrize("restart", [False, True])
def test_nor_on_coming_back(how: str, restart: bool, spying: str) -> None:
    world = opened(limits=FREELY)
    spy = _member_sent_away(world, how, spying)
    spy.cut()
    if restart:
        world = world.crashes()
    if isinstance(spy, Program):
        spy = spy.again(world, after={**spy.after, "vault": 0, "Vault": 0})
    else:
        spy = _comes_back(world, spy.word)
    asks_all(spy)
    assert knows(spy) == []


@pytest.mark.parametrize("how", ["kick", "ban"])
def test_nor_when_they_were_away_just_then(how: str, spying: str) -> None:
    world = opened(limits=FREELY)
    ana, spy = _with_member(world, spying)
    spy.cut()
    ana.sends_objects(sent_away(how))
    world.settle()
    ana.says(SECRET, room="vault")
    spy = spy.again() if isinstance(spy, Program) else _comes_back(world, spy.word)
    asks_all(spy)
    assert knows(spy) == []


def _with_member(world: World, dialect: str, *before: str) -> tuple[Program, Peer]:
    """Ana's locked room, and eva, who knows the key; the key is another by now."""
    ana = world.program("ana")
    done(ana, "join", room="vault")
    done(ana, "key", room="vault", key="otter")
    if before:
        ana.says(*before, room="vault")
    spy = newcomer(world, "eva", dialect)
    if isinstance(spy, Program):
        opens(world, spy)
    else:
        spy.says("/join vault otter")
    done(ana, "key", room="vault", key="weasel")
    ana.says("hello eva", room="vault")
    spy.reads()
    assert "hello eva" in str(spy.heard)
    return ana, spy


def _member_sent_away(world: World, how: str, dialect: str) -> Peer:
    ana, spy = _with_member(world, dialect)
    ana.sends_objects(sent_away(how))
    world.settle()
    ana.says(SECRET, room="vault")
    ana.sends_objects({"type": "topic", "room": "vault", "text": SECRET})
    world.settle()
    return spy


@pytest.mark.parametrize("how", ["kick", "ban"])
@pytest.mark.parametrize("asked", ["history", "search", "since"])
def test_an_answer_that_the_disk_is_slow_to_give_is_not_given_any_more(
    how: str, asked: str, spying: str
) -> None:
    """They were a member when they asked, and are none when it is answered."""
    disk, limits = SlowRecord(), Limits(replay=2, flood_rate=0)
    world = World(disk, limits=limits)
    ana, spy = _with_member(world, spying, SECRET, *"12345")
    assert knows(spy) == []
    disk.slow_to_read = True
    if isinstance(spy, Program):
        how_much = {"search": {"words": "eagle"}, "since": {"since": "2020-01-01T00:00:00Z"}}
        fields = how_much.get(asked, {"limit": 500})
        type = "search" if asked == "search" else "history"
        spy.sends_objects({"type": type, "room": "vault", **fields})
    else:
        lines = {"search": "/search eagle", "since": "/history 00:00", "history": "/history 500"}
        spy.says(lines[asked])
    world.settle()
    ana.sends_objects(sent_away(how))
    world.settle()
    disk.slow_to_read = False
    for _ in range(3):
        disk.finds()
        world.settle()
    assert "no room vault" in str(spy.reads())
    assert knows(spy) == []


@pytest.mark.parametrize("how", ["kick", "ban"])
def test_what_is_being_read_for_who_catches_up_is_not_given_any_more(how: str, spying: str) -> None:
    disk = SlowRecord(Limits(block=4, flood_rate=0))
    world = World(disk, limits=Limits(block=4, flood_rate=0))
    ana, spy = _with_member(world, spying)
    spy.stops_reading()
    ana.says(*[SECRET] * 20, room="vault")
    assert not spy.wire.held  # nothing of it was on its way before
    disk.slow_to_read = True
    spy.reads_again()
    ana.sends_objects(sent_away(how))
    world.settle()
    disk.slow_to_read = False
    disk.finds()
    world.passes(10)
    assert knows(spy) == []
    if how == "kick":
        world.program("zoe").says("in the first room")
        assert "in the first room" in str(spy.reads())


@pytest.mark.parametrize("how", ["leave", "kick"])
def test_a_key_is_asked_for_though_the_leaving_is_still_on_its_way(how: str) -> None:
    """A kick is so only behind what was said before it: who is there until then goes with it."""
    disk = SlowRecord()
    world = World(disk, limits=FREELY)
    ana, _ = _with_member(world, "program")
    eva = next(peer for peer in world.peers if isinstance(peer, Program) and peer.nick == "eva")
    disk.slow = True
    ana.says("something that takes long", room="vault")
    if how == "kick":
        ana.sends_objects(sent_away("kick"))
    else:
        eva.sends_objects({"type": "leave", "room": "vault"})
    world.settle()
    eva.sends_objects({"type": "join", "room": "vault"})
    world.settle()
    disk.slow = False
    disk.writes()
    world.settle()
    if how == "kick":
        eva.sends_objects({"type": "join", "room": "vault"})
        world.settle()
    ana.says(SECRET, room="vault")
    assert knows(eva) == []
    assert eva.heard[-1]["code"] == "room-locked"


def test_whoever_is_banned_is_no_ghost_in_the_room_after_a_crash() -> None:
    """The ban is on the disk, and that they have gone is not."""
    disk = SlowRecord()
    world = World(disk, limits=FREELY)
    ana, eva = _with_member(world, "program")
    row = next(row for row in disk.sessions_here() if row.nick == "eva")
    ana.sends_objects(sent_away("ban"))
    world.settle()
    disk.save(row)
    world = world.crashes()
    ana = ana.again(world)
    eva = eva.again(world)  # type: ignore[attr-defined]
    assert "vault" not in eva.welcome["rooms"]
    assert ana.asks("who", room="vault")["here"] == ["ana"]
    ana.says(SECRET, room="vault")
    assert knows(eva) == []
