"""`HuddleClient`: being in a Huddle from a program of one's own, in Twisted.

    from twisted.internet.task import react
    from huddle.client import HuddleClient, Said

    async def main(reactor):
        client = HuddleClient("echo", reactor=reactor)
        await client.connect()
        async for event in client.events():
            if isinstance(event, Said):
                await client.say(event.text.upper())

    react(main)

The client comes back by itself when the link breaks; nothing is lost or told twice meanwhile. What
was said and has no acknowledgement is forgotten with the program, unless it is given a folder.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from twisted.internet.defer import Deferred, fail
from twisted.internet.interfaces import IStreamClientEndpoint

from huddle.client.api.pending import NotDone, NotSaid, Pending
from huddle.client.network.endpoints import addresses_of
from huddle.client.network.failover import Address
from huddle.client.network.host_port import HostPort, read_host_port
from huddle.client.network.known_servers import place_of
from huddle.client.network.link import Link
from huddle.client.network.tls_options import Tls
from huddle.client.session import events
from huddle.client.session.events import (
    Acknowledged,
    Entered,
    Event,
    Here,
    Past,
    RoomList,
    Untrusted,
    Welcomed,
)
from huddle.client.session.hello import SessionOptions
from huddle.client.session.journal import Recalled, recall
from huddle.client.session.outbox import LINE_BREAKS
from huddle.client.session.session import ClientSession
from huddle.client.session.state import Kind, Line, Memory, State
from huddle.client.setup.opener import fresh_secret
from huddle.client.setup.options import DEFAULT_HOST, DEFAULT_PORT, DEFAULT_ROOM
from huddle.protocol import requests
from huddle.protocol.answers import NickIs
from huddle.protocol.events import FIRST_ROOM
from huddle.protocol.fingerprint import read_fingerprint
from huddle.protocol.requests import Join, ProgramRequest
from huddle.protocol.text import clean


class NotConnected(Exception):
    """The server did not let the client in, or is not to be trusted (``untrusted``).

    ``code`` says why: `nick-taken`, `refused`…
    """

    def __init__(self, code: str, reason: str = "") -> None:
        super().__init__(reason or code)
        self.code = code


class HuddleClient:
    """One nick's presence in a Huddle. All methods are to be called from the reactor's thread.

    ``room`` is where it says things, and ``replay`` how many of the last messages it is told on
    coming in. ``folder``: where the session is kept, so that the next run goes on where this one
    ended, with what was said and not yet acknowledged. ``password``: of a registered nick; it is
    kept in memory only. ``retry`` False: the first loss is the end.
    ``endpoint`` goes before ``host`` and ``port``, for a way of connecting of one's own. ``others``
    are further addresses of the same house, each a ``HOST`` or ``HOST:PORT``: the client goes to
    the next one when one is lost or cannot be had. Raises ValueError for what is no address.

    ``tls``: encrypted. The certificate must be for ``host``, from an authority that the system
    trusts, or one in the file ``ca``; with ``trust``, a SHA-256 fingerprint, it must be that one
    and no other. Raises ValueError for what is no fingerprint, and `NoWay` when ``huddle[tls]`` is
    not installed or the file will not do.
    """

    def __init__(
        self,
        nick: str,
        host: str = DEFAULT_HOST,
        port: int = DEFAULT_PORT,
        *,
        room: str = DEFAULT_ROOM,
        replay: int = 0,
        language: str = "en",
        folder: Path | None = None,
        password: str | None = None,
        retry: bool = True,
        tls: bool = False,
        ca: Path | str | None = None,
        trust: str | None = None,
        others: Sequence[str] = (),
        endpoint: IStreamClientEndpoint | None = None,
        reactor: Any = None,
    ) -> None:
        if reactor is None:
            from twisted.internet import reactor
        self._room = room
        places = [HostPort(host, port), *(read_host_port(each, port) for each in others)]
        kept = Recalled(State(), Memory())
        if folder is not None:
            kept = recall(folder, places, nick, lambda trouble: None)
        self._memory = kept.memory
        session = ClientSession(
            kept.state,
            kept.memory,
            nick,
            clock=time.monotonic,
            fresh_secret=fresh_secret,
            language=language,
            options=SessionOptions(replay, True, password, quiet_joins=False),
        )
        addresses = addresses_of(places, _tls_of(tls, ca, trust), reactor)
        if endpoint is not None:
            addresses[0] = Address(endpoint, place_of(host, port))
        self._link = Link(
            session,
            addresses,
            self._happened,
            clock=reactor,
            retry=retry,
        )
        self._welcome: Deferred[Welcomed] = Deferred()
        self._farewell: Deferred[None] = Deferred()
        self._pending = Pending()
        self._told: deque[Event] = deque()
        self._listener: Deferred[None] | None = None
        self._connecting = self._over = False

    @property
    def nick(self) -> str:
        """The nick it has; before the welcome, the one it asks for."""
        return self._link.session.nick

    @property
    def online(self) -> bool:
        """Whether it is connected and let in. What is said or asked meanwhile waits until it is."""
        return self._link.session.online

    def connect(self) -> Deferred[Welcomed]:
        """Come in; fires when the server has let the client in. To be called once.

        Fails with `NotConnected` when the nick cannot be had, or there is no retrying.
        """
        if self._room != DEFAULT_ROOM:
            self._link.carry_out(self._link.session.ask(Join(self._room)))
        self._connecting = True
        self._link.start()
        return self._welcome

    def say(
        self,
        text: str,
        room: str | None = None,
        *,
        me: bool = False,
        re: int = 0,
        edits: int = 0,
    ) -> Deferred[Acknowledged]:
        """Say one line; fires when it is in the server's record, with its number there.

        ``re`` is the number of the message that it answers, ``edits`` that of an own one that it
        puts right.
        May be called at any time: a line waits for the link. Fails with `NotSaid`, and with
        ValueError when the text is blank or has more than one line.
        """
        kind = Kind.ME if me else Kind.SAY
        return self._sent(Line(kind, room or self._room, text, re=re, edits=edits))

    def tell(
        self, nick: str, text: str, *, me: bool = False, re: int = 0, edits: int = 0
    ) -> Deferred[Acknowledged]:
        """Say one line to one person only; otherwise like `say`, with numbers of the inbox."""
        return self._sent(Line(Kind.MSG_ME if me else Kind.MSG, nick, text, re=re, edits=edits))

    def announce(self, text: str) -> Deferred[Acknowledged]:
        """Say one line in all rooms, as operators may; otherwise like `say`."""
        return self._sent(Line(Kind.ANNOUNCE, FIRST_ROOM, text))

    def ask(self, request: ProgramRequest) -> Deferred[Any]:
        """Ask for anything in `huddle.client.requests`; fires with the answer, if it has one.

        May be called at any time: it waits for the link. Fails with `NotDone`.
        """
        if self._over:
            return fail(NotDone(request, "over"))
        answered = self._pending.request(request)
        self._link.carry_out(self._link.session.ask(request))
        return answered

    def join(self, room: str, key: str | None = None) -> Deferred[Entered]:
        """Into another room; fires when the client is in it, and what was said there follows.

        It is joined again after a lost connection, with its ``key``. Fails with `NotDone`.
        """
        return self.ask(Join(room, key))

    def part(self, room: str) -> Deferred[None]:
        """Leave a room; it is not joined again. Fails with `NotDone` where one is not in it."""
        return self.ask(requests.Leave(room))

    def rooms(self) -> Deferred[RoomList]:
        """The rooms of the server with their topics, and how many people are in each."""
        return self.ask(requests.Rooms())

    def who(self, room: str | None = None) -> Deferred[Here]:
        """Who is in a room, the client's own if none is named. Fails with `NotDone`."""
        return self.ask(requests.Who(room or self._room))

    def history(self, limit: int, room: str | None = None) -> Deferred[Past]:
        """The last ``limit`` messages of a room, in order; of ``@``: the private ones.

        The server gives 500 at most. Fails with `NotDone`.
        """
        return self.ask(requests.History(room or self._room, limit))

    def delete(self, seq: int, room: str | None = None) -> Deferred[None]:
        """The text of a message is to go: one's own, or what one may moderate. Fails with
        `NotDone`, ``no-such-message`` or ``not-allowed`` among others."""
        return self.ask(requests.Delete(room or self._room, seq))

    def login(self, nick: str, password: str) -> Deferred[NickIs]:
        """Be the owner of a registered nick from now on; fires with the nick one has then.

        Fails with `NotDone`: ``wrong-password``, or ``too-many-tries`` after some of these.
        """
        return self.ask(requests.Login(nick, password))

    def register(self, password: str) -> Deferred[NickIs]:
        """The nick is to be this program's for good, by this password of 8 to 128 characters.

        Fails with `NotDone`.
        """
        return self.ask(requests.Register(password))

    async def events(self) -> AsyncIterator[Event]:
        """What happens, in order, from now or the last call on; ends when the client has left.

        One loop at a time. What is not taken is kept, and grows. An event counts as taken when the
        next one is asked for, or on leaving: with a ``folder`` it comes again if the program dies
        before.
        """
        while self._told or not self._over:
            if not self._told:
                self._listener = Deferred()
                await self._listener
                continue
            yield self._told.popleft()
            self._mark_taken()

    def leave(self) -> Deferred[None]:
        """Leave for good; fires when the connection is closed."""
        if not self._over:
            self._mark_taken()
            self._link.carry_out(self._link.session.leave())
        return self._farewell

    def _mark_taken(self) -> None:
        """Keep how far the messages were taken, so that the next run does not give them again."""
        if not self._told and not self._over:
            self._link.carry_out(self._link.session.shown())

    def _sent(self, line: Line) -> Deferred[Acknowledged]:
        if not line.text.strip() or LINE_BREAKS.search(line.text):
            return fail(ValueError("one line that is not blank"))
        if self._over:
            return fail(NotSaid(line, "over"))
        said = self._pending.line(replace(line, text=clean(line.text)))
        say = self._link.session.say
        self._link.carry_out(say([line.text], line.place, line.kind, re=line.re, edits=line.edits))
        return said

    def _happened(self, event: Event) -> None:
        self._pending.follow(event)
        match event:
            case Welcomed() if not self._welcome.called:
                self._welcome.callback(event)
            case events.InDoubt():
                self._link.carry_out(self._link.session.decide_doubts(say_again=False))
            case Untrusted():
                doubt = event.doubt.name.lower().replace("_", "-")
                shown = f"{event.place}: {doubt}, SHA-256 {event.fingerprint}"
                self._not_connected("untrusted", shown)  # `Offline` follows
            case (
                events.NickRefused(code=code, reason=reason)
                | events.PasswordWanted(code=code, reason=reason)
            ):
                self._not_connected(code, reason)
                self._link.carry_out(self._link.session.leave())
            case events.Expelled(code=code, reason=reason):
                self._not_connected(code, reason)
                self._end(event)
            case events.Farewell() | events.Replaced() | events.Offline(retry_in=None):
                self._end(event)
        self._told.append(event)
        listener, self._listener = self._listener, None
        if listener is not None:
            listener.callback(None)

    def _not_connected(self, code: str, reason: str = "") -> None:
        """Tell who waits to be connected, if anybody does, why that is not to be."""
        if self._connecting and not self._welcome.called:
            self._welcome.errback(NotConnected(code, reason))

    def _end(self, event: Event) -> None:
        if self._over:
            return
        self._over = True
        self._memory.close()
        cause = event.cause.name.lower() if isinstance(event, events.Offline) else "left"
        self._not_connected(cause)
        self._pending.end()
        self._link.stop().chainDeferred(self._farewell)


def _tls_of(tls: bool, ca: Path | str | None, trust: str | None) -> Tls | None:
    if not tls:
        if ca is not None or trust is not None:
            raise ValueError("ca and trust go with tls=True")
        return None
    return Tls(None if ca is None else str(ca), None if trust is None else read_fingerprint(trust))
