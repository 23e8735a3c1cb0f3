"""People and programs on two nodes are in one conversation."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from huddle.cluster.snapshot import dump
from huddle.protocol.events import Said
from huddle.record import AuditEntry, Record
from tests.cluster.memory_log import Faults
from tests.two_nodes import TwoNodes
from tests.world import Program


def messages(record: Record, room: str) -> Sequence[Said]:
    """All that a node's record holds of a room."""
    found: list[Sequence[Said]] = []
    record.read(room, 1, 10**6).addCallback(found.append)
    return found[0]


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


def test_a_hello_that_was_tried_on_two_nodes_at_once_comes_to_the_later_one() -> None:
    """Whichever is first in the log, and whether the session was there before."""
    for first, resume in ((1, False), (2, False), (1, True), (2, True)):
        two = TwoNodes(seed=first)
        if resume:
            two.a.program("ana", turn=0)
        secret = "secret of ana"
        made = {1: Program(two.a, "ana", secret), 2: Program(two.b, "ana", secret)}
        for program in made.values():
            program.world.attach(program)
        for turn in (first, 3 - first):
            made[turn].enters(turn=turn, resume=resume)
        assert made[2].welcome and not made[2].closed
        assert made[1].closed
        assert made[1].reads()[-1]["code"] == "replaced"


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


UNREAD = [f"unread {number}" for number in range(40)]
"""More than are shown to those who come in anew."""


@pytest.mark.parametrize("how", ["killed", "cut off", "alive"])
@pytest.mark.parametrize("seconds", [0, 1, 4, 4.5, 5, 5.5, 6, 8])
def test_who_comes_back_while_the_others_learn_of_the_loss_misses_nothing(
    how: str, seconds: float
) -> None:
    """The node that holds the session is gone, and nobody has said so; or it lives, and has not
    seen yet that the connection is lost. How far the person had read only that node knew, and what
    is found out on the way must not be forgotten again when the log says that the node is gone."""
    two = TwoNodes()
    first, bob = two.b.person("ana"), two.a.person("bob")
    first.cut()
    ana = two.b.connect()
    ana.says(f"/back ana {first.word}")
    two.a.passes(60)
    bob.says("before")
    assert ana.reads()[-1] == "<bob> before"
    two.engine.faults = Faults(delay=0.3)
    if how == "killed":
        two.kill("b")
    elif how == "cut off":
        two.views["b"].cut_off = True
    bob.says(*UNREAD[:20])
    two.a.passes(seconds)
    again = two.a.connect()
    again.says(f"/back ana {ana.word}")
    bob.says(*UNREAD[20:])
    two.a.passes(5)
    told = "\n".join(again.reads())
    assert [text for text in UNREAD if f"<bob> {text}\n" not in f"{told}\n"] == []


def test_who_was_back_long_ago_is_not_shown_again_what_came_since() -> None:
    """Where they were when a connection was lost before says nothing of where they are now."""
    two = TwoNodes()
    ana, bob = two.b.person("ana"), two.a.person("bob")
    ana.cut()
    bob.says("first")
    again = two.b.connect()
    again.says(f"/back ana {ana.word}")
    bob.says("long ago")
    two.a.passes(60)
    bob.says("settled")
    two.a.passes(60)
    again.forgets()
    two.kill("b")
    bob.says("unread")
    third = two.a.connect()
    third.says(f"/back ana {again.word}")
    told = "\n".join(third.reads())
    assert "<bob> unread" in told
    assert "<bob> long ago" not in told


def test_a_session_that_no_node_knows_is_unknown() -> None:
    two = TwoNodes()
    bot = two.b.program("bot")
    bot.secret = "another"
    again = bot.again(two.a)
    assert [each["code"] for each in again.heard if each["type"] == "error"] == ["session-unknown"]


def test_a_session_that_began_a_moment_ago_is_known_as_soon_as_the_log_was_asked() -> None:
    """The node has not read yet of it, nor of the return word."""
    two = TwoNodes()
    two.views["b"].behind = True
    bot, ana = two.a.program("bot"), two.a.connect()
    ana.says("ana")
    ana.forgets()
    bot.cut()
    ana.cut()
    again, back = bot.again(two.b), two.b.connect()
    back.says(f"/back ana {ana.word}")
    again.forgets()
    back.forgets()
    two.settle()
    assert again.reads() == [] and back.reads() == []
    two.views["b"].behind = False
    two.settle()
    back.says("here")
    told = again.reads()
    assert told[0]["type"] == "welcome"
    assert (told[-1]["nick"], told[-1]["text"]) == ("ana", "here")


def test_when_a_node_is_killed_its_programs_go_on_elsewhere_and_lose_nothing() -> None:
    two = TwoNodes()
    ana, bot, carla = two.a.person("ana"), two.b.program("bot"), two.b.person("carla")
    ana.forgets()
    bot.says("before")
    bot.reads()
    bot.after = {"huddle": 1}
    two.kill("b")
    ana.says("meanwhile")
    two.a.passes(10)
    ana.says("/who")
    ana.hears("<bot> before", "-- 3 here: ana, bot, carla. Away: bot, carla.")
    again = bot.again(two.a)
    assert [each["text"] for each in again.heard if each["type"] == "said"] == ["meanwhile"]
    again.says("after")
    back = two.a.connect()
    back.says(f"/back carla {carla.word}")
    assert "<bot> after" in "\n".join(back.reads())
    assert ana.reads() == ["<bot> after"]


def test_a_node_that_was_killed_starts_again_with_all_that_was_said_meanwhile() -> None:
    two = TwoNodes()
    ana, bob = two.a.person("ana"), two.b.person("bob")
    bob.says("/register a-good-password", "one")
    ana.says("two")
    two.kill("b")
    two.a.passes(10)
    ana.says("three", "/msg bob psst")
    two.restart("b")
    two.a.passes(10)
    ana.forgets()
    eva = two.b.connect()
    eva.says("eva")
    assert [line for line in eva.reads() if "<" in line] == [
        "12:00 <bob> one",
        "12:00 <ana> two",
        "12:00 <ana> three",
    ]
    again = two.b.connect()
    again.says("bob", "a-good-password")
    assert again.reads()[-1] == "12:00 [ana] psst"
    ana.hears("-- eva joined")
    again.says("here")
    assert ana.reads() == ["<bob> here"]


def test_messages_have_the_same_numbers_and_texts_on_both_nodes() -> None:
    two = TwoNodes()
    ana, bob = two.a.person("ana"), two.b.person("bob")
    for number in range(20):
        ana.sends(f"a{number}\n".encode())
        bob.sends(f"b{number}\n/msg ana c{number}\n".encode())
    two.settle()
    ana.says("/join ops", "here")
    bob.says("/delete")
    for room in ("huddle", "ops", "@1", "@2"):
        kept = [messages(record, room) for record in two.records.values()]
        assert kept[0] == kept[1], room
        assert [each.seq for each in kept[0]] == list(range(1, len(kept[0]) + 1))
    assert two.records["a"].position == two.records["b"].position > 0
    assert dump(two.nodes["a"].node.state) == dump(two.nodes["b"].node.state)


def test_an_isolated_node_lets_lines_wait_then_refuses_them_and_goes_on_when_it_is_heard() -> None:
    two = TwoNodes()
    ana, bob = two.a.person("ana"), two.b.person("bob")
    ana.forgets()
    two.views["b"].cut_off = True
    bob.says("late")
    ana.says("meanwhile")
    two.a.passes(9)
    ana.says("/who")
    ana.hears("-- 2 here: ana, bob. Away: bob.")
    bob.hears()
    two.a.passes(3)
    bob.hears("-- This server has lost the others of the house; you can read.")
    bob.says("refused")
    bob.hears("-- Not recorded, and nobody has seen it. Try again.")
    bob.says("/history")  # is answered at once, though a line of one's own is on its way
    bob.hears("-- There is nothing to show.")
    two.views["b"].cut_off = False
    two.a.passes(10)
    bob.hears("<ana> meanwhile", "-- This server hears the others of the house again.")
    ana.hears("<bob> late")
    bob.says("again")
    ana.hears("<bob> again")
    two.a.passes(200)
    ana.says("/who")
    ana.hears("-- 2 here: ana, bob.")


def test_a_node_that_is_alone_for_long_sends_programs_elsewhere_and_people_stay() -> None:
    two = TwoNodes()
    bot, bob = two.b.program("bot"), two.b.person("bob")
    two.views["b"].cut_off = True
    two.a.passes(29)
    assert not bot.closed
    two.a.passes(3)
    [told] = [each for each in bot.reads() if each["type"] == "error"]
    assert (told["code"], told["retry_after"]) == ("alone", 10.0)
    assert bot.closed and not bob.closed
    stray = Program(two.b, "stray", "secret of stray")
    two.b.attach(stray)
    stray.enters()
    assert stray.reads()[-1]["code"] == "alone"
    elsewhere = bot.again(two.a)
    elsewhere.says("from a")
    two.views["b"].cut_off = False
    two.a.passes(10)
    assert "<bot> from a" in bob.reads()
    two.a.passes(200)
    bob.says("/who")
    bob.hears("-- 2 here: bot, bob.")


def test_of_ten_who_want_a_nick_on_two_nodes_at_once_one_has_it() -> None:
    two = TwoNodes(seed=5)
    peers = [world.connect(f"10.0.0.{at}") for at in range(5) for world in (two.a, two.b)]
    for at, peer in enumerate(peers):
        peer.sends(f"{('ana', 'Ana', 'аna')[at % 3]}\n".encode())
    two.settle()
    let_in = [peer for peer in peers if peer.word or any("Hello" in each for each in peer.reads())]
    assert len(let_in) == 1
    for node in two.nodes.values():
        assert len(node.node.state.sessions) == 1


def test_who_is_kicked_on_the_other_node_is_told_and_goes() -> None:
    two = TwoNodes()
    ana, bob, bot = two.a.person("ana"), two.b.person("bob"), two.b.program("bot")
    ana.says("/join ops")
    bob.says("/join ops")
    bot.asks("join", room="ops")
    for each in (ana, bob, bot):
        each.forgets()
    ana.says("/mute bot 1m enough")
    bot.hears({"type": "standing", "room": "ops", "standing": "muted", "by": "ana"})
    assert bot.asks("say", id=99, room="ops", text="x")["code"] == "muted"
    ana.says("/unmute bot", "/voice bot", "/unvoice bot")
    assert [each["standing"] for each in bot.reads()] == ["unmuted", "voiced", "unvoiced"]
    ana.says("/kick bob out", "/ban bot")
    assert bob.reads() == [
        "-- ana sent you out of ops: out",
        "-- You are in huddle now. 1 other here: bot.",
    ]
    assert [each["type"] for each in bot.reads()] == ["left", "joined", "removed"]
    assert bot.asks("join", room="ops")["code"] == "banned"
    ana.says("/who")
    assert ana.reads()[-1] == "-- 1 here: ana."


def test_who_is_sent_out_of_the_house_is_told_why_on_whichever_node_and_is_cut_off() -> None:
    two = TwoNodes(operators=["ana"], others={"ana": "a-good-password"})
    ana, here, there = two.a.connect(), two.a.person("here"), two.b.person("there")
    ana.says("ana", "a-good-password")
    banned = two.b.person("banned")
    for each in (ana, here, there, banned):
        each.forgets()
    ana.says("/kick here out", "/kick there out", "/ban banned")
    assert [each.closed for each in (here, there, banned)] == [True] * 3
    assert [each.reads()[-1] for each in (here, there)] == ["-- ana sent you away: out"] * 2
    again = two.a.connect()
    again.says("banned")
    assert again.reads()[-1] == "-- You are not let into huddle"
    ana.says("/who")
    assert ana.reads()[-1] == "-- 1 here: ana."


def test_each_deletes_their_own_copy_of_a_private_message_that_came_from_the_other_node() -> None:
    two = TwoNodes()
    ana, bot = two.a.person("ana"), two.b.program("bot")
    ana.says("/msg bot psst")
    bot.sends_objects({"type": "delete", "id": 9, "room": "@", "seq": 1})
    two.settle()
    assert {each["type"] for each in bot.reads()} >= {"reply", "deleted"}
    for record in two.records.values():
        assert [messages(record, inbox)[0].text for inbox in ("@1", "@2")] == ["psst", ""]


def test_what_is_pasted_on_one_node_and_then_on_the_other_are_two_blocks() -> None:
    """Each node counts the blocks of a session by itself, from its first."""
    two = TwoNodes()
    ana, bob = two.a.person("ana"), two.b.person("bob")
    ana.says("one", "two")
    ana.cut()
    again = two.b.connect()
    again.says(f"/back {ana.word}")
    bob.says("between")
    again.says("three", "four")
    for record in two.records.values():
        blocks = {said.text: said.block for said in messages(record, "huddle")}
        assert blocks["one"] == blocks["two"] != blocks["three"] == blocks["four"]


def test_what_is_done_on_one_node_stands_in_the_log_of_acts_of_both() -> None:
    two = TwoNodes(operators=["ana"], others={"ana": "a-good-password"})
    ana, bob = two.a.connect(), two.b.person("bob")
    ana.says("ana", "a-good-password")
    bob.says("/register a-good-password", "soup")
    ana.says("/delete #1", "/announce fire drill", "/op bob")
    assert "-- ana made you an operator: /help lists what you may do" in bob.reads()
    for record in two.records.values():
        acts: list[Sequence[AuditEntry]] = []
        record.audit(9).addCallback(acts.append)
        assert [(each.act, each.by) for each in acts[0]] == [
            ("delete", "ana"),
            ("announce", "ana"),
            ("op", "ana"),
        ]


def test_an_announcement_that_is_said_again_is_said_once() -> None:
    two = TwoNodes(operators=["ana"], others={"ana": "a-good-password"})
    bob = two.a.person("bob")
    ana = two.a.program("ana", password="a-good-password")
    bob.forgets()
    for world in (two.a, two.b):
        ana = ana.again(world)
        ana.forgets()
        ana.sends_objects({"type": "announce", "id": 1, "text": "fire drill"})
        two.settle()
        assert [(each["type"], each["seq"]) for each in ana.reads()] == [("ack", 1)]
    assert [line for line in bob.reads() if "fire" in line] == ["-- ana announces: fire drill"]


def test_lines_that_are_deleted_together_are_told_of_in_one() -> None:
    two = TwoNodes()
    ana, bob = two.a.program("ana"), two.b.person("bob")
    first = {"type": "say", "room": "huddle", "block": 1}
    ana.sends_objects({**first, "id": 1, "text": "one"}, {**first, "id": 2, "text": "two"})
    two.settle()
    bob.forgets()
    ana.sends_objects({"type": "delete", "id": 3, "room": "huddle", "seq": 1, "block": True})
    two.settle()
    bob.hears("-- ana deleted 2 lines of ana")


def test_on_a_node_that_is_cut_off_and_does_not_know_it_yet_the_past_is_shown_within_a_second() -> (
    None
):
    two = TwoNodes()
    bob = two.b.person("bob")
    two.b.person("ana").says("hola")
    bob.forgets()
    two.views["b"].cut_off = True
    bob.says("late", "/history")
    bob.hears()
    two.a.passes(1)
    bob.hears("12:00 <ana> hola")
