"""A slab that is cut anywhere: the rest of the line is finished, and reading goes on behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huddle.delivery.slab import Shared, Slab, identities, live_slabs, past_slabs
from huddle.protocol.events import Kind, Renamed, RoomEvent, Said
from huddle.protocol.limits import KIB
from huddle.visits.filters import IgnoringRenderer
from tests.sample_messages import DAY, NOON, joined, left, renderer, said, talk

RENDERER = renderer()
LIMITS = st.sampled_from([1, 40, 100, 64 * KIB])


@st.composite
def batches(draw: st.DrawFn) -> tuple[int, list[RoomEvent]]:
    """The seq before a batch, and what it brings: messages of three sessions, and notices."""
    base = seq = draw(st.integers(0, 300))
    events: list[RoomEvent] = []
    for what in draw(st.lists(st.sampled_from("sssjlr"), min_size=1, max_size=12)):
        session = draw(st.integers(0, 3))
        match what:
            case "s":
                seq += 1
                text = draw(st.sampled_from(["a", "ñandú", "x" * 50, "👍"]))
                events.append(said(seq, text, session=session))
            case "j":
                events.append(joined("carla", session))
            case "l":
                events.append(left("carla", session))
            case _:
                events.append(Renamed("huddle", "carla", "carlota", session))
    return base, events


@st.composite
def pasts(draw: st.DrawFn) -> tuple[list[Said], int | None]:
    """A stretch of the record over some days, and the time of the message before it."""
    first = draw(st.integers(1, 300))
    time = NOON - 30 * DAY
    previous = draw(st.sampled_from([None, time, time - DAY]))
    messages = []
    for seq in range(first, first + draw(st.integers(1, 10))):
        time += draw(st.sampled_from([0, 1, DAY]))
        messages.append(said(seq, "ñ" * seq, session=draw(st.integers(1, 3)), time=time))
    return messages, previous


def seqs_in(data: bytes, lines: dict[bytes, int]) -> list[int]:
    """The messages whose whole lines these are; a line that is none of these fails."""
    return [lines[line] for line in data.splitlines(keepends=True) if lines[line]]


def numbered(events: Sequence[RoomEvent]) -> list[RoomEvent]:
    """The same with a text that tells which message it is, notices with a nick of their own."""
    return [
        said(event.seq, f"{event.seq} {event.text}", session=event.session)
        if isinstance(event, Said)
        else joined(f"n{place}", event.session)
        for place, event in enumerate(events)
    ]


def assert_cut_well(slab: Slab, lines: dict[bytes, int]) -> None:
    """Cut anywhere, what was taken and its rest are whole lines, and reach the seq they say."""
    for taken in range(len(slab.data) + 1):
        rest, reached = slab.cut(taken)
        given = slab.data[:taken] + rest
        assert slab.data.startswith(given)
        shown = seqs_in(given, lines)
        assert shown == sorted(set(shown))
        behind = slab.after(reached, -1, 0) if reached < slab.last else None
        again = seqs_in(behind.data, lines) if behind else []
        assert shown + again == seqs_in(slab.data, lines)


# Cutting


@given(batches(), LIMITS)
def test_a_live_slab_cut_anywhere_loses_and_doubles_nothing(
    batch: tuple[int, list[RoomEvent]], limit: int
) -> None:
    base, events = batch[0], numbered(batch[1])
    rendered = RENDERER.live(events)
    lines = {
        line: event.seq if isinstance(event, Said) else 0
        for line, event in zip(rendered, events, strict=True)
    }
    for slab in live_slabs(RENDERER, events, base, limit):
        assert_cut_well(slab, lines)


@given(batches(), LIMITS, st.integers(1, 3))
def test_a_speakers_slab_cut_anywhere_loses_and_doubles_nothing(
    batch: tuple[int, list[RoomEvent]], limit: int, speaker: int
) -> None:
    base, events = batch[0], numbered(batch[1])
    others = [event for event in events if event.session != speaker]
    lines = {
        line: event.seq if isinstance(event, Said) else 0
        for line, event in zip(RENDERER.live(others), others, strict=True)
    }
    for slab in live_slabs(RENDERER, events, base, limit):
        mine = slab.without(speaker)
        assert (mine.base, mine.last) == (slab.base, slab.last)
        assert_cut_well(mine, lines)


@given(batches(), LIMITS, st.sets(st.integers(0, 4)))
def test_a_slab_without_those_who_are_ignored_is_as_their_reader_would_render_it_and_cut_well(
    batch: tuple[int, list[RoomEvent]], limit: int, ignored: set[int]
) -> None:
    base, events = batch[0], numbered(batch[1])
    theirs = frozenset(f"session:{session}" for session in ignored)
    rendered = IgnoringRenderer(RENDERER, theirs).live(events)
    lines = {
        line: event.seq if isinstance(event, Said) else 0
        for line, event in zip(rendered, events, strict=True)
    }
    shared = Shared(RENDERER, events, base, limit)
    slabs = shared.without(theirs, limit)
    assert b"".join(slab.data for slab in slabs) == b"".join(rendered)
    assert slabs[-1].last == live_slabs(RENDERER, events, base, limit)[-1].last
    for slab in slabs:
        assert_cut_well(slab, lines)
    everything = b"".join(slab.data for slab in shared.without((), limit))
    assert everything == b"".join(RENDERER.live(events))
    assert shared.without({"session:9"}, limit) is shared.without((), limit)  # who said nothing


@given(pasts(), LIMITS)
def test_a_replayed_slab_cut_anywhere_keeps_each_days_line_before_its_message(
    past: tuple[list[Said], int | None], limit: int
) -> None:
    messages, previous = past
    rendered = RENDERER.past(messages, previous)
    for slab in past_slabs(RENDERER, messages, previous, messages[-1].seq, limit):
        for taken in range(len(slab.data) + 1):
            rest, reached = slab.cut(taken)
            shown = [
                line
                for line, message in zip(rendered, messages, strict=True)
                if slab.base < message.seq <= reached
            ]
            assert slab.data[:taken] + rest == b"".join(shown)


def test_whoever_took_nothing_stands_where_they_stood() -> None:
    [slab] = live_slabs(RENDERER, talk(8, 9), 7, 64 * KIB)
    assert slab.cut(0) == (b"", 7)
    assert slab.cut(-1) == (b"", 7)


def test_whoever_took_a_whole_line_needs_no_rest() -> None:
    [slab] = live_slabs(RENDERER, talk(8, 9), 7, 64 * KIB)
    assert slab.cut(len("<bob> 8\n")) == (b"", 8)


def test_a_cut_inside_a_notice_finishes_it_and_stands_at_the_message_before() -> None:
    [slab] = live_slabs(RENDERER, [said(8), joined("ana"), said(9)], 7, 64 * KIB)
    assert slab.cut(len("<bob> hola\n-- a")) == (b"na joined\n", 8)


def test_a_cut_inside_a_notice_in_front_stands_where_the_reader_stood() -> None:
    [slab] = live_slabs(RENDERER, [joined("ana"), said(8)], 7, 64 * KIB)
    assert slab.cut(4) == (b"na joined\n", 7)


def test_a_cut_in_the_last_line_reaches_the_end_even_when_a_left_out_line_is_there() -> None:
    [slab] = live_slabs(RENDERER, [said(8, session=2), said(9, session=1)], 7, 64 * KIB)
    assert slab.without(1).cut(3) == (b"b> hola\n", 9)


# What is in it


@given(batches(), LIMITS)
def test_slabs_follow_each_other_and_hold_everything_in_order(
    batch: tuple[int, list[RoomEvent]], limit: int
) -> None:
    base, events = batch
    slabs = live_slabs(RENDERER, events, base, limit)
    assert b"".join(slab.data for slab in slabs) == b"".join(RENDERER.live(events))
    assert [slab.base for slab in slabs] == [base, *(slab.last for slab in slabs[:-1])]
    seqs = [event.seq for event in events if isinstance(event, Said)]
    assert slabs[-1].last == max(seqs, default=base)
    assert all(len(slab.data) <= limit or len(slab.ends) == 1 for slab in slabs)


@given(batches(), st.integers(1, 3))
def test_a_speaker_gets_everything_between_their_own_lines(
    batch: tuple[int, list[RoomEvent]], speaker: int
) -> None:
    base, events = batch
    [slab] = live_slabs(RENDERER, events, base, 64 * KIB)
    others = b"".join(RENDERER.live([event for event in events if event.session != speaker]))
    assert slab.without(speaker).data == others
    assert slab.around(slab.by_speaker().get(speaker, [])) == others


def test_a_large_batch_is_cut_into_slabs_of_64_kib_that_are_nearly_full() -> None:
    messages = [said(seq, "x" * 4000) for seq in range(1, 201)]
    slabs = live_slabs(RENDERER, messages, 0, 64 * KIB)
    assert all(60 * KIB < len(slab.data) <= 64 * KIB for slab in slabs[:-1])
    assert sum(len(slab.ends) for slab in slabs) == 200


def test_a_line_over_the_limit_has_a_slab_to_itself() -> None:
    messages = [said(1), said(2, "x" * 200), said(3)]
    slabs = live_slabs(RENDERER, messages, 0, 100)
    assert [(slab.base, slab.last, len(slab.ends)) for slab in slabs] == [
        (0, 1, 1),
        (1, 2, 1),
        (2, 3, 1),
    ]


def test_notices_alone_leave_the_seq_as_it_is() -> None:
    [slab] = live_slabs(RENDERER, [joined("ana"), left("ana")], 7, 64 * KIB)
    assert (slab.base, slab.last, slab.seqs) == (7, 7, [7, 7])


def test_who_has_an_account_is_ignored_by_that_and_as_the_guest_they_were() -> None:
    assert identities(said(1, session=3)) == ("session:3",)
    assert identities(replace(said(1, session=3), account=7)) == ("account:7", "session:3")


# Reading on later


@given(pasts(), LIMITS, st.integers(0, 320), st.integers(1, 3), st.integers(0, 320))
def test_a_reader_gets_what_is_behind_their_seq_and_not_their_own_lines_but_up_to_a_seq(
    past: tuple[list[Said], int | None], limit: int, seq: int, reader: int, own_until: int
) -> None:
    messages, previous = past
    rendered = dict(zip(messages, RENDERER.past(messages, previous), strict=True))
    slabs = past_slabs(RENDERER, messages, previous, messages[-1].seq, limit)
    got = [slab.after(seq, reader, own_until) for slab in slabs if slab.last > seq]
    wanted = [
        message
        for message in messages
        if message.seq > seq and (message.session != reader or message.seq <= own_until)
    ]
    assert b"".join(slab.data for slab in got) == b"".join(rendered[each] for each in wanted)
    assert [time for slab in got for time in slab.times] == [each.time for each in wanted]
    assert all(slab.base >= seq for slab in got)


def test_a_reader_who_lacks_all_of_it_shares_the_slab_itself() -> None:
    [slab] = past_slabs(RENDERER, talk(5, 9), None, 9, 64 * KIB)
    assert slab.after(4, 1, 0) is slab
    assert slab.after(2, 1, 0) is slab


def test_a_slab_begins_behind_what_is_no_longer_kept() -> None:
    [slab] = past_slabs(RENDERER, talk(7, 9), None, 9, 64 * KIB)
    assert (slab.base, slab.last) == (6, 9)
    speaker = slab.after(2, slab.sessions[0], 0)
    assert (speaker.base, speaker.last) == (6, 9)  # who had 2 and said all of it is told of a hole


def test_a_stretch_of_which_nothing_is_kept_has_no_lines_and_reaches_its_end() -> None:
    [slab] = past_slabs(RENDERER, [], None, 256, 64 * KIB)
    assert (slab.base, slab.last, slab.data, slab.times) == (256, 256, b"", [])


@pytest.mark.parametrize("taken", range(0, 60, 7))
def test_an_opening_belongs_to_the_first_line(taken: int) -> None:
    [slab] = past_slabs(RENDERER, [said(5), said(6, kind=Kind.ME)], None, 6, 64 * KIB)
    opened = slab.opened_by(b"-- 19 November 2026 --\n")
    assert opened.data == b"-- 19 November 2026 --\n12:00 <bob> hola\n12:00 * bob hola\n"
    rest, reached = opened.cut(taken)
    first = len("-- 19 November 2026 --\n12:00 <bob> hola\n")
    assert reached == (4 if not taken else 5 if taken <= first else 6)
    assert (opened.data[:taken] + rest).endswith(b"\n") or not taken


def test_an_opening_leaves_the_shared_slab_as_it_was() -> None:
    [slab] = past_slabs(RENDERER, [said(5)], None, 5, 64 * KIB)
    assert slab.opened_by(b"-- \n").data == b"-- \n12:00 <bob> hola\n"
    assert slab.data == b"12:00 <bob> hola\n"


@pytest.mark.parametrize(
    ("messages", "stretches"),
    [
        ([*talk(5, 6), *talk(8, 9)], [(4, 6), (7, 9)]),
        (talk(5, 8), [(4, 8), (9, 9)]),
    ],
    ids=["in between", "at the end"],
)
def test_behind_one_message_that_cannot_be_read_a_slab_begins_anew(
    messages: list[Said], stretches: list[tuple[int, int]]
) -> None:
    slabs = past_slabs(RENDERER, messages, None, 9, 64 * KIB)
    assert [(slab.base, slab.last) for slab in slabs] == stretches


def test_the_day_is_told_where_it_is_another_one_behind_what_cannot_be_read() -> None:
    messages = [*talk(5, 6), *talk(8, 8), *talk(10, 11, time=NOON + DAY)]
    slabs = past_slabs(RENDERER, messages, NOON - DAY, 11, 64 * KIB)
    assert [slab.data.count(b"--") // 2 for slab in slabs] == [1, 0, 1]
