"""What the server answers to requests, as frozen values; times are RFC 3339.

Answers about rooms and what is said there are events too, and stand in
`huddle.client.session.events`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from huddle.client.session import requests
from huddle.client.session.requests import Request
from huddle.client.session.wire import Fields


@dataclass(frozen=True, slots=True)
class TopicIs:
    """What a room is about, and who said so; empty: nothing in particular."""

    topic: str
    by: str


@dataclass(frozen=True, slots=True)
class NickIs:
    """The session's nick now: after asking for it, registering it, logging in."""

    nick: str


@dataclass(frozen=True, slots=True)
class BanListing:
    """Whom a ban keeps out, until when (None: until it is taken back), why and by whom."""

    who: str
    nick: str
    until: str | None
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class BanList:
    """Who may not come into the room."""

    bans: tuple[BanListing, ...]


@dataclass(frozen=True, slots=True)
class Ignoring:
    """Those of whom the session is shown nothing."""

    nicks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WhoIs:
    """What an operator may know of somebody."""

    nick: str
    account: str
    addresses: tuple[str, ...]
    rooms: tuple[str, ...]
    away: bool
    operator: bool


@dataclass(frozen=True, slots=True)
class Act:
    """Something that a host or an operator has done."""

    time: str
    room: str
    act: str
    by: str
    target: str
    detail: str


@dataclass(frozen=True, slots=True)
class AuditList:
    """The last acts, in order."""

    acts: tuple[Act, ...]


@dataclass(frozen=True, slots=True)
class HelpRow:
    """A command as one types it in either language, and what it does."""

    english: str
    spanish: str
    summary: str


@dataclass(frozen=True, slots=True)
class Help:
    """What the session may do."""

    commands: tuple[HelpRow, ...]


Answer = TopicIs | NickIs | BanList | Ignoring | WhoIs | AuditList | Help


def read_answer(request: Request, message: Fields) -> Answer | None:
    """What a reply tells, read as the request wants it. Raises `MessageError`."""
    read = _READ.get(type(request))
    return None if read is None else read(message)


def _topic(message: Fields) -> TopicIs | None:
    topic = message.maybe_text("topic")
    return None if topic is None else TopicIs(topic, message.maybe_text("by") or "")


def _nick(message: Fields) -> NickIs | None:
    nick = message.maybe_text("nick")
    return None if nick is None else NickIs(nick)


def _bans(message: Fields) -> BanList:
    return BanList(tuple(map(_ban, message.objects("bans"))))


def _ban(row: Fields) -> BanListing:
    reason, by = row.maybe_text("reason") or "", row.maybe_text("by") or ""
    nick = row.maybe_text("nick") or ""
    return BanListing(row.text("who"), nick, row.maybe_text("until"), reason, by)


def _ignoring(message: Fields) -> Ignoring:
    return Ignoring(message.texts("ignoring"))


def _who_is(message: Fields) -> WhoIs:
    return WhoIs(
        message.text("nick"),
        message.maybe_text("account") or "",
        message.texts("addresses"),
        message.texts("rooms"),
        message.flag("away"),
        message.flag("operator"),
    )


def _audit(message: Fields) -> AuditList:
    return AuditList(tuple(map(_act, message.objects("entries"))))


def _act(row: Fields) -> Act:
    names = ("room", "act", "by", "target", "detail")
    return Act(row.text("time"), *(row.maybe_text(name) or "" for name in names))


def _help(message: Fields) -> Help:
    return Help(tuple(map(_row, message.objects("commands"))))


def _row(row: Fields) -> HelpRow:
    return HelpRow(row.text("english"), row.text("spanish"), row.text("summary"))


_READ: Mapping[type[Request], Callable[[Fields], Answer | None]] = {
    requests.Topic: _topic,
    requests.ChangeNick: _nick,
    requests.Register: _nick,
    requests.Login: _nick,
    requests.Bans: _bans,
    requests.Ignore: _ignoring,
    requests.WhoIsIt: _who_is,
    requests.Audit: _audit,
    requests.HelpWanted: _help,
}
