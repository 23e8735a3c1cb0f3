"""Who comes back, by whichever node and however they were gone, misses nothing."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest
from twisted.internet.defer import Deferred

from huddle.cluster.effects import Outcome
from huddle.cluster.entries import Attach, Entry
from tests.cluster.memory_log import Faults
from tests.two_nodes import TwoNodes
from tests.world import Peer, Program, World

SLOW = Faults(delay=0.5)

UNREAD = [f"unread {number}" for number in range(45)]
"""More than are shown to those who come in anew."""

NODES = ("the same node", "the other node")


def _node(two: TwoNodes, name: str) -> World:
    return two.a if name == "the same node" else two.b


def _back(world: World, word: str) -> Peer:
    peer = world.connect()
    peer.says(f"/back {word}")
    return peer


def _talks(two: TwoNodes, peer: Peer) -> None:
    """They say what is not read there, some now and some later."""
    for first in (0, 15, 30):
        peer.says(*UNREAD[first : first + 15])
        two.b.passes(20)


def _missed(peer: Peer) -> list[str]:
    heard = "\n".join(peer.reads()) + "\n"
    return [text for text in UNREAD if f"<bob> {text}\n" not in heard]


@pytest.mark.parametrize("where", NODES)
@pytest.mark.parametrize("how", ["left", "lost", "expired"])
def test_who_was_away_for_long_misses_nothing(how: str, where: str) -> None:
    two = TwoNodes()
    ana, bob = two.a.person("ana"), two.b.person("bob")
    bob.says("before")
    ana.forgets()
    ana.says("/quit") if how == "left" else ana.cut()
    two.a.passes(130 if how == "expired" else 1)
    _talks(two, bob)
    assert not _missed(_back(_node(two, where), ana.word))


@pytest.mark.parametrize("where", NODES)
def test_whose_node_was_killed_misses_nothing_when_the_hold_is_over(where: str) -> None:
    two = TwoNodes()
    ana, bob = two.a.person("ana"), two.b.person("bob")
    bob.says("before")
    two.a.passes(60)
    ana.forgets()
    two.kill("a")
    _talks(two, bob)
    two.b.passes(80)
    if where == "the same node":
        two.restart("a")
        two.a.passes(5)
    assert not _missed(_back(_node(two, where), ana.word))


def test_whose_node_was_killed_has_not_missed_what_they_said_on_it_last() -> None:
    two = TwoNodes()
    ana, bob = two.a.person("ana"), two.b.person("bob")
    ana.says("before")
    two.a.passes(60)
    ana.says("one")
    bob.says("yes?")
    ana.says("two")
    two.a.passes(3)
    two.kill("a")
    two.b.passes(10)
    heard = _back(two.b, ana.word).reads()
    assert "-- you missed 1 message --" in heard
    assert heard[-3:] == ["12:01 <ana> one", "12:01 <bob> yes?", "12:01 <ana> two"]


@pytest.mark.parametrize("how", ["still there", "killed"])
def test_who_stopped_reading_on_one_node_and_goes_on_on_the_other_misses_nothing(how: str) -> None:
    two = TwoNodes()
    ana, bob = two.a.person("ana"), two.b.person("bob")
    bob.says("before")
    ana.forgets()
    ana.stops_reading()
    bob.says(*UNREAD[:15])
    two.a.beats(10)
    _talks(two, bob)
    if how == "killed":
        two.kill("a")
    assert not _missed(_back(two.b, ana.word))


@pytest.mark.parametrize("seconds", [12, 40])
def test_whose_word_a_node_cannot_take_at_the_moment_is_told_that_and_it_stays_as_good(
    seconds: int,
) -> None:
    """They had quit on the other node, and come to one that has lost the others."""
    two = TwoNodes()
    ana = two.b.person("ana")
    ana.says("/quit")
    two.views["a"].cut_off = True
    two.a.passes(seconds)
    back = _back(two.a, ana.word)
    for _ in range(20):  # more than there may be wrong guesses
        back.says(f"/back {ana.word}")
    answers = back.reads()[1:]
    told = "-- This server has lost the others of its house. Go to another, or come back later."
    assert answers and all(each == told for each in answers), answers
    two.views["a"].cut_off = False
    two.a.passes(20)
    if back.closed:
        back = two.a.connect()
    back.says(f"/back {ana.word}")
    assert back.reads() and back.word not in ("", ana.word)


@pytest.mark.parametrize("next_node", NODES)
def test_the_word_that_was_told_last_opens_whatever_the_log_heard_meanwhile(next_node: str) -> None:
    """The log hears of the loss between the question and the answer."""
    two = TwoNodes()
    ana = two.a.person("ana")
    two.engine.faults = SLOW
    ana.cut()
    again = _back(two.b, ana.word)
    two.a.passes(5)
    again.forgets()
    assert again.word != ana.word
    again.cut()
    two.a.passes(5)
    third = _back(_node(two, next_node), again.word)
    two.a.passes(5)
    third.forgets()
    assert third.word not in ("", again.word)


def test_what_is_written_to_a_program_that_just_comes_in_is_given_behind_what_it_missed() -> None:
    """It is on its connection already, and waits for a seat in a room."""
    two = TwoNodes()
    bob, bot = two.b.person("bob"), two.a.program("bot")
    two.a.program("other").asks("join", room="ops", id=1)
    bot.cut()
    bob.says("/msg bot one")
    again = Program(two.a, "bot", bot.secret)
    two.a.attach(again)
    again.hellos(resume=True, after={"huddle": 0, "ops": 0, "@": 0})
    two.engine.faults = Faults(delay=0.05)
    for number in range(2, 40):
        bob.says(f"/msg bot {number}")
        two.a.passes(0.02)
    two.a.passes(5)
    heard = again.reads()
    assert [each["seq"] for each in heard if each["type"] == "said"] == list(range(1, 40))
    assert next(each["type"] for each in heard if each["type"] in ("welcome", "said")) == "welcome"


def test_a_program_that_left_a_room_on_its_last_connection_and_names_it_has_it() -> None:
    """The log hears of its leaving when it is on the next one."""
    two = TwoNodes()
    bob, bot = two.b.program("bob"), two.a.program("bot")
    for each in (bob, bot):
        each.asks("join", room="ops", id=1)
    two.engine.faults = SLOW
    bot.sends_objects(bot.drafts("hola"), {"type": "leave", "room": "ops", "id": 2})
    two.settle()
    again = Program(two.a, "bot", bot.secret)
    two.a.attach(again)
    again.hellos(resume=True, after={"huddle": 0, "ops": 0})
    two.a.passes(5)
    assert "ops" in next(each for each in again.reads() if each["type"] == "welcome")["rooms"]
    bob.says("for ops", room="ops")
    two.a.passes(5)
    assert [each["text"] for each in again.reads() if each["type"] == "said"] == ["for ops"]


@pytest.mark.parametrize("where", NODES)
def test_a_bye_that_is_heard_when_the_next_connection_is_on_its_way_in_ends_no_session(
    where: str,
) -> None:
    two = TwoNodes()
    bob, bot = two.b.program("bob"), two.a.program("bot")
    two.engine.faults = SLOW
    again = Program(_node(two, where), "bot", bot.secret)
    again.world.attach(again)
    again.hellos(resume=True, after={"huddle": 0})
    two.settle()
    bot.sends_objects({"type": "bye"})
    two.a.passes(5)
    assert bot.closed
    bob.says("hola")
    again.sends_objects(again.drafts("here"))
    two.a.passes(5)
    assert {"welcome", "said", "ack"} <= {each["type"] for each in again.reads()}
    assert "here" in [each.get("text") for each in bob.reads()]


@pytest.mark.parametrize("where", NODES)
def test_a_connection_that_is_lost_when_the_next_one_is_on_its_way_in_is_no_loss_of_that(
    where: str,
) -> None:
    """The log would hear of it behind the next one, and have the session away."""
    two = TwoNodes()
    bob, bot = two.b.program("bob"), two.a.program("bot")
    two.engine.faults = SLOW
    again = Program(_node(two, where), "bot", bot.secret)
    again.world.attach(again)
    again.hellos(resume=True, after={"huddle": 0})
    two.settle()
    bot.cut()
    two.a.passes(150)  # longer than a hold
    again.sends_objects(again.drafts("here"))
    two.a.passes(5)
    assert bob.said() == ["here"]
    assert "ack" in [each["type"] for each in again.reads()]


def test_a_room_that_was_left_on_one_node_right_after_coming_there_is_not_come_back_to() -> None:
    """Where they were when they came there is known still, and that they were in it."""
    two = TwoNodes()
    bob, bot = two.b.program("bob"), two.a.program("bot")
    bot.asks("join", room="ops", id=1)
    bob.says("hola")
    bot.cut()
    there = bot.again(two.b)
    there.asks("leave", room="ops", id=2)
    back = there.again(two.a, after={"huddle": 1})
    assert list(back.welcome["rooms"]) == ["huddle"]


def test_who_comes_again_while_the_log_hears_their_bye_is_answered_there() -> None:
    """The session is over and here again, when the log lets the next connection in."""
    two = TwoNodes()
    bob, bot = two.a.program("bob"), two.a.program("bot")
    two.views["b"].cut_off = True
    again = Program(two.b, "bot", bot.secret)
    two.b.attach(again)
    again.hellos(resume=True, turn=2, after={"huddle": 0, "@": 0})
    two.settle()
    bot.says("first")
    bot.sends_objects({"type": "bye"})
    two.settle()
    two.views["b"].cut_off = False
    two.a.passes(3)
    again.reads()
    assert again.welcome["last_id"] == 1
    again.sends_objects({"type": "say", "id": 2, "room": "huddle", "text": "second"})
    two.settle()
    again.hears({"type": "ack", "id": 2, "seq": 2})
    assert bob.said() == ["first", "second"]


def test_a_room_that_is_left_where_the_program_is_no_more_by_then_is_not_left() -> None:
    """Its last connection asks for that when the log has not let the next one in."""
    two = TwoNodes()
    bob, bot = two.b.program("bob"), two.a.program("bot")
    for each in (bob, bot):
        each.asks("join", room="ops", id=1)
    two.engine.faults = SLOW
    again = Program(two.a, "bot", bot.secret)
    two.a.attach(again)
    again.hellos(resume=True, after={"huddle": 0, "ops": 0})
    two.settle()
    bot.sends_objects({"type": "leave", "room": "ops", "id": 2})
    two.a.passes(5)
    bob.says("for ops", room="ops")
    two.a.passes(5)
    assert [each["text"] for each in again.reads() if each["type"] == "said"] == ["for ops"]


def test_the_newest_connection_is_let_in_under_a_new_nick_whatever_the_log_hears_first() -> None:
    two = TwoNodes()
    bot = two.a.program("bot")
    two.engine.faults = SLOW
    two.views["a"].cut_off = True
    for node, turn in ((two.b, 2), (two.a, 3)):
        newest = Program(node, "robot", bot.secret)
        node.attach(newest)
        newest.hellos(resume=True, turn=turn)
        two.a.passes(1)
    two.views["a"].cut_off = False
    two.a.passes(5)
    newest.reads()
    assert newest.welcome["nick"] == "robot"


def test_what_was_on_its_way_from_the_last_node_is_said_by_the_next_one_or_not_at_all() -> None:
    """It is refused there, since the person it was for is called otherwise by now."""
    two = TwoNodes()
    bob, bot = two.b.program("bob"), two.a.program("bot")
    two.views["a"].cut_off = True
    message = {"type": "msg", "id": 1, "to": "bob", "text": "psst"}
    bot.sends_objects(message)
    two.settle()
    again = bot.again(two.b, turn=2)
    bob.asks("nick", nick="eva")
    again.sends_objects(message)
    two.settle()
    assert [each["code"] for each in again.reads() if each["type"] == "error"] == ["nobody-there"]
    two.views["a"].cut_off = False
    two.a.passes(5)
    assert not [each for each in (*bob.reads(), *again.reads()) if each["type"] == "said"]
    assert again.said() == bob.said() == []


@pytest.mark.parametrize("seed", [34, 57, 82, 85])
def test_the_newest_of_three_has_the_session_where_its_node_had_it_for_the_first(seed: int) -> None:
    """The first has asked for another nick there, and the log lets the second in meanwhile."""
    two, chance = TwoNodes(seed=seed), Random(seed)
    bot = two.a.program("bot")
    two.engine.faults = Faults(delay=0.1)
    for turn, node in ((2, two.b), (3, two.a), (4, two.b)):
        newest = Program(node, "robot", bot.secret)
        node.attach(newest)
        newest.hellos(resume=True, turn=turn)
        two.a.passes(chance.uniform(0, 0.15))
    two.a.passes(5)
    newest.reads()
    assert newest.welcome["nick"] == "robot" and not newest.closed


@pytest.mark.parametrize("how", ["killed", "cut off"])
def test_what_the_engine_gives_out_long_after_it_was_said_is_not_missed(how: str) -> None:
    """It stood still, and what was said before has the time of then; ana was told of it just now,
    and had not read it when her node died, or her connection."""
    two = TwoNodes()
    ana, eva, bob = two.a.person("ana"), two.a.person("eva"), two.b.person("bob")
    bob.says("before")
    two.a.passes(20.1)
    ana.forgets()
    ana.stops_reading()
    for view in two.views.values():
        view.behind = True
    for person, text in ((eva, "first"), (bob, "second")):
        person.says(text)
        two.a.passes(0.3)
    two.a.passes(9)
    for view in two.views.values():
        view.behind = False
    two.a.passes(3)
    if how == "killed":
        two.kill("a")
        two.b.passes(10)
    heard = _back(two.b, ana.word).reads()
    assert heard[-2:] == ["12:00 <eva> first", "12:00 <bob> second"]


REPLACED = "-- You are here from another connection now; this one ends."
NOT_RECORDED = "-- Not recorded, and nobody has seen it. Try again."


def _answered(peer: Peer) -> list[str]:
    return [line for line in peer.reads() if line.startswith("--")]


@pytest.mark.parametrize("elsewhere", [False, True])
def test_who_comes_back_to_a_node_that_was_put_down_is_told_of_another_connection_if_there_is_one(
    elsewhere: bool,
) -> None:
    """To the node, which hears nothing of the log, they are still its own."""
    two = TwoNodes()
    hana = two.b.person("hana")
    two.views["b"].cut_off = True
    hana.cut()
    two.a.passes(7)
    again = _back(two.b, hana.word)
    if elsewhere:
        _back(two.a, hana.word)
    two.views["b"].cut_off = False
    two.a.passes(5)
    assert _answered(again) == [REPLACED if elsewhere else NOT_RECORDED]
    if not elsewhere:
        again.says(f"/back {hana.word}")
        assert "Hello hana" in _answered(again)[0]


@pytest.mark.parametrize("elsewhere", [False, True])
def test_so_it_is_where_the_node_is_put_down_between_their_return_and_its_record_of_it(
    elsewhere: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    two = TwoNodes()
    bot = two.a.program("bot")
    bot.cut()
    two.settle()
    recorded: Deferred[None] = Deferred()
    step = two.records["b"].step
    monkeypatch.setattr(
        two.records["b"], "step", lambda of: recorded.addCallback(lambda _: step(of))
    )
    again = bot.again(two.b, turn=2)
    two.views["b"].cut_off = True
    two.a.passes(7)
    if elsewhere:
        again.again(two.a, turn=3)
    two.views["b"].cut_off = False
    two.a.passes(1)
    recorded.callback(None)
    two.a.passes(5)
    codes = [each["code"] for each in again.reads() if each["type"] == "error"]
    assert codes == ["replaced" if elsewhere else "not-recorded"]


def test_where_somebody_new_is_from_is_known_though_their_node_is_put_down_in_that_instant(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is asked for bans of networks, and counted in what is shared."""
    two = TwoNodes()
    link = two.nodes["b"]._link
    owed = link.owe

    def owe(entry: Entry, *told: Callable[[Outcome], None]) -> None:
        two.views["b"].cut_off |= isinstance(entry, Attach)
        owed(entry, *told)

    monkeypatch.setattr(link, "owe", owe)
    two.b.person("hana")
    assert two.views["b"].cut_off
    two.a.passes(7)
    monkeypatch.undo()
    two.views["b"].cut_off = False
    two.a.passes(5)
    [hana] = two.nodes["a"].node.state.sessions.values()
    assert hana.here and hana.life == two.nodes["b"].node.life
    assert hana.address and hana.host


def test_so_it_is_where_their_next_return_word_comes_too_late_into_the_log() -> None:
    two = TwoNodes()
    hana = two.a.person("hana")
    hana.cut()
    two.a.passes(1)
    two.views["b"].behind = True
    again = _back(two.b, hana.word)
    two.a.passes(7)
    two.views["b"].behind = False
    two.a.passes(5)
    assert _answered(again) == [NOT_RECORDED]
    again.says(f"/back {hana.word}")
    assert "Hello hana" in _answered(again)[0]


def test_who_leaves_one_node_while_the_other_is_letting_them_in_misses_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The other has found them on the one, and has no word yet of where they had read to."""
    two = TwoNodes()
    hana, eva = two.a.person("hana"), two.a.person("eva")
    two.views["b"].behind = True
    hana = _back(two.a, hana.word)
    hana.reads()
    again = _back(two.b, hana.word)  # which the node asks the log about
    link, asked = two.nodes["b"]._link, Deferred[None]()
    ask = link.ask_at_the_door

    async def ask_later(entry: Entry) -> Outcome:
        await asked
        return await ask(entry)

    monkeypatch.setattr(link, "ask_at_the_door", ask_later)
    two.views["b"].behind = False
    two.settle()
    hana.says("/quit")
    for text in ("first", "second"):
        two.a.passes(1)
        eva.says(text)
    two.a.passes(1)
    asked.callback(None)
    two.a.passes(1)
    assert again.reads()[-2:] == ["12:00 <eva> first", "12:00 <eva> second"]
