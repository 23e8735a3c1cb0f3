"""The terminal itself: its modes, its size, and the bytes that go to it and come from it.

While the program runs the terminal has its other screen, so that what was on it before is there
again afterwards. Modes are set anew when the program goes on after it was stopped (Ctrl-Z, or
SIGSTOP): a shell has had the terminal meanwhile.
"""

from __future__ import annotations

import contextlib
import os
import termios
import tty
from collections.abc import Callable
from typing import Any

from twisted.internet.interfaces import IDelayedCall, IPushProducer
from twisted.internet.protocol import Protocol, connectionDone
from twisted.python.failure import Failure
from typing_extensions import override
from zope.interface import implementer

from huddle.client.terminal.keys import ALONE, Key, KeyReader
from huddle.client.terminal.layout import Size

ENTER = "\x1b[?1049h\x1b[?7l\x1b[?2004h\x1b[?1004h"
"""The other screen; no breaking of rows; say what is pasted; tell of the window's focus (xterm)."""

LEAVE = "\x1b[?1004l\x1b[?2004l\x1b[?7h\x1b[0m\x1b[H\x1b[2J\x1b[?1049l\x1b[?25h"

CLOSING = 1.0
"""Seconds that the terminal has to take what is left at the end."""

USUAL = Size(80, 24)
"""Columns and rows of a terminal that does not know its size."""


@implementer(IPushProducer)
class Terminal(Protocol):
    """The protocol of `StandardIO`. ``pressed`` gets each key, ``lost`` is called when the terminal
    is gone, ``drained`` when it takes something again after it did not keep up.
    """

    def __init__(
        self,
        clock: Any,
        file: int,
        *,
        begun: Callable[[], object],
        pressed: Callable[[Key], object],
        lost: Callable[[], object],
        drained: Callable[[], object],
    ) -> None:
        self.keeps_up = True
        """Whether it takes what is written to it; what is not shown yet is to wait otherwise."""
        self._clock = clock
        self._file = file
        self._begun, self._pressed, self._lost, self._drained = begun, pressed, lost, drained
        self._keys = KeyReader()
        self._alone: IDelayedCall | None = None
        self._found: list[Any] | None = None
        self._open = False

    @property
    def size(self) -> Size:
        """Its columns and rows as they are now."""
        try:
            columns, rows = os.get_terminal_size(self._file)
        except OSError:  # it is gone
            return USUAL
        return Size(columns or USUAL.columns, rows or USUAL.rows)

    # What becomes of it

    def enter(self) -> None:
        """Take the terminal: no line is edited by it, and each key comes at once."""
        with contextlib.suppress(termios.error):
            found = termios.tcgetattr(self._file)
            self._found = self._found or found
            tty.setraw(self._file, termios.TCSADRAIN)
        self._open = True
        self.write(ENTER)

    def leave(self, last: str = "") -> None:
        """Give it back as it was found, with this text on it."""
        if not self._open:
            return
        self.write(LEAVE + last)
        self._open = False
        if self._found is not None:
            with contextlib.suppress(termios.error):
                termios.tcsetattr(self._file, termios.TCSADRAIN, self._found)

    def suspend(self, stop: Callable[[], object]) -> None:
        """Give it back while the program is stopped: ``stop`` returns when it goes on again."""
        self.leave()
        os.set_blocking(self._file, True)  # others have it now
        with contextlib.suppress(OSError):
            os.write(self._file, LEAVE.encode())
        stop()
        self.go_on()

    def go_on(self) -> None:
        """The program goes on after it was stopped: take the terminal again."""
        os.set_blocking(self._file, False)
        self.enter()

    def write(self, text: str) -> None:
        """Write to it, if it is still there."""
        if self._open and self.transport is not None:
            self.transport.write(text.encode("utf-8", "replace"))

    def close(self, last: str, closed: Callable[[], object]) -> None:
        """Give it back with this text on it, and let go of it: then ``closed`` is called.

        A terminal that takes nothing any more (Ctrl-S) is waited for `CLOSING` seconds.
        """
        self.leave(last)
        self._forget_esc()
        if self.transport is None:
            closed()
            return
        limit = self._clock.callLater(CLOSING, self._end, closed)
        self._lost = lambda: self._end(closed, limit)
        self.transport.unregisterProducer()  # type: ignore[attr-defined]
        self.transport.loseConnection()

    # What it says

    @override
    def connectionMade(self) -> None:
        self.transport.registerProducer(self, True)  # type: ignore[union-attr]
        self._begun()

    @override
    def dataReceived(self, data: bytes) -> None:
        self._forget_esc()
        for key in self._keys.feed(data):
            self._pressed(key)
        if self._keys.waiting:
            self._alone = self._clock.callLater(ALONE, self._nothing_follows)

    @override
    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self._open = False
        self.transport = None
        self._forget_esc()
        self._lost()

    def _end(self, closed: Callable[[], object], limit: IDelayedCall | None = None) -> None:
        self._lost = lambda: None  # it may come after the time is up
        if limit is not None:
            limit.cancel()
        closed()

    def _forget_esc(self) -> None:
        if self._alone is not None:
            self._alone.cancel()
            self._alone = None

    def _nothing_follows(self) -> None:
        self._alone = None
        for key in self._keys.flush():
            self._pressed(key)

    # Whether it keeps up

    def pauseProducing(self) -> None:
        self.keeps_up = False

    def resumeProducing(self) -> None:
        self.keeps_up = True
        self._drained()

    def stopProducing(self) -> None:
        self.keeps_up = False
