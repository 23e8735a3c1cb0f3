"""The terminal as a `Screen` of the conversation, and as the place where one types."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from prompt_toolkit.input import Input
from twisted.internet.interfaces import IDelayedCall, IReactorTime

from huddle.client.conversation.conversation import Conversation
from huddle.client.conversation.ports import Opened
from huddle.client.network.tls_options import Tls
from huddle.client.rendering.rows import in_rows
from huddle.client.rendering.terminal_lines import TerminalLines
from huddle.client.session.events import Acknowledged, Cause, Event, Named, Offline, Said, Welcomed
from huddle.client.session.session import ClientSession
from huddle.client.session.state import Line
from huddle.client.setup.options import Notify
from huddle.client.terminal.attention import Attention
from huddle.client.terminal.keys import bindings
from huddle.client.terminal.layout import TerminalLayout, View
from huddle.client.terminal.notifications import call, calls
from huddle.client.terminal.output import SteadyOutput, breaks_rows_anew
from huddle.client.terminal.printer import Printer
from huddle.client.terminal.prompt import Prompt
from huddle.client.terminal.statusline import Connectivity, status_parts
from huddle.client.terminal.typed_lines import TypedLines

HOLDING = 20.0
"""Seconds that messages wait for the own line before them, when the link broke just then."""

BELL_PAUSE = 1.0
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


@dataclass(slots=True)
class Arriving:
    """An own line from its acknowledgement until it is in its place in the scrollback.

    It stays where it was, so that there is no moment in which it is nowhere.
    """

    line: Line
    printed_with: int | None = None
    """How many lines will have been printed when it is; None: it has to wait for others."""


class TerminalScreen:
    """One run of the interface. ``ended`` is called once, with the exit status."""

    def __init__(
        self,
        around: Surroundings,
        rendering: TerminalLines,
        input: Input,
        output: SteadyOutput,
        ended: Callable[[int], None],
    ) -> None:
        self.conversation: Conversation | None = None
        """To be set before the first key."""
        self._around = around
        self._rendering = rendering
        self._output = output
        self._ended = ended
        self._session: ClientSession | None = None
        secured = None if around.tls is not None and around.tls.insecure else bool(around.tls)
        self._connectivity = Connectivity(around.seconds, secured)
        self._attention = Attention(around.seconds)
        self._arriving: list[Arriving] = []
        self._holding: IDelayedCall | None = None
        self._outage: Cause | None = None
        self._called_at = -BELL_PAUSE
        self._show: Callable[[Event], None] = lambda event: None
        self.prompt = Prompt(rendering, around.typed, self._talk, output.bell)
        view = View(
            self.prompt.head,
            self._status,
            self._pending,
            self._unshown,
            self.prompt.look,
            self.prompt.choices,
            self.prompt.secret,
        )
        self.layout = TerminalLayout(
            view,
            bindings(self.prompt, self._focused),
            self.prompt.buffer,
            input,
            output,
            breaks_rows_anew=breaks_rows_anew(around.environ),
        )
        self.layout.key_processor.before_key_press += lambda _: self._attention.looked()
        self._printer = Printer(
            around.clock, self._print, full=self._full, drained=self._all_printed
        )

    # Events

    def opened(self, opened: Opened, known: bool) -> None:
        """A session has been opened; ``known``: an earlier run was in it."""
        self._session = opened.link.session
        self._rendering.nick = self._session.nick
        self._attention = Attention(self._around.seconds, away=known)

    def watch(self, show: Callable[[Event], None]) -> Callable[[Event], None]:
        """Events come here first, and go on to ``show`` in the order that everybody sees."""
        self._show = show
        return self._happened

    def _happened(self, event: Event) -> None:
        self._connectivity.follow(event)
        if isinstance(event, Welcomed | Named):
            self._rendering.nick = event.nick
        if isinstance(event, Acknowledged):
            self._arriving.append(Arriving(event.line))
        for shown in self._talk().buffers.in_order(event):
            self._tell(shown)
        self._hold()
        self.layout.invalidate()
        self._printer.wake()

    def _hold(self) -> None:
        """What is held is held for a time."""
        if self._talk().buffers.holding == (self._holding is not None):
            return
        if self._holding is not None:
            self._holding.cancel()
            self._holding = None
        else:
            self._holding = self._around.clock.callLater(HOLDING, self._let_go)

    def _let_go(self) -> None:
        self._holding = None
        for event in self._talk().buffers.rest():
            self._tell(event)

    def _tell(self, event: Event) -> None:
        match event:
            case Said():
                self._call(event)
                if self._attention.rule_due():
                    self.show([self._rendering.unread()])
            case Welcomed():
                self._outage = None
            case Offline(cause=cause, retry_in=float()):
                # Further attempts are for the status line: an hour's outage is no hundred lines.
                if cause is self._outage:
                    return
                self._outage = cause
        self._show(event)
        if isinstance(event, Acknowledged):
            arrived = next(each for each in self._arriving if each.line is event.line)
            arrived.printed_with = self._printer.taken

    def _call(self, said: Said) -> None:
        now = self._around.seconds()
        if now - self._called_at < BELL_PAUSE:
            return
        if calls(said, self._rendering.nick, self._around.notify):
            self._called_at = now
            looking = self._attention.looking
            self._output.write_raw(call(said, self._around.environ, looking=looking))
            self._output.flush()

    # A screen

    def show(self, lines: Sequence[str]) -> None:
        """Print lines above the prompt."""
        self._printer.add(lines)

    warn = show

    def crowded(self, crowded: bool) -> None:
        """Whether to take no more for now."""
        self.prompt.crowded = crowded

    def hide(self, hidden: bool) -> None:
        """What is typed next is a secret, or not; the rows ask the conversation themselves.

        What was begun as a secret is not to stand there as something else.
        """
        if not hidden:
            self.prompt.buffer.reset()
        self.layout.invalidate()

    def give_back(self, text: str) -> None:
        """Put a text that was not said where one types, if nothing stands there."""
        self.prompt.give_back(text)

    def close(self, status: int) -> None:
        """Print what is left, and end."""
        for event in self._talk().buffers.rest():
            self._tell(event)
        self._hold()
        self._printer.finish()
        self.layout.end()
        self._ended(status)

    def _print(self, lines: Sequence[str]) -> None:
        columns = self._output.get_size().columns
        self.layout.print_above("".join(f"{in_rows(line, columns)}\r\n" for line in lines))

    def _full(self) -> None:
        self._talk().screen_full()

    def _all_printed(self) -> None:
        session = self._session
        overdue = []
        if session is not None and not session.unacknowledged:
            overdue = list(self._talk().buffers.overdue())
        for event in overdue:
            self._tell(event)
        self._hold()
        if not overdue and not self._talk().buffers.holding:
            self._talk().shown()
        self._talk().screen_drained()

    # What is to be seen

    def _status(self) -> Sequence[tuple[str, bool]]:
        buffers, partner = self._talk().buffers, self._talk().partner
        people = buffers.current.count if partner is None else 0
        where = self._rendering.room if partner is None else f"→ {partner}"
        waiting = 0 if self._session is None else self._session.unacknowledged
        return list(
            status_parts(
                self._connectivity,
                where,
                people,
                waiting,
                self._rendering.wording,
                buffers.unread(),
            )
        )

    def _pending(self) -> Sequence[str]:
        if self._session is None:
            return []
        given = self._printer.given
        self._arriving = [
            each for each in self._arriving if (each.printed_with or given + 1) > given
        ]
        lines = [*(each.line for each in self._arriving), *self._session.own_lines]
        return [self._rendering.pending(line) for line in lines]

    def _unshown(self, count: int) -> str:
        ngettext = self._rendering.wording.ngettext
        return ngettext("… and {count} more", "… and {count} more", count).format(count=count)

    def _focused(self, focused: bool) -> None:
        """The window has the focus, or has lost it."""
        if not focused:
            self._attention.looked_away()

    def _talk(self) -> Conversation:
        assert self.conversation is not None
        return self.conversation
