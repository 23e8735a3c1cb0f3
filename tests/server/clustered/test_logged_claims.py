"""What the log refuses is undone on the node where it was asked for, and nothing else with it: what
another node has changed meanwhile stays."""

from __future__ import annotations

import pytest
from twisted.internet.defer import Deferred

from huddle.protocol.errors import RoomLocked
from huddle.record import RoomRow
from huddle.server.clustered.logged_claims import LoggedClaims
from tests.moderated_world import done, refused
from tests.two_nodes import TwoNodes
from tests.world import Peer

PASSWORD = "a-good-password"


class Deposed:
    """Opb, who is an operator no more and cannot know on ``b``, asks for things in the room ops,
    while ana on ``a`` has other things done first."""

    def __init__(self) -> None:
        self.two = two = TwoNodes(operators=["ana"], others={"ana": PASSWORD})
        self.ana: Peer = two.a.connect()
        self.ana.says("ana", PASSWORD)
        self.opb, self.cee = two.b.person("opb"), two.b.person("cee")
        for person in (self.opb, self.cee):
            person.says(f"/register {PASSWORD}")
        self.ana.says("/op opb", "/join ops")
        self.opb.says("/join ops")

    def ask(self, first: str, then: str) -> None:
        self.two.views["b"].cut_off = True
        self.ana.says("/deop opb", first)
        self.opb.forgets()
        self.opb.says(then)

    def heal(self) -> None:
        self.two.views["b"].cut_off = False
        self.two.a.passes(3)
        assert any("Only an operator" in line for line in self.opb.reads())

    def rows(self) -> list[RoomRow]:
        return [world.huddle.directory.row("ops") for world in (self.two.a, self.two.b)]

    def are_operators(self, nick: str) -> list[bool]:
        found = [w.huddle.registry.accounts.named(nick) for w in (self.two.a, self.two.b)]
        return [account is not None and account.row.operator for account in found]


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ("/key sesame", "/key other"),
        ("/key sesame", "/key sesame"),
        ("/key sesame", "/slow 5"),
        ("/slow 5", "/slow 9"),
        ("/quiet on", "/quiet on"),
        ("/topic the news", "/quiet on"),
    ],
)
def test_a_room_is_as_the_log_has_it(first: str, then: str) -> None:
    house = Deposed()
    house.ask(first, then)
    house.heal()
    on_a, on_b = house.rows()
    assert on_a == on_b != RoomRow("ops")


def test_a_room_that_is_locked_meanwhile_is_entered_by_nobody_without_the_key() -> None:
    house = Deposed()
    house.ask("/key sesame", "/key other")
    house.heal()
    eva = house.two.b.person("eva")
    eva.forgets()
    eva.says("/join ops")
    eva.hears("-- ops is locked; it opens with its key: /join ops KEY")


def test_a_topic_that_is_set_meanwhile_stays() -> None:
    two = TwoNodes()
    ana, bob = two.a.person("ana"), two.b.person("bob")
    for person in (ana, bob):
        person.says("/join ops")
    ana.says("/topic old news")
    two.views["b"].cut_off = True
    ana.says("/mute bob", "/topic the right one")
    bob.says("/topic mine")
    two.views["b"].cut_off = False
    two.a.passes(3)
    for world in (two.a, two.b):
        row = world.huddle.directory.row("ops")
        assert (row.topic, row.topic_by) == ("the right one", "ana")


@pytest.mark.parametrize("is_made", [False, True])
def test_who_is_no_operator_any_more_makes_none(is_made: bool) -> None:
    """Whether or not another has made the same person one meanwhile."""
    house = Deposed()
    house.ask("/op cee" if is_made else "hello", "/op cee")
    house.heal()
    assert house.are_operators("cee") == [is_made, is_made]
    house.two.a.passes(300)
    assert house.are_operators("cee") == [is_made, is_made]


def test_what_is_asked_and_not_decided_is_not_kept_with_something_else() -> None:
    """As when its owner has read a private message meanwhile."""
    house = Deposed()
    house.ask("hello", "/op cee")
    cee = house.two.b.huddle.registry.accounts.named("cee")
    assert cee is not None
    house.two.b.huddle.saving.save_quietly(cee.row)
    house.heal()
    assert house.are_operators("cee") == [False, False]


def test_who_waits_for_another_seat_does_not_come_in_by_a_key_that_is_set_meanwhile() -> None:
    """As who is shown into the first room again, and asks for another one."""
    two = TwoNodes()
    ana, bob = two.a.program("ana"), two.b.program("bob")
    done(ana, "join", room="den")
    claims = two.b.huddle.claims
    assert isinstance(claims, LoggedClaims)
    session = next(each for each in two.b.huddle.registry.sessions if each.nick == "bob")
    two.views["b"].cut_off = True
    seats = [claims.take_seat(session, room) for room in ("ops", "den")]
    asked = [Deferred.fromCoroutine(seat) for seat in seats]
    done(ana, "key", room="den", key="sesame")
    two.views["b"].cut_off = False
    two.a.passes(3)
    failures = [each.addErrback(lambda failure: failure.trap(RoomLocked)) for each in asked]
    assert [each.result is RoomLocked for each in failures] == [False, True]
    assert refused(bob, "who", room="den") == "no-such-room"
    done(bob, "join", room="den", key="sesame")
