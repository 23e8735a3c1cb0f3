"""The help of `twistd huddle`: one row an option, and what people mostly type."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from huddle.locale import Wording

COLUMN = 26
"""The column in which the sentences begin, from 0."""

UNBROKEN = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True, slots=True)
class Row:
    """One option, as the help shows it. An empty string is none."""

    long: str
    sentence: str
    short: str = ""
    default: str = ""
    takes_value: bool = True

    @property
    def names(self) -> str:
        """The option as it is typed, in its columns: short and long name, ``=`` before a value."""
        short = f"-{self.short}, " if self.short else "    "
        return f"  {short}--{self.long}{'=' if self.takes_value else ''}"


def helpful(rows: Sequence[Row], wording: Wording, width: int) -> str:
    """The whole help in lines of at most ``width`` characters."""
    _ = wording.gettext
    about = _("A group chat that anybody can enter with nc, telnet or huddle-client.")
    here = _("for this machine; enter it with: nc 127.0.0.1 55123")
    open_to_all = _("for everybody who reaches this machine, in Spanish")
    tls = _("with a second port for TLS; enter it with: ncat --ssl 127.0.0.1 55124")
    members = _("only for those in the file, by their passwords; ana may moderate")
    lines = [
        *textwrap.wrap(about, width),
        "",
        _("Options:"),
        *(line for row in rows for line in _shown(row, wording, width)),
        "",
        _("Examples:"),
        "  twistd -n huddle",
        f"      {here}",
        "  twistd -n huddle --interface 0.0.0.0 --lang es",
        f"      {open_to_all}",
        "  twistd -n huddle --listen ssl:55124:privateKey=key.pem:certKey=cert.pem",
        f"      {tls}",
        "  twistd -n huddle --members-only --auth file:passwd --op ana",
        f"      {members}",
        "",
    ]
    return "\n".join(lines)


def _shown(row: Row, wording: Wording, width: int) -> Iterator[str]:
    sentence = row.sentence
    if row.default:
        default = wording.gettext("default: {value}").format(value=row.default)
        sentence = f"{sentence} [{default.replace(' ', UNBROKEN)}]"
    names = row.names
    for line in textwrap.wrap(sentence, max(width - COLUMN, 20)):
        yield f"{names:{COLUMN}}{line.replace(UNBROKEN, ' ')}"
        names = ""
