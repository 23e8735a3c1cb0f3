"""People and programs on two nodes are in one conversation."""

from __future__ import annotations

from tests.two_nodes import TwoNodes


def test_what_is_said_on_one_node_is_heard_on_the_other() -> None:
    two = TwoNodes()
    ana, bob = two.a.person("ana"), two.b.person("bob")
    ana.hears("-- bob joined")
    ana.says("hola", "/me waves")
    ana.hears()
    bob.hears("<ana> hola", "* ana waves")
    bob.says("hola ana")
    bob.hears()
    ana.hears("<bob> hola ana")


def test_both_nodes_know_who_is_there() -> None:
    two = TwoNodes()
    ana, bob = two.a.person("ana"), two.b.person("bob")
    ana.says("/who")
    bob.says("/who")
    ana.hears("-- bob joined", "-- 2 here: ana, bob.")
    bob.hears("-- 2 here: ana, bob.")
    carla = two.a.connect()
    carla.says("carla")
    assert "2 others here: ana, bob" in carla.reads()[1]


def test_a_nick_that_is_taken_on_the_other_node_is_taken() -> None:
    two = TwoNodes()
    two.a.person("ana")
    other = two.b.connect()
    other.says("аna")
    assert other.reads()[-1] == "-- The nick аna is taken. аna2 is free."
    bob = two.b.person("bob")
    bob.says("/nick ana")
    bob.hears("-- The nick ana is taken. ana2 is free.")


def test_a_new_nick_is_told_on_both_nodes_and_frees_the_old_one() -> None:
    two = TwoNodes()
    ana, bob = two.a.person("ana"), two.b.person("bob")
    ana.says("/nick eva")
    ana.hears("-- bob joined", "-- you are eva")
    bob.hears("-- ana is now eva")
    ana.says("hola")
    bob.says("/nick ana")
    bob.hears("<eva> hola", "-- you are ana")
    ana.hears("-- bob is now ana")


def test_a_room_is_one_on_both_nodes() -> None:
    two = TwoNodes()
    ana, bob, carla = two.a.person("ana"), two.b.person("bob"), two.b.person("carla")
    for each in (ana, bob, carla):
        each.forgets()
    ana.says("/join ops", "here")
    bob.says("/join OPS")
    assert "<ana> here" in "\n".join(bob.reads())
    bob.says("me too")
    ana.says("/who")
    assert ana.reads()[-3:] == ["-- bob joined", "<bob> me too", "-- 2 here: ana, bob."]
    carla.hears("-- ana left", "-- bob left")
    bob.says("/leave")
    ana.hears("-- bob left")


def test_a_private_message_goes_to_the_other_node_and_to_no_third() -> None:
    two = TwoNodes()
    ana, bob, carla = two.a.person("ana"), two.b.person("bob"), two.b.person("carla")
    for each in (ana, bob, carla):
        each.forgets()
    ana.says("/msg bob psst")
    bob.hears("[ana] psst")
    bob.says("/re @1 yes")
    ana.hears("[bob] [re @1] yes")
    carla.hears()


def test_who_leaves_on_one_node_has_left_on_the_other() -> None:
    two = TwoNodes()
    ana, bob = two.a.person("ana"), two.b.person("bob")
    ana.forgets()
    bob.says("bye", "/salir")
    bob.forgets()
    assert bob.closed
    assert ana.reads()[-1] == "-- bob left"
    again = two.a.connect()
    again.says("bob")
    ana.hears("-- bob joined")


def test_who_loses_the_connection_is_held_on_both_nodes_and_goes_when_the_hold_ends() -> None:
    two = TwoNodes()
    ana, bob = two.a.person("ana"), two.b.person("bob")
    ana.forgets()
    bob.cut()
    ana.says("/who")
    ana.hears("-- 2 here: ana, bob. Away: bob.")
    two.a.passes(60)
    other = two.a.connect()
    other.says("bob")
    assert "is kept for bob" in other.reads()[1]
    two.a.passes(70)
    ana.hears("-- bob left")
    two.b.person("bob")
    ana.hears("-- bob joined")


def test_a_program_resumes_on_the_other_node_with_nothing_lost_and_nothing_twice() -> None:
    two = TwoNodes()
    ana, bot = two.a.person("ana"), two.a.program("bot")
    ana.forgets()
    ana.says("one")
    assert [each["text"] for each in bot.reads()] == ["one"]
    bot.after = {"huddle": 1}
    bot.says("first")
    bot.cut()
    ana.says("two")
    again = bot.again(two.b)
    assert [each["text"] for each in again.heard if each["type"] == "said"] == ["one", "two"]
    again.says("second")
    ana.hears("<bot> first", "<bot> second")
    assert again.welcome["last_id"] == 1


def test_a_session_that_comes_by_the_other_node_is_replaced_on_the_first() -> None:
    two = TwoNodes()
    ana, bot = two.a.person("ana"), two.a.program("bot")
    ana.forgets()
    again = bot.again(two.b)
    assert [each["code"] for each in bot.reads() if each["type"] == "error"] == ["replaced"]
    assert bot.closed
    again.says("here")
    ana.hears("<bot> here")
    two.a.passes(200)
    ana.hears()


def test_a_line_that_was_said_on_one_node_is_not_said_again_by_the_other() -> None:
    two = TwoNodes()
    ana, bot = two.a.person("ana"), two.a.program("bot")
    ana.forgets()
    bot.sends_objects({"type": "say", "id": 1, "room": "huddle", "text": "once"})
    bot.cut()
    again = bot.again(two.b)
    again.sends_objects({"type": "say", "id": 1, "room": "huddle", "text": "once"})
    two.settle()
    ana.hears("<bot> once")
    assert [each["seq"] for each in again.reads() if each["type"] == "ack"] == [1]
    again.sends_objects({"type": "say", "id": 1, "room": "huddle", "text": "another"})
    two.settle()
    assert [each["code"] for each in again.reads()] == ["id-reused"]


def test_a_person_takes_their_nick_back_on_the_other_node() -> None:
    two = TwoNodes()
    ana, bob = two.a.connect(), two.b.person("bob")
    ana.says("ana")
    ana.forgets()
    ana.cut()
    bob.says("while you were away")
    again = two.b.connect()
    again.says(f"/back ana {ana.word}")
    assert "<bob> while you were away" in "\n".join(again.reads())
    again.says("back")
    assert bob.reads()[-1] == "<ana> back"
    third = two.a.connect()
    third.says(f"/back ana {ana.word}")
    assert "while" not in "\n".join(third.reads())
    third.says(f"/back ana {again.word}")
    assert again.closed
    third.says("here")
    assert bob.reads()[-1] == "<ana> here"


def test_a_session_that_no_node_knows_is_unknown() -> None:
    two = TwoNodes()
    bot = two.b.program("bot")
    bot.secret = "another"
    again = bot.again(two.a)
    assert [each["code"] for each in again.heard if each["type"] == "error"] == ["session-unknown"]
