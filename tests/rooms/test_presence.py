"""Presence: who is connected, who is held and comes back or not, and who has left."""

from __future__ import annotations

from dataclasses import replace

import pytest

from huddle.people.sessions import Session
from huddle.protocol.errors import NotAllowed, Replaced
from huddle.protocol.limits import Limits
from tests.slow_record import SlowRecord
from tests.world import Peer, World

HOLD = Limits().hold


class Lobby:
    """A world with somebody who hears who comes and goes."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.disk = SlowRecord()
        self.world = World(self.disk, limits=limits)
        self.presence = self.world.huddle.presence
        self.ear = self.world.person("ear")
        self.hears = self.ear.hears
        self.passes = self.world.passes

    def session(self, nick: str) -> Session:
        [session] = [each for each in self.world.huddle.registry.sessions if each.nick == nick]
        return session

    @property
    def nicks(self) -> list[str]:
        return [session.nick for session in self.world.huddle.registry.sessions]


def test_who_is_lost_is_held_for_a_while_and_then_has_left() -> None:
    lobby = Lobby()
    lobby.world.person("ana").cut()
    lobby.hears("-- ana joined")
    lobby.passes(HOLD - 0.1)
    assert lobby.session("ana").away
    lobby.hears()
    lobby.passes(0.1)
    lobby.hears("-- ana left")
    assert lobby.nicks == ["ear"]


def test_a_hold_that_was_broken_off_ends_nothing_later() -> None:
    lobby = Lobby()
    ana = lobby.world.program("ana")
    ana.cut()
    lobby.passes(HOLD - 1)
    ana = ana.again()
    lobby.passes(2)
    assert not lobby.session("ana").away
    ana.cut()
    lobby.passes(HOLD - 1)
    assert lobby.session("ana").away
    lobby.passes(1)
    lobby.hears("-- ana joined", "-- ana left")


def test_a_connection_is_heard_no_more_behind_a_newer_one() -> None:
    lobby = Lobby()
    world, ana = lobby.world, lobby.world.program("ana")
    session = lobby.session("ana")
    outlet, attendance, arrival = session.outlet, session.attendance, session.arrival
    assert outlet is not None and attendance is not None
    newer = ana.again()
    with pytest.raises(Replaced):
        lobby.presence.enter(session, outlet, session.traits, arrival, attendance)
    assert session.outlet is newer.connection.outlet
    lobby.presence.lose(session, outlet)  # of the older one
    assert not session.away
    newer.says("hola")
    lobby.hears("-- ana joined", "<ana> hola")
    assert world.huddle.presence.next_arrival() > session.arrival


def test_where_the_newer_connection_is_gone_again_an_older_one_is_heard() -> None:
    lobby = Lobby()
    ana = lobby.world.program("ana")
    session = lobby.session("ana")
    outlet, attendance, arrival = session.outlet, session.attendance, session.arrival
    assert outlet is not None and attendance is not None
    ana.again().cut()
    assert session.away and arrival < session.arrival
    lobby.presence.enter(session, outlet, session.traits, arrival, attendance)
    assert session.outlet is outlet


def test_who_is_just_coming_back_is_not_let_go_meanwhile() -> None:
    lobby = Lobby()
    lobby.world.person("ana").cut()
    lobby.hears("-- ana joined")
    session = lobby.session("ana")
    with lobby.presence.expected(session):
        lobby.passes(2 * HOLD)
        assert lobby.nicks == ["ear", "ana"]
    lobby.presence.expect_no_longer(session)  # it did not come in: its hold begins anew
    lobby.passes(HOLD - 1)
    assert lobby.nicks == ["ear", "ana"]
    lobby.passes(1)
    lobby.hears("-- ana left")


def test_who_is_expected_on_two_connections_is_kept_for_the_second_of_them() -> None:
    lobby = Lobby()
    lobby.world.person("ana").cut()
    session = lobby.session("ana")
    lobby.presence.expect(session)
    lobby.presence.expect(session)
    lobby.presence.expect_no_longer(session)
    lobby.passes(2 * HOLD)
    assert lobby.nicks == ["ear", "ana"]


def test_who_has_come_in_is_neither_held_nor_sent_away() -> None:
    lobby = Lobby()
    lobby.world.person("ana")
    session = lobby.session("ana")
    for room in lobby.world.huddle.membership.of(session):
        lobby.world.huddle.membership.part(session, room)
    lobby.presence.expect(session)
    lobby.presence.expect_no_longer(session)
    lobby.passes(2 * HOLD)
    assert not session.leaving and lobby.nicks == ["ear", "ana"]


def test_who_is_just_coming_back_is_not_let_go_for_others_of_the_address() -> None:
    lobby = Lobby(Limits(held_each=1))
    lobby.world.person("ana", address="10.0.0.9").cut()
    session = lobby.session("ana")
    with lobby.presence.expected(session):
        lobby.world.person("bob", address="10.0.0.9").cut()
        assert lobby.nicks == ["ear", "ana", "bob"]
    lobby.presence.expect_no_longer(session)  # which is held again, and the newest
    lobby.world.settle()
    assert lobby.nicks == ["ear", "ana"]


def test_who_is_not_expected_any_more_by_a_fault_is_held_again() -> None:
    lobby = Lobby()
    lobby.world.person("ana").cut()
    session = lobby.session("ana")
    with pytest.raises(NotAllowed), lobby.presence.expected(session):
        raise NotAllowed("operators")
    assert session.expected == 0
    lobby.passes(HOLD)
    assert lobby.nicks == ["ear"]


def test_one_who_has_no_seat_and_was_only_expected_leaves() -> None:
    lobby = Lobby()
    session = lobby.world.huddle.registry.begin("ana", [])
    lobby.presence.expect(session)
    lobby.presence.expect_no_longer(session)
    lobby.world.settle()
    assert lobby.nicks == ["ear"]


def test_a_full_house_lets_go_of_one_who_is_away_for_one_who_comes() -> None:
    lobby = Lobby(Limits(sessions=3))
    for nick in ("ana", "bob"):
        lobby.world.person(nick, address="10.0.0.9").cut()
    lobby.world.person("eva")
    assert lobby.nicks == ["ear", "bob", "eva"]
    lobby.world.person("fay")
    assert lobby.nicks == ["ear", "bob", "eva"]  # one of each place at least is left


def test_in_a_full_house_those_who_have_left_keep_no_place() -> None:
    lobby = Lobby(Limits(sessions=3))
    for nick in ("ana", "bob"):
        lobby.world.person(nick, address="10.0.0.9").cut()
    lobby.passes(HOLD)
    for nick in ("eva", "fay"):
        lobby.world.person(nick, address="10.0.0.9").cut()
    lobby.world.person("gil")
    assert lobby.nicks == ["ear", "fay", "gil"]


def test_the_record_knows_where_one_is_who_takes_nothing() -> None:
    lobby = Lobby()
    ana = lobby.world.person("ana")
    ana.says("hola")
    session = lobby.session("ana")
    lobby.presence.note_lag(session, {"huddle": 1})
    assert session.lags and session.rooms["huddle"] == 1
    lobby.presence.note_lag(session, {"huddle": 99})  # it is known, and asked for no more
    assert session.rooms["huddle"] == 1
    lobby.presence.note_lag(session, None)
    assert not session.lags and session.rooms["huddle"] is None


def test_who_took_nothing_before_they_came_back_may_stop_again() -> None:
    lobby = Lobby()
    ana = lobby.world.program("ana")
    session = lobby.session("ana")
    lobby.presence.note_lag(session, {"huddle": 0})
    ana = ana.again()
    ana.says("hola")
    lobby.presence.note_lag(session, {"huddle": 1})
    assert session.lags and session.rooms["huddle"] == 1


def test_who_is_back_is_not_let_go_in_a_full_house_for_one_who_is_away() -> None:
    lobby = Lobby(Limits(sessions=4))
    programs = [lobby.world.program(nick, address="10.0.0.9") for nick in ("ana", "bob", "eva")]
    for each in programs:
        each.cut()
    programs[0].again(address="10.0.0.9")
    lobby.world.person("fay")
    assert lobby.nicks == ["ear", "ana", "eva", "fay"]


def test_after_a_restart_whoever_had_not_left_is_held() -> None:
    lobby = Lobby()
    lobby.world.person("ana")
    again = lobby.world.crashes()
    assert {session.nick for session in again.huddle.registry.sessions} == {"ear", "ana"}
    assert all(session.away for session in again.huddle.registry.sessions)
    again.passes(HOLD)
    assert not again.huddle.registry.sessions


def said_to(world: World, peer: Peer) -> list[str]:
    """What the ear has said, as it is shown to the person of this peer, who comes back."""
    peer.forgets()
    again = world.connect()
    again.says(f"/back {peer.word}")
    return [line.rpartition(" ")[2] for line in again.reads() if "<ear> " in line]


def test_after_a_crash_who_was_lost_long_before_it_is_shown_all_that_was_said_since() -> None:
    lobby = Lobby(Limits(hold=36_000))
    ana = lobby.world.person("ana")
    lobby.passes(60)
    ana.cut()
    for text in ("one", "two", "three", "four"):
        lobby.ear.says(text)
        lobby.passes(60)
    assert said_to(lobby.world.crashes(), ana) == ["one", "two", "three", "four"]


def test_who_comes_back_before_the_loss_is_known_is_shown_all_that_they_have_not_read() -> None:
    lobby = Lobby(Limits(flood_rate=0, replay=2))
    ana = lobby.world.person("ana")
    ana.stops_reading()
    lobby.ear.says("one", "two", "three", "four")
    assert said_to(lobby.world, ana) == ["one", "two", "three", "four"]


def test_of_two_in_a_record_under_one_nick_the_second_has_left() -> None:
    """A version that knew fewer that look alike may have let both in."""
    lobby = Lobby()
    lobby.world.person("ana")
    row = replace(lobby.world.huddle.saving.row(lobby.session("ana")), number=99)
    lobby.presence.hold_again(row)
    lobby.world.settle()
    assert lobby.nicks == ["ear", "ana"]


def test_a_nick_is_free_when_its_owner_has_left_and_not_before() -> None:
    lobby = Lobby()
    lobby.world.person("ana")
    session = lobby.session("ana")
    told: list[str] = []
    lobby.disk.slow = True
    lobby.ear.says("one more")
    lobby.presence.leave(session, lambda: told.append("then"))
    lobby.presence.leave(session, lambda: told.append("twice"))
    lobby.presence.when_gone(session).addCallback(lambda _: told.append("gone"))
    lobby.world.settle()
    assert lobby.nicks == ["ear", "ana"] and not told
    lobby.disk.slow = False
    lobby.disk.writes()
    lobby.world.settle()
    assert lobby.nicks == ["ear"]
    assert told == ["then", "gone"]
    lobby.presence.when_gone(session).addCallback(lambda _: told.append("at once"))
    assert told[-1] == "at once"


def test_who_is_sent_out_of_the_house_is_told_why_and_is_gone() -> None:
    lobby = Lobby()
    ana = lobby.world.person("ana")
    lobby.presence.expel(lobby.session("ana"), NotAllowed("operators"), "boss", "spam")
    lobby.world.settle()
    assert len(ana.reads()) == 1 and ana.gone
    lobby.hears("-- ana joined", "-- boss sent ana away: spam")
    assert lobby.nicks == ["ear"]


def test_who_is_sent_out_says_nothing_more_while_the_connection_is_still_there() -> None:
    lobby = Lobby()
    ana = lobby.world.person("ana")
    lobby.hears("-- ana joined")
    ana.stops_reading()
    lobby.presence.expel(lobby.session("ana"), NotAllowed("operators"), "boss", "spam")
    ana.says("more spam")
    lobby.hears("-- boss sent ana away: spam")
    assert not ana.gone


def test_of_who_has_left_no_failure_is_kept() -> None:
    lobby = Lobby()
    ana = lobby.world.program("ana")
    lobby.world.takes_nothing()
    ana.sends_objects(ana.drafts("hola"))
    lobby.world.settle()
    refusals = lobby.world.huddle.sequencer.refusals
    assert refusals.after
    lobby.world.takes_again()
    ana.cut()
    lobby.passes(HOLD)
    assert lobby.nicks == ["ear"] and not refusals.after


def test_who_is_lost_on_the_way_out_is_not_held() -> None:
    lobby = Lobby()
    lobby.world.person("ana")
    session = lobby.session("ana")
    assert session.outlet is not None
    lobby.presence.leave(session)
    lobby.presence.lose(session, session.outlet)
    lobby.world.settle()
    assert lobby.nicks == ["ear"] and not len(lobby.presence._held)
    assert session not in lobby.presence._holds.due
