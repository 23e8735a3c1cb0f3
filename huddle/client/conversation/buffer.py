"""What one room is to who reads it: the people in it, what was said last, what is unread.

The inbox has a buffer, too, and so has each person with whom one talks in private, under ``@`` and
the nick. What is to be kept of a room for its reader belongs here: also the lines of its window,
and what was begun to be typed there.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from huddle.client.conversation.order import Order
from huddle.client.conversation.scrollback import Scrollback
from huddle.client.session.events import Here

MAX_NICKS = 2_000
"""Nicks remembered of one room; those heard of longest ago are forgotten."""

KEPT = 500
"""Messages remembered of one room; no more may be asked for at once, either."""


class Buffer:
    """One room. A list of names has a limit and their count has none, so the two are kept apart."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.order = Order()
        """Puts own lines in their place before they are shown."""
        self.lines = Scrollback()
        """The lines that its window shows, the oldest first."""
        self.draft = ""
        """What was typed there and not entered yet."""
        self.unread = 0
        """Messages that came while one was elsewhere."""
        self.mentions = 0
        """The unread messages that name the user, or are private."""
        self.met = False
        """Of a talk with a person: whether the one who has that nick now has taken part in it. If
        not, it may be somebody who took the nick later."""
        self.heard_of = False
        """Whether one is there, as far as the server has told."""
        self.count = 0
        """How many people are there; 0: the server has not told."""
        self._nicks: dict[str, None] = {}  # the one heard of last is at the end
        self._counted: set[str] = set()
        """Who was in the last list, of whom it may be told only now that they came in."""
        self._messages: deque[tuple[int, str, bool]] = deque(maxlen=KEPT)
        self._acts: deque[int] = deque(maxlen=KEPT)

    # People

    @property
    def nicks(self) -> list[str]:
        """The nicks known of the room, the last to speak in front."""
        return list(reversed(self._nicks))

    def knows(self, nick: str) -> bool:
        """Whether somebody of this nick is in the room, as far as is known."""
        return nick in self._nicks

    def see(self, here: Here) -> None:
        """Take a list of those who are there; one that is whole corrects what was thought."""
        self.heard_of = True
        self.count = here.count
        told = [*here.names, *here.away]
        self._counted = set(told)
        if len(told) >= here.count:
            self._nicks = {nick: None for nick in self._nicks if nick in told}
        for nick in told:
            self._nicks.setdefault(nick)

    def hear(self, nick: str, *, joins: bool = False) -> None:
        """A person has spoken, or ``joins``: they are the one heard of last."""
        self.heard_of = True
        self.count += joins and nick not in self._counted
        self._counted.discard(nick)
        self._nicks.pop(nick, None)
        self._nicks[nick] = None
        if len(self._nicks) > MAX_NICKS:
            del self._nicks[next(iter(self._nicks))]

    def lose(self, nick: str) -> None:
        """A person has left the room, and is counted no more."""
        self.heard_of = True
        self._counted.discard(nick)
        self.count = max(0, self.count - 1)
        self._nicks.pop(nick, None)

    def rename(self, nick: str, new: str) -> None:
        """A person is called otherwise from now on."""
        self._counted.discard(nick)
        self._nicks.pop(nick, None)
        self.hear(new)

    def leave(self) -> None:
        """One is not there any more, and knows nothing of those who are."""
        self.heard_of, self.count, self._nicks = False, 0, {}
        self.unread, self.mentions, self.draft = 0, 0, ""
        self.lines.clear()

    # Messages, by their numbers: what `/delete` and `/fix` mean when no number is given

    def add(self, seq: int, nick: str, *, own: bool, acts: bool = False) -> None:
        """Remember that the message ``seq`` was said by ``nick``, or on this side (``own``);
        ``acts``: by `/me`."""
        self._messages.append((seq, nick, own))
        if acts:
            self._acts.append(seq)

    @property
    def is_blank(self) -> bool:
        """Whether nothing was said here, as far as is remembered."""
        return not self._messages

    def has(self, seq: int) -> bool:
        """Whether this message was said here, as far as that is remembered."""
        return any(seq == each for each, _, _ in self._messages)

    def acts(self, seq: int) -> bool:
        """Whether this message was said by `/me`, as far as that is remembered."""
        return seq in self._acts

    def delete(self, seq: int) -> None:
        """A message is gone: the one before it counts now."""
        self._messages = deque((each for each in self._messages if each[0] != seq), KEPT)

    def forget_messages(self) -> None:
        """The room has begun anew; the numbers mean nothing any more."""
        self._messages.clear()
        self.lines.forget_messages()

    def last_own(self) -> int | None:
        """The number of one's own last message, if it is remembered."""
        return next((seq for seq, _, own in self._latest() if own), None)

    def last_of(self, nick: str) -> int | None:
        """The number of the last message under a nick, in whatever case that is typed."""
        wanted = nick.casefold()
        return next((seq for seq, who, _ in self._latest() if who.casefold() == wanted), None)

    def _latest(self) -> Iterator[tuple[int, str, bool]]:
        return reversed(self._messages)
