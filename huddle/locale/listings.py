"""Lists that people ask for: rooms, bans, acts of moderation, what is known of a person."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from huddle.locale import N_, Wording
from huddle.locale.columns import MARK, ROOM, columns_of, in_columns, rows_of, wrapped
from huddle.locale.wording import NOTHING, because, named

Room = tuple[str, int, str | None, bool]
"""A room's name, how many are in it, its topic if it has one, and whether it is locked."""


def rooms(listed: Collection[Room], wording: Wording) -> Iterator[str]:
    """All rooms in a line, or in columns below it, and a line for each that has a topic.

    The rooms are gone through more than once, and none of that is kept: there may be a thousand.
    """
    _ = wording.gettext
    locked = _("{count}, locked")

    def shown(row: Room) -> str:
        room, count, _topic, keyed = row
        return f"{room} ({locked.format(count=count) if keyed else count})"

    few = [shown(row) for row in islice(listed, ROOM)]
    told = _("rooms: {rooms}").format(rooms=", ".join(few))
    if len(listed) < ROOM and columns_of(told) <= ROOM:
        yield told
    else:
        del few, told
        yield _("{count} rooms:").format(count=len(listed))
        yield from rows_of(map(shown, listed), max(columns_of(shown(row)) for row in listed))
    yield from (f"{room}: {topic}" for room, _count, topic, _keyed in listed if topic)


_BLOCKS = {"11": " ", "10": "▄", "01": "▀", "00": "█"}
"""By whether the upper square of a QR code is dark, and the lower one. The light ones are drawn and
the dark ones left out, since most terminals are dark; phones read it either way."""


def ways_in(others: Sequence[str], here: Sequence[str], wording: Wording) -> Iterator[str]:
    """What those type, or open, who are to come in: on the same network, and on this machine."""
    _ = wording.gettext
    for heading, rows in ((_("Write this on the board:"), others), (_("From here:"), here)):
        if rows:
            yield heading
            yield from (f"    {row}" for row in rows)


def code_rows(squares: Sequence[str]) -> Iterator[str]:
    """A QR code as rows of text, two rows of squares each."""
    rows = [*squares, "1" * len(squares[0])] if len(squares) % 2 else squares
    for upper, lower in zip(rows[::2], rows[1::2], strict=True):
        yield "".join(
            _BLOCKS.get(above + below, "█") for above, below in zip(upper, lower, strict=False)
        )


def invitation(
    others: Sequence[str],
    here: Sequence[str],
    room: str,
    squares: Sequence[str],
    wording: Wording,
) -> Iterator[str]:
    """How others come in, and into a room, if one is named; with the code of the page's address."""
    yield from ways_in(others, here, wording)
    if room:
        yield wording.gettext("with nc and huddle-client, once in: /join {room}").format(room=room)
    yield from code_rows(squares)


def roster(
    count: int, names: Sequence[str], away: Sequence[str], wording: Wording
) -> Iterator[str]:
    """Who is in a room, the reader among them, in a line, or in columns below it; some are only
    counted. Who is ``away`` is named once more."""
    _, ngettext = wording.gettext, wording.ngettext
    here = ngettext("{count} here: {names}.", "{count} here: {names}.", count)
    told = here.format(count=count, names=named(count, names, wording))
    absent = _("Away: {names}.").format(names=", ".join(away)) if away else ""
    if columns_of(f"{told} {absent}") <= ROOM:
        yield f"{told} {absent}".rstrip()
        return
    yield ngettext("{count} here:", "{count} here:", count).format(count=count)
    yield from in_columns(names)
    if count > len(names):
        yield named(count - len(names), (), wording)
    if absent:
        yield absent


class HelpRow(NamedTuple):
    """A command: its name with the slash, the sentence that tells of it, its group's title, and
    whether it is one of those that are told of first."""

    name: str
    sentence: str
    group: str
    first: bool


HELP_ROWS = 24
"""Rows of the smallest screen."""


def commands(listed: Sequence[HelpRow], wording: Wording) -> Iterator[str]:
    """The commands, each with what it does; where that is more than a screen, most by their names
    in groups, and those of every day, which come last."""
    _ = wording.gettext
    if sum(1 for row in listed for _row in wrapped(MARK + row.sentence)) <= HELP_ROWS:
        yield from (row.sentence for row in listed)
        return
    yield _("/help COMMAND tells what one does and how it is typed: /help msg")
    groups: dict[str, list[str]] = {}
    for row in listed:
        if not row.first:
            groups.setdefault(row.group, []).append(row.name)
    for group, names in groups.items():
        yield f"{_(group)}: {' '.join(names)}"
    yield from (row.sentence for row in listed if row.first)


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


Node = tuple[str, bool, str | None, str, int, int, float | None]
"""A server, whether it is this one, since when it is up or gone in words, how it stands, by how
many batches it is behind, how many are on it, and the seconds by which its clock is ahead."""

_NODES = {
    "level": N_("level"),
    "unheard": N_("not heard"),
    "stopped": N_("stopped"),
    "gone": N_("gone"),
    "halted": N_("halted: its log says why"),
    "waiting": N_("waits for the others"),
    "refusing": N_("has lost the others"),
    "alone": N_("has lost the others"),
    "skewed": N_("its clock is wrong"),
    "read-only": N_("read only: the nodes differ"),
}
"""How a server stands, by the word for it."""


def nodes(listed: Collection[Node], wording: Wording) -> Iterator[str]:
    """The servers of the house, each in a line."""
    _, ngettext = wording.gettext, wording.ngettext
    if not listed:
        yield _("This server is the whole house: it is not one of several nodes.")
    for node, here, since, standing, behind, people, skew in listed:
        stands = _(_NODES[standing]) if standing in _NODES else standing
        if standing == "behind":
            stands = ngettext("{count} batch behind", "{count} batches behind", behind)
            stands = stands.format(count=behind)
        told = [
            _("{node}, this one").format(node=node) if here else node,
            stands,
            "" if since is None else _("since {time}").format(time=since),
            ngettext("{count} person", "{count} people", people).format(count=people),
        ]
        if skew is not None:
            told.append(_("clock {seconds} s").format(seconds=f"{skew:+.1f}"))
        yield " · ".join(part for part in told if part)
