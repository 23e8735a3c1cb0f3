"""What one types and what one is shown: the conversation of a person, or a pipe, with the client.

It knows no terminal: lines come in as text, and go out through a `Screen`. A person is asked when
something is to be decided (`questions`). A pipe cannot be asked: what needs a decision ends it, or
is told on its error output and remembered in its exit status, so nothing gets lost without a word.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from twisted.internet.defer import Deferred

from huddle.client.commands import intents
from huddle.client.commands.arguments import KEY
from huddle.client.commands.commands import intent_of
from huddle.client.commands.intents import Confide
from huddle.client.commands.table import TIMELESS
from huddle.client.conversation import questions
from huddle.client.conversation.buffers import Buffers
from huddle.client.conversation.current_room import CurrentRoom
from huddle.client.conversation.dispatch import Dispatch
from huddle.client.conversation.display import Display
from huddle.client.conversation.lifecycle import FAILED, Lifecycle
from huddle.client.conversation.ports import Opened, Screen
from huddle.client.rendering.rendering import Rendering
from huddle.client.session import events
from huddle.client.session.events import Event, Untrusted
from huddle.client.session.journal import Trouble
from huddle.client.session.state import Kind
from huddle.locale.clock import HouseClock
from huddle.locale.wording import HOW_TO_LEAVE, WORD_LEFT
from huddle.protocol.commands import AROUND_FAREWELLS, FAREWELLS, is_command
from huddle.protocol.events import FIRST_ROOM
from huddle.protocol.requests import Bye, ChangeNick, HelpWanted, Join, Login

CROWD = 20
"""People in a room from which on who comes and goes is not shown, unless that is wished."""


class Conversation:
    """One run of the program.

    ``open_session`` finds the session of a nick; events go to the function given to it. A pipe is
    not ``interactive``. Without a ``nick`` a person is asked for one, with ``login`` for their
    password, too. ``room`` and ``more_rooms`` are entered at once; what is said is said in the
    first, or to ``to`` alone. ``in_clear``: others on the way could read a password. A program that
    is ``informed`` of all that happens decides itself what becomes of it where a room is closed to
    it. ``read`` tells what a typed line means. ``announce_waiting``: say so when a person's line
    cannot go out now. ``clock`` tells when ``yesterday`` was.
    """

    def __init__(
        self,
        screen: Screen,
        rendering: Rendering,
        open_session: Callable[[str, Callable[[Event], None]], Opened],
        *,
        interactive: bool,
        nick: str | None,
        login: bool = False,
        room: str = FIRST_ROOM,
        more_rooms: Sequence[str] = (),
        to: str | None = None,
        in_clear: bool = False,
        informed: bool = False,
        read: Callable[[str], intents.Intent] = intent_of,
        announce_waiting: bool = True,
        clock: HouseClock = TIMELESS,
    ) -> None:
        self._screen = screen
        self._rendering = rendering
        self._where = CurrentRoom(room, more_rooms, to)
        self._rendering.room = room
        self.buffers = Buffers(self._where)
        """What is known of each room."""
        self._display = Display(screen, rendering, self.buffers)
        self._questions = questions.Questions(screen, rendering, in_clear=in_clear and interactive)
        self._lifecycle = Lifecycle(screen, interactive=interactive)
        self._dispatch = Dispatch(
            self._display,
            rendering,
            self._where,
            self.buffers,
            clock,
            announce_waiting=announce_waiting and interactive,
            failed=self._lifecycle.fail,
        )
        self._read = read
        self._open_session = open_session
        self.interactive = interactive
        """Whether a person types the lines, and no pipe or program gives them."""
        self._informed = informed
        self._nick = nick
        self._login = login

    def begin(self) -> None:
        """Connect, or ask for the nick that is needed for it."""
        if self._nick is None:
            self._questions.welcome()
        else:
            self._come_in(self._nick)

    @property
    def asking(self) -> bool:
        """Whether the next line that is typed is the answer to a question."""
        return self._questions.current is not None

    @property
    def asks_nick(self) -> bool:
        """Whether the question that is open asks for a nick."""
        return self._questions.current is questions.Question.NICK

    @property
    def hidden(self) -> bool:
        """Whether the next line that is typed is a secret."""
        return self._questions.hidden

    @property
    def partner(self) -> str | None:
        """The nick of the one person to whom what is typed is said; None: it is said in a room."""
        return self._where.partner

    def go_to(self, name: str) -> None:
        """Have the window of a room, or of a person (``@nick``), before one's eyes: what is typed
        from now on is for it."""
        self._where.turn_to(name)
        self._rendering.room = self._where.room

    # What is typed

    def typed(self, lines: Sequence[str]) -> None:
        """Lines have been typed; those to be said are said together."""
        together: list[str] = []
        for line in lines:
            intent = None if self.asking else self._read(line)
            if isinstance(intent, intents.Say) and intent == intents.Say(intent.text):
                together.append(intent.text)
                continue
            self.say(together)
            together = []
            if intent is None:
                self._decide(self._questions.answer(line))
            else:
                self._obey(intent)
        self.say(together)
        last = together[-1].strip(AROUND_FAREWELLS).lower() if together else ""
        if last in FAREWELLS and self.interactive:
            self._display.tell(self._rendering.wording.gettext(HOW_TO_LEAVE))

    def say(self, lines: Sequence[str]) -> None:
        """Say lines together just as they are, also those that look like commands."""
        session = self._lifecycle.session
        if lines and session is not None:
            self._lifecycle.carry_out(self._dispatch.say(session, lines))
            self._dispatch.tell_if_waiting(session)

    def pasted_behind(self, lines: Sequence[str]) -> bool:
        """Lines were pasted behind a command, with which the first one begins; tells whether that
        takes several: to say them to one person, or as an answer. Else they are not said at all,
        least of all to everybody."""
        intent = self._read(lines[0])
        more = "\n".join(lines[1:])
        # A command that says a text of its own takes none.
        takes_none = isinstance(intent, intents.Say) and not intent.re and is_command(lines[0])
        match intent:
            case intents.Talk(nick):
                self._obey(intents.Tell(nick, more))
            case intents.Tell(text=text) | intents.Say(text=text, kind=Kind.SAY) if not takes_none:
                self._obey(replace(intent, text=f"{text}\n{more}"))
            case _:
                _ = self._rendering.wording.gettext
                self._display.warn(_("Not said: only one line goes behind that command."))
                return False
        return True

    def line_too_long(self) -> None:
        """A line was typed that is too long to be kept while it is typed; it is gone."""
        self._dispatch.refuse(self._rendering.wording.gettext("Not said: it is too long."))

    def ended(self) -> None:
        """No more lines come. A pipe waits for what it said; a person has left."""
        if self.interactive:
            self.leave()
        else:
            self._lifecycle.finish()

    def wish_to_leave(self) -> None:
        """Leave; a person with lines that cannot go out now is asked first, once."""
        asked = self._questions.current in (questions.Question.LEAVING, questions.Question.TRUST)
        unsaid = self._lifecycle.unsaid
        if not unsaid or not self.interactive or asked:
            self.leave()
        else:
            self._questions.ask_leaving(unsaid, kept=self._lifecycle.kept)

    def leave(self) -> None:
        """Leave without asking; the screen is closed when the server has said goodbye."""
        self._lifecycle.leave()

    # What is shown

    def shown(self) -> None:
        """All that was shown has been taken by its reader."""
        self._lifecycle.shown()

    def screen_full(self) -> None:
        """The reader does not keep up: nothing more is read from the server."""
        if self._lifecycle.link is not None:
            self._lifecycle.link.pause()

    def screen_drained(self) -> None:
        """The reader keeps up again: go on reading from the server."""
        if self._lifecycle.link is not None:
            self._lifecycle.link.resume()

    def trouble(self, trouble: Trouble) -> None:
        """The session is not kept as it should be."""
        self._lifecycle.kept = trouble is Trouble.DAMAGED
        self._display.trouble(trouble)

    def trusted(self, event: Untrusted) -> Deferred[bool]:
        """Ask whether a certificate is the server's; fires with the answer."""
        return self._questions.ask_trust(event)

    def _show(self, event: Event) -> None:
        self._follow(event)
        if not self._is_hushed(event):
            self._display.event(event)
        match event:
            case events.NickRefused(nick=nick, suggestion=suggestion):
                self._ask_or_leave(lambda: self._questions.ask_nick(suggestion, nick))
            case events.PasswordWanted(nick=nick):
                self._ask_or_leave(lambda: self._questions.ask_password(nick))
            case events.InDoubt() if self.interactive:
                self._questions.ask_doubts()
            case events.InDoubt():
                self._lifecycle.fail()
                self._decide(questions.SayAgain(again=False))
            case events.Denied(request=Join(room=room)) | events.Removed(room=room) if (
                not self.interactive
            ):
                # A pipe's next lines would be said in another room than they are for.
                if not self._informed or room == self._where.start:
                    self.leave()
            case events.Denied(request=Join(room=room), code="room-locked"):
                self._questions.confide(Confide(((KEY, True),), lambda key: Join(room, key)))
            case events.Denied(request=HelpWanted()):
                self._dispatch.show_help()
            case events.Replaced() | events.Expelled() | events.Offline(retry_in=None):
                self._lifecycle.close(FAILED)
            case events.Farewell(unsaid=unsaid):
                if unsaid:
                    kept = self._lifecycle.kept
                    self._dispatch.refuse(questions.of_unsaid(self._rendering, unsaid, kept=kept))
                self._lifecycle.close()
            case events.Refused(line=line):
                if (typed := self._where.as_typed(line)) is not None:
                    self._screen.give_back(typed)
        self._lifecycle.update()

    def _is_hushed(self, event: Event) -> bool:
        """Whether an event is not shown: it only tells who comes or goes, which the user does not
        wish, or many are in the room."""
        if not isinstance(event, events.Joined | events.Left):
            return False
        if isinstance(event, events.Left) and event.by:
            return False
        quiet = self._rendering.quiet_joins
        return self.buffers.of(event.room).count >= CROWD if quiet is None else quiet

    def _follow(self, event: Event) -> None:
        """Remember what an event changes here."""
        self.buffers.follow(event)
        self._lifecycle.follow(event)
        session = self._lifecycle.session
        self._where.follow(event, [] if session is None else session.rooms)
        self._rendering.room = self._where.room
        asked = self._questions.current in (questions.Question.NICK, questions.Question.PASSWORD)
        if asked and isinstance(event, events.Welcomed):
            self._questions.clear()

    # What is asked and decided

    def _ask_or_leave(self, ask: Callable[[], None]) -> None:
        """Without an answer there is no coming in; a pipe has none."""
        if self.interactive:
            ask()
        else:
            self._lifecycle.fail()
            self.leave()

    def _decide(self, decision: questions.Decision | None) -> None:
        session = self._lifecycle.session
        match decision:
            case ChangeNick(str(nick)) if session is None:
                self._come_in(nick)
            case ChangeNick(str(nick)) if session is not None:
                self._lifecycle.carry_out(session.take_nick(nick))
            case Login(nick, password) if session is None:
                self._open(nick or self._nick or "", password)
            case Login(nick, password) if session is not None:
                self._lifecycle.carry_out(session.take_password(password, nick))
            case questions.SayAgain(again) if session is not None:
                self._lifecycle.carry_out(session.decide_doubts(say_again=again))
            case Bye():
                self.leave()
            case questions.Obey(intent):
                self._obey(intent)

    # What is carried out

    def _obey(self, intent: intents.Intent) -> None:
        if isinstance(intent, Bye):
            if intent.by_word:
                self._display.tell(self._rendering.wording.gettext(WORD_LEFT))
            self.wish_to_leave()
        elif isinstance(intent, Confide) and self.interactive:
            self._questions.confide(intent)
        elif isinstance(intent, Confide):
            _ = self._rendering.wording.gettext
            self._dispatch.refuse(_("A pipe cannot be asked for a password."))
        elif (session := self._lifecycle.session) is not None:
            if isinstance(intent, Login):
                self._questions.warn_of_clear()
            self._lifecycle.carry_out(self._dispatch.obey(session, intent))

    # In between

    def _come_in(self, nick: str) -> None:
        """Connect under this nick; its password is asked for first where one wants to log in."""
        self._nick = nick
        if self._login and self.interactive:
            self._questions.ask_password(nick)
        else:
            self._open(nick)

    def _open(self, nick: str, password: str | None = None) -> None:
        opened = self._open_session(nick, self._show)
        self._lifecycle.link = opened.link
        if opened.trouble is not None:
            self.trouble(opened.trouble)
        session = opened.link.session
        if password is not None:
            self._lifecycle.carry_out(session.take_password(password))
        for room in self._where.wanted:
            # Asked before there is a connection, it goes out before anything that is said there.
            self._lifecycle.carry_out(session.ask(Join(room)))
        opened.link.start()
