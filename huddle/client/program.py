"""huddle-client: a terminal, or a pipe, in the group chat."""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.endpoints import HostnameEndpoint
from twisted.internet.stdio import StandardIO

from huddle.client.conversation import Conversation, Opened
from huddle.client.events import Event
from huddle.client.journal import Trouble, recall, state_folder
from huddle.client.link import Link
from huddle.client.options import Options, UsageError, help_lines, read_options
from huddle.client.rendering import Rendering
from huddle.client.session import ClientSession
from huddle.client.terminal import Terminal
from huddle.limits import Limits
from huddle.locale import translator

CONNECTING = 10.0
"""Seconds that an attempt to connect may take."""

SECRET_BYTES = 24
"""A session's secret: 192 bits, above the 128 that the protocol asks for."""

USAGE = 2
"""The exit status for a command line that cannot be understood."""


def main() -> None:
    """Run as the command line says; raises SystemExit."""
    try:
        options = read_options(sys.argv[1:], os.environ)
        if options.help:
            _write(1, *help_lines(options.language))
            raise SystemExit(0)
        interactive = sys.stdin.isatty()
        if options.nick is None and not interactive:
            _ = translator(options.language).gettext
            raise UsageError(_("A pipe needs a nick: --nick …"))
    except UsageError as error:
        _write(2, f"huddle-client: {error}")
        raise SystemExit(USAGE) from error
    raise SystemExit(run(options, interactive))


def run(options: Options, interactive: bool) -> int:
    """Be in the chat until it is left; the exit status."""
    from twisted.internet import reactor  # importing it installs it: not before it is needed

    ended: Deferred[int] = Deferred()
    warn = None if interactive and sys.stdout.isatty() else _warn
    terminal = Terminal(reactor, warn, ended.callback)
    opener = Opener(options, interactive, reactor, lambda trouble: conversation.trouble(trouble))
    rendering = Rendering(translator(options.language), date.today)
    conversation = terminal.conversation = Conversation(
        terminal, rendering, opener.open, interactive=interactive, nick=options.nick
    )
    with _blocking_as_found():
        status = _run_reactor(reactor, terminal, conversation, ended)
    opener.close()
    return status


class Opener:
    """Finds or makes the session of a nick, and its link."""

    def __init__(
        self,
        options: Options,
        interactive: bool,
        reactor: Any,
        trouble: Callable[[Trouble], None],
    ) -> None:
        self._options = options
        self._interactive = interactive
        self._reactor = reactor
        self._trouble = trouble
        self._closers: list[Callable[[], None]] = []

    def open(self, nick: str, show: Callable[[Event], None]) -> Opened:
        """The session that was last known by this nick, there; its events go to ``show``."""
        options = self._options
        folder = state_folder(os.environ)
        recalled = recall(folder, options.host, options.port, nick, self._trouble)
        self._closers.append(recalled.memory.close)
        usual = Limits().replay if self._interactive else 0
        session = ClientSession(
            recalled.state,
            recalled.memory,
            nick,
            clock=time.monotonic,
            fresh_secret=lambda: secrets.token_urlsafe(SECRET_BYTES),
            language=options.language,
            replay=usual if options.replay is None else options.replay,
            bot=not self._interactive,
        )
        endpoint = HostnameEndpoint(self._reactor, options.host, options.port, timeout=CONNECTING)
        link = Link(
            session,
            endpoint,
            show,
            clock=self._reactor,
            seconds=time.monotonic,
            retry=options.retry,
        )
        return Opened(session, link, recalled.trouble)

    def close(self) -> None:
        """Let go of the sessions' files."""
        for close in self._closers:
            close()


def _run_reactor(
    reactor: Any, terminal: Terminal, conversation: Conversation, ended: Deferred[int]
) -> int:
    """Run until the conversation has ended; an interrupt or a SIGTERM ends it in order."""
    statuses: list[int] = []

    def end(status: int) -> None:
        statuses.append(status)
        if not stopping:
            reactor.stop()

    stopping: list[Deferred[None]] = []

    def leave() -> Deferred[None] | None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # who insists is not kept waiting
        if statuses:
            return None
        stopping.append(Deferred())
        ended.addCallback(lambda _: stopping[0].callback(None))
        conversation.leave()
        return stopping[0]

    ended.addCallback(end)
    reactor.addSystemEventTrigger("before", "shutdown", leave)
    reactor.callWhenRunning(StandardIO, terminal, reactor=reactor)
    reactor.run()
    return statuses[0] if statuses else 1


@contextlib.contextmanager
def _blocking_as_found() -> Iterator[None]:
    """Standard input and output are shared with the shell; Twisted makes them non-blocking."""
    before = {fd: os.get_blocking(fd) for fd in (0, 1, 2)}
    try:
        yield
    finally:
        for fd, blocking in before.items():
            os.set_blocking(fd, blocking)


def _warn(data: bytes) -> None:
    with contextlib.suppress(OSError):  # nobody reads it
        os.write(2, data)


def _write(fd: int, *lines: str) -> None:
    with contextlib.suppress(OSError):  # a pager that was left
        os.write(fd, "".join(f"{line}\n" for line in lines).encode())


if __name__ == "__main__":
    main()
