"""What every record owes, asked of each."""

from __future__ import annotations

from dataclasses import replace

import pytest

from huddle.protocol.events import Draft, Kind, Said
from huddle.record import Extent, SessionRow
from huddle.record.retention import DAY, HOUR, ClockJumped
from tests.record.desk import Desk, draft, texts

NOW = 1_800_000_000_000


def test_messages_of_a_room_are_numbered_from_one(desk: Desk) -> None:
    assert [said.seq for said in desk.say("a", "b")] == [1, 2]
    assert [said.seq for said in desk.say("c")] == [3]


def test_each_room_has_its_own_numbers(desk: Desk) -> None:
    drafts = draft("a"), draft("b", room="ops"), draft("c"), draft("d", room="@7")
    said = desk.append(*drafts)
    assert [(each.room, each.seq) for each in said] == [
        ("huddle", 1),
        ("ops", 1),
        ("huddle", 2),
        ("@7", 1),
    ]


def test_what_is_committed_is_told_in_order_and_before_it_is_answered(desk: Desk) -> None:
    notes: list[object] = []
    first, second = [draft("a"), draft("b")], [draft("c")]
    desk.record.on_committed(lambda drafts, said: notes.append((drafts, texts(said))))
    appending = [desk.record.append(drafts, NOW) for drafts in (first, second)]
    for each in appending:
        each.addCallback(lambda said: notes.append(texts(said)))
        desk.answer(each)
    told = [note for note in notes if isinstance(note, tuple)]
    assert told == [(first, ["a", "b"]), (second, ["c"])]
    assert told[0][0] is first and told[1][0] is second
    assert [notes.index(told[1]) < notes.index(["c"]), len(notes)] == [True, 4]


def test_only_the_one_who_asked_last_is_told(desk: Desk) -> None:
    notes: list[str] = []
    desk.record.on_committed(lambda drafts, said: notes.append("first"))
    desk.record.on_committed(lambda drafts, said: notes.append("second"))
    desk.say("a")
    assert notes == ["second"]


def test_what_was_said_comes_back_as_it_was(desk: Desk) -> None:
    given = Draft("sala ñ", 7, "Ñandú", Kind.ME, 'tab\t "quoted" \\ 😀 ｱ  日本', 3)
    [said] = desk.append(given, time=NOW)
    assert said == Said("sala ñ", 1, NOW, 7, "Ñandú", Kind.ME, given.text)
    assert desk.answer(desk.record.read("sala ñ", 1, 1)) == [said]
    assert desk.answer(desk.record.find(7, 3)) == said


def test_a_batch_of_any_size_is_read_back_in_order(desk: Desk) -> None:
    spoken = [f"line {number}" for number in range(1, 1001)]
    desk.say(*spoken[:1])
    desk.say(*spoken[1:4])
    desk.say(*spoken[4:])
    assert desk.read() == spoken
    assert desk.read(257, 512) == spoken[256:512]


def test_an_empty_batch_is_kept_at_once(desk: Desk) -> None:
    assert desk.append() == []
    assert desk.record.extent("huddle") == Extent()


def test_reading_where_there_is_nothing_gives_nothing(desk: Desk) -> None:
    desk.say("a", "b")
    assert desk.read(3, 9) == []
    assert desk.read(2, 1) == []
    assert desk.read(room="nowhere") == []


def test_the_extent_tells_what_is_held_and_since_when(desk: Desk) -> None:
    assert desk.record.extent("huddle") == Extent(1, 0, 0)
    desk.say("a", "b", time=NOW)
    desk.say("c", time=NOW + 5)
    assert desk.record.extent("huddle") == Extent(1, 3, NOW + 5)
    assert desk.record.last_time == NOW + 5


def test_a_message_is_not_held_before_its_append_has_fired(desk: Desk) -> None:
    desk.say("a")
    appended = desk.record.append([draft("b")], 2000)
    if not appended.called:
        assert desk.record.extent("huddle").newest == 1
        assert desk.read() == ["a"]
    assert texts(desk.answer(appended)) == ["b"]
    assert desk.read() == ["a", "b"]


def test_time_never_goes_back(desk: Desk) -> None:
    """A clock that was set back, or a batch that overtook another, changes the time, no more."""
    desk.say("a", time=NOW)
    [said] = desk.say("b", time=NOW - HOUR)
    assert said.time == NOW
    [other] = desk.say("c", time=NOW - HOUR, room="ops")
    assert other.time == NOW


def test_appends_are_carried_out_in_the_order_of_the_calls(desk: Desk) -> None:
    waiting = [desk.record.append([draft(str(number))], 1) for number in range(50)]
    assert [desk.answer(each)[0].seq for each in waiting] == list(range(1, 51))
    assert desk.read() == [str(number) for number in range(50)]


def test_a_message_is_found_by_its_session_and_id(desk: Desk) -> None:
    desk.append(draft("a", id=1), draft("b", id=2), draft("c", id=2, session=9), draft("d"))
    found = desk.answer(desk.record.find(1, 2))
    assert found is not None
    assert (found.text, found.seq) == ("b", 2)
    assert desk.answer(desk.record.find(1, 3)) is None
    assert desk.answer(desk.record.find(2, 1)) is None


def test_what_has_no_id_is_not_found_by_it(desk: Desk) -> None:
    desk.say("a", "b")
    assert desk.answer(desk.record.find(1, 0)) is None


CARD = SessionRow(
    4,
    "bob",
    key=b"\x00k" * 16,
    word=b"w" * 32,
    word_time=NOW,
    here=True,
    seen=NOW + 1,
    rooms={"huddle": 12, "@4": None},
)


def test_a_row_is_found_by_its_key_and_by_its_word(desk: Desk) -> None:
    desk.answer(desk.record.save(CARD))
    assert desk.answer(desk.record.session_by_key(b"\x00k" * 16)) == CARD
    assert desk.answer(desk.record.session_by_word(b"w" * 32)) == CARD
    assert desk.answer(desk.record.session_by_key(b"w" * 32)) is None
    assert desk.answer(desk.record.session_by_word(b"")) is None


def test_a_row_saved_again_takes_the_place_of_the_old_one(desk: Desk) -> None:
    desk.answer(desk.record.save(CARD))
    changed = replace(CARD, nick="rob", word=b"x" * 32, here=False, rooms={})
    desk.answer(desk.record.save(changed))
    assert desk.answer(desk.record.session_by_key(b"\x00k" * 16)) == changed
    assert desk.answer(desk.record.session_by_word(b"x" * 32)) == changed
    assert desk.answer(desk.record.session_by_word(b"w" * 32)) is None


def test_a_row_without_secrets_is_found_by_none(desk: Desk) -> None:
    desk.answer(desk.record.save(SessionRow(1, "ana")))
    assert desk.answer(desk.record.session_by_key(b"")) is None
    assert desk.answer(desk.record.session_by_word(b"")) is None


def test_the_last_id_of_a_session_is_raised_by_what_it_says_alone(desk: Desk) -> None:
    desk.answer(desk.record.save(replace(CARD, last_id=99)))
    desk.append(draft("a", id=5, session=4), draft("b", id=7, session=4))
    desk.append(draft("c", id=6, session=4))
    desk.answer(desk.record.save(replace(CARD, nick="rob", last_id=1)))
    row = desk.answer(desk.record.session_by_key(b"\x00k" * 16))
    assert row == replace(CARD, nick="rob", last_id=7)


def test_a_session_may_speak_before_its_row_is_saved(desk: Desk) -> None:
    desk.append(draft("a", id=5, session=4))
    desk.answer(desk.record.save(CARD))
    assert desk.answer(desk.record.session_by_key(b"\x00k" * 16)) == replace(CARD, last_id=5)


def test_the_highest_session_is_known(desk: Desk) -> None:
    assert desk.record.last_session == 0
    desk.answer(desk.record.save(CARD))
    desk.answer(desk.record.save(SessionRow(2, "ana")))
    assert desk.record.last_session == 4


def test_nobody_is_here_when_the_record_is_new(desk: Desk) -> None:
    desk.answer(desk.record.save(CARD))
    assert desk.record.sessions_here() == []


@pytest.mark.parametrize(
    ("time", "seq"),
    [(0, 1), (10, 1), (11, 2), (20, 2), (21, 4), (30, 4), (31, 5), (10**15, 5)],
)
def test_since_is_the_first_message_of_that_time_or_later(desk: Desk, time: int, seq: int) -> None:
    for text, said_at in (("a", 10), ("b", 20), ("c", 20), ("d", 30)):
        desk.say(text, time=said_at)
    assert desk.answer(desk.record.since("huddle", time)) == seq


def test_since_knows_an_empty_room(desk: Desk) -> None:
    assert desk.answer(desk.record.since("nowhere", 10)) == 1


def test_retention_keeps_so_many_of_each_room(desk: Desk) -> None:
    desk.say(*"abcde")
    desk.say(*"xy", room="ops")
    assert desk.answer(desk.record.forget(None, 3, NOW)) == 2
    assert desk.record.extent("huddle") == Extent(3, 5, 1000)
    assert desk.read() == ["c", "d", "e"]
    assert desk.read(room="ops") == ["x", "y"]


def test_retention_keeps_what_was_said_since(desk: Desk) -> None:
    desk.say("a", "b", time=NOW - 2 * DAY - 1)
    desk.say("c", time=NOW - 2 * DAY)
    desk.say("d", time=NOW)
    assert desk.answer(desk.record.forget(2 * DAY, None, NOW)) == 2
    assert desk.read() == ["c", "d"]


def test_retention_goes_by_both_rules_when_both_are_given(desk: Desk) -> None:
    desk.say("a", time=NOW - 2 * DAY)
    desk.say(*"bcd", time=NOW)
    assert desk.answer(desk.record.forget(DAY, 3, NOW)) == 1
    assert desk.answer(desk.record.forget(DAY, 1, NOW)) == 2
    assert desk.read() == ["d"]


def test_retention_may_leave_nothing_but_the_counters(desk: Desk) -> None:
    desk.append(*(draft(str(id), id=id) for id in range(1, 601)), time=NOW)
    later = NOW + DAY
    assert desk.answer(desk.record.forget(HOUR, None, NOW)) == 0
    with pytest.raises(ClockJumped):
        desk.answer(desk.record.forget(HOUR, None, later))
    assert desk.answer(desk.record.forget(HOUR, None, later + HOUR)) == 600
    assert desk.record.extent("huddle") == Extent(601, 600, NOW)
    assert desk.read() == []
    assert desk.search("300") == []
    assert desk.answer(desk.record.find(1, 600)) is None
    assert desk.answer(desk.record.since("huddle", 0)) == 601
    [said] = desk.say("after")
    assert (said.seq, said.time) == (601, NOW)


def test_retention_refuses_a_time_far_ahead_of_the_last(desk: Desk) -> None:
    desk.say("a", time=NOW)
    with pytest.raises(ClockJumped) as refusal:
        desk.answer(desk.record.forget(DAY, 1, NOW + 900 * DAY))
    assert (refusal.value.believed, refusal.value.now) == (NOW, NOW + 900 * DAY)
    assert desk.read() == ["a"]


def test_a_message_said_under_a_wrong_clock_does_not_make_it_right(desk: Desk) -> None:
    desk.say("a", time=NOW)
    assert desk.answer(desk.record.forget(30 * DAY, None, NOW)) == 0
    desk.say("b", time=NOW + 900 * DAY)
    with pytest.raises(ClockJumped):
        desk.answer(desk.record.forget(30 * DAY, None, NOW + 900 * DAY))
    assert desk.read() == ["a", "b"]


def test_search_finds_what_has_all_the_words(desk: Desk) -> None:
    desk.say("good morning", "Good evening", "bad morning")
    assert desk.search("good") == ["good morning", "Good evening"]
    assert desk.search("morning GOOD") == ["good morning"]
    assert desk.search("goo") == []


def test_search_gives_the_newest_in_order(desk: Desk) -> None:
    desk.say(*(f"word {number}" for number in range(1, 10)))
    assert desk.search("word", limit=2) == ["word 8", "word 9"]
    assert desk.search("word", limit=2, before=8) == ["word 6", "word 7"]
    assert desk.search("word", before=1) == []


def test_search_stays_in_its_room(desk: Desk) -> None:
    desk.say("here a word", room="huddle")
    desk.say("there a word", room="ops")
    assert desk.search("word") == ["here a word"]
    assert desk.answer(desk.record.search("nowhere", "word", 9)) == []


def test_search_sees_what_was_said_just_before(desk: Desk) -> None:
    for number in range(20):
        desk.say(f"needle {number}")
        assert desk.search("needle", limit=1) == [f"needle {number}"]


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("cafe", "un café"),
        ("CAFÉ", "un cafe"),
        ("nandu", "Ñandú"),
        ("naive", "nai\u0308ve"),
        ("don't", "I don't"),
        ("don't", "I don’t"),
        ("c++", "in c++ and c"),
        ("-x", "option -x here"),
        ("NOT", "this is not"),
        ("OR", "one or two"),
        ("near(a", "near a"),
        ('"quoted', 'they "quoted" it'),
        ("text:word", "text word"),
        ("wo*", "wo rd"),
        ("^first", "the first"),
        ("日本", "東日本大震災"),
        ("震", "東日本大震災"),
        ("カタカナ", "カタカナで"),
        ("한국", "한국어 채팅"),
        ("ไทย", "ภาษาไทย"),
        ("hola日", "hola日本"),
        ("omega", "omega Ω"),
        ("ωμέγα", "ΩΜΕΓΑ"),
        ("москва", "МОСКВА"),
        ("42", "route 42!"),
        ("foo_bar", "a foo bar"),
    ],
)
def test_a_word_is_only_a_word(desk: Desk, query: str, text: str) -> None:
    desk.say("something else entirely 7", text)
    assert desk.search(query) == [text]


@pytest.mark.parametrize("query", ["", "  ", '"', "++ --", "*", "()", "😀", "本日", "word's x"])
def test_what_is_not_there_is_not_found(desk: Desk, query: str) -> None:
    desk.say('a word " ++ -- * () 😀', "日本")
    assert desk.search(query) == []


def test_a_query_of_thousands_of_words_is_answered(desk: Desk) -> None:
    desk.say("a b c")
    assert desk.search("a b c " * 700) == ["a b c"]


@pytest.mark.parametrize(("sign", "between"), [("日", ""), ("a", "-"), ("é", "'")])
def test_what_a_long_phrase_looks_for_has_an_end(desk: Desk, sign: str, between: str) -> None:
    """Each of its parts costs a list to walk, so only the first 32 count, as with words."""
    text = between.join(sign * 40)
    desk.say(text)
    assert desk.search(f"{between.join(sign * 32)}{between or '本'}x") == [text]
    assert desk.search(f"{between.join(sign * 31)}{between}x") == []
    assert desk.search(f"one {between.join(sign * 32)}") == []


def test_a_closed_record_has_finished_what_was_given_before(desk: Desk) -> None:
    appended = desk.record.append([draft("last")], 5)
    desk.close()
    assert texts(desk.answer(appended)) == ["last"]
