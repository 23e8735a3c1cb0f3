"""What a batch is made of: what each entry has the record keep, and what it brings to each room."""

from __future__ import annotations

from huddle.delivery.entries import (
    Entry,
    Happening,
    Outcome,
    Saying,
    by_room,
    drafts_of,
    nothing,
    said_by,
    size_of,
)
from huddle.protocol.errors import NotRecorded
from huddle.protocol.events import Draft, Kind, Said
from tests.sample_messages import NOON, joined


def draft(text: str = "hola", room: str = "huddle", session: int = 1) -> Draft:
    return Draft(room, session, "ana", Kind.SAY, text)


def said(seq: int, room: str = "huddle") -> Said:
    return Said(room, seq, 1, NOON, "ana", Kind.SAY, "hola")


COMES = Happening(lambda: [joined("bob")], nothing)


def test_copies_are_kept_behind_what_they_are_of_and_what_happens_is_not_kept() -> None:
    private = Saying(draft(room="@1"), [draft(room="@2")], None)
    assert [each.room for each in drafts_of(private)] == ["@1", "@2"]
    assert drafts_of(draft("alone")) == [draft("alone")]
    assert drafts_of(COMES) == []


def test_a_session_is_known_by_what_it_has_said_and_nobody_by_what_happened() -> None:
    batch: list[Entry] = [COMES, draft(session=2)]
    assert said_by(2, batch) and not said_by(1, batch)
    assert said_by(0, batch) and not said_by(0, [])


def test_one_emoji_makes_a_text_four_times_as_large() -> None:
    assert size_of(draft("a" * 1000 + "🦜")) - size_of(draft()) > 3 * (
        size_of(draft("a" * 1001)) - size_of(draft())
    )
    assert size_of(COMES) == 0


def test_each_room_is_brought_what_was_kept_in_the_order_of_the_batch() -> None:
    batch: list[Entry] = [draft(), COMES, Saying(draft(), [draft(room="ops")], None), draft()]
    outcomes: list[Outcome] = [said(1), said(2), said(5, "ops"), NotRecorded()]
    assert by_room(batch, outcomes) == {
        "huddle": [said(1), joined("bob"), said(2)],
        "ops": [said(5, "ops")],
    }


def test_what_others_had_the_record_keep_stands_behind_the_batch() -> None:
    assert by_room([], [said(3), said(4, "ops")]) == {"huddle": [said(3)], "ops": [said(4, "ops")]}
