"""A state and the patches that make it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huddle.client.session.state import Kind, Line, Patch, State

names = st.sampled_from(["huddle", "@", "ops"])
some = st.integers(1, 50)
patches = st.one_of(
    st.tuples(st.just("session"), st.text(max_size=3)),
    st.tuples(st.just("known")),
    st.tuples(st.just("nick"), st.text(max_size=3)),
    st.tuples(st.just("counter"), some),
    st.tuples(st.just("epoch"), st.none() | st.text(max_size=3)),
    st.tuples(st.just("wait"), st.sampled_from(["say", "me", "msg"]), names, st.text(max_size=3)),
    st.tuples(st.just("send"), some, st.integers(0, 1)),
    st.tuples(st.just("sent"), some, st.just("say"), names, st.text(max_size=3)),
    st.tuples(st.just("settled"), some),
    st.tuples(st.just("doubt"), st.just("me"), names, st.text(max_size=3)),
    st.tuples(st.sampled_from(["again", "drop"]), some),
    st.tuples(st.sampled_from(["room", "leave", "forget"]), names),
    st.tuples(st.just("after"), names, some),
    st.tuples(st.just("own"), names, some, some),
)


def applied(*patches: Patch) -> State:
    state = State()
    for patch in patches:
        state.apply(patch)
    return state


def contents(state: State) -> Any:
    """A state as plain values, without empty sets of numbers."""
    own = {room: list(numbers) for room, numbers in state.own.items() if len(numbers)}
    fields = [getattr(state, name) for name in State.__slots__ if name != "own"]
    return [*fields, own]


@given(st.lists(patches))
def test_a_snapshot_read_back_from_json_is_the_same_state(changes: list[Patch]) -> None:
    state = State()
    for patch in changes:
        try:
            state.apply(patch)
        except ValueError:  # more lines sent than wait
            assert patch[0] == "send"
    written = [json.loads(json.dumps(patch)) for patch in state.snapshot()]
    assert contents(applied(*written)) == contents(state)


def test_lines_get_their_ids_in_the_order_they_were_typed() -> None:
    state = applied(
        ("wait", "say", "huddle", "uno"),
        ("wait", "me", "huddle", "dos"),
        ("wait", "msg", "bob", "tres"),
        ("send", 7, 2),
    )
    uno, dos = Line(Kind.SAY, "huddle", "uno"), Line(Kind.ME, "huddle", "dos")
    assert state.sent == {7: uno, 8: dos}
    assert list(state.waiting) == [Line(Kind.MSG, "bob", "tres")]
    assert state.counter == 8


def test_a_new_session_puts_in_doubt_what_the_old_one_sent() -> None:
    state = applied(
        ("session", "a"), ("known",), ("sent", 1, "say", "huddle", "x"), ("session", "b")
    )
    assert (state.secret, state.known, state.sent) == ("b", False, {})
    assert state.in_doubt == [Line(Kind.SAY, "huddle", "x")]


def test_lines_said_again_come_before_those_that_wait() -> None:
    state = applied(
        ("wait", "say", "huddle", "new"),
        ("doubt", "say", "huddle", "uno"),
        ("doubt", "say", "huddle", "dos"),
        ("doubt", "say", "huddle", "tres"),
        ("again", 2),
    )
    assert [line.text for line in state.waiting] == ["uno", "dos", "new"]
    assert [line.text for line in state.in_doubt] == ["tres"]


def test_own_numbers_are_kept_until_the_cursor_has_passed_them() -> None:
    state = applied(("own", "huddle", 3, 5), ("after", "huddle", 4))
    assert list(state.own["huddle"]) == [(5, 5)]
    state.apply(("forget", "huddle"))
    assert (state.rooms, state.own) == ({"huddle": None}, {})


@pytest.mark.parametrize(
    "patch",
    [
        [],
        "known",
        7,
        ["known", 1],
        ["session"],
        ["nick", 7],
        ["counter", "1"],
        ["epoch", 7],
        ["wait", "shout", "huddle", "x"],
        ["wait", "say", "huddle"],
        ["send", 1, 1],
        ["sent", 1, "say"],
        ["settled", "1"],
        ["after", "huddle", "1"],
        ["own", "huddle", 1],
        ["room", "huddle", "more"],
        ["leave", 7],
        ["dance"],
    ],
)
def test_what_is_no_patch_is_an_error(patch: Any) -> None:
    with pytest.raises(ValueError):
        State().apply(patch)


def test_what_belongs_together_is_kept_and_has_the_first_id_in_the_end() -> None:
    state = State()
    block = state.fresh_block()
    for text in ("a", ""):
        state.apply(["wait", "say", "huddle", text, {"block": block}])
    assert state.fresh_block() > block
    state.apply(["wait", "say", "huddle", "c", {"re": 41, "edits": 7}])
    state.apply(["send", 5, 3])
    state.apply(["settled", 5])
    again = State()
    for patch in state.snapshot():
        again.apply(json.loads(json.dumps(patch)))
    assert [(line.block, line.re, line.edits) for line in again.sent.values()] == [
        (5, 0, 0),
        (0, 41, 7),
    ]
    assert again.fresh_block() > 7


@pytest.mark.parametrize(
    "line",
    [[], ["say"], ["say", "huddle"], ["say", "huddle", "x", 1], ["say", "huddle", "x", {}, {}]],
)
def test_what_is_no_line_is_refused(line: list[object]) -> None:
    with pytest.raises(ValueError, match="not a line"):
        State().apply(["wait", *line])
