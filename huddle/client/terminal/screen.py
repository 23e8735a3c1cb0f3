"""The terminal as a `Screen` of the conversation: its windows, and the place where one types."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from twisted.internet.interfaces import IDelayedCall, IReactorTime

from huddle.client.conversation.buffer import Buffer
from huddle.client.conversation.conversation import Conversation
from huddle.client.conversation.ports import Opened
from huddle.client.network.tls_options import Tls
from huddle.client.rendering.colours import ground_told
from huddle.client.rendering.rows import rows_of
from huddle.client.rendering.terminal_lines import TerminalLines
from huddle.client.session.events import Acknowledged, Cause, Event, Named, Offline, Said, Welcomed
from huddle.client.session.session import ClientSession
from huddle.client.session.state import Line
from huddle.client.setup.options import Notify
from huddle.client.terminal.attention import Attention
from huddle.client.terminal.keys import REPORT, Key
from huddle.client.terminal.layout import Size, View, drawn, window_size
from huddle.client.terminal.notifications import call, calls
from huddle.client.terminal.painter import Painter
from huddle.client.terminal.prompt import Prompt
from huddle.client.terminal.statusline import Connectivity, Part, Status, status_parts
from huddle.client.terminal.terminal import Terminal
from huddle.client.terminal.typed_lines import TypedLines
from huddle.client.terminal.windows import Windows

GATHERING = 0.04
"""Seconds between two frames: too short to be noticed, long enough for the keys in between. What
comes after a silence is shown at once."""

COUNTING = 1.0
"""Seconds between drawings of the status line, which counts some."""

PATIENCE = 20.0
"""Seconds that messages wait for the own line before them, when the link broke just then."""

BELL, BELL_PAUSE = "\a", 1.0
"""Seconds between calls at least: a busy room is not to be a siren."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the interface needs of its surroundings. ``seconds`` is a clock that never jumps."""

    clock: IReactorTime
    seconds: Callable[[], float]
    environ: Mapping[str, str]
    typed: TypedLines
    notify: Notify
    tls: Tls | None = None


class TerminalScreen:
    """One run of the interface. ``ended`` is called once, with the exit status and what is to stay
    on the terminal; ``suspend`` stops the program.
    """

    conversation: Conversation
    """To be set before the first key."""

    def __init__(
        self,
        around: Surroundings,
        rendering: TerminalLines,
        output: Terminal,
        ended: Callable[[int, str], object],
        suspend: Callable[[], object] = lambda: None,
    ) -> None:
        self._around = around
        self._rendering = rendering
        self._output = output
        self._ended = ended
        self._suspend = suspend
        self._session: ClientSession | None = None
        secured = None if around.tls is not None and around.tls.insecure else bool(around.tls)
        self._connectivity = Connectivity(around.seconds, secured)
        self._attention = Attention(around.seconds)
        self._painter = Painter()
        self._arriving: list[Line] = []
        """Own lines from their acknowledgement until they are in their places among the others'.
        They stay where they were, so that there is no moment in which they are nowhere."""
        self._awaiting: IDelayedCall | None = None
        """Due when what waits for an own line waits no longer (`PATIENCE`)."""
        self._drawing: IDelayedCall | None = None
        self._counting: IDelayedCall | None = None
        """Due when the next frame is, and when the status line is drawn anew all the same."""
        self._drawn_at = -GATHERING
        self._called_at = -BELL_PAUSE
        self._fresh = self._closed = False
        """Whether something has come since the last frame; whether it has ended."""
        self._echoing = False
        """Whether what is told of just now is one's own private line."""
        self._outage: Cause | None = None
        self._last_words: list[str] = []
        """What is left on the terminal at the end, as why one was sent away."""
        self._show: Callable[[Event], None] = lambda event: None
        self.prompt = Prompt(rendering, around.typed, lambda: self.conversation, self._ring)
        self.windows = Windows(lambda: self.conversation, rendering, self.prompt, self._ring)

    # Events

    def opened(self, opened: Opened) -> None:
        """A session has been opened: follow it, and see whether it was known before."""
        self._session = opened.link.session
        self._rendering.nick = self._session.nick
        self._attention = Attention(self._around.seconds, away=opened.known)

    def watch(self, show: Callable[[Event], None]) -> Callable[[Event], None]:
        """Events come here first, and go on to ``show`` in the order that everybody sees."""
        self._show = show
        return self._happened

    def _happened(self, event: Event) -> None:
        self._connectivity.follow(event)
        if isinstance(event, Welcomed | Named):
            self._rendering.nick = event.nick
        if isinstance(event, Acknowledged):
            self._arriving.append(event.line)
        self._tell_all(self.conversation.buffers.in_order(event))

    def _await_order(self) -> None:
        """Give those that wait for an own line a time for which they do."""
        if self.conversation.buffers.waiting == (self._awaiting is not None):
            return
        if self._awaiting is not None:
            self._awaiting.cancel()
            self._awaiting = None
        else:
            self._awaiting = self._around.clock.callLater(PATIENCE, self._let_go)

    def _let_go(self) -> None:
        self._awaiting = None
        self._tell_all(self.conversation.buffers.rest())

    def _tell_all(self, happened: Iterable[Event]) -> None:
        for event in happened:
            self._tell(event)
        self._await_order()
        self._fresh = True
        self.draw_soon()

    def _tell(self, event: Event) -> None:
        buffers = self.conversation.buffers
        match event:
            case Said():
                self._call(event)
                window, here = buffers.window_of(buffers.place_of(event)), buffers.before_eyes
                if window is here and not event.edits and self._attention.rule_due():
                    here.lines.draw_rule()
            case Welcomed():
                self._outage = None
            case Offline(cause=cause, retry_in=float()):
                # Further attempts are for the status line: an hour's outage is no hundred lines.
                if cause is self._outage:
                    return
                self._outage = cause
        self._echoing = isinstance(event, Acknowledged) and event.line.private
        self._show(event)
        self._echoing = False
        if isinstance(event, Acknowledged):
            self._arriving = [each for each in self._arriving if each is not event.line]
        self.windows.follow()

    def _call(self, said: Said) -> None:
        now = self._around.seconds()
        if now - self._called_at < BELL_PAUSE:
            return
        if calls(said, self._rendering.nick, self._around.notify):
            self._called_at = now
            looking = self._attention.looking
            self._output.write(call(said, self._around.environ, looking=looking))

    # A screen

    def show(self, lines: Sequence[str], place: str | None = None) -> None:
        """Show lines in the window of a room or person; None: in the one before one's eyes.

        What is said to a person from elsewhere is shown there as well: who said it is to see it.
        """
        buffers = self.conversation.buffers
        window, here = buffers.window_of(place), buffers.before_eyes
        window.lines.add(lines)
        if self._echoing and window is not here:
            here.lines.add(lines)
        self.draw_soon()

    def warn(self, lines: Sequence[str], place: str | None = None) -> None:
        """The same; should the program end now, these lines stay on the terminal."""
        self._last_words += lines
        self.show(lines, place)

    def found(self, title: str, lines: Sequence[str]) -> None:
        """Show what was looked for over the window that one is in, until Esc."""
        self.windows.found(title, lines)
        self.draw_soon()

    def crowded(self, crowded: bool) -> None:
        """Whether to take no more for now."""
        self.prompt.crowded = crowded

    def hide(self, hidden: bool) -> None:
        """What is typed next is a secret, or not; the rows ask the conversation themselves.

        What was begun as a secret is not to stand there as something else.
        """
        if not hidden:
            self.prompt.editor.reset()
        self.draw_soon()

    def give_back(self, text: str) -> None:
        """A text was not said: the key Up brings it back. It does not go where one types, in front
        of what is typed next."""
        self.prompt.editor.add_earlier(text)

    def close(self, status: int) -> None:
        """Show what is left, draw nothing more, and end with this status."""
        self._tell_all(self.conversation.buffers.rest())
        self._closed = True
        self._draw_no_more()
        columns = self._output.size.columns  # the terminal would break them at its edge
        rows = (row for line in self._last_words for row in rows_of(line, columns))
        self._ended(status, "".join(f"{row}\r\n" for row in rows))

    # Keys

    def pressed(self, key: Key) -> None:
        """A key was pressed, or the terminal has said something."""
        if key.name == REPORT:
            self._rendering.paint.ground = ground_told(key.text)
            return
        if key.name == "focus-out":
            self._attention.looked_away()
            return
        self._attention.looked()
        if key.name != "focus-in":
            self._last_words = []
            self._do(key)
        self.draw_now()

    def _do(self, key: Key) -> None:
        if key.name == "c-l":
            self.forget_screen()
        elif key.name == "c-z":
            self._suspend()
        elif not self.windows.press(key.name, self._space):
            if key.name == "enter" and self.prompt.editor.text.strip():
                self.windows.to_end()
            self.prompt.press(key)
            self.windows.follow()

    def _space(self) -> Size:
        return window_size(self._view(), self._output.size)

    def _ring(self) -> None:
        self._output.write(BELL)

    # Drawing

    def draw_soon(self) -> None:
        """Something has changed: it is to be seen within `GATHERING`."""
        if self._drawing is None and not self._closed:
            pause = max(0.0, self._drawn_at + GATHERING - self._around.clock.seconds())
            self._drawing = self._around.clock.callLater(min(pause, GATHERING), self.draw_now)

    def forget_screen(self) -> None:
        """What is on the terminal is not known any more: draw all of it."""
        self._painter.forget()
        self.draw_soon()

    def draw_now(self) -> None:
        """Draw, and tell the conversation that what has come is shown."""
        if self._closed:
            return
        self._draw_no_more()
        self._counting = self._around.clock.callLater(COUNTING, self.draw_now)
        self._drawn_at = self._around.clock.seconds()
        if not self._output.keeps_up:  # as when it was stopped by Ctrl-S: the server is to wait
            self.conversation.screen_full()
            return
        frame = drawn(
            self._view(), self._output.size, self._rendering.paint, self._rendering.wording
        )
        self._output.write(self._painter.change_to(frame))
        self._all_shown()

    def _draw_no_more(self) -> None:
        for due in (self._drawing, self._counting):
            if due is not None and due.active():
                due.cancel()
        self._drawing = self._counting = None

    def drained(self) -> None:
        """The terminal takes something again: draw the frame that had to wait."""
        self.conversation.screen_drained()
        self.draw_soon()

    def _all_shown(self) -> None:
        session, fresh = self._session, self._fresh
        self._fresh = False
        if not fresh:
            return
        overdue = []
        if session is not None and not session.unacknowledged:
            overdue = list(self.conversation.buffers.overdue())
        if overdue:
            self._tell_all(overdue)
        elif not self.conversation.buffers.waiting:
            self.conversation.shown()

    # What is to be seen

    def _view(self) -> View:
        talk, prompt, windows = self.conversation, self.prompt, self.windows
        room = talk.buffers.current if talk.partner is None and not windows.title else None
        return View(
            window=windows.viewport(),
            status=self._status,
            prompt=prompt.head(),
            typed=prompt.editor.text,
            cursor=prompt.editor.cursor,
            title=windows.title,
            nicks=() if room is None else self._nicks(room),
            people=0 if room is None else room.count,
            pending=self._pending(),
            look=prompt.look(),
            choices=prompt.choices(),
            secret=prompt.secret(),
        )

    def _nicks(self, room: Buffer) -> Sequence[str]:
        """The people who are known to be in a room, and the user, by the alphabet."""
        there = {*room.nicks, self._rendering.nick} - {""} if room.heard_of else set()
        return sorted(there, key=str.casefold)

    def _status(self, columns: int) -> Sequence[Part]:
        buffers, partner = self.conversation.buffers, self.conversation.partner
        buffers.unread()  # what is before one's eyes is read
        status = Status(
            buffers.windows(),
            buffers.before_eyes,
            buffers.current.count if partner is None else 0,
            0 if self._session is None else self._session.unacknowledged,
            self.windows.viewport().below,
        )
        return status_parts(self._connectivity, status, self._rendering.wording, columns)

    def _pending(self) -> Sequence[str]:
        if self._session is None:
            return []
        lines = [*self._arriving, *self._session.own_lines]
        here = self.conversation.buffers.before_eyes.name
        return [self._rendering.pending(line, here=line.place == here) for line in lines]
