"""Runs a conversation over standard input and output."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from datetime import date
from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.stdio import StandardIO

from huddle.client.lines.echo import Echo
from huddle.client.lines.line_screen import LineScreen
from huddle.client.lines.output import output_trouble
from huddle.client.rendering.json_lines import JsonLines
from huddle.client.rendering.rendering import Rendering
from huddle.client.setup.opener import converse
from huddle.client.setup.options import Options
from huddle.client.setup.running import FAILED, run_until
from huddle.locale import translator


def run(options: Options, interactive: bool) -> int:
    """Be in the chat until it is left; the exit status."""
    from twisted.internet import reactor as installed  # importing it installs it: not before

    reactor: Any = installed
    ended: Deferred[int] = Deferred()
    together = options.json or (interactive and sys.stdout.isatty())
    echo = Echo(sys.stdin.fileno())
    hide = echo.hide if interactive else _nothing
    screen = LineScreen(reactor, None if together else _warn, ended.callback, hide)
    renders = JsonLines if options.json else Rendering
    rendering = renders(translator(options.language), date.today)

    def interrupted() -> None:
        """Ctrl-C. A secret that was begun is dropped, by the terminal itself: nobody can see
        whether there is any, and who is asked for one does not want to leave."""
        if conversation.hidden:
            screen.show([""])
        else:
            reactor.stop()

    conversation, opener = converse(options, reactor, screen, rendering, interactive=interactive)
    screen.conversation = conversation
    screen.why_lost = output_trouble
    if interactive:
        signal.signal(signal.SIGINT, lambda *_: reactor.callFromThread(interrupted))
    try:
        status = run_until(
            ended, reactor, lambda: StandardIO(screen, reactor=reactor), conversation.leave
        )
    finally:
        opener.close()
        hide(False)
    if screen.trouble:
        _warn(f"huddle-client: -: {screen.trouble}\n".encode())
        return status or FAILED
    return status


def _nothing(hidden: bool) -> None:
    """A pipe shows nothing of what goes through it."""


def _warn(data: bytes) -> None:
    with contextlib.suppress(OSError):  # it has no reader
        os.write(2, data)
