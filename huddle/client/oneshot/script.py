"""Runs a task as a script does: its output goes to a reader, its status to the shell."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from typing import Any, cast

from twisted.internet.defer import Deferred
from twisted.internet.error import ConnectionDone
from twisted.internet.interfaces import IConsumer, IDelayedCall, IHalfCloseableProtocol
from twisted.internet.protocol import Protocol, connectionDone
from twisted.internet.stdio import StandardIO
from twisted.python.failure import Failure
from typing_extensions import override
from zope.interface import implementer

from huddle.client.lines.output import Output, as_bytes, output_trouble
from huddle.client.lines.readers import rendering_for, warn
from huddle.client.network.endpoints import addresses_of
from huddle.client.network.link import Link
from huddle.client.oneshot.tasks import OK, REFUSED, Following, Sending, Tailing, Task
from huddle.client.rendering.rendering import Rendering
from huddle.client.session.hello import SessionOptions
from huddle.client.session.journal import state_folder
from huddle.client.session.session import ClientSession
from huddle.client.session.state import Memory, State
from huddle.client.setup.opener import fresh_secret
from huddle.client.setup.options import Options
from huddle.client.setup.running import run_until


@implementer(IHalfCloseableProtocol)
class Reader(Protocol):
    """The reader of the output, who may stop reading (``| head``). ``ended`` gets the status,
    ``warn`` what is wrong with the output."""

    task: Task
    """To be set before the connection is made."""

    def __init__(self, warn: Callable[[Sequence[str]], None], ended: Callable[[int], None]) -> None:
        self.warn = warn
        self._ended = ended
        self._status: int | None = None
        self._gone = False
        self._trouble = ""

    @override
    def connectionMade(self) -> None:
        link = self.task.link
        self._output = Output(cast(IConsumer, self.transport), link.resume, link.pause)
        self.task.begin()

    def show(self, lines: Sequence[str]) -> None:
        """Write lines, unless the reader has gone."""
        if not self._gone:
            self._output.write(as_bytes(lines))

    def close(self, status: int) -> None:
        """Write what is left, and end."""
        self._status = status
        if self._gone or self.transport is None:
            self._end(status)
        else:
            self.transport.loseConnection()

    def readConnectionLost(self) -> None:
        """The input is at its end, which says nothing: none is read."""

    def writeConnectionLost(self) -> None:
        self._gone = True
        self._trouble = output_trouble()
        self.task.leave()

    @override
    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self._gone = True
        if not reason.check(ConnectionDone):
            self._trouble = output_trouble()
        if self._status is not None:
            self._end(self._status)
        else:
            self.task.leave()

    def _end(self, status: int) -> None:
        if self._trouble:
            self.warn([f"huddle-client: -: {self._trouble}"])
        self._ended(status or (REFUSED if self._trouble else OK))


def run_task(options: Options) -> int:
    """Do the task that the options ask for, until it has ended; returns the exit status."""
    from twisted.internet import reactor

    ended: Deferred[int] = Deferred()
    rendering = rendering_for(options)
    reader = Reader(lambda lines: warn(lines, rendering), ended.callback)
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
    return run_until(
        ended, reactor, lambda: standard_io(reader, stdin=nothing, reactor=reactor), task.leave
    )


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


def _task(options: Options, rendering: Rendering, reader: Reader) -> Task:
    rendering.room = options.room
    rendering.times = True
    follows = _follows(options)
    kind = Sending if options.send is not None else Following if follows else Tailing
    return kind(options, rendering, reader.show, reader.warn, reader.close)
