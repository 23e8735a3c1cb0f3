"""A ban or a mute of a nick is one of every nick that looks like it, by the keys that it brings."""

from __future__ import annotations

import pytest

from huddle.cluster.effects import Done, Opened, Outcome
from huddle.cluster.entries import (
    Attach,
    Begin,
    Entry,
    Leave,
    Lifted,
    Rename,
    Restrict,
    Restriction,
    Say,
    Upgrade,
)
from huddle.cluster.naming import keyed
from huddle.cluster.snapshot import digest, dump, load
from tests.cluster.written_log import HUDDLE, House, code

LOOKS_LIKE_LAN = "Ian"
"""It begins with a capital i; so its keys are ``ian`` and ``lan``."""

RULES = 3


class Restricting(House):
    """Bob is on the node b; on a the house restricts somebody who is called so."""

    def __init__(self, rules: int = RULES, **limits: int) -> None:
        super().__init__(**limits)
        self.a, self.b = self.node("a", RULES), self.node("b", RULES)
        self.a.does(Upgrade(rules))
        self.bob = self.b.begins("bob")

    def restricts(self, kind: str, nick: str, until: int = 0) -> Outcome:
        mark = Restriction(kind, f"nick:{keyed(nick)[1]}", nick, until)
        return self.a.asks(Restrict("huddle", 0, (mark,), nicks=(keyed(nick),)))

    def checked(self) -> None:
        again = load(dump(self.state))
        assert (again, digest(again)) == (self.state, digest(self.state))
        assert self.replayed() == self.state


@pytest.mark.parametrize(("banned", "other"), [("lan", LOOKS_LIKE_LAN), (LOOKS_LIKE_LAN, "lan")])
def test_none_takes_a_nick_that_looks_like_a_banned_one(banned: str, other: str) -> None:
    house = Restricting()
    house.b.does(Leave(house.bob))
    wants: tuple[Entry, ...] = (
        Begin(keyed(other), (HUDDLE,)),
        Attach(house.bob, nick=keyed(other)),
    )
    late = house.b.writes(*wants)
    house.restricts("ban", banned)
    assert [code(each) for each in house.lands(late).outcomes] == ["banned", "banned"]
    bob = house.b.begins("bob")
    assert code(house.b.asks(Rename(bob, keyed(other)))) == "banned"
    assert house.b.asks(Rename(bob, keyed("leo"))) == Done()
    house.checked()


def test_who_is_called_so_does_not_speak_where_a_nick_like_it_is_muted() -> None:
    house = Restricting()
    other = house.b.begins(LOOKS_LIKE_LAN)
    late = house.b.writes(Say(other, 1, "hola", "huddle"))
    house.restricts("mute", "lan")
    assert code(house.lands(late).outcomes[0]) == "muted"
    house.checked()


def test_what_has_ended_or_was_lifted_or_is_of_another_kind_keeps_none_out() -> None:
    house = Restricting()
    begin = Begin(keyed(LOOKS_LIKE_LAN), (HUDDLE,))
    house.restricts("voice", "lan")
    house.restricts("ban", "lan", until=house.now + 1000)
    house.now += 1000
    other = house.b.asks(begin)
    assert isinstance(other, Opened)
    house.b.does(Leave(other.session))
    seen = house.restricts("ban", "lan")
    assert isinstance(seen, Done) and code(house.b.asks(begin)) == "banned"
    house.a.does(Restrict("huddle", 0, lifted=(Lifted("ban", "nick:lan", seen.number),)))
    assert isinstance(house.b.asks(begin), Opened)
    assert house.state.alike == {} and house.state.rooms["huddle"].nicks == {}
    house.checked()


def test_one_that_is_set_anew_in_another_case_is_found_by_that() -> None:
    house = Restricting()
    for nick in ("AIex", "aiex"):  # of which the one looks like alex, too
        assert isinstance(house.restricts("mute", nick), Done)
        house.checked()
    [keys] = house.state.rooms["huddle"].nicks.values()
    assert {key for _, _, key in house.state.alike} == set(keys) == set(keyed("aiex")[1:])


def test_by_older_rules_the_very_nick_is_meant_and_nothing_of_the_others_is_kept() -> None:
    house = Restricting(rules=2)
    house.restricts("ban", "lan")
    house.b.does(Leave(house.b.begins(LOOKS_LIKE_LAN)))
    assert code(house.b.asks(Begin(keyed("LAN"), (HUDDLE,)))) == "banned"
    assert house.state.alike == {} and house.state.rooms["huddle"].nicks == {}
    house.a.does(Upgrade(RULES))
    house.checked()
