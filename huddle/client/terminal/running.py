"""Runs the interface: takes the terminal, and gives it back as it was found."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.stdio import StandardIO

from huddle.client.rendering.colours import ASK_GROUND, Depth, Ground, Paint, depth_of, ground_of
from huddle.client.rendering.links import links_known
from huddle.client.rendering.terminal_lines import TerminalLines
from huddle.client.session.journal import state_folder
from huddle.client.setup.opener import converse
from huddle.client.setup.options import INSECURE, Options
from huddle.client.setup.running import run_until
from huddle.client.terminal.screen import Surroundings, TerminalScreen
from huddle.client.terminal.terminal import Terminal
from huddle.client.terminal.typed_lines import TypedLines
from huddle.locale import translator


def run(options: Options) -> int:
    """Be in the chat until it is left; the exit status."""
    from twisted.internet import reactor  # importing it installs it: not before it is needed

    ended: Deferred[int] = Deferred()
    paint = Paint(depth_of(os.environ), ground_of(os.environ))
    links = links_known(os.environ)  # who knows these sequences passes over those it does not know
    rendering = TerminalLines(translator(options.language), paint, _now, links=links)
    around = Surroundings(
        reactor,
        time.monotonic,
        os.environ,
        TypedLines(state_folder(os.environ)),
        options.notify,
        options.tls,
    )

    def begin() -> None:
        terminal.enter()
        if links and paint.depth is not Depth.NONE and paint.ground is Ground.UNKNOWN:
            terminal.write(ASK_GROUND)
        if options.tls is not None and options.tls.insecure:  # said once more: this screen is fresh
            screen.warn(rendering.notices(iter([rendering.wording.gettext(INSECURE)])))
        screen.draw_now()
        conversation.begin()

    def end(status: int, last: str) -> None:
        terminal.close(last, lambda: ended.callback(status))

    def stop() -> None:  # as by Ctrl-Z; it returns when the program goes on
        os.kill(0, signal.SIGTSTP)

    terminal = Terminal(
        reactor,
        sys.stdin.fileno(),
        begun=begin,
        pressed=lambda key: screen.pressed(key),
        lost=lambda: conversation.leave(),
        drained=lambda: screen.drained(),
    )
    screen = TerminalScreen(around, rendering, terminal, end, lambda: terminal.suspend(stop))
    conversation, opener = converse(
        options,
        reactor,
        screen,
        rendering,
        interactive=True,
        listen=screen.watch,
        opened=screen.opened,
        announce_waiting=False,
    )
    screen.conversation = conversation

    def go_on() -> None:
        terminal.go_on()
        screen.forget_screen()

    handlers = {
        signal.SIGHUP: conversation.leave,
        signal.SIGWINCH: screen.forget_screen,
        signal.SIGCONT: go_on,
    }
    with _handled(handlers, reactor):
        try:
            return run_until(
                ended, reactor, lambda: StandardIO(terminal, reactor=reactor), conversation.leave
            )
        finally:
            opener.close()


@contextmanager
def _handled(handlers: dict[signal.Signals, Any], reactor: Any) -> Iterator[None]:
    """Signals are taken in turn with all else that happens."""
    before = {
        number: signal.signal(number, lambda *_, do=do: reactor.callFromThread(do))
        for number, do in handlers.items()
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _now() -> datetime:
    return datetime.now().astimezone()
