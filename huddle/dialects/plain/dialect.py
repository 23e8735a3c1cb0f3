"""The plain dialect: lines for people with `nc` or `telnet`.

What a person said is ``<nick> text`` or ``* nick text``, to one person alone ``[nick] text``, and
``[ana → bob] text`` where its reader said it, on another device or some time ago; the
server's own lines begin with ``-- ``, and are broken between words at 80 columns. Texts, topics,
reasons and nicks are clean when they come here (`huddle.protocol.text`, `huddle.protocol.names`),
so none of them makes a line that looks like another's.

A renderer is one language, with times or without, and with numbers or without. The time stands in
front of live lines if wished, and always where they come from the record, with a line for the day
where it changes; behind it stands the number, ``#41``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from typing import Final

from typing_extensions import override

from huddle.dialects.plain.answers import Answers
from huddle.dialects.plain.keys import edited
from huddle.dialects.plain.notices import happened
from huddle.dialects.plain.timestamps import Timestamps
from huddle.locale import LANGUAGES, Wording, translator
from huddle.locale.blanks import BLANKS, as_written, shortened, without_long_blanks
from huddle.locale.clock import HouseClock
from huddle.locale.columns import IGNORABLE, SCREEN, wrapped
from huddle.locale.wording import (
    ANNOUNCES,
    REST_WRITTEN,
    WAS_DELETED,
    WRITTEN_BY,
    about,
    numbered,
)
from huddle.protocol.answers import (
    Answer,
    Greeting,
    Invitation,
    Motd,
    Past,
    Refused,
    RoomList,
    Roster,
    Written,
)
from huddle.protocol.commands import (
    BARE_WORDS,
    LEAVING_WORD,
    LONGEST_WORD,
    contains_secret,
    is_command,
    read_command,
)
from huddle.protocol.dialect import PERSON, Dialect, Reader, Renderer
from huddle.protocol.errors import BadNick, HuddleError, LeavingWord, TextTooLong, WrongPassword
from huddle.protocol.events import INBOX, Deleted, Kind, RoomEvent, Said
from huddle.protocol.limits import Limits
from huddle.protocol.long_answers import LONG, LongAnswer, in_pieces
from huddle.protocol.requests import Bye, ChangeNick, Hello, Login, Request, Say
from huddle.protocol.text import LONGEST, REPLACEMENT, clean, decode

_BEFORE = re.compile(rf"(?:[\s{REPLACEMENT}{IGNORABLE}]|\[[0-9;]*[A-Z~])*")
"""What may stand before a command without its author knowing. In nc an arrow key is ``ESC [ A``."""

_PLAIN_BEGINNINGS = frozenset(
    letter
    for letter in map(chr, range(ord("\N{LATIN SMALL LETTER TURNED A}")))
    if letter != "[" and not _BEFORE.fullmatch(letter)
)
"""With one of these nearly all texts begin, and behind none of them a command is hidden."""

_WIDE_SLASH = "\N{FULLWIDTH SOLIDUS}"


class PlainReader(Reader):
    """Reads what people type. The first line that is no command is the nick.

    A command with a secret in it is one behind white space, behind what shows nothing and behind
    the traces of an arrow key too: a password must not be said.
    """

    __slots__ = ("_clock", "not_utf8")

    def __init__(self, clock: HouseClock) -> None:
        self._clock = clock
        self.not_utf8 = False

    @override
    def read(self, line: bytes, named: bool) -> Request | Refused | None:
        if len(line) > LONGEST and len(line := line.rstrip(b" \t")) > LONGEST:
            too_long = TextTooLong(Limits().text) if named else BadNick("too-long")
            return Refused(too_long)
        text, was_other = decode(line)
        self.not_utf8 = self.not_utf8 or was_other
        if not text.isprintable():
            text = clean(edited(text))
        text = text.rstrip()
        if not text:
            return None
        try:
            return self._inside(text) if named else self._at_the_door(text.strip())
        except HuddleError as error:
            return Refused(error)

    @override
    def read_password(self, line: bytes) -> Request | Refused | None:
        if len(line) > LONGEST:
            return Refused(WrongPassword())
        text = clean(edited(decode(line)[0])).strip()
        if is_command(text) or text.lower() == LEAVING_WORD:
            return self.read(line, named=False)
        return Login(None, text) if text else ChangeNick()

    @override
    def written(self, line: bytes) -> str:
        return clean(edited(decode(line)[0]))

    def _inside(self, text: str) -> Request:
        first = text[0]
        if first == "/":
            if text.startswith("//"):
                return Say(LEAVING_WORD if text == f"//{LEAVING_WORD}" else text[1:])
            return read_command(text, self._clock)
        if first not in _PLAIN_BEGINNINGS and (command := _hidden_command(text)) is not None:
            return read_command(command, self._clock)
        if len(text) <= LONGEST_WORD and (word := text.strip().lower()) in BARE_WORDS:
            return _leaving(word)
        return Say(text)

    def _at_the_door(self, text: str) -> Request:
        if text.startswith("/"):
            return read_command(text, self._clock)
        return _leaving(text.lower()) if text.lower() in BARE_WORDS else Hello(text)


def _leaving(word: str) -> Request:
    """What one of `BARE_WORDS` means. Raises `LeavingWord` for those that leave elsewhere."""
    if word != LEAVING_WORD:
        raise LeavingWord(word)
    return Bye(by_word=True)


def _hidden_command(text: str) -> str | None:
    """The command with a secret that the line was meant to be."""
    rest = _BEFORE.sub("", text, count=1)
    command = f"/{rest[1:]}" if rest.startswith(_WIDE_SLASH) else rest
    return command if contains_secret(command) else None


class PlainRenderer(Renderer):
    """Renders for people in one language, with the time in front of live lines or without, and with
    the numbers of messages or without."""

    quiet = None
    acknowledges = False

    def __init__(
        self, language: str, times: bool, clock: HouseClock, numbers: bool = False
    ) -> None:
        self._wording = translator(language)
        self._answers = Answers(self._wording, clock)
        self._timestamps = Timestamps(self._wording, clock)
        self._times = times
        self._numbers = numbers
        self._bare = not (times or numbers)
        self._clock = clock
        self.audience = ("plain", language, times, numbers)
        self._greeting = self._own(self._answers.answer(Greeting()))

    @override
    def live(self, events: Sequence[RoomEvent]) -> list[bytes]:
        lines: list[bytes] = []
        for event in events:
            if self._bare and isinstance(event, Said):
                lines.append(said_line(event, self._wording).encode())
            else:
                lines.append(self._live_line(event))
        return lines

    @override
    def past(self, messages: Sequence[Said], previous: int | None) -> list[bytes]:
        lines: list[bytes] = []
        for message in messages:
            changes = previous is not None and self._clock.other_day(previous, message.time)
            rule = self._day(message.time) if changes else ""
            lines.append(f"{rule}{self._timed(message)}".encode())
            previous = message.time
        return lines

    @override
    def opening(self, time: int) -> bytes:
        return b"" if self._clock.is_today(time) else self._day(time).encode()

    @override
    def answer(self, event: Answer) -> bytes:
        if isinstance(event, LONG):
            return b"".join(self.pieces(event))
        match event:
            case Greeting():
                return self._greeting
            case Motd() | Invitation():  # the house's own words, as they were written
                return "\n".join([*self._answers.answer(event), ""]).encode()
            case Roster():  # in columns, which blanks make
                return _rows("\n".join(self._answers.answer(event)))
            case _:
                return self._own(self._answers.answer(event))

    @override
    def pieces(self, event: LongAnswer) -> Iterator[bytes]:
        return in_pieces(self._rows_of(event))

    def _rows_of(self, event: LongAnswer) -> Iterator[bytes]:
        if isinstance(event, Written) and event.messages:
            yield from self._written(event)
            return
        if isinstance(event, Past) and event.messages:
            yield self.opening(event.messages[0].time)
            previous: int | None = None
            for message in event.messages:
                yield from self.past([message], previous)
                previous = message.time
        for line in self._answers.answer(event):
            yield _rows(line) if isinstance(event, RoomList) else self._own([line])

    def _live_line(self, event: RoomEvent) -> bytes:
        if isinstance(event, Said):
            time = f"{self._clock.minute(event.time)} " if self._times else ""
            return f"{time}{self._number(event)}{said_line(event, self._wording)}".encode()
        told = happened(event, self._wording)
        if told and self._numbers and isinstance(event, Deleted):
            number = numbered(event.seq, private=event.room[0] == INBOX)
            told = f"{told} ({number})"
        return self._own([f"-- {told}"]) if told else b""

    def _own(self, lines: Iterable[str]) -> bytes:
        """Lines of the server's, in which there may be words of a person's: topics, reasons."""
        return _rows(without_long_blanks("\n".join(lines), self._wording))

    def _timed(self, message: Said) -> str:
        time, number = self._clock.minute(message.time), self._number(message)
        return f"{time} {number}{said_line(message, self._wording)}"

    def _number(self, message: Said) -> str:
        if not self._numbers:
            return ""
        return f"{numbered(message.seq, private=message.room[0] == INBOX)} "

    def _written(self, written: Written) -> Iterator[bytes]:
        """Each line as it was written, behind what shows that nobody says it just now."""
        _ = self._wording.gettext
        first, last = written.messages[0], written.messages[-1]
        private = first.room[0] == INBOX
        number = numbered(first.seq, private=private)
        yield self._own([f"-- {_(WRITTEN_BY).format(number=number, nick=first.nick)}"])
        for said in written.messages:
            if said.kind is Kind.DELETED:
                yield said_line(said, self._wording).encode()
            else:
                yield "\n".join([*as_written(said.text, self._wording), ""]).encode()
        if written.more:
            number = numbered(last.seq + 1, private=private).removeprefix("#")
            rest = _(REST_WRITTEN).format(number=number)
            yield self._own([f"-- {rest}"])

    def _day(self, time: int) -> str:
        return f"-- {self._timestamps.day(self._clock.day(time))} --\n"


class PlainDialect(Dialect):
    """The plain dialect of a house in one time zone."""

    traits: Final = PERSON

    def __init__(self, clock: HouseClock) -> None:
        self._clock = clock
        self._renderers = {
            (language, times, numbers): PlainRenderer(language, times, clock, numbers)
            for language, times, numbers in product(LANGUAGES, (False, True), (False, True))
        }

    @override
    def reader(self) -> PlainReader:
        return PlainReader(self._clock)

    @override
    def renderer(self, language: str, times: bool, numbers: bool = False) -> PlainRenderer:
        return self._renderers[language, times, numbers]


def _rows(told: str) -> bytes:
    """Lines as rows of a screen, each with its end."""
    rows: list[str] = []
    for line in told.split("\n") if told else ():
        if len(line) <= SCREEN and line.isascii() and "\t" not in line:
            rows.append(line)  # most are, and are spared the call
        else:
            rows.extend(wrapped(line))
    return "\n".join([*rows, ""]).encode()


# What Kind is asked for costs as much as the rest of a line; this is bound once.
_SAY = Kind.SAY


def said_line(message: Said, wording: Wording) -> str:
    """A message as a live line, with its end, without a time. Long rows of blanks are shortened."""
    text = message.text
    if ("  " in text or "\t" in text or not text.isascii()) and BLANKS.search(text):
        text = shortened(text, wording)
    if message.re or message.edits:
        private = message.room[0] == INBOX
        text = f"{about(message.re, message.edits, wording, private=private)}{text}"
    if message.kind is _SAY and message.room[0] != INBOX:
        return f"<{message.nick}> {text}\n"
    return f"{_marked(message, text, wording)}\n"


def _marked(message: Said, text: str, wording: Wording) -> str:
    _, nick = wording.gettext, message.nick
    match message.kind:
        case Kind.ANNOUNCE:
            return f"-- {_(ANNOUNCES).format(nick=nick, text=text)}"
        case Kind.DELETED:
            return f"-- {_(WAS_DELETED).format(nick=nick)}"
    acts = message.kind is Kind.ME
    if message.to:
        return f"[{nick} → {message.to}] {f'* {nick} ' if acts else ''}{text}"
    if message.room[0] == INBOX:
        return f"[* {nick} {text}]" if acts else f"[{nick}] {text}"
    return f"* {nick} {text}"
