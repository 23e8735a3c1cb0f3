"""What was asked for, line by line: rooms, bans, acts of moderation, somebody, what one may do."""

from __future__ import annotations

from collections.abc import Iterator

from huddle.client.rendering.notices import Clock, because
from huddle.client.session import answers
from huddle.client.session.events import RoomList, RoomListing
from huddle.locale import Wording


def rooms(listed: RoomList, wording: Wording) -> Iterator[str]:
    """All rooms in one line, and a line for each that has a topic."""
    _ = wording.gettext
    names = ", ".join(_room(room, wording) for room in listed.rooms)
    yield _("rooms: {rooms}").format(rooms=names)
    yield from (f"{room.room}: {room.topic}" for room in listed.rooms if room.topic)


def _room(room: RoomListing, wording: Wording) -> str:
    _ = wording.gettext
    count = _("{count}, locked").format(count=room.count) if room.keyed else str(room.count)
    return f"{room.room} ({count})"


def answered(answer: answers.Answer, wording: Wording, clock: Clock) -> Iterator[str]:
    """Another answer in sentences; a nick is told otherwise."""
    _ = wording.gettext
    match answer:
        case answers.TopicIs(topic=topic, by=by):
            yield _topic(topic, by, wording)
        case answers.BanList(bans=bans):
            if not bans:
                yield _("Nobody is kept out.")
            yield from (because(_ban(ban, wording, clock), ban.reason) for ban in bans)
        case answers.Ignoring(nicks=()):
            yield _("You ignore nobody.")
        case answers.Ignoring(nicks=nicks):
            yield _("You ignore: {nicks}.").format(nicks=", ".join(nicks))
        case answers.WhoIs():
            yield " ".join(_somebody(answer, wording))
        case answers.AuditList(acts=()):
            yield _("There is nothing to show.")
        case answers.AuditList(acts=acts):
            yield from (_act(act, clock) for act in acts)


def _topic(topic: str, by: str, wording: Wording) -> str:
    _ = wording.gettext
    if not topic:
        return _("This room has no topic.")
    if not by:
        return _("topic: {topic}").format(topic=topic)
    return _("topic, by {by}: {topic}").format(by=by, topic=topic)


def _ban(ban: answers.BanListing, wording: Wording, clock: Clock) -> str:
    _ = wording.gettext
    who = f"{ban.who} ({ban.nick})" if ban.nick not in ("", ban.who) else ban.who
    if ban.until is None:
        return _("{who} by {by}").format(who=who, by=ban.by)
    return _("{who} by {by} until {until}").format(who=who, by=ban.by, until=clock(ban.until))


def _act(act: answers.Act, clock: Clock) -> str:
    told = (clock(act.time), act.room, act.act, act.by, act.target, act.detail)
    return " · ".join(part for part in told if part)


def _somebody(who: answers.WhoIs, wording: Wording) -> Iterator[str]:
    _ = wording.gettext
    if who.account:
        yield _("{nick} has the account {account}.").format(nick=who.nick, account=who.account)
    else:
        yield _("{nick} has no account.").format(nick=who.nick)
    if who.operator:
        yield _("Operator.")
    if who.away:
        yield _("Away.")
    if who.addresses:
        yield _("From: {addresses}.").format(addresses=", ".join(who.addresses))
    if who.rooms:
        yield _("In: {rooms}.").format(rooms=", ".join(who.rooms))
