"""What the server itself says to people, in one language: each event in its sentences.

The lines come without their end, and with the ``-- `` in front that no person's line can begin
with (`huddle.dialects.plain.dialect`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from huddle.dialects.plain.timestamps import Timestamps
from huddle.dialects.wording import worded
from huddle.locale import Wording, column_of, listings
from huddle.locale.blanks import without_long_blanks
from huddle.locale.clock import HouseClock
from huddle.locale.wording import (
    CLOSING,
    DONE,
    HELLO,
    HOW_TO_LEAVE,
    IN_CLEAR,
    JOINS_QUIET,
    JOINS_TOLD,
    LANGUAGE_IS,
    LOGGED_IN,
    NOTHING,
    NUMBERS_OFF,
    NUMBERS_ON,
    REGISTERED,
    TIMES_OFF,
    TIMES_ON,
    WHAT_NICK,
    WORD_LEFT,
    YOU_ARE,
    YOU_ARE_IN,
    YOU_HAVE_LEFT,
    gone,
    how_it_is,
    ignoring,
    others,
    removed,
    standing_is,
    topic_is,
    unread,
)
from huddle.protocol.answers import (
    Act,
    Answer,
    AuditList,
    BanList,
    BanListing,
    Closing,
    CommandHelp,
    Done,
    Entered,
    Gap,
    Goodbye,
    Greeting,
    Help,
    HowToLeave,
    Ignoring,
    Invitation,
    JoinsAre,
    KeptFor,
    LanguageIs,
    LoggedIn,
    Missed,
    Motd,
    NickDoubted,
    NickIs,
    NodeList,
    NodeListing,
    NotKept,
    NotUtf8,
    NumbersAre,
    OthersHeard,
    Parted,
    PasswordAsked,
    PasswordInClear,
    Past,
    Refused,
    Registered,
    Removed,
    ReturnWord,
    RoomList,
    RoomListing,
    Roster,
    SecretSaid,
    StandingIs,
    TimesAre,
    TopicIs,
    Unread,
    Welcome,
    WhoIs,
    WordLeft,
)
from huddle.protocol.commands import EVERYDAY, typed
from huddle.protocol.events import FIRST_ROOM, INBOX, Here, is_inbox
from huddle.protocol.long_answers import Made


class Answers:
    """Words the answers for people in one language, as lines of the server's own."""

    def __init__(self, wording: Wording, clock: HouseClock) -> None:
        self._wording = wording
        self._timestamps = Timestamps(wording, clock)

    def answer(self, event: Answer) -> Iterator[str]:
        """What the person is told; nothing for what only programs need."""
        _, ngettext = self._wording.gettext, self._wording.ngettext
        match event:
            case Welcome(nick=nick, rooms=rooms):
                yield from self._welcome(nick, rooms)
            case ReturnWord(word=word):
                told = _("your return word: {word}").format(word=word)
                yield f"-- {told}"
            case Greeting(again=again):
                yield f"-- {_('What is your nick?')}" if again else _(WHAT_NICK)
            case Refused(error=error):
                yield f"-- {worded(error, self._wording, self._timestamps.at)}"
            case Help(commands=commands, refusal=refusal):
                rows = list(map(self._help, commands))
                yield from (f"-- {line}" for line in listings.commands(rows, self._wording))
                if refusal is not None:
                    yield f"-- {worded(refusal, self._wording)}"
            case Past(messages=messages) if not messages:
                yield f"-- {_(NOTHING)}"
            case Past(later=later) if later:
                follow = ngettext(
                    "{count} more message follows", "{count} more messages follow", later
                )
                yield f"-- {follow.format(count=later)} --"
            case Gap(first=first, last=last):
                yield f"-- {gone(last - first + 1, self._wording)} --"
            case Missed():
                yield f"-- {self._missed(event)} --"
            case Motd(lines=lines):
                yield from (f"-- {line}".rstrip() for line in lines)
            case _:
                for sentence in self._sentences(event):
                    if sentence:
                        yield f"-- {sentence}"

    def _help(self, row: CommandHelp) -> listings.HelpRow:
        usages = row.english, row.spanish
        name, *_takes = usages[column_of(self._wording.language)].split()
        sentence = f"{' · '.join(usages)}: {self._wording.gettext(row.summary)}"
        first = row.english.split()[0][1:] in EVERYDAY
        return listings.HelpRow(name, sentence, row.group, first)

    def _missed(self, event: Missed) -> str:
        ngettext, count = self._wording.ngettext, event.count
        if event.room == INBOX:
            missed = ngettext(
                "you missed {count} private message", "you missed {count} private messages", count
            )
        else:
            missed = ngettext("you missed {count} message", "you missed {count} messages", count)
        return missed.format(count=count)

    def _sentences(self, event: Answer) -> Iterator[str]:
        wording = self._wording
        match event:
            case Entered(room=room):
                yield f"{self._in(room)} {self._others(event)}"
                yield from self._how(event)
            case Roster(count=count, names=names, away=away):
                yield from listings.roster(count, names, away, wording)
            case RoomList(rooms=rooms):
                yield from listings.rooms(Made(rooms, self._room), wording)
            case Invitation(others, here, _page, room, code):
                yield from listings.invitation(others, here, room, code, wording)
            case BanList(bans=bans):
                yield from listings.bans(list(map(self._ban, bans)), wording)
            case AuditList(acts=acts):
                yield from listings.acts(list(map(self._act, acts)), wording)
            case NodeList(nodes=nodes):
                yield from listings.nodes(list(map(self._node, nodes)), wording)
            case _:
                yield self._sentence(event) or self._personal(event)

    def _room(self, room: RoomListing) -> listings.Room:
        topic = without_long_blanks(room.topic, self._wording) if room.topic else None
        return room.room, room.count, topic, room.keyed

    def _ban(self, ban: BanListing) -> listings.Ban:
        until = None if ban.until is None else self._timestamps.at(ban.until)
        return ban.who, ban.nick, ban.by, until, ban.reason

    def _act(self, act: Act) -> tuple[str, ...]:
        """An act of moderation as a row: when, where, and what was done as one would type it."""
        did = f"{act.by} {typed(act.act, self._wording.language)} {act.target}".rstrip()
        return self._timestamps.noted(act.time), act.room, did, act.detail

    def _node(self, node: NodeListing) -> listings.Node:
        return node, None if node.since is None else self._timestamps.noted(node.since)

    def _welcome(self, nick: str, rooms: Mapping[str, Entered]) -> list[str]:
        here: list[str] = []
        told: list[str] = []
        for room, state in rooms.items():
            if is_inbox(room):
                continue
            here.append(self._others(state))
            if room != FIRST_ROOM:
                told.append(f"-- {self._in(room)}")
            told += [f"-- {sentence}" for sentence in self._how(state)]
        hello = self._wording.gettext(HELLO).format(nick=nick, here=" ".join(here))
        return [f"-- {hello}", *told]

    def _in(self, room: str) -> str:
        return self._wording.gettext(YOU_ARE_IN).format(room=room)

    def _others(self, here: Here) -> str:
        return others(here.count, here.names, self._wording)

    def _how(self, state: Entered) -> Iterator[str]:
        """What is unusual about a room, for a person who comes in."""
        _ = self._wording.gettext
        if state.topic:
            yield topic_is(state.topic, "", self._wording)
        if state.keyed:
            yield _("locked room: it opens with its key")
        yield from how_it_is("", state.slow, state.quiet, self._wording)

    def _sentence(self, event: Answer) -> str:
        _, wording = self._wording.gettext, self._wording
        match event:
            case Here():
                return self._others(event)
            case NickIs(nick=nick):
                return _(YOU_ARE).format(nick=nick)
            case TopicIs(topic=topic, by=by):
                return topic_is(topic, by, wording)
            case Parted(room=room):
                return _(YOU_HAVE_LEFT).format(room=room)
            case WhoIs():
                return listings.somebody(
                    event.nick,
                    event.account,
                    event.addresses,
                    event.rooms,
                    event.away,
                    event.operator,
                    wording,
                )
            case _:
                return self._short(event)

    def _short(self, event: Answer) -> str:
        _ = self._wording.gettext
        match event:
            case LanguageIs():
                return _(LANGUAGE_IS)
            case JoinsAre(quiet=quiet):
                return _(JOINS_QUIET) if quiet else _(JOINS_TOLD)
            case TimesAre(on=on):
                return _(TIMES_ON) if on else _(TIMES_OFF)
            case NumbersAre(on=on):
                return _(NUMBERS_ON) if on else _(NUMBERS_OFF)
            case NotKept():
                return _("This cannot be recorded now; when you come back it may be as before.")
            case OthersHeard(again=True):
                return _("This server hears the others of the house again.")
            case OthersHeard():
                return _("This server has lost the others of the house; you can read.")
            case NotUtf8():
                return _("Your terminal does not send UTF-8; I read it as Latin-1.")
            case Done():
                return _(DONE)
            case Goodbye():
                return _("Bye!")
            case Closing():
                return _(CLOSING)
            case _:
                return ""

    def _personal(self, event: Answer) -> str:
        """What concerns this person: what they may do, their account, those they write to."""
        _, wording = self._wording.gettext, self._wording
        match event:
            case Removed(room=room, by=by, reason=reason, banned=banned):
                return removed(room, by, reason, banned, wording)
            case StandingIs(standing=standing, by=by, reason=reason):
                until = None if event.until is None else self._timestamps.at(event.until)
                return standing_is(standing, by, until, reason, wording)
            case Registered(nick=nick):
                return _(REGISTERED).format(nick=nick)
            case LoggedIn(nick=nick):
                return _(LOGGED_IN).format(nick=nick)
            case PasswordInClear():
                return _(IN_CLEAR)
            case PasswordAsked():
                return _("The next line is its password; an empty one asks for another nick.")
            case NickDoubted():
                return _(
                    "That could be a password, and is not taken as a nick: /nick NAME takes it as"
                    " one, /login NICK PASSWORD brings a password."
                )
            case SecretSaid():
                return _(
                    "Everybody has read that. If there was a password in it, change it;"
                    " /delete takes the line back."
                )
            case HowToLeave():
                return _(HOW_TO_LEAVE)
            case WordLeft():
                return _(WORD_LEFT)
            case KeptFor(nick=nick):
                return _("{nick} is away; your message waits.").format(nick=nick)
            case Unread(nick=nick, count=count):
                return unread(nick, count, wording)
            case Ignoring(nicks=nicks):
                return ignoring(nicks, wording)
            case _:
                return ""
