"""What one node lets somebody do, while another decides that they may not, is not done."""

from __future__ import annotations

import pytest

from huddle.record import MarkKind
from tests.moderated_world import FREELY, done, refused
from tests.server.clustered.test_at_once import at_once, two_operators
from tests.two_nodes import TwoNodes
from tests.world import Json, Program

LOOKS_LIKE_LAN = "Ian"
"""With a capital i."""


def errors(program: Program) -> list[Json]:
    return [each for each in program.reads() if each["type"] == "error"]


def nicks(two: TwoNodes) -> list[list[str]]:
    """Who is in the first room, as each node has it."""
    return [sorted(each.nick for each in world.huddle.room("huddle")) for world in (two.a, two.b)]


def test_a_nick_that_stays_since_the_room_is_just_quiet_is_told_so() -> None:
    two, ana, _ = two_operators()
    bob = two.b.program("bob")
    quiet = {"type": "quiet", "room": "huddle", "on": True}
    at_once(two, (ana, quiet), (bob, {"type": "nick", "nick": "op.is.a.liar"}))
    [error] = errors(bob)
    assert (error["code"], error["room"]) == ("room-quiet", "huddle")
    assert error["text"].startswith("Your nick stays as it is")
    assert nicks(two) == [["ana", "bea", "bob"]] * 2
    assert not [each for each in ana.reads() if each["type"] == "renamed"]


def test_a_nick_behind_a_text_waits_where_the_room_is_just_slow() -> None:
    two, ana, _ = two_operators()
    bob = two.b.program("bob")
    slow = {"type": "slow", "room": "huddle", "seconds": 60}
    say = {"type": "say", "room": "huddle", "text": "hola"}
    at_once(two, (ana, slow), (bob, say), (bob, {"type": "nick", "nick": "op.is.a.liar"}))
    assert [each["code"] for each in errors(bob)] == ["too-fast"]
    assert nicks(two) == [["ana", "bea", "bob"]] * 2


def test_a_text_behind_a_nick_waits_where_the_room_is_just_slow() -> None:
    two, ana, _ = two_operators()
    bob = two.b.program("bob")
    slow = {"type": "slow", "room": "huddle", "seconds": 60}
    at_once(two, (ana, slow), (bob, {"type": "nick", "nick": "ben"}))
    assert nicks(two) == [["ana", "bea", "ben"]] * 2
    assert refused(bob, "say", room="huddle", text="hola") == "too-fast"


@pytest.mark.parametrize("nick", ["lan", "LAN", LOOKS_LIKE_LAN])
def test_a_nick_is_not_taken_while_it_or_one_that_looks_like_it_is_banned(nick: str) -> None:
    two, ana, _ = two_operators()
    bob = two.b.program("bob")
    ban = {"type": "ban", "room": "huddle", "who": "lan"}
    at_once(two, (ana, ban), (bob, {"type": "nick", "nick": nick}))
    assert [each["code"] for each in errors(bob)] == ["banned"]
    assert nicks(two) == [["ana", "bea", "bob"]] * 2


@pytest.mark.parametrize("nick", ["lan", "LAN", LOOKS_LIKE_LAN])
def test_who_has_just_taken_a_nick_that_is_banned_goes(nick: str) -> None:
    two, ana, _ = two_operators()
    bob = two.b.program("bob")
    ban = {"type": "ban", "room": "huddle", "who": "lan"}
    at_once(two, (bob, {"type": "nick", "nick": nick}), (ana, ban))
    assert [each["code"] for each in errors(bob)] == ["banned"]
    assert bob.closed
    assert nicks(two) == [["ana", "bea"]] * 2


def test_a_host_bans_no_operator_who_has_just_taken_the_nick() -> None:
    two = TwoNodes(limits=FREELY)
    bob, eva = two.a.program("bob"), two.b.program("eva")
    for program in (bob, eva):
        done(program, "join", room="ops")
    done(eva, "charge", code=two.b.gives_code())
    ban = {"type": "ban", "room": "ops", "who": "lan"}
    at_once(two, (eva, {"type": "nick", "nick": LOOKS_LIKE_LAN}), (bob, ban))
    assert [each["code"] for each in errors(bob)] == ["not-allowed"]
    for world in (two.a, two.b):
        assert not world.huddle.directory.restrictions.any_of("ops", MarkKind.BAN)
        assert sorted(each.nick for each in world.huddle.room("ops")) == [LOOKS_LIKE_LAN, "bob"]


def test_who_comes_by_a_nick_that_looks_like_one_that_is_just_muted_is_muted() -> None:
    two, ana, _ = two_operators()
    lan = two.b.program("lan")
    two.views["a"].behind = True
    lan.sends_objects({"type": "bye"})
    two.settle()
    other = two.b.program(LOOKS_LIKE_LAN)
    mute = {"type": "mute", "room": "huddle", "nick": "lan"}
    at_once(two, (ana, mute), (other, {"type": "say", "room": "huddle", "text": "hola"}))
    assert [each["code"] for each in errors(other)] == ["muted"]


@pytest.mark.parametrize(
    "act",
    [{"type": "kick", "nick": "bob"}, {"type": "ban", "who": "bob"}, {"type": "ban", "who": "ira"}],
)
def test_a_host_who_is_just_muted_gives_no_reason(act: Json) -> None:
    two, ana, _ = two_operators()
    eva, bob = two.b.program("eva"), two.b.program("bob")
    for program in (eva, bob, ana):
        done(program, "join", room="ops")
    mute = {"type": "mute", "room": "ops", "nick": "eva"}
    at_once(two, (ana, mute), (eva, {**act, "room": "ops", "reason": "ana is a liar"}))
    assert [each["code"] for each in errors(eva)] == ["muted"]
    for world in (two.a, two.b):
        assert sorted(each.nick for each in world.huddle.room("ops")) == ["ana", "bob", "eva"]
    done(eva, act["type"], room="ops", **{k: v for k, v in act.items() if k != "type"})
