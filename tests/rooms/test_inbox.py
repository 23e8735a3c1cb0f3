"""Private messages: recorded twice at once, acknowledged, kept for whoever is away, read by two."""

from __future__ import annotations

from typing import Any

import pytest
from twisted.python.failure import Failure

from huddle.protocol.limits import Limits
from tests.slow_record import SlowRecord
from tests.world import TRANSPORTS, Json, Peer, Program, World

OTHERS = {"ana": "sesame77", "bob": "sesame88"}
KEPT = {
    "en": "-- bob is away; your message waits.",
    "es": "-- bob no está ahora; tu mensaje espera.",
}


def on_disk(**more: Any) -> tuple[World, SlowRecord]:
    disk = SlowRecord(more.get("limits"))
    return World(disk, **more), disk


def comes_back(world: World, word: str) -> Peer:
    peer = world.connect()
    peer.forgets()
    peer.says(f"/back {word}")
    return peer


def logs_in(world: World, nick: str) -> Peer:
    peer = world.connect()
    peer.says(f"/login {nick} {OTHERS[nick]}")
    return peer


def msg(id: int, to: str, text: str, **more: object) -> Json:
    return {"type": "msg", "id": id, "to": to, "text": text, **more}


def writes_to(program: Program, to: str, *texts: str) -> None:
    """The program sends these as private messages, each under the next id, in one write."""
    for text in texts:
        draft = program.drafts(text, type="msg", to=to)
        del draft["room"]
        program.sends_objects(draft)
    program.world.settle()


def private(program: Program) -> list[tuple[int, str]]:
    """The private messages it was ever given: seq and text."""
    program.said()
    return [(each["seq"], each["text"]) for each in program.heard if is_private(each)]


def is_private(event: Json) -> bool:
    return (event["type"], event.get("room")) == ("said", "@")


# Between two who are here


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_what_is_said_to_one_person_is_heard_by_that_one_alone(transport: str) -> None:
    world = World(transport=transport)
    ana, bob, carla = (world.person(nick) for nick in ("ana", "bob", "carla"))
    for person in (ana, bob):
        person.forgets()
    ana.says("/msg bob  ¿vienes?", "/privado bob hoy")
    bob.hears("[ana] ¿vienes?", "[ana] hoy")
    ana.hears()
    carla.hears()
    bob.says("/msg ana sí")
    ana.hears("[bob] sí")
    carla.hears()


def test_programs_and_people_write_to_each_other() -> None:
    world = World()
    ana, bot = world.person("ana"), world.program("bot")
    ana.says("/msg bot ping")
    bot.hears({"type": "said", "room": "@", "seq": 1, "nick": "ana", "kind": "say", "text": "ping"})
    assert "to" not in bot.heard[-1]
    ana.forgets()
    assert bot.asks("msg", id=1, to="ana", text="pong") == {
        "type": "ack",
        "id": 1,
        "room": "@",
        "seq": 2,
    }
    ana.hears("[bot] pong")
    assert bot.asks("msg", id=2, to="ana", text="nods", kind="me")["seq"] == 3
    ana.hears("[* bot nods]")


def test_the_ack_has_the_place_in_the_senders_own_inbox() -> None:
    world = World()
    ana, bob = world.program("ana"), world.program("bob")
    writes_to(ana, "bob", "1", "2")
    writes_to(bob, "ana", "3")
    assert private(bob) == [(1, "1"), (2, "2")]
    assert private(ana) == [(3, "3")]
    assert (ana.acks, bob.acks) == ({1: 1, 2: 2}, {1: 3})


def test_the_nick_may_be_typed_as_it_looks() -> None:
    world = World()
    ana, bob = world.person("ana"), world.person("bob")
    ana.says("/msg BOB 1", "/msg bоb 2")  # the second has a Cyrillic letter
    bob.hears("[ana] 1", "[ana] 2")


def test_it_goes_across_rooms() -> None:
    world = World()
    ana, bob = world.person("ana"), world.person("bob")
    ana.says("/join ops")
    bob.says("/join den")
    bob.forgets()
    ana.says("/msg bob hola")
    bob.hears("[ana] hola")


def test_one_may_write_to_oneself() -> None:
    world = World()
    ana = world.program("ana")
    assert ana.asks("msg", id=1, to="ana", text="note")["seq"] == 1
    assert [each["text"] for each in ana.asks("history", room="@")["messages"]] == ["note"]
    assert ana.asks("msg", id=1, to="ana", text="note")["seq"] == 1


@pytest.mark.parametrize("to", ["nobody", "@", "", "bob@", "@1", "x" * 500, "b ob"])
def test_to_nobody_is_an_error_and_nothing_is_recorded(to: str) -> None:
    world, disk = on_disk()
    ana, _ = world.program("ana"), world.person("bob")
    assert ana.asks("msg", id=1, to=to, text="x")["code"] in ("nobody-there", "bad-field")
    assert disk.kept == {}
    ana.forgets()
    assert ana.asks("msg", id=2, to="bob", text="x")["seq"] == 1


@pytest.mark.parametrize(
    ("language", "error"), [("en", "Nobody is called"), ("es", "Aquí nadie se")]
)
def test_a_person_is_told_that_nobody_is_called_so(language: str, error: str) -> None:
    world = World(language=language)
    ana = world.person("ana")
    ana.says("/msg bob hola")
    assert ana.reads()[0].startswith(f"-- {error}")


def test_whoever_is_on_the_way_out_is_there_no_more() -> None:
    world, disk = on_disk()
    ana, bob = world.program("ana"), world.person("bob")
    disk.slow = True
    bob.says("bye", "/quit")
    assert ana.asks("msg", id=1, to="bob", text="x")["code"] == "nobody-there"


def test_each_room_keeps_the_order_in_which_one_person_spoke() -> None:
    world = World()
    ana, bob = world.program("ana"), world.program("bob")
    ana.sends_objects(
        ana.drafts("1"),
        {"type": "msg", "id": 100, "to": "bob", "text": "p1"},
        {"type": "say", "id": 101, "room": "huddle", "text": "2"},
        {"type": "msg", "id": 102, "to": "bob", "text": "p2"},
    )
    world.settle()
    assert [text for text in bob.said() if text[0] == "p"] == ["p1", "p2"]
    assert [text for text in bob.said() if text[0] != "p"] == ["1", "2"]


def test_no_say_goes_into_an_inbox() -> None:
    world = World()
    ana, _ = world.program("ana"), world.program("bob")
    assert ana.asks("say", id=1, room="@", text="x")["code"] == "nobody-there"
    for room in ("@1", "@2", "@a1"):
        assert ana.asks("say", id=2, room=room, text="x")["code"] == "no-such-room"


# Once


def test_said_again_it_is_acknowledged_again_and_comes_once() -> None:
    world = World()
    ana, bob = world.program("ana"), world.program("bob")
    first = ana.asks("msg", id=1, to="bob", text="x")
    assert ana.asks("msg", id=1, to="bob", text="x") == first
    assert ana.asks("msg", id=1, to="Bob", text="x") == first
    assert private(bob) == [(1, "x")]


@pytest.mark.parametrize(
    "other",
    [
        msg(1, "bob", "y"),
        msg(1, "carla", "x"),
        msg(1, "bob", "x", kind="me"),
        {"type": "say", "id": 1, "room": "huddle", "text": "x"},
    ],
)
@pytest.mark.parametrize("settled", [True, False])
def test_an_id_is_for_one_text_to_one_person(other: Json, settled: bool) -> None:
    world, disk = on_disk()
    ana, bob, carla = (world.program(nick) for nick in ("ana", "bob", "carla"))
    disk.slow = not settled
    ana.sends_objects(msg(1, "bob", "x"))
    world.settle()
    ana.forgets()
    ana.sends_objects(other)
    world.settle()
    ana.hears({"type": "error", "code": "id-reused", "id": 1})
    disk.slow = False
    disk.writes()
    world.settle()
    assert (private(bob), private(carla)) == ([(1, "x")], [])


@pytest.mark.parametrize("gone", ["left", "renamed", "taken"])
def test_a_repetition_is_acknowledged_when_the_recipient_is_somebody_else_by_now(gone: str) -> None:
    world = World()
    ana, bob = world.program("ana"), world.person("bob")
    first = ana.asks("msg", id=1, to="bob", text="x")
    bob.hears_at_last("[ana] x")
    bob.says("/nick eva" if gone == "renamed" else "/quit")
    if gone == "taken":
        bob = world.person("bob")
    ana.forgets()
    assert ana.asks("msg", id=1, to="bob", text="x") == first
    assert not any("[ana] x" in line for line in bob.reads())


def test_a_repetition_to_a_nick_that_was_just_given_up_is_one_all_the_same() -> None:
    world, disk = on_disk()
    ana, bob = world.program("ana"), world.program("bob")
    disk.slow = True
    bob.sends_objects({"type": "say", "id": 1, "room": "huddle", "text": "x"})
    world.settle()
    bob.sends_objects({"type": "nick", "nick": "rob"})
    world.settle()
    writes_to(ana, "bob", "hello")
    disk.slow = False
    disk.writes()
    world.settle()
    assert private(bob) == [(1, "hello")]
    ana.forgets()
    assert ana.asks("msg", id=1, to="bob", text="hello")["type"] == "ack"
    assert ana.asks("msg", id=1, to="rob", text="hello")["code"] == "id-reused"


@pytest.mark.parametrize("on_the_disk", [0, 1])
def test_what_was_not_acknowledged_before_a_crash_is_said_once(on_the_disk: int) -> None:
    world, disk = on_disk()
    ana, bob = world.program("ana"), world.program("bob")
    disk.slow = True
    writes_to(ana, "bob", "x")
    disk.loses_power(after=on_the_disk)
    world = world.crashes()
    bob = bob.again(world)
    ana = ana.again(world)
    assert private(bob) == [(1, "x")]
    ana.forgets()
    assert (ana.acks, ana.unacknowledged) == ({1: 1}, {})


def test_both_copies_are_kept_or_none() -> None:
    """One poisonous message fails alone, in both inboxes."""
    world, disk = on_disk()
    ana, bob, eva = (world.program(nick) for nick in ("ana", "bob", "eva"))
    disk.poison = "poison"
    disk.slow = True
    writes_to(eva, "bob", "before")
    writes_to(ana, "bob", "poison")
    writes_to(eva, "ana", "behind")
    disk.slow = False
    disk.writes()
    world.settle()
    assert private(bob) == [(1, "before")]
    assert private(ana) == [(1, "behind")]
    assert [each["code"] for each in ana.heard if each["type"] == "error"] == ["not-recorded"]
    assert {room: len(kept) for room, kept in disk.kept.items()} == {"@1": 1, "@2": 1, "@3": 2}


@pytest.fixture(autouse=True)
def poison_is_logged(logged_failures: list[Failure]) -> Any:
    """What the record chokes on is logged, and is no surprise here."""
    yield
    for failure in list(logged_failures):
        if "poison" in str(failure.value):
            logged_failures.remove(failure)


def test_after_a_failure_nothing_later_of_this_session_is_said_before_it() -> None:
    world, _ = on_disk()
    ana, bob = world.program("ana"), world.program("bob")
    ana.forgets()
    world.takes_nothing()
    writes_to(ana, "bob", "1")
    world.takes_again()
    writes_to(ana, "bob", "2")
    ana.says("3")
    assert [each["code"] for each in ana.reads()] == ["not-recorded"] * 3
    ana.sends_objects(*ana.unacknowledged.values())
    world.settle()
    ana.said()
    assert ana.acks == {1: 1, 2: 2, 3: 1}
    assert private(bob) == [(1, "1"), (2, "2")]


def test_a_person_is_told_that_it_could_not_be_recorded_and_not_that_it_is_kept() -> None:
    world, _ = on_disk()
    ana, bob = world.person("ana"), world.person("bob")
    bob.cut()
    world.takes_nothing()
    ana.forgets()
    ana.says("/msg bob x")
    ana.hears("-- Not recorded, and nobody has seen it. Try again.")


# For somebody who is away


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("restart", [False, True])
def test_what_is_said_to_somebody_who_is_held_waits_for_them(restart: bool, language: str) -> None:
    world, _ = on_disk(language=language)
    ana, bob = world.person("ana"), world.person("bob")
    bob.cut()
    ana.forgets()
    ana.says("/msg bob 1", "/msg bob 2")
    ana.hears(KEPT[language], KEPT[language])
    if restart:
        world = world.crashes()
    bob = comes_back(world, bob.word)
    heard = bob.reads()
    assert heard[-2:] == ["12:00 [ana] 1", "12:00 [ana] 2"]


def test_a_program_finds_it_by_what_it_has() -> None:
    world, _ = on_disk()
    ana, bot = world.program("ana"), world.program("bot", replay=0)
    writes_to(ana, "bot", "1", "2")
    assert private(bot) == [(1, "1"), (2, "2")]
    bot.cut()
    writes_to(ana, "bot", *"345")
    world = world.crashes()
    bot = bot.again(world, replay=0)
    assert bot.welcome["rooms"]["@"]["seq"] == 5
    ana = ana.again(world)
    writes_to(ana, "bot", "6")
    assert private(bot) == [(seq, str(seq)) for seq in range(1, 7)]


def test_a_program_that_never_had_a_private_message_gets_the_first_ones_all_the_same() -> None:
    """It names no seq of an inbox of which it has heard nothing; and it wants no replay."""
    world, _ = on_disk()
    ana, bot = world.program("ana"), world.program("bot", replay=0)
    bot.cut()
    writes_to(ana, "bot", *map(str, range(30)))
    bot = bot.again(replay=0)
    assert [text for _, text in private(bot)] == list(map(str, range(30)))


@pytest.mark.parametrize("restart", [False, True])
def test_a_first_private_message_that_was_on_its_way_is_not_lost(restart: bool) -> None:
    world, _ = on_disk()
    ana, bob = world.person("ana"), world.person("bob")
    world.beats(30)
    bob.stops_reading()
    ana.says("/msg bob 1", "/msg bob 2")
    bob.cut()
    if restart:
        world = world.crashes()
    bob = comes_back(world, bob.word)
    assert [line[6:] for line in bob.reads()[-2:]] == ["[ana] 1", "[ana] 2"]


def test_what_was_read_long_before_a_crash_is_not_shown_again() -> None:
    world, _ = on_disk(limits=Limits(hold=36_000))
    ana, bob = world.person("ana"), world.person("bob")
    for text in ("1", "2", "3", "4"):
        bob.says(f"/msg ana {text}")
        world.beats(60)
    ana.forgets()
    again = comes_back(world.crashes(), ana.word)
    heard = [line[-1] for line in again.reads() if "[bob]" in line]
    assert heard in (["3", "4"], ["4"])  # several nodes know longer what they have shown


@pytest.mark.parametrize("dialect", ["person", "program"])
def test_what_begins_while_nothing_is_read_is_shown_behind_a_crash_however_late(
    dialect: str,
) -> None:
    world, _ = on_disk(limits=Limits(hold=36_000))
    ana = world.program("ana", replay=0) if dialect == "program" else world.person("ana")
    bob = world.person("bob")
    world.beats(30)
    ana.stops_reading()
    bob.says("hola")
    for text in ("1", "2", "3", "4"):
        world.beats(60)
        bob.says(f"/msg ana {text}")
    world.beats(60)
    world = world.crashes()
    if isinstance(ana, Program):
        assert [text for _, text in private(ana.again(world, replay=0))] == ["1", "2", "3", "4"]
    else:
        heard = comes_back(world, ana.word).reads()
        assert [line[-1] for line in heard if "[bob]" in line] == ["1", "2", "3", "4"]


def test_a_program_may_name_its_inbox_before_there_is_anything_in_it() -> None:
    world, _ = on_disk()
    ana = world.program("ana")
    bot = world.program("bot", after={"huddle": 0, "@": 0}, epoch="epoch-of-disk")
    assert "@" not in bot.welcome["rooms"]
    writes_to(ana, "bot", "1")
    assert private(bot) == [(1, "1")]


def test_a_program_that_has_more_than_its_inbox_is_told_to_start_anew() -> None:
    world, _ = on_disk()
    bot = world.program("bot")
    bot.cut()
    bot = bot.again(after={"@": 7})
    reset = next(each for each in bot.heard if each["type"] == "reset")
    assert (reset["room"], reset["epoch"]) == ("@", "epoch-of-disk")


def test_another_record_starts_anew_in_the_inbox_too() -> None:
    world = World(SlowRecord())
    ana, bot = world.program("ana"), world.program("bot")
    writes_to(ana, "bot", "1", "2")
    bot.said()
    bot.cut()
    bot = bot.again(epoch="another")
    assert [each["room"] for each in bot.heard if each["type"] == "reset"] == ["@"]
    assert private(bot) == [(1, "1"), (2, "2")] * 2


@pytest.mark.parametrize("dialect", ["person", "program"])
def test_whose_message_was_not_read_is_told_when_the_hold_ends(dialect: str) -> None:
    world, _ = on_disk()
    ana, bob = world.program("ana"), world.person("bob")
    if dialect == "person":
        ana = world.person("eva")  # type: ignore[assignment]
    bob.cut()
    if dialect == "person":
        ana.says("/msg bob 1", "/msg bob 2")
    else:
        writes_to(ana, "bob", "1", "2")
    ana.forgets()
    world.passes(121)
    heard = ana.reads()
    if dialect == "person":
        assert heard == [
            "-- bob left",
            "-- bob did not come back: 2 messages of yours were not read.",
        ]
    else:
        assert {"type": "unread", "nick": "bob", "count": 2} in heard


def test_what_was_read_before_is_not_told_as_unread() -> None:
    world, _ = on_disk()
    ana, bob, eva = world.program("ana"), world.person("bob"), world.program("eva")
    writes_to(ana, "bob", "read")
    world.beats(30)
    bob.cut()
    writes_to(eva, "bob", "unread")
    world.passes(121)
    assert not any(each["type"] == "unread" for each in ana.reads())
    assert {"type": "unread", "nick": "bob", "count": 1} in eva.reads()


@pytest.mark.parametrize("restart", [False, True])
def test_a_sender_who_is_away_then_is_told_on_coming_back(restart: bool) -> None:
    world, _ = on_disk()
    ana, bob = world.person("ana"), world.person("bob")
    bob.cut()
    ana.says("/msg bob 1")
    if restart:
        world = world.crashes()
        ana = comes_back(world, ana.word)
        ana.forgets()
    world.passes(60)
    ana.cut()
    world.passes(61)
    ana = comes_back(world, ana.word)
    heard = ana.reads()
    assert "-- bob did not come back: 1 message of yours was not read." in heard


def test_what_was_on_its_way_to_a_guest_who_logs_in_is_not_lost_in_silence() -> None:
    """It is in the guest's inbox, and the account has another."""
    world, disk = on_disk(others=OTHERS)
    ana, guest = world.program("eva"), world.person("guest")
    disk.slow = True
    guest.says(f"/login bob {OTHERS['bob']}")
    disk.writes(1)  # the account gets its number
    world.settle()
    ana.forgets()
    writes_to(ana, "guest", "where are you?")
    assert disk.waiting == 2
    disk.slow = False
    disk.writes()
    world.settle()
    assert {"type": "unread", "nick": "bob", "count": 1} in ana.reads()
    assert not any("where" in line for line in guest.reads())


def test_what_waits_for_a_guest_who_comes_back_as_a_member_is_not_lost_in_silence() -> None:
    world, _ = on_disk(others=OTHERS)
    ana, guest = world.person("eva"), world.program("guest")
    guest.cut()
    ana.says("/msg guest where are you?")
    ana.forgets()
    back = guest.again(nick="bob", password=OTHERS["bob"])
    assert not any(is_private(each) for each in back.heard)
    told = "-- guest did not come back: 1 message of yours was not read."
    ana.hears(told, "-- guest is now bob")


def test_many_who_wrote_are_told_each_of_their_own() -> None:
    """They are read block by block."""
    world, _ = on_disk(limits=Limits(block=4))
    ana, eva, bob = world.program("ana"), world.program("eva"), world.person("bob")
    bob.cut()
    for _ in range(5):
        writes_to(ana, "bob", "a")
        writes_to(eva, "bob", "e", "e")
    world.passes(121)
    assert {"type": "unread", "nick": "bob", "count": 5} in ana.reads()
    assert {"type": "unread", "nick": "bob", "count": 10} in eva.reads()


def test_so_many_wait_for_somebody_and_no_more() -> None:
    world, _ = on_disk(limits=Limits(pending=3))
    ana, bob = world.program("ana"), world.person("bob")
    bob.cut()
    for text in "123":
        writes_to(ana, "bob", text)
    refused = ana.asks("msg", id=9, to="bob", text="4")
    assert (refused["code"], refused["what"], refused["limit"]) == ("too-many", "pending", 3)
    assert ana.asks("msg", id=3, to="bob", text="3")["type"] == "ack"  # a repetition is none more
    bob = comes_back(world, bob.word)
    assert [line[-1] for line in bob.reads()[-3:]] == ["1", "2", "3"]
    writes_to(ana, "bob", *"56789")
    assert len(bob.reads()) == 5


def test_a_program_that_is_held_after_a_crash_is_written_to_whatever_its_inbox_holds() -> None:
    world, _ = on_disk(limits=Limits(pending=3))
    ana, _ = world.program("ana"), world.program("bot")
    for text in "12345":
        writes_to(ana, "bot", text)
        world.passes(60)
    world = world.crashes()
    ana = ana.again(world)
    writes_to(ana, "bot", "6")
    ana.forgets()
    assert not ana.unacknowledged


# On several devices


def test_both_devices_of_an_account_hear_it_and_the_senders_other_one_too() -> None:
    world = World(SlowRecord(), others=OTHERS)
    ana, phone = logs_in(world, "ana"), logs_in(world, "ana")
    bob, laptop = logs_in(world, "bob"), logs_in(world, "bob")
    for peer in (ana, phone, bob, laptop):
        peer.forgets()
    ana.says("/msg bob hola")
    ana.hears()
    phone.hears("[ana → bob] hola")
    bob.hears("[ana] hola")
    laptop.hears("[ana] hola")
    phone.says("/me ríe", "/msg bob otra")
    ana.hears("* ana ríe", "[ana → bob] otra")
    bob.hears("* ana ríe", "[ana] otra")


def test_one_device_that_leaves_closes_the_inbox_for_no_other() -> None:
    world = World(others=OTHERS)
    phone, laptop, bob = logs_in(world, "ana"), logs_in(world, "ana"), world.person("bob2")
    bob.says("/msg ana 1")
    phone.says("/quit")
    laptop.forgets()
    bob.says("/msg ana 2")
    laptop.hears("[bob2] 2")


def test_one_device_that_comes_takes_the_inbox_from_no_other() -> None:
    world = World(others=OTHERS)
    laptop, bob = logs_in(world, "ana"), world.person("bob2")
    bob.says("/msg ana 1")
    laptop.forgets()
    phone = logs_in(world, "ana")
    phone.forgets()
    bob.says("/msg ana 2")
    laptop.hears("[bob2] 2")
    phone.hears("[bob2] 2")


def test_a_program_of_the_same_account_is_sent_the_copy_with_the_nick_it_went_to() -> None:
    world = World(SlowRecord(), others=OTHERS)
    ana = world.program("ana", password=OTHERS["ana"])
    other = world.program("ana", secret="other", password=OTHERS["ana"])
    world.person("bob2")
    other.forgets()
    assert ana.asks("msg", id=1, to="bob2", text="x")["seq"] == 1
    other.hears({"type": "said", "room": "@", "seq": 1, "nick": "ana", "to": "bob2", "text": "x"})


@pytest.mark.parametrize("restart", [False, True])
def test_what_is_said_to_an_account_that_is_away_waits_for_it_for_good(restart: bool) -> None:
    world = World(SlowRecord(), others=OTHERS)
    bob = logs_in(world, "bob")
    bob.cut()
    world.passes(1000)
    ana = world.person("eva")
    ana.says("/msg bob 1")
    ana.hears("-- bob is away; your message waits.")
    if restart:
        world = world.crashes()
    world.passes(100_000)
    bob = logs_in(world, "bob")
    assert bob.reads()[-1].endswith(" [eva] 1")


def test_what_one_device_has_read_is_not_new_to_another() -> None:
    world = World(SlowRecord(), others=OTHERS)
    bob, eva = logs_in(world, "bob"), world.person("eva")
    eva.says("/msg bob 1")
    world.beats(30)
    phone = logs_in(world, "bob")
    assert not any("[eva]" in line for line in phone.reads())
    phone.says("/inbox")
    phone.hears("12:00 [eva] 1")
    for device in (bob, phone):
        device.cut()
    eva.says("/msg bob 2")
    phone = logs_in(world, "bob")
    assert [line for line in phone.reads() if "[eva]" in line] == ["12:00 [eva] 2"]


def test_each_device_of_an_account_goes_on_from_where_it_was() -> None:
    world = World(SlowRecord(), others=OTHERS)
    eva = world.program("eva")
    one = world.program("bob", password=OTHERS["bob"])
    two = world.program("bob", secret="two", password=OTHERS["bob"])
    writes_to(eva, "bob", "1")
    one.said()
    one.cut()
    writes_to(eva, "bob", "2")
    two.said()
    two.cut()
    writes_to(eva, "bob", "3")
    assert private(one.again()) == [(1, "1"), (2, "2"), (3, "3")]
    assert private(two.again()) == [(1, "1"), (2, "2"), (3, "3")]


# What happens to whoever reads slowly


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_a_slow_reader_gets_every_private_message_once(transport: str) -> None:
    world = World(SlowRecord(), transport=transport, limits=Limits(block=4))
    ana, bot = world.program("ana"), world.program("bot")
    bot.stops_reading(room=100)
    for number in range(1, 21):
        writes_to(ana, "bot", str(number))
        ana.says(f"room {number}")
        bot.takes(37)
    bot.reads_again()
    assert [text for _, text in private(bot)] == [str(number) for number in range(1, 21)]
    assert [text for text in bot.said() if "room" in text] == [f"room {n}" for n in range(1, 21)]


def test_a_slow_person_is_given_private_messages_when_they_read_again() -> None:
    world = World(SlowRecord())
    ana, bob = world.person("ana"), world.person("bob")
    bob.forgets()
    bob.stops_reading()
    ana.says("one", "/msg bob two", "three")
    bob.reads_again()
    assert {line.split()[-1] for line in bob.reads()} == {"one", "two", "three"}


# Asking of the past


def test_history_and_search_look_into_ones_own_inbox() -> None:
    world = World(SlowRecord())
    ana, bob = world.program("ana"), world.program("bob")
    writes_to(ana, "bob", "red fox", "blue fox")
    writes_to(bob, "ana", "a fox too")
    answer = ana.asks("history", room="@", limit=2)
    assert [(each["text"], each.get("to")) for each in answer["messages"]] == [
        ("blue fox", "bob"),
        ("a fox too", None),
    ]
    assert (answer["room"], answer["more"]) == ("@", True)
    found = bob.asks("search", room="@", words="fox blue")["messages"]
    assert [(each["room"], each["seq"], each["nick"]) for each in found] == [("@", 2, "ana")]
    assert ana.asks("search", room="huddle", words="fox")["messages"] == []


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_person_reads_their_inbox_again(language: str) -> None:
    world = World(language=language)
    ana, bob = world.person("ana"), world.person("bob")
    ana.says("/msg bob 1")
    bob.says("/msg ana 2")
    ana.forgets()
    ana.says({"en": "/inbox", "es": "/buzon"}[language], "/inbox 1")
    ana.hears("12:00 [ana → bob] 1", "12:00 [bob] 2", "12:00 [bob] 2")


def test_what_retention_took_from_an_inbox_is_told_as_a_gap() -> None:
    world, disk = on_disk()
    ana, bot = world.program("ana"), world.program("bot")
    writes_to(ana, "bot", "1")
    bot.said()
    bot.cut()
    writes_to(ana, "bot", *"2345")
    disk.forget(None, 2, world.now_ms())
    bot = bot.again()
    gap = next(each for each in bot.heard if each["type"] == "gap")
    assert (gap["room"], gap["from"], gap["to"]) == ("@", 2, 3)
    assert private(bot) == [(1, "1"), (4, "4"), (5, "5")]


def test_nobody_who_never_whispers_has_an_inbox_open() -> None:
    world = World(SlowRecord())
    people = [world.person(f"p{number}") for number in range(5)]
    programs = [world.program(f"b{number}", after={"@": 0}) for number in range(5)]
    for peer in people:
        peer.says("hola")
    assert len(programs) == 5
    sessions = world.huddle.registry.sessions
    assert not any(world.huddle.directory.find(session.inbox) for session in sessions)
