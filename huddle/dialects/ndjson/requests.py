"""A program's requests: for each ``type`` of object, the fields that make it a request.

What a field may hold is in `huddle.dialects.fields`; `docs/protocol.md` tells programs of it. What
is refused is named by its field, and never repeated: it may be a password.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from huddle.dialects.fields import Fields
from huddle.protocol.errors import UnknownRequest
from huddle.protocol.requests import (
    Announce,
    Audit,
    Ban,
    Bans,
    ChangeNick,
    ChangePassword,
    Delete,
    Hello,
    HelpWanted,
    History,
    Ignore,
    Join,
    Kick,
    Leave,
    Login,
    MakeOperator,
    Message,
    Mute,
    Part,
    Ping,
    Register,
    Request,
    Rooms,
    Say,
    Search,
    SetKey,
    SetQuiet,
    SetSlow,
    SetVoice,
    Topic,
    Unban,
    Unmute,
    Who,
    WhoIsIt,
)

VERSION = 1
"""The version of the format; a hello that names another is refused."""

Id = int | None


def request(fields: Fields, id: Id) -> Request:
    """The request in an object. Raises `BadField` and `UnknownRequest`."""
    kind = fields.text("type")
    read = REQUESTS.get(kind)
    if read is None:
        raise UnknownRequest(kind)
    return read(fields, id)


def _room(fields: Fields) -> str | None:
    return fields.optional_line("room")


# -- coming in, saying -------------------------------------------------------------------------


def _hello(fields: Fields, _: Id) -> Request:
    if fields.optional_count("v") not in (None, VERSION):
        fields.missing("v")
    bot = fields.flag("bot")
    replay = fields.optional_count("replay", least=0)
    return Hello(
        nick=fields.line("nick"),
        secret=fields.optional_text("session"),
        resume=fields.flag("resume"),
        epoch=fields.optional_text("epoch"),
        after=fields.seqs("after"),
        language=fields.optional_text("lang"),
        replay=0 if bot and replay is None else replay,
        bot=bot,
        password=fields.optional_line("password"),
    )


def _say(fields: Fields, id: Id) -> Request:
    room = fields.optional_text("room")
    return Say(fields.line("text"), fields.kind(), room, id or fields.missing("id"))


def _msg(fields: Fields, id: Id) -> Request:
    to, text = fields.line("to"), fields.line("text")
    return Message(to, text, fields.kind(), id or fields.missing("id"))


def _announce(fields: Fields, id: Id) -> Request:
    return Announce(fields.line("text"), id or fields.missing("id"))


# -- asking ------------------------------------------------------------------------------------


def _history(fields: Fields, id: Id) -> Request:
    limit, before = fields.optional_count("limit"), fields.optional_count("before")
    return History(limit, before, fields.optional_time("since"), _room(fields), id)


def _search(fields: Fields, id: Id) -> Request:
    limit, before = fields.optional_count("limit"), fields.optional_count("before")
    return Search(fields.line("words"), limit, before, _room(fields), id)


# -- rooms -------------------------------------------------------------------------------------


def _join(fields: Fields, id: Id) -> Request:
    after = fields.optional_count("after", least=0)
    replay = fields.optional_count("replay", least=0)
    return Join(fields.line("room"), fields.optional_line("key"), after, replay, id)


def _key(fields: Fields, id: Id) -> Request:
    key = fields.optional_line("key")
    return fields.missing("key") if key == "" else SetKey(key, _room(fields), id)


def _slow(fields: Fields, id: Id) -> Request:
    seconds = fields.optional_seconds("seconds")
    return fields.missing("seconds") if seconds is None else SetSlow(seconds, _room(fields), id)


# -- moderation --------------------------------------------------------------------------------


def _how_long(fields: Fields) -> float | None:
    """Nothing is for ever; no time at all makes no sense."""
    seconds = fields.optional_seconds("seconds")
    return fields.missing("seconds") if seconds == 0 else seconds


def _reason(fields: Fields) -> str:
    return fields.optional_line("reason") or ""


def _ban(fields: Fields, id: Id) -> Request:
    return Ban(fields.line("who"), _how_long(fields), _reason(fields), _room(fields), id)


def _mute(fields: Fields, id: Id) -> Request:
    return Mute(fields.line("nick"), _how_long(fields), _reason(fields), _room(fields), id)


def _ignore(fields: Fields, id: Id) -> Request:
    nick = fields.optional_line("nick")
    return Ignore(nick, id=id) if nick is None else Ignore(nick, fields.switch("on"), id)


REQUESTS: Mapping[str, Callable[[Fields, Id], Request]] = {
    "say": _say,
    "hello": _hello,
    "ping": lambda _, id: Ping(id),
    "bye": lambda *_: Leave(),
    "msg": _msg,
    "announce": _announce,
    "who": lambda fields, id: Who(_room(fields), id),
    "rooms": lambda _, id: Rooms(id),
    "history": _history,
    "search": _search,
    "help": lambda _, id: HelpWanted(id),
    "nick": lambda fields, id: ChangeNick(fields.line("nick"), id),
    "register": lambda fields, id: Register(
        fields.line("password"), fields.optional_line("nick"), id
    ),
    "login": lambda fields, id: Login(fields.line("password"), fields.optional_line("nick"), id),
    "password": lambda fields, id: ChangePassword(fields.line("old"), fields.line("new"), id),
    "ignore": _ignore,
    "join": _join,
    "leave": lambda fields, id: Part(_room(fields), id),
    "topic": lambda fields, id: Topic(fields.optional_line("text"), _room(fields), id),
    "key": _key,
    "slow": _slow,
    "quiet": lambda fields, id: SetQuiet(fields.switch("on"), _room(fields), id),
    "voice": lambda fields, id: SetVoice(
        fields.line("nick"), fields.switch("on"), _room(fields), id
    ),
    "delete": lambda fields, id: Delete(fields.count("seq"), None, _room(fields), id),
    "kick": lambda fields, id: Kick(fields.line("nick"), _reason(fields), _room(fields), id),
    "ban": _ban,
    "unban": lambda fields, id: Unban(fields.line("who"), _room(fields), id),
    "bans": lambda fields, id: Bans(_room(fields), id),
    "mute": _mute,
    "unmute": lambda fields, id: Unmute(fields.line("nick"), _room(fields), id),
    "operator": lambda fields, id: MakeOperator(fields.line("nick"), fields.switch("on"), id),
    "whois": lambda fields, id: WhoIsIt(fields.line("nick"), id),
    "audit": lambda fields, id: Audit(fields.optional_count("limit"), id),
}
"""How an object of each type is read."""
