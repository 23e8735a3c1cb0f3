"""The dialogues that the page's session holds as well (`tests/doors/web/page`)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from enum import Enum
from pathlib import Path
from typing import Any

import pytest

from huddle.client.session import events
from huddle.client.session.state import Kind
from huddle.protocol.codec import written
from huddle.protocol.requests import Join, Kick, Leave, ProgramRequest, Register, Who
from tests.client.dialogue import Dialogue

FILE = json.loads((Path(__file__).parent / "dialogues.json").read_text("utf-8"))
DIALOGUES = {dialogue["name"]: dialogue["steps"] for dialogue in FILE["dialogues"]}
REQUESTS: Mapping[str, type[ProgramRequest]] = {
    "join": Join,
    "kick": Kick,
    "leave": Leave,
    "register": Register,
    "who": Who,
}

Step = Mapping[str, Any]


class Talk:
    """One dialogue, being held."""

    def __init__(self) -> None:
        self.talk = Dialogue()

    def does(self, step: Step) -> list[events.Event]:
        session = self.talk.session
        match step["do"]:
            case "connect":
                return session.connected()
            case "lose":
                return session.disconnected()
            case "hear":
                lines = [json.dumps(message_of(each)) for each in step["messages"]]
                if "greeting" in step:  # the page's door gives none
                    lines.insert(0, step["greeting"])
                return self.talk.hear_bytes("\n".join([*lines, ""]).encode())
            case "say":
                return session.say([step["text"]], step["room"], Kind(step["kind"]))
            case "tell":
                return session.tell(
                    step["nick"], step["text"], act=step.get("act", False), **step.get("about", {})
                )
            case "ask":
                asked = dict(step["request"])
                return session.ask(REQUESTS[asked.pop("type")](**asked))
            case "nick":
                return session.take_nick(step["nick"])
            case "password":
                return session.take_password(step["password"])
            case "decide":
                return session.decide_doubts(say_again=step["again"])
            case "shown":
                return session.shown()
            case "leave":
                return session.leave()
            case "wait":
                return self.talk.wait(step["seconds"])
            case "reopen":
                self.talk = Dialogue(self.talk.diary)
                return []
        raise AssertionError(f"no such step: {step['do']}")


def message_of(each: Mapping[str, Any]) -> dict[str, Any]:
    message = {**FILE["bases"].get(each.get("as"), {}), **each}
    message.pop("as", None)
    return message


def plain(value: Any) -> Any:
    """An event as it stands in the file."""
    if isinstance(value, ProgramRequest):
        return written(value)
    if isinstance(value, events.Entered):
        return {"event": "Here", **by_field(value)}
    if is_dataclass(value):
        return {"event": type(value).__name__, **by_field(value)}
    if isinstance(value, Enum):
        return value.value
    return [plain(each) for each in value] if isinstance(value, tuple) else value


def by_field(value: Any) -> dict[str, Any]:
    return {field.name: plain(getattr(value, field.name)) for field in fields(value)}


def part(value: Any, wanted: Any) -> Any:
    """As much of what came as was named."""
    if isinstance(wanted, dict):
        return {key: part(value.get(key), each) for key, each in wanted.items()}
    if isinstance(wanted, list) and isinstance(value, list) and len(value) == len(wanted):
        return [part(each, want) for each, want in zip(value, wanted, strict=True)]
    return value


def matches(came: Sequence[Any], wanted: Sequence[Any]) -> None:
    assert part(list(came), list(wanted)) == wanted, came


@pytest.mark.parametrize("steps", DIALOGUES.values(), ids=DIALOGUES)
def test_it_holds_the_dialogues_that_the_page_holds(steps: Sequence[Step]) -> None:
    talk = Talk()
    for step in steps:
        told = talk.does(step)
        sent = talk.talk.sent()
        if "tells" in step:
            matches([plain(event) for event in told], step["tells"])
        if "sends" in step:
            matches(sent, step["sends"])
        for field in step.get("without", ()):
            assert not [message for message in sent if field in message]
