"""Checker nicks: which nicks another's checker of passwords (``--auth``) knows.

They must be known before the first guest comes, so that none takes one of them. Twisted's interface
of a checker has no way to ask it for its names; those of its own checkers lie open all the same: in
a file, in memory, in the system's user database. Of any other's nothing is known beforehand; such a
one is for a house that lets no one in without a password (``--members-only``).

A checker knows its names as bytes, in whatever form they were written there; it is asked by that
form, whichever way the nick is typed. A name that is no nick is left out, and so is one
that is the same nick as one before it, in another case: it would be a second password for it.
"""

from __future__ import annotations

import os
import pwd
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from twisted.cred.checkers import (
    FilePasswordDB,
    ICredentialsChecker,
    InMemoryUsernamePasswordDatabaseDontUse,
)
from twisted.plugins.cred_unix import UNIXChecker

from huddle.protocol.errors import BadNick
from huddle.protocol.names import folded_key
from huddle.protocol.names import nick as nick_of
from huddle.protocol.text import clean, decode
from huddle.record.plain_file import open_plain

Name = bytes | str
"""A user's name, as the checker has it."""


@dataclass(frozen=True, slots=True)
class CheckerNicks:
    """What one checker knows: its names by the folded keys of their nicks.

    ``left_out`` are the names that cannot be nicks here. Where nothing is known beforehand,
    ``listed`` is False, and the checker may know any.
    """

    checker: ICredentialsChecker
    names: Mapping[str, Name]
    nicks: Sequence[str] = ()
    left_out: Sequence[str] = ()
    listed: bool = True

    def name_of(self, nick: str) -> Name | None:
        """The name by which the checker is to be asked for this nick; None: it does not know it."""
        return self.names.get(folded_key(nick)) if self.listed else nick.encode()


def nicks_known_to(checker: ICredentialsChecker) -> CheckerNicks:
    """What the checker knows now. Raises `OSError` when its file cannot be read."""
    listed = _names_in(checker)
    if listed is None:
        return CheckerNicks(checker, {}, listed=False)
    names: dict[str, Name] = {}
    nicks: list[str] = []
    left_out: list[str] = []
    for name in listed:
        text = text_of(name)
        nick = nick_in(text)
        if nick is None or folded_key(nick) in names:
            left_out.append(clean(text))
        else:
            names[folded_key(nick)] = name
            nicks.append(nick)
    return CheckerNicks(checker, names, nicks, left_out)


def check_readable(checker: ICredentialsChecker) -> None:
    """Raise `OSError` where the checker would wait for ever for its file, or read without end."""
    if isinstance(checker, FilePasswordDB):
        os.close(open_plain(checker.filename))


def text_of(name: Name) -> str:
    """What a checker's bytes say, be they UTF-8 or Latin-1."""
    return decode(name)[0] if isinstance(name, bytes) else name


def nick_in(text: str) -> str | None:
    """The nick that a name is, if it can be one."""
    try:
        return nick_of(text)
    except BadNick:
        return None


def _names_in(checker: ICredentialsChecker) -> Iterable[Name] | None:
    match checker:
        case FilePasswordDB():
            return _names_in_file(checker)
        case InMemoryUsernamePasswordDatabaseDontUse():
            return list(checker.users)
        case UNIXChecker():
            return [entry.pw_name for entry in pwd.getpwall()]
    return None


def _names_in_file(checker: FilePasswordDB) -> Iterable[Name]:
    """Those of the lines that the checker would take, which are read as it reads them."""
    with open(open_plain(checker.filename), "rb") as file:
        rows = [line.rstrip().split(checker.delim) for line in file]
    least = max(checker.ufield, checker.pfield) + 1
    return [row[checker.ufield] for row in rows if len(row) >= least]
