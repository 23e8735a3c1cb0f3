"""Where people were when the server was killed: rather too far back than not."""

from __future__ import annotations

from unittest.mock import patch

import pytest

from huddle.protocol.limits import Limits
from tests.slow_record import SlowRecord
from tests.world import UNIX, Peer, World


def shown(lines: list[str]) -> list[str]:
    return [line for line in lines if "<bob>" in line or line.endswith("gone --")]


def test_what_retention_had_removed_before_it_surely_arrived_is_told_as_gone() -> None:
    world = World(limits=Limits(ring_messages=3, flood_rate=0))
    ana, bob = world.person("ana"), world.person("bob")
    ana.forgets()
    ana.stops_reading()
    bob.says("one", "two", "three", "four", "five")
    again = world.crashes().connect()
    again.says(f"/back {ana.word}")
    assert shown(again.reads()) == [
        "-- 1 message is gone --",
        "12:00 <bob> three",
        "12:00 <bob> four",
        "12:00 <bob> five",
    ]


def test_nothing_is_gone_for_who_had_all_that_retention_removed() -> None:
    world = World(limits=Limits(ring_messages=3, flood_rate=0, hold=3600))
    ana, bob = world.person("ana"), world.person("bob")
    bob.says("one", "two", "three")
    world.beats(60)
    bob.says("four")
    world.beats(60)
    ana.forgets()
    again = world.crashes().connect()
    again.says(f"/back {ana.word}")
    assert not [line for line in again.reads() if line.endswith("gone --")]


SECRET = "secreto-uno"

LINES = [f"line {number}" for number in range(45)]


def away(how: str, by: str) -> tuple[World, str, Peer]:
    """ana is away for a minute, in which bob talks; with what she comes back."""
    world = World(SlowRecord(), limits=Limits(flood_rate=0, hold=36_000))
    ana = world.person("ana")
    if by == "password":
        ana.says(f"/register {SECRET}")
    world.passes(20)
    if how == "cut":
        ana.cut()
    else:
        world = world.crashes()
    bob = world.person("bob")
    for first in (0, 15, 30):
        world.passes(20)
        bob.says(*LINES[first : first + 15])
    world.passes(20)
    return world, f"/back {ana.word}" if by == "word" else f"/login ana {SECRET}", bob


def back(world: World, asks: str) -> tuple[list[str], str]:
    """What ana hears who comes back by this, and by what she comes back the next time."""
    peer = world.connect()
    peer.says(asks)
    heard = [line.rpartition("<bob> ")[2] for line in peer.reads() if "<bob> " in line]
    return heard, f"/back {peer.word}" if peer.word else asks


@pytest.mark.parametrize("how", ["cut", "killed"])
@pytest.mark.parametrize("by", ["word", "password"])
def test_who_comes_back_just_before_the_next_crash_has_what_they_missed_shown_again(
    how: str, by: str
) -> None:
    """Nobody knows whether more of it than their next return word had reached them."""
    world, asks, _ = away(how, by)
    for _ in range(3):
        heard, asks = back(world, asks)
        assert heard == LINES
        world = world.crashes()


@pytest.mark.parametrize("how", ["cut", "killed"])
@pytest.mark.parametrize("by", ["word", "password"])
def test_a_crash_long_behind_that_shows_none_of_it_again(how: str, by: str) -> None:
    world, asks, bob = away(how, by)
    heard, asks = back(world, asks)
    world.beats(60)
    bob.says("then")
    world.beats(60)
    bob.says("now")
    assert heard == LINES
    assert back(world.crashes(), asks)[0] == ["then", "now"]


def test_but_what_their_connection_did_not_take_by_then() -> None:
    world, asks, bob = away("cut", "password")
    peer = world.connect()
    peer.stops_reading()
    peer.says(asks)
    world.beats(60)
    bob.says("then")
    world.beats(60)
    assert back(world.crashes(), asks)[0] == [*LINES, "then"]


LONG = [f"line {number} {'la' * 1900}" for number in range(60)]
"""More than a transport takes at once."""


def behind_a_unix_socket(*, stops: str, room: int = 0) -> tuple[World, Peer, Peer]:
    """ana, who ``stops`` reading when she comes back, or long after, while bob talks on. Her socket
    holds ``room`` bytes."""
    world = World(SlowRecord(), limits=Limits(flood_rate=0, hold=36_000))
    ana, bob = world.person("ana", transport=UNIX), world.person("bob")
    bob.says("before")
    if stops == "coming back":
        world.beats(20)
        ana.cut()
        bob.says(*LONG)
        back = world.connect(transport=UNIX)
        back.stops_reading(room)
        back.says(f"/back {ana.word}")
        back.takes(1000)
        assert back.reads() and back.word
        return world, back, bob
    world.beats(60)
    ana.forgets()
    ana.stops_reading(room)
    bob.says(*LONG)
    return world, ana, bob


@pytest.mark.parametrize("room", [0, 1 << 20], ids=["in the record", "in the socket"])
@pytest.mark.parametrize("stops", ["coming back", "later"])
def test_so_it_is_behind_a_unix_socket_wherever_what_is_not_read_lies(
    stops: str, room: int
) -> None:
    world, ana, bob = behind_a_unix_socket(stops=stops, room=room)
    for text in ("then", "now"):
        world.beats(60)
        bob.says(text)
    heard, _ = back(world.crashes(), f"/back {ana.word}")
    assert heard[-len(LONG) - 2 :] == [*LONG, "then", "now"]


def test_who_takes_it_all_behind_a_unix_socket_is_shown_none_of_it_again() -> None:
    world, ana, bob = behind_a_unix_socket(stops="later")
    world.beats(60)
    ana.reads_again()
    for text in ("then", "now"):
        world.beats(60)
        bob.says(text)
    assert back(world.crashes(), f"/back {ana.word}")[0] == ["then", "now"]


@pytest.mark.parametrize("crashes", [False, True], ids=["at once", "by a crash"])
@pytest.mark.parametrize("ends", [False, True], ids=["by /quit", "by the end of input"])
def test_who_leaves_right_behind_that_comes_again_by_the_word_that_they_were_given(
    ends: bool, crashes: bool
) -> None:
    world, asks, bob = away("cut", "word")
    peer = world.connect()
    peer.says(asks)
    peer.reads()
    again = f"/back {peer.word}"
    if ends:
        peer.ends()
    else:
        peer.says("/quit")
    world.passes(20)
    bob.says("meanwhile")
    heard, next_time = back(world.crashes() if crashes else world, again)
    assert heard[-1:] == ["meanwhile"] and next_time != again


def gone(how: str) -> tuple[World, Peer, Peer, str]:
    """ana is away, in one of the ways to be: the world, ana and bob, and with what she comes
    back. She spoke last, a minute before that."""
    world = World(limits=Limits(flood_rate=0))
    bob, ana = world.person("bob"), world.person("ana")
    if how == "other device":
        ana.says(f"/register {SECRET}")
    bob.says("hola")
    world.beats(60)
    ana.says("long ago")
    world.beats(60)
    bob.forgets()
    ana.forgets()
    return world, ana, bob, f"/login ana {SECRET}" if how == "other device" else f"/back {ana.word}"


def goes(world: World, ana: Peer, how: str) -> World:
    """She goes, in that way; the world in which she comes back."""
    if how == "killed":
        return world.crashes()
    ana.says("/quit") if how == "left" else ana.cut()
    return world


WAYS = ("cut", "killed", "left")


@pytest.mark.parametrize("how", WAYS)
def test_what_people_said_last_is_shown_when_they_are_back_and_is_nothing_they_missed(
    how: str,
) -> None:
    world, ana, _, asks = gone(how)
    ana.says("one", "two", "/msg bob psst")
    peer = goes(world, ana, how).connect()
    peer.says(asks)
    heard = peer.reads()
    assert not [line for line in heard if "you missed" in line]
    own = [line for line in heard if "<ana>" in line]
    assert own[-2:] == ["12:02 <ana> one", "12:02 <ana> two"]


@pytest.mark.parametrize("how", WAYS)
def test_those_of_the_others_among_it_are(how: str) -> None:
    world, ana, bob, asks = gone(how)
    ana.says("one", "/msg bob psst")
    bob.says("yes?", "/msg ana psst")
    ana.says("two")
    world = goes(world, ana, how)
    if how != "killed":
        bob.says("gone")
    peer = world.connect()
    peer.says(asks)
    heard = peer.reads()
    missed = 1 + (how != "killed")
    assert [line for line in heard if "you missed" in line] == [
        f"-- you missed {missed} message{'s' * (missed > 1)} --",
        "-- you missed 1 private message --",
    ]


def test_what_was_said_on_another_device_meanwhile_was_not_missed_either() -> None:
    world, ana, bob, asks = gone("other device")
    ana.cut()
    phone = world.program("ana", secret="phone", password=SECRET)
    phone.says("by phone")
    bob.says("fine")
    peer = world.connect()
    peer.says(asks)
    heard = peer.reads()
    assert "-- you missed 1 message --" in heard
    assert heard[-2:] == ["12:02 <ana> by phone", "12:02 <bob> fine"]


def test_who_missed_much_has_no_more_of_it_looked_at_than_where_they_were_lost() -> None:
    world, ana, bob, asks = gone("cut")
    ana.says("one")
    ana.cut()
    bob.says(*(f"line {number}" for number in range(600)))
    with patch.object(world.record, "read", wraps=world.record.read) as read:
        peer = world.connect()
        peer.says(asks)
    rows = [last - first for (_, first, last, *_), _ in read.call_args_list]
    assert rows and max(rows) <= Limits().block
    assert "-- you missed 600 messages --" in peer.reads()
