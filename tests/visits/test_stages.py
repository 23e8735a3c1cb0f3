"""The stages of a visit: what leads where, and what follows from it."""

from __future__ import annotations

import pytest

from huddle.visits.stages import TABLE, Event, Progress, Stage


def after(*events: Event) -> Progress:
    progress = Progress()
    for event in events:
        assert progress.on(event), f"{event} means nothing {progress.stage}"
    return progress


IN = (Event.KNOCKS, Event.COMES_IN)


@pytest.mark.parametrize(
    ("events", "stage"),
    [
        ((), Stage.AT_THE_DOOR),
        ((Event.KNOCKS,), Stage.ARRIVING),
        ((Event.KNOCKS, Event.REFUSED), Stage.AT_THE_DOOR),
        ((Event.KNOCKS, Event.REFUSED, *IN), Stage.HERE),
        ((*IN, Event.ASKS), Stage.WAITING),
        ((*IN, Event.ASKS, Event.ANSWERED), Stage.HERE),
        ((*IN, Event.KNOCKS), Stage.CHANGING),
        ((*IN, Event.KNOCKS, Event.REFUSED), Stage.HERE),
        ((*IN, Event.KNOCKS, Event.COMES_IN), Stage.HERE),
        ((*IN, Event.KNOCKS, Event.REPLACED), Stage.GONE),
        ((*IN, Event.LEAVES), Stage.LEAVING),
        ((*IN, Event.LEAVES, Event.LOST), Stage.GONE),
        ((Event.DISMISSED,), Stage.GONE),
    ],
)
def test_what_happens_to_it_leads_from_stage_to_stage(
    events: tuple[Event, ...], stage: Stage
) -> None:
    assert after(*events).stage is stage


def test_what_means_nothing_in_a_stage_changes_nothing() -> None:
    for stage, leads in TABLE.items():
        for event in set(Event) - set(leads):
            progress = Progress()
            progress.stage = stage
            assert not progress.on(event)
            assert progress.stage is stage


def test_every_stage_can_be_reached_and_every_event_happens_in_some() -> None:
    reached, found = {Stage.AT_THE_DOOR}, [Stage.AT_THE_DOOR]
    while found:
        new = set(TABLE[found.pop()].values()) - reached
        reached |= new
        found += new
    assert reached == set(Stage) == set(TABLE)
    assert {event for leads in TABLE.values() for event in leads} == set(Event)


def test_who_is_gone_does_not_come_back_and_whoever_leaves_only_goes() -> None:
    assert not TABLE[Stage.GONE]
    assert set(TABLE[Stage.LEAVING].values()) == {Stage.GONE}


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
def test_what_follows_from_the_stage(
    events: tuple[Event, ...], named: bool, busy: bool, over: bool
) -> None:
    progress = after(*events)
    assert (progress.named, progress.busy, progress.over) == (named, busy, over)
