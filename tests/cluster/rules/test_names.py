"""Nicks and rooms' names: the first in the log has them, and all nodes agree which look alike."""

from __future__ import annotations

import unicodedata
from itertools import pairwise

import pytest

from huddle.cluster.effects import Done, Opened, Refused, Renamed
from huddle.cluster.entries import Begin, Expire, Leave, Login, Lose, Register, Rename, Seat, Up
from huddle.cluster.naming import is_known, keyed
from huddle.protocol import names
from huddle.protocol.errors import BadNick
from tests.cluster.written_log import HUDDLE, House, Node, code, hashed, people_in, told


def begin(nick: str, key: str = "") -> Begin:
    return Begin(keyed(nick), (HUDDLE,), hashed(key) if key else "")


@pytest.mark.parametrize("other", ["ana", "ANA", "аna"])
def test_of_two_who_take_one_nick_on_two_nodes_the_first_in_the_log_has_it(other: str) -> None:
    """Each node looked, and found it free. Were the nick given where it was asked for, both had it
    until somebody noticed."""
    house = House()
    a, b = house.node("a"), house.node("b")
    late, early = a.writes(begin("ana")), b.writes(begin(other))
    assert house.lands(early).outcomes == [Opened(1, known=False)]
    assert house.lands(late).outcomes == [Refused("nick-taken", ("ana",))]
    assert house.state.last_session == 1


def test_a_new_nick_and_the_old_one_change_hands_in_one_moment() -> None:
    """In two entries there would be a time at which she has none, or both."""
    house = House()
    a, b = house.node("a"), house.node("b")
    ana = a.begins("ana")
    late = b.writes(begin("ana"))
    applied = a.does(Rename(ana, keyed("eva")))
    assert told(applied, Renamed) == [Renamed("huddle", "ana", "eva", ana)]
    assert house.lands(late).outcomes == [Opened(2, known=False)]
    assert code(a.asks(Rename(ana, keyed("Ana")))) == "nick-taken"


def test_another_case_of_one_s_own_nick_is_free_for_oneself() -> None:
    house = House()
    a = house.node("a")
    ana = a.begins("ana")
    assert a.asks(Rename(ana, keyed("Ana"))) == Done()
    assert code(a.asks(begin("ana"))) == "nick-taken"
    a.does(Leave(ana))
    assert isinstance(a.asks(begin("ana")), Opened)


def test_the_nick_of_one_who_is_held_is_taken_and_of_one_who_is_over_it_is_free() -> None:
    house = House()
    a, b = house.node("a"), house.node("b")
    ana = a.begins("ana")
    a.does(Lose(ana))
    assert code(b.asks(begin("ana"))) == "nick-taken"
    b.does(Expire(ana, house.state.sessions[ana].losses))
    assert isinstance(b.asks(begin("ana")), Opened)


def test_who_comes_back_after_the_hold_claims_the_nick_again_or_another() -> None:
    """The session is known still, and its nick may be another's by now."""
    house = House()
    a, b = house.node("a"), house.node("b")
    ana = a.begins("ana", key=hashed("k"))
    a.does(Leave(ana))
    b.begins("ana")
    assert code(b.asks(begin("ana", key="k"))) == "nick-taken"
    assert b.asks(begin("eva", key="k")) == Opened(ana, known=True)
    assert house.state.sessions[ana].nick[0] == "eva"


def test_an_account_s_nick_wants_its_password_whoever_is_here() -> None:
    house = House()
    a = house.node("a")
    assert a.asks(Register(keyed("ana"), "hash", 0)) == Done(1)
    assert a.asks(begin("Ana")) == Refused("password-needed", ("ana",))
    guest = a.begins("eva")
    assert code(a.asks(Rename(guest, keyed("ana")))) == "password-needed"
    assert a.asks(Login(guest, 1, 1)) == Done(1)
    assert isinstance(a.asks(begin("eva")), Opened)


def test_an_account_that_is_made_of_one_s_nick_on_two_nodes_is_made_once() -> None:
    house = House()
    a, b = house.node("a"), house.node("b")
    ana = a.begins("ana")
    one, two = (
        a.writes(Register(keyed("ana"), "x", ana, own=True)),
        b.writes(Register(keyed("ana"), "y", 0)),
    )
    assert house.lands(one).outcomes == [Done(1)]
    assert code(house.lands(two).outcomes[0]) == "already-registered"
    assert house.state.accounts[1].inbox == "@1"


def test_the_nick_of_the_house_s_operator_is_kept_free_until_there_is_an_account() -> None:
    house = House(operators=[list(keyed("root"))])
    a = house.node("a")
    assert code(a.asks(begin("root"))) == "nick-taken"
    assert a.asks(Register(keyed("root"), "hash", 0)) == Done(1)
    root = a.begins("root", account=1, version=1)
    assert house.state.sessions[root].nick[0] == "root"


def test_a_kept_nick_is_free_when_the_house_keeps_it_no_more() -> None:
    house = House(operators=[list(keyed("root"))])
    before = house.node("a")
    after = Node(house, "a")
    after.does(Up({}, before.life))
    assert isinstance(after.asks(begin("root")), Opened)


def test_rooms_whose_names_look_alike_are_one_on_all_nodes() -> None:
    """ops was made on one node while OPS was on its way from another: they are the same room."""
    house = House()
    a, b = house.node("a"), house.node("b")
    ana, bob = a.begins("ana"), b.begins("bob")
    late = b.writes(Seat(bob, keyed("OPS")))
    a.does(Seat(ana, keyed("ops")))
    house.lands(late)
    assert people_in(house.state, "ops") == ["ana", "bob"]
    assert "OPS" not in house.state.rooms


def test_keys_are_those_that_the_house_goes_by() -> None:
    for name in ("ana", "Ana", "AIex", "аna", "Ñandú", "名前", "ᏚᎢᎵ"):
        shown, folded, *_ = keyed(name)
        assert shown == name
        assert folded == names.folded_key(name)
        assert set(keyed(name)[1:]) == names.keys(name)


@pytest.mark.parametrize("character", ["\U0001e4d0", "\u1c89", "\U00031350"])
def test_a_letter_that_an_older_python_does_not_know_is_no_letter(character: str) -> None:
    """Nag Mundari is of Unicode 15, a Cyrillic TJE of 16. A node on Python 3.11 has no folding for
    the latter: on one node it would be the same nick in two cases, on another two nicks."""
    with pytest.raises(BadNick) as refused:
        keyed(f"ana{character}")
    assert refused.value.character == character


def test_the_table_is_that_of_unicode_14() -> None:
    if unicodedata.unidata_version != "14.0.0":
        return  # a later Python's
    letters = {"Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl"}
    planes = [*range(0x33500), *range(0xE0000, 0xE0200)]  # there is nothing between
    is_letter = {each: unicodedata.category(chr(each)) in letters for each in planes}
    ends = [each for before, each in pairwise(planes) if is_letter[each] != is_letter[before]]
    besides = {ord(each) for each in "-_.'\u200c\u200d"}
    for each in {at for end in ends for at in (end - 1, end)} - besides & is_letter.keys():
        assert is_known(chr(each)) is is_letter[each], hex(each)


def test_nicks_that_are_claimed_on_two_nodes_at_once_have_one_owner_each() -> None:
    """In another spelling on each. `tests/long` does it with ten thousand."""
    claim(1000)


def claim(count: int) -> None:
    """Claim so many nicks twice, some hundreds at a time."""
    house = House()
    a, b = house.node("a"), house.node("b")
    for start in range(0, count, 500):
        numbers = range(start, start + 500)
        one = a.writes(*[begin(f"a{number}na") for number in numbers])
        other = b.writes(*[begin(f"а{number}na") for number in numbers])
        first, second = (one, other) if start % 1000 else (other, one)
        assert {type(each) for each in house.lands(first).outcomes} == {Opened}
        assert {code(each) for each in house.lands(second).outcomes} == {"nick-taken"}
    assert len(set(house.state.names.values())) == count == house.state.present
