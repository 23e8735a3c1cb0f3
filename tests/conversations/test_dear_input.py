"""What is dear to normalize costs as little as any other line, wherever it is typed.

Unicode puts marks in order by sorting each row of them, which takes the square of the row's length:
a line of 64 KiB would stop the server for seconds. So what is counted here is what the sorting is
given, and not how long it takes.
"""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import groupby, islice
from typing import Literal

import pytest

from huddle.people.authentication import hashed_key
from huddle.people.return_words import normal
from huddle.protocol.errors import HuddleError
from huddle.protocol.names import folded_key, keys, nick, room_name
from huddle.protocol.text import clean
from huddle.record import search
from tests.dear_lines import ALL_TEMPLATES, LINE, SAID, TEMPLATES, TYPED, Cost, Input, Search
from tests.world import World

LONGEST_ROW = 34
"""Marks in a row that may be sorted: 30, and those of the letter before them."""

DEAREST = 10_000_000
"""Nanoseconds, by the estimate of `tests.dear_lines`, that one line may take."""

SHORT = 256
"""Characters that may be marks in a row all the same: as many as are read as a name."""

LONGEST_TEXT = 4400
"""Characters that may be normalized at once: those of a text, and what parts its rows."""

DEAR = {
    "two marks": "a" + "\u0301" * (LINE // 4) + "\u0323" * (LINE // 4),
    "two marks in turn": "a" + "\u0301\u0323" * (LINE // 4),
    "marks of two": "a" + "\u0344" * (LINE // 2),
    "sound marks": "ｶ" + "\uff9e" * (LINE // 6) + "\u0323" * (LINE // 6),
    "letters with marks": "\u1ea5" * (LINE // 3),
    "letters": "\ufdfa" * (LINE // 3),
    "marks of four bytes": "\U0001d15f" + "\U0001d165\U0001d16d" * (LINE // 8),
    "marks of Tibet": "\u0f40" + "\u0f73\u0f71\u0f39" * (LINE // 9),
    "marks of Arabic": "\u0628" + "\u0651\u064b\u0670\u08f3" * (LINE // 8),
    "syllables in parts": "\u1100\u1161\u11a8" * (LINE // 9),
    "joined signs": "\U0001f468\ufe0f\u200d" * (LINE // 10),
    "what folds to three": "\u0390\u1fb7\ufb03" * (LINE // 8),
}


def cut(text: str, size: int) -> str:
    """As much of it as has that many bytes."""
    return text.encode()[:size].decode(errors="ignore")


class Sorting:
    """What `unicodedata.normalize` was given: its length, and its longest row of marks."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.calls = 0
        self.longest_text = 0
        self.longest_row = 0
        self._really = unicodedata.normalize
        monkeypatch.setattr(unicodedata, "normalize", self._count)

    def _count(self, form: Literal["NFC", "NFD", "NFKC", "NFKD"], text: str) -> str:
        self.calls += 1
        self.longest_text = max(self.longest_text, len(text))
        marks = map(unicodedata.combining, self._really("NFKD", text[: 2 * LONGEST_TEXT]))
        rows = (len(list(row)) for is_mark, row in groupby(marks, bool) if is_mark)
        if len(text) > SHORT:
            self.longest_row = max(self.longest_row, *rows, 0)
        return self._really(form, text)


@pytest.fixture
def sorting(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sorting]:
    sorting = Sorting(monkeypatch)
    yield sorting
    assert sorting.longest_text <= LONGEST_TEXT
    assert sorting.longest_row <= LONGEST_ROW


READERS: dict[str, Callable[[str], object]] = {
    "nick": nick,
    "room_name": room_name,
    "keys": keys,
    "folded_key": folded_key,
    "return word": normal,
    "key of a room": lambda key: hashed_key(b"key", key),
    "text of the record": lambda text: search.folded(text[:2048]),
    "text of the index": lambda text: search.respelled(f"я{text[:2048]}"),
    "words of a search": search.phrases,
    "the same for FTS5": search.match_expression,
}


@pytest.mark.parametrize("reader", READERS)
def test_what_reads_is_given_little_to_sort(reader: str, sorting: Sorting) -> None:
    for dear, whole in DEAR.items():
        before = sorting.calls
        for text in (whole, whole[:90]):
            with suppress(HuddleError):
                READERS[reader](text)
        assert sorting.calls > before, dear


COMMANDS = (
    "{}",
    "/back {}",
    "/back ana {}",
    "/nick {}",
    "/join {}",
    "/join ops {}",
    "/msg {} hola",
    "/msg bob {}",
    "/ignore {}",
    "/unignore {}",
    "/search {}",
    "/delete {}",
    "/ban {}",
    "/ban bob {}",
    "/unban {}",
    "/mute {}",
    "/kick {}",
    "/host {}",
    "/key {}",
    "/topic {}",
    "/who {}",
    "/register {}",
    "/login {}",
    "/history {}",
)


@pytest.mark.parametrize("dear", DEAR)
def test_nothing_that_a_person_types_is_dear(dear: str, sorting: Sorting) -> None:
    world = World()
    ana, bob = world.person("ana"), world.person("bob")
    ana.says("/join ops")  # where she is host, and may do more
    bob.says("/join ops")
    text = cut(DEAR[dear], TYPED)
    ana.says(*[command.format(text) for command in COMMANDS])
    newcomer = world.connect()
    newcomer.says(text, f"/back {text}", f"/back ana {text}", "/salir")
    ana.forgets()
    bob.forgets()
    ana.says("still here")
    bob.hears("<ana> still here")


REQUESTS: tuple[tuple[str, str, dict[str, object]], ...] = (
    ("msg", "to", {"text": "hola", "id": 1}),
    ("join", "key", {"room": "ops", "id": 2}),
    ("join", "room", {"id": 3}),
    ("search", "query", {"id": 4}),
    ("search", "text", {"id": 4}),
    ("nick", "nick", {"id": 5}),
    ("ignore", "nick", {"id": 6}),
    ("ban", "who", {"room": "mine", "id": 7}),
    ("unban", "who", {"room": "mine", "id": 8}),
    ("delete", "nick", {"room": "mine", "id": 9}),
    ("kick", "nick", {"room": "mine", "id": 10}),
    ("key", "key", {"room": "mine", "id": 11}),
)


@pytest.mark.parametrize("dear", DEAR)
def test_nothing_that_a_program_asks_for_is_dear(dear: str, sorting: Sorting) -> None:
    world = World()
    ana, bot = world.person("ana"), world.program("bot")
    bot.asks("join", room="mine", id=1)
    for type, field, others in REQUESTS:
        text = cut(DEAR[dear], LINE // 4)  # json writes each character with six or twelve
        bot.sends_objects({"type": type, field: text, **others})
    world.settle()
    other = world.connect()
    other.sends(b'{"type":"hello","v":1,"nick":"%s"}\n' % cut(DEAR[dear], LINE).encode())
    world.settle()
    ana.forgets()
    bot.says("still here")
    ana.hears("<bot> still here")


def test_nothing_that_can_be_typed_or_asked_has_a_long_row_sorted(sorting: Sorting) -> None:
    """At every place of every command and in every field of every request, as long as it is looked
    at there, and as long as it is said."""
    search = Search(ALL_TEMPLATES, random.Random(1))
    for template in ALL_TEMPLATES:
        for size in (template.most, SAID):
            search.hear(Input(template, (("\u0301\u0323", 1),), size))
    assert sorting.calls


def test_no_field_of_either_dialect_takes_64_kib_of_anything() -> None:
    """Each field is tried with what is dear by kind; `tests.long.test_dear_lines` looks further."""
    search = Search(TEMPLATES, random.Random(1))
    for template in TEMPLATES:
        for piece in (("\x01", 1),), (("\u202e", 1), ("\u0301", 1)), (("a\u0301", 1), (" ", 1)):
            line = Input(template, piece, template.most)
            assert search.cost_of(line) <= DEAREST, str(line)
    for _ in islice(search.steps(), len(TEMPLATES) // 2):
        pass
    cost, line = search.dearest[0]
    assert cost <= DEAREST, str(line)


def test_the_search_sees_what_is_dear() -> None:
    text = "\x01" * 65_000
    cost = Cost()
    assert cost.of(lambda: clean(text)) > DEAREST
    assert cost.of(lambda: text.isprintable() or text.strip()) < DEAREST / 10
    hola = Input(TEMPLATES[0], (("hola ", 1),))
    assert Search(TEMPLATES, random.Random(1)).cost_of(hola) < DEAREST / 5
