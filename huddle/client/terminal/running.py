"""Runs the interface: prompt_toolkit's asyncio loop is Twisted's reactor as well."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import termios
import time
from datetime import datetime
from typing import Any

from prompt_toolkit.input.vt100 import Vt100Input
from twisted.internet import asyncioreactor

from huddle.client.conversation.conversation import Conversation
from huddle.client.rendering.colours import Paint, depth_of
from huddle.client.rendering.terminal_lines import TerminalLines
from huddle.client.session.journal import state_folder
from huddle.client.setup.opener import converse
from huddle.client.setup.options import Options
from huddle.client.terminal.output import SteadyOutput
from huddle.client.terminal.screen import Surroundings, TerminalScreen
from huddle.client.terminal.typed_lines import TypedLines
from huddle.locale import translator


def run(options: Options) -> int:
    """Be in the chat until it is left; the exit status."""
    loop = asyncio.new_event_loop()
    asyncioreactor.install(loop)
    from twisted.internet import reactor as installed

    reactor: Any = installed
    over: asyncio.Future[int] = loop.create_future()
    rendering = TerminalLines(translator(options.language), Paint(depth_of(os.environ)), _now)
    around = Surroundings(
        reactor,
        time.monotonic,
        os.environ,
        TypedLines(state_folder(os.environ)),
        options.notify,
        options.tls,
    )
    terminal = Vt100Input(sys.stdin)
    output = SteadyOutput.on(sys.stdout, os.environ.get("TERM", ""))
    screen = TerminalScreen(around, rendering, terminal, output, over.set_result)
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
    being_there = loop.create_task(_be_there(screen, conversation, over))
    being_there.add_done_callback(lambda _: reactor.stop())
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, conversation.leave)
    # The loop has signal handlers of its own, on which prompt_toolkit relies (SIGWINCH).
    reactor.run(installSignalHandlers=False)
    opener.close()
    return being_there.result()


async def _be_there(
    screen: TerminalScreen, conversation: Conversation, over: asyncio.Future[int]
) -> int:
    """Until it is over; the exit status."""
    screen.layout.begin()
    try:
        await screen.layout.run_async(
            pre_run=conversation.begin, handle_sigint=False, set_exception_handler=False
        )
    except (EOFError, OSError, termios.error):  # the terminal is gone
        conversation.leave()
    return await over


def _now() -> datetime:
    return datetime.now().astimezone()
