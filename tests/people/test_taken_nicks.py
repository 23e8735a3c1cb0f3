"""Who has which nick: nobody has one that looks like another's."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    precondition,
    rule,
    run_state_machine_as_test,
)
from typing_extensions import override

from huddle.people.taken_nicks import NickRegistry
from huddle.protocol import names
from huddle.protocol.errors import BadNick, NickTaken


class Person:
    """Somebody who has nicks."""


ana, bob, carla = Person(), Person(), Person()


@pytest.fixture
def nicks() -> NickRegistry[Person]:
    return NickRegistry()


def suggestion(nicks: NickRegistry[Person], nick: str, owner: Person) -> str:
    with pytest.raises(NickTaken) as taken:
        nicks.claim(nick, owner)
    assert taken.value.nick == nick
    return taken.value.suggest


# Claiming


def test_a_free_nick_is_had(nicks: NickRegistry[Person]) -> None:
    nicks.claim("ana", ana)
    assert nicks.owner("ana") is ana
    assert "ana" in nicks
    assert len(nicks) == 1


@pytest.mark.parametrize("like", ["ana", "ANA", "аna", "Аna"])  # Cyrillic а and А
def test_what_looks_like_a_nick_is_taken_with_it(nicks: NickRegistry[Person], like: str) -> None:
    nicks.claim("ana", ana)
    suggestion(nicks, like, bob)
    assert nicks.owner("ana") is ana
    assert len(nicks) == 1


def test_a_capital_i_does_not_pass_for_an_l(nicks: NickRegistry[Person]) -> None:
    nicks.claim("alex", ana)
    suggestion(nicks, "AIex", bob)


def test_claiming_ones_own_nick_again_changes_nothing(nicks: NickRegistry[Person]) -> None:
    nicks.claim("ana", ana)
    nicks.claim("ana", ana)
    nicks.release("ana")
    assert nicks.is_free("ana")


def test_one_may_take_a_look_alike_of_ones_own(nicks: NickRegistry[Person]) -> None:
    nicks.claim("ana", ana)
    nicks.claim("Ana", ana)
    nicks.release("ana")
    assert nicks.owner("Ana") is ana
    suggestion(nicks, "ana", bob)
    nicks.release("Ana")
    nicks.claim("ana", bob)


def test_while_a_rename_is_on_its_way_both_nicks_are_had(nicks: NickRegistry[Person]) -> None:
    nicks.claim("ana", ana)
    nicks.claim("anabel", ana)
    suggestion(nicks, "ana", bob)
    suggestion(nicks, "anabel", bob)
    nicks.release("ana")
    nicks.claim("ana", bob)
    assert nicks.owner("anabel") is ana


def test_releasing_a_nick_that_nobody_has_changes_nothing(nicks: NickRegistry[Person]) -> None:
    nicks.claim("ana", ana)
    nicks.release("ANA")
    assert nicks.owner("ana") is ana


def test_a_nick_is_free_for_its_owner(nicks: NickRegistry[Person]) -> None:
    nicks.claim("ana", ana)
    assert nicks.is_free("Ana", ana)
    assert not nicks.is_free("Ana", bob)
    assert not nicks.is_free("Ana")


# Finding


def test_somebody_is_found_in_any_case_and_by_any_look_alike(nicks: NickRegistry[Person]) -> None:
    nicks.claim("Ana", ana)
    assert nicks.owner("ana") is nicks.owner("ANA") is nicks.owner("аna") is ana


def test_nobody_is_found_where_nobody_is(nicks: NickRegistry[Person]) -> None:
    nicks.claim("ana", ana)
    assert nicks.owner("anna") is None
    assert nicks.owner("") is None


def test_the_same_nick_in_another_case_goes_before_a_look_alike(
    nicks: NickRegistry[Person],
) -> None:
    nicks.claim("lan", ana)
    assert nicks.owner("Ian") is ana
    nicks.claim("ian", bob)
    assert nicks.owner("Ian") is bob


def test_a_nick_of_which_there_is_a_look_alike_of_ones_own_is_still_found(
    nicks: NickRegistry[Person],
) -> None:
    nicks.claim("ana", ana)
    nicks.claim("Ana", ana)
    nicks.release("Ana")
    assert nicks.owner("ANA") is ana


# Suggesting


def test_a_taken_nick_comes_with_a_free_one(nicks: NickRegistry[Person]) -> None:
    nicks.claim("ana", ana)
    assert suggestion(nicks, "ana", bob) == "ana2"
    nicks.claim("ana2", bob)
    assert suggestion(nicks, "Ana", carla) == "Ana3"


def test_a_number_is_counted_on(nicks: NickRegistry[Person]) -> None:
    nicks.claim("ana2", ana)
    assert suggestion(nicks, "ana2", bob) == "ana3"


def test_a_nick_of_digits_gets_one_more(nicks: NickRegistry[Person]) -> None:
    nicks.claim("007", ana)
    assert suggestion(nicks, "007", bob) == "0072"


def test_a_long_nick_gives_up_its_end(nicks: NickRegistry[Person]) -> None:
    nicks.claim("x" * 24, ana)
    assert suggestion(nicks, "x" * 24, bob) == "x" * 23 + "2"


@pytest.mark.parametrize(
    ("nick", "suggested"),
    [
        ("أح٣", "أح2"),  # the two kinds of digits are never mixed
        ("a_2", "a_3"),
        ("ش" * 22 + "\u200cش", "ش" * 22 + "2"),  # no joiner before a number
    ],
)
def test_what_is_suggested_is_a_nick(
    nicks: NickRegistry[Person], nick: str, suggested: str
) -> None:
    nicks.claim(names.nick(nick), ana)
    assert suggestion(nicks, nick, bob) == names.nick(suggested)


def test_among_ten_thousand_that_are_alike_a_free_one_is_found_at_a_few_looks(
    nicks: NickRegistry[Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(2, 10_000):
        if nicks.is_free(f"ana{number}"):
            nicks.claim(f"ana{number}", bob)
    looks: list[str] = []
    is_free = nicks.is_free

    def looked(nick: str) -> bool:
        looks.append(nick)
        return is_free(nick)

    monkeypatch.setattr(nicks, "is_free", looked)
    assert nicks.suggest("ana") == "ana16384"
    assert len(looks) < 20


def test_who_has_all_the_numbers_that_are_tried_first_does_not_stop_it(
    nicks: NickRegistry[Person],
) -> None:
    for number in [*range(2, 10), *(1 << power for power in range(40))]:
        nicks.claim(f"ana{number}", bob)
    assert nicks.suggest("ana") == "ana10"


@given(st.text("abñאبش٣7-_.'\u0301\u200c", min_size=1, max_size=24))
def test_every_suggestion_is_a_free_nick(text: str) -> None:
    nicks: NickRegistry[Person] = NickRegistry()
    try:
        nick = names.nick(text)
    except BadNick:
        return
    nicks.claim(nick, ana)
    suggested = suggestion(nicks, nick, bob)
    assert names.nick(suggested) == suggested
    nicks.claim(suggested, bob)


# In whatever order


class Claims(RuleBasedStateMachine):
    """Claims and releases as they come, against a list of who has what."""

    claimed = Bundle("claimed")

    def __init__(self) -> None:
        super().__init__()
        self.nicks: NickRegistry[Person] = NickRegistry()
        self.model: dict[str, Person] = {}

    @rule(
        target=claimed,
        nick=st.text("aAаIl1oO0", min_size=1, max_size=2),
        owner=st.sampled_from([ana, bob, carla]),
    )
    def claim(self, nick: str, owner: Person) -> object:
        alike = [who for name, who in self.model.items() if names.keys(name) & names.keys(nick)]
        if any(who is not owner for who in alike):
            suggested = suggestion(self.nicks, nick, owner)
            assert self.nicks.is_free(suggested)
            return multiple()
        self.nicks.claim(nick, owner)
        self.model[nick] = owner
        return nick

    @precondition(lambda self: self.model)
    @rule(nick=consumes(claimed))
    def release(self, nick: str) -> None:
        self.nicks.release(nick)
        self.model.pop(nick, None)

    @invariant()
    def every_nick_has_its_owner(self) -> None:
        assert len(self.nicks) == len(self.model)
        for nick, owner in self.model.items():
            assert self.nicks.owner(nick) is owner

    @override
    def teardown(self) -> None:
        for nick in list(self.model):
            self.nicks.release(nick)
        assert self.nicks.is_free("a") and self.nicks.owner("a") is None
        assert not self.nicks._keys


def test_claims_are_as_the_model_says() -> None:
    few = settings(max_examples=50, stateful_step_count=30, deadline=None)
    run_state_machine_as_test(Claims, settings=few)


def test_what_a_log_has_given_to_one_is_made_free_of_all_others() -> None:
    """And what they have beside it stays theirs."""
    nicks: NickRegistry[str] = NickRegistry()
    for nick, owner in (("ana", "a"), ("carla", "a"), ("аna", "a"), ("bob", "b")):
        nicks.claim(nick, owner)
    nicks.make_free("ANA", "c")
    nicks.claim("ANA", "c")
    assert [nicks.owner(nick) for nick in ("ana", "аna", "carla", "bob")] == ["c", "c", "a", "b"]
    nicks.make_free("ana", "c")
    assert nicks.owner("ANA") == "c"
