"""A conversation whose screen and server are the test's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date
from typing import Any

from twisted.internet.defer import Deferred, succeed

from huddle.client.conversation.conversation import Conversation
from huddle.client.conversation.ports import Opened
from huddle.client.rendering.rendering import Rendering
from huddle.client.session.events import Event
from huddle.client.session.journal import Trouble
from huddle.client.session.session import ClientSession
from huddle.locale import translator
from tests.client.dialogue import WELCOME, Dialogue, Message


class Paper:
    """A screen that keeps what was written."""

    def __init__(self) -> None:
        self.shown: list[str] = []
        self.warned: list[str] = []
        self.places: list[str | None] = []
        self.titles: list[str] = []
        self.is_crowded = self.hidden = False
        self.given_back: list[str] = []
        self.status: int | None = None

    def show(self, lines: Sequence[str], place: str | None = None) -> None:
        self.shown += lines
        self.places.append(place)

    def warn(self, lines: Sequence[str], place: str | None = None) -> None:
        self.warned += lines

    def found(self, title: str, lines: Sequence[str]) -> None:
        self.titles.append(title)
        self.show(lines)

    def crowded(self, crowded: bool) -> None:
        self.is_crowded = crowded

    def hide(self, hidden: bool) -> None:
        self.hidden = hidden

    def give_back(self, text: str) -> None:
        self.given_back.append(text)

    def close(self, status: int) -> None:
        assert self.status is None, "closed twice"
        self.status = status

    def read(self) -> list[str]:
        """What has been shown since the last time."""
        shown, self.shown = self.shown, []
        return shown

    def read_warnings(self) -> list[str]:
        warned, self.warned = self.warned, []
        return warned


class Wire:
    """A link that the test plays the network of."""

    def __init__(self, talk: Dialogue, show: Callable[[Event], None]) -> None:
        self.talk = talk
        self.show = show
        self.started = self.paused = False
        self.sent: list[Message] = []

    @property
    def session(self) -> ClientSession:
        return self.talk.session

    def start(self) -> None:
        self.started = True

    def stop(self) -> Deferred[None]:
        return succeed(None)

    def carry_out(self, events: Sequence[Event]) -> None:
        for event in events:
            self.show(event)
        self.sent += self.talk.sent()

    def pause(self) -> None:
        self.paused = True

    def resume(self) -> None:
        self.paused = False


class Chat:
    """A conversation with its screen and its server."""

    def __init__(
        self,
        *,
        interactive: bool = True,
        nick: str | None = "ana",
        trouble: Trouble | None = None,
        language: str = "en",
        **options: Any,
    ) -> None:
        self.paper = Paper()
        self._trouble = trouble
        rendering = Rendering(translator(language), lambda: date(2026, 11, 20), UTC)
        self.conversation = Conversation(
            self.paper, rendering, self._open, interactive=interactive, nick=nick, **options
        )
        self.conversation.begin()

    def _open(self, nick: str, show: Callable[[Event], None]) -> Opened:
        self.talk = Dialogue(nick=nick)
        self.wire = Wire(self.talk, show)
        return Opened(self.wire, self._trouble)

    def connect(self) -> Chat:
        self.wire.carry_out(self.talk.session.connected())
        return self

    def hear(self, *messages: Message) -> Chat:
        self.wire.carry_out(self.talk.hear(*messages))
        return self

    def enter(self) -> Chat:
        """The server lets us in, and all that is old."""
        self.connect().hear(WELCOME)
        self.paper.read()
        self.sent()
        return self

    def lose(self) -> Chat:
        self.wire.carry_out(self.talk.lose())
        return self

    def type(self, *lines: str) -> Chat:
        self.conversation.typed(lines)
        return self

    def sent(self) -> list[Message]:
        sent, self.wire.sent = self.wire.sent, []
        return sent

    def said(self) -> list[str]:
        """The texts of what has been sent since the last time."""
        return [message["text"] for message in self.sent() if "text" in message]


def pipe(**options: Any) -> Chat:
    return Chat(interactive=False, **options)


def inside(**options: Any) -> Chat:
    """One who is in, and has read what there was."""
    chat = Chat(**options).enter()
    chat.paper.read()
    chat.sent()
    return chat
