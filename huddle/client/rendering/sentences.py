"""Events in sentences, without what stands before and behind a line."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from datetime import datetime, tzinfo
from math import ceil

from huddle.client.commands.table import COMMANDS
from huddle.client.rendering import listings
from huddle.client.rendering.notices import Happening, happened
from huddle.client.session import events
from huddle.client.session.state import Line
from huddle.locale import N_, Wording, column_of
from huddle.locale.errors import no_command, refusal
from huddle.locale.listings import HelpRow, commands, roster
from huddle.locale.wording import (
    CLOSING,
    DONE,
    HELLO,
    LOGGED_IN,
    REGISTERED,
    YOU_ARE,
    YOU_ARE_IN,
    YOU_HAVE_LEFT,
    done,
    how_it_is,
    others,
    unread,
)
from huddle.protocol import requests
from huddle.protocol.answers import Help, NickIs
from huddle.protocol.commands import EVERYDAY, Command, command_named
from huddle.protocol.events import INBOX
from huddle.protocol.requests import ProgramRequest

CAUSES = {
    events.Cause.REFUSED: N_("nobody listens at {place}"),
    events.Cause.UNKNOWN_HOST: N_("no such host: {host}"),
    events.Cause.NO_ANSWER: N_("no answer from {place}"),
    events.Cause.UNREACHABLE: N_("{place} cannot be reached"),
    events.Cause.CLOSED: N_("the connection is lost"),
    events.Cause.SILENT: N_("the server does not answer any more"),
    events.Cause.MUTE: N_("closed without a word; if TLS is spoken there: --tls"),
    events.Cause.NO_TLS: N_("no TLS is spoken there"),
    events.Cause.UNTRUSTED: N_("not connected: the server is not trusted"),
}

DOUBTS = {
    events.Doubt.SELF_SIGNED: N_("The certificate of {place} is signed by nobody but itself."),
    events.Doubt.UNKNOWN_AUTHORITY: N_("The certificate of {place} is signed by nobody known."),
    events.Doubt.EXPIRED: N_("The certificate of {place} has expired."),
    events.Doubt.NOT_YET_VALID: N_("The certificate of {place} is not valid yet."),
    events.Doubt.OTHER_NAME: N_("The certificate of {place} is not for it, but for: {hosts}."),
    events.Doubt.INVALID: N_("The certificate of {place} is not valid."),
    events.Doubt.CHANGED: N_("WARNING: THE CERTIFICATE OF {place} HAS CHANGED!"),
    events.Doubt.ANOTHER: N_("The certificate of {place} is not the one of --trust."),
}

NICK_IS: Mapping[type[object], str] = {requests.Login: LOGGED_IN, requests.Register: REGISTERED}
"""What is told of a nick that is the answer to these; one that was only asked for is `Named`."""

QUOTED = 60
"""Characters of an own line that are shown when something is to be said about it."""


class Sentences:
    """In one language, about a room; ``zone`` None is the machine's own."""

    def __init__(self, wording: Wording, zone: tzinfo | None) -> None:
        self.wording = wording
        self.room = ""
        """The room that one is in."""
        self._zone = zone

    def help(self, allowed: Container[str] | None = None) -> Iterator[str]:
        """The commands, as one types them in this language and in the other.

        ``allowed``: the English names of those that the server allows; None: it has not told.
        """
        wanted = (one for one in COMMANDS if allowed is None or one.english in allowed)
        return commands(list(map(self._help_on, wanted)), self.wording)

    def help_on(self, name: str) -> Iterator[str]:
        """One command, by its name in either language."""
        named = command_named(name)
        known = [one for one in COMMANDS if named is not None and one.english == named.english]
        yield from (self._help_on(one).sentence for one in known)
        if not known:
            yield no_command(name.removeprefix("/"), self.wording)

    def _help_on(self, command: Command) -> HelpRow:
        other = "es" if column_of(self.wording.language) == 0 else "en"
        usage = command.usage(self.wording.language)
        sentence = f"{usage} · {command.usage(other)}: {self.wording.gettext(command.summary)}"
        return HelpRow(usage.split()[0], sentence, command.group, command.english in EVERYDAY)

    def asked(self, request: ProgramRequest) -> str:
        """What was looked for in the record, as the title of what was found."""
        _ = self.wording.gettext
        room = getattr(request, "room", None) or self.room
        where = _("your private messages") if room == INBOX else f"#{room}"
        if isinstance(request, requests.Search):
            return _("{words}, in {place}").format(words=request.words, place=where)
        return where

    def doubt(self, event: events.Untrusted) -> Iterator[str]:
        """What is to be said of a certificate."""
        _ = self.wording.gettext
        hosts = ", ".join(event.hosts) or "–"
        yield _(DOUBTS[event.doubt]).format(place=event.place, hosts=hosts)
        if event.known is not None:
            yield _("Somebody may be listening in, or the server has a new one.")
            yield _("It was: SHA-256 {fingerprint}").format(fingerprint=event.known.fingerprint)
            yield _("It is:  SHA-256 {fingerprint}").format(fingerprint=event.fingerprint)
        else:
            yield f"SHA-256 {event.fingerprint}"

    def sentences(self, event: events.Event) -> Iterator[str]:
        """What is to be told of an event, each sentence for a line; some are empty."""
        match event:
            case events.Here():
                yield self._in_room(event.room) + self._others(event)
            case _ if isinstance(event, Happening):
                told = happened(event, self.wording, self._moment)
                where = "" if isinstance(event, events.Removed) else self._in_room(event.room)
                yield told and where + told
            case events.Welcomed():
                yield from self._welcome(event)
            case events.Offline():
                yield from self._offline(event)
            case events.Untrusted():
                yield from self._untrusted(event)
            case events.Refused() | events.Expired() | events.InDoubt() | events.Delayed():
                yield from self._of_own_lines(event)
            case events.Answered():
                yield from self._answered(event)
            case _:
                yield from self._of_the_session(event)

    def _welcome(self, event: events.Welcomed) -> Iterator[str]:
        _ = self.wording.gettext
        entered = event.rooms.get(self.room)
        # Where one is not in that one yet: all that one is in.
        seen = event.rooms.values() if entered is None else [entered]
        here = " ".join(map(self._others, seen))
        yield _(HELLO).format(nick=event.nick, here=here)
        if isinstance(entered, events.Entered):
            yield from self._how(entered)
        if event.again:
            yield self.wording.counted(
                "{count} line had not been acknowledged and is said again.",
                "{count} lines had not been acknowledged and are said again.",
                event.again,
            )

    def _how(self, room: events.Entered) -> Iterator[str]:
        """What is unusual about a room, for a person who comes in."""
        return how_it_is(room.topic, room.slow, room.quiet, self.wording)

    def _others(self, here: events.Here) -> str:
        """Who else is here; the session itself is counted and not named."""
        return others(here.count, here.names, self.wording)

    def _offline(self, event: events.Offline) -> Iterator[str]:
        ngettext = self.wording.ngettext
        cause = self.cause(event)
        if event.retry_in is None:
            yield cause
            return
        seconds = ceil(event.retry_in)
        if event.following:
            yield ngettext(
                "{cause}; trying {place} in {count} s",
                "{cause}; trying {place} in {count} s",
                seconds,
            ).format(cause=cause, place=event.following, count=seconds)
            return
        yield ngettext(
            "{cause}; trying again in {count} s", "{cause}; trying again in {count} s", seconds
        ).format(cause=cause, count=seconds)

    def cause(self, event: events.Offline) -> str:
        """Why there is no link, without a full stop."""
        host, _, _ = event.place.rpartition(":")
        return self.wording.gettext(CAUSES[event.cause]).format(place=event.place, host=host)

    def _untrusted(self, event: events.Untrusted) -> Iterator[str]:
        _ = self.wording.gettext
        yield from self.doubt(event)
        if event.known is not None:
            yield _("If you are sure that it is right, remove line {line} of {file}").format(
                line=event.known.line, file=event.known.file
            )
        elif event.doubt is not events.Doubt.ANOTHER:
            yield _("If that is the server's: --trust {fingerprint}").format(
                fingerprint=event.fingerprint.replace(":", "")
            )
            yield _("If you have the certificate of its authority: --ca FILE")

    def _of_own_lines(
        self, event: events.Refused | events.Expired | events.InDoubt | events.Delayed
    ) -> Iterator[str]:
        _ = self.wording.gettext
        match event:
            case events.Delayed():
                yield _("The server cannot record anything now; what you said is said again.")
            case events.Expired(line=line):
                yield _("It is not known any more whether this was said: {line}").format(
                    line=quoted(line)
                )
            case events.Refused(line=line, reason=reason):
                yield reason or _("Not said: it is too long.")
                yield f"   {quoted(line)}"
            case events.InDoubt(lines=lines):
                yield self.wording.counted(
                    "The server does not know you any more; {count} line may be unsaid:",
                    "The server does not know you any more; {count} lines may be unsaid:",
                    len(lines),
                )
                yield from (f"   {quoted(line)}" for line in lines)

    def _answered(self, event: events.Answered) -> Iterator[str]:
        _ = self.wording.gettext
        match event.answer:
            case events.Entered() as room:
                others = self._others(room)
                here = _(YOU_ARE_IN) if room.room == self.room else _("You are in {room}, too.")
                yield f"{here.format(room=room.room)} {others}"
                yield from self._how(room)
            case events.Here(room=name) as here:
                where = self._in_room(name)
                yield from (
                    where + line for line in roster(here.count, here.names, here.away, self.wording)
                )
            case Help(commands=rows):
                yield from self.help({row.english[1:].split(" ")[0] for row in rows})
            case NickIs(nick=nick):
                told = NICK_IS.get(type(event.request))
                yield _(told).format(nick=nick) if told else ""
            case events.Past():
                pass  # of these, `lines`
            case None:
                yield self._done(event.request)
            case _:
                yield from listings.answered(event.answer, self.wording, self._moment)

    def _done(self, request: ProgramRequest) -> str:
        """What was done, where no event tells."""
        _ = self.wording.gettext
        match request:
            case requests.Join(room=room):
                return _(YOU_ARE_IN).format(room=room)
            case requests.Leave(room=room):
                left = _(YOU_HAVE_LEFT).format(room=room)
                return f"{left} {_(YOU_ARE_IN).format(room=self.room)}"
            case requests.ChangeNick():
                return ""
            case requests.Mute(nick=who, seconds=seconds) | requests.Ban(who=who, seconds=seconds):
                return done(request.type, who, seconds, self.wording)
            case requests.Unmute(nick=who) | requests.Unban(who=who):
                return done(request.type, who, None, self.wording)
            case requests.SetVoice(nick=who, on=on):
                return done("voice" if on else "unvoice", who, None, self.wording)
            case requests.MakeOperator(nick=who, on=on):
                return done("op" if on else "deop", who, None, self.wording)
            case _:
                return _(DONE)

    def _of_the_session(self, event: events.Event) -> Iterator[str]:
        _ = self.wording.gettext
        match event:
            case (
                events.NickRefused(code=code, reason=reason)
                | events.PasswordWanted(code=code, reason=reason)
                | events.Denied(code=code, reason=reason)
                | events.TurnedAway(code=code, reason=reason)
                | events.Expelled(code=code, reason=reason)
            ):
                yield reason or self._refusal(code)
            case events.Unread(nick=nick, count=count):
                yield unread(nick, count, self.wording)
            case events.Named(nick=nick):
                yield _(YOU_ARE).format(nick=nick)
            case events.Motd(lines=lines):
                yield from lines
            case events.Closing():
                yield _(CLOSING)
            case events.Replaced():
                yield refusal("replaced", self.wording)
            case events.Reset(room=room) if room == INBOX:
                pass  # after a login it is another one, which the user need not know
            case events.Reset(room=room):
                yield self._in_room(room) + _("The server has begun a new record.")
            case events.Missing(first=first, last=last):
                yield self.wording.counted(
                    "The server has left out {count} message.",
                    "The server has left out {count} messages.",
                    last - first + 1,
                )
            case events.Unreadable():
                yield _("The server sent something that this program does not understand.")

    def _refusal(self, code: str) -> str:
        """What this program refuses itself, or the server without a word."""
        _ = self.wording.gettext
        if code == "lost":
            return _(
                "The connection was lost before the server answered; look whether it was done."
            )
        return _("That was refused ({code}).").format(code=code)

    def _in_room(self, room: str) -> str:
        return "" if room in (self.room, INBOX) else f"#{room} "

    def _time(self, time: str) -> datetime | None:
        """The local time; None when the server sent none."""
        try:
            return datetime.fromisoformat(time).astimezone(self._zone)
        except (ValueError, OverflowError):
            return None

    def _moment(self, time: int) -> str:
        """A time with its day, as one reads it."""
        return f"{datetime.fromtimestamp(time / 1000, self._zone):%Y-%m-%d %H:%M}"


def quoted(line: Line) -> str:
    """An own line, so that its owner knows which one it was."""
    return line.text if len(line.text) <= QUOTED else f"{line.text[:QUOTED]}…"
