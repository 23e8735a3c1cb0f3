"""The newest messages of one room in memory: without holes, and weighed as they come and go."""

from __future__ import annotations

from huddle.protocol.events import Kind, Said
from huddle.record.ring import SLICE, Ring, weight
from huddle.record.search import phrases


def ring(*texts: str, first: int = 1) -> Ring:
    made = Ring()
    for seq, text in enumerate(texts, first):
        message = Said("huddle", seq, seq * 1000, 1, "ana", Kind.SAY, text)
        made.messages.append(message)
        made.ids.append(seq)
        made.newest = seq
        made.bytes += weight(message, seq)
    return made


def test_one_that_was_let_go_weighs_nothing_and_the_next_one_is_the_oldest() -> None:
    kept = ring("uno", "dos", first=41)
    assert (kept.oldest, kept.newest) == (41, 42)
    assert kept.drop_oldest() == (1, 41)
    assert kept.drop_oldest() == (1, 42)
    assert (kept.oldest, kept.newest, kept.bytes) == (43, 42, 0)


def test_what_was_erased_has_its_place_and_no_weight_but_its_own() -> None:
    kept = ring("x" * 1000, "dos")
    before = kept.bytes
    gone = kept.erase(1)
    assert gone is not None and gone[0].kind is Kind.DELETED and gone[1] == 1
    assert kept.oldest == 1 and before - kept.bytes >= 1000
    assert kept.erase(0) is kept.erase(3) is None


def test_since_a_time_is_the_first_that_is_not_older() -> None:
    kept = ring("uno", "dos", "tres", first=7)
    assert [kept.since(time) for time in (0, 8000, 8001, 99_000)] == [7, 8, 9, 10]


def test_between_two_places_is_what_is_still_there() -> None:
    kept = ring("uno", "dos", first=7)
    assert [said.seq for said in kept.between(1, 100)] == [7, 8]
    assert kept.between(9, 100) == kept.between(1, 6) == []


def test_words_are_found_newest_first_and_never_in_what_was_erased() -> None:
    kept = ring("un café", "nada", "Cafe!", "café")
    kept.erase(4)
    found = [said.seq for said in kept.with_words(phrases("cafe"), None) if said]
    assert found == [3, 1]
    assert [said.seq for said in kept.with_words(phrases("cafe"), 3) if said] == [1]


def test_long_texts_let_others_have_their_turn_and_what_goes_meanwhile_is_not_found() -> None:
    kept = ring("ñ" * SLICE + " hola", "ñ" * SLICE + " hola")
    search = kept.with_words(phrases("hola"), None)
    assert next(search) is None
    found = next(search)
    assert found is not None and found.seq == 2
    assert next(search) is None
    kept.drop_oldest()
    assert list(search) == []
