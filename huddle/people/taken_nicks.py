"""Who has which nick: no two look alike.

What is a nick at all is said by `huddle.protocol.names`; this says which are taken.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain, count
from typing import Generic, TypeVar
from unicodedata import bidirectional

from huddle.protocol import names
from huddle.protocol.errors import NickTaken
from huddle.protocol.limits import Limits

Owner = TypeVar("Owner")

_DIGITS = "0123456789"
_JOINERS = "\u200c\u200d"  # may need the letter behind them
_POWERS = [1 << power for power in range(4, 32)]


class NickRegistry(Generic[Owner]):
    """The nicks in use, held or registered, each with its owner. Owners are told apart by ``is``.

    A nick is claimed with all its keys (`huddle.protocol.names.keys`), and a key has one owner. An
    owner may hold several nicks, look-alikes too: the old and the new one while a rename is on its
    way. Nicks come in as `huddle.protocol.names.nick` made them. All but `suggest` takes a few
    microseconds, however many there are.
    """

    def __init__(self) -> None:
        self._owners: dict[str, Owner] = {}
        self._keys: dict[str, Owner] = {}
        self._others: Counter[str] = Counter()
        """How many more nicks of its owner have a key, where there are any."""

    def __len__(self) -> int:
        return len(self._owners)

    def __contains__(self, nick: str) -> bool:
        """Whether somebody has claimed the nick, written exactly so."""
        return nick in self._owners

    def claim(self, nick: str, owner: Owner) -> None:
        """Give a nick to an owner; to give it again changes nothing.

        Raises `NickTaken`, with a free one, when another has it or one that looks like it.
        """
        keys = names.keys(nick)
        for key in keys:
            if self._keys.get(key, owner) is not owner:
                raise NickTaken(nick, self.suggest(nick))
        if nick not in self._owners:
            self._owners[nick] = owner
            for key in keys:
                if key in self._keys:
                    self._others[key] += 1
                else:
                    self._keys[key] = owner

    def release(self, nick: str, owner: Owner | None = None) -> None:
        """Make this very nick free for everybody; nothing happens when it has no owner, or another
        than ``owner`` by now."""
        if nick not in self._owners or owner not in (None, self._owners[nick]):
            return
        del self._owners[nick]
        for key in names.keys(nick):
            if self._others[key] > 1:
                self._others[key] -= 1
            elif self._others.pop(key, None) is None:
                del self._keys[key]

    def make_free(self, nick: str, owner: Owner | None = None) -> None:
        """Take from all but ``owner`` what looks like this nick: the log of several nodes has given
        it to that one. Takes as long as there are nicks where another has one of its keys."""
        mine = names.keys(nick)
        others = {id(other) for other in self._having(mine) if other is not owner}
        if not others:
            return
        for each in [each for each, other in self._owners.items() if id(other) in others]:
            if not mine.isdisjoint(names.keys(each)):
                self.release(each)

    def is_free(self, nick: str, owner: Owner | None = None) -> bool:
        """Whether none of the nick's keys has an owner, or only ``owner`` has them."""
        return all(other is owner for other in self._having(names.keys(nick)))

    def owner(self, nick: str) -> Owner | None:
        """Find the owner that is meant by what was typed; None when no nick is like that.

        The very nick goes first, then the same one in another case, then one that looks like it:
        ``Ian`` is ian when he is here, lan only when he is not.
        """
        if nick in self._owners:
            return self._owners[nick]
        same = self._keys.get(names.folded_key(nick))
        return same if same is not None else next(self._having(names.keys(nick)), None)

    def suggest(self, nick: str) -> str:
        """Find a free nick like this one, with a number behind it in the place of its own.

        2 to 9 are tried, then 16, 32, 64 and so on: among 10,000 claims that are alike this is a
        dozen looks, where one by one it would be 10,000.
        """
        return next(other for other in _numbered(_stem(nick)) if self.is_free(other))

    def _having(self, keys: Iterable[str]) -> Iterator[Owner]:
        for key in keys:
            if key in self._keys:
                yield self._keys[key]


def _stem(nick: str) -> str:
    """What a number may stand behind: the beginning of a nick is a nick, but for its edge.

    Arabic-Indic digits and ours do not go together in one name (RFC 5893, rule 4): the stem ends
    before the first of them.
    """
    theirs = (at for at, letter in enumerate(nick) if bidirectional(letter) == "AN")
    beginning = nick[: next(theirs, len(nick))]
    return beginning.rstrip(_DIGITS) or beginning


def _numbered(stem: str) -> Iterator[str]:
    # A person who claims all the powers too has made it one by one for those who want that nick.
    numbers = map(str, chain(range(2, 10), _POWERS, count(10)))
    room = Limits().nick
    return (stem[: room - len(number)].rstrip(_JOINERS) + number for number in numbers)
