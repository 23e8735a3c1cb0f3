"""Who is here, found by number, secret and return word; a nick belongs to one of them."""

from __future__ import annotations

import pytest

from huddle.errors import BadNick, NickTaken
from huddle.record import Card
from huddle.registry import Registry

KEY, WORD, OTHER = b"key", b"word", b"other"


def card(number: int = 3, nick: str = "ana", **more: object) -> Card:
    return Card(number, nick, **more)  # type: ignore[arg-type]


def test_a_session_gets_the_next_number_its_nick_and_its_rooms() -> None:
    registry = Registry(last_session=41)
    ana = registry.begin(" ana ", ["huddle", "ops"])
    assert (ana.number, ana.nick, ana.rooms) == (42, "ana", {"huddle": None, "ops": None})
    assert registry.begin("bob", []).number == 43
    assert registry.nicks.owner("ANA") is ana
    assert ana in registry
    assert next(iter(registry.sessions)) is ana


@pytest.mark.parametrize("nick", ["ana", "Ana", "аna"])
def test_a_nick_or_one_that_looks_like_it_is_taken_and_leaves_nothing_behind(nick: str) -> None:
    registry = Registry(0)
    registry.begin("ana", [])
    with pytest.raises(NickTaken) as refused:
        registry.begin(nick, [], KEY)
    assert refused.value.suggest
    assert len(registry.sessions) == 1
    assert registry.by_key(KEY) is None


def test_what_is_no_nick_begins_no_session() -> None:
    registry = Registry(0)
    with pytest.raises(BadNick):
        registry.begin("-- ana", [])
    assert not registry.sessions


def test_a_program_is_found_by_its_secret() -> None:
    registry = Registry(0)
    bot = registry.begin("bot", [], KEY)
    assert registry.by_key(KEY) is bot
    assert registry.by_key(OTHER) is None
    assert registry.by_word(WORD) is None


def test_a_person_is_found_by_the_word_that_was_told_last() -> None:
    registry = Registry(0)
    ana = registry.begin("ana", [])
    registry.set_word(ana, WORD, 5)
    assert registry.by_word(WORD) is ana
    registry.set_word(ana, OTHER, 7)
    assert registry.by_word(WORD) is None
    assert registry.by_word(OTHER) is ana
    assert (ana.word, ana.word_time) == (OTHER, 7)
    registry.set_word(ana, None, 0)
    assert registry.by_word(OTHER) is None


def test_a_session_of_the_record_comes_back_as_it_was() -> None:
    registry = Registry(10)
    rooms = {"huddle": 7, "ops": None}
    ana = registry.revive(card(key=KEY, word=WORD, word_time=5, rooms=rooms, last_id=9, here=False))
    assert (ana.number, ana.nick, ana.last_id, ana.rooms) == (3, "ana", 9, rooms)
    assert (ana.word, ana.word_time) == (WORD, 5)
    assert registry.by_key(KEY) is registry.by_word(WORD) is registry.nicks.owner("ana") is ana
    assert registry.begin("bob", []).number == 11


def test_a_session_may_come_back_under_another_nick() -> None:
    registry = Registry(10)
    assert registry.revive(card(), "Anita").nick == "Anita"
    assert registry.nicks.owner("ana") is None


def test_a_session_that_is_here_is_not_brought_back_twice() -> None:
    registry = Registry(10)
    ana = registry.revive(card())
    assert registry.revive(card(nick="other"), "third") is ana
    assert ana.nick == "ana"


def test_a_session_whose_nick_is_taken_meanwhile_does_not_come_back() -> None:
    registry = Registry(10)
    registry.begin("Ana", [])
    with pytest.raises(NickTaken):
        registry.revive(card(key=KEY, word=WORD))
    assert registry.by_key(KEY) is registry.by_word(WORD) is None
    with pytest.raises(BadNick):
        registry.revive(card(), "<>")


def test_a_session_that_is_over_is_found_by_nothing_and_its_nick_is_free() -> None:
    registry = Registry(0)
    bot = registry.begin("bot", [], KEY)
    registry.set_word(bot, WORD, 5)
    ana = registry.begin("ana", [])
    registry.remove(bot)
    registry.remove(ana)
    assert bot not in registry
    assert "bot" not in registry
    assert registry.by_key(KEY) is registry.by_word(WORD) is registry.nicks.owner("bot") is None
    assert registry.begin("bot", [], KEY).number == 3
