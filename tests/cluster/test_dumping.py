"""A dump that is made a little at a time is the one of the moment in which it began."""

from __future__ import annotations

from itertools import pairwise

import pytest

from huddle.cluster import dumping
from huddle.cluster.apply import apply
from huddle.cluster.dumping import Dumping
from huddle.cluster.snapshot import dump
from huddle.cluster.state import ArrivalCursors, Life, Restricted, Room, Session, State, first_state
from tests.cluster.test_entries import course


def many(count: int) -> State:
    """A house that knows so many sessions."""
    state = first_state()
    for number in range(1, count + 1):
        state.sessions[number] = Session(number, (f"m{number}", f"m{number}"), here=False)
    return state


def finish(dumping: Dumping) -> bytes:
    while (made := dumping.go_on()) is None:
        pass
    return made


@pytest.mark.parametrize("seed", range(8))
def test_whatever_is_applied_meanwhile(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Entries at random come between the slices, and no state is another for being watched."""
    monkeypatch.setattr(dumping, "SLICE", 1)
    state, plain = first_state(), first_state()
    under_way, before, compared = None, b"", 0
    for position, batch in course(seed, 150):
        if under_way is None:
            under_way, before = Dumping(state), dump(state)
        apply(state, position, batch)
        apply(plain, position, batch)
        assert dump(state) == dump(plain)
        if (made := under_way.go_on()) is not None:
            assert made == before
            under_way, compared = None, compared + 1
    assert compared > 5


def test_a_slice_is_so_many_objects_and_no_more() -> None:
    """Counted, since 0.7 s is what it took at once where 20,000 sessions were known."""
    state = many(1000)
    under_way, before = Dumping(state), dump(state)
    written = [under_way.writes]
    while (made := under_way.go_on()) is None:
        written.append(under_way.writes)
    assert made == before
    assert written[0] == 0
    assert max(b - a for a, b in pairwise(written)) == dumping.SLICE
    assert len(written) == 1000 // dumping.SLICE + 1


def test_who_has_just_come_to_a_node_is_written_in_slices_too() -> None:
    """Counted, since it was 0.36 s at once where 20,000 had come."""
    state = first_state()
    for life in ("a1", "b1", "c1"):
        state.lives[life] = Life(life[0], steps=[(1, 2)])
    for number in range(1, 501):
        life = "a1" if number % 2 else "b1"
        state.lives[life].coming[number] = ArrivalCursors(number, 3, {"huddle": number})
    under_way, before = Dumping(state), dump(state)
    assert under_way.writes == 0
    for number in range(1, 501):  # they have been shown what they missed, or gone on
        state.lives["a1" if number % 2 else "b1"].coming.pop(number)
    state.lives["a1"].coming[501] = ArrivalCursors(501, 3)
    counts = [0]
    while (made := under_way.go_on()) is None:
        counts.append(under_way.writes)
    assert made == before != dump(state)
    assert max(b - a for a, b in pairwise(counts)) == dumping.SLICE
    assert len(counts) == 500 // dumping.SLICE + 1


def test_a_room_that_everybody_is_in_is_written_in_slices_too() -> None:
    """Counted, since it was 65 ms at once where 20,000 were in it, at the first line said there."""
    state = first_state()
    room = state.rooms["huddle"]
    room.seats |= dict.fromkeys(range(1, 3001))
    room.people |= dict.fromkeys(range(1, 3001), 1)
    for number in range(1, 3001):
        mute = Restricted(f"m{number}", 0, "", "ana", 7, "", "", number)
        room.restrictions["mute", f"session:{number}"] = mute
    state.rooms["ops"] = Room(("ops", "ops"), seats={7: None})
    under_way, before = Dumping(state), dump(state)
    assert under_way.writes == 0
    room = state.rooms["huddle"]  # somebody speaks there, comes, goes, and is heard again
    room.newest += 1
    room.seats[3001] = room.seats.pop(1, None)
    room.restrictions = {("mute", "session:2"): room.restrictions["mute", "session:2"]}
    counts = [under_way.writes]
    assert counts == [1]
    while (made := under_way.go_on()) is None:
        counts.append(under_way.writes)
    assert made == before != dump(state)
    assert max(b - a for a, b in pairwise(counts)) == dumping.SLICE
    assert len(counts) > 3 * 3000 // dumping.RUN // dumping.SLICE


def test_to_look_at_all_of_it_writes_nothing() -> None:
    """Who looks for a nick among all sessions would have the whole dump made in that turn."""
    state = many(500)
    under_way = Dumping(state)
    assert sum(each.here for each in state.sessions.values()) == 0
    assert len(list(state.sessions.items())) == 500
    assert [under_way.writes] == [0]
    state.sessions[7].nick = ("eva", "eva")
    assert [under_way.writes] == [1]
    assert b'"eva"' not in finish(under_way)
    assert b'"eva"' in dump(state)


def test_a_state_is_watched_no_longer_than_it_is_dumped() -> None:
    state = many(3)
    finish(Dumping(state))
    for mapping in (state.sessions, state.rooms, state.accounts, state.inboxes):
        assert type(mapping) is dict
    given_up = Dumping(state)
    given_up.end()
    assert type(state.sessions) is dict
