"""Runs a conversation over standard input and output."""

from __future__ import annotations

import signal
import sys
from collections.abc import Sequence
from functools import partial
from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.stdio import StandardIO

from huddle.client.lines.echo import hide_echo
from huddle.client.lines.line_screen import LineScreen
from huddle.client.lines.readers import rendering_for, status_of, warn
from huddle.client.setup.opener import converse
from huddle.client.setup.options import Options
from huddle.client.setup.running import run_until


def run(options: Options, interactive: bool) -> int:
    """Be in the chat until it is left; the exit status."""
    from twisted.internet import reactor as installed  # importing it installs it: not before

    reactor: Any = installed
    ended: Deferred[int] = Deferred()
    together = options.json or (interactive and sys.stdout.isatty())
    hide = partial(hide_echo, sys.stdin.fileno()) if interactive else _nothing
    rendering = rendering_for(options)

    def tell(lines: Sequence[str]) -> None:
        warn(lines, rendering)

    screen = LineScreen(reactor, None if together else tell, ended.callback, hide)

    def interrupted() -> None:
        """Ctrl-C. A secret that was begun is dropped, by the terminal itself: nobody can see
        whether there is any, and who is asked for one does not want to leave."""
        if conversation.hidden:
            screen.show([""])
        else:
            reactor.stop()

    conversation, opener = converse(options, reactor, screen, rendering, interactive=interactive)
    screen.conversation = conversation
    if interactive:
        signal.signal(signal.SIGINT, lambda *_: reactor.callFromThread(interrupted))
    try:
        status = run_until(
            ended, reactor, lambda: StandardIO(screen, reactor=reactor), conversation.leave
        )
    finally:
        opener.close()
        hide(False)
    return status_of(status, screen, rendering)


def _nothing(hidden: bool) -> None:
    """A pipe shows nothing of what goes through it."""
