"""Deleting: who may take back what was said; its text goes from all that is read later. (How it is
put right is in `test_numbers`.)"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from twisted.internet.defer import Deferred
from typing_extensions import override

from huddle.protocol.events import Said
from huddle.protocol.limits import Limits
from tests.moderated_world import PASSWORD, does, done, refused
from tests.slow_record import SlowRecord
from tests.world import Peer, World

GONE = "the launch code"


def knows(*peers: Peer) -> bool:
    for peer in peers:
        peer.reads()
    return any(GONE in str(each) for peer in peers for each in peer.heard)


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_person_takes_back_what_they_said_last(language: str) -> None:
    world = World(language=language)
    ana, bob, bot = world.person("ana"), world.person("bob"), world.program("bot")
    ana.says("1", GONE)
    bob.says("2")
    for peer in (ana, bob, bot):
        peer.forgets()
    ana.says({"en": "/delete", "es": "/borrar"}[language])
    told = {"en": "-- ana deleted a message", "es": "-- ana ha borrado un mensaje"}[language]
    ana.hears(told)
    bob.hears(told)
    bot.hears({"type": "deleted", "room": "huddle", "seq": 2, "nick": "ana"})
    assert "time" not in bot.heard[-1]
    ana.says("/delete", "/delete")
    heard = ana.reads()
    assert heard[0] == told
    assert heard[1].startswith({"en": "-- There is no such", "es": "-- No hay"}[language])


def test_its_number_stays_and_its_text_is_gone_from_all_that_is_read_later() -> None:
    world = World(SlowRecord())
    ana, bob = world.program("ana"), world.program("bob")
    ana.says("1", GONE, "3")
    done(ana, "delete", seq=2)
    eva, zoe = world.person("eva"), world.program("zoe", replay=10)
    eva.says("/history", "/search launch")
    for program in (ana, zoe):
        answer = does(program, "history")
        assert [(each["type"], each["seq"]) for each in answer["messages"]] == [
            ("said", 1),
            ("deleted", 2),
            ("said", 3),
        ]
        assert does(program, "search", words="launch")["messages"] == []
    bob.forgets()
    later = world.program("later", replay=10)
    assert not knows(eva, zoe, later)
    tombstone = next(each for each in zoe.heard if each["type"] == "deleted")
    assert (tombstone["of"], tombstone["time"]) == ("ana", "2026-11-19T12:00:00.000Z")
    assert zoe.after["huddle"] == 3


def test_it_stays_gone_over_a_crash() -> None:
    world = World(SlowRecord())
    ana = world.program("ana")
    ana.says("1", GONE)
    done(ana, "delete", seq=2)
    world = world.crashes()
    eva = world.person("eva")
    eva.says("/history", "/search launch")
    assert not knows(eva)


def test_others_may_not_delete_it_and_the_host_may() -> None:
    world = World()
    ana, bob, eva = (world.program(nick) for nick in ("ana", "bob", "eva"))
    for program in (ana, bob, eva):
        done(program, "join", room="ops")
    bob.says("x", room="ops")
    assert refused(eva, "delete", room="ops", seq=1) == "not-allowed"
    assert refused(eva, "delete", room="ops", seq=2) == "no-such-message"
    done(ana, "delete", room="ops", seq=1)
    assert refused(ana, "delete", room="ops", seq=1) == "no-such-message"
    assert does(eva, "history", room="ops")["messages"][0]["type"] == "deleted"


def test_the_host_of_one_room_deletes_nothing_in_another() -> None:
    world = World()
    ana, bob = world.program("ana"), world.program("bob")
    done(ana, "join", room="ops")
    bob.says("x")
    assert refused(ana, "delete", room="huddle", seq=1) == "not-allowed"


def test_it_is_the_session_that_said_it_and_not_the_nick() -> None:
    world = World()
    bob = world.person("bob")
    bob.says("x", "/quit")
    other = world.program("bob")
    assert refused(other, "delete", seq=1) == "not-allowed"


def test_another_device_of_the_account_takes_it_back() -> None:
    world = World(SlowRecord(), others={"ana": PASSWORD})
    ana = world.program("ana", password=PASSWORD)
    phone = world.program("ana", secret="phone", password=PASSWORD)
    ana.says(GONE)
    done(phone, "delete", seq=1)
    eva = world.program("eva")
    assert does(eva, "history")["messages"][0]["type"] == "deleted"


def test_each_deletes_their_own_copy_of_a_private_message() -> None:
    world = World(SlowRecord())
    ana, bob = world.program("ana"), world.program("bob")
    does(ana, "msg", to="bob", text=GONE)
    done(ana, "delete", room="@", seq=1)
    assert does(ana, "history", room="@")["messages"][0]["type"] == "deleted"
    assert does(bob, "history", room="@")["messages"][0]["text"] == GONE
    bob.forgets()
    bob.sends_objects({"type": "delete", "id": 5, "room": "@", "seq": 1})
    world.settle()
    heard = bob.reads()
    assert {"type": "reply", "id": 5} in heard  # on several nodes behind what it brings
    assert [each["seq"] for each in heard if each["type"] == "deleted"] == [1]
    assert does(bob, "search", room="@", words="launch")["messages"] == []


def test_what_could_not_be_deleted_is_still_there() -> None:
    world = World(SlowRecord())
    ana = world.program("ana")
    ana.says("x")
    world.takes_nothing()
    assert refused(ana, "delete", seq=1) == "not-recorded"
    world.takes_again()
    assert does(ana, "history")["messages"][0]["text"] == "x"


# Nobody reads it any more


def test_who_catches_up_is_given_the_tombstone_and_never_the_text() -> None:
    world = World(SlowRecord(Limits(block=4)), limits=Limits(block=4, flood_rate=0))
    ana, slow, person = world.program("ana"), world.program("slow"), world.person("person")
    for peer in (slow, person):
        peer.forgets()
        peer.stops_reading()
    ana.says("cut")
    ana.says(*"12345", GONE, *"67890")
    done(ana, "delete", seq=7)
    for peer in (slow, person):
        peer.reads_again()
    assert not knows(slow, person)
    told = [each["seq"] for each in slow.heard if each["type"] in ("said", "deleted")]
    assert told == list(range(1, 13))


class SlowToTell(SlowRecord):
    """What was read is told later: something else may be true by then."""

    def __init__(self, limits: Limits, first: SlowToTell | None = None) -> None:
        super().__init__(limits)
        self.slow_to_tell = False
        self.untold: list[tuple[Deferred[Any], Any]] = []
        self._first = first or self

    @override
    def twin(self) -> SlowToTell:
        """That of another node, which tells when this one does."""
        return SlowToTell(self._limits, self)

    def tells(self) -> None:
        self.slow_to_tell = False
        untold, self.untold = self.untold, []
        for deferred, found in untold:
            deferred.callback(found)

    def _later(self, read: Deferred[Any]) -> Deferred[Any]:
        if not self._first.slow_to_tell:
            return read
        deferred: Deferred[Any] = Deferred()
        read.addCallback(lambda found: self._first.untold.append((deferred, list(found))))
        return deferred

    @override
    def read(
        self, room: str, first: int, last: int, size: int | None = None
    ) -> Deferred[Sequence[Said]]:
        return self._later(super().read(room, first, last, size))

    @override
    def search(
        self, room: str, query: str, limit: int, before: int | None = None
    ) -> Deferred[Sequence[Said]]:
        return self._later(super().search(room, query, limit, before))


def test_a_block_that_was_read_before_has_a_tombstone_in_its_place() -> None:
    limits = Limits(block=4, flood_rate=0)
    disk = SlowToTell(limits)
    world = World(disk, limits=limits)
    ana, slow, person = world.program("ana"), world.program("slow"), world.person("person")
    for peer in (slow, person):
        peer.forgets()
        peer.stops_reading()
    ana.says("cut")
    ana.says("2", GONE, *"4567890123")
    disk.slow_to_tell = True
    for peer in (slow, person):
        peer.reads_again()
    disk.slow_to_tell = False
    assert disk.untold
    done(ana, "delete", seq=3)
    disk.tells()
    world.settle()
    assert not knows(slow, person)
    assert [each["seq"] for each in slow.heard if each["type"] in ("said", "deleted")][:4] == [
        1,
        2,
        3,
        4,
    ]


@pytest.mark.parametrize("asked", ["history", "search"])
def test_an_answer_that_was_read_before_does_not_have_it(asked: str) -> None:
    disk = SlowToTell(Limits(replay=1))
    world = World(disk, limits=Limits(replay=1))
    ana = world.program("ana")
    ana.says(GONE, "launch the rest")
    eva = world.program("eva", replay=0)
    disk.slow_to_tell = True
    eva.sends_objects({"type": asked, "id": 1, "limit": 10, "words": "launch"})
    world.settle()
    disk.slow_to_tell = False
    done(ana, "delete", seq=1)
    disk.tells()
    world.settle()
    assert not knows(eva)
    answer = next(each for each in eva.heard if each["type"] == "reply")
    assert answer["messages"][-1]["text"] == "launch the rest"


def test_who_deletes_line_after_line_makes_nobody_search_for_longer() -> None:
    limits = Limits(flood_rate=0)
    disk = SlowToTell(limits)
    world = World(disk, limits=limits)
    ana, eva = world.program("ana"), world.program("eva", replay=0)
    ana.says(*(f"launch {number}" for number in range(1, 6)))
    eva.forgets()
    disk.slow_to_tell = True
    eva.sends_objects({"type": "search", "id": 1, "words": "launch"})
    world.settle()
    disk.slow_to_tell = False
    for seq in (2, 4):
        done(ana, "delete", seq=seq)
    [told] = disk.untold
    disk.untold.clear()
    told[0].callback(told[1])
    world.settle()
    [answer] = [each for each in eva.reads() if each["type"] == "reply"]
    assert [each["text"] for each in answer["messages"]] == ["launch 1", "launch 3", "launch 5"]


def test_what_was_rendered_for_others_before_is_not_used_again() -> None:
    """Readers share rendered blocks."""
    limits = Limits(block=4, flood_rate=0)
    world = World(SlowRecord(limits), limits=limits)
    ana = world.program("ana")
    ana.says("1", GONE, *"345678901")
    first = world.program("first", replay=20)
    assert knows(first)
    done(ana, "delete", seq=2)
    second = world.program("second", replay=20)
    person = world.person("person")
    assert not knows(second, person)


def test_a_line_in_the_newest_messages_is_gone_from_memory_too() -> None:
    world = World(SlowRecord())
    ana, bot = world.program("ana"), world.program("bot")
    bot.stops_reading()
    ana.says("cut", "1", GONE)
    done(ana, "delete", seq=3)
    ana.says("4")
    bot.reads_again()
    assert not knows(bot)
    assert bot.after == {"huddle": 4}


def test_a_person_in_a_room_they_made_deletes_the_last_of_somebody() -> None:
    world = World()
    ana, bob = world.person("ana"), world.person("bob")
    ana.says("/join ops")
    bob.says("/join ops", "1", GONE)
    ana.says("mine")
    ana.forgets()
    ana.says("/delete bob")
    ana.hears("-- ana deleted a message of bob")
    ana.says("/history")
    ana.hears(
        "12:00 <bob> 1",
        "12:00 -- a message of bob was deleted",
        "12:00 <ana> mine",
    )


def test_nobody_can_delete_what_is_not_yet_said() -> None:
    ana = World().program("ana")
    assert refused(ana, "delete", seq=1) == "no-such-message"
    assert refused(ana, "delete", seq=2**53 - 1) == "no-such-message"
