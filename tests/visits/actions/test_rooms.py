"""Rooms, as those in them hear of it: going in and out, who is where, and how a room is."""

from __future__ import annotations

from typing import Any

import pytest

from huddle.locale.columns import columns_of
from huddle.protocol.events import Changed, Setting
from huddle.protocol.limits import Limits
from tests.slow_record import SlowRecord
from tests.world import Peer, Program, World

IN = {"en": "-- You are in {} now.", "es": "-- Ahora estás en {}."}
ALONE = "Nobody else is here."


def on_disk(**more: Any) -> World:
    return World(SlowRecord(more.get("limits")), **more)


def comes_back(world: World, word: str) -> Peer:
    peer = world.connect()
    peer.forgets()
    peer.says(f"/back {word}")
    return peer


def listed(program: Program) -> dict[str, int]:
    """The rooms, each with how many are there."""
    return {row["room"]: row["count"] for row in program.asks("rooms")["rooms"]}


def error(code: str, **fields: object) -> dict[str, object]:
    return {"type": "error", "code": code, **fields}


# Going in and out, people


@pytest.mark.parametrize(("language", "join"), [("en", "/join ops"), ("es", "/entrar ops")])
def test_a_person_goes_from_one_room_into_another_and_both_rooms_are_told(
    language: str, join: str
) -> None:
    world = World(language=language)
    ana, bob, carla = (world.person(nick) for nick in ("ana", "bob", "carla"))
    bob.says(join)
    carla.says(join)
    ana.forgets()
    carla.forgets()
    bob.forgets()
    ana.says(join)
    heard = ana.reads()
    assert heard[0].startswith(IN[language].format("ops")), heard
    joined = {"en": "-- ana joined", "es": "-- ana ha entrado"}[language]
    assert [bob.reads(), carla.reads()] == [[joined], [joined]]
    bob.says({"en": "/leave", "es": "/dejar"}[language])
    assert bob.reads()[0].startswith(IN[language].format("huddle"))
    assert len(ana.reads()) == 1


def test_what_is_said_in_a_room_is_heard_there_and_nowhere_else() -> None:
    world = World()
    ana, bob, carla = (world.person(nick) for nick in ("ana", "bob", "carla"))
    for person in (ana, bob):
        person.says("/join ops")
    for person in (ana, bob, carla):
        person.forgets()
    ana.says("fire")
    carla.says("lunch")
    bob.hears("<ana> fire")
    carla.hears()
    ana.hears()


def test_what_was_said_before_a_join_is_said_in_the_old_room() -> None:
    disk = SlowRecord()
    world = World(disk)
    ana, bob, carla = (world.person(nick) for nick in ("ana", "bob", "carla"))
    carla.says("/join ops")
    for person in (bob, carla):
        person.forgets()
    disk.slow = True
    ana.says("here", "/join ops", "there")
    disk.slow = False
    disk.writes()
    world.settle()
    bob.hears("<ana> here", "-- ana left")
    carla.hears("-- ana joined", "<ana> there")


def test_whoever_comes_back_at_once_has_never_been_away_for_the_others() -> None:
    disk = SlowRecord()
    world = World(disk)
    ana, bob = world.person("ana"), world.person("bob")
    bob.forgets()
    disk.slow = True
    ana.says("x", "/join ops", "/join huddle", "y")
    disk.slow = False
    disk.writes()
    world.settle()
    bob.hears("<ana> x", "<ana> y")
    assert len(world.huddle.room("huddle")) == 2


def test_names_that_look_alike_are_one_room_under_its_first_name() -> None:
    world = World()
    ana, bot = world.person("ana"), world.program("bot")
    ana.says("/join ops")
    for name in ("OPS", "о\u0440s", "ｏｐｓ"):  # the second begins with two Cyrillic letters
        assert bot.asks("join", room=name)["room"] == "ops"
    assert listed(bot) == {"huddle": 1, "ops": 2}


@pytest.mark.parametrize("name", ["", "@", "@1", "a b", "a<b", "-a", "x" * 33, "a,b", "@a1", "…"])
def test_what_is_no_name_makes_no_room(name: str) -> None:
    world = World()
    bot = world.program("bot")
    assert bot.asks("join", room=name)["code"] in ("bad-room", "bad-field")
    assert listed(bot) == {"huddle": 1}


def test_the_first_room_is_left_only_with_the_house() -> None:
    world = World()
    ana = world.person("ana")
    ana.says("/leave")
    ana.hears("-- This room is left only with the house: /quit")


def test_a_person_who_comes_into_a_room_is_shown_its_last_messages() -> None:
    world = World(limits=Limits(replay=2))
    ana, bob = world.person("ana"), world.person("bob")
    ana.says("/join ops", "1", "2", "3")
    bob.forgets()
    bob.says("/join ops")
    bob.hears("-- You are in ops now. 1 other here: ana.", "12:00 <ana> 2", "12:00 <ana> 3")


def test_a_person_who_is_there_already_is_told_so_and_shown_nothing_again() -> None:
    world = World()
    ana = world.person("ana")
    ana.says("/join ops", "hola")
    ana.forgets()
    ana.says("/join ops")
    ana.hears("-- You are in ops now. Nobody else is here.")


# Going in and out, programs


def test_a_program_is_in_as_many_rooms_as_it_likes() -> None:
    world = World()
    ana, bot = world.person("ana"), world.program("bot")
    assert bot.asks("join", id=7, room="ops") == {
        "type": "reply",
        "id": 7,
        "room": "ops",
        "seq": 0,
        "count": 1,
        "here": [],
    }
    ana.says("in huddle", "/join ops", "in ops")
    bot.hears(
        {"type": "said", "room": "huddle", "seq": 1, "text": "in huddle"},
        {"type": "left", "room": "huddle", "nick": "ana"},
        {"type": "joined", "room": "ops", "nick": "ana"},
        {"type": "said", "room": "ops", "seq": 1, "text": "in ops"},
    )
    bot.says("both", room="ops")
    ana.hears_at_last("<bot> both")
    assert bot.asks("leave", id=8, room="huddle") == {"type": "reply", "id": 8, "room": "huddle"}
    assert listed(bot) == {"ops": 2}
    assert bot.asks("say", id=9, room="huddle", text="x")["code"] == "no-such-room"


def test_the_reply_to_a_join_comes_before_what_was_said_there() -> None:
    world = World()
    ana, bot = world.person("ana"), world.program("bot")
    ana.says("/join ops", *"12345")
    bot.forgets()
    bot.sends_objects({"type": "join", "id": 1, "room": "ops", "replay": 2})
    world.settle()
    bot.hears(
        {"type": "reply", "id": 1, "room": "ops", "seq": 5, "count": 2, "here": ["ana"]},
        {"type": "said", "room": "ops", "seq": 4, "text": "4"},
        {"type": "said", "room": "ops", "seq": 5, "text": "5"},
    )


@pytest.mark.parametrize("after", [0, 3, 5])
def test_a_program_that_joins_gets_exactly_what_came_behind_what_it_has(after: int) -> None:
    world = World(limits=Limits(replay=1))
    ana, bot = world.person("ana"), world.program("bot")
    ana.says("/join ops", *"12345")
    bot.forgets()
    bot.sends_objects({"type": "join", "id": 1, "room": "ops", "after": after})
    world.settle()
    reply, *rest = bot.reads()
    assert reply["type"] == "reply"
    assert [each["seq"] for each in rest] == list(range(after + 1, 6))


def test_a_program_that_has_more_than_the_room_is_told_to_start_anew() -> None:
    world = World()
    ana, bot = world.person("ana"), world.program("bot")
    ana.says("/join ops", "1")
    bot.forgets()
    bot.sends_objects({"type": "join", "id": 1, "room": "ops", "after": 7})
    world.settle()
    bot.hears({"type": "reply"}, {"type": "reset", "room": "ops"}, {"type": "said", "seq": 1})


@pytest.mark.parametrize("restart", [False, True])
def test_a_program_gets_every_message_of_all_its_rooms_once_over_its_connections(
    restart: bool,
) -> None:
    world = on_disk()
    ana, bob, bot = world.person("ana"), world.person("bob"), world.program("bot")
    ana.says("/join ops")
    bob.says("/join den")
    bot.asks("join", room="ops")
    bot.asks("join", room="den")
    ana.says("o1", "o2")
    bob.says("d1")
    bot.cut()
    ana.says("o3")
    bob.says("d2", "d3")
    if restart:
        world = world.crashes()
        ana, bob = comes_back(world, ana.word), comes_back(world, bob.word)
        ana.says("o4")
    bot = bot.again(world)
    assert set(bot.welcome["rooms"]) == {"huddle", "ops", "den"}
    bob.says("d4")
    assert bot.said().count("d4") == 1
    told = [(each["room"], each["seq"]) for each in bot.heard if each["type"] == "said"]
    ops = [("ops", seq) for seq in range(1, 5 if restart else 4)]
    assert sorted(told) == [*(("den", seq) for seq in range(1, 5)), *ops]


def test_a_program_is_put_into_the_rooms_that_its_hello_names_if_there_are_such() -> None:
    world = World()
    ana = world.person("ana")
    ana.says("/join ops", "1", "2")
    bot = world.program("bot", after={"ops": 1, "nowhere": 4, "@1": 0, "@a1": 3}, epoch="epoch-1")
    assert set(bot.welcome["rooms"]) == {"ops"}
    assert bot.said() == ["2"]
    assert listed(bot) == {"ops": 2}


def test_a_program_that_has_left_all_its_rooms_is_in_the_first_one_when_it_comes_back() -> None:
    world = World()
    world.person("ana")
    bot = world.program("bot")
    bot.asks("leave", room="huddle")
    assert listed(bot) == {"huddle": 1}
    assert bot.asks("say", id=1, text="x") == error(
        "no-such-room", text="You are in no room huddle.", room="huddle", id=1
    )
    bot.cut()
    assert list(bot.again().welcome["rooms"]) == ["huddle"]


@pytest.mark.parametrize(
    ("type", "fields"),
    [
        ("say", {"text": "x", "id": 1}),
        ("history", {}),
        ("search", {"words": "x"}),
        ("who", {}),
        ("topic", {}),
        ("topic", {"text": "mine"}),
        ("leave", {}),
        ("delete", {"seq": 1}),
        ("slow", {"seconds": 5}),
        ("quiet", {"on": True}),
        ("key", {"key": "mine"}),
        ("bans", {}),
    ],
)
@pytest.mark.parametrize("room", ["ops", "nowhere", "@17", "@1", "@a1", "", " ", "huddle\u200d"])
def test_whoever_is_not_in_a_room_can_do_nothing_there(
    type: str, fields: dict[str, object], room: str
) -> None:
    """One answer for rooms that there are, that there are not, and that cannot be."""
    world = World()
    ana = world.person("ana")
    ana.says("/join ops", "x")
    bot = world.program("bot")
    ana.forgets()
    answer = bot.asks(type, room=room, **fields)
    assert answer["code"] in ("no-such-room", "bad-room"), answer
    if room in ("ops", "nowhere", "@17"):
        assert answer == {**error("no-such-room", room=answer["room"]), **answer}
    ana.hears()


def test_there_are_so_many_rooms_and_no_more() -> None:
    limits = Limits(rooms=3, rooms_each=2, per_address=0)
    world = on_disk(limits=limits)
    bot, bob = world.program("bot"), world.program("bob")
    bot.asks("join", room="ops")
    assert bot.asks("join", room="den")["what"] == "rooms_each"
    bob.asks("join", room="den")
    bob.asks("leave", room="huddle")
    assert bob.asks("join", room="one-more")["what"] == "rooms"
    bob.says("kept", room="den")
    bob.asks("leave", room="den")
    assert bob.asks("join", room="one-more")["what"] == "rooms"  # its record counts
    bot.asks("leave", room="ops")
    assert bob.asks("join", room="one-more")["type"] == "reply"


# Who is where


def test_who_tells_of_the_room_that_is_meant() -> None:
    world = World()
    ana, bob, bot = world.person("ana"), world.person("bob"), world.program("bot")
    ana.says("/join ops")
    bot.asks("join", room="ops")
    bob.cut()
    assert bot.asks("who", room="ops")["here"] == ["ana", "bot"]
    assert bot.asks("who", room="huddle")["away"] == ["bob"]
    assert bot.asks("who", room="@")["here"] == []
    ana.forgets()
    ana.says("/who")
    ana.hears("-- 2 here: ana, bot.")


def test_the_list_of_rooms_has_those_with_somebody_in_them() -> None:
    world = World()
    ana, bob = world.person("ana"), world.person("bob")
    ana.says("/join ops", "x", "/leave")
    bob.forgets()
    bob.says("/rooms")
    bob.hears("-- rooms: huddle (2)")


# Empty rooms, and what stays of them


def test_a_room_in_which_nothing_was_said_leaves_no_trace() -> None:
    disk = SlowRecord()
    world = World(disk)
    ana, bob = world.person("ana"), world.person("bob")
    ana.says("/join ops", "/leave")
    assert not world.huddle.directory.is_known("ops")
    assert (disk.marks(), disk.room_rows(), list(disk.rooms())) == ([], [], [])
    bob.says("/join ops")
    bob.forgets()
    bob.says("/topic mine now", "/quiet on")
    bob.hears(
        "-- bob set the topic: mine now",
        "-- bob made the room quiet: only those with a voice speak",
    )


@pytest.mark.parametrize("restart", [False, True])
def test_a_room_that_was_empty_is_again_as_it_was(restart: bool) -> None:
    world = on_disk()
    ana, bob = world.person("ana"), world.person("bob")
    ana.says("/join ops", "secret plans", "/topic fire", "/slow 5s", "/quiet on", "/key otter")
    ana.says("/leave")
    if restart:
        world = world.crashes()
        ana, bob = comes_back(world, ana.word), comes_back(world, bob.word)
    bob.forgets()
    bob.says("/rooms", "/join ops", "/join ops weasel")
    bob.hears(
        "-- rooms: huddle (2)",
        "-- ops is locked; it opens with its key: /join ops KEY",
        "-- ops is locked; it opens with its key: /join ops KEY",
    )
    bob.says("/join ops otter")
    bob.hears(
        "-- You are in ops now. Nobody else is here.",
        "-- topic: fire",
        "-- locked room: it opens with its key",
        "-- slow room: one line every 5s",
        "-- quiet room: only those with a voice speak",
        "12:00 <ana> secret plans",
    )
    bob.says("may I?")
    bob.hears("-- Not said: only those with a voice speak here.")
    ana.forgets()
    ana.says("/join ops")  # whoever made it needs no key
    assert ana.reads()[0] == "-- You are in ops now. 1 other here: bob."


def test_the_host_is_who_made_the_room_and_nobody_who_comes_when_it_was_empty() -> None:
    world = World()
    ana, bob = world.person("ana"), world.person("bob")
    ana.says("/join ops", "x", "/leave")
    bob.says("/join ops")
    bob.forgets()
    bob.says("/slow 5s")
    told = "Only an operator or a host of this room may do that; /help lists what you may do."
    bob.hears(f"-- {told}")
    bob.says("/leave")
    ana.says("/join ops")
    ana.forgets()
    ana.says("/slow 5s")
    ana.hears("-- ana made the room slow: one line every 5s")


def test_a_room_is_open_as_long_as_somebody_is_expected_back() -> None:
    world = World(limits=Limits(hold=120))
    ana, bot = world.person("ana"), world.program("bot")
    ana.says("/join ops")
    ana.cut()
    assert listed(bot)["ops"] == 1
    world.passes(121)
    assert "ops" not in listed(bot)


def test_what_is_told_in_an_empty_room_does_not_open_it() -> None:
    world = World()
    ana = world.person("ana")
    ana.says("/join ops", "x", "/leave")
    late = Changed("ops", "ana", Setting.TOPIC, "late")
    world.huddle.sequencer.happen(lambda: [late], lambda: None)
    world.settle()
    assert world.huddle.directory.find("ops") is None


# Coming back


@pytest.mark.parametrize("restart", [False, True])
def test_a_person_comes_back_into_the_room_where_they_were_and_misses_nothing(
    restart: bool,
) -> None:
    world = on_disk()
    ana, bob = world.person("ana"), world.person("bob")
    for person in (ana, bob):
        person.says("/join ops")
    world.beats()
    bob.cut()
    ana.says("1", "2")
    if restart:
        world = world.crashes()
    bob = comes_back(world, bob.word)
    bob.hears_at_last("-- you missed 2 messages --", "12:00 <ana> 1", "12:00 <ana> 2")
    bob.says("/who")
    assert bob.reads()[0].startswith("-- 2 here")


def test_a_held_member_needs_no_key_and_nobody_else_comes_in_without() -> None:
    world = on_disk()
    ana, bob = world.person("ana"), world.person("bob")
    ana.says("/join ops")
    bob.says("/join ops")
    ana.says("/key otter", "inside")
    bob.cut()
    bob = comes_back(world, bob.word)
    assert "-- You are in ops now." in bob.reads()
    bob.cut()
    world.passes(121)
    bob = comes_back(world, bob.word)
    heard = bob.reads()
    assert "-- ops is locked; it opens with its key: /join ops KEY" in heard
    assert not any("inside" in line for line in heard)
    bob.says("/who")
    bob.hears("-- 1 here: bob.")


def test_a_program_whose_room_was_locked_meanwhile_is_told_and_keeps_the_others() -> None:
    world = on_disk()
    ana, bot = world.person("ana"), world.program("bot")
    ana.says("/join ops")
    bot.asks("join", room="ops")
    ana.says("one")
    bot.cut()
    world.passes(121)
    ana.says("/key otter", "two")
    bot = bot.again()
    assert list(bot.welcome["rooms"]) == ["huddle"]
    refused = next(each for each in bot.heard if each["type"] == "error")
    assert (refused["code"], refused["room"]) == ("room-locked", "ops")
    assert bot.said() == ["one"]
    bot.forgets()
    bot.sends_objects({"type": "join", "room": "ops", "key": "otter", "after": bot.after["ops"]})
    world.settle()
    bot.hears({"type": "reply"}, {"type": "said", "text": "two"})


# How a room is


@pytest.mark.parametrize("language", ["en", "es"])
def test_everybody_in_the_room_hears_what_is_changed_about_it(language: str) -> None:
    world = World(language=language)
    ana, bot = world.person("ana"), world.program("bot")
    ana.says("/join ops")
    bot.asks("join", room="ops")
    ana.forgets()
    ana.says("/topic el fuego", "/slow 1.5s", "/quiet on", "/key k", "/key -", "/topic -")
    bot.hears(
        *(
            {"type": "changed", "room": "ops", "nick": "ana", "setting": setting, "value": value}
            for setting, value in [
                ("topic", "el fuego"),
                ("slow", 1.5),
                ("quiet", True),
                ("key", True),
                ("key", False),
                ("topic", ""),
            ]
        )
    )
    assert len(ana.reads()) == 6


def test_the_topic_is_anybodys_who_may_speak_there() -> None:
    world = World()
    ana, bob = world.person("ana"), world.program("bob")
    ana.says("/join ops", "/quiet on")
    bob.asks("join", room="ops")
    assert bob.asks("topic", room="ops", text="mine")["code"] == "room-quiet"
    ana.says("/voice bob")
    bob.forgets()
    bob.sends_objects({"type": "topic", "id": 5, "room": "ops", "text": "mine"})
    world.settle()
    assert {each["type"] for each in bob.reads()} == {"changed", "reply"}
    answer = bob.asks("topic", room="ops")
    assert (answer["topic"], answer["by"]) == ("mine", "bob")


def test_a_topic_that_is_too_long_is_refused_whole() -> None:
    world = World()
    bot = world.program("bot")
    assert bot.asks("topic", text="x" * 401)["code"] == "text-too-long"
    assert bot.asks("topic")["topic"] == ""


def test_what_the_record_cannot_keep_is_not_changed() -> None:
    world = World(SlowRecord())
    ana, bot = world.program("ana"), world.person("bot")
    ana.asks("join", room="ops")
    ana.sends_objects({"type": "topic", "room": "ops", "text": "first"})
    world.settle()
    ana.forgets()
    world.takes_nothing()
    for type, field, value in [
        ("topic", "text", "second"),
        ("key", "key", "otter"),
        ("slow", "seconds", 9),
        ("quiet", "on", True),
    ]:
        assert ana.asks(type, room="ops", **{field: value})["code"] == "not-recorded"
    world.takes_again()
    bot.forgets()
    bot.says("/join ops", "hola")
    bot.hears("-- You are in ops now. 1 other here: ana.", "-- topic: first")
    ana.hears({"type": "left"}, {"type": "joined"}, {"type": "said", "text": "hola"})


def test_the_first_room_has_no_key() -> None:
    world = World(operators=["ana"], others={"ana": "sesame77"})
    ana = world.program("ana", password="sesame77")
    assert ana.asks("key", room="huddle", key="otter")["code"] == "first-room"
    assert ana.asks("slow", room="@", seconds=5)["code"] == "no-such-room"


def test_wrong_keys_are_limited_as_other_guesses_are() -> None:
    world = World()
    ana, bob = world.person("ana"), world.program("bob")
    ana.says("/join ops", "/key otter")
    codes = [bob.asks("join", room="ops", key=f"guess{n}")["code"] for n in range(20)]
    assert codes[0] == "room-locked"
    assert codes[-1] == "too-many-tries"
    assert bob.asks("join", room="ops", key="otter")["code"] == "too-many-tries"
    world.passes(3600)
    assert bob.asks("join", room="ops", key="otter")["type"] == "reply"


def test_a_room_that_is_made_with_a_key_is_locked_with_it() -> None:
    world = World()
    bob, ana = world.program("bob"), world.person("ana")
    ana.says("/join ops sesame")
    ana.hears(
        "-- You are in ops now. Nobody else is here.", "-- locked room: it opens with its key"
    )
    ana.says("behind it")
    bob.forgets()
    assert bob.asks("join", room="ops", id=1)["code"] == "room-locked"
    assert bob.asks("join", room="ops", key="other", id=2)["code"] == "room-locked"
    bob.sends_objects({"type": "join", "room": "ops", "key": "sesame", "id": 3})
    world.settle()
    assert [event["type"] for event in bob.reads()] == ["reply", "said"]
    again = world.crashes()
    assert again.program("eva").asks("join", room="ops", id=1)["code"] == "room-locked"


@pytest.mark.parametrize("language", ["en", "es"])
def test_many_people_and_rooms_are_listed_in_columns_of_a_screen(language: str) -> None:
    world = World(language=language)
    nicks = [f"person{n}with-a-name"[: 8 + n % 16] for n in range(60)]
    ana = world.person("ana")
    for n, nick in enumerate(nicks):
        person = world.person(f"{nick}{n}", address=f"10.0.{n}.1")
        if n % 2:
            person.says(f"/join room{n}")
    ana.forgets()
    for asked in ("/who", "/rooms"):
        ana.says(asked)
        listed = ana.reads()
        assert len(listed) > 5
        assert all(row.startswith("-- ") and len(row) <= 80 for row in listed), listed


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_long_topic_is_told_in_rows_that_are_all_the_servers(language: str) -> None:
    world = World(language=language)
    ana, bob = world.person("ana"), world.person("bob")
    for topic in ("日本語" * 40, "hola " * 60, "x" * 200 + " <bob> I am bob"):
        ana.says(f"/topic {topic}")
        world.settle()
        rows = bytes(bob.wire.taken).decode().splitlines()
        assert len(rows) > 1
        assert all(row.startswith("-- ") and columns_of(row) <= 80 for row in rows), rows
        bob.forgets()


def test_what_people_say_is_never_broken() -> None:
    world = World()
    ana, bob = world.person("ana"), world.person("bob")
    ana.says("palabra " * 50, f"/me {'salta ' * 50}", f"/msg bob {'pst ' * 50}")
    bob.hears(
        f"<ana> {'palabra ' * 50}".rstrip(),
        f"* ana {'salta ' * 50}".rstrip(),
        f"[ana] {'pst ' * 50}".rstrip(),
    )
