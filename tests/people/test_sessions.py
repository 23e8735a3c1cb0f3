"""What saying something under an id comes to, before and after it is in the record."""

from __future__ import annotations

from dataclasses import replace

import pytest

from huddle.people.sessions import Account, Session, Weight, same, same_person
from huddle.protocol.errors import Expired, IdReused
from huddle.protocol.events import Draft, Kind
from huddle.record import AccountRow
from tests.outlets import outlet
from tests.sample_messages import MemoryTransport


def draft(id: int, text: str = "hola", room: str = "huddle", kind: Kind = Kind.SAY) -> Draft:
    return Draft(room, 1, "ana", kind, text, id)


def session(last_id: int = 0, *pending: int) -> Session:
    ana = Session(1, "ana", last_id=last_id)
    for id in pending:
        ana.accept(draft(id))
    return ana


def test_what_has_no_id_is_always_new() -> None:
    ana = session(5, 6)
    assert ana.weigh(draft(0)) is Weight.NEW
    ana.accept(draft(0))
    ana.settle(0, recorded=True)
    assert (ana.last_id, list(ana.pending or ())) == (5, [6])


@pytest.mark.parametrize("id", [6, 7, 100])
def test_an_id_above_all_others_is_new(id: int) -> None:
    assert session(5).weigh(draft(id)) is Weight.NEW


def test_an_id_above_those_on_their_way_is_new() -> None:
    assert session(5, 6, 8).weigh(draft(9)) is Weight.NEW


def test_an_id_on_its_way_is_pending() -> None:
    ana = session(5, 6, 8)
    assert ana.weigh(draft(6)) is Weight.PENDING
    assert ana.weigh(replace(draft(8), nick="anita")) is Weight.PENDING


@pytest.mark.parametrize(
    "other", [draft(6, text="adiós"), draft(6, room="ops"), draft(6, kind=Kind.ME)]
)
def test_an_id_on_its_way_is_for_one_text_in_one_place(other: Draft) -> None:
    with pytest.raises(IdReused):
        session(5, 6).weigh(other)


@pytest.mark.parametrize("id", [1, 5])
def test_an_id_in_the_record_is_old_and_the_record_knows_more(id: int) -> None:
    assert session(5, 7).weigh(draft(id)) is Weight.OLD


def test_an_id_that_was_passed_over_has_expired() -> None:
    with pytest.raises(Expired):
        session(5, 6, 8).weigh(draft(7))


def test_what_was_recorded_raises_the_last_id_and_what_was_not_does_not() -> None:
    ana = session(5, 6, 7)
    ana.settle(7, recorded=True)
    ana.settle(6, recorded=False)
    assert (ana.last_id, ana.pending) == (7, {})
    ana.accept(draft(8))
    ana.settle(8, recorded=False)
    assert ana.last_id == 7
    assert ana.weigh(draft(8)) is Weight.NEW


def test_an_id_that_was_used_or_passed_over_is_known() -> None:
    ana = session(5, 8)
    assert [id for id in range(10) if ana.knows(id)] == [1, 2, 3, 4, 5, 8]


def test_what_is_recorded_of_a_session_that_came_anew_meanwhile_raises_its_last_id() -> None:
    ana = session(5)
    ana.settle(7, recorded=True)
    assert ana.last_id == 7


def test_a_session_without_a_connection_is_away() -> None:
    ana = session()
    assert ana.away
    ana.outlet = outlet(MemoryTransport())
    assert not ana.away


def test_a_connection_with_a_lower_turn_comes_too_late_and_one_with_the_same_does_not() -> None:
    ana = session()
    ana.turn = 5
    assert not ana.is_newer_than(4)  # nothing has it
    ana.outlet = outlet(MemoryTransport())
    assert [ana.is_newer_than(turn) for turn in (4, 5, 6)] == [True, False, False]


def test_who_said_it_and_under_which_name_does_not_make_it_another_saying() -> None:
    assert same(draft(1), replace(draft(2), session=9, nick="anita"))
    assert not same(draft(1), draft(1, text="x"))


@pytest.mark.parametrize(("typed", "is_same"), [("ana", True), ("ANA", True), ("bob", False)])
def test_to_whom_a_nick_goes_is_a_matter_of_the_person(typed: str, is_same: bool) -> None:
    assert same(replace(draft(1), to="ana"), replace(draft(1), to=typed)) is is_same


def test_one_person_is_one_session_or_several_of_one_account() -> None:
    ana, bob, phone = session(), session(), session()
    assert same_person(ana, ana) and not same_person(ana, bob)
    ana.account = Account(AccountRow(5, "ana"))
    assert not same_person(ana, phone) and not same_person(phone, ana)
    phone.account = ana.account
    assert same_person(ana, phone)
    bob.account = Account(AccountRow(6, "bob"))
    assert not same_person(ana, bob)
