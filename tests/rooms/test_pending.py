"""What may wait for one who is away, from each of those who write."""

from __future__ import annotations

import pytest

from huddle.protocol.limits import Limits
from huddle.rooms import pending
from tests.slow_record import SlowRecord
from tests.world import Peer, World

FEW = Limits(pending=8, pending_each=2)
FULL = {
    "en": "-- Not said: 8 messages wait for them already.",
    "es": "-- No se ha dicho: ya le esperan 8 mensajes.",
}
ENOUGH = {
    "en": "-- Not said: so many of your messages wait for them already.",
    "es": "-- No se ha dicho: ya le esperan bastantes mensajes tuyos.",
}


def writes(peer: Peer, text: str = "hola") -> str:
    peer.forgets()
    peer.says(f"/msg bob {text}")
    [told] = peer.reads()
    return str(told)


def is_kept(peer: Peer) -> bool:
    return not writes(peer).startswith(("-- Not said", "-- No se ha dicho"))


def away(language: str = "en", limits: Limits = FEW) -> tuple[World, Peer]:
    world = World(SlowRecord(), limits=limits, language=language)
    bob = world.person("bob", address="192.0.2.77")
    bob.cut()
    return world, bob


@pytest.mark.parametrize("language", ["en", "es"])
def test_one_person_has_a_share(language: str) -> None:
    world, _ = away(language)
    ana = world.person("ana")
    assert is_kept(ana) and is_kept(ana)
    assert writes(ana) == ENOUGH[language]
    assert is_kept(world.person("eva"))


def test_so_has_an_address_whatever_they_are_called() -> None:
    world, _ = away()
    junk = [world.person(f"junk{number}", address="192.0.2.1") for number in range(6)]
    assert sum(is_kept(each) for each in junk) == 4
    assert is_kept(world.person("eva", address="192.0.2.2"))


def test_so_has_an_ipv6_48() -> None:
    world, _ = away()
    junk = [world.person(f"junk{n}", address=f"2001:db8:1:{n}::1") for n in range(9)]
    assert sum(is_kept(each) for each in junk) == 6
    assert is_kept(world.person("eva", address="2001:db8:2:1::1"))


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_full_inbox_takes_the_first_from_an_address(language: str) -> None:
    world, _ = away(language)
    for number in range(8):
        assert is_kept(world.person(f"junk{number}", address=f"192.0.2.{number // 2}"))
    assert writes(world.person("more", address="192.0.2.0")) == FULL[language]
    assert is_kept(world.person("eva", address="198.51.100.1"))
    for number in range(7):
        assert is_kept(world.person(f"eva{number}", address=f"203.0.113.{number}"))
    assert writes(world.person("last", address="203.0.113.99")) == FULL[language]


def test_a_hundred_junk_messages_of_one_address_shut_no_inbox() -> None:
    world, _ = away(limits=Limits(flood_rate=0))
    junk = [world.person(f"junk{number}", address="192.0.2.1") for number in range(10)]
    assert sum(is_kept(each) for _ in range(20) for each in junk) == 80
    friend = world.person("friend", address="192.0.2.2")
    assert sum(is_kept(friend) for _ in range(30)) == 20
    friend = world.person("other", address="192.0.2.3")
    assert sum(is_kept(friend) for _ in range(30)) == 10


def test_what_is_on_its_way_counts() -> None:
    world, _ = away()
    assert isinstance(world.record, SlowRecord)
    world.record.slow = True
    ana = world.person("ana")
    ana.says(*["/msg bob hola"] * 5)
    world.record.slow = False
    world.record.writes()
    world.settle()
    assert world.record.extent("@1").newest == 2


def test_when_they_have_read_it_begins_anew() -> None:
    world, bob = away()
    ana = world.person("ana")
    assert [is_kept(ana) for _ in range(3)] == [True, True, False]
    again = world.connect("192.0.2.77")
    again.says(f"/back {bob.word}")
    world.beats()
    again.cut()
    assert [is_kept(ana) for _ in range(3)] == [True, True, False]


@pytest.mark.parametrize("wide", [False, True])
def test_who_writes_to_so_many_that_inboxes_are_forgotten_has_none_of_them_shut(
    monkeypatch: pytest.MonkeyPatch, wide: bool
) -> None:
    monkeypatch.setattr(pending, "INBOXES", 16)
    world, _ = away(limits=Limits(pending=8, pending_each=2, flood_rate=0))
    for number in range(16):
        world.person(f"p{number}", address=f"10.1.0.{number}").cut()
    address = "2001:db8:1:{}::1" if wide else "192.0.2.1"
    junk = [world.person(f"junk{number}", address=address.format(number)) for number in range(20)]
    for each in junk:
        writes(each)
        for number in range(16):
            each.says(f"/msg p{number} hola")
    assert not is_kept(junk[0])
    assert is_kept(world.person("eva", address="198.51.100.1"))
    assert len(world.huddle.inboxes.pending._inboxes) == 16
    assert len(world.huddle.inboxes.pending._firsts) <= 2 * 16


def test_what_is_counted_of_senders_goes_with_the_inbox(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pending, "INBOXES", 4)
    world, _ = away(limits=Limits(flood_rate=0))
    for number in range(12):
        world.person(f"p{number}", address=f"10.1.0.{number}").cut()
        writer = world.person(f"w{number}", address=f"10.2.0.{number}")
        writer.says(f"/msg p{number} hola")
    firsts = world.huddle.inboxes.pending._firsts
    assert firsts == {"": 4, **{f"address:10.2.0.{number}": 1 for number in range(8, 12)}}
