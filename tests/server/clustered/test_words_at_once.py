"""A return word that is used on one node while its session becomes something else on the other.

What is first in the log holds. The node that is late has checked all that it could, by what it had
read until then.
"""

from __future__ import annotations

import pytest

from tests.two_nodes import TwoNodes
from tests.world import Peer, Program

NO_WORD = "-- That return word opens nothing, or not any more."
SECRET = "secreto-uno"
BECOMING = (f"/register {SECRET}", f"/login root {SECRET}")


def _house() -> tuple[TwoNodes, Peer]:
    """Two nodes, and bob on the first, a guest."""
    two = TwoNodes(others={"root": SECRET})
    bob = two.a.person("bob", address="127.0.0.1")
    return two, bob


def _thief(two: TwoNodes, word: str) -> Peer:
    """Who has read bob's word over his shoulder."""
    thief = two.b.connect("127.0.0.2")
    thief.forgets()
    thief.says(f"/back bob {word}")
    return thief


def _late(two: TwoNodes, name: str) -> None:
    """What this node appends from now on comes behind what the others append."""
    two.views[name].cut_off = True


def _comes(two: TwoNodes, name: str) -> None:
    two.views[name].cut_off = False
    two.a.passes(3)


def _both_come_back() -> tuple[TwoNodes, Peer, Peer]:
    """Bob is lost, and comes back by the word on one node; a thief of it on the other, late."""
    two, bob = _house()
    word = bob.word
    bob.cut()
    _late(two, "b")
    thief = _thief(two, word)
    again = two.a.connect()
    again.says(f"/back bob {word}")
    again.forgets()
    return two, thief, again


def test_of_two_who_use_one_word_on_two_nodes_at_once_one_is_let_in() -> None:
    two, thief, again = _both_come_back()
    _comes(two, "b")
    thief.hears(NO_WORD)
    assert not (thief.closed or again.closed)
    third = two.b.connect()
    third.says(f"/back bob {again.word}")
    assert again.closed
    third.says("here")
    [session] = two.a.huddle.registry.sessions
    assert (session.nick, session.elsewhere) == ("bob", True)
    thief.says("eve")
    assert thief.reads()[0].startswith("-- Hello eve."), "they may still say who they are"


@pytest.mark.parametrize("act", BECOMING)
def test_a_word_that_comes_behind_the_password_opens_nothing(act: str) -> None:
    two, bob = _house()
    _late(two, "b")
    thief = _thief(two, bob.word)
    bob.says(act)
    _comes(two, "b")
    thief.hears(NO_WORD)
    assert not (thief.closed or bob.closed)
    for world in (two.a, two.b):
        [session] = world.huddle.registry.sessions
        assert session.account is not None and session.word is None
    assert two.b.huddle.registry.sessions
    bob.forgets()
    bob.says("/who")
    assert bob.reads()[-1].startswith("-- 1 here")


@pytest.mark.parametrize("act", BECOMING)
def test_whose_session_was_opened_by_its_word_before_makes_no_account_of_it(act: str) -> None:
    two, bob = _house()
    bob.forgets()
    _late(two, "a")
    bob.says(act)
    thief = _thief(two, bob.word)
    _comes(two, "a")
    assert bob.closed and not thief.closed
    for world in (two.a, two.b):
        [session] = world.huddle.registry.sessions
        assert (session.nick, session.account) == ("bob", None)
        assert world.huddle.registry.accounts.named("bob") is None


def test_a_word_is_as_good_as_before_where_a_late_one_was_refused() -> None:
    two, thief, again = _both_come_back()
    again.cut()
    _comes(two, "b")
    assert not thief.closed
    back = two.b.connect()
    back.says(f"/back bob {again.word}")
    assert back.reads()[1].startswith("-- Hello bob.")


@pytest.mark.parametrize("where", ["here", "elsewhere", "held"])
def test_a_program_comes_back_by_its_secret_and_the_password_of_an_account(where: str) -> None:
    two = TwoNodes(others={"root": SECRET})
    bot = two.a.program("bot")
    if where == "held":
        bot.cut()
    bot.nick = "root"
    again: Program = bot.again(two.a if where == "here" else two.b, password=SECRET)
    assert again.welcome["nick"] == "root"
    assert bot.gone or bot.closed
    for world in (two.a, two.b):
        [session] = world.huddle.registry.sessions
        assert session.account is not None
        assert "bot" not in world.huddle.nicks
