"""What one types, and what it means.

A line that begins with ``/`` is a command or a mistake, never something to be said, unless it
begins with ``//``; a bare ``salir`` leaves, as it did in the programs Huddle comes from. Blanks
before a command that takes a secret do not make a text of it.
"""

from __future__ import annotations

import re

from huddle.client.commands.intents import Intent, Mistake, NotSaid, Say
from huddle.client.commands.table import COMMANDS, read_intent
from huddle.protocol.commands import ALIASES, BARE_WORDS, LEAVING_WORD, Command
from huddle.protocol.requests import Bye
from huddle.protocol.text import clean


def intent_of(line: str) -> Intent:
    """What a typed line means: a command, or else a text to be said. Raises nothing: a line that
    makes no sense is a `Mistake`."""
    if (word := line.strip().lower()) in BARE_WORDS:
        return Bye(by_word=True) if word == LEAVING_WORD else NotSaid()
    if line.startswith("//"):
        return Say(line[2:] if line[2:].strip().lower() == LEAVING_WORD else line[1:])
    command = _command_of(line.lstrip())
    if command is not None and (command.secret is not None or line.startswith("/")):
        name, *rest = clean(line.strip())[1:].split(maxsplit=1)
        return read_intent(command, "".join(rest)) or Mistake(name, command)
    if not line.startswith("/"):
        return Say(line)
    return Mistake(clean(line[1:].partition(" ")[0]))


def text_of(line: str) -> Intent:
    """What a line means that comes from no person at a terminal: itself, whatever it looks like.

    What ends a line elsewhere is as harmless in it as the rest (`huddle.protocol.text`).
    """
    return Say(clean(line))


def secret_at(line: str) -> int | None:
    """Where a secret begins in a line that is typed; None: there is none in it.

    It is neither to be shown nor to be kept.
    """
    command = _command_of(line.lstrip())
    if command is None or command.secret is None:
        return None
    before = re.match(rf"\s*\S+(?:\s+\S+){{{command.secret}}}\s+(?=\S)", line)
    return None if before is None else before.end()


def _command_of(line: str) -> Command | None:
    if not line.startswith("/"):
        return None
    name, *_ = line[1:].split(maxsplit=1) or [""]
    return _BY_NAME.get(name.lower()) if line[1:].startswith(name) else None


_BY_NAME = {name: command for command in COMMANDS for name in command.names}
_BY_NAME.update({alias: _BY_NAME[name] for alias, name in ALIASES.items()})
