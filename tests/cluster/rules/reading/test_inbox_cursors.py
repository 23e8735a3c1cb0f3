"""Who has read their private messages is not taken to have read none; nor to have read what they
have not."""

from __future__ import annotations

import pytest

from huddle.cluster.entries import (
    Attach,
    Beat,
    Cut,
    Down,
    Leave,
    Login,
    Lose,
    Own,
    Register,
    Say,
    Upgrade,
)
from huddle.cluster.naming import keyed
from huddle.cluster.rules.reading import inbox_cursors
from huddle.cluster.snapshot import digest
from tests.cluster.written_log import House, Node

RULES = inbox_cursors.FROM_RULES


class Friends(House):
    """ana is on the node a, bob on the node b; c has nobody."""

    def __init__(self, rules: int = RULES) -> None:
        super().__init__()
        self.rules = rules
        self.a, self.b, self.c = (self.node(name, rules) for name in "abc")
        if rules > 1:
            self.a.asks(Upgrade(rules))
        self.ana, self.bob = self.a.begins("ana"), self.b.begins("bob")
        self.box = f"@{self.ana}"

    def writes(self, whom: int = 0, by: int = 0) -> None:
        """bob writes to ana, if nothing else is said."""
        self.b.does(Say(by or self.bob, 0, "psst", to="ana", whom=whom or self.ana))

    def loses(self, node: Node) -> None:
        """The node was killed, and another one says so."""
        self.c.does(Down(node.life, node.n))

    def had(self, who: int = 0) -> int | str | None:
        """How far ana has read her inbox; None: as her node was served, "": of that is nothing
        known."""
        rooms = self.state.sessions[who or self.ana].rooms
        return rooms.get(self.box, "")


@pytest.fixture
def house() -> Friends:
    return Friends()


def test_an_inbox_that_begins_is_read_from_there_on_by_who_is_here(house: Friends) -> None:
    assert house.had() == ""
    house.writes()
    assert house.had() is None
    house.passes(60)
    house.loses(house.a)
    session = house.state.sessions[house.ana]
    assert (house.had(), session.since > house.now - 20_000) == (None, True)


def test_the_senders_own_begins_with_it(house: Friends) -> None:
    house.writes()
    assert house.state.sessions[house.bob].rooms == {"huddle": None, f"@{house.bob}": None}
    house.b.does(Say(house.bob, 0, "note", to="bob", whom=house.bob))
    zoe = house.b.begins("zoe")
    house.b.does(Say(zoe, 0, "note", to="zoe", whom=zoe))
    assert house.state.sessions[zoe].rooms == {"huddle": None, f"@{zoe}": None}


def test_the_record_is_to_know_it_and_nothing_where_it_goes_on(house: Friends) -> None:
    first = house.b.does(Say(house.bob, 0, "psst", to="ana", whom=house.ana))
    assert first.rows == {("session", house.bob): None, ("session", house.ana): None}
    assert not house.b.does(Say(house.bob, 0, "psst", to="ana", whom=house.ana)).rows


def test_of_who_is_away_it_is_not_read(house: Friends) -> None:
    house.a.does(Lose(house.ana, {"huddle": 0}))
    house.writes()
    assert house.had() == ""
    house.loses(house.b)
    assert house.had() == ""


def test_what_waited_is_read_when_it_is_surely_shown_and_no_sooner(house: Friends) -> None:
    house.a.does(Lose(house.ana, {"huddle": 0}))
    house.writes()
    house.b.does(Attach(house.ana))
    house.passes(3)
    house.loses(house.b)
    assert house.had() == ""
    house.a.does(Attach(house.ana))
    house.passes(20)
    assert house.had() is None


def test_where_one_was_counts_until_what_came_behind_it_is_surely_shown(house: Friends) -> None:
    for _ in range(3):
        house.writes()
    house.a.does(Lose(house.ana, {"huddle": 0, house.box: 2}))
    house.writes()
    house.passes(30)
    house.b.does(Attach(house.ana))
    house.passes(3)
    house.loses(house.b)
    assert house.had() == 2
    house.a.does(Attach(house.ana))
    house.passes(20)
    house.loses(house.a)
    assert house.had() is None


def test_an_inbox_that_begins_right_behind_ones_coming_is_read_from_then(house: Friends) -> None:
    house.a.does(Lose(house.ana, {"huddle": 0}))
    house.passes(60)
    came = house.now
    house.b.does(Attach(house.ana))
    house.now += 10
    house.writes()
    house.loses(house.b)
    assert house.had() is None
    assert house.state.sessions[house.ana].since <= came


def test_what_its_node_does_not_say_it_was_shown_it_was_not(house: Friends) -> None:
    """The connection is lost before the message has come to the node."""
    house.writes()
    house.a.does(Lose(house.ana, {"huddle": 0}))
    assert house.had() == 0
    house.b.does(Attach(house.ana))
    house.a.does(Attach(house.ana))
    house.a.does(Leave(house.ana))
    assert house.had() == 0


def test_so_it_is_of_who_was_further_once(house: Friends) -> None:
    house.writes()
    house.a.does(Lose(house.ana, {"huddle": 0, house.box: 1}))
    house.writes()
    house.b.does(Attach(house.ana))
    house.b.does(Lose(house.ana, {}))
    assert house.had() == 1


def test_who_is_sent_out_has_what_their_node_had_told(house: Friends) -> None:
    """It may be cut off, and lost before it has read what was said meanwhile."""
    house.writes()
    house.passes(20)
    for _ in range(30):
        house.now += 1000
        house.b.does(Beat())
    house.writes()
    served = house.state.lives[house.a.life].served_until()
    house.b.does(Cut(house.ana, "huddle", 0))
    session = house.state.sessions[house.ana]
    assert (house.had(), session.since) == (None, served)
    assert served < house.now - 30_000


def test_who_is_sent_out_right_behind_their_coming_is_where_they_were(house: Friends) -> None:
    for _ in range(3):
        house.writes()
    house.a.does(Lose(house.ana, {"huddle": 0, house.box: 1}))
    house.passes(30)
    house.b.does(Attach(house.ana))
    house.c.does(Cut(house.ana, "huddle", 0))
    assert house.had() == 1


def test_who_does_not_read_is_where_their_node_says(house: Friends) -> None:
    house.writes()
    house.a.does(Own(house.ana, cursors={"huddle": 0, house.box: 0}))
    house.passes(60)
    house.loses(house.a)
    assert house.had() == 0


# -- accounts ----------------------------------------------------------------------------------


def test_a_guest_who_registers_goes_on_in_their_inbox(house: Friends) -> None:
    house.writes()
    house.a.does(Register(keyed("ana"), "hash", house.ana, own=True))
    assert (house.state.accounts[1].inbox, house.had()) == (house.box, None)


def test_all_devices_that_are_here_read_an_accounts_inbox_that_begins(house: Friends) -> None:
    house.a.does(Register(keyed("ana"), "hash", house.ana, own=True))
    here, away = (house.c.begins("ana", account=1, version=1) for _ in "12")
    house.c.does(Lose(away))
    house.writes(-1)
    assert [house.had(each) for each in (house.ana, here, away)] == [None, None, ""]


def test_another_device_reads_on_when_what_waits_is_surely_shown_on_it(house: Friends) -> None:
    house.a.does(Register(keyed("ana"), "hash", house.ana, own=True))
    house.writes(-1)
    other = house.b.begins("ana", account=1, version=1)
    zoe = house.b.begins("zoe")
    house.writes(zoe)
    house.b.does(Login(zoe, 1, 1))
    house.passes(3)
    assert [house.had(each) for each in (other, zoe)] == ["", ""]
    house.passes(20)
    assert [house.had(each) for each in (other, zoe)] == [None, None]
    assert f"@{zoe}" not in house.state.sessions[zoe].rooms


def test_a_device_that_was_shown_nothing_is_where_all_have_been(house: Friends) -> None:
    house.a.does(Register(keyed("ana"), "hash", house.ana, own=True))
    other = house.b.begins("ana", account=1, version=1)
    for _ in range(3):
        house.writes(-1)
    house.a.does(Lose(house.ana, {house.box: 2}))
    house.b.does(Lose(other))
    assert house.had(other) == 2


def test_one_that_has_been_shown_less_once_is_where_it_was_itself(house: Friends) -> None:
    house.a.does(Register(keyed("ana"), "hash", house.ana, own=True))
    other = house.b.begins("ana", account=1, version=1)
    for _ in range(3):
        house.writes(-1)
    house.a.does(Lose(house.ana, {house.box: 2}))
    house.b.does(Lose(other, {house.box: 1}), Attach(other), Lose(other))
    assert house.had(other) == 1


def test_who_logs_in_by_coming_back_has_been_shown_nothing_before_they_are(house: Friends) -> None:
    house.a.does(Register(keyed("ana"), "hash", house.ana, own=True))
    house.writes(-1)
    zoe = house.b.begins("zoe")
    house.b.does(Lose(zoe))
    house.c.does(Login(zoe, 1, 1, coming=True))
    house.passes(20)
    assert house.had(zoe) == ""


# -- upgrades ----------------------------------------------------------------------------------


def test_by_older_rules_nothing_is_noted() -> None:
    house = Friends(RULES - 1)
    house.writes()
    house.a.does(Lose(house.ana, {}))
    house.b.does(Attach(house.ana))
    house.passes(20)
    assert house.had() == ""
    house.b.does(Lose(house.ana, {house.box: 1}))
    house.a.does(Attach(house.ana))
    house.passes(20)
    assert house.had() == 1
    house.a.does(Own(house.ana, level=True), Lose(house.ana, {}))
    assert house.had() is None


def test_who_is_here_when_they_begin_is_where_was_known_until_they_come_again() -> None:
    house = Friends(RULES - 1)
    house.writes()
    house.a, house.b, house.c = (house.node(name, RULES) for name in "abc")
    house.a.does(Attach(house.ana), Upgrade(RULES))
    house.b.does(Attach(house.bob))
    house.writes()
    assert house.had() == ""
    house.passes(20)
    assert house.had() is None


def test_a_snapshot_has_it(house: Friends) -> None:
    house.writes()
    house.a.does(Lose(house.ana, {}))
    house.b.does(Attach(house.ana))
    house.passes(20)
    assert digest(house.replayed()) == digest(house.state)
