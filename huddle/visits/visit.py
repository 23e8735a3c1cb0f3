"""A visit: one connection's stay, from the greeting to the farewell.

It takes lines, has its dialect read them, asks the `Huddle` for what they want, and answers through
its outlet. It is free of I/O: the door gives it lines, one at a time and never while it is busy
(`huddle.visits.states.Progress`). Which session it has, `huddle.visits.attendance` knows.
"""

from __future__ import annotations

from collections.abc import Coroutine, Mapping
from dataclasses import replace

from twisted.internet.defer import Deferred
from twisted.logger import Logger
from twisted.python.failure import Failure

from huddle.delivery.outlet import Outlet
from huddle.delivery.tally import TALLY
from huddle.delivery.transport import Waiting
from huddle.people.return_words import is_long, is_word
from huddle.protocol.answers import (
    Answer,
    Aside,
    Greeting,
    Pong,
    Refused,
)
from huddle.protocol.commands import (
    AROUND_FAREWELLS,
    FAREWELLS,
    LONGEST_WORD,
    contains_secret,
)
from huddle.protocol.dialect import Dialect
from huddle.protocol.errors import (
    HelloFirst,
    HuddleError,
    NoNick,
    NotReadable,
    NotRecorded,
    UnknownRequest,
)
from huddle.protocol.events import INBOX
from huddle.protocol.permissions import Role, least
from huddle.protocol.requests import (
    Announce,
    Back,
    Bye,
    ChangeNick,
    ChangePassword,
    Hello,
    HelpWanted,
    History,
    Join,
    Leave,
    Login,
    Message,
    Ping,
    Register,
    Request,
    Say,
    Search,
    SetLanguage,
    SetTimes,
)
from huddle.protocol.text import LONGEST
from huddle.visits.actions import private, talk
from huddle.visits.actions.caller import Caller
from huddle.visits.actions.paste import PasteState, as_pasted
from huddle.visits.actions.table import ACTIONS
from huddle.visits.arrival import Origin
from huddle.visits.attendance import Attendance
from huddle.visits.help import help_for
from huddle.visits.house import House
from huddle.visits.login_prompt import Expects
from huddle.visits.states import Event
from huddle.visits.view import View

CONCURRENT = (History, Search)
"""What may take long: the lines that follow are heard meanwhile, save another of its kind."""

IN_ORDER = (Back, Bye, ChangeNick, ChangePassword, Join, Leave, Login, Register)
"""What changes who asks, and where: it waits for the answers that are still to come."""

VISIBLE = bytes(range(0x21, 0x7F))
"""The printable ASCII characters but the blank. It is asked for a number, not for bytes, as
`huddle.dialects.plain.telnet` says why."""

_NOTHING: frozenset[type[Request]] = frozenset()
_GREETING = Greeting()


class Visit:
    """One connection's stay. ``waits`` is told to go on each time the visit stops being busy."""

    __slots__ = (
        "_attendance",
        "_huddle",
        "_in_flight",
        "_outlet",
        "_postponed",
        "_reader",
        "_told_utf8",
        "_view",
        "_waits",
        "paste",
        "progress",
    )

    _log = Logger()

    def __init__(
        self,
        house: House,
        dialect: Dialect,
        outlet: Outlet,
        origin: Origin,
        waits: Waiting,
    ) -> None:
        self._huddle = house.huddle
        self._reader = dialect.reader()
        self._outlet = outlet
        self._waits = waits
        self._view = View(outlet, dialect, house.language)
        self.paste = PasteState()
        """What it is saying; the door notes there which lines come in one burst."""
        self.paste.typed = self._view.traits.types
        self._attendance = Attendance(house, outlet, self._view, origin, waits, self.paste)
        self.progress = self._attendance.progress
        """Its state. The door asks it whether a line may come."""
        self._told_utf8 = False
        self._in_flight = _NOTHING
        """The kinds of `CONCURRENT` requests that have not been answered."""
        self._postponed: Request | None = None
        """What waits for those answers, and has the visit be busy meanwhile."""

    # -- what the door calls -------------------------------------------------------------------

    def greet(self) -> None:
        """Give the greeting, which asks for a nick. The visit waits for a `line` then."""
        self._outlet.answer(_GREETING)

    def greet_with_answer(self) -> None:
        """The same where a `line` is here already: it goes out with what that is answered."""
        self._outlet.answer_with_next(_GREETING)

    def switch(self, dialect: Dialect) -> None:
        """Speak another dialect from now on: the peer's first line has shown it."""
        self._reader = dialect.reader()
        self._view.switch(dialect)
        self.paste.typed = self._view.traits.types

    def line(self, line: bytes) -> None:
        """Take one whole line, without its end. The hot path: most are a text for a room."""
        progress, paste = self.progress, self.paste
        if progress.over:
            return
        if progress.named or self._attendance.prompt.expects is not Expects.PASSWORD:
            request = self._reader.read(line, progress.named)
        else:
            request = self._reader.read_password(line)
        if self._reader.not_utf8 and not self._told_utf8:
            self._told_utf8 = True
            self._outlet.answer(Aside.NOT_UTF8)
        if (paste.follows or paste.more) and paste.typed and progress.named:
            # A text whose last character can be seen has lost no blanks: it is as it was written.
            as_written = isinstance(request, Say) and line[-1] in VISIBLE
            if len(line) <= LONGEST and not as_written:
                request = as_pasted(paste, self._reader.written(line), request)
        caller = self._attendance.caller
        try:
            if isinstance(request, Say) and caller is not None:
                if request.block is None and request.edits is None and request.re is None:
                    talk.say(caller, request)
                else:
                    self._wait_for(Deferred.fromCoroutine(_say(caller, request)), request)
                text = request.text
                if paste.typed and (
                    text[:1] == "/"
                    or (
                        len(text) <= LONGEST_WORD
                        and text.strip(AROUND_FAREWELLS).lower() in FAREWELLS
                    )
                ):
                    self._warn_of(text)
            elif request is None:
                return
            elif isinstance(request, Refused):
                self._refuse_unread(request)
            elif self._in_flight and self._has_to_wait(request):
                self._postponed = request
                progress.on(Event.ASKS)
            elif caller is None:
                self._at_the_door(request)
            else:
                self._inside(caller, request)
        except HuddleError as error:
            self._refuse(request, error)

    @property
    def hears_blanks(self) -> bool:
        """Whether a line with nothing in it is an answer, too: to the question for a password."""
        expects = self._attendance.prompt.expects
        return expects is Expects.PASSWORD and not self.progress.named

    def refuse(self, error: HuddleError) -> None:
        """Answer with this error, where what came was no line at all. Nothing else changes."""
        if not self.progress.over:
            TALLY.refused[error.code] += 1
            self._outlet.answer(Refused(error))

    def dismiss(self, *farewell: Answer) -> None:
        """Send it away from the door, with these last words."""
        self._attendance.dismiss(*farewell)

    def lags(self, confirmed: Mapping[str, int] | None) -> None:
        """Note what the peer surely has, now that it takes no more (None: it takes all again)."""
        self._attendance.lags(confirmed)

    def ended(self, clean: bool) -> None:
        """Nothing more comes: the peer ended its side (``clean``), or the connection is gone."""
        self._attendance.ended(clean)

    def took_too_long(self) -> None:
        """The time to give a nick is over: a connection that has none is dismissed."""
        if not self.progress.named:
            self.dismiss(Refused(NoNick()))

    # -- carrying out --------------------------------------------------------------------------

    def _refuse_unread(self, refused: Refused) -> None:
        """Answer with the reason why a line could not be read as a request."""
        TALLY.refused[refused.error.code] += 1
        if self.progress.named or not self._attendance.asks_password(refused.error):
            self._outlet.answer(refused)

    def _refuse(self, request: Request | Refused | None, error: HuddleError) -> None:
        self._outlet.answer(self._refused(request, error))

    def _refused(self, request: Request | Refused | None, error: HuddleError) -> Refused:
        self._attendance.note_refused(error)
        id: int | None = getattr(request, "id", None)
        session = self._view.session
        said = isinstance(request, Say | Message | Announce)
        if id and session is not None and said and not isinstance(error, NotRecorded):
            self._huddle.sequencer.refusals.note_retried(session.number, id)
        *before, refused = self._attendance.refusals(error, id)
        self._outlet.answer(*before)
        return refused

    def _warn_of(self, text: str) -> None:
        """Tell a person that what they have just said to all may have been meant as a command."""
        if not text.startswith("/"):
            self._outlet.answer(Aside.HOW_TO_LEAVE)
        elif contains_secret(text):  # ``//login ana secret``
            self._outlet.answer(Aside.SECRET_SAID)

    def _at_the_door(self, request: Request) -> None:
        attendance = self._attendance
        if isinstance(request, Login) and self._view.traits.login_at_door:
            request = attendance.hello_of(request) or request
        elif isinstance(request, ChangeNick) and attendance.prompt.expects is Expects.PASSWORD:
            attendance.ask_nick()
            return
        request = self._answered(request)
        if attendance.prompt.expects is Expects.DOUBTFUL_NICK:
            if isinstance(request, ChangeNick) and request.nick:
                request = Hello(request.nick)
            elif isinstance(request, Hello) and attendance.doubts(request):
                return
        if isinstance(request, Hello | Back):
            self._attendance.arrive(request)
        elif not self._anywhere(request):
            raise HelloFirst

    def _answered(self, request: Request) -> Request:
        """The request that a nick stands for which looks like a return word: people type it where
        a nick is asked for, and it is not to be shown to all as one. A word of two parts may be a
        nick, so it is taken for a word only behind a nick that another has."""
        if not isinstance(request, Hello) or not self._view.traits.return_word:
            return request
        if request.password is not None or not is_word(request.nick):
            return request
        asked = self._attendance.prompt.taken is not None
        return Back(request.nick) if asked or is_long(request.nick) else request

    def _anywhere(self, request: Request) -> bool:
        """Carry out a request that needs no session; tells whether this was one."""
        match request:
            case HelpWanted(command=name, id=id):
                session = self._view.session
                self._outlet.answer(help_for(self._huddle, session, name, id))
            case SetLanguage() | SetTimes():
                self._outlet.answer(self._view.prefer(request))
            case Ping(id=id):
                self._outlet.answer(Pong(id))
            case Bye(by_word=by_word):
                if by_word and self.progress.named:
                    self._outlet.answer(Aside.WORD_LEFT)
                self._attendance.leave()
            case _:
                return False
        return True

    def _inside(self, caller: Caller, request: Request) -> None:
        if isinstance(request, Back):
            self._attendance.arrive(request)
        elif isinstance(request, Hello):
            raise UnknownRequest("hello")
        elif (action := ACTIONS.get(type(request))) is not None:
            if isinstance(request, Login | Register | ChangePassword):
                self._attendance.warn_of_clear()
            if isinstance(request, Login) and request.nick is None and self._view.traits.types:
                nick = self._attendance.prompt.account or caller.session.nick
                request = replace(request, nick=nick)
            self._check_right(caller, request)
            result = action(caller, request)
            if isinstance(result, Coroutine):
                self._wait_for(Deferred.fromCoroutine(result), request)
            elif result is not None:
                self._outlet.answer(result)
        else:
            self._anywhere(request)

    def _check_right(self, caller: Caller, request: Request) -> None:
        """Raises `NotAllowed`, where the table of permissions says so."""
        role = least(request)
        if role is Role.HOST:
            caller.check(role, caller.room(getattr(request, "room", None)).name)
        elif role > Role.GUEST:
            caller.check(role)

    def _wait_for(self, answer: Deferred[Answer | None], request: Request) -> None:
        """Give the answer when it comes; as a rule it is there at once.

        What is `CONCURRENT` lets lines be heard meanwhile; for everything else they wait.
        """
        answer.addErrback(self._could_not, request)
        if answer.called:
            answer.addCallback(self._tell)
        elif isinstance(request, CONCURRENT):
            kind = type(request)
            self._in_flight |= {kind}
            self.progress.owing = True
            answer.addCallback(self._concurrent_has_come, kind)
        else:
            self.progress.on(Event.ASKS)
            answer.addCallback(self._has_come)

    def _could_not(self, failure: Failure, request: Request) -> Refused:
        if isinstance(failure.value, HuddleError):
            return self._refused(request, failure.value)
        self._log.failure("Something asked for went wrong", failure)
        return self._refused(request, NotReadable())

    def _has_come(self, answer: Answer | None) -> None:
        self.progress.on(Event.ANSWERED)
        self._tell(answer)
        self._huddle.later(0, self._waits.go_on)

    def _tell(self, answer: Answer | None) -> None:
        if answer is not None:
            self._outlet.answer(answer)

    # -- what lines do not wait for --------------------------------------------------------------

    def _has_to_wait(self, request: Request) -> bool:
        """Whether a request has to wait until all that is in flight has been answered."""
        return isinstance(request, IN_ORDER) or type(request) in self._in_flight

    def _concurrent_has_come(self, answer: Answer | None, kind: type[Request]) -> None:
        self._in_flight = (self._in_flight - {kind}) or _NOTHING
        self.progress.owing = bool(self._in_flight)
        self._tell(answer)
        postponed = self._postponed
        if postponed is not None and not (self._in_flight and self._has_to_wait(postponed)):
            self._postponed = None
            if self.progress.on(Event.ANSWERED):
                self._go_on_with(postponed)
        self._huddle.later(0, self._waits.go_on)

    def _go_on_with(self, postponed: Request) -> None:
        caller = self._attendance.caller
        try:
            if caller is not None:
                self._inside(caller, postponed)
        except HuddleError as error:
            self._refuse(postponed, error)


async def _say(caller: Caller, request: Say) -> None:
    """A text that something has to be looked up for: an answer, a line of a block, a correction."""
    if request.room == INBOX and request.re is not None:
        await private.answer(caller, request)
    else:
        await talk.say_with(caller, request)
