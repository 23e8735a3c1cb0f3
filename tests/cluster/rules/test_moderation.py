"""What the node that is asked has looked at is looked at again where it stands in the log.

That node may not have heard what came first, or be one of another version.
"""

from __future__ import annotations

import pytest

from huddle.cluster.effects import VOID, Done, Outcome, Refused, Removed
from huddle.cluster.entries import (
    Act,
    Cut,
    Entry,
    Leave,
    Lifted,
    Login,
    Own,
    Register,
    Rename,
    Restrict,
    Restriction,
    Retain,
    Say,
    Seat,
    Set,
)
from huddle.cluster.naming import keyed
from huddle.cluster.rules.moderation import CALLED_FROM_RULES
from huddle.cluster.rules.roles import REASONS_FROM_RULES
from tests.cluster.houseful import Houseful
from tests.cluster.written_log import House, code, told

OPS = keyed("ops")


class InOps(Houseful):
    """Ana, who is an operator, and bob are in the room ops, too; she has made it."""

    def __init__(self, rules: int = 1) -> None:
        super().__init__(rules)
        self.a.does(Seat(self.ana, OPS))
        self.b.does(Seat(self.bob, OPS))
        self.ops = self.state.rooms["ops"]

    def sets(self, kind: str, who: str, first: str = "", last: str = "") -> None:
        mark = Restriction(kind, who, first=first, last=last)
        assert isinstance(self.a.asks(Restrict("ops", self.ana, (mark,))), Done)


@pytest.fixture
def house() -> InOps:
    return InOps()


# -- how a room is -----------------------------------------------------------------------------


def test_a_topic_is_set_by_those_who_are_there_still(house: InOps) -> None:
    late = house.b.writes(Set("ops", "topic", "mine", house.bob))
    house.a.does(Cut(house.bob, "ops", house.ana))
    assert code(house.lands(late).outcomes[0]) == "no-such-room"
    assert house.ops.topic == ""


def test_a_topic_is_set_by_those_who_may_speak_still(house: InOps) -> None:
    late = house.b.writes(Set("ops", "topic", "mine", house.bob))
    house.sets("mute", f"session:{house.bob}")
    assert code(house.lands(late).outcomes[0]) == "muted"
    assert house.ops.topic == ""


def test_a_key_is_kept_as_a_hash_or_not_at_all(house: InOps) -> None:
    assert code(house.a.asks(Set("ops", "key", "sesame", house.ana))) == "bad-field"
    for key in ("ab", ""):
        house.a.does(Set("ops", "key", key, house.ana))
        assert house.ops.key == key


def test_who_makes_a_room_with_a_key_has_nobody_in_it_without(house: InOps) -> None:
    house.b.does(Seat(house.bob, keyed("den"), "ab", host=True))
    eva = house.b.begins("eva")
    assert code(house.b.asks(Seat(eva, keyed("den")))) == "room-locked"
    assert house.b.asks(Seat(eva, keyed("den"), "ab")) == Done()


def test_one_is_in_so_many_rooms_and_may_move_from_them_to_another() -> None:
    house = House(rooms_each=2)
    b = house.node("b")
    bob = b.begins("bob")
    assert b.asks(Seat(bob, OPS)) == Done()
    assert code(b.asks(Seat(bob, keyed("den")))) == "too-many"
    assert b.asks(Seat(bob, keyed("den"), move=True)) == Done()
    assert [*house.state.sessions[bob].rooms] == ["den"]


# -- who is restricted -------------------------------------------------------------------------


def test_a_guest_who_has_an_account_meanwhile_is_the_one_who_was_meant(house: InOps) -> None:
    house.a.does(Register(keyed("eva"), "", house.ana))
    late = house.a.writes(
        Restrict("ops", house.ana, (Restriction("mute", f"session:{house.bob}"),))
    )
    house.b.does(Login(house.bob, 2, 1))
    house.lands(late)
    assert [*house.ops.restrictions] == [("mute", "account:2")]


def test_of_two_who_take_off_the_same_the_second_is_told(house: InOps) -> None:
    house.sets("mute", "nick:eva")
    lifts = Restrict("ops", house.ana, lifted=(Lifted("mute", "nick:eva", house.state.position),))
    assert isinstance(house.a.asks(lifts), Done)
    assert code(house.a.asks(lifts)) == "nobody-there"


@pytest.mark.parametrize(("count", "is_taken"), [(20, True), (21, False)])
def test_one_entry_restricts_so_many(count: int, is_taken: bool, house: InOps) -> None:
    marks = tuple(Restriction("mute", f"nick:a{number}") for number in range(count))
    assert isinstance(house.a.asks(Restrict("ops", house.ana, marks)), Refused) is not is_taken
    assert len(house.ops.restrictions) == (count if is_taken else 0)


def test_a_banned_network_spares_a_host_who_comes_from_there(house: InOps) -> None:
    eva, fay = (house.b.begins(nick, host="040a000001") for nick in ("eva", "fay"))
    for session in (eva, fay):
        house.b.does(Seat(session, OPS))
    house.sets("host", f"session:{eva}")
    house.sets("ban", "address:10.0.0.0/24", first="040a000000", last="040a0000ff")
    assert [*house.ops.seats] == [house.ana, house.bob, eva]


def test_a_host_sends_no_operator_out(house: InOps) -> None:
    house.sets("host", f"session:{house.bob}")
    assert code(house.b.asks(Cut(house.ana, "ops", house.bob))) == "not-allowed"
    assert house.ana in house.ops.seats


def test_who_has_left_the_room_meanwhile_is_not_sent_out_of_it(house: InOps) -> None:
    cut = Cut(house.bob, "ops", house.ana)
    house.a.does(cut)
    assert house.a.asks(cut) == VOID


def test_a_line_is_said_as_a_line(house: InOps) -> None:
    """An announcement is an operator's, and another entry."""
    assert code(house.b.asks(Say(house.bob, 1, "hola", "ops", "announce"))) == "bad-field"


def ban(nick: str, by: int, room: str = "ops") -> Restrict:
    mark = Restriction("ban", f"nick:{nick}", nick, reason="enough")
    return Restrict(room, by, (mark,), audit=Act("ban", nick), nicks=(keyed(nick),))


def with_a_host(rules: int) -> tuple[InOps, int]:
    """Bob is the host of ops, and eva is there, too."""
    house = InOps(rules)
    house.sets("host", f"session:{house.bob}")
    return house, house.b.begins("eva", ["huddle", "ops"])


@pytest.mark.parametrize("nick", ["lan", "LAN", "Ian"])
def test_who_has_just_taken_a_nick_that_is_banned_is_sent_out(nick: str) -> None:
    """Where it was asked nobody had it, and so the ban is on nobody but who is called so."""
    house, eva = with_a_host(CALLED_FROM_RULES)
    late = house.a.writes(ban("lan", house.ana))
    house.b.does(Rename(eva, keyed(nick)))
    assert told(house.lands(late), Removed) == [Removed(eva, "ops", "root", "enough", 0)]
    assert [*house.ops.seats] == [house.ana, house.bob]


def test_by_older_rules_who_has_just_taken_it_stays() -> None:
    house, eva = with_a_host(CALLED_FROM_RULES - 1)
    house.b.does(Rename(eva, keyed("zoe")))
    assert told(house.a.does(ban("zoe", house.ana)), Removed) == []


def test_a_host_bans_no_operator_who_has_just_taken_the_nick() -> None:
    house, eva = with_a_host(CALLED_FROM_RULES)
    house.b.does(Own(eva, in_charge=True, code=house.b.life))
    house.state.sessions[eva].in_charge = True
    house.b.does(Rename(eva, keyed("Ian")))
    assert code(house.b.asks(ban("lan", house.bob))) == "not-allowed"
    assert isinstance(house.a.asks(ban("lan", house.ana)), Done)


def test_no_ban_sends_out_whom_the_house_appoints() -> None:
    house = Houseful(CALLED_FROM_RULES, operators=[list(keyed("root"))])
    assert told(house.a.does(ban("root", 0, "huddle")), Removed) == []
    assert house.state.sessions[house.ana].here


@pytest.mark.parametrize("rules", [REASONS_FROM_RULES - 1, REASONS_FROM_RULES])
def test_a_host_who_is_muted_by_then_gives_no_reason(rules: int) -> None:
    house, eva = with_a_host(rules)
    house.sets("mute", f"session:{house.bob}")
    entries: list[Entry] = [ban("zoe", house.bob), Cut(eva, "ops", house.bob, "enough")]
    outcomes: list[Outcome] = [house.b.asks(each) for each in entries]
    if rules < REASONS_FROM_RULES:
        assert not any(isinstance(each, Refused) for each in outcomes)
        return
    assert [code(each) for each in outcomes] == ["muted", "muted"]
    assert house.b.asks(Cut(eva, "ops", house.bob)) == Done()


def test_what_was_given_before_is_no_reason_now() -> None:
    """A mute is inherited by whose it was, with the reason that it was set for."""
    house, eva = with_a_host(REASONS_FROM_RULES)
    house.sets("mute", f"session:{house.bob}")
    mute = Restriction("mute", f"session:{eva}", reason="enough")
    assert isinstance(house.b.asks(Restrict("ops", house.bob, (mute,))), Done)


# -- accounts and what is one's own ------------------------------------------------------------


@pytest.mark.parametrize("registers", [True, False])
def test_who_is_in_charge_and_has_an_account_then_is_so_for_good(
    registers: bool, house: InOps
) -> None:
    house.a.does(Register(keyed("eva"), "", house.ana))
    house.b.does(Own(house.bob, in_charge=True))
    house.b.does(Own(house.bob, wishes="{}"))  # of which it says nothing
    taken = Register(keyed("bob"), "hash", house.bob, own=True) if registers else None
    house.b.does(taken or Login(house.bob, 2, 1))
    account = house.state.sessions[house.bob].account
    assert account == (3 if registers else 2)
    assert house.state.accounts[account].operator


def test_the_inbox_that_an_account_has_from_a_guest_outlives_the_guest(house: InOps) -> None:
    house.b.does(Register(keyed("bob"), "hash", house.bob, own=True))
    house.a.does(Say(house.ana, 1, "psst", to="bob", whom=-2))
    house.b.does(Leave(house.bob))
    house.now += 1000
    house.a.does(Retain(left_before=house.now))
    assert house.bob not in house.state.sessions
    assert house.state.inboxes[house.state.accounts[2].inbox].newest == 1


def test_one_ignores_so_many() -> None:
    house = House(ignores=2)
    a = house.node("a")
    ana = a.begins("ana")
    a.does(Own(ana, ignores=("bob", "eva", "fay")))
    assert house.state.sessions[ana].ignores == ("bob", "eva")
