"""The conversation in a terminal: painted, with times and days."""

from __future__ import annotations

from datetime import UTC, datetime

from huddle.client.rendering import rows
from huddle.client.rendering.colours import Depth, Paint
from huddle.client.rendering.terminal_lines import TerminalLines
from huddle.client.session.events import Acknowledged, Answered, Gap, Joined, Past, Refused, Said
from huddle.client.session.state import Kind, Line
from huddle.locale import translator
from huddle.protocol.requests import History


def terminal(now: str = "2026-11-20T18:02:00+00:00") -> TerminalLines:
    made = TerminalLines(
        translator("en"), Paint(Depth.MANY), lambda: datetime.fromisoformat(now), UTC
    )
    made.room, made.nick = "huddle", "ana"
    return made


def said(text: str = "hola", **fields: object) -> Said:
    usual: dict[str, object] = {
        "room": "huddle",
        "seq": 1,
        "time": "2026-11-20T18:02:11.123Z",
        "nick": "bob",
        "kind": "say",
        "text": text,
    }
    return Said(**(usual | fields))  # type: ignore[arg-type]


def own(text: str, kind: Kind = Kind.SAY, place: str = "huddle") -> Acknowledged:
    return Acknowledged(1, Line(kind, place, text), 1)


def plain(lines: list[str]) -> list[str]:
    """Without the colours."""
    return [rows.plain(line) for line in lines]


def test_lines_have_their_times_and_look_as_people_with_nc_see_them() -> None:
    assert plain(terminal().lines(said())) == ["18:02 <bob> hola"]
    assert plain(terminal().lines(said("waves", kind="me"))) == ["18:02 * bob waves"]
    assert plain(terminal().lines(said("psst", room="@"))) == ["18:02 [bob] psst"]
    assert plain(terminal().lines(said(room="ops"))) == ["18:02 <bob> hola"]


def test_own_lines_look_like_the_others() -> None:
    assert plain(terminal().lines(own("hola"))) == ["18:02 <ana> hola"]
    assert plain(terminal().lines(own("waves", Kind.ME))) == ["18:02 * ana waves"]
    assert plain(terminal().lines(own("psst", Kind.MSG, "bob"))) == ["18:02 [→ bob] psst"]
    assert plain(terminal().lines(own("hola", place="ops"))) == ["18:02 <ana> hola"]


def test_an_own_line_on_its_way_has_its_place_and_no_time() -> None:
    assert terminal().pending(Line(Kind.SAY, "huddle", "hola")) == "  …   <ana> hola"
    elsewhere = terminal().pending(Line(Kind.SAY, "ops", "hola"), here=False)
    assert elsewhere == "  …   #ops <ana> hola"
    without = terminal()
    without.times = False
    assert without.pending(Line(Kind.MSG, "bob", "psst")) == "[→ bob] psst"
    assert plain(without.lines(own("hola"))) == ["<ana> hola"]


def test_a_new_day_has_a_line_of_its_own() -> None:
    shown = terminal()
    lines = shown.lines(said(time="2026-11-19T23:59:00Z", past=True)) + shown.lines(said())
    assert plain(lines) == [
        "-- 19 November 2026 --",
        "23:59 <bob> hola",
        "-- 20 November 2026 --",
        "18:02 <bob> hola",
    ]


def test_each_window_has_its_days() -> None:
    shown = terminal()
    yesterday = "2026-11-19T23:59:00Z"
    shown.lines(said(time=yesterday, past=True))
    assert len(shown.lines(said(time=yesterday, past=True))) == 1
    for place in ({"room": "ops"}, {"room": "@"}):
        assert plain(shown.lines(said(time=yesterday, past=True, **place)))[0] == (
            "-- 19 November 2026 --"
        )
    assert plain(shown.lines(own("hola"))) == ["-- 20 November 2026 --", "18:02 <ana> hola"]


def test_addresses_are_links_where_the_terminal_knows_them() -> None:
    shown = terminal()
    assert "\x1b]8" not in shown.lines(said("https://x.y"))[0]
    linking = TerminalLines(
        translator("en"),
        Paint(Depth.NONE),
        lambda: datetime.fromisoformat("2026-11-20T18:02:00+00:00"),
        UTC,
        links=True,
    )
    for event in (said("see https://x.y"), own("see https://x.y"), said("ana: https://x.y")):
        [line] = linking.lines(event)
        assert ";https://x.y\x1b\\https://x.y\x1b]8;;\x1b\\" in line
        assert "https://x.y" in rows.plain(line)


def test_being_named_stands_out_and_naming_oneself_does_not() -> None:
    [line] = terminal().lines(said("¡hola, Ana!"))
    assert "\x1b[1m\x1b[7mAna\x1b[0m" in line
    [line] = terminal().lines(said("I am ana", nick="ana"))
    assert "\x1b[7m" not in line


def test_what_happens_stands_back_and_what_went_wrong_stands_out() -> None:
    [line] = terminal().lines(Joined("huddle", "bob"))
    assert line == "\x1b[38;5;243m18:02 \x1b[0m\x1b[38;5;243m-- bob joined\x1b[0m"
    refused = Refused(Line(Kind.SAY, "huddle", "hola"), "x", "Not said.")
    assert all("\x1b[1m" in line for line in terminal().lines(refused))


def test_history_is_painted_too() -> None:
    past = Past("huddle", (said("one"), said("two")), False)
    assert plain(terminal().lines(Answered(History("huddle", 2), past))) == [
        "18:02 <bob> one",
        "18:02 <bob> two",
    ]
    assert plain(terminal().lines(Answered(History("huddle", 2), Past("huddle", (), False)))) == [
        "-- There is nothing to show."
    ]
    assert plain(terminal().lines(Gap("huddle", 1, 3))) == ["-- 3 messages are gone --"]


def test_the_rule_says_what_it_is() -> None:
    assert plain([terminal().unread()]) == ["──────── unread ────────"]
