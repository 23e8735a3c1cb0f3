"""What every record owes, asked of each."""

from __future__ import annotations

from dataclasses import replace

import pytest

from huddle.protocol.events import Block, Draft, Kind, Said
from huddle.record import AccountRow, Extent, SessionRow, Step
from huddle.record.retention import DAY, HOUR, ClockJumped
from tests.record.awaited_record import AwaitedRecord, draft, numbered, texts

NOW = 1_800_000_000_000


def test_messages_of_a_room_are_numbered_from_one(awaited: AwaitedRecord) -> None:
    assert [said.seq for said in awaited.say("a", "b")] == [1, 2]
    assert [said.seq for said in awaited.say("c")] == [3]


def test_each_room_has_its_own_numbers(awaited: AwaitedRecord) -> None:
    drafts = draft("a"), draft("b", room="ops"), draft("c"), draft("d", room="@7")
    said = awaited.append(*drafts)
    assert [(each.room, each.seq) for each in said] == [
        ("huddle", 1),
        ("ops", 1),
        ("huddle", 2),
        ("@7", 1),
    ]


def test_a_new_room_is_another_one_whichever_spoke_last(awaited: AwaitedRecord) -> None:
    for room in ("huddle", "ops", "huddle", "tea"):
        awaited.say(f"to {room}", room=room)
    assert awaited.read() == ["to huddle"] * 2
    assert [awaited.read(room=room) for room in ("ops", "tea")] == [["to ops"], ["to tea"]]


def test_what_is_committed_is_told_in_order_and_before_it_is_answered(
    awaited: AwaitedRecord,
) -> None:
    notes: list[object] = []
    first, second = [draft("a"), draft("b")], [draft("c")]
    awaited.record.on_committed(lambda drafts, said: notes.append((drafts, texts(said))))
    appending = [awaited.record.append(drafts, NOW) for drafts in (first, second)]
    for each in appending:
        each.addCallback(lambda said: notes.append(texts(said)))
        awaited.answer(each)
    told = [note for note in notes if isinstance(note, tuple)]
    assert told == [(first, ["a", "b"]), (second, ["c"])]
    assert told[0][0] is first and told[1][0] is second
    assert [notes.index(told[1]) < notes.index(["c"]), len(notes)] == [True, 4]


def test_only_the_one_who_asked_last_is_told(awaited: AwaitedRecord) -> None:
    notes: list[str] = []
    awaited.record.on_committed(lambda drafts, said: notes.append("first"))
    awaited.record.on_committed(lambda drafts, said: notes.append("second"))
    awaited.say("a")
    assert notes == ["second"]


def test_what_was_said_comes_back_as_it_was(awaited: AwaitedRecord) -> None:
    given = Draft("sala ñ", 7, "Ñandú", Kind.ME, 'tab\t "quoted" \\ 😀 ｱ  日本', 3)
    [said] = awaited.append(given, time=NOW)
    assert said == Said("sala ñ", 1, NOW, 7, "Ñandú", Kind.ME, given.text)
    assert awaited.answer(awaited.record.read("sala ñ", 1, 1)) == [said]
    assert awaited.answer(awaited.record.find(7, 3)) == said


def test_a_batch_of_any_size_is_read_back_in_order(awaited: AwaitedRecord) -> None:
    spoken = [f"line {number}" for number in range(1, 1001)]
    awaited.say(*spoken[:1])
    awaited.say(*spoken[1:4])
    awaited.say(*spoken[4:])
    assert awaited.read() == spoken
    assert awaited.read(257, 512) == spoken[256:512]


def test_an_empty_batch_is_kept_at_once(awaited: AwaitedRecord) -> None:
    assert awaited.append() == []
    assert awaited.record.extent("huddle") == Extent()


def test_reading_where_there_is_nothing_gives_nothing(awaited: AwaitedRecord) -> None:
    awaited.say("a", "b")
    assert awaited.read(3, 9) == []
    assert awaited.read(2, 1) == []
    assert awaited.read(room="nowhere") == []


def test_the_extent_tells_what_is_held_and_since_when(awaited: AwaitedRecord) -> None:
    assert awaited.record.extent("huddle") == Extent(1, 0, 0)
    awaited.say("a", "b", time=NOW)
    awaited.say("c", time=NOW + 5)
    assert awaited.record.extent("huddle") == Extent(1, 3, NOW + 5)
    assert awaited.record.last_time == NOW + 5


def test_a_message_is_not_held_before_its_append_has_fired(awaited: AwaitedRecord) -> None:
    awaited.say("a")
    appended = awaited.record.append([draft("b")], 2000)
    if not appended.called:
        assert awaited.record.extent("huddle").newest == 1
        assert awaited.read() == ["a"]
    assert texts(awaited.answer(appended)) == ["b"]
    assert awaited.read() == ["a", "b"]


def test_time_never_goes_back(awaited: AwaitedRecord) -> None:
    """A clock that was set back, or a batch that overtook another, changes the time, no more."""
    awaited.say("a", time=NOW)
    [said] = awaited.say("b", time=NOW - HOUR)
    assert said.time == NOW
    [other] = awaited.say("c", time=NOW - HOUR, room="ops")
    assert other.time == NOW


def test_time_does_not_go_back_to_that_of_a_room_where_something_is_deleted(
    awaited: AwaitedRecord,
) -> None:
    awaited.say("a", "b", time=5000)
    awaited.say("c", time=9000, room="ops")
    assert awaited.answer(awaited.record.forget(None, 1, 9000)) == 1
    assert awaited.say("d", time=7000)[0].time == 9000


def test_appends_are_carried_out_in_the_order_of_the_calls(awaited: AwaitedRecord) -> None:
    waiting = [awaited.record.append([draft(str(number))], 1) for number in range(50)]
    assert [awaited.answer(each)[0].seq for each in waiting] == list(range(1, 51))
    assert awaited.read() == [str(number) for number in range(50)]


def test_a_message_is_found_by_its_session_and_id(awaited: AwaitedRecord) -> None:
    awaited.append(draft("a", id=1), draft("b", id=2), draft("c", id=2, session=9), draft("d"))
    found = awaited.answer(awaited.record.find(1, 2))
    assert found is not None
    assert (found.text, found.seq) == ("b", 2)
    assert awaited.answer(awaited.record.find(1, 3)) is None
    assert awaited.answer(awaited.record.find(2, 1)) is None


def test_what_has_no_id_is_not_found_by_it(awaited: AwaitedRecord) -> None:
    awaited.say("a", "b")
    assert awaited.answer(awaited.record.find(1, 0)) is None


def test_lines_of_a_block_have_the_seq_of_the_first(awaited: AwaitedRecord) -> None:
    block: Block = {}
    awaited.say("before")
    awaited.append(line("a", block), draft("between"), line("", block, room="ops"))
    awaited.append(line("b", block), line("c", {}), line("d", {}, known=False))
    said = awaited.answer(awaited.record.read("huddle", 1, 9))
    assert [(each.text, each.block) for each in said] == [
        ("before", 0),
        ("a", 2),
        ("between", 0),
        ("b", 2),
        ("c", 5),
        ("d", 0),
    ]
    assert block == {"huddle": 2, "ops": 1}


def test_a_first_line_that_was_not_known_to_be_one_counts_all_the_same(
    awaited: AwaitedRecord,
) -> None:
    block: Block = {}
    awaited.append(line("a", block, known=False), line("b", block))
    awaited.append(line("c", block))
    said = awaited.answer(awaited.record.read("huddle", 1, 9))
    assert [each.block for each in said] == [0, 1, 1]


def test_what_belongs_to_a_message_is_found(awaited: AwaitedRecord) -> None:
    block: Block = {}
    awaited.say("x", "y", room="ops")
    awaited.append(line("a", block, known=False), draft("between"), line("b", block))
    answers = Draft("huddle", 1, "ana", Kind.SAY, "B", edits=1), line("c", block)
    awaited.append(*answers, Draft("huddle", 2, "bob", Kind.SAY, "re", re=1))
    awaited.append(Draft("ops", 1, "ana", Kind.SAY, "other room", edits=1))

    def found(seq: int, limit: int = 9, room: str = "huddle") -> list[str]:
        return texts(awaited.answer(awaited.record.belonging(room, seq, limit)))

    assert found(1) == ["a", "b", "B", "c"]
    assert found(1, 2) == ["a", "b"]
    assert found(2) == ["between"]
    assert found(3) == ["b"]
    assert found(99) == found(1, room="nowhere") == []
    assert found(1, room="ops") == ["x", "other room"]


def test_a_block_is_found_whole_whoever_speaks_in_between(awaited: AwaitedRecord) -> None:
    block: Block = {}
    other: Block = {}
    awaited.append(line("1", block, known=False))
    awaited.append(line("2", block), line("3", block))
    awaited.append(line("x", other), line("4", block), line("5", block), line("y", other))
    awaited.append(line("z", other))
    awaited.append(line("6", block))
    awaited.append(line("7", block), draft("after"), line("8", block), line("9", block))

    def found(seq: int, after: int = 0) -> str:
        return "".join(texts(awaited.answer(awaited.record.belonging("huddle", seq, 99, after))))

    assert found(1) == "123456789"
    assert found(1, 6) == "6789"
    assert found(4) == "xyz"
    assert found(2) == "2"
    said = awaited.answer(awaited.record.read("huddle", 1, 99))
    assert [each.block for each in said] == [0, 1, 1, 4, 1, 1, 4, 4, 1, 1, 0, 1, 1]
    for kept, left, lefts_other in [(11, "3456789", "xyz"), (8, "56789", "yz"), (5, "6789", "")]:
        awaited.answer(awaited.record.forget(None, kept, 9000))
        assert (found(1), found(4)) == (left, lefts_other)


def test_answers_and_corrections_are_kept_and_so_is_a_block_when_a_line_is_erased(
    awaited: AwaitedRecord,
) -> None:
    awaited.append(line("a", {}), Draft("huddle", 1, "ana", Kind.ME, "b", re=1, edits=1))
    awaited.answer(awaited.record.erase("huddle", 1))
    first, second = awaited.answer(awaited.record.read("huddle", 1, 2))
    assert (first.kind, first.block) == (Kind.DELETED, 1)
    assert (second.re, second.edits, second.block) == (1, 1, 0)


def line(text: str, block: Block, *, room: str = "huddle", known: bool = True) -> Draft:
    """A line of a block."""
    return Draft(room, 1, "ana", Kind.SAY, text, block=block, in_block=known)


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


def test_a_row_is_found_by_its_key_and_by_its_word(awaited: AwaitedRecord) -> None:
    awaited.answer(awaited.record.save(CARD))
    assert awaited.answer(awaited.record.session_by_key(b"\x00k" * 16)) == CARD
    assert awaited.answer(awaited.record.session_by_word(b"w" * 32)) == CARD
    assert awaited.answer(awaited.record.session_by_key(b"w" * 32)) is None
    assert awaited.answer(awaited.record.session_by_word(b"")) is None


def test_a_row_saved_again_takes_the_place_of_the_old_one(awaited: AwaitedRecord) -> None:
    awaited.answer(awaited.record.save(CARD))
    changed = replace(CARD, nick="rob", word=b"x" * 32, here=False, rooms={})
    awaited.answer(awaited.record.save(changed))
    assert awaited.answer(awaited.record.session_by_key(b"\x00k" * 16)) == changed
    assert awaited.answer(awaited.record.session_by_word(b"x" * 32)) == changed
    assert awaited.answer(awaited.record.session_by_word(b"w" * 32)) is None


def test_a_row_without_secrets_is_found_by_none(awaited: AwaitedRecord) -> None:
    awaited.answer(awaited.record.save(SessionRow(1, "ana")))
    assert awaited.answer(awaited.record.session_by_key(b"")) is None
    assert awaited.answer(awaited.record.session_by_word(b"")) is None


def test_the_last_id_of_a_session_is_raised_by_what_it_says_alone(awaited: AwaitedRecord) -> None:
    awaited.answer(awaited.record.save(CARD))
    awaited.answer(awaited.record.save(replace(CARD, last_id=99)))
    awaited.append(draft("a", id=5, session=4), draft("b", id=7, session=4))
    awaited.append(draft("c", id=6, session=4))
    awaited.answer(awaited.record.save(replace(CARD, nick="rob", last_id=1)))
    row = awaited.answer(awaited.record.session_by_key(b"\x00k" * 16))
    assert row == replace(CARD, nick="rob", last_id=7)


def test_a_session_that_was_forgotten_while_it_came_back_says_no_id_again(
    awaited: AwaitedRecord,
) -> None:
    awaited.answer(awaited.record.save(replace(CARD, here=False)))
    awaited.append(draft("a", id=5, session=4))
    row = awaited.answer(awaited.record.session_by_key(b"\x00k" * 16))
    assert awaited.answer(awaited.record.forget_sessions(0, 0)) == 1
    assert row is not None
    awaited.answer(awaited.record.save(replace(row, here=True)))
    assert awaited.answer(awaited.record.session_by_key(b"\x00k" * 16)) == replace(CARD, last_id=5)


def test_a_session_may_speak_before_its_row_is_saved(awaited: AwaitedRecord) -> None:
    awaited.append(draft("a", id=5, session=4))
    awaited.answer(awaited.record.save(CARD))
    assert awaited.answer(awaited.record.session_by_key(b"\x00k" * 16)) == replace(CARD, last_id=5)


def test_the_highest_session_is_known(awaited: AwaitedRecord) -> None:
    assert awaited.record.last_session == 0
    awaited.answer(awaited.record.save(CARD))
    awaited.answer(awaited.record.save(SessionRow(2, "ana")))
    assert awaited.record.last_session == 4


def test_nobody_is_here_when_the_record_is_new(awaited: AwaitedRecord) -> None:
    awaited.answer(awaited.record.save(CARD))
    assert awaited.record.sessions_here() == []


@pytest.mark.parametrize(
    ("time", "seq"),
    [(0, 1), (10, 1), (11, 2), (20, 2), (21, 4), (30, 4), (31, 5), (10**15, 5)],
)
def test_since_is_the_first_message_of_that_time_or_later(
    awaited: AwaitedRecord, time: int, seq: int
) -> None:
    for text, said_at in (("a", 10), ("b", 20), ("c", 20), ("d", 30)):
        awaited.say(text, time=said_at)
    assert awaited.answer(awaited.record.since("huddle", time)) == seq


def test_since_knows_an_empty_room(awaited: AwaitedRecord) -> None:
    assert awaited.answer(awaited.record.since("nowhere", 10)) == 1


def test_retention_keeps_so_many_of_each_room(awaited: AwaitedRecord) -> None:
    awaited.say(*"abcde")
    awaited.say(*"xy", room="ops")
    assert awaited.answer(awaited.record.forget(None, 3, NOW)) == 2
    assert awaited.record.extent("huddle") == Extent(3, 5, 1000)
    assert awaited.read() == ["c", "d", "e"]
    assert awaited.read(room="ops") == ["x", "y"]


def test_retention_keeps_what_was_said_since(awaited: AwaitedRecord) -> None:
    awaited.say("a", "b", time=NOW - 2 * DAY - 1)
    awaited.say("c", time=NOW - 2 * DAY)
    awaited.say("d", time=NOW)
    assert awaited.answer(awaited.record.forget(2 * DAY, None, NOW)) == 2
    assert awaited.read() == ["c", "d"]


def test_retention_goes_by_both_rules_when_both_are_given(awaited: AwaitedRecord) -> None:
    awaited.say("a", time=NOW - 2 * DAY)
    awaited.say(*"bcd", time=NOW)
    assert awaited.answer(awaited.record.forget(DAY, 3, NOW)) == 1
    assert awaited.answer(awaited.record.forget(DAY, 1, NOW)) == 2
    assert awaited.read() == ["d"]


def test_retention_may_leave_nothing_but_the_counters(awaited: AwaitedRecord) -> None:
    awaited.append(*(draft(str(id), id=id) for id in range(1, 601)), time=NOW)
    later = NOW + DAY
    assert awaited.answer(awaited.record.forget(HOUR, None, NOW)) == 0
    with pytest.raises(ClockJumped):
        awaited.answer(awaited.record.forget(HOUR, None, later))
    assert awaited.answer(awaited.record.forget(HOUR, None, later + HOUR)) == 600
    assert awaited.record.extent("huddle") == Extent(601, 600, NOW)
    assert awaited.read() == []
    assert awaited.search("300") == []
    assert awaited.answer(awaited.record.find(1, 600)) is None
    assert awaited.answer(awaited.record.since("huddle", 0)) == 601
    [said] = awaited.say("after")
    assert (said.seq, said.time) == (601, NOW)


def test_retention_refuses_a_time_far_ahead_of_the_last(awaited: AwaitedRecord) -> None:
    awaited.say("a", time=NOW)
    with pytest.raises(ClockJumped) as refusal:
        awaited.answer(awaited.record.forget(DAY, 1, NOW + 900 * DAY))
    assert (refusal.value.believed, refusal.value.now) == (NOW, NOW + 900 * DAY)
    assert awaited.read() == ["a"]


def test_a_message_said_under_a_wrong_clock_does_not_make_it_right(awaited: AwaitedRecord) -> None:
    awaited.say("a", time=NOW)
    assert awaited.answer(awaited.record.forget(30 * DAY, None, NOW)) == 0
    awaited.say("b", time=NOW + 900 * DAY)
    with pytest.raises(ClockJumped):
        awaited.answer(awaited.record.forget(30 * DAY, None, NOW + 900 * DAY))
    assert awaited.read() == ["a", "b"]


def test_no_more_is_read_than_the_size_allows_and_one_message_at_least(
    awaited: AwaitedRecord,
) -> None:
    awaited.say("aa", "ñññ", "cccc", "d")

    def read(first: int, size: int) -> list[str]:
        found = awaited.answer(awaited.record.read("huddle", first, 9, size))
        return [message.text for message in found]

    assert read(1, 1) == ["aa"]
    assert read(1, 4) == read(1, 2) == ["aa", "ñññ"]
    assert read(1, 8) == ["aa", "ñññ", "cccc"]
    assert read(1, 9) == ["aa", "ñññ", "cccc", "d"]
    assert read(3, 0) == ["cccc"]
    assert read(5, 9) == []


def test_search_finds_what_has_all_the_words(awaited: AwaitedRecord) -> None:
    awaited.say("good morning", "Good evening", "bad morning")
    assert awaited.search("good") == ["good morning", "Good evening"]
    assert awaited.search("morning GOOD") == ["good morning"]
    assert awaited.search("goo") == []


def test_search_gives_the_newest_in_order(awaited: AwaitedRecord) -> None:
    awaited.say(*(f"word {number}" for number in range(1, 10)))
    assert awaited.search("word", limit=2) == ["word 8", "word 9"]
    assert awaited.search("word", limit=2, before=8) == ["word 6", "word 7"]
    assert awaited.search("word", before=1) == []


def test_search_stays_in_its_room(awaited: AwaitedRecord) -> None:
    awaited.say("here a word", room="huddle")
    awaited.say("there a word", room="ops")
    assert awaited.search("word") == ["here a word"]
    assert awaited.answer(awaited.record.search("nowhere", "word", 9)) == []


def test_search_sees_what_was_said_just_before(awaited: AwaitedRecord) -> None:
    for number in range(20):
        awaited.say(f"needle {number}")
        assert awaited.search("needle", limit=1) == [f"needle {number}"]


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
def test_a_word_is_only_a_word(awaited: AwaitedRecord, query: str, text: str) -> None:
    awaited.say("something else entirely 7", text)
    assert awaited.search(query) == [text]


@pytest.mark.parametrize("query", ["", "  ", '"', "++ --", "*", "()", "😀", "本日", "word's x"])
def test_what_is_not_there_is_not_found(awaited: AwaitedRecord, query: str) -> None:
    awaited.say('a word " ++ -- * () 😀', "日本")
    assert awaited.search(query) == []


def test_a_query_of_thousands_of_words_is_answered(awaited: AwaitedRecord) -> None:
    awaited.say("a b c")
    assert awaited.search("a b c " * 700) == ["a b c"]


@pytest.mark.parametrize(("sign", "between"), [("日", ""), ("a", "-"), ("é", "'")])
def test_what_a_long_phrase_looks_for_has_an_end(
    awaited: AwaitedRecord, sign: str, between: str
) -> None:
    """Each of its parts costs a list to walk, so only the first 32 count, as with words."""
    text = between.join(sign * 40)
    awaited.say(text)
    assert awaited.search(f"{between.join(sign * 32)}{between or '本'}x") == [text]
    assert awaited.search(f"{between.join(sign * 31)}{between}x") == []
    assert awaited.search(f"one {between.join(sign * 32)}") == []


def test_a_closed_record_has_finished_what_was_given_before(awaited: AwaitedRecord) -> None:
    appended = awaited.record.append([draft("last")], 5)
    awaited.close()
    assert texts(awaited.answer(appended)) == ["last"]


def test_a_step_of_the_nodes_log_is_kept_whole(awaited: AwaitedRecord) -> None:
    awaited.say("secret")
    told: list[object] = []
    awaited.record.on_committed(lambda *batch: told.append(batch))
    row = SessionRow(9, "ana", key=b"k")
    messages = [
        numbered(2, "a", NOW, session=9),
        numbered(1, "b", NOW, room="ops"),
        numbered(3, "gone", NOW),
    ]
    erased = [("huddle", 1), ("huddle", 9), ("huddle", 3)]
    said = awaited.answer(awaited.record.step(Step(77, messages, [4, 0, 0], [row], erased)))
    assert said[:3] == messages
    assert [(each.room, each.seq, each.kind) for each in said[3:]] == [
        ("huddle", 1, Kind.DELETED),
        ("huddle", 3, Kind.DELETED),
    ]
    assert awaited.read() == ["", "a", ""]
    assert awaited.answer(awaited.record.session_by_key(b"k")) == replace(row, last_id=4)
    assert [awaited.record.position, awaited.record.last_session, told] == [77, 9, []]


def test_a_step_without_anything_in_it_moves_the_position(awaited: AwaitedRecord) -> None:
    assert awaited.record.position == 0
    awaited.answer(awaited.record.step(Step(5)))
    awaited.say("a")
    assert awaited.record.position == 5


def test_steps_that_are_kept_together_have_their_own_times_and_numbers(
    awaited: AwaitedRecord,
) -> None:
    awaited.say("before")
    steps = [
        Step(5, [numbered(2, "a", NOW, 9), numbered(1, "b", NOW, room="ops")], [4, 0]),
        Step(7),
        Step(8, [numbered(3, "c", NOW + 5)], [0]),
    ]
    awaited.answer(awaited.record.follow(steps))
    assert awaited.record.position == 8
    read = awaited.answer(awaited.record.read("huddle", 2, 9))
    assert [(each.seq, each.time, each.text) for each in read] == [
        (2, NOW, "a"),
        (3, NOW + 5, "c"),
    ]
    assert awaited.record.extent("ops").newest == 1
    found = awaited.answer(awaited.record.find(9, 4))
    assert found is not None and found.text == "a"


def test_lines_of_the_nodes_log_that_were_said_together_are_found_together(
    awaited: AwaitedRecord,
) -> None:
    """Lines of one block, in steps of their own and with another's line among them."""
    blocks = [1, 1, 0, 1, 1]
    lines = [
        replace(numbered(seq, f"line {seq}", NOW), block=block)
        for seq, block in enumerate(blocks, 1)
    ]
    edit = replace(numbered(6, "the fourth line", NOW), edits=4)
    steps = [Step(seq, [line], [seq]) for seq, line in enumerate(lines, 1)]
    awaited.answer(awaited.record.follow(steps[:1]))
    awaited.answer(awaited.record.follow(steps[1:]))
    awaited.answer(awaited.record.step(Step(7, [edit], [6])))
    assert awaited.read() == [each.text for each in (*lines, edit)]
    found = awaited.answer(awaited.record.belonging("huddle", 1, 9))
    assert [each.seq for each in found] == [1, 2, 4, 5, 6]
    read = awaited.answer(awaited.record.read("huddle", 1, 9))
    assert [*read] == [*lines, edit]


@pytest.mark.parametrize(("inbox", "stays"), [("@1", True), ("@a1", False)])
def test_with_a_session_goes_its_inbox_unless_an_account_has_it_now(
    awaited: AwaitedRecord, inbox: str, stays: bool
) -> None:
    awaited.append(draft("psst", room="@1"))
    for row in (AccountRow(1, "ana", inbox="@1"), AccountRow(1, "ana", inbox=inbox)):
        awaited.answer(awaited.record.save(row))
    awaited.answer(awaited.record.save(SessionRow(1, "ana", here=False)))
    assert awaited.answer(awaited.record.forget_sessions(1, 100)) == 1
    assert awaited.read(room="@1") == (["psst"] if stays else [])
