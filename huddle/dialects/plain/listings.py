"""Lists that people ask for, line by line: rooms, bans, acts of moderation, somebody."""

from __future__ import annotations

from collections.abc import Iterator

from huddle.dialects.notices import because
from huddle.dialects.plain.moments import Moments
from huddle.locale import Wording
from huddle.protocol.answers import AuditList, BanList, BanListing, RoomList, RoomListing, WhoIs
from huddle.protocol.typed import typed


def rooms(event: RoomList, wording: Wording) -> Iterator[str]:
    """All rooms in one line, and a line for each that has a topic."""
    _ = wording.gettext
    listed = ", ".join(_room(room, wording) for room in event.rooms)
    yield _("rooms: {rooms}").format(rooms=listed)
    yield from (f"{room.room}: {room.topic}" for room in event.rooms if room.topic)


def _room(room: RoomListing, wording: Wording) -> str:
    _ = wording.gettext
    count = _("{count}, locked").format(count=room.count) if room.keyed else str(room.count)
    return f"{room.room} ({count})"


def bans(event: BanList, wording: Wording, moments: Moments) -> Iterator[str]:
    """Who is kept out of a room."""
    if not event.bans:
        yield wording.gettext("Nobody is kept out.")
    for ban in event.bans:
        yield because(_ban(ban, wording, moments), ban.reason)


def _ban(ban: BanListing, wording: Wording, moments: Moments) -> str:
    _ = wording.gettext
    who = f"{ban.who} ({ban.nick})" if ban.nick not in ("", ban.who) else ban.who
    if ban.until is None:
        return _("{who} by {by}").format(who=who, by=ban.by)
    until = moments.at(ban.until)
    return _("{who} by {by} until {until}").format(who=who, by=ban.by, until=until)


def acts(event: AuditList, wording: Wording, moments: Moments) -> Iterator[str]:
    """What operators and hosts have done, in order, as one would type it."""
    if not event.entries:
        yield wording.gettext("There is nothing to show.")
    for time, room, act, by, target, detail in event.entries:
        did = f"{by} {typed(act, wording.language)} {target}".rstrip()
        yield " · ".join(part for part in (moments.noted(time), room, did, detail) if part)


def somebody(event: WhoIs, wording: Wording) -> str:
    """What is known of somebody, in one line."""
    _ = wording.gettext
    told = [
        _("{nick} has the account {account}.").format(nick=event.nick, account=event.account)
        if event.account
        else _("{nick} has no account.").format(nick=event.nick)
    ]
    if event.operator:
        told.append(_("Operator."))
    if event.away:
        told.append(_("Away."))
    if event.addresses:
        told.append(_("From: {addresses}.").format(addresses=", ".join(event.addresses)))
    if event.rooms:
        told.append(_("In: {rooms}.").format(rooms=", ".join(event.rooms)))
    return " ".join(told)
