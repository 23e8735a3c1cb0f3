"""The session's own lines, from being typed to being acknowledged.

A line waits until there is a connection that has been welcomed; then it gets the next id, is kept,
and is sent. It stays until the server acknowledges it or refuses it for good, and after every
welcome all that are there are said again, in order: the server knows their ids, so what it has
already is not said twice. When the server cannot record a line (``not-recorded``) it refuses all
the later ones as well, so that the order holds: after a while all are said again from the first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from huddle.client.session.effects import Effects
from huddle.client.session.events import Acknowledged, Delayed, Expired, InDoubt, Refused
from huddle.client.session.state import Kind, Line
from huddle.protocol import events as protocol
from huddle.protocol.limits import Limits
from huddle.protocol.requests import Announce, Message, ProgramRequest, Say
from huddle.protocol.text import clean

BACK_OFF = (0.5, 15.0)
"""Seconds before lines that were not recorded are said again: at first, and at most."""

LINE_BREAKS = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
"""What ends a line of a text (Unicode Standard, section 5.8, without VT and FF)."""


class Outbox:
    """The session's own lines. It is told the time in seconds of a clock that never jumps."""

    def __init__(self, effects: Effects) -> None:
        self._effects = effects
        self._state = effects.state
        self._open = False
        self._delay = BACK_OFF[0]
        self._doubts_told = 0
        self.limit = Limits().text
        """Bytes of UTF-8 that the server takes in one text."""
        self.again_at: float | None = None
        """When the lines that were not recorded are to be said again."""

    def say(
        self, kind: Kind, place: str, texts: Iterable[str], re: int = 0, edits: int = 0
    ) -> None:
        """Take texts, each of whose lines is a line of its own.

        Several are said together, with those that are blank; where all are, nothing is said.
        """
        lines = [clean(line) for text in texts for line in lines_of(text)]
        if not any(line.strip() for line in lines):
            return
        together = len(lines) > 1 and kind in (Kind.SAY, Kind.MSG)
        block = self._state.fresh_block() if together else 0
        for text in lines:
            line = Line(kind, place, text, block, re, edits)
            if len(text.encode()) > self.limit:
                self._effects.tell(Refused(line, "text-too-long", ""))
            elif together or text.strip():
                self._effects.note("wait", *line.patch, durable=True)

    def open(self) -> None:
        """The session has been welcomed: all lines without an acknowledgement are said again."""
        self._open = True
        self._send(self._state.sent.items())
        self._ask_about_doubts()

    def close(self) -> None:
        """The connection is gone, or going: what is said from now on waits for the next one."""
        self._open = False
        self.again_at = None

    def flush(self) -> None:
        """Give ids to the lines that wait, and send them, if they may go now."""
        if not self._open or self.again_at is not None or not self._state.waiting:
            return
        first, count = self._state.counter + 1, len(self._state.waiting)
        self._effects.note("send", first, count, durable=True)
        self._send((id, self._state.sent[id]) for id in range(first, first + count))

    def acknowledged(self, id: int, seq: int) -> None:
        """The server has a line that was sent."""
        self._effects.tell(Acknowledged(id, self._state.sent[id], seq))
        self._effects.note("settled", id)
        self._delay = BACK_OFF[0]

    def refused(self, id: int, code: str, reason: str, now: float) -> None:
        """The server does not take a line: not now, or never."""
        line = self._state.sent[id]
        if code == "not-recorded":
            self._wait_for_the_record(now)
            return
        self._effects.note("settled", id)
        self._effects.tell(Expired(line) if code == "expired" else Refused(line, code, reason))

    def tick(self, now: float) -> None:
        """Say again what was not recorded, when it is time."""
        if self.again_at is not None and now >= self.again_at:
            self.again_at = None
            self._send(self._state.sent.items())

    def decide_doubts(self, say_again: bool) -> None:
        """The user's answer to the last `InDoubt`: about its lines, and none that came later."""
        self._effects.note("again" if say_again else "drop", self._doubts_told)
        self._doubts_told = 0
        if self._open:
            self._ask_about_doubts()

    def _wait_for_the_record(self, now: float) -> None:
        if self.again_at is not None or not self._open:
            return
        if self._delay == BACK_OFF[0]:
            self._effects.tell(Delayed())
        self.again_at = now + self._delay
        self._delay = min(2 * self._delay, BACK_OFF[1])

    def _ask_about_doubts(self) -> None:
        if len(self._state.in_doubt) > self._doubts_told:
            self._doubts_told = len(self._state.in_doubt)
            self._effects.tell(InDoubt(tuple(self._state.in_doubt)))

    def _send(self, lines: Iterable[tuple[int, Line]]) -> None:
        for id, line in lines:
            self._effects.put(_request(id, line))


def lines_of(text: str) -> list[str]:
    """The lines of a text; the break at its end begins no further one."""
    lines = LINE_BREAKS.split(text)
    return lines[:-1] if len(lines) > 1 and not lines[-1] else lines


def _request(id: int, line: Line) -> ProgramRequest:
    """A line as it is said."""
    if line.kind is Kind.ANNOUNCE:
        return Announce(line.text, id=id)
    kind = protocol.Kind.ME if line.kind in (Kind.ME, Kind.MSG_ME) else protocol.Kind.SAY
    block, re, edits = line.block or None, line.re or None, line.edits or None
    if line.private:
        return Message(line.place, line.text, kind, block=block, re=re, edits=edits, id=id)
    return Say(line.text, kind, room=line.place, block=block, re=re, edits=edits, id=id)
