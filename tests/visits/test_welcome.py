"""What somebody is told and shown on coming in: who is here, what they missed, what was said."""

from __future__ import annotations

from datetime import timedelta

import pytest

from huddle.protocol.limits import Limits
from tests.world import NOON, Peer, World

LIMITS = Limits(replay=3, history=5)
"""Three messages are shown to those who are new, and five at most to those who ask."""


def spoken(count: int, **more: object) -> World:
    """A world in which ana has said some numbers."""
    world = World(limits=LIMITS, **more)  # type: ignore[arg-type]
    ana = world.program("ana", replay=0)
    ana.says(*(str(number) for number in range(1, count + 1)))
    return world


def shown(*numbers: int) -> list[str]:
    return [f"12:00 <ana> {number}" for number in numbers]


def arrival(bob: Peer) -> list[str]:
    """What bob hears on coming in to ana."""
    return [
        "Welcome to huddle. What is your nick?",
        "-- Hello bob. 1 other here: ana. /help lists the commands, /salir leaves.",
        f"-- your return word: {bob.word}",
    ]


# People


def test_somebody_new_is_greeted_told_their_word_and_shown_the_last_messages() -> None:
    world = spoken(5)
    bob = world.connect()
    bob.says("bob")
    heard = bob.reads()
    assert heard == [*arrival(bob), *shown(3, 4, 5)]
    assert bob.word


def test_the_house_is_read_to_those_who_are_new_and_not_again() -> None:
    world = spoken(0, motd=("Be kind.", "", "No spoilers."))
    bob = world.connect()
    bob.says("bob")
    assert bob.reads()[2:5] == ["-- Be kind.", "--", "-- No spoilers."]
    bob.cut()
    again = world.connect()
    again.says(f"/back {bob.word}")
    assert "-- Be kind." not in again.reads()


def test_somebody_who_comes_back_is_told_how_many_they_missed_and_shown_all_of_them() -> None:
    world = spoken(2)
    bob = world.person("bob")
    world.beats(60)
    bob.cut()
    ana = world.peers[0]
    ana.says(*"abcdefg")
    again = world.connect()
    again.says(f"/back {bob.word}")
    heard = again.reads()
    assert heard == [
        *arrival(again),
        "-- you missed 7 messages --",
        *(f"12:01 <ana> {letter}" for letter in "abcdefg"),
    ]


def test_somebody_who_missed_nothing_is_told_nothing_of_it() -> None:
    world = spoken(2)
    bob = world.person("bob")
    world.beats(60)
    bob.cut()
    again = world.connect()
    again.says(f"/back {bob.word}")
    heard = again.reads()
    assert heard == arrival(again)


def test_each_day_of_a_replay_is_told_once() -> None:
    world = World(limits=LIMITS)
    ana = world.program("ana", replay=0)
    for day in range(1, 6):
        world.wall(NOON + timedelta(days=day))
        ana.says(str(day))
    bob = world.connect()
    bob.says("bob")
    assert bob.reads()[3:] == [
        "-- 22 November 2026 --",
        "12:00 <ana> 3",
        "-- 23 November 2026 --",
        "12:00 <ana> 4",
        "-- 24 November 2026 --",
        "12:00 <ana> 5",
    ]


# Programs


def test_a_program_that_has_nothing_gets_the_last_messages_or_as_many_as_it_asks_for() -> None:
    world = spoken(9)
    assert world.program("b1").said() == ["7", "8", "9"]
    assert world.program("b2", replay=4).said() == ["6", "7", "8", "9"]
    assert world.program("b3", replay=100).said() == ["5", "6", "7", "8", "9"]
    assert world.program("b4", replay=0).said() == []
    assert world.program("b5", bot=True).said() == []


def test_a_program_that_comes_back_gets_exactly_what_came_later() -> None:
    world = spoken(9)
    assert world.program("bot", epoch="epoch-1", after={"huddle": 7}).said() == ["8", "9"]
    assert world.program("bot2", after={"huddle": 9}).said() == []
    assert world.program("bot3", after={"huddle": 0}).said() == [str(n) for n in range(1, 10)]


@pytest.mark.parametrize(
    "had", [{"epoch": "another", "after": {"huddle": 2}}, {"after": {"huddle": 10}}]
)
def test_a_program_that_knows_another_record_starts_anew(had: dict[str, object]) -> None:
    world = spoken(9)
    bot = world.program("bot", **had)  # type: ignore[arg-type]
    heard = [event["type"] for event in bot.heard[2:]]
    assert heard == ["reset", "said", "said", "said"]
    assert bot.heard[2] == {"type": "reset", "room": "huddle", "epoch": "epoch-1"}


def test_a_welcome_tells_the_record_the_last_id_and_how_the_room_stands() -> None:
    world = spoken(2)
    ana = world.peers[0]
    ana.cut()
    again = ana.again()  # type: ignore[attr-defined]
    assert again.welcome == {
        "type": "welcome",
        "v": 1,
        "nick": "ana",
        "epoch": "epoch-1",
        "last_id": 2,
        "rooms": {"huddle": {"seq": 2, "count": 1, "here": []}},
        "limits": {"text": 4096, "line": 65536},
    }
