"""What is typed in the page means what it means in the terminal client: each is asked."""

from __future__ import annotations

from typing import Any

import pytest

from huddle.client.commands.commands import intent_of
from huddle.client.commands.intents import Ask, Mistake, Say
from huddle.doors.web.files import command_rows
from huddle.protocol import requests
from huddle.protocol.codec import written
from huddle.protocol.commands import ALIASES, COMMANDS
from huddle.protocol.events import INBOX
from tests.doors.web.test_same_words import of_page

ROWS = [
    dict(zip(("names", "takes", "summary", "type"), row, strict=False))
    for row in command_rows("en")
]

BEHIND = (
    *("", "bob", "bob b", "bob b c", "#lan", "#lan word", "lan many words", "-"),
    *("12", "#12", "@12", "0", "#0", "#12 text", "@12 text", "12 text", "14:30", "yesterday"),
    *("on", "off", "sí", "no", "OFF", "10m", "5", "1h30m", "bob 10m", "bob 10m loud"),
    *("es", "ES", "en", "xx", "constructor"),
)
"""What stands behind the name of a command."""

ELSEWHERE = {"back", "history", "inbox"}
"""The terminal client has no return word; the past comes in the page by scrolling up."""

NAMES = [command.english for command in COMMANDS if command.english not in ELSEWHERE]


TYPED = [f"/{name} {behind}".strip() for name in NAMES for behind in BEHIND]
WRONG = ("unknown", "misused")


def meant_by_page(lines: list[str], room: str = "ops") -> list[dict[str, Any]]:
    """What they mean in this room, or in a talk with one person, by the inbox."""
    meaning = "a[0].map((line) => m.meaning(line, a[1], a[2]))"
    where = None if room == INBOX else room
    meant: list[dict[str, Any]] = of_page("typing/commands.mjs", meaning, lines, ROWS, where)
    return meant


@pytest.fixture(scope="module", params=["ops", INBOX])
def compared(request: pytest.FixtureRequest) -> list[tuple[str, object, object]]:
    """Each line, and what it is to the page and to the terminal client."""
    meant = map(done, meant_by_page(TYPED, request.param))
    there = [wanted(line, request.param) for line in TYPED]
    return list(zip(TYPED, meant, there, strict=True))


def wanted(line: str, here: str) -> object:
    """What the terminal client does: the request that it makes, or what it says of it."""
    match intent_of(line):
        case Mistake(command=None):
            return "unknown"
        case Mistake():
            return "misused"
        case Ask(request=request):
            return written(request(here))
        case requests.Join(room=room, key=key):
            return written(requests.Join(room, key))
        case requests.Leave(room=room):
            return written(requests.Leave(room or here))
        case requests.Login(nick=nick, password=password):
            return written(requests.Login(nick, password))
        case Say(text=text, kind=kind, re=re, room=None):
            return ("say", text, kind.value, re)
        case other:
            return type(other).__name__


def done(meant: dict[str, Any]) -> object:
    """The same of the page."""
    match meant:
        case {"unknown": _}:
            return "unknown"
        case {"misused": _}:
            return "misused"
        case {"request": request}:
            return request
        case {"say": text}:
            return ("say", text, "say", meant.get("about", {}).get("re", 0))
        case {"act": text}:
            return ("say", text, "me", 0)
    return meant


def test_a_command_is_known_to_both_by_all_of_its_names() -> None:
    lines = [f"/{name.upper()}" for command in COMMANDS for name in command.names]
    lines += [f"/{alias}" for alias in ALIASES]
    assert not [meant for meant in meant_by_page(lines) if "unknown" in meant]
    leaving = [f"/{alias}" for alias, name in ALIASES.items() if name == "quit"]
    assert meant_by_page(leaving) == [{"page": "quit", "text": ""}] * len(leaving)
    others = meant_by_page(["/quién", "/números sí", "/oír bob"])
    assert others == meant_by_page(["/who", "/numbers on", "/unignore bob"])


def test_what_stands_behind_a_command_is_understood_by_both_or_by_neither(
    compared: list[tuple[str, object, object]],
) -> None:
    understood = [line for line, here, _ in compared if here not in WRONG]
    assert 300 < len(understood) < len(compared) - 300
    in_a_room = wanted("/bans", "ops") in [there for _, _, there in compared]
    for line, here, there in compared:
        if here in WRONG or there in WRONG:
            # Where there is no room, the page asks for no key of one.
            assert here == there or (line == "/key" and not in_a_room), line


def test_what_both_ask_of_the_server_or_say_is_the_same(
    compared: list[tuple[str, object, object]],
) -> None:
    same = 0
    for line, here, there in compared:
        if isinstance(here, tuple) and isinstance(there, tuple):
            assert here == there, line
            same += 1
        if isinstance(here, dict) and isinstance(there, dict) and "type" in here:
            assert _asked(here) == _asked(there), line
            same += 1
    assert same > 300


def _asked(request: dict[str, Any]) -> dict[str, Any]:
    """Without what says nothing; and how long and why, which the server reads for the page."""
    left_out = {"ban": {"typed", "seconds", "reason"}, "mute": {"typed", "seconds", "reason"}}
    of_the_house = {"room"} if request["type"] in ("nodes", "invite") else set[str]()
    elsewhere = left_out.get(request["type"], of_the_house)
    given = {name: value for name, value in request.items() if value not in (None, "")}
    return {name: value for name, value in given.items() if name not in elsewhere}


def test_a_bare_word_by_which_one_leaves_is_said_in_the_page() -> None:
    assert meant_by_page(["salir", "exit"]) == [{"say": "salir"}, {"say": "exit"}]
    assert isinstance(intent_of("salir"), requests.Bye)
