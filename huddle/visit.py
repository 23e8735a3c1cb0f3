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

from collections.abc import Awaitable, Callable, Mapping
from enum import Enum, auto

from twisted.internet.defer import Deferred
from twisted.logger import Logger
from twisted.python.failure import Failure

from huddle.arrival import Arrived
from huddle.commands import COMMANDS
from huddle.errors import HelloFirst, HuddleError, NoNick, NotReadable, Replaced, UnknownRequest
from huddle.events import (
    Ack,
    Answer,
    Draft,
    Goodbye,
    Greeting,
    Help,
    LanguageIs,
    NickIs,
    NotUtf8,
    Past,
    Pong,
    Refused,
    ReturnWord,
    RoomList,
    RoomListing,
    Roster,
    TimesAre,
)
from huddle.face import Dialect
from huddle.huddle import FIRST_ROOM
from huddle.locale import language_named
from huddle.outlet import Outlet
from huddle.recall import recall
from huddle.record import RecordFailure
from huddle.requests import (
    Back,
    ChangeNick,
    Hello,
    HelpWanted,
    History,
    Leave,
    Ping,
    Request,
    Rooms,
    Say,
    Search,
    SetLanguage,
    SetTimes,
    Who,
)
from huddle.sequencer import Outcome
from huddle.sessions import Session
from huddle.text import sayable
from huddle.welcome import House, show, welcome


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
        address: str,
        ready: Callable[[], None],
    ) -> None:
        self._house = house
        self._huddle = house.huddle
        self._dialect = dialect
        self._reader = dialect.reader()
        self._outlet = outlet
        self._address = address
        self._ready = ready
        self._arrival = self._huddle.next_arrival()
        self._stage = _Stage.AT_THE_DOOR
        self._session: Session | None = None
        self._language = house.language
        self._times = False
        self._told_utf8 = False
        self._reading = False

    @property
    def named(self) -> bool:
        """Whether it has got beyond the door."""
        return self._stage not in (_Stage.AT_THE_DOOR, _Stage.ARRIVING)

    @property
    def busy(self) -> bool:
        """Whether the next line has to wait for something that an earlier one asked for."""
        return self._reading or self._stage is _Stage.ARRIVING

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
        if not self._dialect.stays:
            self._leave()
            return
        self._stage = _Stage.LEAVING
        self._huddle.sequencer.happen(tuple, self._lose)

    def _lose(self) -> None:
        self._stage = _Stage.GONE
        if self._session is not None:
            self._huddle.lose(self._session, self._outlet)
        self._outlet.close()

    def lags(self, confirmed: Mapping[str, int] | None) -> None:
        """What a person surely has is this, and they take no more; None when they do again.

        A program says itself what it has.
        """
        if self._session is not None and self._stage is _Stage.HERE and not self._dialect.stays:
            self._huddle.note_lag(self._session, confirmed)

    def took_too_long(self) -> None:
        """The time to give a nick is over."""
        if not self.named:
            self.dismiss(Refused(NoNick()))

    # -- carrying out --------------------------------------------------------------------------

    def _carry_out(self, request: Request) -> None:
        try:
            if self._session is None:
                self._at_the_door(request)
            else:
                self._inside(self._session, request)
        except HuddleError as error:
            self._outlet.answer(Refused(error, getattr(request, "id", None)))

    def _at_the_door(self, request: Request) -> None:
        match request:
            case Hello() | Back():
                self._arrive(request)
            case _ if not self._anywhere(request):
                raise HelloFirst

    def _anywhere(self, request: Request) -> bool:
        """Carry out what needs no session; tells whether it was that."""
        match request:
            case HelpWanted():
                self._outlet.answer(Help(tuple(command.help for command in COMMANDS)))
            case SetLanguage(language):
                self._speak(language)
                self._outlet.answer(LanguageIs())
            case SetTimes(on):
                self._times = not self._times if on is None else on
                self._change_face()
                self._outlet.answer(TimesAre(self._times))
            case Ping(id):
                self._outlet.answer(Pong(id))
            case Leave():
                self._leave()
            case _:
                return False
        return True

    def _inside(self, session: Session, request: Request) -> None:
        match request:
            case Say():
                self._say(session, request)
            case ChangeNick(nick, id):
                if nick is not None:
                    self._huddle.rename(session, nick)
                self._outlet.answer(NickIs(session.nick, id))
            case Who(name, id):
                room = self._huddle.room_of(session, name)
                away = tuple(member.nick for member in room if member.away)
                shown = away[: self._huddle.limits.names_shown]
                self._outlet.answer(Roster(room.here(), shown, id))
            case Rooms(id):
                rooms = (RoomListing(room.label, len(room)) for room in self._huddle.rooms)
                self._outlet.answer(RoomList(tuple(rooms), id))
            case History() | Search():
                self._wait_for(recall(self._huddle, session, request), request.id)
            case Back():
                self._arrive(request)
            case Hello():
                raise UnknownRequest("hello")
            case _:
                self._anywhere(request)

    def _say(self, session: Session, request: Say) -> None:
        text = sayable(request.text, self._huddle.limits.text)
        room = self._huddle.room_of(session, request.room)
        id = request.id or 0
        draft = Draft(room.name, session.number, session.nick, request.kind, text, id)

        def settled(outcome: Outcome) -> None:
            if isinstance(outcome, HuddleError):
                self._huddle.tell(session, Refused(outcome, request.id))
            elif id:
                self._huddle.tell(session, Ack(id, room.label, outcome.seq))

        self._huddle.say(session, draft, settled)

    def _wait_for(self, answer: Deferred[Past], id: int | None) -> None:
        """Hear nothing more until the record has answered."""
        self._reading = True
        answer.addErrback(self._could_not_read, id).addCallback(self._has_read)

    def _could_not_read(self, failure: Failure, id: int | None) -> Refused:
        if isinstance(failure.value, HuddleError):
            return Refused(failure.value, id)
        if not failure.check(RecordFailure):
            self._log.failure("Reading the record failed", failure)
        return Refused(NotReadable(), id)

    def _has_read(self, answer: Answer) -> None:
        self._reading = False
        self._outlet.answer(answer)
        self._huddle.turns.soon(self._ready)

    # -- arriving ------------------------------------------------------------------------------

    def _arrive(self, request: Hello | Back) -> None:
        before, self._stage = self._session, _Stage.ARRIVING
        if isinstance(request, Back):
            self._arrival = self._huddle.next_arrival()
        elif request.language:
            self._speak(request.language)
        arriving = Deferred.fromCoroutine(self._arriving(request, before))
        arriving.addErrback(lambda failure: self._log.failure("An arrival failed", failure))
        arriving.addBoth(lambda _: self._ready())

    async def _arriving(self, request: Hello | Back, before: Session | None) -> None:
        try:
            arrived = await self._open(request)
        except HuddleError as error:
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
            self._huddle.expect_no_longer(arrived.session)

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
        arrival = self._house.arrival
        if isinstance(request, Back):
            return arrival.back(request, self._address, who=id(self))
        return arrival.program(request) if self._dialect.stays else arrival.person(request)

    def _go_from(self, before: Session) -> None:
        """Somebody took their own nick back: who they were meanwhile leaves."""
        before.rooms.update(self._outlet.confirmed())
        for name in before.rooms:
            self._outlet.unwatch(self._huddle.room(name))
        before.outlet = None
        self._huddle.leave(before, _nothing)

    def _enter(self, session: Session) -> None:
        stays, arrival = self._dialect.stays, self._arrival
        self._huddle.enter(session, self._outlet, stays, arrival, self._replaced)

    def _come_in(self, arrived: Arrived, request: Hello | Back) -> None:
        session = self._session = arrived.session
        after = request.after if isinstance(request, Hello) else session.rooms
        again = self._huddle.known(name for name in after if not name.startswith("@"))
        names = {**dict.fromkeys(again), **session.rooms} or {FIRST_ROOM: None}
        rooms = [self._huddle.join(session, name) for name in names]
        self._outlet.answer(*welcome(self._house, arrived, rooms))
        for room in rooms:
            show(self._huddle, self._outlet, room, after.get(room.name), request)
            session.rooms[room.name] = None

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
        self._outlet.wear(self._dialect.face(self._language, self._times))

    def _hint_at_encoding(self) -> None:
        if self._reader.not_utf8 and not self._told_utf8:
            self._told_utf8 = True
            self._outlet.answer(NotUtf8())

    def _replaced(self) -> None:
        self._stage = _Stage.GONE
        self._session = None

    def _leave(self) -> None:
        session = self._session
        if session is None:
            self.dismiss(Goodbye())
            return
        self._stage = _Stage.LEAVING
        self._huddle.leave(session, lambda: self._outlet.close(Goodbye()))


def _nothing() -> None:
    """There is nothing to do afterwards."""
