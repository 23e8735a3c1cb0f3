"""The states of a visit: what leads where, and what follows from it."""

from __future__ import annotations

import pytest

from huddle.visits.states import TRANSITIONS, Event, Progress, State


def after(*events: Event) -> Progress:
    progress = Progress()
    for event in events:
        assert progress.on(event), f"{event} means nothing {progress.state}"
    return progress


IN = (Event.KNOCKS, Event.COMES_IN)


@pytest.mark.parametrize(
    ("events", "state"),
    [
        ((), State.AT_THE_DOOR),
        ((Event.KNOCKS,), State.ARRIVING),
        ((Event.KNOCKS, Event.REFUSED), State.AT_THE_DOOR),
        ((Event.KNOCKS, Event.REFUSED, *IN), State.HERE),
        ((*IN, Event.ASKS), State.WAITING),
        ((*IN, Event.ASKS, Event.ANSWERED), State.HERE),
        ((*IN, Event.KNOCKS), State.CHANGING),
        ((*IN, Event.KNOCKS, Event.REFUSED), State.HERE),
        ((*IN, Event.KNOCKS, Event.COMES_IN), State.HERE),
        ((*IN, Event.KNOCKS, Event.REPLACED), State.GONE),
        ((*IN, Event.LEAVES), State.LEAVING),
        ((*IN, Event.LEAVES, Event.LOST), State.GONE),
        ((Event.DISMISSED,), State.GONE),
    ],
)
def test_what_happens_to_it_leads_from_state_to_state(
    events: tuple[Event, ...], state: State
) -> None:
    assert after(*events).state is state


def test_what_means_nothing_in_a_state_changes_nothing() -> None:
    for state, leads in TRANSITIONS.items():
        for event in set(Event) - set(leads):
            progress = Progress()
            progress.state = state
            assert not progress.on(event)
            assert progress.state is state


def test_every_state_can_be_reached_and_every_event_happens_in_some() -> None:
    reached, found = {State.AT_THE_DOOR}, [State.AT_THE_DOOR]
    while found:
        new = set(TRANSITIONS[found.pop()].values()) - reached
        reached |= new
        found += new
    assert reached == set(State) == set(TRANSITIONS)
    assert {event for leads in TRANSITIONS.values() for event in leads} == set(Event)


def test_who_is_gone_does_not_come_back_and_whoever_leaves_only_goes() -> None:
    assert not TRANSITIONS[State.GONE]
    assert set(TRANSITIONS[State.LEAVING].values()) == {State.GONE}


@pytest.mark.parametrize(
    ("events", "named", "busy", "over"),
    [
        ((), False, False, False),
        ((Event.KNOCKS,), False, True, False),
        (IN, True, False, False),
        ((*IN, Event.ASKS), True, True, False),
        ((*IN, Event.KNOCKS), True, True, False),
        ((*IN, Event.LEAVES), True, False, True),
        ((*IN, Event.LOST), True, False, True),
    ],
)
def test_what_follows_from_the_state(
    events: tuple[Event, ...], named: bool, busy: bool, over: bool
) -> None:
    progress = after(*events)
    assert (progress.named, progress.busy, progress.over) == (named, busy, over)
