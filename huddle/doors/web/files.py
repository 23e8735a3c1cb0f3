"""The files of the page: read once, served from memory.

Beside them there are some that are made: what the page says, in each language but English, by the
catalogues that all of Huddle has (`/sentences/es.json`); and the commands in each language, by the
rows that all clients have (`/commands/en.json`). The sentences are those that stand in the scripts
as ``_("…")`` or ``ngettext("…", "…", n)``, and are found by a sum of their bytes, which is shorter.
All go without comments, indentation, and what else parts nothing.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from functools import partial
from hashlib import sha256
from pathlib import Path
from zlib import crc32

from huddle.doors.web.site import File
from huddle.locale import ENGLISH, LANGUAGES, Wording, column_of, translator
from huddle.protocol.commands import COMMANDS, aliases_of

PAGE = Path(__file__).parent / "page"

TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json; charset=utf-8",
}

_SENTENCE = re.compile(r"""\b_\(\s*("(?:[^"\\]|\\.)*")""")
_COUNTED = re.compile(r"""\bngettext\(\s*("(?:[^"\\]|\\.)*"),\s*("(?:[^"\\]|\\.)*")""")

_COMMENT = re.compile(rb"^ *(?://|/\*| \*).*\n|(?<=[;,{)]) +// .*$", re.MULTILINE)
_MARGIN = re.compile(rb"^\s+", re.MULTILINE)
_GAP = re.compile(rb"(?<=[:;,{}])\s+|\s+(?={)|;?\s+(?=})")
"""What stands between two words of a style, and parts nothing."""

_BREAK = re.compile(
    rb"(?<=[;,{(\[])\n|\n(?=[)}\]])| ?(?P<kept>=>|[=!]==|&&|\|\||(?<= )[=?](?= )) ?"
    rb"|(?<=\)) (?={)|(?<={) | (?=})|(?<=\bif) (?=\()"
)
"""What parts nothing in a script: the end of a line whose statement goes on, or has its own end;
blanks at an operator, before a block, inside braces. No text of the page has such."""

_AFTER = re.compile(
    rb"(?P<kept>\"(?:[^\"\\\n]|\\.)*\"|`[^`]*`|^.*`.*`.*`.*$)|(?<=[,:)]) "
    rb"|(?<=\bconst) (?=[{\[])|(?<=\breturn) (?=[{\[(\"!])|(?<=\bcase) (?=\")"
    rb"|(?<=\bimport) (?={)|(?<=}) (?=from\b)|(?<=\bfrom) (?=\")|(?<=\bfor) (?=\()",
    re.MULTILINE,
)
"""The blank of a script behind a comma, a colon or a bracket, and between a word and a sign, but
not in a text."""


def _kept(found: re.Match[bytes]) -> bytes:
    return found.groupdict().get("kept") or b""


_PARTS_NOTHING = {".css": (_GAP,), ".mjs": (_AFTER, _BREAK)}


def page_files() -> dict[str, File]:
    """All that is served, by its path."""
    files = {_address(path): _read(path) for path in _paths()}
    for language in LANGUAGES:
        if language != ENGLISH:
            said = said_in(translator(language))
            files[f"/sentences/{language}.json"] = _made({short(each): said[each] for each in said})
        files[f"/commands/{language}.json"] = _made(command_rows(language))
    return files


def said_in(wording: Wording) -> dict[str, str | list[str]]:
    """What the page says, in one language; by a count: a form for one, and one for many."""
    said: dict[str, str | list[str]] = {}
    for path in _paths():
        script = path.read_text("utf-8") if path.suffix in (".mjs", ".html") else ""
        for sentence in sentences_of(script):
            said[sentence] = wording.gettext(sentence)
        for one, many in counted_of(script):
            said[one] = list(map(partial(wording.ngettext, one, many), (1, 2)))
    return said


def short(sentence: str) -> str:
    """What the page finds a sentence by in another language; no two of its have the same."""
    return f"{crc32(sentence.encode()):x}"


def sentences_of(script: str) -> Iterator[str]:
    """The sentences that stand in a script."""
    return (json.loads(match[1]) for match in _SENTENCE.finditer(script))


def counted_of(script: str) -> Iterator[tuple[str, str]]:
    """The sentences in a script that depend on a count, for one and for many."""
    return ((json.loads(match[1]), json.loads(match[2])) for match in _COUNTED.finditer(script))


def command_rows(language: str) -> list[list[object]]:
    """Of each command its names in both languages, behind them what else it is called, and in this
    language what it takes and is for.

    Behind that, where nothing need stand behind its name, the type of what it asks for.
    """
    at, say = column_of(language), translator(language).gettext
    return [
        [
            [*command.names, *aliases_of(command)],
            command.usages[at].partition(" ")[2],
            say(command.summary),
        ]
        + ([command.request.type] if command.read is None else [])
        for command in COMMANDS
    ]


def _paths() -> list[Path]:
    return sorted(path for path in PAGE.rglob("*") if path.suffix in TYPES)


def _address(path: Path) -> str:
    return "/" if path.name == "index.html" else f"/{path.relative_to(PAGE).as_posix()}"


def _read(path: Path) -> File:
    body = _MARGIN.sub(b"", _COMMENT.sub(b"", path.read_bytes()))
    for nothing in _PARTS_NOTHING.get(path.suffix, ()):
        body = nothing.sub(_kept, body)
    return _file(TYPES[path.suffix], body)


def _made(what: object) -> File:
    return _file(
        TYPES[".json"], json.dumps(what, ensure_ascii=False, separators=(",", ":")).encode()
    )


def _file(type: str, body: bytes) -> File:
    tag = f'W/"{sha256(body).hexdigest()[:16]}"'
    return File(type, body, tag, gzip.compress(body, mtime=0))
