"""Nothing that somebody wrote makes a row of its own where a terminal breaks the lines."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, date
from functools import cache

import pytest
from hypothesis import example, given

from huddle.client.rendering.bare_lines import BareLines
from huddle.client.rendering.rendering import Rendering
from huddle.client.session import events
from huddle.client.session.events import Doubt, Event, Said
from huddle.locale import translator
from huddle.locale.blanks import without_long_blanks
from huddle.locale.columns import SCREEN, columns_of
from huddle.locale.wording import WRITTEN
from huddle.protocol.answers import Invitation
from huddle.protocol.requests import Invite, Join, Raw, Rooms, Who
from huddle.protocol.text import clean
from tests.client.session.test_hostile_server import MESSAGES, heard
from tests.locale.test_blanks import TEXTS, assert_nothing_is_alone

ENGLISH = translator("en")
NOON = "2026-11-20T12:00:00.000Z"
FORGERY = "".join(
    (
        "hi" + " " * 60 + "<bob> I did it",
        (" " * 16 + "\u2d7f") * 4 + "-- The server restarts. Type /login",
        "\u3164" * 40 + "* bob waves",
    )
)
"""What would stand in rows by itself, if there is the right number of blanks."""


def bare(columns: int = SCREEN) -> BareLines:
    rendering = BareLines(ENGLISH, lambda: date(2026, 11, 20), UTC, columns=lambda: columns)
    rendering.room, rendering.times = "huddle", True
    return rendering


def shown(*happened: Event) -> Sequence[str]:
    rendering = bare()
    return [line for event in happened for line in rendering.lines(event)]


def said(text: str, **fields: object) -> Said:
    told = {"room": "huddle", "seq": 41, "time": NOON, "nick": "eve", "kind": "say"} | fields
    return Said(text=text, **told)  # type: ignore[arg-type]


@cache
def forged(number: int) -> Collection[Event]:
    """All that a message can become, with what is forged in each of its strings."""
    return {repr(event): event for event in heard(MESSAGES[number], [FORGERY])}.values()


@pytest.mark.parametrize("number", range(len(MESSAGES)))
def test_no_field_of_any_message_has_a_long_row_of_blanks(number: int) -> None:
    for event in forged(number):
        if isinstance(event, events.Motd):  # the house's own words
            continue
        for line in bare().lines(event):
            if line.startswith(WRITTEN):
                assert columns_of(line) <= SCREEN, event
            else:
                assert without_long_blanks(line, ENGLISH) == line, event


def test_among_these_are_texts_names_topics_and_reasons() -> None:
    """As programs get them, so that the test above cannot pass for want of forgeries."""
    told = Rendering(ENGLISH, lambda: date(2026, 11, 20), UTC)
    kinds = {
        (type(event), type(getattr(event, "answer", None)))
        for number in range(len(MESSAGES))
        for event in forged(number)
        for line in told.lines(event)
        if FORGERY in line
    }
    alone = {kind for kind, _answer in kinds}
    assert alone >= {events.Said, events.Joined, events.Left, events.Renamed, events.Changed}
    assert alone >= {events.Removed, events.StandingIs, events.Denied, events.Unread}
    answers = {kind.__name__ for _event, kind in kinds}
    assert answers >= {"TopicIs", "BanList", "WhoIs", "AuditList", "Ignoring", "Past", "Here"}
    assert answers >= {"RoomList", "Invitation", "Entered", "NickIs", "NodeList"}


@given(TEXTS)
@example("hi" + " " * 66 + "<bob> I did it")
def test_no_text_makes_a_row_that_looks_like_a_line(text: str) -> None:
    text = clean(text)
    for kind in ("say", "me", "announce"):
        for room, to in (("huddle", ""), ("ops", ""), ("@", ""), ("@", "ana")):
            for line in shown(said(text, kind=kind, room=room, to=to)):
                assert_nothing_is_alone(line)


def test_blanks_are_counted_in_what_was_said_and_an_indentation_stays() -> None:
    assert shown(said("hi" + " " * 60 + "<bob> I did it"), said(" " * 16 + "return")) == [
        "12:00 <eve> hi [60 blanks] <bob> I did it",
        "12:00 <eve> " + " " * 16 + "return",
    ]


def test_lists_are_in_columns_as_ever_and_the_house_writes_as_it_likes() -> None:
    nicks = (*(f"guest{number}" for number in range(1, 20)), "a" * 24)
    here = events.Answered(Who("huddle"), events.Here("huddle", len(nicks), nicks))
    rooms = tuple(events.RoomListing(nick, 1) for nick in nicks)
    code = ("1" * 40 + "0",) * 2
    invitation = events.Answered(Invite(), Invitation(lines=("nc 10.0.0.1 55123",), qr=code))
    motd = events.Motd(("huddle" + " " * 40 + "55123",))
    written: list[Event] = [
        here,
        events.Answered(Rooms(), events.RoomList(rooms)),
        invitation,
        motd,
    ]
    lines = shown(*written)
    assert lines == [line for event in written for line in program_lines(event)]
    assert sum(" " * 17 in line for line in lines) > 10


def program_lines(event: Event) -> Sequence[str]:
    rendering = Rendering(ENGLISH, lambda: date(2026, 11, 20), UTC)
    rendering.room = "huddle"
    return rendering.lines(event)


def test_who_is_in_a_room_that_one_has_joined_is_told_in_a_sentence() -> None:
    entered = events.Entered("ops", 2, ("bob",), topic="soup" + " " * 40 + "<bob> no")
    [first, topic] = shown(events.Answered(Join("ops"), entered))
    assert first.endswith("1 other here: bob.")
    assert "soup [40 blanks] <bob> no" in topic


def test_sentences_of_the_program_itself_have_no_long_blanks_either() -> None:
    """A certificate that nobody trusts may be for whatever it says."""
    hosts = ("a" + " " * 60 + "-- Is that the server's fingerprint? (yes, no)",)
    doubt = events.Untrusted("chat.lan:1", "AB:CD", Doubt.OTHER_NAME, hosts)
    lines = bare().notices(bare().doubt(doubt))
    assert "a [60 blanks] -- Is that" in lines[0]


def test_what_is_shown_as_it_was_written_is_in_marked_rows() -> None:
    past = events.Past("huddle", (said("hi" + " " * 70 + "<bob> I did it"),), False)
    raw = events.Answered(Raw(41, room="huddle"), past)
    assert shown(raw) == ["-- #41, by eve:", "| hi" + " " * 70, "| <bob> I did it"]
    assert bare(60).lines(raw) == [
        "-- #41, by eve:",
        "| hi" + " " * 56,
        f"| {' ' * 14}<bob> I did it",
    ]
    assert bare(132).lines(raw) == shown(raw)
    assert program_lines(raw) == ["-- #41, by eve:", "| hi" + " " * 70 + "<bob> I did it"]
