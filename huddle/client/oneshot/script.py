"""Runs a task as a script does: its output goes to a reader, its status to the shell."""

from __future__ import annotations

import os
import time
from typing import Any, cast

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IConsumer, IDelayedCall
from twisted.internet.stdio import StandardIO
from typing_extensions import override

from huddle.client.lines.output import Output, Reader
from huddle.client.lines.readers import rendering_for, status_of, warn
from huddle.client.network.endpoints import addresses_of
from huddle.client.network.link import Link
from huddle.client.oneshot.tasks import Following, Sending, Tailing, Task
from huddle.client.rendering.rendering import Rendering
from huddle.client.session.hello import SessionOptions
from huddle.client.session.journal import state_folder
from huddle.client.session.session import ClientSession
from huddle.client.session.state import Memory, State
from huddle.client.setup.opener import fresh_secret
from huddle.client.setup.options import Options
from huddle.client.setup.running import run_until


class TaskReader(Reader):
    """The reader of what a task shows."""

    task: Task
    """To be set before the connection is made."""

    @override
    def connectionMade(self) -> None:
        link = self.task.link
        self.output = Output(cast(IConsumer, self.transport), link.resume, link.pause)
        self.task.begin()

    @override
    def leave(self) -> None:
        self.task.leave()


def run_task(options: Options) -> int:
    """Do the task that the options ask for, until it has ended; returns the exit status."""
    from twisted.internet import reactor

    ended: Deferred[int] = Deferred()
    rendering = rendering_for(options)
    reader = TaskReader(ended.callback)
    task = reader.task = _task(options, rendering, reader)
    task.link = Link(
        _session(options),
        addresses_of(options.places, options.tls, reactor, folder=state_folder(os.environ)),
        task.happened,
        clock=reactor,
        retry=options.retry,
    )
    limit = reactor.callLater(options.timeout, task.timed_out)
    task.in_time = lambda: _cancel(limit)
    nothing = os.open(os.devnull, os.O_RDONLY)  # the terminal's input is for others
    standard_io: Any = StandardIO  # for mypy it is the one of Windows, which takes no files
    status = run_until(
        ended, reactor, lambda: standard_io(reader, stdin=nothing, reactor=reactor), task.leave
    )
    return status_of(status, reader, rendering)


def _cancel(call: IDelayedCall) -> None:
    if call.active():
        call.cancel()


def _session(options: Options) -> ClientSession:
    return ClientSession(
        State(),
        Memory(),
        options.nick or "",
        clock=time.monotonic,
        fresh_secret=fresh_secret,
        language=options.language,
        options=SessionOptions(
            (options.tail or 0) if _follows(options) else 0, True, options.password
        ),
    )


def _follows(options: Options) -> bool:
    return options.send is None and options.follow


def _task(options: Options, rendering: Rendering, reader: TaskReader) -> Task:
    rendering.room = options.room
    rendering.times = True
    follows = _follows(options)
    kind = Sending if options.send is not None else Following if follows else Tailing
    return kind(options, rendering, reader.show, lambda lines: warn(lines, rendering), reader.close)
