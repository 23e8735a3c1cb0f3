"""What somebody asks for while something else comes first: it is judged where it stands.

As in `tests.cluster.rules.test_speaking`, of names and accounts.
"""

from __future__ import annotations

import pytest

from huddle.cluster.effects import Audited, Done
from huddle.cluster.entries import (
    Act,
    Attach,
    Begin,
    Login,
    Lose,
    Own,
    Password,
    Register,
    Rename,
    Restrict,
    Restriction,
    Say,
    Seat,
)
from huddle.cluster.naming import keyed
from huddle.cluster.rules.accounts import KEPT_FROM_RULES
from tests.cluster.houseful import Houseful
from tests.cluster.written_log import HUDDLE, NOON, House, code, told


@pytest.mark.parametrize("room", ["huddle", "ops"])
@pytest.mark.parametrize(
    ("kind", "who", "refused"),
    [("mute", "nick:bob", "muted"), ("ban", "nick:rob", "banned"), ("ban", "nick:eva", None)],
)
def test_a_nick_that_is_on_its_way_while_one_is_muted_or_it_is_banned_is_not_taken(
    room: str, kind: str, who: str, refused: str | None
) -> None:
    """By it one would be rid of the mute, or have it as nobody in that room may be called."""
    house = Houseful()
    for node, session in ((house.a, house.ana), (house.b, house.bob)):
        node.does(Seat(session, keyed("ops")))
    late = house.b.writes(Rename(house.bob, keyed("rob")))
    house.a.does(Restrict(room, house.ana, (Restriction(kind, who),)))
    [outcome] = house.lands(late).outcomes
    assert outcome == Done() if refused is None else code(outcome) == refused
    assert house.state.sessions[house.bob].nick[0] == ("rob" if refused is None else "bob")


@pytest.mark.parametrize("who", ["account:2", "nick:eva"])
def test_a_guest_does_not_log_in_where_the_account_was_banned_meanwhile(
    who: str,
) -> None:
    """By the account one would be in the room that it may not come into."""
    house = Houseful()
    house.a.does(Register(keyed("eva"), "", house.ana))
    for node, session in ((house.a, house.ana), (house.b, house.bob)):
        node.does(Seat(session, keyed("ops")))
    late = house.b.writes(Login(house.bob, 2, 1))
    house.a.does(Restrict("ops", house.ana, (Restriction("ban", who),)))
    assert code(house.lands(late).outcomes[0]) == "banned"
    assert not house.state.sessions[house.bob].account


@pytest.mark.parametrize("rules", [KEPT_FROM_RULES - 1, KEPT_FROM_RULES])
def test_no_ban_keeps_out_who_logs_in_as_one_whom_the_house_appoints(rules: int) -> None:
    house = Houseful(rules, operators=[list(keyed("eva"))])
    house.a.does(Register(keyed("eva"), "", house.ana))
    house.a.does(Restrict("huddle", house.ana, (Restriction("ban", "nick:eva"),)))
    outcome = house.b.asks(Login(house.bob, 2, 1))
    assert outcome == Done(2) if rules == KEPT_FROM_RULES else code(outcome) == "banned"


def test_a_guest_of_before_does_not_come_back_into_a_house_for_members() -> None:
    """The house is for members since a moment ago, and the node that is asked did not know that."""
    house = House()
    a = house.node("a")
    ana = a.begins("ana")
    a.does(Lose(ana))
    house.shared = {"members_only": True}
    again = house.node("a")
    assert code(again.asks(Attach(ana))) == "members-only"


def test_who_comes_in_by_a_password_that_was_changed_meanwhile_does_not() -> None:
    house = House()
    a, b = house.node("a"), house.node("b")
    a.does(Register(keyed("ana"), "hash", 0))
    late = b.writes(Begin(keyed("ana"), (HUDDLE,), account=1, version=1))
    a.does(Password(1, "another", 1))
    assert code(house.lands(late).outcomes[0]) == "wrong-password"
    assert b.begins("ana", account=1, version=2) == 1


@pytest.mark.parametrize("account_until", [1, 0])
def test_who_logs_in_is_restricted_for_as_long_as_the_longer_one_of_both_was(
    account_until: int,
) -> None:
    """The guest for a minute, the account for another one; or for ever, and not for the minute."""
    house = House()
    a = house.node("a")
    a.does(Register(keyed("eva"), "hash", 0))
    bob = a.begins("bob")
    ends = [NOON + 60_000, account_until and NOON + 1]
    for who, until in zip((f"session:{bob}", "account:1"), ends, strict=True):
        a.does(Restrict("huddle", 0, (Restriction("mute", who, until=until),)))
    a.does(Login(bob, 1, 1))
    [mute] = house.state.rooms["huddle"].restrictions.values()
    assert mute.until == (NOON + 60_000 if account_until else 0)


def test_who_registers_goes_on_in_their_inbox_with_what_they_have_read_of_it() -> None:
    house = House()
    a = house.node("a")
    ana, bob = a.begins("ana"), a.begins("bob")
    a.does(*[Say(bob, 0, "psst", to="ana", whom=ana)] * 3, Own(ana, cursors={"@1": 2}))
    made = a.does(Register(keyed("ana"), "hash", ana, own=True, audit=Act("register", "ana")))
    account = house.state.accounts[1]
    assert (account.inbox, account.read, house.state.by_inbox) == ("@1", 2, {"@1": 1})
    assert ("account", 1) in made.rows
    assert [(each.act, each.by) for each in told(made, Audited)] == [("register", "ana")]
    assert code(a.asks(Login(ana, 1, 1))) == "already-registered"


def test_an_account_has_in_charge_who_logs_in_to_it_by_the_operators_code() -> None:
    house = House()
    a = house.node("a")
    ana = a.begins("ana")
    a.does(Register(keyed("root"), "hash", 0), Own(ana, in_charge=True, code=a.life))
    assert not house.state.accounts[1].operator
    assert ("account", 1) in a.does(Login(ana, 1, 1)).rows
    assert house.state.accounts[1].operator and "ana" not in house.state.names
