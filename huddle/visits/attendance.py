"""Attendance: which session a connection has, from its coming in to its going.

A connection comes in under a nick, by a program's secret or by a return word. From then on it has a
session, which it may take over from an older connection, and may lose to a later one. What may
happen when is in the table of `huddle.visits.states`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, field, replace

from twisted.logger import Logger

from huddle.delivery.outlet import Outlet
from huddle.delivery.tally import TALLY
from huddle.delivery.transport import Waiting
from huddle.people.sessions import Session
from huddle.protocol.answers import (
    Answer,
    Aside,
    Goodbye,
    NickIs,
    Refused,
    ReturnWord,
)
from huddle.protocol.commands import LOGIN_USAGE
from huddle.protocol.errors import (
    BadUsage,
    HuddleError,
    NickTaken,
    NotRegistered,
    PasswordNeeded,
    Replaced,
)
from huddle.protocol.requests import Back, Hello, HushJoins, Login, SetLanguage
from huddle.rooms import inbox
from huddle.visits.actions.caller import Caller
from huddle.visits.actions.paste import PasteState
from huddle.visits.arrival import Arrived, Origin
from huddle.visits.background import run_in_background
from huddle.visits.house import House
from huddle.visits.login_prompt import AT_FIRST, Expects, LoginPrompt
from huddle.visits.states import Event, Progress, State
from huddle.visits.view import View
from huddle.visits.welcome import person_comes_in, program_comes_in


@dataclass(eq=False, repr=False, slots=True)
class Attendance:
    """Which session one connection has, and how it gets and loses it.

    ``waits`` is told to go on when the peer has come in, or was refused.
    """

    _log = Logger()

    _house: House
    _outlet: Outlet
    _view: View
    _origin: Origin
    _waits: Waiting
    _paste: PasteState
    progress: Progress = field(default_factory=Progress, init=False)
    caller: Caller | None = field(default=None, init=False)
    """Who asks by this connection; None while it has no session."""
    prompt: LoginPrompt = field(default=AT_FIRST, init=False)
    """What the next line is taken for at the door."""
    shown_in: bool = field(default=False, init=False)
    """Whether its session was shown in (`Attending.shown_in`)."""
    _told_clear: bool = field(default=False, init=False)
    _number: int = field(init=False)
    _guesser: int = field(init=False)

    def __post_init__(self) -> None:
        self._number = self._guesser = self._house.huddle.presence.next_arrival()

    # -- coming --------------------------------------------------------------------------------

    def arrive(self, request: Hello | Back) -> None:
        """Open the session that is asked for and come in as that; `Progress.busy` until then."""
        self.progress.on(Event.KNOCKS)
        if isinstance(request, Back):
            self._number = self._house.huddle.presence.next_arrival()
        else:
            if request.language:
                self._view.prefer(SetLanguage(request.language))
            if request.bot or request.quiet_joins is not None:
                self._view.prefer(HushJoins(request.quiet_joins is not False))
        run_in_background(self._arriving(request))

    async def _arriving(self, request: Hello | Back) -> None:
        try:
            await self._try_to_arrive(request)
        except Exception:
            self._log.failure("An arrival failed")
        self._waits.go_on()

    async def _try_to_arrive(self, request: Hello | Back) -> None:
        try:
            arrived = await self._open(request)
        except Replaced as error:
            self._turn_away(error)
            return
        except HuddleError as error:
            self._refuse(error, request)
            return
        except Exception:
            self._lose(Event.FAILED)
            raise
        try:
            if self.progress.state in (State.ARRIVING, State.CHANGING):
                await self._take(arrived, request)
        finally:
            self._house.huddle.presence.expect_no_longer(arrived.session)

    def _refuse(self, error: HuddleError, request: Hello | Back) -> None:
        """Tell the peer why it may not come in so; it may ask for something else."""
        self.note_refused(error, request)
        if self.progress.on(Event.REFUSED):
            self._outlet.answer(*self.refusals(error))
            if self._view.session is None:
                self._ask_on(error)

    def refusals(self, error: HuddleError, id: int | None = None) -> list[Refused]:
        """The errors that a refusal is told by.

        Where a nick is held for its owner a person hears that in front of the error, a program in
        its place. To those who are here already a registered nick is not told to be held.
        """
        TALLY.refused[error.code] += 1
        at_the_door = self.caller is None and self._view.traits.types
        held = None
        if isinstance(error, NickTaken) or (at_the_door and isinstance(error, PasswordNeeded)):
            held = self._house.arrival.held(error)
        if held is None:
            return [Refused(error, id)]
        if self._logs_in:
            self.prompt = self.prompt.told_of_login(held.suggest)
        return (
            [Refused(held), Refused(error, id)] if self._view.traits.types else [Refused(held, id)]
        )

    @property
    def _logs_in(self) -> bool:
        """Whether a person may log in now, since they are at the door."""
        return self._view.session is None and self._view.traits.login_at_door

    def note_refused(self, error: HuddleError, request: Hello | Back | None = None) -> None:
        """Note which nick was refused: `/login` without one is for that."""
        if self._logs_in:
            self.prompt = self.prompt.refused(error, request)
        elif isinstance(error, PasswordNeeded):
            self.prompt = replace(self.prompt, account=error.nick)

    def _ask_on(self, error: HuddleError) -> None:
        if self.prompt.expects is Expects.PASSWORD:
            if isinstance(error, PasswordNeeded) or self.prompt.asks_again:
                self.warn_of_clear()
                self._outlet.answer(Aside.PASSWORD_ASKED)
        elif isinstance(error, NotRegistered):
            self._outlet.answer(Aside.NICK_ASKED)

    def asks_password(self, error: HuddleError) -> bool:
        """Ask for a password where the error is that of ``/login`` alone; tells whether it did.

        They have asked for a nick that another has, and were told to type so. Without the question
        the next line, their password, would be shown to all as a nick.
        """
        if not isinstance(error, BadUsage) or error.field != LOGIN_USAGE:
            return False
        if self.prompt.taken is None:
            self.prompt = self.prompt.told_of_login()
            return False
        self.prompt = self.prompt.asked_for_password()
        self._ask_on(error)
        return True

    def ask_nick(self) -> None:
        """Ask for another nick: the next line is no password."""
        self.prompt = self.prompt.asked_for_nick()
        self._outlet.answer(Aside.NICK_ASKED)

    def hello_of(self, login: Login) -> Hello | None:
        """The hello of a person who logs in before they are here; None if no nick is known."""
        nick = login.nick or self.prompt.account or self.prompt.taken
        if not nick:
            self.prompt = self.prompt.told_of_login()
            return None
        self.prompt = replace(self.prompt, asks_again=login.nick is None)
        self.warn_of_clear()
        return Hello(nick, password=login.password)

    def doubts(self, hello: Hello) -> bool:
        """Whether a doubtful nick may be a password; the person is told."""
        least = self._house.huddle.limits.password_least
        if hello.password is not None or not self.prompt.doubts(hello.nick, least):
            return False
        self._outlet.answer(Aside.NICK_DOUBTED)
        return True

    def warn_of_clear(self) -> None:
        """Tell a person, once, that others on the way could read a password of theirs."""
        if self._view.traits.types and not (self._origin.secure or self._told_clear):
            self._told_clear = True
            self._outlet.answer(Aside.IN_CLEAR)

    def _open(self, request: Hello | Back) -> Awaitable[Arrived]:
        arrival, origin = self._house.arrival, self._origin
        if isinstance(request, Back):
            return arrival.back(request, origin, who=self._guesser, wanted=self.prompt.taken)
        if self._view.traits.own_secret:
            return arrival.program(request, origin)
        return arrival.person(request, origin, self._view.traits.return_word)

    async def _take(self, arrived: Arrived, request: Hello | Back) -> None:
        before = self._view.session
        if before is arrived.session:
            self.progress.on(Event.COMES_IN)
            if arrived.word is not None:  # that by which they came back is used up
                self._outlet.answer(NickIs(before.nick), ReturnWord(arrived.word))
            return
        origin = self._origin
        registry, was = self._house.huddle.registry, (arrived.session.host, arrived.session.address)
        if arrived.session.host != origin.host:
            registry.note_origin(arrived.session, origin.host, origin.address)
        try:
            turn = request.turn if isinstance(request, Hello) else 0
            session = await self._house.huddle.claims.attach(
                arrived.session, self._outlet, self._view.traits, self._number, self, turn
            )
        except HuddleError as error:
            if arrived.session in registry:
                registry.note_origin(arrived.session, *was)
            if isinstance(error, Replaced):
                self._turn_away(error)
            else:
                self._refuse(error, request)
            return
        self.progress.on(Event.COMES_IN)
        if before is not None:
            self._go_from(before)
        if session is not arrived.session:
            arrived = replace(arrived, session=session)
        await self._come_in(arrived, request)

    def _turn_away(self, error: HuddleError) -> None:
        self._outlet.close(Refused(error))
        self._lose(Event.FAILED)

    def _go_from(self, before: Session) -> None:
        """Have the session leave that a person had until they took their own nick back."""
        before.rooms.update(self._outlet.confirmed())
        for name in before.rooms:
            stream = self._house.huddle.stream(name)
            if stream is not None:
                self._outlet.unsubscribe(stream)
        before.outlet = None
        self._house.huddle.presence.leave(before)

    async def _come_in(self, arrived: Arrived, request: Hello | Back) -> None:
        house, session = self._house, arrived.session
        self.shown_in = False
        known = session.preferences
        self._view.serve(session)
        if session.preferences is not known and session.preferences != known:
            house.huddle.saving.keep_quietly(session)
        self.caller = Caller(
            *(house.huddle, house, session, self._outlet),
            *(self._origin.address, self._view, self._paste),
        )
        if isinstance(request, Hello) and self._view.traits.brings_cursors:
            await program_comes_in(house, self._outlet, arrived, request)
        else:
            await person_comes_in(house, self._outlet, arrived)
        self.shown_in = True
        if session.untold and session.outlet is self._outlet:
            untold, session.untold = session.untold, ()
            self._outlet.answer(*untold)

    # -- going ---------------------------------------------------------------------------------

    def dismiss(self, *farewell: Answer) -> None:
        """Send the peer away from the door, with these last words.

        A session that is just being opened for it is opened all the same, and lost at once.
        """
        self.progress.on(Event.DISMISSED)
        self._outlet.close(*farewell)

    def leave(self) -> None:
        """Have the session leave for good. The others are told behind all that it said; then come
        the goodbye and the end. A visit without a session is dismissed."""
        session = self._view.session
        if session is None:
            self.dismiss(Goodbye())
        elif self.progress.on(Event.LEAVES):
            presence = self._house.huddle.presence
            presence.leave(session, self._has_left)

    def _has_left(self) -> None:
        """All that the session said is out: end the connection, which has no session any more."""
        self.caller = self._view.session = None
        self._outlet.close(Goodbye())

    def ended(self, clean: bool) -> None:
        """Nothing more comes: the peer ended its side (``clean``), or the connection is gone.

        A peer that ends its side behind ours has not left: its session is held.
        """
        state = self.progress.state
        willingly = state is State.HERE and clean and not self._outlet.closed
        if willingly and self._view.traits.leaves_at_end:
            self.leave()
        elif willingly:
            self.progress.on(Event.LEAVES)
            self._house.huddle.sequencer.happen(tuple, self._lose)
        elif state in (State.HERE, State.AT_THE_DOOR):
            self._lose()

    def _lose(self, event: Event = Event.LOST) -> None:
        self.progress.on(event)
        if (session := self._view.session) is not None:
            self._house.huddle.claims.lose(session, self._outlet)
        self._outlet.close()

    def replaced(self) -> None:
        """The session is on another connection from now on, or was sent away."""
        self.progress.on(Event.REPLACED)
        self.caller = self._view.session = None

    def shows_anew(self) -> None:
        """Whom the session ignores has changed: show it everything from now on by that."""
        self._view.refresh()

    def lags(self, confirmed: Mapping[str, int] | None) -> None:
        """Note what the peer surely has, now that it takes no more (None: it takes all again).

        A program that brings its cursors says itself what it has, but of an inbox of which it has
        heard nothing yet. Who is still being shown in, as where the disk stands still, is where
        they were when they came.
        """
        caller = self.caller
        if caller is None:
            return
        session = caller.session
        if not self.shown_in:
            confirmed = self._had(session) or None
        if confirmed is None and not session.lags:
            return
        if confirmed is not None and self._view.traits.brings_cursors:
            confirmed = {name: seq for name, seq in confirmed.items() if name == session.inbox}
            if not confirmed:
                return
        if self.progress.state in (State.HERE, State.WAITING):
            self._house.huddle.presence.note_lag(session, confirmed)

    def _had(self, session: Session) -> dict[str, int]:
        """What a session that is still being shown in had when it came, as far as it is known."""
        had = {name: seq for name, seq in session.rooms.items() if seq is not None}
        private = session.inbox
        if private not in session.rooms and self._house.huddle.record.extent(private).newest:
            had[private] = inbox.read(session)
        return had
