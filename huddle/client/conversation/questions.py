"""What a person is asked, one thing at a time, and what the answers mean.

The next line that is typed is the answer. That of a secret is hidden, and kept nowhere. The person
may leave at any question.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field
from enum import Enum, auto

from twisted.internet.defer import Deferred

from huddle.client.commands.commands import intent_of
from huddle.client.commands.intents import Ask, Confide, Intent, NotSaid
from huddle.client.conversation.ports import Screen
from huddle.client.rendering.rendering import Rendering
from huddle.client.session.events import Untrusted
from huddle.locale import N_
from huddle.locale.wording import IN_CLEAR, WHAT_NICK
from huddle.protocol.codec import dataclass
from huddle.protocol.requests import Bye, ChangeNick, Login

YES, NO = frozenset({"y", "yes", "s", "si", "sí"}), frozenset({"n", "no"})


class Question(Enum):
    """What the next line that is typed answers."""

    NICK = auto()
    PASSWORD = auto()
    SECRETS = auto()
    DOUBT = auto()
    TRUST = auto()
    LEAVING = auto()


@dataclass(frozen=True, slots=True)
class SayAgain:
    """Say the lines in doubt once more, or drop them."""

    again: bool


@dataclass(frozen=True, slots=True)
class Obey:
    """The command whose secret was asked for is to be carried out."""

    intent: Intent = field(repr=False)


Decision = ChangeNick | Login | SayAgain | Bye | Obey
"""What follows from an answer: a nick is to be taken, or one comes in by a password, perhaps under
another nick; one leaves at once, also if own lines have not been said yet."""


class Questions:
    """Asks one person on one screen. ``in_clear``: others on the way could read what is sent."""

    def __init__(self, screen: Screen, rendering: Rendering, *, in_clear: bool) -> None:
        self._screen = screen
        self._rendering = rendering
        self.current: Question | None = None
        """The question that the next typed line answers; None: none."""
        self.hidden = False
        """Whether the answer is a secret, which is not to be shown as it is typed."""
        self._suggestion: str | None = None
        self._refused: str | None = None
        self._trusting: Deferred[bool] | None = None
        self._confiding: Confide | None = None
        self._confided: list[str] = []
        self._ask_again: Callable[[], object] = lambda: None
        self._doubts_wait = False
        self._warns_of_clear = in_clear

    def clear(self) -> None:
        """Nothing is asked any more, and what was typed in confidence is dropped; a question about
        doubtful lines that had to wait comes next."""
        self._set(None)
        self._confiding, self._confided = None, []
        if self._doubts_wait:
            self.ask_doubts()

    # Asking

    def welcome(self) -> None:
        """Ask a person who has given no nick for one."""
        self._set(Question.NICK)
        self._screen.show([self._rendering.wording.gettext(WHAT_NICK)])

    def ask_nick(self, suggestion: str | None = None, refused: str | None = None) -> None:
        """Which nick instead of the one that was ``refused``? ``suggestion`` is the answer of who
        just presses Enter."""
        self._set(Question.NICK)
        self._suggestion, self._refused = suggestion, refused
        if suggestion:
            self._tell(N_("What is your nick? (Enter: {nick})"), nick=suggestion)
        else:
            self._tell(N_("What is your nick?"))

    def ask_password(self, nick: str) -> None:
        """Ask for the password of this registered nick; what is typed next answers it."""
        self.warn_of_clear()
        self._set(Question.PASSWORD, hidden=True)
        self._tell(N_("Password of {nick}? (Enter: another nick)"), nick=nick)

    def confide(self, wish: Confide) -> None:
        """Ask what a command needs, one after the other."""
        self._confiding, self._confided = wish, []
        self.warn_of_clear()
        self._ask_next()

    def warn_of_clear(self) -> None:
        """A password is about to be sent: tell once who else could read it."""
        if self._warns_of_clear:
            self._warns_of_clear = False
            self._tell(IN_CLEAR)

    def ask_doubts(self) -> None:
        """Are lines to be said again? Who is just typing a secret is not asked in between."""
        self._doubts_wait = self.hidden
        if self.hidden:
            return
        self._set(Question.DOUBT)
        self._ask_again = self.ask_doubts
        self._tell(N_("Say them again? (yes, no)"))

    def ask_leaving(self, unsaid: int, *, kept: bool) -> None:
        """Leave, though so many lines have not been said?"""
        self._set(Question.LEAVING)
        self._ask_again = lambda: self.ask_leaving(unsaid, kept=kept)
        self._say(of_unsaid(self._rendering, unsaid, kept=kept))
        self._tell(N_("Leave now? (yes, no)"))

    def ask_trust(self, event: Untrusted) -> Deferred[bool]:
        """Is that the server's certificate? Fires with the answer."""
        answered: Deferred[bool] = Deferred()
        self._trusting = answered
        self._say(*self._rendering.doubt(event))
        self._ask_whether_to_trust()
        return answered

    def _ask_whether_to_trust(self) -> None:
        self._set(Question.TRUST)
        self._ask_again = self._ask_whether_to_trust
        self._tell(
            N_("Is that the server's fingerprint? Then only it is taken from now on. (yes, no)")
        )

    def _ask_next(self) -> None:
        assert self._confiding is not None
        sentence, hidden = self._confiding.questions[len(self._confided)]
        self._set(Question.SECRETS, hidden=hidden)
        self._tell(sentence)

    # Answers

    def answer(self, line: str) -> Decision | None:
        """What follows from a line; None: nothing yet, or nothing at all."""
        word = line.strip()
        if isinstance(intent_of(word), Bye):
            return Bye()
        match self.current:
            case Question.NICK:
                return self._nick(word or self._suggestion or "")
            case Question.PASSWORD:
                return self._password(line)
            case Question.SECRETS:
                return self._secret(line)
            case None:
                return None
            case asked:
                return self._yes_or_no(asked, word.lower())

    def _nick(self, nick: str) -> Decision | None:
        if not nick:
            self._screen.show([self._rendering.wording.gettext("What is your nick?")])
            return None
        intent = intent_of(nick)
        if isinstance(intent, NotSaid):
            self._say(self._rendering.not_said())
            return None
        if self._refused is not None and _is_login(intent):
            # What is typed next is a password, which all would be shown as a nick.
            self.ask_password(self._refused)
            return None
        if isinstance(intent, Login) and intent.nick:
            self.clear()
            return intent
        self.clear()
        return ChangeNick(nick)

    def _password(self, line: str) -> Decision | None:
        if not line.strip():
            self.ask_nick()
            return None
        self.clear()
        match intent_of(line.strip()):
            case Login() as login:
                return login
            case Ask(request) if isinstance(wanted := request(""), ChangeNick) and wanted.nick:
                return wanted
            case _:
                return Login(None, line)

    def _secret(self, line: str) -> Decision | None:
        assert self._confiding is not None
        if self.hidden and not line.strip():
            self.clear()
            self._tell(N_("Nothing has been changed."))
            return None
        self._confided.append(line if self.hidden else line.strip())
        if len(self._confided) < len(self._confiding.questions):
            self._ask_next()
            return None
        intent = self._confiding.then(*self._confided)
        self.clear()
        if intent is None:
            self._tell(N_("These two differ. Nothing has been changed."))
            return None
        return Obey(intent)

    def _yes_or_no(self, asked: Question, word: str) -> Decision | None:
        if word not in YES | NO:
            self._ask_again()
            return None
        yes = word in YES
        if asked is Question.LEAVING and yes:
            return Bye()
        self.clear()
        if asked is Question.DOUBT:
            return SayAgain(yes)
        if asked is Question.TRUST and self._trusting is not None:
            answered, self._trusting = self._trusting, None
            answered.callback(yes)
        return None

    def _set(self, question: Question | None, *, hidden: bool = False) -> None:
        self.current = question
        if hidden != self.hidden:
            self.hidden = hidden
            self._screen.hide(hidden)

    def _tell(self, sentence: str, **words: str) -> None:
        self._say(self._rendering.wording.gettext(sentence).format(**words))

    def _say(self, *sentences: str) -> None:
        self._screen.show(self._rendering.notices(iter(sentences)))


def of_unsaid(rendering: Rendering, count: int, *, kept: bool) -> str:
    """The sentence about lines that have not been acknowledged; ``kept``: for the next run."""
    if kept:
        return rendering.wording.counted(
            "{count} line has not been acknowledged; it is said again next time.",
            "{count} lines have not been acknowledged; they are said again next time.",
            count,
        )
    return rendering.wording.counted(
        "{count} line has not been acknowledged, and is not kept.",
        "{count} lines have not been acknowledged, and are not kept.",
        count,
    )


def _is_login(intent: Intent) -> bool:
    """Whether it is ``/login`` alone: no other command asks for a nick before its secret."""
    return isinstance(intent, Confide) and not intent.questions[0][1]
