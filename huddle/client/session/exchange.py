"""What is exchanged with the server on a connection: hello, welcome, answers, errors, bye.

The phases are those of `huddle.client.session.session`; what is heard in each of them stands in the
table at the end. What the server tells by itself about rooms is for `Unsolicited`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from enum import Enum, auto

from huddle.client.session.asking import Asking
from huddle.client.session.cursors import Cursors, read_here
from huddle.client.session.effects import Effects
from huddle.client.session.events import (
    Denied,
    Entered,
    Event,
    Expelled,
    Farewell,
    Named,
    NickRefused,
    PasswordWanted,
    Replaced,
    TurnedAway,
    Unreadable,
    Welcomed,
)
from huddle.client.session.hello import Hello, Next, SessionOptions
from huddle.client.session.keepalive import Keepalive
from huddle.client.session.outbox import Outbox
from huddle.client.session.state import Memory, State
from huddle.client.session.unsolicited import Unsolicited
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


class Exchange:
    """The exchange of one session, with the parts of it that a connection concerns.

    Each call changes the phase, the nick and what is kept of the session, and leaves what is to be
    sent and told in the ``effects``.
    """

    def __init__(
        self,
        state: State,
        memory: Memory,
        nick: str,
        *,
        clock: Callable[[], float],
        fresh_secret: Callable[[], str],
        language: str,
        options: SessionOptions,
    ) -> None:
        self.language = language
        self.nick = nick
        """The nick the session has, or wants."""
        self.phase = Phase.OFFLINE
        self.leave_by: float | None = None
        """When to leave without an answer to `bye`; None: no such answer is waited for."""
        self.effects = Effects(state, memory)
        self.outbox = Outbox(self.effects)
        self.cursors = Cursors(self.effects, options.replay)
        self.hello = Hello(state, self.cursors, options)
        self.asking = Asking(self.effects, self.cursors, options.replay)
        self.keepalive = Keepalive()
        self._unsolicited = Unsolicited(self.effects, self.cursors, self.asking)
        self._state = state
        self._clock = clock
        self._fresh_secret = fresh_secret
        self._lines = LineBuffer()
        self._begun = self._unreadable_told = False
        if not state.secret:
            self.effects.note("session", fresh_secret(), durable=True)

    def begin(self) -> None:
        """There is a new connection: say hello on it."""
        self._lines = LineBuffer()
        self._begun = self._unreadable_told = False
        self.effects.note("turn", self._state.turn + 1, durable=True)
        self.say_hello()

    def say_hello(self) -> None:
        """Say who one is; what follows is a welcome, or why there is none."""
        self.phase = Phase.GREETING
        self.keepalive.heard(self._clock())
        self.effects.put(self.hello.message(self.nick, self.language))

    def receive(self, data: bytes) -> None:
        """Bytes have come; before the first message comes the greeting, which is for people."""
        if self.keepalive.deadline is not None:
            self.keepalive.heard(self._clock())
        for line in self._lines.feed(data):
            self._begun = self._begun or line.startswith(b"{")
            if self._begun:
                self._hear(line)
        if self._lines.dropped and self._begun:
            self._tell_unreadable()

    @property
    def password_waits(self) -> bool:
        """Whether the server has a password of ours to check, and has not answered yet."""
        greeting = self.phase is Phase.GREETING
        return self.hello.brings_password if greeting else self.asking.password_waits

    def farewell(self) -> None:
        """The session has left, with so many lines that were not acknowledged."""
        self._end_with(Farewell(len(self._state.sent) + len(self._state.waiting)))

    def _hear(self, line: bytes) -> None:
        try:
            message = received(line)
            kind = told(Head, message).kind
            hear = _HEARD[self.phase].get(kind)
            if hear is not None:
                hear(self, message)
            elif self.phase in (Phase.ONLINE, Phase.LEAVING):
                self._unsolicited.hear(kind, message)
        except MessageError:
            self._tell_unreadable()

    def _hear_welcome(self, message: Message) -> None:
        welcome = told(Welcome, message)
        limit = told(TextLimit, welcome.limits).text
        rooms = {name: read_here(Entered, room, name) for name, room in welcome.rooms.items()}
        if limit is not None:
            self.outbox.limit = limit
        self.cursors.use_epoch(welcome.epoch)
        self._note_welcome(welcome.nick, welcome.last_id)
        for name, room in rooms.items():
            self.cursors.enter(name, room.seq)
        self.phase = Phase.ONLINE
        self.hello.believed()
        here = {
            name: replace(room, after=self.cursors.after_in(name))
            for name, room in rooms.items()
            if name != INBOX
        }
        self.effects.tell(Welcomed(welcome.nick, here, len(self._state.sent)))
        self.asking.rejoin(set(rooms))
        self.outbox.open()
        self.asking.open()

    def _note_welcome(self, nick: str, last_id: int) -> None:
        if not self._state.known:
            self.effects.note("known")
        if last_id > self._state.counter:  # our own count was lost
            self.effects.note("counter", last_id)
        self._use_nick(nick)

    def _hear_hello_refused(self, message: Message) -> None:
        error = told(Error, message)
        code, reason = error.code, error.reason
        match self.hello.refused(code):
            case Next.NEW_SESSION:
                self.effects.note("session", self._fresh_secret(), durable=True)
                self.cursors.begin_session()
                self.say_hello()
            case Next.AGAIN:
                self.say_hello()
            case Next.ASK_NICK:
                self._wait_for_user()
                suggestion = error.suggest
                if code == "account-nick":  # it was logged in to another one
                    suggestion = self._state.nick or None
                self.effects.tell(NickRefused(self.nick, code, reason, suggestion))
            case Next.ASK_PASSWORD:
                self._wait_for_user()
                self.effects.tell(PasswordWanted(self.nick, code, reason))
            case Next.END:
                self._hear_error(message)
            case Next.LATER:
                self._turned_away(error)

    def _turned_away(self, error: Error) -> None:
        self.effects.tell(TurnedAway(error.code, error.reason, error.retry_after))

    def _wait_for_user(self) -> None:
        self.phase = Phase.NAMELESS
        self.keepalive.stop()  # the user may take long

    def _hear_ack(self, message: Message) -> None:
        ack = told(Ack, message)
        if ack.id in self._state.sent:
            # In this order: half of it kept must not make the number look like another's.
            self.cursors.acknowledged(ack.room, ack.seq)
            self.outbox.acknowledged(ack.id, ack.seq)

    def _hear_renamed(self, message: Message) -> None:
        renamed = told(Renamed, message)
        if renamed.nick == self.nick:
            self._use_nick(renamed.new)
        elif renamed.new != self.nick:  # our own change is told in every room we are in
            self.effects.tell(renamed)

    def _hear_reply(self, message: Message) -> None:
        request = self.asking.answered(message)
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
            self.outbox.refused(error.number, error.code, error.reason, self._clock())
        elif not self.asking.refused(error.number, error.code, error.reason):
            self.effects.tell(Denied(None, error.code, error.reason))

    def _hear_trouble(self, code: str, reason: str, room: str | None) -> None:
        """An error that answers nothing that was asked."""
        if code == "replaced":
            self._end_with(Replaced())
        elif code == "kicked" or (code == "banned" and room in (None, FIRST_ROOM)):
            self._end_with(Expelled(code, reason))
        elif room is None or not self.asking.joins(room):
            self.effects.tell(Denied(None, code, reason))

    def _end_with(self, event: Event) -> None:
        self.phase = Phase.OVER
        self.leave_by = None
        self.keepalive.stop()
        self.effects.tell(event)

    def _hear_bye(self, message: Message) -> None:
        self.farewell()

    def _use_nick(self, nick: str) -> None:
        if nick != self.nick and self.phase is Phase.ONLINE:
            self.effects.tell(Named(nick))
        self.nick = nick
        if nick != self._state.nick:
            self.effects.note("nick", nick)
            self.effects.rename(nick)

    def _tell_unreadable(self) -> None:
        if not self._unreadable_told:
            self._unreadable_told = True
            self.effects.tell(Unreadable())


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

# What is heard in each phase; the rest is passed over, like what is unknown.
_HEARD: Mapping[Phase, Mapping[str, _Hear]] = {
    Phase.OFFLINE: {},
    Phase.GREETING: _HELLO,
    Phase.NAMELESS: _HELLO,
    Phase.ONLINE: _CONVERSATION,
    Phase.LEAVING: _CONVERSATION | {"bye": Exchange._hear_bye},
    Phase.OVER: {},
}
