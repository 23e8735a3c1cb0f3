"""What a program wants that writes lines of JSON (docs/bots.md).

Names are those of the wire. The ``room`` may be left out: it is the one that the program is in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from huddle.client.commands.meanings import Ask, Enter, LogIn, Meaning, Mistake, Quit, Say, Tell
from huddle.client.session import requests
from huddle.client.session.cursors import FIRST_ROOM
from huddle.client.session.requests import Request
from huddle.client.session.state import Kind
from huddle.client.session.wire import Fields, MessageError, decode
from huddle.protocol.limits import Limits


def meaning_of(line: str) -> Meaning:
    """What a program wants that writes this line."""
    try:
        wish = decode(line.encode("utf-8", "replace"))
        name = wish.text("type")
        read = _WISHES.get(name)
        return Mistake(name) if read is None else read(wish)
    except MessageError:
        return Mistake(_shown(line))


def _shown(line: str) -> str:
    """What is not understood may hold a password, which belongs into no error output."""
    return line if "password" not in line and "key" not in line else "…"


def _asking(make: Callable[[Fields], Request]) -> Callable[[Fields], Meaning]:
    """A request that concerns no room."""

    def read(wish: Fields) -> Meaning:
        request = make(wish)
        return Ask(lambda room: request)

    return read


def _there(make: Callable[[str, Fields], Request]) -> Callable[[Fields], Meaning]:
    """A request about a room."""

    def read(wish: Fields) -> Meaning:
        named = wish.maybe_text("room")
        make("", wish)  # what is wrong with it is to be found now
        return Ask(lambda room: make(room if named is None else named, wish))

    return read


def _say(kind: Kind, wish: Fields) -> Meaning:
    return Say(wish.text("text"), kind, wish.maybe_text("room"))


def _history(room: str, wish: Fields) -> Request:
    limit, before = wish.maybe_number("limit") or Limits().replay, wish.maybe_number("before")
    return requests.History(room, limit, before)


def _search(room: str, wish: Fields) -> Request:
    limit = wish.maybe_number("limit") or Limits().found
    return requests.Search(room, wish.text("words"), limit)


def _ignore(wish: Fields) -> Request:
    nick = wish.maybe_text("nick")
    return requests.Ignore(nick, None if nick is None else wish.flag("on"))


def _how_long(wish: Fields) -> float | None:
    return wish.seconds("seconds") or None


def _ban(room: str, wish: Fields) -> Request:
    return requests.Ban(room, wish.text("who"), _how_long(wish), wish.maybe_text("reason"))


def _mute(room: str, wish: Fields) -> Request:
    return requests.Mute(room, wish.text("nick"), _how_long(wish), wish.maybe_text("reason"))


_WISHES: Mapping[str, Callable[[Fields], Meaning]] = {
    "say": partial(_say, Kind.SAY),
    "me": partial(_say, Kind.ME),
    "msg": lambda wish: Tell(wish.text("to"), wish.text("text")),
    "announce": lambda wish: Say(wish.text("text"), Kind.ANNOUNCE, FIRST_ROOM),
    "nick": _asking(lambda wish: requests.ChangeNick(wish.text("nick"))),
    "who": _there(lambda room, wish: requests.Who(room)),
    "rooms": _asking(lambda wish: requests.Rooms()),
    "history": _there(_history),
    "search": _there(_search),
    "help": _asking(lambda wish: requests.HelpWanted()),
    "join": lambda wish: Enter(wish.text("room"), wish.maybe_text("key")),
    "leave": _there(lambda room, wish: requests.Leave(room)),
    "topic": _there(lambda room, wish: requests.Topic(room, wish.maybe_text("text"))),
    "key": _there(lambda room, wish: requests.SetKey(room, wish.maybe_text("key"))),
    "slow": _there(lambda room, wish: requests.SetSlow(room, wish.seconds("seconds"))),
    "quiet": _there(lambda room, wish: requests.SetQuiet(room, wish.flag("on"))),
    "voice": _there(lambda room, wish: requests.SetVoice(room, wish.text("nick"), wish.flag("on"))),
    "delete": _there(lambda room, wish: requests.Delete(room, wish.seq("seq"))),
    "ignore": _asking(_ignore),
    "register": _asking(
        lambda wish: requests.Register(wish.text("password"), wish.maybe_text("nick"))
    ),
    "login": lambda wish: LogIn(wish.maybe_text("nick"), wish.text("password")),
    "password": _asking(lambda wish: requests.ChangePassword(wish.text("old"), wish.text("new"))),
    "kick": _there(
        lambda room, wish: requests.Kick(room, wish.text("nick"), wish.maybe_text("reason"))
    ),
    "ban": _there(_ban),
    "unban": _there(lambda room, wish: requests.Unban(room, wish.text("who"))),
    "bans": _there(lambda room, wish: requests.Bans(room)),
    "mute": _there(_mute),
    "unmute": _there(lambda room, wish: requests.Unmute(room, wish.text("nick"))),
    "operator": _asking(lambda wish: requests.MakeOperator(wish.text("nick"), wish.flag("on"))),
    "whois": _asking(lambda wish: requests.WhoIsIt(wish.text("nick"))),
    "audit": _asking(lambda wish: requests.Audit(wish.maybe_number("limit"))),
    "bye": lambda wish: Quit(),
}
