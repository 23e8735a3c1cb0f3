"""What the server itself says to people, in one language: each event in its sentences.

The lines come without their end, and with the ``-- `` in front that no person's line can begin
with (`huddle.dialects.plain.dialect`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict

from huddle.dialects.plain.timestamps import Timestamps
from huddle.dialects.wording import worded
from huddle.locale import N_, Wording, column_of, listings
from huddle.locale import wording as said
from huddle.locale.blanks import without_long_blanks
from huddle.locale.clock import HouseClock
from huddle.protocol import answers as told
from huddle.protocol.answers import Answer
from huddle.protocol.commands import EVERYDAY, typed
from huddle.protocol.events import FIRST_ROOM, INBOX, Here, is_inbox
from huddle.protocol.long_answers import Made

_IN_ONE: Mapping[type[Answer], str] = {
    told.Closing: said.CLOSING,
    told.Done: said.DONE,
    told.Goodbye: N_("Bye!"),
    told.KeptFor: N_("{nick} is away; your message waits."),
    told.LoggedIn: said.LOGGED_IN,
    told.NickIs: said.YOU_ARE,
    told.Parted: said.YOU_HAVE_LEFT,
    told.Registered: said.REGISTERED,
}
"""What is told in one sentence, in which stand the fields."""

_ASIDES: Mapping[told.Aside, str] = {
    told.Aside.NICK_ASKED: N_("What is your nick?"),
    told.Aside.PASSWORD_ASKED: N_(
        "The next line is its password; an empty one asks for another nick."
    ),
    told.Aside.NICK_DOUBTED: N_(
        "That could be a password, and is not taken as a nick: /nick NAME takes it as"
        " one, /login NICK PASSWORD brings a password."
    ),
    told.Aside.IN_CLEAR: said.IN_CLEAR,
    told.Aside.SECRET_SAID: N_(
        "Everybody has read that. If there was a password in it, change it;"
        " /delete takes the line back."
    ),
    told.Aside.NOT_UTF8: N_("Your terminal does not send UTF-8; I read it as Latin-1."),
    told.Aside.HOW_TO_LEAVE: said.HOW_TO_LEAVE,
    told.Aside.WORD_LEFT: said.WORD_LEFT,
    told.Aside.LANGUAGE_IS: said.LANGUAGE_IS,
    told.Aside.TIMES_ON: said.TIMES_ON,
    told.Aside.TIMES_OFF: said.TIMES_OFF,
    told.Aside.NUMBERS_ON: said.NUMBERS_ON,
    told.Aside.NUMBERS_OFF: said.NUMBERS_OFF,
    told.Aside.JOINS_QUIET: said.JOINS_QUIET,
    told.Aside.JOINS_TOLD: said.JOINS_TOLD,
    told.Aside.NOT_KEPT: N_("This cannot be recorded now; when you come back it may be as before."),
    told.Aside.HEARS_OTHERS: N_("This server hears the others of the house again."),
    told.Aside.LOST_OTHERS: N_("This server has lost the others of the house; you can read."),
}
"""What people alone are told."""


class Answers:
    """Words the answers for people in one language, as lines of the server's own."""

    def __init__(self, wording: Wording, clock: HouseClock) -> None:
        self._wording = wording
        self._timestamps = Timestamps(wording, clock)

    def answer(self, event: Answer) -> Iterator[str]:
        """What the person is told; nothing for what only programs need."""
        _, wording = self._wording.gettext, self._wording
        match event:
            case told.Greeting():
                yield _(said.WHAT_NICK)
            case told.Welcome(nick=nick, rooms=rooms):
                yield from self._welcome(nick, rooms)
            case told.ReturnWord(word=word):
                sentence = _("your return word: {word}").format(word=word)
                yield f"-- {sentence}"
            case told.Refused(error=error):
                yield f"-- {worded(error, wording, self._timestamps.at)}"
            case told.Motd(lines=lines):
                yield from (f"-- {line}".rstrip() for line in lines)
            case told.Past(messages=messages, later=later) if messages:
                if later:
                    follow = wording.counted(
                        "{count} more message follows", "{count} more messages follow", later
                    )
                    yield f"-- {follow} --"
            case told.Gap(first=first, last=last):
                yield f"-- {said.gone(last - first + 1, wording)} --"
            case told.Missed():
                yield f"-- {self._missed(event)} --"
            case _:
                for sentence in self._sentences(event):
                    if sentence:
                        yield f"-- {sentence}"

    def _missed(self, event: told.Missed) -> str:
        counted, count = self._wording.counted, event.count
        if event.room == INBOX:
            return counted(
                "you missed {count} private message", "you missed {count} private messages", count
            )
        return counted("you missed {count} message", "you missed {count} messages", count)

    def _sentences(self, event: Answer) -> Iterator[str]:
        wording = self._wording
        match event:
            case told.Help(commands=commands, refusal=refusal):
                yield from listings.commands(list(map(self._help, commands)), wording)
                if refusal is not None:
                    yield worded(refusal, wording)
            case told.Past():
                yield wording.gettext(said.NOTHING)
            case told.Entered(room=room):
                yield f"{self._in(room)} {self._others(event)}"
                yield from self._how(event)
            case told.Roster(count=count, names=names, away=away):
                yield from listings.roster(count, names, away, wording)
            case told.RoomList(rooms=rooms):
                yield from listings.rooms(Made(rooms, self._room), wording)
            case told.Invitation(others, here, _page, room, code):
                yield from listings.invitation(others, here, room, code, wording)
            case told.BanList(bans=bans):
                yield from listings.bans(list(map(self._ban, bans)), wording)
            case told.AuditList(acts=acts):
                yield from listings.acts(list(map(self._act, acts)), wording)
            case told.NodeList(nodes=nodes):
                yield from listings.nodes(list(map(self._node, nodes)), wording)
            case _:
                yield self._sentence(event)

    def _welcome(self, nick: str, rooms: Mapping[str, told.Entered]) -> list[str]:
        here: list[str] = []
        rows: list[str] = []
        for room, state in rooms.items():
            if is_inbox(room):
                continue
            here.append(self._others(state))
            if room != FIRST_ROOM:
                rows.append(f"-- {self._in(room)}")
            rows += [f"-- {sentence}" for sentence in self._how(state)]
        hello = self._wording.gettext(said.HELLO).format(nick=nick, here=" ".join(here))
        return [f"-- {hello}", *rows]

    def _help(self, row: told.CommandHelp) -> listings.HelpRow:
        usages = row.english, row.spanish
        name, *_takes = usages[column_of(self._wording.language)].split()
        sentence = f"{' · '.join(usages)}: {self._wording.gettext(row.summary)}"
        first = row.english.split()[0][1:] in EVERYDAY
        return listings.HelpRow(name, sentence, row.group, first)

    def _room(self, room: told.RoomListing) -> listings.Room:
        topic = without_long_blanks(room.topic, self._wording) if room.topic else None
        return room.room, room.count, topic, room.keyed

    def _ban(self, ban: told.BanListing) -> listings.Ban:
        return ban.who, ban.nick, ban.by, self._until(ban.until), ban.reason

    def _act(self, act: told.Act) -> tuple[str, ...]:
        """An act of moderation as a row: when, where, and what was done as one would type it."""
        did = f"{act.by} {typed(act.act, self._wording.language)} {act.target}".rstrip()
        return self._timestamps.noted(act.time), act.room, did, act.detail

    def _node(self, node: told.NodeListing) -> listings.Node:
        since = None if node.since is None else self._timestamps.noted(node.since)
        return node.node, node.here, since, node.standing, node.behind, node.people, node.skew

    def _until(self, time: int | None) -> str | None:
        return None if time is None else self._timestamps.at(time)

    def _in(self, room: str) -> str:
        return self._wording.gettext(said.YOU_ARE_IN).format(room=room)

    def _others(self, here: Here) -> str:
        return said.others(here.count, here.names, self._wording)

    def _how(self, state: told.Entered) -> Iterator[str]:
        """What is unusual about a room, for a person who comes in."""
        _ = self._wording.gettext
        if state.topic:
            yield said.topic_is(state.topic, "", self._wording)
        if state.keyed:
            yield _("locked room: it opens with its key")
        yield from said.how_it_is("", state.slow, state.quiet, self._wording)

    def _sentence(self, event: Answer) -> str:
        """What is told in one; empty for what only programs need."""
        _, wording = self._wording.gettext, self._wording
        match event:
            case told.Aside():
                return _(_ASIDES[event])
            case Here():
                return self._others(event)
            case told.TopicIs(topic=topic, by=by):
                return said.topic_is(topic, by, wording)
            case told.WhoIs():
                return listings.somebody(
                    event.nick,
                    event.account,
                    event.addresses,
                    event.rooms,
                    event.away,
                    event.operator,
                    wording,
                )
            case told.Removed(room=room, by=by, reason=reason, banned=banned):
                return said.removed(room, by, reason, banned, wording)
            case told.StandingIs(standing=standing, by=by, until=until, reason=reason):
                return said.standing_is(standing, by, self._until(until), reason, wording)
            case told.Unread(nick=nick, count=count):
                return said.unread(nick, count, wording)
            case told.Ignoring(nicks=nicks):
                return said.ignoring(nicks, wording)
            case _ if type(event) in _IN_ONE:
                return _(_IN_ONE[type(event)]).format(**asdict(event))  # type: ignore[call-overload]
            case _:
                return ""
