"""What is exchanged with the server on a connection: hello, welcome, answers, errors, bye.

The phases are those of `huddle.client.session.session`; what is heard in each of them stands in the
tables at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from enum import Enum, auto
from typing import Any

from huddle.client.session import events
from huddle.client.session.asking import Asking
from huddle.client.session.cursors import Cursors, read_here
from huddle.client.session.effects import Effects
from huddle.client.session.hello import Hello, Next, SessionOptions
from huddle.client.session.keepalive import Keepalive
from huddle.client.session.outbox import Outbox
from huddle.client.session.state import Memory, State
from huddle.client.session.wire import (
    Error,
    Head,
    LineBuffer,
    Message,
    Reply,
    TextLimit,
    Welcome,
    received,
)
from huddle.protocol.answers import Ack
from huddle.protocol.codec import MessageError, told
from huddle.protocol.events import FIRST_ROOM, INBOX, Renamed
from huddle.protocol.requests import ChangeNick, Login, Register


class Phase(Enum):
    """Where the session stands with the server; the stages are drawn in `session`.

    Offline there is no connection; greeting, a hello waits for its answer; nameless, another nick
    or a password is wanted; online, it is let in; leaving, the bye waits for its answer.
    """

    OFFLINE = auto()
    GREETING = auto()
    NAMELESS = auto()
    ONLINE = auto()
    LEAVING = auto()
    OVER = auto()


USUAL = SessionOptions()


class Exchange:
    """The exchange of one session, as it was left in ``state``; of a new one when that has no
    secret.

    Each call changes the phase, the nick and what is kept of the session, and leaves what is to be
    sent and told in the effects. ``clock`` gives seconds and never jumps. ``fresh_secret`` makes a
    secret of at least 128 bits.
    """

    def __init__(
        self,
        state: State,
        memory: Memory,
        nick: str,
        *,
        clock: Callable[[], float],
        fresh_secret: Callable[[], str],
        language: str = "en",
        options: SessionOptions = USUAL,
    ) -> None:
        self.clock = clock
        self.language = language
        """The language in which the server is to word its errors; used at the next hello."""
        self.nick = nick
        """The nick the session has; before it is welcomed, the one it asks for."""
        self._phase = Phase.OFFLINE
        self._leave_by: float | None = None
        """When to leave without an answer to `bye`; None: no such answer is waited for."""
        self._effects = Effects(state, memory)
        self._outbox = Outbox(self._effects)
        self._cursors = Cursors(self._effects, options.replay)
        self._hello = Hello(state, self._cursors, options)
        self._asking = Asking(self._effects, self._cursors, options.replay)
        self._keepalive = Keepalive()
        self._state = state
        self._fresh_secret = fresh_secret
        self._lines = LineBuffer()
        self._begun = self._unreadable_told = False
        if not state.secret:
            self._effects.note("session", fresh_secret(), durable=True)

    def _begin(self) -> None:
        """There is a new connection: say hello on it."""
        self._lines = LineBuffer()
        self._begun = self._unreadable_told = False
        self._effects.note("turn", self._state.turn + 1, durable=True)
        self._say_hello()

    def _say_hello(self) -> None:
        """Say who one is; what follows is a welcome, or why there is none."""
        self._phase = Phase.GREETING
        self._keepalive.heard(self.clock())
        self._effects.put(self._hello.message(self.nick, self.language))

    def receive(self, data: bytes) -> list[events.Event]:
        """Read bytes that the server has sent; what it said comes back as events. Before the first
        message comes the greeting, which is for people."""
        if self._keepalive.deadline is not None:
            self._keepalive.heard(self.clock())
        for line in self._lines.feed(data):
            self._begun = self._begun or line.startswith(b"{")
            if self._begun:
                self._hear(line)
        if self._lines.dropped and self._begun:
            self._tell_unreadable()
        return self._end()

    def _end(self) -> list[events.Event]:
        """What follows from a call is kept; its events."""
        self._outbox.flush()
        if not self._state.sent:
            self._cursors.tell_missing()
        return self._effects.end()

    @property
    def unacknowledged(self) -> int:
        """Own lines that the server has not acknowledged."""
        return len(self._state.sent) + len(self._state.waiting)

    @property
    def _password_waits(self) -> bool:
        """Whether the server has a password of ours to check, and has not answered yet."""
        greeting = self._phase is Phase.GREETING
        return self._hello.brings_password if greeting else self._asking.password_waits

    def _farewell(self) -> None:
        """The session has left, with so many lines that were not acknowledged."""
        self._end_with(events.Farewell(self.unacknowledged))

    def _hear(self, line: bytes) -> None:
        try:
            message = received(line)
            kind = told(Head, message).kind
            hear = _HEARD[self._phase].get(kind)
            if hear is not None:
                hear(self, message)
            elif self._phase in (Phase.ONLINE, Phase.LEAVING):
                self._hear_unasked(kind, message)
        except MessageError:
            self._tell_unreadable()

    def _hear_unasked(self, kind: str, message: Message) -> None:
        """What the server tells by itself; what is not known is passed over."""
        if (cls := _TOLD.get(kind)) is not None:
            event = told(cls, message)
            if isinstance(event, events.Removed):
                self._asking.removed(event.room)
            self._effects.tell(event)
        elif kind == "here":
            room = told(Reply, message).room
            if room is None:
                raise MessageError("room")
            self._effects.tell(read_here(events.Here, message, room))
        elif (follow := _FOLLOWED.get(kind)) is not None:
            follow(self._cursors, message)

    def _hear_welcome(self, message: Message) -> None:
        welcome = told(Welcome, message)
        limit = told(TextLimit, welcome.limits).text
        rooms = {
            name: read_here(events.Entered, room, name) for name, room in welcome.rooms.items()
        }
        if limit is not None:
            self._outbox.limit = limit
        self._cursors.use_epoch(welcome.epoch)
        if not self._state.known:
            self._effects.note("known")
        if welcome.last_id > self._state.counter:  # our own count was lost
            self._effects.note("counter", welcome.last_id)
        self._use_nick(welcome.nick)
        for name, room in rooms.items():
            self._cursors.enter(name, room.seq)
        self._phase = Phase.ONLINE
        self._hello.believed()
        here = {
            name: replace(room, after=self._cursors.after_in(name))
            for name, room in rooms.items()
            if name != INBOX
        }
        self._effects.tell(events.Welcomed(welcome.nick, here, len(self._state.sent)))
        self._asking.rejoin(set(rooms))
        self._outbox.open()
        self._asking.open()

    def _hear_hello_refused(self, message: Message) -> None:
        error = told(Error, message)
        code, reason = error.code, error.reason
        match self._hello.refused(code):
            case Next.NEW_SESSION:
                self._effects.note("session", self._fresh_secret(), durable=True)
                self._cursors.begin_session()
                self._say_hello()
            case Next.AGAIN:
                self._say_hello()
            case Next.ASK_NICK:
                self._wait_for_user()
                suggestion = error.suggest
                if code == "account-nick":  # it was logged in to another one
                    suggestion = self._state.nick or None
                self._effects.tell(events.NickRefused(self.nick, code, reason, suggestion))
            case Next.ASK_PASSWORD:
                self._wait_for_user()
                self._effects.tell(events.PasswordWanted(self.nick, code, reason))
            case Next.END:
                self._hear_error(message)
            case Next.LATER:
                self._turned_away(error)

    def _turned_away(self, error: Error) -> None:
        self._effects.tell(events.TurnedAway(error.code, error.reason, error.retry_after))

    def _wait_for_user(self) -> None:
        self._phase = Phase.NAMELESS
        self._keepalive.stop()  # the user may take long

    def _hear_ack(self, message: Message) -> None:
        ack = told(Ack, message)
        if ack.id in self._state.sent:
            # In this order: half of it kept must not make the number look like another's.
            self._cursors.acknowledged(ack.room, ack.seq)
            self._outbox.acknowledged(ack.id, ack.seq)

    def _hear_renamed(self, message: Message) -> None:
        renamed = told(Renamed, message)
        if renamed.nick == self.nick:
            self._use_nick(renamed.new)
        elif renamed.new != self.nick:  # our own change is told in every room we are in
            self._effects.tell(renamed)

    def _hear_reply(self, message: Message) -> None:
        request = self._asking.answered(message)
        if isinstance(request, ChangeNick | Register | Login):
            usual = request.nick if isinstance(request, ChangeNick) else self.nick
            self._use_nick(told(Reply, message).nick or usual or self.nick)

    def _hear_error(self, message: Message) -> None:
        error = told(Error, message)
        if error.code == "alone":
            self._turned_away(error)
        elif error.number is None:
            self._hear_trouble(error.code, error.reason, error.room)
        elif error.number in self._state.sent:
            self._outbox.refused(error.number, error.code, error.reason, self.clock())
        elif not self._asking.refused(error.number, error.code, error.reason):
            self._effects.tell(events.Denied(None, error.code, error.reason))

    def _hear_trouble(self, code: str, reason: str, room: str | None) -> None:
        """An error that answers nothing that was asked."""
        if code == "replaced":
            self._end_with(events.Replaced())
        elif code == "kicked" or (code == "banned" and room in (None, FIRST_ROOM)):
            self._end_with(events.Expelled(code, reason))
        elif room is None or not self._asking.joins(room):
            self._effects.tell(events.Denied(None, code, reason))

    def _end_with(self, event: events.Event) -> None:
        self._phase = Phase.OVER
        self._leave_by = None
        self._keepalive.stop()
        self._effects.tell(event)

    def _use_nick(self, nick: str) -> None:
        if nick != self.nick and self._phase is Phase.ONLINE:
            self._effects.tell(events.Named(nick))
        self.nick = nick
        if nick != self._state.nick:
            self._effects.note("nick", nick)
            self._effects.rename(nick)

    def _tell_unreadable(self) -> None:
        if not self._unreadable_told:
            self._unreadable_told = True
            self._effects.tell(events.Unreadable())


_Hear = Callable[[Exchange, Message], None]

_CONVERSATION: dict[str, _Hear] = {
    "ack": Exchange._hear_ack,
    "renamed": Exchange._hear_renamed,
    "reply": Exchange._hear_reply,
    "error": Exchange._hear_error,
}
_HELLO: Mapping[str, _Hear] = {
    "welcome": Exchange._hear_welcome,
    "error": Exchange._hear_hello_refused,
}

_TOLD: Mapping[str, type[Any]] = {
    "joined": events.Joined,
    "left": events.Left,
    "changed": events.Changed,
    "removed": events.Removed,
    "standing": events.StandingIs,
    "unread": events.Unread,
    "motd": events.Motd,
    "closing": events.Closing,
}
"""What the server tells by itself, and is told on as it comes."""

_FOLLOWED: Mapping[str, Callable[[Cursors, Message], None]] = {
    "said": Cursors.said,
    "deleted": Cursors.deleted,
    "gap": Cursors.gap,
    "reset": Cursors.reset,
}
"""What has its place in a room."""

# What is heard in each phase besides these; the rest is passed over, like what is unknown.
_HEARD: Mapping[Phase, Mapping[str, _Hear]] = {
    Phase.OFFLINE: {},
    Phase.GREETING: _HELLO,
    Phase.NAMELESS: _HELLO,
    Phase.ONLINE: _CONVERSATION,
    Phase.LEAVING: _CONVERSATION | {"bye": lambda exchange, _: exchange._farewell()},
    Phase.OVER: {},
}
