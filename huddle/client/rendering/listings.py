"""What was asked for, line by line: bans, acts of moderation, a person, those who are ignored."""

from __future__ import annotations

from collections.abc import Iterator

from huddle.client.rendering.notices import Clock
from huddle.locale import Wording, listings
from huddle.locale.wording import ignoring, topic_is
from huddle.protocol import answers


def answered(answer: answers.Answer, wording: Wording, clock: Clock) -> Iterator[str]:
    """Another answer in sentences; a nick and the commands are told otherwise."""
    match answer:
        case answers.RoomList(rooms=listed):
            rows = [(room.room, room.count, room.topic, room.keyed) for room in listed]
            yield from listings.rooms(rows, wording)
        case answers.Invitation(others, here, _page, room, code):
            yield from listings.invitation(others, here, room, code, wording)
        case answers.TopicIs(topic=topic, by=by):
            yield topic_is(topic, by, wording)
        case answers.BanList(bans=bans):
            yield from listings.bans([_ban(ban, clock) for ban in bans], wording)
        case answers.Ignoring(nicks=nicks):
            yield ignoring(nicks, wording)
        case answers.WhoIs(nick, account, addresses, rooms, away, operator):
            yield listings.somebody(nick, account, addresses, rooms, away, operator, wording)
        case answers.AuditList(acts=acts):
            told = [
                (clock(act.time), act.room, act.act, act.by, act.target, act.detail) for act in acts
            ]
            yield from listings.acts(told, wording)
        case answers.NodeList(nodes=nodes):
            yield from listings.nodes([_node(node, clock) for node in nodes], wording)


def _node(node: answers.NodeListing, clock: Clock) -> listings.Node:
    since = None if node.since is None else clock(node.since)
    return node.node, node.here, since, node.standing, node.behind, node.people, node.skew


def _ban(ban: answers.BanListing, clock: Clock) -> listings.Ban:
    return ban.who, ban.nick, ban.by, None if ban.until is None else clock(ban.until), ban.reason
