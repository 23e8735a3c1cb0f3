"""What the core may rely on, whatever the dialect."""

from __future__ import annotations

import pytest

from huddle.dialects.ndjson.dialect import JsonDialect
from huddle.locale import LANGUAGES
from huddle.protocol.dialect import Dialect, Renderer
from huddle.protocol.events import Joined, Left, Renamed, RoomEvent
from huddle.protocol.limits import Limits
from tests.sample_messages import DAY, NOON, PLAIN, said

DIALECTS: list[Dialect] = [PLAIN, JsonDialect(Limits())]
EVENTS: list[RoomEvent] = [
    said(1),
    Joined("huddle", ("ana",)),
    Left("huddle", tuple("abcd")),
    Renamed("huddle", "a", "b"),
    said(2),
]
each_renderer = pytest.mark.parametrize(
    "shown",
    [
        dialect.renderer(language, times)
        for dialect in DIALECTS
        for language in LANGUAGES
        for times in (False, True)
    ],
    ids=lambda renderer: f"{renderer.audience}",
)


@each_renderer
def test_each_event_has_whole_lines_of_its_own(shown: Renderer) -> None:
    rendered = shown.live(EVENTS)
    assert rendered == [line for event in EVENTS for line in shown.live([event])]
    assert all(line.endswith(b"\n") for line in rendered)


@each_renderer
def test_each_message_of_the_past_has_whole_lines_of_its_own(shown: Renderer) -> None:
    messages = [said(seq, time=NOON + seq * DAY) for seq in range(1, 5)]
    rendered = shown.past(messages, None)
    assert len(rendered) == len(messages)
    assert all(line.endswith(b"\n") for line in rendered)
    assert shown.past(messages[2:], messages[1].time) == rendered[2:]
    assert shown.past([], NOON) == []


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: type(dialect).__name__)
def test_renderers_are_shared(dialect: Dialect) -> None:
    for language in LANGUAGES:
        for times in (False, True):
            assert dialect.renderer(language, times) is dialect.renderer(language, times)
