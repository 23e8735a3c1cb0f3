"""Lists that people ask for: rooms, bans, acts of moderation, what is known of a person."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from huddle.locale import Wording
from huddle.locale.wording import NOTHING, because

Room = tuple[str, int, str | None, bool]
"""A room's name, how many are in it, its topic if it has one, and whether it is locked."""


def rooms(listed: Collection[Room], wording: Wording) -> Iterator[str]:
    """All rooms in one line, and a line for each that has a topic."""
    _ = wording.gettext
    locked = _("{count}, locked")
    shown = ", ".join(
        f"{room} ({locked.format(count=count) if keyed else count})"
        for room, count, _topic, keyed in listed
    )
    yield _("rooms: {rooms}").format(rooms=shown)
    yield from (f"{room}: {topic}" for room, _count, topic, _keyed in listed if topic)


Ban = tuple[str, str, str, str | None, str]
"""Who is kept out, their nick, who did it, until when in words (None: for good), and why."""


def bans(listed: Collection[Ban], wording: Wording) -> Iterator[str]:
    """Who is kept out of a room, each in a line."""
    _ = wording.gettext
    if not listed:
        yield _("Nobody is kept out.")
    for whom, nick, by, until, reason in listed:
        who = f"{whom} ({nick})" if nick not in ("", whom) else whom
        sentence = _("{who} by {by}") if until is None else _("{who} by {by} until {until}")
        yield because(sentence.format(who=who, by=by, until=until), reason)


def acts(listed: Collection[Sequence[str]], wording: Wording) -> Iterator[str]:
    """What operators and hosts have done, each in a line; of an act's parts some are empty."""
    if not listed:
        yield wording.gettext(NOTHING)
    yield from (" · ".join(part for part in act if part) for act in listed)


def somebody(
    nick: str,
    account: str,
    addresses: Sequence[str],
    rooms: Sequence[str],
    away: bool,
    operator: bool,
    wording: Wording,
) -> str:
    """What is known of a person, in one line."""
    _ = wording.gettext
    if account:
        told = [_("{nick} has the account {account}.").format(nick=nick, account=account)]
    else:
        told = [_("{nick} has no account.").format(nick=nick)]
    if operator:
        told.append(_("Operator."))
    if away:
        told.append(_("Away."))
    if addresses:
        told.append(_("From: {addresses}.").format(addresses=", ".join(addresses)))
    if rooms:
        told.append(_("In: {rooms}.").format(rooms=", ".join(rooms)))
    return " ".join(told)
