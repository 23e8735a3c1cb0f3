"""huddle-archive: a room as a text, the acts of moderation, and a copy of it all, while the server
goes on.

All of them only read the database, in transactions of their own; the server notices nothing of it.
"""

from __future__ import annotations

import os
import re
import secrets
import sys
from collections.abc import Callable, Iterable, Mapping
from datetime import tzinfo
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from huddle.locale import N_, Wording
from huddle.locale.blanks import without_long_blanks
from huddle.locale.clock import HouseClock
from huddle.locale.command_line import CommandLine, Given, Misuse
from huddle.people.authentication import hashed_key
from huddle.protocol.errors import BadField, NoSuchRoom, RoomLocked
from huddle.protocol.events import FIRST_ROOM
from huddle.record.errors import RecordUnusable
from huddle.record.files import beside
from huddle.record.sqlite.backup import back_up
from huddle.record.sqlite.export import Form, audit, export
from huddle.server.clocks import LocalZone, now_ms
from huddle.server.start_errors import reason_of, unusable_record
from huddle.tools.command_line import CannotBeDone, Command
from huddle.tools.outputs import STANDARD, check_output, is_stream, is_terminal, write_out

FORMS: dict[str, Form] = {"text": "text", "markdown": "markdown", "json": "jsonl"}

COPIED_BYTES = 1024 * 1024
"""Of a copy that goes into a pipe: as many at once."""

_ISO_T = re.compile(r"(\d{4}-\d\d-\d\d)T")

_OPTIONS = {
    ("room", "ROOM"): N_("the room to write out (huddle)"),
    ("key", "KEY"): N_("the room's key, if it has one"),
    ("format", "…"): N_("text, markdown or json (text)"),
    ("since", "WHEN"): N_("leave out what was said before; such as 14:30 or yesterday"),
    ("until", "WHEN"): N_("leave out what was said then or later"),
    ("tz", "ZONE"): N_("time zone, such as Europe/Madrid"),
    ("output", "FILE"): N_("where to write it; else on the standard output"),
}

_USAGE = (
    N_("Usage: huddle-archive export DATABASE [OPTIONS]"),
    N_("       huddle-archive audit DATABASE [--since WHEN] [--until WHEN] [--tz ZONE] [-o FILE]"),
    N_("       huddle-archive backup DATABASE COPY"),
    "",
    N_(
        "Writes a room out, or the acts of moderation, or copies the whole database, while its\n"
        "server goes on."
    ),
)

COMMAND_LINE = CommandLine(_USAGE, _OPTIONS)

_OF_AUDIT = frozenset({"since", "until", "tz", "output"})


# -- doing it ------------------------------------------------------------------------------------


def _carry_out(given: Given, wording: Wording) -> None:
    _ = wording.gettext
    try:
        _understood(given, wording)()
    except RecordUnusable as error:
        raise CannotBeDone(unusable_record(error, wording)) from None
    except NoSuchRoom as error:
        raise CannotBeDone(_("There is no room {room}.").format(room=error.room)) from None
    except RoomLocked as error:
        sentence = _("{room} is locked; it is written out with its key: --key KEY")
        raise CannotBeDone(sentence.format(room=error.room)) from None


def _export(path: str, given: Mapping[str, str], wording: Wording) -> None:
    form = FORMS.get(given.get("format", "text"))
    if form is None:
        sentence = wording.gettext("--format takes: {names}")
        raise Misuse(sentence.format(names=", ".join(FORMS)))
    (zone, since, until), output = _span(given, wording), given.get("output", STANDARD)
    check_output(output, wording, path)
    lines = export(
        path,
        given.get("room", FIRST_ROOM),
        form,
        wording=wording,
        key=_hashed(path, given.get("key"), wording),
        zone=zone,
        since=since,
        until=until,
        # In JSON no text can leave its quotation marks.
        shown=None if form == "jsonl" else _shown(output, wording),
    )
    _write(lines, output, wording)


def _audit(path: str, given: Mapping[str, str], wording: Wording) -> None:
    (zone, since, until), output = _span(given, wording), given.get("output", STANDARD)
    check_output(output, wording, path)
    lines, shown = audit(path, zone=zone, since=since, until=until), _shown(output, wording)
    _write(map(shown, lines) if shown else lines, output, wording)


def _shown(output: str, wording: Wording) -> Callable[[str], str] | None:
    """What a terminal is to show of somebody's words: it breaks the lines itself. None: all."""
    return partial(without_long_blanks, wording=wording) if is_terminal(output) else None


def _hashed(record: str, key: str | None, wording: Wording) -> bytes | None:
    """What the record has of the key, if it is the room's; the server's own lies beside it."""
    if key is None:
        return None
    path = Path(beside(record, ".key"))
    if not path.exists():
        path = Path(f"{record}.key")  # beside a link, where an older server left it
    try:
        return hashed_key(path.read_bytes(), key)
    except BadField:
        return None
    except OSError as error:
        raise CannotBeDone(f"{path}: {reason_of(error, wording)}") from None


def _write(lines: Iterable[str], output: str, wording: Wording) -> None:
    """In UTF-8, whatever the terminal's language is."""
    write_out(output, (line.encode() for line in lines), wording)


def _back_up(path: str, copy: str, wording: Wording) -> None:
    check_output(copy, wording, path, replaces_records=True)
    epoch = secrets.token_hex(8)
    if not is_stream(copy):
        back_up(path, os.path.realpath(copy), epoch)
        return
    with TemporaryDirectory() as folder:  # SQLite wants a file to go to and fro in
        whole = os.path.join(folder, "copy.db")
        back_up(path, whole, epoch)
        with open(whole, "rb") as file:
            write_out(copy, iter(lambda: file.read(COPIED_BYTES), b""), wording)


# -- understanding it ----------------------------------------------------------------------------


def _understood(typed: Given, wording: Wording) -> Callable[[], None]:
    """What does what was typed."""
    _ = wording.gettext
    words, given = typed.words, typed.last()
    given.pop("lang", None)
    match words:
        case ["backup", path, copy] if not given:
            return partial(_back_up, path, copy, wording)
        case ["export", path]:
            return partial(_export, path, given, wording)
        case ["audit", path] if given.keys() <= _OF_AUDIT:
            return partial(_audit, path, given, wording)
        case ["backup", _path, _copy]:
            reason = _("backup copies everything, without options")
        case ["backup", *_rest]:
            reason = _("backup wants the database and where to copy it")
        case ["export", *_rest]:
            reason = _("export wants the database")
        case ["audit", _path]:
            reason = _("audit is of all rooms, and always a text")
        case ["audit", *_rest]:
            reason = _("audit wants the database")
        case _words:
            reason = _("{word} is neither export nor audit nor backup").format(word=words[0])
    raise Misuse(reason)


def _span(given: Mapping[str, str], wording: Wording) -> tuple[tzinfo, int, int | None]:
    """In which zone, from when and until when."""
    zone = _zone(given.get("tz"), wording)
    since, until = (_time(name, given.get(name), zone, wording) for name in ("since", "until"))
    return zone, since or 0, until


def _zone(name: str | None, wording: Wording) -> tzinfo:
    if name is None:
        return LocalZone()
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        _ = wording.gettext
        raise Misuse(f"{name}: {_('there is no such time zone')}") from None


def _time(option: str, words: str | None, zone: tzinfo, wording: Wording) -> int | None:
    if words is None:
        return None
    time = HouseClock(zone, now_ms).read(_ISO_T.sub(r"\1 ", words))
    if time is None:
        _ = wording.gettext
        raise Misuse(
            _("--{option} {value} is no time such as 14:30, yesterday or 2026-11-20").format(
                option=option, value=words
            )
        )
    return time


main = Command("huddle-archive", COMMAND_LINE, _carry_out).run

if __name__ == "__main__":
    sys.exit(main())
