"""What one call brings about: kept before it is handed out, and sent after that."""

from __future__ import annotations

from typing_extensions import override

from huddle.client.session.effects import Effects
from huddle.client.session.events import Silent, Unreadable
from huddle.client.session.state import Memory, State
from huddle.protocol.requests import Ping


class Diary(Memory):
    """A memory that remembers in which order it was asked what."""

    def __init__(self) -> None:
        self.asked: list[object] = []

    @override
    def keep(self, patch: object) -> None:
        self.asked.append(patch)

    @override
    def commit(self, durable: bool) -> None:
        self.asked.append("durable" if durable else "soon")

    @override
    def rename(self, nick: str) -> None:
        self.asked.append(nick)


def test_what_is_noted_is_kept_at_the_end_and_on_the_disk_only_where_it_must_be() -> None:
    diary = Diary()
    effects = Effects(State("secret"), diary)
    effects.note("counter", 7, durable=True)
    effects.note("counter", 8)
    assert effects.state.counter == 8
    assert effects.end() == []
    effects.note("counter", 9)
    effects.end()
    assert diary.asked == [("counter", 7), ("counter", 8), "durable", ("counter", 9), "soon"]


def test_events_are_handed_out_once_and_in_order() -> None:
    effects = Effects(State("secret"), Diary())
    effects.tell(Silent())
    effects.tell(Unreadable())
    assert effects.end() == [Silent(), Unreadable()]
    assert effects.end() == []


def test_bytes_are_taken_once_and_those_of_a_lost_connection_never() -> None:
    effects = Effects(State("secret"), Diary())
    effects.put(Ping())
    effects.forget_bytes()
    effects.put(Ping())
    assert effects.take_bytes().count(b"\n") == 1
    assert effects.take_bytes() == b""
