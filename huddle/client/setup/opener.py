"""Finds what is kept of a session, and makes the way to its server."""

from __future__ import annotations

import os
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from huddle.client.commands import json_input
from huddle.client.commands.commands import intent_of, text_of
from huddle.client.commands.intents import Intent
from huddle.client.conversation.conversation import Conversation
from huddle.client.conversation.ports import Opened, Screen
from huddle.client.network.endpoints import addresses_of, in_clear
from huddle.client.network.link import Link
from huddle.client.network.trust import Ask
from huddle.client.rendering.rendering import Rendering
from huddle.client.session.events import Event
from huddle.client.session.hello import SessionOptions
from huddle.client.session.journal import Trouble, recall, state_folder
from huddle.client.session.session import ClientSession
from huddle.client.session.state import Memory
from huddle.client.setup.options import Options
from huddle.locale.clock import HouseClock
from huddle.protocol.limits import Limits

Show = Callable[[Event], None]
"""Gets each event of a session."""

SECRET_BYTES = 24
"""A session's secret: 192 bits, above the 128 that the protocol asks for."""


def fresh_secret() -> str:
    """A secret for a new session, in letters that stand in an address as they are."""
    return urlsafe_b64encode(os.urandom(SECRET_BYTES)).rstrip(b"=").decode("ascii")


@dataclass(eq=False, repr=False)
class Opener:
    """Finds or makes the session of a nick, and its link.

    ``ask`` is asked about unknown certificates; a program that cannot be asked has none.
    """

    options: Options
    reactor: Any
    trouble: Callable[[Trouble], None]
    interactive: bool = field(kw_only=True)
    ask: Ask | None = field(kw_only=True)
    _memory: Memory = field(default_factory=Memory, init=False)

    def open(self, nick: str, show: Show) -> Opened:
        """The session that was last known by this nick, there; its events go to ``show``. To be
        called once."""
        options = self.options
        folder = state_folder(os.environ)
        recalled = recall(folder, options.places, nick, self.trouble)
        self._memory = recalled.memory
        known = recalled.state.known
        usual = Limits().replay if self.interactive else 0
        session = ClientSession(
            recalled.state,
            recalled.memory,
            nick,
            clock=time.monotonic,
            fresh_secret=fresh_secret,
            language=options.language,
            options=SessionOptions(
                usual if options.replay is None else options.replay,
                not self.interactive,
                options.password,
                False if options.json else None,
            ),
        )
        addresses = addresses_of(
            options.places,
            options.tls,
            self.reactor,
            folder=folder,
            ask=self.ask,
            unwritable=lambda: self.trouble(Trouble.UNWRITABLE),
        )
        link = Link(
            session,
            addresses,
            show,
            clock=self.reactor,
            retry=options.retry,
        )
        return Opened(link, recalled.trouble, known)

    def close(self) -> None:
        """Let go of the session's files, so that other programs may have them."""
        self._memory.close()


def converse(
    options: Options,
    reactor: Any,
    screen: Screen,
    rendering: Rendering,
    *,
    interactive: bool,
    listen: Callable[[Show], Show] = lambda show: show,
    opened: Callable[[Opened], object] = lambda found: None,
    announce_waiting: bool = True,
) -> tuple[Conversation, Opener]:
    """A conversation as the options want it, to be begun; the opener is to be closed at its end.

    Events go to what ``listen`` makes of the conversation's own listener. ``opened`` is told of the
    session.
    """
    opener = Opener(
        options,
        reactor,
        lambda trouble: conversation.trouble(trouble),
        interactive=interactive,
        ask=(lambda event: conversation.trusted(event)) if interactive else None,
    )

    def open_session(nick: str, show: Show) -> Opened:
        found = opener.open(nick, listen(show))
        opened(found)
        return found

    conversation = Conversation(
        screen,
        rendering,
        open_session,
        interactive=interactive,
        nick=options.nick,
        login=options.login and options.password is None,
        room=options.room,
        more_rooms=options.more_rooms,
        to=options.to,
        in_clear=any(in_clear(host, options.tls) for host, _ in options.places),
        informed=options.json,
        read=_reading(options, interactive),
        announce_waiting=announce_waiting,
        clock=HouseClock(None, lambda: round(time.time() * 1000)),
    )
    return conversation, opener


def _reading(options: Options, interactive: bool) -> Callable[[str], Intent]:
    """What is made of a line that comes in: a log must not be obeyed."""
    if options.json:
        return json_input.intent_of
    return intent_of if interactive or options.commands else text_of
