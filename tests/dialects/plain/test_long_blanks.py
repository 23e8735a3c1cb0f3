"""Whatever people with `nc` are told, nobody's words in it have a row to themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import Any, get_args

import pytest

from huddle.locale import LANGUAGES, translator
from huddle.locale.blanks import without_long_blanks
from huddle.protocol import answers, events
from tests.client.session.test_hostile_server import made
from tests.sample_messages import ANSWERS, PLAIN

FORGED = "hi" + " " * 60 + "<bob> I did it"

NAMES = {"nick", "nicks", "new", "room", "rooms", "names", "away", "to", "into"}
"""Fields of names, which hold no blanks (`huddle.protocol.names`)."""

AS_WRITTEN = (answers.Motd, answers.Invitation, answers.Written)
"""What the house itself says is shown as it was written, and what one asks for so."""


def forged(value: Any, name: str = "") -> Any:
    """The same with blanks in each string that is no name, however deep."""
    match value:
        case Enum():
            return value
        case str():
            return value if name in NAMES else FORGED
        case tuple():
            return tuple(forged(each, name) for each in value)
        case Mapping():
            return {key: forged(each, name) for key, each in value.items()}
        case _ if is_dataclass(value) and not isinstance(value, type):
            held = {each.name: getattr(value, each.name) for each in fields(value)}
            return replace(value, **{name: forged(each, name) for name, each in held.items()})
        case _:
            return value


def told(language: str) -> Iterator[tuple[type[Any], str]]:
    """Every line that is made of one of these, and of what."""
    for times, numbers in ((False, False), (True, True)):
        renderer = PLAIN.renderer(language, times, numbers)
        for cls in ANSWERS:
            for line in renderer.answer(forged(made(cls))).decode().splitlines():
                yield cls, line
        for cls in get_args(events.RoomEvent):
            for line in b"".join(renderer.live([forged(made(cls))])).decode().splitlines():
                yield cls, line


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_answer_and_no_event_shows_a_long_row_of_blanks(language: str) -> None:
    wording = translator(language)
    for cls, line in told(language):
        if cls not in AS_WRITTEN:
            assert without_long_blanks(line, wording) == line, cls


def test_among_these_are_texts_topics_and_reasons() -> None:
    counted = {cls.__name__ for cls, line in told("en") if "[60 blanks]" in line}
    assert counted >= {"Said", "Left", "Past", "Removed", "TopicIs", "Entered", "Welcome"}
    assert counted >= {"RoomList", "BanList", "AuditList", "WhoIs"}
