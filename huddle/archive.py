"""huddle-archive: a room as a text, and a copy of it all, while the server goes on.

Both only read the database, in transactions of their own; the server notices nothing of it.
"""

from __future__ import annotations

import os
import re
import secrets
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import tzinfo
from getopt import GetoptError, gnu_getopt
from tempfile import NamedTemporaryFile
from zoneinfo import ZoneInfo

from huddle.errors import NoSuchRoom
from huddle.house_clock import HouseClock
from huddle.huddle import FIRST_ROOM
from huddle.locale import LANGUAGES, N_, Wording, language_of_environment, translator
from huddle.record.sqlite.backup import back_up
from huddle.record.sqlite.export import Form, export
from huddle.record.trouble import RecordUnusable
from huddle.refusals import reason_of, unusable_record
from huddle.steady_time import LocalZone, now_ms

USAGE = 2
"""The exit status for a command line that cannot be understood; 1 is for what cannot be done."""

FORMS: dict[str, Form] = {"text": "text", "markdown": "markdown", "json": "jsonl"}

_ISO_T = re.compile(r"(\d{4}-\d\d-\d\d)T")

_SUMMARIES = {
    ("room", "ROOM"): N_("the room to write out (huddle)"),
    ("format", "…"): N_("text, markdown or json (text)"),
    ("since", "WHEN"): N_("leave out what was said before; such as 14:30 or yesterday"),
    ("until", "WHEN"): N_("leave out what was said then or later"),
    ("tz", "ZONE"): N_("time zone, such as Europe/Madrid"),
    ("output", "FILE"): N_("where to write it; else on the standard output"),
    ("lang", "en|es"): N_("the language to speak"),
    ("help", ""): N_("show this"),
}


class CannotBeDone(Exception):
    """Says why, in the user's language; ``status`` is the exit status."""

    def __init__(self, reason: str, status: int = 1) -> None:
        super().__init__(reason)
        self.status = status


@dataclass(frozen=True, slots=True)
class Export:
    """Write a room out."""

    path: str
    room: str = FIRST_ROOM
    form: Form = "text"
    zone: tzinfo | None = None
    since: int = 0
    until: int | None = None
    output: str | None = None


@dataclass(frozen=True, slots=True)
class Backup:
    """Copy it all."""

    path: str
    copy: str


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says; returns the exit status."""
    wording = translator(language_of_environment(os.environ))
    try:
        given, words = _given(sys.argv[1:] if arguments is None else arguments, wording)
        wording = _wording(given.pop("lang", None), wording)
        if "help" in given or not words:
            asked = "help" in given
            print(*_help_lines(wording), sep="\n", file=sys.stdout if asked else sys.stderr)
            return 0 if asked else USAGE
        _carry_out(_wanted(words, given, wording), wording)
    except CannotBeDone as refusal:
        print(f"huddle-archive: {refusal}", file=sys.stderr)
        return refusal.status
    except BrokenPipeError:  # whoever reads it has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


# -- doing it ------------------------------------------------------------------------------------


def _carry_out(wanted: Export | Backup, wording: Wording) -> None:
    try:
        if isinstance(wanted, Backup):
            back_up(wanted.path, wanted.copy, epoch=secrets.token_hex(8))
        else:
            _export(wanted, wording)
    except RecordUnusable as error:
        raise CannotBeDone(unusable_record(error, wording)) from None
    except NoSuchRoom as error:
        _ = wording.gettext
        raise CannotBeDone(_("There is no room {room}.").format(room=error.room)) from None


def _export(wanted: Export, wording: Wording) -> None:
    lines = export(
        wanted.path,
        wanted.room,
        wanted.form,
        zone=wanted.zone or LocalZone(),
        since=wanted.since,
        until=wanted.until,
    )
    try:
        if wanted.output is None:
            _print(lines)
        else:
            _write_whole(wanted.output, lines)
    except BrokenPipeError:
        raise
    except OSError as error:
        reason = reason_of(error, wording)
        raise CannotBeDone(f"{wanted.output or '-'}: {reason}") from None


def _print(lines: Iterable[str]) -> None:
    """In UTF-8, whatever the terminal's language is."""
    for line in lines:
        sys.stdout.buffer.write(line.encode())
    sys.stdout.flush()


def _write_whole(path: str, lines: Iterable[str]) -> None:
    """All of it or nothing, for the owner's eyes only, as the database is."""
    folder, name = os.path.split(os.path.abspath(path))
    with NamedTemporaryFile(
        "w", encoding="utf-8", newline="\n", dir=folder, prefix=f".{name}-", delete=False
    ) as part:
        try:
            part.writelines(lines)
            part.close()
            os.replace(part.name, path)
        except BaseException:
            with suppress(OSError):
                os.unlink(part.name)
            raise


# -- understanding it ----------------------------------------------------------------------------


def _given(arguments: Sequence[str], wording: Wording) -> tuple[dict[str, str], list[str]]:
    names = [f"{name}=" if takes else name for name, takes in _SUMMARIES]
    _ = wording.gettext
    try:
        pairs, words = gnu_getopt(list(arguments), "ho:", names)
    except GetoptError as error:
        option = f"--{error.opt}" if len(error.opt) > 1 else f"-{error.opt}"
        if error.opt == "o" or any(error.opt == name for name, takes in _SUMMARIES if takes):
            raise _misused(_("{option} needs a value.").format(option=option)) from None
        raise _misused(_("There is no option {option}.").format(option=option)) from None
    short = {"-h": "--help", "-o": "--output"}
    return {short.get(name, name).removeprefix("--"): value for name, value in pairs}, words


def _wanted(words: Sequence[str], given: Mapping[str, str], wording: Wording) -> Export | Backup:
    _ = wording.gettext
    match words:
        case ["backup", path, copy] if not given:
            return Backup(path, copy)
        case ["export", path]:
            return _wanted_export(path, given, wording)
        case ["backup", _path, _copy]:
            reason = _("backup copies everything, without options")
        case ["backup", *_rest]:
            reason = _("backup wants the database and where to copy it")
        case ["export", *_rest]:
            reason = _("export wants the database")
        case _words:
            reason = _("{word} is neither export nor backup").format(word=words[0])
    raise _misused(reason)


def _wanted_export(path: str, given: Mapping[str, str], wording: Wording) -> Export:
    _ = wording.gettext
    form = FORMS.get(given.get("format", "text"))
    if form is None:
        names = ", ".join(FORMS)
        raise _misused(_("--format takes: {names}").format(names=names))
    zone = _zone(given.get("tz"), wording)
    since, until = (_time(name, given.get(name), zone, wording) for name in ("since", "until"))
    return Export(
        path, given.get("room", FIRST_ROOM), form, zone, since or 0, until, given.get("output")
    )


def _zone(name: str | None, wording: Wording) -> tzinfo:
    if name is None:
        return LocalZone()
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        _ = wording.gettext
        raise _misused(f"{name}: {_('there is no such time zone')}") from None


def _time(option: str, words: str | None, zone: tzinfo, wording: Wording) -> int | None:
    if words is None:
        return None
    time = HouseClock(zone, now_ms).read(_ISO_T.sub(r"\1 ", words))
    if time is None:
        _ = wording.gettext
        raise _misused(
            _("--{option} {value} is no time such as 14:30, yesterday or 2026-11-20").format(
                option=option, value=words
            )
        )
    return time


def _wording(name: str | None, usual: Wording) -> Wording:
    if name is None:
        return usual
    if name not in LANGUAGES:
        _ = usual.gettext
        languages = ", ".join(LANGUAGES)
        raise _misused(_("The languages are {languages}.").format(languages=languages))
    return translator(name)


def _misused(reason: str) -> CannotBeDone:
    return CannotBeDone(reason, USAGE)


def _help_lines(wording: Wording) -> Iterator[str]:
    _ = wording.gettext
    yield _("Usage: huddle-archive export DATABASE [OPTIONS]")
    yield _("       huddle-archive backup DATABASE COPY")
    yield ""
    yield _("Writes a room out, or copies the whole database, while its server goes on.")
    yield ""
    for (name, takes), summary in _SUMMARIES.items():
        yield f"  {f'--{name} {takes}':<18}{_(summary)}"


if __name__ == "__main__":
    sys.exit(main())
