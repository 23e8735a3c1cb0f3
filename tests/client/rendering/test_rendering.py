"""Events as the lines one reads."""

from __future__ import annotations

from datetime import UTC, date, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from huddle.client.rendering.rendering import Rendering
from huddle.client.session import events
from huddle.client.session.events import Event
from huddle.client.session.state import Kind, Line
from huddle.locale import translator
from huddle.protocol.requests import History, Join, Rooms
from huddle.protocol.text import clean

NOON = "2026-11-20T12:00:00.000Z"


def rendering(language: str = "en", hours: int = 0) -> Rendering:
    zone = timezone(timedelta(hours=hours)) if hours else UTC
    made = Rendering(translator(language), lambda: date(2026, 11, 20), zone)
    made.room = "huddle"
    return made


def said(text: str = "hola", **fields: object) -> events.Said:
    made = {"room": "huddle", "seq": 1, "time": NOON, "nick": "bob", "kind": "say"} | fields
    return events.Said(text=text, **made)  # type: ignore[arg-type]


def test_live_lines_show_their_time_when_wished() -> None:
    made = rendering()
    made.times = True
    assert made.lines(said()) == ["12:00 <bob> hola"]


def test_times_are_those_of_ones_own_zone() -> None:
    assert rendering(hours=-3).lines(said(past=True)) == ["09:00 <bob> hola"]


def test_the_day_is_written_where_it_changes() -> None:
    made = rendering("es")
    past = [said(past=True, time=f"2026-11-{day}T12:00:00Z") for day in (18, 18, 19, 20)]
    assert [line for event in past for line in made.lines(event)] == [
        "-- 18 de noviembre de 2026 --",
        "12:00 <bob> hola",
        "12:00 <bob> hola",
        "-- 19 de noviembre de 2026 --",
        "12:00 <bob> hola",
        "-- 20 de noviembre de 2026 --",
        "12:00 <bob> hola",
    ]


wild = st.builds(clean, st.text(max_size=8)) | st.sampled_from(["{", "{nick}", "%s", "-- eva left"])
"""What a session tells, whatever the server sent (tests.client.session.test_hostile_server)."""


@given(wild, wild, wild, wild)
def test_of_clean_fields_clean_lines_are_made(a: str, b: str, c: str, d: str) -> None:
    made = rendering()
    here = events.Here(a, 3, (b, c), (d,))
    shown: list[Event] = [
        said(a, room=b, nick=c, kind=d),
        said(a, room="@", nick=b, past=True, time=c),
        events.Joined(a, b),
        events.Renamed(a, b, c),
        here,
        events.Welcomed(a, {b: here}, 0),
        events.NickRefused(a, b, c, d),
        events.Denied(None, a, b),
        events.Motd((a, b)),
        events.Named(a),
        events.Refused(Line(Kind.SAY, a, b), c, d),
        events.Answered(Rooms(), events.RoomList((events.RoomListing(a, 1, b),))),
        events.Answered(Join(a), here),
        events.Answered(History(a, 1), events.Past(a, (said(b, room=c),), True)),
    ]
    for event in shown:
        for line in made.lines(event):
            assert line == clean(line)
            assert "\n" not in line
            line.encode()
