"""A visit: one connection's stay, from the greeting to the farewell.

It takes lines, has its dialect read them, asks the `Huddle` for what they want, and answers through
its outlet. It is free of I/O: the door gives it lines, one at a time and never while it is `busy`.

The stage says which requests make sense::

    AT_THE_DOOR ──hello/back──> ARRIVING ──> HERE ──leave──> LEAVING ──> GONE
         ^                         │           │                          ^
         └────── refused ──────────┘           └──lost or replaced────────┘

ARRIVING is while the record is asked for the session or keeps it; the visit is busy then.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import replace
from enum import Enum, auto

from twisted.internet.defer import Deferred
from twisted.logger import Logger
from twisted.python.failure import Failure

from huddle.delivery.outlet import Outlet
from huddle.locale import language_named
from huddle.people.sessions import Session
from huddle.protocol.answers import (
    Answer,
    CommandHelp,
    Goodbye,
    Greeting,
    Help,
    LanguageIs,
    NickIs,
    NotUtf8,
    PasswordInClear,
    Pong,
    Refused,
    ReturnWord,
    SecretSaid,
    TimesAre,
)
from huddle.protocol.commands import commands_for, holds_secret
from huddle.protocol.dialect import Dialect, EndOfInput
from huddle.protocol.errors import (
    HelloFirst,
    HuddleError,
    NoNick,
    NotAllowed,
    NotReadable,
    PasswordNeeded,
    Replaced,
    UnknownRequest,
)
from huddle.protocol.events import FIRST_ROOM
from huddle.protocol.permissions import Role, deed_of, is_of_rooms, may
from huddle.protocol.requests import (
    Announce,
    Back,
    Bye,
    ChangePassword,
    Hello,
    HelpWanted,
    Login,
    Message,
    Ping,
    Register,
    Request,
    Say,
    SetLanguage,
    SetTimes,
)
from huddle.visits.actions import talk
from huddle.visits.actions.caller import Caller
from huddle.visits.actions.table import ACTS
from huddle.visits.arrival import Arrived, Origin
from huddle.visits.house import House
from huddle.visits.ignoring import IgnoringFace
from huddle.visits.welcome import come_in


class _Stage(Enum):
    AT_THE_DOOR = auto()
    ARRIVING = auto()
    HERE = auto()
    LEAVING = auto()
    GONE = auto()


class Visit:
    """One connection's stay. ``ready`` is called each time it stops being `busy`."""

    _log = Logger()

    def __init__(
        self,
        house: House,
        dialect: Dialect,
        outlet: Outlet,
        origin: Origin,
        ready: Callable[[], None],
    ) -> None:
        self._house = house
        self._huddle = house.huddle
        self._dialect = dialect
        self._reader = dialect.reader()
        self._outlet = outlet
        self._origin = origin
        self._ready = ready
        self._arrival = self._huddle.presence.next_arrival()
        self._stage = _Stage.AT_THE_DOOR
        self._session: Session | None = None
        self._language = house.language
        self._times = False
        self._told_utf8 = False
        self._told_clear = False
        self._waiting = False
        self._wanted: str | None = None
        self._caller: Caller | None = None

    @property
    def named(self) -> bool:
        """Whether it has got beyond the door."""
        return self._stage not in (_Stage.AT_THE_DOOR, _Stage.ARRIVING)

    @property
    def busy(self) -> bool:
        """Whether the next line has to wait for something that an earlier one asked for."""
        return self._waiting or self._stage is _Stage.ARRIVING

    @property
    def over(self) -> bool:
        """Whether nothing that still comes is heard."""
        return self._stage in (_Stage.LEAVING, _Stage.GONE)

    # -- what the door calls -------------------------------------------------------------------

    def greet(self) -> None:
        """Ask who it is."""
        self._outlet.answer(Greeting())

    def switch(self, dialect: Dialect) -> None:
        """The first line shows that the peer speaks another dialect."""
        self._dialect = dialect
        self._reader = dialect.reader()
        self._change_face()

    def dismiss(self, *farewell: Answer) -> None:
        """Whoever is at the door is not let in.

        Whose session is just being opened gets it nevertheless, to lose it with the connection.
        """
        if self._stage is not _Stage.ARRIVING:
            self._stage = _Stage.GONE
        self._outlet.close(*farewell)

    def line(self, line: bytes) -> None:
        """Take one whole line, without its end."""
        if self.over:
            return
        request = self._reader.read(line, self.named)
        self._hint_at_encoding()
        if isinstance(request, Refused):
            self._outlet.answer(request)
        elif request is not None:
            self._carry_out(request)

    def refuse(self, error: HuddleError) -> None:
        """Something that came was no line at all."""
        if not self.over:
            self._outlet.answer(Refused(error))

    def ended(self, clean: bool) -> None:
        """Nothing more comes: the peer ended its side (``clean``), or the connection is gone.

        Whoever ends their side when we have ended ours is lost, and has not left.
        """
        if self._stage is _Stage.HERE and clean and not self._outlet.closed:
            self._end_of_input()
        elif self._stage in (_Stage.HERE, _Stage.AT_THE_DOOR):
            self._lose()

    def _end_of_input(self) -> None:
        if self._dialect.traits.end_of_input is EndOfInput.LEAVES:
            self._leave()
            return
        self._stage = _Stage.LEAVING
        self._huddle.sequencer.happen(tuple, self._lose)

    def _lose(self) -> None:
        self._stage = _Stage.GONE
        if self._session is not None:
            self._huddle.presence.lose(self._session, self._outlet)
        self._outlet.close()

    def lags(self, confirmed: Mapping[str, int] | None) -> None:
        """What a person surely has is this, and they take no more; None when they do again.

        A program says itself what it has.
        """
        if self._session and self._stage is _Stage.HERE and not self._dialect.traits.brings_cursors:
            self._huddle.presence.note_lag(self._session, confirmed)

    def took_too_long(self) -> None:
        """The time to give a nick is over."""
        if not self.named:
            self.dismiss(Refused(NoNick()))

    # -- carrying out --------------------------------------------------------------------------

    def _carry_out(self, request: Request) -> None:
        try:
            if self._caller is None:
                self._at_the_door(request)
            elif isinstance(request, Say):
                talk.say(self._caller, request)
                self._warn_of_saying(request.text)
            else:
                self._inside(self._caller, request)
        except HuddleError as error:
            self._note_wanted(error)
            self._refuse(request, error)

    def _refuse(self, request: Request, error: HuddleError) -> None:
        id: int | None = getattr(request, "id", None)
        if id and self._session is not None and isinstance(request, Say | Message | Announce):
            self._huddle.sequencer.give_up(self._session.number, id)
        self._outlet.answer(Refused(error, id))

    def _note_wanted(self, error: HuddleError) -> None:
        """A password alone is for the registered nick that was asked for last."""
        if isinstance(error, PasswordNeeded):
            self._wanted = error.nick

    def _at_the_door(self, request: Request) -> None:
        match request:
            case Login(nick=nick, password=password) if self._may_log_in(nick or self._wanted):
                self._warn_of_clear()
                self._arrive(Hello(nick or self._wanted or "", password=password))
            case Hello() | Back():
                self._arrive(request)
            case _ if not self._anywhere(request):
                raise HelloFirst

    def _may_log_in(self, nick: str | None) -> bool:
        return bool(nick) and self._dialect.traits.login_at_door

    def _anywhere(self, request: Request) -> bool:
        """Carry out what needs no session; tells whether it was that."""
        match request:
            case HelpWanted(id=id):
                self._outlet.answer(Help(self._commands(), id))
            case SetLanguage(language):
                self._speak(language)
                self._outlet.answer(LanguageIs())
            case SetTimes(on):
                self._times = not self._times if on is None else on
                self._change_face()
                self._outlet.answer(TimesAre(self._times))
            case Ping(id=id):
                self._outlet.answer(Pong(id))
            case Bye():
                self._leave()
            case _:
                return False
        return True

    def _inside(self, caller: Caller, request: Request) -> None:
        if isinstance(request, Back):
            self._arrive(request)
        elif isinstance(request, Hello):
            raise UnknownRequest("hello")
        elif (act := ACTS.get(type(request))) is not None:
            if isinstance(request, Login | Register | ChangePassword):
                self._warn_of_clear()
            if isinstance(request, Login) and request.nick is None and self._dialect.traits.types:
                request = replace(request, nick=self._wanted or caller.session.nick)
            self._check_right(caller, request)
            result = act(caller, request)
            if isinstance(result, Coroutine):
                self._wait_for(Deferred.fromCoroutine(result), getattr(request, "id", None))
            elif result is not None:
                self._outlet.answer(result)
        else:
            self._anywhere(request)

    def _check_right(self, caller: Caller, request: Request) -> None:
        """Raises `NotAllowed`, where the table of permissions says so."""
        deed = deed_of(request)
        if may(Role.GUEST, deed):
            return
        role = self._huddle.role(caller.session)
        if is_of_rooms(deed):
            role = caller.role(caller.room(getattr(request, "room", None)))
        if not may(role, deed):
            raise NotAllowed

    def _commands(self) -> tuple[CommandHelp, ...]:
        session = self._session
        here = FIRST_ROOM if session is None else next(iter(session.seats), FIRST_ROOM)
        role = self._huddle.role
        return commands_for(role(session), role(session, here))

    def _warn_of_clear(self) -> None:
        if self._dialect.traits.types and not (self._origin.secure or self._told_clear):
            self._told_clear = True
            self._outlet.answer(PasswordInClear())

    def _warn_of_saying(self, text: str) -> None:
        """``//login ana secret`` is said, as it is typed."""
        if text.startswith("/") and self._dialect.traits.types and holds_secret(text):
            self._outlet.answer(SecretSaid())

    def _wait_for(self, answer: Deferred[Answer | None], id: int | None) -> None:
        """Hear nothing more until that has come."""
        self._waiting = True
        answer.addErrback(self._could_not, id).addCallback(self._has_come)

    def _could_not(self, failure: Failure, id: int | None) -> Refused:
        if isinstance(failure.value, HuddleError):
            return Refused(failure.value, id)
        self._log.failure("Something asked for went wrong", failure)
        return Refused(NotReadable(), id)

    def _has_come(self, answer: Answer | None) -> None:
        self._waiting = False
        if answer is not None:
            self._outlet.answer(answer)
        self._huddle.turns.soon(self._ready)

    # -- arriving ------------------------------------------------------------------------------

    def _arrive(self, request: Hello | Back) -> None:
        before, self._stage = self._session, _Stage.ARRIVING
        if isinstance(request, Back):
            self._arrival = self._huddle.presence.next_arrival()
        elif request.language:
            self._speak(request.language)
        arriving = Deferred.fromCoroutine(self._arriving(request, before))
        arriving.addErrback(lambda failure: self._log.failure("An arrival failed", failure))
        arriving.addBoth(lambda _: self._ready())

    async def _arriving(self, request: Hello | Back, before: Session | None) -> None:
        try:
            arrived = await self._open(request)
        except HuddleError as error:
            self._note_wanted(error)
            if self._stage is _Stage.ARRIVING:
                self._stage = _Stage.AT_THE_DOOR if before is None else _Stage.HERE
                self._outlet.answer(Refused(error))
            return
        except Exception:
            self._lose()
            raise
        try:
            if self._stage is _Stage.ARRIVING:
                self._arrived(arrived, request, before)
        finally:
            self._huddle.presence.expect_no_longer(arrived.session)

    def _arrived(self, arrived: Arrived, request: Hello | Back, before: Session | None) -> None:
        self._stage = _Stage.HERE
        if before is arrived.session:
            self._tell_word(arrived)
            return
        try:
            self._enter(arrived.session)
        except Replaced as error:
            self._outlet.close(Refused(error))
            self._lose()
            return
        if before is not None:
            self._go_from(before)
        self._come_in(arrived, request)

    def _open(self, request: Hello | Back) -> Awaitable[Arrived]:
        arrival, origin = self._house.arrival, self._origin
        if isinstance(request, Back):
            return arrival.back(request, origin, who=id(self))
        if self._dialect.traits.own_secret:
            return arrival.program(request, origin)
        return arrival.person(request, origin, self._dialect.traits.return_word)

    def _go_from(self, before: Session) -> None:
        """Somebody took their own nick back: who they were meanwhile leaves."""
        before.rooms.update(self._outlet.confirmed())
        for name in before.rooms:
            stream = self._huddle.stream(name)
            if stream is not None:
                self._outlet.unwatch(stream)
        before.outlet = None
        self._huddle.presence.leave(before)

    def _enter(self, session: Session) -> None:
        traits, arrival = self._dialect.traits, self._arrival
        self._huddle.presence.enter(session, self._outlet, traits, arrival, self._replaced)
        session.host = self._origin.host

    def _come_in(self, arrived: Arrived, request: Hello | Back) -> None:
        session = self._session = arrived.session
        self._caller = Caller(
            self._huddle,
            self._house.authentication,
            session,
            self._outlet,
            self._origin.address,
            self._change_face,
        )
        self._change_face()
        brings = self._dialect.traits.brings_cursors
        program = request if isinstance(request, Hello) and brings else None
        come_in(self._house, self._outlet, arrived, program)

    def _tell_word(self, arrived: Arrived) -> None:
        """Somebody is who they say they are already: their word is used up all the same."""
        if arrived.word is not None:
            self._outlet.answer(NickIs(arrived.session.nick), ReturnWord(arrived.word))

    # -- going ---------------------------------------------------------------------------------

    def _speak(self, name: str) -> None:
        """The language of that name, if it is one of ours."""
        self._language = language_named(name) or self._language
        self._change_face()

    def _change_face(self) -> None:
        face = self._dialect.face(self._language, self._times)
        if self._session is not None and self._session.ignores:
            face = IgnoringFace(face, frozenset(who for who, _ in self._session.ignores))
        self._outlet.wear(face)

    def _hint_at_encoding(self) -> None:
        if self._reader.not_utf8 and not self._told_utf8:
            self._told_utf8 = True
            self._outlet.answer(NotUtf8())

    def _replaced(self) -> None:
        self._stage = _Stage.GONE
        self._session = self._caller = None

    def _leave(self) -> None:
        session = self._session
        if session is None:
            self.dismiss(Goodbye())
            return
        self._stage = _Stage.LEAVING
        self._huddle.presence.leave(session, lambda: self._outlet.close(Goodbye()))
