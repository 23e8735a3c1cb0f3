"""Looks for the dearest line that one can send: cost-guided, counted, without a clock.

A line is made of a template, which is a field of one of the dialects, and of pieces of text, each
repeated until the line has some size. The dearest lines found so far are changed a little, again
and again. What a line costs is estimated in nanoseconds from what is executed until nothing is due
any more: Python lines and calls, and the calls of C functions whose time grows with what they are
given, by its length. So the same line costs the same on every machine, however busy it is.
"""

from __future__ import annotations

import gc
import json
import random
import sys
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from itertools import groupby
from types import FrameType
from typing import Any, Literal, get_args

from typing_extensions import override

from huddle.protocol.commands import COMMANDS
from huddle.protocol.limits import Limits
from huddle.protocol.requests import ProgramRequest
from huddle.protocol.text import LONGEST
from tests.world import Peer, World

SLACK = 128
"""Bytes by which a line may have become longer than it was to be."""

LINE, TYPED, SAID = (most - 2 * SLACK for most in (Limits().line, LONGEST, Limits().text))
"""Bytes of a line with what its template puts around it: as long as one is read at all, as long as
one is looked at that a person typed, and as long as one is said."""

PYTHON_LINE = 20
CALL = 50
"""Nanoseconds of a line and of a call in Python, on a machine of 2020."""

PER_CHARACTER = {
    "normalize": 70.0,
    "sub": 80.0,
    "findall": 80.0,
    "translate": 50.0,
    "casefold": 20.0,
    "lower": 20.0,
    "scan_once": 10.0,
    "split": 10.0,
    "search": 10.0,
    "match": 5.0,
    "fullmatch": 5.0,
    "finditer": 5.0,
}
"""Nanoseconds a character of C functions that look at each: about the most that was measured (67
for `unicodedata.normalize`, on a machine of 2024, beside what it takes to put marks in order)."""

OTHERS = 2.0
"""The same for all others that go through a string: searching, joining, encoding, copying."""

SORTING = 5.0
"""Nanoseconds for each two marks of a row that are put in order, as `unicodedata.normalize` does:
5.6 s for 64 KiB."""

LONG = 256
"""Characters of a text whose marks are put in order, from which on that takes time."""


class Cost:
    """What is executed while it `watches`, in nanoseconds by estimate."""

    def __init__(self) -> None:
        self.nanoseconds = 0.0

    def of(self, action: Callable[[], object]) -> float:
        """What the action costs."""
        self.nanoseconds = 0.0
        traced_by = sys.gettrace()  # whoever measures what the tests reach
        sys.setprofile(self._call)
        sys.settrace(self._line)
        try:
            with _normalized() as given:
                action()
        finally:
            sys.settrace(traced_by)
            sys.setprofile(None)
        return self.nanoseconds + sum(map(_sorting, given))

    def _line(self, frame: FrameType, event: str, argument: object) -> Any:
        if event == "line" and frame.f_code.co_filename != __file__:
            self.nanoseconds += PYTHON_LINE
        return self._line

    def _call(self, frame: FrameType, event: str, function: Any) -> None:
        is_own = frame.f_code.co_filename == __file__  # what is normalized goes through here
        if event == "call":
            self.nanoseconds += CALL
        elif event == "c_call":
            self.nanoseconds += (0 if is_own else CALL) + self._by_length(frame, function)

    def _by_length(self, frame: FrameType, function: Any) -> float:
        weight = PER_CHARACTER.get(function.__name__)
        owner = getattr(function, "__self__", None)
        if isinstance(owner, str | bytes | bytearray):
            return len(owner) * (weight or OTHERS)
        if weight is None:
            return 0.0
        # What it is given is among what its caller knows.
        given = [len(each) for each in frame.f_locals.values() if isinstance(each, str | bytes)]
        return max(given, default=0) * weight


@contextmanager
def _normalized() -> Iterator[list[str]]:
    """All that `unicodedata.normalize` is given meanwhile."""
    given: list[str] = []
    really = unicodedata.normalize

    def normalize(form: Literal["NFC", "NFD", "NFKC", "NFKD"], text: str) -> str:
        given.append(text)
        return really(form, text)

    unicodedata.normalize = normalize
    try:
        yield given
    finally:
        unicodedata.normalize = really


def _sorting(text: str) -> float:
    """What it takes to put the marks of a text in order, which is the square of the longest row."""
    if len(text) < LONG:
        return 0.0
    marks = groupby(map(unicodedata.combining, text), bool)
    longest = max((len(list(row)) for is_mark, row in marks if is_mark), default=0)
    return SORTING * longest**2


@dataclass(frozen=True, slots=True)
class Template:
    """A place for a text: in a line of a person's, or in a field of a program's."""

    name: str
    line: Callable[[str], bytes]
    is_program: bool = False
    is_named: bool = True

    @property
    def most(self) -> int:
        """Bytes of a line that are looked at: a longer one of a person's is refused unseen."""
        return LINE if self.is_program else TYPED


def typed(template: str, is_named: bool = True) -> Template:
    """A line of a person's, with the text instead of ``{}``."""
    before, after = template.split("{}")
    name = template if is_named else f"{template} at the door"
    return Template(name, lambda text: f"{before}{text}{after}".encode(), is_named=is_named)


def asked(field: str, **request: object) -> Template:
    """A program's request, with the text in that field."""

    def line(text: str) -> bytes:
        return json.dumps({**request, field: text}, ensure_ascii=False).encode()

    return Template(f"{request['type']}.{field}", line, is_program=True)


@dataclass(frozen=True, slots=True)
class Input:
    """A line: a template, and pieces of text with the share of the line that each fills."""

    template: Template
    pieces: tuple[tuple[str, int], ...]
    size: int = LINE

    @property
    def bytes(self) -> bytes:
        """The line, without its end; not much longer than its size."""
        whole = sum(share for _, share in self.pieces)
        text = ""
        for piece, share in self.pieces:
            size = max(1, len(self.template.line(piece)) - len(self.template.line("")))
            text += piece * max(1, self.size * share // whole // size)
        line = self.template.line(text)
        while len(line) > self.size + SLACK:
            text = text[: len(text) * self.size // len(line)]
            line = self.template.line(text)
        return line

    @override
    def __str__(self) -> str:
        pieces = ", ".join(f"{piece!a} × {share}" for piece, share in self.pieces)
        return f"{self.template.name}, {self.size} bytes: {pieces}"


PIECES = (
    *("a", "Z", "1", " ", "\t", "/", '"', "\\", "[", ";", ":", ".", "-", "<", "'", ",", "\x00"),
    *(
        "\\u0301",
        "\\ud800",
        "\x01",
        "\x1b[A",
        "\x7f",
        "\x85",
        "\u00a0",
        "\u00ad",
        "\u200b",
        "\u200d",
        "\u200e",
        "\u202e",
    ),
    *("\u0301", "\u0323", "\u0344", "\u0301\u0323", "a\u0301", "\u1ea5", "\ufdfa", "\uff9e"),
    *("\uac00", "\u3164", "\u115f", "\u2800", "\u3000", "\u0130", "\u1e9e", "\U0001f600"),
    *("\U000e0041", "\U0001fffe", "\U0010ffff", "аn", "1.", "::", "10m ", "a b ", "*", "(", "~"),
    *("9", "0", "-", "1e", "0.1", "#1 ", "@", "%", "2026-", "14:30 ", "1h1m", "and ", "yesterday "),
    *('{"a":', '"a":1,', "[[", "NaN,", "1e999,", "\\u0041", "{}", "```", "_", "=", "  \t"),
)
"""Texts that some function somewhere looks at closely."""


class Search:
    """Looks for dear lines; ``chance`` makes it look at the same ones every time."""

    KEPT = 12

    def __init__(self, templates: tuple[Template, ...], chance: random.Random) -> None:
        self._templates = templates
        self._chance = chance
        self._cost = Cost()
        self._world = _world()
        self._sent = 0
        self._by_template: dict[Template, tuple[float, Input]] = {}

    @property
    def dearest(self) -> list[tuple[float, Input]]:
        """The dearest lines and what they cost, at most one of a template."""
        found = sorted(self._by_template.values(), key=lambda each: -each[0])
        return found[: self.KEPT]

    def steps(self) -> Iterator[None]:
        """Try first each template with one piece, then what comes of the dearest, without end."""
        for template in self._templates:
            self._try(Input(template, ((self._chance.choice(PIECES), 1),), template.most))
            yield
        while True:
            _, parent = self._chance.choice(self.dearest)
            self._try(self._changed(parent))
            yield

    def _try(self, line: Input) -> None:
        cost = self.cost_of(line)
        if cost > self._by_template.get(line.template, (0.0, line))[0]:
            self._by_template[line.template] = cost, line

    def cost_of(self, line: Input) -> float:
        """What the dearest turn of the reactor costs of those in which the line is heard, and done
        what becomes of it: others are heard between them."""
        self._send(line)
        dearest, goes_on = 0.0, True

        def turn() -> None:
            nonlocal goes_on
            goes_on = self._world.reactor.turn()

        gc.disable()  # what is done for what others have left is not this line's doing
        try:
            while goes_on:
                dearest = max(dearest, self._cost.of(turn))
        finally:
            gc.enable()
        return dearest

    def hear(self, line: Input) -> None:
        """Have the line heard, and all that becomes of it done."""
        self._send(line)
        self._world.settle()

    def _send(self, line: Input) -> None:
        if self._sent % 40 == 39:  # what was said and made meanwhile is not this line's doing
            self._world = _world()
        self._sent += 1
        peer = self._peer(line.template)
        peer.sends(line.bytes + b"\n")

    def _peer(self, template: Template) -> Peer:
        nick = f"eve{self._sent}"
        if template.is_program:
            return self._world.program(nick)
        return self._world.person(nick) if template.is_named else self._world.connect()

    def _changed(self, parent: Input) -> Input:
        pieces = list(parent.pieces)
        at = self._chance.randrange(len(pieces))
        match self._chance.randrange(6):
            case 0:
                return replace(parent, template=self._chance.choice(self._templates))
            case 5:
                return replace(parent, size=self._chance.choice((LINE, TYPED, SAID)))
            case 1:
                pieces[at] = (self._piece(), pieces[at][1])
            case 2 if len(pieces) < 4:
                pieces.insert(at, (self._piece(), self._chance.randint(1, 4)))
            case 3 if len(pieces) > 1:
                del pieces[at]
            case _:
                piece, share = pieces[at]
                pieces[at] = (piece + self._piece(), share) if len(piece) < 8 else (piece[1:], 1)
        return replace(parent, pieces=tuple(pieces))

    def _piece(self) -> str:
        if self._chance.random() < 0.8:
            return self._chance.choice(PIECES)
        below, above = self._chance.randrange(1, 0xD800), self._chance.randrange(0xE000, 0x110000)
        return chr(self._chance.choice([below, below, above])).replace("\n", " ")


def _world() -> World:
    """A house with some people in it and something in its record."""
    world = World(limits=Limits(flood_rate=0))
    bob, ana = world.person("bob"), world.person("ana", address="10.0.0.7")
    ana.says("/join ops 1234", "/topic on call", "/join huddle")
    bob.says(*(f"message number {n} for all" for n in range(20)))
    return world


_COMMANDS = (
    *("{}", "/back {}", "/nick {}", "/join {}", "/join ops {}", "/msg {} hi", "/msg bob {}"),
    *("/me {}", "/topic {}", "/ban {}", "/ban bob {}", "/mute bob {}", "/kick {}", "/kick bob {}"),
    *("/ignore {}", "/unban {}", "/search {}", "/history {}", "/delete {}", "/key {}", "/slow {}"),
    *("/register {}", "/login bob {}", "/login {}", "/password a {}", "/who {}", "/lang {}"),
    *("/times {}", "/help {}", "/whois {}", "/op {}", "/voice {}", "/audit {}", "/{}", "//{}"),
)
_FIELDS: tuple[tuple[str, dict[str, object]], ...] = (
    ("text", {"type": "say", "id": 1, "room": "huddle"}),
    ("room", {"type": "say", "id": 1, "text": "hi"}),
    ("to", {"type": "msg", "id": 1, "text": "hi"}),
    ("text", {"type": "msg", "id": 1, "to": "bob"}),
    ("room", {"type": "join", "id": 1}),
    ("key", {"type": "join", "id": 1, "room": "ops"}),
    ("nick", {"type": "nick", "id": 1}),
    ("words", {"type": "search", "id": 1, "room": "huddle"}),
    ("since", {"type": "history", "id": 1, "room": "huddle"}),
    ("room", {"type": "history", "id": 1}),
    ("room", {"type": "who", "id": 1}),
    ("nick", {"type": "ignore", "id": 1}),
    ("who", {"type": "ban", "id": 1, "room": "huddle"}),
    ("reason", {"type": "ban", "id": 1, "room": "huddle", "who": "bob"}),
    ("who", {"type": "unban", "id": 1, "room": "huddle"}),
    ("nick", {"type": "mute", "id": 1, "room": "huddle"}),
    ("nick", {"type": "kick", "id": 1, "room": "huddle"}),
    ("nick", {"type": "delete", "id": 1, "room": "huddle"}),
    ("text", {"type": "topic", "id": 1, "room": "huddle"}),
    ("key", {"type": "key", "id": 1, "room": "huddle"}),
    ("password", {"type": "register", "id": 1}),
    ("nick", {"type": "login", "id": 1, "password": "12345678"}),
    ("password", {"type": "login", "id": 1, "nick": "bob"}),
    ("old", {"type": "password", "id": 1, "new": "12345678"}),
    ("nick", {"type": "whois", "id": 1}),
    ("text", {"type": "announce", "id": 1}),
    ("type", {"type": "", "id": 1}),
    ("more", {"type": "ping", "id": 1}),
)
_RAW = (
    *("{}", '{"type":{}', '{"type":"ping","id":{}}', '{"type":"ping","x":[{}]}', '{"after":{"{}'),
    *('{"type":"say","id":1,"text":"{}"}', '{"type":"join","room":"ops","after":{{}}}'),
)


def raw(template: str) -> Template:
    """A program's line, with the text instead of ``{}`` and nothing escaped."""
    before, after = template.split("{}", 1)
    return Template(template, lambda text: f"{before}{text}{after}".encode(), is_program=True)


TEMPLATES = (
    *map(typed, _COMMANDS),
    *(typed(template, is_named=False) for template in ("{}", "/back {}", "/login {}", "/lang {}")),
    *(asked(field, **request) for field, request in _FIELDS),
    *map(raw, _RAW),
)
"""Fields of both dialects that differ in how they are read, and what is no JSON."""


def _at_each_word() -> Iterator[Template]:
    """Every command there is, with the text at each place behind its name."""
    for command in COMMANDS:
        for before in ("", "bob ", "1 ", "#1 ", "10m "):
            yield typed(f"/{command.english} {before}{{}}")


def _in_each_field() -> Iterator[Template]:
    """Every request there is, with the text in each of its fields, in quotes and without."""
    for request in get_args(ProgramRequest):
        usual = {each: USUAL.get(each, "bob") for each in wire_names(request)}
        for field in usual:
            others = {**usual, "type": request.type, "id": 1}
            del others[field]
            yield asked(field, **others)
            rest = json.dumps(others)[1:]
            yield raw(f'{{"{field}":{{}},{rest}')


USUAL: dict[str, object] = {
    **dict.fromkeys(("v", "id", "seq", "block", "re", "edits", "limit", "before", "seconds"), 1),
    **{"on": True, "room": "huddle", "kind": "say", "after": None, "replay": None},
}
"""What a field holds while another one is tried, if it is not a nick."""


def wire_names(request: type[Any]) -> list[str]:
    """What the fields of a request are called on the wire."""
    known = (each for each in fields(request) if not each.metadata.get("inside"))
    return [str(each.metadata.get("name", each.name)) for each in known]


ALL_TEMPLATES = (*TEMPLATES, *_at_each_word(), *_in_each_field())
"""Every field of both dialects, as the commands and the requests are."""
