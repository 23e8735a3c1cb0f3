"""What one types and what one is shown: the conversation of a person, or a pipe, with the client.

It knows no terminal: lines come in as text, and go out through a `Screen`. A person is asked when
something is to be decided (`Questions`). A pipe cannot be asked: what needs a decision ends it, or
is told on its error output and remembered in its exit status, so nothing gets lost without a word.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from twisted.internet.defer import Deferred

from huddle.client.commands import meanings
from huddle.client.commands.arguments import KEY
from huddle.client.commands.commands import meaning_of
from huddle.client.commands.meanings import Confide, Enter
from huddle.client.conversation.buffers import Buffers
from huddle.client.conversation.current_room import CurrentRoom
from huddle.client.conversation.dispatch import Dispatch
from huddle.client.conversation.ports import Opened, Screen
from huddle.client.conversation.questions import (
    BringPassword,
    Decision,
    LeaveNow,
    Obey,
    Question,
    Questions,
    SayAgain,
    TakeNick,
    of_unsaid,
)
from huddle.client.rendering.rendering import Rendering
from huddle.client.session import events
from huddle.client.session.cursors import FIRST_ROOM
from huddle.client.session.events import Event, Untrusted
from huddle.client.session.journal import Trouble
from huddle.client.session.requests import HelpWanted, Join
from huddle.locale import N_

OK, FAILED = 0, 1
"""Exit statuses: all was said and acknowledged; something was not."""

TROUBLES = {
    Trouble.IN_USE: N_("This nick is in use by another huddle-client; this one is somebody else."),
    Trouble.UNWRITABLE: N_("Nothing can be kept on this disk; a restart will not know what was."),
    Trouble.DAMAGED: N_("What was kept from last time is damaged; some of it may be lost."),
    Trouble.TOO_NEW: N_("What was kept from last time is for a newer huddle-client."),
}


class Conversation:
    """One run of the program.

    ``open_session`` finds the session of a nick; events go to the function given to it. A pipe is
    not ``interactive``. Without a ``nick`` a person is asked for one, with ``login`` for their
    password, too. ``room`` and ``more_rooms`` are entered at once; what is said is said in the
    first, or to ``to`` alone. ``in_clear``: others on the way could read a password. A program that
    is ``informed`` of all that happens decides itself what becomes of it where a room is closed to
    it. ``read`` tells what a typed line means. ``announce_waiting``: say so when a person's line
    cannot go out now.
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
        read: Callable[[str], meanings.Meaning] = meaning_of,
        announce_waiting: bool = True,
    ) -> None:
        self._screen = screen
        self._rendering = rendering
        self._where = CurrentRoom(room, more_rooms, to)
        self._rendering.room = room
        self.buffers = Buffers(self._where)
        """What is known of each room."""
        self._questions = Questions(screen, rendering, in_clear=in_clear and interactive)
        self._dispatch = Dispatch(
            screen,
            rendering,
            self._where,
            self.buffers,
            announce_waiting=announce_waiting and interactive,
        )
        self._read = read
        self._open_session = open_session
        self._interactive = interactive
        self._informed = informed
        self._nick = nick
        self._login = login
        self._opened: Opened | None = None
        self._status = OK
        self._kept = True
        self._been_in = self._finishing = self._closing = False

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
    def hidden(self) -> bool:
        """Whether the next line that is typed is a secret."""
        return self._questions.hidden

    @property
    def partner(self) -> str | None:
        """Whom alone what is typed is said to; None: a room."""
        return self._where.partner

    # What is typed

    def typed(self, lines: Sequence[str]) -> None:
        """Lines have been typed; those to be said are said together."""
        together: list[str] = []
        for line in lines:
            meaning = None if self.asking else self._read(line)
            if isinstance(meaning, meanings.Say) and meaning == meanings.Say(meaning.text):
                together.append(meaning.text)
                continue
            self._say(together)
            together = []
            if meaning is None:
                self._decide(self._questions.answer(line))
            else:
                self._obey(meaning)
        self._say(together)

    def pasted(self, lines: Sequence[str]) -> None:
        """Lines are to be said together just as they are, also those that look like commands."""
        self._say(lines)

    def line_too_long(self) -> None:
        """A line was typed that is too long to be kept while it is typed; it is gone."""
        self._fail()
        self._warn(self._rendering.wording.gettext("Not said: it is too long."))

    def ended(self) -> None:
        """No more lines come. A pipe waits for what it said; a person has left."""
        if self._interactive:
            self.leave()
        else:
            self._finishing = True
            self._finish_if_settled()

    def wish_to_leave(self) -> None:
        """Leave; a person with lines that cannot go out now is asked first, once.

        Where they can, the farewell goes out behind them, and is answered after them.
        """
        session = None if self._opened is None else self._opened.session
        on_their_way = session is None or (session.online and not session.waiting)
        unsaid = 0 if session is None or on_their_way else session.unacknowledged
        asked = self._questions.current in (Question.LEAVING, Question.TRUST)
        if not unsaid or not self._interactive or asked:
            self.leave()
        else:
            self._questions.ask_leaving(unsaid, kept=self._kept)

    def leave(self) -> None:
        """Leave now."""
        if self._opened is None:
            self._close()
        else:
            self._carry_out(self._opened.session.leave())

    # What is shown

    def shown(self) -> None:
        """All that was shown has been taken by its reader."""
        if self._opened is not None and not self._closing:
            self._carry_out(self._opened.session.shown())

    def screen_full(self) -> None:
        """The reader does not keep up: nothing more is read from the server."""
        if self._opened is not None:
            self._opened.link.pause()

    def screen_drained(self) -> None:
        """The reader keeps up again."""
        if self._opened is not None:
            self._opened.link.resume()

    def trouble(self, trouble: Trouble) -> None:
        """The session is not kept as it should be."""
        self._kept = trouble is Trouble.DAMAGED
        self._warn(self._rendering.wording.gettext(TROUBLES[trouble]))

    def trusted(self, event: Untrusted) -> Deferred[bool]:
        """Ask whether a certificate is the server's; fires with the answer."""
        return self._questions.ask_trust(event)

    def _show(self, event: Event) -> None:
        self._follow(event)
        lines = self._rendering.lines(event)
        if lines:
            self._output_of(event)(lines)
        match event:
            case events.NickRefused(suggestion=suggestion):
                self._ask_for_nick(suggestion)
            case events.PasswordWanted(nick=nick):
                self._ask_for_password(nick)
            case events.InDoubt():
                self._ask_about_doubts()
            case events.Denied(request=Join(room=room)) | events.Removed(room=room) if (
                not self._interactive
            ):
                self._shut_out(room)
            case events.Denied(request=Join(room=room), code="room-locked"):
                self._ask_for_key(room)
            case events.Denied(request=HelpWanted()):
                self._dispatch.show_help()
            case events.Replaced() | events.Expelled() | events.Offline(retry_in=None):
                self._close(FAILED)
            case events.Farewell(unsaid=unsaid):
                self._tell_unsaid(unsaid)
                self._close()
            case events.Refused(line=line):
                if (typed := self._where.as_typed(line)) is not None:
                    self._screen.give_back(typed)
                self._tell_if_crowded()
            case events.Acknowledged() | events.Expired():
                self._tell_if_crowded()
        self._finish_if_settled()

    def _shut_out(self, room: str) -> None:
        """A pipe's next lines would be said in another room than they are for."""
        if not self._informed or room == self._where.start:
            self.leave()

    def _follow(self, event: Event) -> None:
        """Remember what an event changes here."""
        self.buffers.follow(event)
        self._where.follow(event, [] if self._opened is None else self._opened.session.rooms)
        self._rendering.room = self._where.room
        match event:
            case events.Welcomed():
                self._been_in = True
                if self._questions.current in (Question.NICK, Question.PASSWORD):
                    self._questions.settle()
            case events.Refused() | events.Expired() | events.Denied() | events.Removed():
                self._fail()

    def _output_of(self, event: Event) -> Callable[[Sequence[str]], None]:
        """Where an event is shown: a pipe's output is for what happened on the server."""
        match event:
            case (
                events.Said()
                | events.Deleted()
                | events.Gap()
                | events.Joined()
                | events.Left()
                | events.Renamed()
                | events.Changed()
                | events.Here()
                | events.Reset()
                | events.Answered()
                | events.Welcomed()
                | events.Named()
                | events.Standing()
                | events.Unread()
                | events.Motd()
            ):
                return self._screen.show
            case _:
                return self._screen.warn

    def _warn(self, sentence: str) -> None:
        self._screen.warn(self._rendering.notices(iter([sentence])))

    def _tell_unsaid(self, unsaid: int) -> None:
        if unsaid:
            self._fail()
            self._warn(of_unsaid(self._rendering, unsaid, kept=self._kept))

    def _fail(self) -> None:
        """A person has seen it; a pipe's owner learns it from the exit status."""
        if not self._interactive:
            self._status = FAILED

    # What is asked and decided

    def _ask_for_nick(self, suggestion: str | None) -> None:
        if self._interactive:
            self._questions.ask_nick(suggestion)
        else:
            self._fail()
            self.leave()

    def _ask_for_password(self, nick: str) -> None:
        if self._interactive:
            self._questions.ask_password(nick)
        else:
            self._fail()
            self.leave()

    def _ask_for_key(self, room: str) -> None:
        asked = Confide(((KEY, True),), lambda key: Enter(room, key))
        self._questions.confide(asked)

    def _ask_about_doubts(self) -> None:
        if self._interactive:
            self._questions.ask_doubts()
        else:
            self._fail()
            assert self._opened is not None  # it was its event
            self._carry_out(self._opened.session.decide_doubts(say_again=False))

    def _decide(self, decision: Decision | None) -> None:
        session = None if self._opened is None else self._opened.session
        match decision:
            case TakeNick(nick) if session is None:
                self._come_in(nick)
            case TakeNick(nick) if session is not None:
                self._carry_out(session.take_nick(nick))
            case BringPassword(password, nick) if session is None:
                self._open(nick or self._nick or "", password)
            case BringPassword(password, nick) if session is not None:
                self._carry_out(session.take_password(password, nick))
            case SayAgain(again) if session is not None:
                self._carry_out(session.decide_doubts(say_again=again))
            case LeaveNow():
                self.leave()
            case Obey(meaning):
                self._obey(meaning)

    # Dispatch

    def _say(self, texts: Sequence[str]) -> None:
        if texts and self._opened is not None:
            self._carry_out(self._dispatch.say(self._opened.session, texts))
            self._dispatch.tell_if_waiting(self._opened.session)

    def _obey(self, meaning: meanings.Meaning) -> None:
        if isinstance(meaning, meanings.Quit):
            self.wish_to_leave()
        elif isinstance(meaning, Confide):
            self._confide(meaning)
        elif self._opened is not None:
            if isinstance(meaning, meanings.LogIn):
                self._questions.warn_of_clear()
            self._carry_out(self._dispatch.obey(self._opened.session, meaning))

    def _confide(self, wish: Confide) -> None:
        if self._interactive:
            self._questions.confide(wish)
        else:
            self._fail()
            self._warn(self._rendering.wording.gettext("A pipe cannot be asked for a password."))

    # In between

    def _come_in(self, nick: str) -> None:
        """Connect under this nick; who wants to log in is asked for its password first."""
        self._nick = nick
        if self._login and self._interactive:
            self._questions.ask_password(nick)
        else:
            self._open(nick)

    def _open(self, nick: str, password: str | None = None) -> None:
        self._opened = self._open_session(nick, self._show)
        if self._opened.trouble is not None:
            self.trouble(self._opened.trouble)
        session = self._opened.session
        if password is not None:
            self._carry_out(session.take_password(password))
        for room in self._where.wanted:
            # Asked before there is a connection, it goes out before anything that is said there.
            self._carry_out(session.ask(Join(room)))
        self._opened.link.start()

    def _carry_out(self, happened: Sequence[Event]) -> None:
        assert self._opened is not None  # `happened` came from its session
        self._opened.link.carry_out(happened)
        self._tell_if_crowded()
        self._finish_if_settled()

    def _tell_if_crowded(self) -> None:
        if self._opened is not None:
            self._screen.crowded(self._opened.session.crowded)

    def _finish_if_settled(self) -> None:
        if self._finishing and not self._closing and self._opened is not None:
            session = self._opened.session
            if session.settled and (session.online or self._been_in):
                self._finishing = False
                self._carry_out(session.leave())

    def _close(self, status: int | None = None) -> None:
        if self._closing:
            return
        self._closing = True
        status = self._status if status is None else status
        if self._opened is None:
            self._screen.close(status)
        else:
            self._opened.link.stop().addCallback(lambda _: self._screen.close(status))
