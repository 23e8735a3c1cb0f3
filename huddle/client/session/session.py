"""The json dialect from the client's side, without I/O: bytes in, bytes and events out.

A session lives through many connections. ::

                    connected            welcome                leave
    OFFLINE ──────────────────► GREETING ────────► ONLINE ──────────────► LEAVING
       ▲                          │  ▲                │                      │ bye, or no
       │         nick refused, or ▼  │ take_nick,     │ replaced, or         │ answer in time
       │         password wanted  NAMELESS  or        │ sent out of          │
       │                             take_password    └─ the house ► OVER ◄──┘
       └── disconnected: from anywhere but LEAVING and OVER; leave: from there straight to OVER

Its driver does four things: gives it what arrives (`receive`), tells it what becomes of the
connection (`connected`, `disconnected`), calls `tick` at the `deadline`, and after every call shows
the events that it returned and sends the `data_to_send`. What the user wants are calls like those.

Nothing that a server sends raises an exception here. What is no message of the protocol is passed
over and told once a connection (`Unreadable`); what is well formed and unknown is passed over.
"""

from __future__ import annotations

from collections.abc import Iterable

from huddle.client.session.events import Event, Silent
from huddle.client.session.exchange import Exchange, Phase
from huddle.client.session.keepalive import PASSWORD_PATIENCE, PATIENCE, Beat
from huddle.client.session.state import Kind, Line
from huddle.protocol.requests import Bye, ChangeNick, Ping, ProgramRequest

BYE_PATIENCE = 3.0
"""Seconds that the server has to answer a `bye`; what was said before it is answered first."""

CROWDED = 4096
"""Own lines without an acknowledgement above which no more should be taken from a pipe."""


class ClientSession(Exchange):
    """One session: what it exchanges with the server, and what its driver and its user can do."""

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
        """There is a new connection: send what `data_to_send` gives then, the hello first."""
        if self._phase is Phase.OFFLINE:
            self._begin()
        return self._end()

    def disconnected(self) -> list[Event]:
        """The connection is gone. What was sent and not answered waits for the next one.

        Reconnecting is for the caller to do.
        """
        self._keepalive.stop()
        self._outbox.close()
        self._asking.close()
        self._effects.forget_bytes()
        if self._phase is Phase.LEAVING:
            self._farewell()
        elif self._phase is not Phase.OVER:
            self._phase = Phase.OFFLINE
        return self._end()

    def tick(self) -> list[Event]:
        """The `deadline` has come: ping, give up, or say again what was delayed."""
        now = self.clock()
        waits = self._password_waits
        match self._keepalive.beat(now, PASSWORD_PATIENCE if waits else PATIENCE):
            case Beat.PING if self._phase is Phase.ONLINE:
                self._effects.put(Ping(id=self._effects.next_id()))
            case Beat.DEAD:
                self._keepalive.stop()
                self._effects.tell(Silent())
        self._outbox.tick(now)
        if self._leave_by is not None and now >= self._leave_by:
            self._farewell()
        return self._end()

    def reading_paused(self) -> None:
        """Nothing is read for a while, so silence means nothing."""
        self._keepalive.stop()

    def reading_resumed(self) -> None:
        """Reading has been resumed; from here on silence counts again."""
        if self._phase in (Phase.GREETING, Phase.ONLINE):
            self._keepalive.heard(self.clock())

    def data_to_send(self) -> bytes:
        """What is to be sent; each byte is given once."""
        return self._effects.take_bytes()

    # The user

    def say(
        self,
        texts: Iterable[str],
        place: str,
        kind: Kind = Kind.SAY,
        *,
        re: int = 0,
        edits: int = 0,
    ) -> list[Event]:
        """Say something in a room, or by its ``kind`` to the one person whose nick ``place`` is.

        Texts are split at line breaks; all go in one write.

        Several lines are said together: they are a block, with the blank ones among them. ``re`` is
        the number of the message that is answered, ``edits`` that of the own one that is put right.

        May be called at any time. `Acknowledged` follows for each line, or an event that says why
        it was not said.
        """
        if kind is Kind.ANNOUNCE:
            self._cursors.expect_holes()  # its copies in other rooms are our own lines, too
        self._outbox.say(kind, place, texts, re, edits)
        return self._end()

    def tell(
        self, nick: str, *texts: str, act: bool = False, re: int = 0, edits: int = 0
    ) -> list[Event]:
        """Say something to one person, or do it (``act``, as by `/me`); otherwise as `say`.

        ``re`` and ``edits`` are numbers of one's own inbox.
        """
        return self.say(texts, nick, Kind.MSG_ME if act else Kind.MSG, re=re, edits=edits)

    def ask(self, request: ProgramRequest) -> list[Event]:
        """Ask something; `Answered` or `Denied` follows, after a new connection if need be."""
        self._asking.ask(request)
        return self._end()

    def take_nick(self, nick: str) -> list[Event]:
        """Take another nick: at once when there is none yet, otherwise by asking for it."""
        if self._phase is Phase.ONLINE:
            return self.ask(ChangeNick(nick))
        self.nick = nick
        if self._phase is Phase.NAMELESS:
            self._say_hello()
        return self._end()

    def take_password(self, password: str, nick: str | None = None) -> list[Event]:
        """The answer to `PasswordWanted`, perhaps for another nick. It is brought once."""
        self._hello.bring(password)
        if self._phase is not Phase.ONLINE:
            self.nick = nick or self.nick
        if self._phase is Phase.NAMELESS:
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
            self._effects.put(Bye(id=self._effects.next_id()))
            self._leave_by = self.clock() + BYE_PATIENCE
        elif self._phase not in (Phase.LEAVING, Phase.OVER):
            self._farewell()
        return self._end()
