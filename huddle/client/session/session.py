"""The json dialect from the client's side, without I/O: bytes in, bytes and events out.

A session lives through many connections. ::

                    connected            welcome                leave
    OFFLINE ──────────────────► GREETING ────────► ONLINE ──────────────► LEAVING
       ▲                          │  ▲                │                      │ bye, or no
       │         nick refused, or ▼  │ take_nick,     │ replaced, or         │ answer in time
       │         password wanted  NAMELESS  or        │ sent out of          │
       │                             take_password    └─ the house ► OVER ◄──┘
       └── disconnected: from anywhere but LEAVING and OVER; leave: from there straight to OVER

Whoever drives it does four things: gives it what arrives (`receive`), tells it what becomes of the
connection (`connected`, `disconnected`), calls `tick` at the `deadline`, and after every call shows
the events that it returned and sends the `data_to_send`. What the user wants are calls like those.

Nothing that a server sends raises an exception here. What is no message of the protocol is passed
over and told once a connection (`Unreadable`); what is well formed and unknown is passed over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import Enum, auto

from huddle.client.session.asking import Asking
from huddle.client.session.cursors import FIRST_ROOM, INBOX, Cursors, read_entered, room_of
from huddle.client.session.events import (
    Denied,
    Event,
    Expelled,
    Farewell,
    Named,
    NickRefused,
    PasswordWanted,
    Renamed,
    Replaced,
    Silent,
    TurnedAway,
    Unreadable,
    Welcomed,
)
from huddle.client.session.hello import Hello, Next
from huddle.client.session.keepalive import Beat, Keepalive
from huddle.client.session.news import News
from huddle.client.session.outbox import Outbox
from huddle.client.session.requests import ChangeNick, Login, Register, Request
from huddle.client.session.state import Kind, Line, Memory, State
from huddle.client.session.turn import Turn
from huddle.client.session.wire import Fields, LineBuffer, MessageError, decode

BYE_PATIENCE = 3.0
"""Seconds that the server has to answer a `bye`; what was said before it is answered first."""

CROWDED = 4096
"""Own lines without an acknowledgement above which no more should be taken from a pipe."""


class Phase(Enum):
    """Where the session stands with the server."""

    OFFLINE = auto()
    GREETING = auto()
    NAMELESS = auto()
    ONLINE = auto()
    LEAVING = auto()
    OVER = auto()


class ClientSession:
    """One session, as it was left in ``state``; a new one when that has no secret.

    ``clock`` gives seconds and never jumps. ``fresh_secret`` makes a secret of at least 128 bits.
    ``replay`` is how many messages are wanted of a room that is new to the session. ``password`` is
    that of the nick, for as long as this object lives; it is kept nowhere else. It is brought at
    first, and later when the server asks for it: the session itself needs none to be resumed.
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
        replay: int = 20,
        bot: bool = False,
        password: str | None = None,
    ) -> None:
        self.language = language
        """The language in which the server is to word its errors; used at the next hello."""
        self._state = state
        self._nick = nick
        self._clock = clock
        self._fresh_secret = fresh_secret
        self._phase = Phase.OFFLINE
        self._leave_by: float | None = None
        self._turn = Turn(state, memory)
        self._outbox = Outbox(self._turn)
        self._cursors = Cursors(self._turn, replay)
        self._hello = Hello(state, self._cursors, replay=replay, bot=bot, password=password)
        self._asking = Asking(self._turn, self._cursors, replay)
        self._news = News(self._turn, self._cursors, self._asking)
        self._keepalive = Keepalive()
        self._lines = LineBuffer()
        self._begun = self._unreadable_told = False
        if not state.secret:
            self._turn.note("session", fresh_secret(), durable=True)

    @property
    def nick(self) -> str:
        """The nick the session has, or wants."""
        return self._nick

    @property
    def online(self) -> bool:
        """Whether the server has welcomed the session on this connection."""
        return self._phase is Phase.ONLINE

    @property
    def rooms(self) -> list[str]:
        """The rooms the session is in, or was in and wants back; without its inbox."""
        return self._cursors.rooms()

    @property
    def waiting(self) -> int:
        """Own lines that have not been sent on any connection."""
        return len(self._state.waiting)

    @property
    def own_lines(self) -> tuple[Line, ...]:
        """The own lines that the server has not acknowledged, in the order of their saying."""
        return (*self._state.sent.values(), *self._state.waiting)

    @property
    def unacknowledged(self) -> int:
        """Own lines that the server has not acknowledged."""
        return len(self._state.sent) + len(self._state.waiting)

    @property
    def settled(self) -> bool:
        """Whether nothing that was said or asked waits for its answer."""
        return not self.unacknowledged and not len(self._asking)

    @property
    def crowded(self) -> bool:
        """Whether so much waits that more should not be taken at present."""
        return self.unacknowledged > CROWDED

    @property
    def deadline(self) -> float | None:
        """When `tick` is to be called, by the clock; None: not as things are."""
        times = (self._keepalive.deadline, self._outbox.again_at, self._leave_by)
        return min((time for time in times if time is not None), default=None)

    # The link

    def connected(self) -> list[Event]:
        """There is a new connection."""
        if self._phase is Phase.OFFLINE:
            self._lines = LineBuffer()
            self._begun = self._unreadable_told = False
            self._keepalive.heard(self._clock())
            self._say_hello()
        return self._end()

    def disconnected(self) -> list[Event]:
        """The connection is gone."""
        self._keepalive.stop()
        self._outbox.close()
        self._asking.close()
        self._turn.forget_bytes()
        if self._phase is Phase.LEAVING:
            self._farewell()
        elif self._phase is not Phase.OVER:
            self._phase = Phase.OFFLINE
        return self._end()

    def receive(self, data: bytes) -> list[Event]:
        """Bytes have come."""
        if self._keepalive.deadline is not None:
            self._keepalive.heard(self._clock())
        for line in self._lines.feed(data):
            self._begun = self._begun or line.startswith(b"{")
            if self._begun:  # before it comes the greeting, which is for people
                self._hear(line)
        if self._lines.dropped and self._begun:
            self._tell_unreadable()
        return self._end()

    def tick(self) -> list[Event]:
        """The deadline has come."""
        now = self._clock()
        match self._keepalive.beat(now):
            case Beat.PING if self._phase is Phase.ONLINE:
                self._turn.put({"type": "ping", "id": self._turn.next_id()})
            case Beat.DEAD:
                self._keepalive.stop()
                self._turn.tell(Silent())
        self._outbox.tick(now)
        if self._leave_by is not None and now >= self._leave_by:
            self._farewell()
        return self._end()

    def reading_paused(self) -> None:
        """Nothing is read for a while, so silence means nothing."""
        self._keepalive.stop()

    def reading_resumed(self) -> None:
        """It is read again."""
        if self._phase in (Phase.GREETING, Phase.ONLINE):
            self._keepalive.heard(self._clock())

    def data_to_send(self) -> bytes:
        """What is to be sent; each byte is given once."""
        return self._turn.take_bytes()

    # The user

    def say(self, texts: Iterable[str], room: str, kind: Kind = Kind.SAY) -> list[Event]:
        """Say something in a room. Texts are split at line breaks; all go in one write."""
        if kind is Kind.ANNOUNCE:
            self._cursors.expect_holes()  # its copies in other rooms are our own lines, too
        for text in texts:
            self._outbox.say(kind, room, text)
        return self._end()

    def tell(self, nick: str, text: str, *, act: bool = False) -> list[Event]:
        """Say something to one person, or do it."""
        self._outbox.say(Kind.MSG_ME if act else Kind.MSG, nick, text)
        return self._end()

    def ask(self, request: Request) -> list[Event]:
        """Ask something; `Answered` or `Denied` follows, after a new connection if need be."""
        self._asking.ask(request)
        return self._end()

    def take_nick(self, nick: str) -> list[Event]:
        """Take another nick: at once when there is none yet, otherwise by asking for it."""
        if self._phase is Phase.ONLINE:
            return self.ask(ChangeNick(nick))
        self._nick = nick
        if self._phase is Phase.NAMELESS:
            self._keepalive.heard(self._clock())
            self._say_hello()
        return self._end()

    def take_password(self, password: str, nick: str | None = None) -> list[Event]:
        """The answer to `PasswordWanted`, perhaps for another nick. It is brought once."""
        self._hello.bring(password)
        if self._phase is not Phase.ONLINE:
            self._nick = nick or self._nick
        if self._phase is Phase.NAMELESS:
            self._keepalive.heard(self._clock())
            self._say_hello()
        return self._end()

    def decide_doubts(self, *, say_again: bool) -> list[Event]:
        """The answer to `InDoubt`: say the lines in this session, or drop them."""
        self._outbox.decide_doubts(say_again)
        return self._end()

    def shown(self) -> list[Event]:
        """All events so far have reached the user: their messages need never come again."""
        self._cursors.shown()
        return self._end()

    def leave(self) -> list[Event]:
        """Leave for good; `Farewell` follows, at once when there is no connection."""
        if self._phase is Phase.ONLINE:
            self._phase = Phase.LEAVING
            self._outbox.close()
            self._turn.put({"type": "bye", "id": self._turn.next_id()})
            self._leave_by = self._clock() + BYE_PATIENCE
        elif self._phase not in (Phase.LEAVING, Phase.OVER):
            self._farewell()
        return self._end()

    # What the server says

    def _hear(self, line: bytes) -> None:
        try:
            message = decode(line)
            kind = message.text("type")
            hear = _HEARD[self._phase].get(kind)
            if hear is not None:
                hear(self, message)
            elif self._phase in (Phase.ONLINE, Phase.LEAVING):
                self._news.hear(kind, message)
        except MessageError:
            self._tell_unreadable()

    def _hear_welcome(self, message: Fields) -> None:
        nick, epoch = message.text("nick"), message.text("epoch")
        last_id = message.maybe_number("last_id") or 0
        limit = message.member("limits").maybe_number("text")
        rooms = {
            name: (room.number("seq"), read_entered(room, name))
            for name, room in message.members("rooms").items()
        }
        if limit is not None:
            self._outbox.limit = limit
        self._cursors.use_epoch(epoch)
        self._settle_in(nick, last_id)
        for name, (seq, _) in rooms.items():
            self._cursors.enter(name, seq)
        self._phase = Phase.ONLINE
        self._hello.believed()
        here = {name: here for name, (_, here) in rooms.items() if name != INBOX}
        self._turn.tell(Welcomed(nick, here, len(self._state.sent)))
        self._asking.rejoin(set(rooms))
        self._outbox.open()
        self._asking.open()

    def _settle_in(self, nick: str, last_id: int) -> None:
        if not self._state.known:
            self._turn.note("known")
        if last_id > self._state.counter:  # our own count was lost
            self._turn.note("counter", last_id)
        self._use_nick(nick)

    def _hear_hello_refused(self, message: Fields) -> None:
        code, reason = message.text("code"), message.maybe_text("text") or ""
        match self._hello.refused(code):
            case Next.NEW_SESSION:
                self._turn.note("session", self._fresh_secret(), durable=True)
                self._cursors.begin_session()
                self._say_hello()
            case Next.AGAIN:
                self._say_hello()
            case Next.ASK_NICK:
                self._wait_for_user()
                suggestion = message.maybe_text("suggest")
                if code == "account-nick":  # it was logged in to another one
                    suggestion = self._state.nick or None
                self._turn.tell(NickRefused(self._nick, code, reason, suggestion))
            case Next.ASK_PASSWORD:
                self._wait_for_user()
                self._turn.tell(PasswordWanted(self._nick, code, reason))
            case Next.END:
                self._hear_error(message)
            case Next.LATER:
                self._turn.tell(TurnedAway(code, reason))

    def _wait_for_user(self) -> None:
        self._phase = Phase.NAMELESS
        self._keepalive.stop()  # the user may take long

    def _hear_ack(self, message: Fields) -> None:
        id, room, seq = message.number("id"), room_of(message), message.seq("seq")
        if id in self._state.sent:
            # In this order: half of it kept must not make the number look like another's.
            self._cursors.acknowledged(room, seq)
            self._outbox.acknowledged(id, seq)

    def _hear_renamed(self, message: Fields) -> None:
        nick, new = message.text("nick"), message.text("new")
        if nick == self._nick:
            self._use_nick(new)
        elif new != self._nick:  # our own change is told in every room we are in
            self._turn.tell(Renamed(room_of(message), nick, new))

    def _hear_reply(self, message: Fields) -> None:
        request = self._asking.answered(message)
        if isinstance(request, ChangeNick | Register | Login):
            usual = request.nick if isinstance(request, ChangeNick) else self._nick
            self._use_nick(message.maybe_text("nick") or usual)

    def _hear_error(self, message: Fields) -> None:
        code, reason = message.text("code"), message.maybe_text("text") or ""
        id = message.maybe_number("id")
        if id is None:
            self._hear_trouble(code, reason, message.maybe_text("room"))
        elif id in self._state.sent:
            self._outbox.refused(id, code, reason, self._clock())
        elif not self._asking.refused(id, code, reason):
            self._turn.tell(Denied(None, code, reason))

    def _hear_trouble(self, code: str, reason: str, room: str | None) -> None:
        """An error that answers nothing that was asked."""
        if code == "replaced":
            self._end_with(Replaced())
        elif code == "kicked" or (code == "banned" and room in (None, FIRST_ROOM)):
            self._end_with(Expelled(code, reason))
        elif room is None or not self._asking.joins(room):
            self._turn.tell(Denied(None, code, reason))

    def _end_with(self, event: Event) -> None:
        self._phase = Phase.OVER
        self._leave_by = None
        self._keepalive.stop()
        self._turn.tell(event)

    def _hear_bye(self, message: Fields) -> None:
        self._farewell()

    # In between

    def _say_hello(self) -> None:
        self._phase = Phase.GREETING
        self._turn.put(self._hello.message(self._nick, self.language))

    def _use_nick(self, nick: str) -> None:
        if nick != self._nick and self._phase is Phase.ONLINE:
            self._turn.tell(Named(nick))
        self._nick = nick
        if nick != self._state.nick:
            self._turn.note("nick", nick)
            self._turn.rename(nick)

    def _farewell(self) -> None:
        self._end_with(Farewell(self.unacknowledged))

    def _tell_unreadable(self) -> None:
        if not self._unreadable_told:
            self._unreadable_told = True
            self._turn.tell(Unreadable())

    def _end(self) -> list[Event]:
        self._outbox.flush()
        if not self._state.sent:
            self._cursors.tell_missing()
        return self._turn.end()


_Hear = Callable[[ClientSession, Fields], None]

_CONVERSATION: dict[str, _Hear] = {
    "ack": ClientSession._hear_ack,
    "renamed": ClientSession._hear_renamed,
    "reply": ClientSession._hear_reply,
    "error": ClientSession._hear_error,
}
_HELLO: Mapping[str, _Hear] = {
    "welcome": ClientSession._hear_welcome,
    "error": ClientSession._hear_hello_refused,
}

# What is heard in each phase; the rest is passed over, like what is unknown.
_HEARD: Mapping[Phase, Mapping[str, _Hear]] = {
    Phase.OFFLINE: {},
    Phase.GREETING: _HELLO,
    Phase.NAMELESS: _HELLO,
    Phase.ONLINE: _CONVERSATION,
    Phase.LEAVING: _CONVERSATION | {"bye": ClientSession._hear_bye},
    Phase.OVER: {},
}
