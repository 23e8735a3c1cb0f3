"""The configuration file (``--config``): options under their own names, in TOML.

What stands there is what would be typed on the command line, which goes before it. An option that
may be repeated has a list. All that is wrong is told with its line: what is no TOML, what is no
option, and what is not of an option's kind; whether a value will do, the options themselves know.
"""

from __future__ import annotations

import re
import tomllib
from codecs import BOM_UTF8
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import Enum, auto
from typing import Any

from huddle.locale import Wording
from huddle.locale.toml_errors import toml_error
from huddle.server.operation.bounded_reading import read_given


class Kind(Enum):
    """What stands behind an option: one value, any number of them, or nothing."""

    VALUE = auto()
    LIST = auto()
    FLAG = auto()


@dataclass(frozen=True, slots=True)
class Setting:
    """One option with one value, and where that stands. A flag has none."""

    option: str
    value: str | None
    line: int

    @property
    def typed(self) -> str:
        """The value as it would be typed on the command line."""
        return f"--{self.option}" if self.value is None else f"--{self.option}={self.value}"


@dataclass(frozen=True, slots=True)
class Config:
    """What a file says. ``faults`` are what is wrong with it, each with its place, in order."""

    path: str
    settings: Sequence[Setting] = ()
    faults: Sequence[str] = field(default=())

    def found(self, option: str, value: str) -> Setting | None:
        """The setting of the option that has this value, if one has."""
        return next((s for s in self.settings if (s.option, s.value) == (option, value)), None)

    def place(self, setting: Setting) -> str:
        """Where it stands, as compilers write it."""
        return f"{self.path}:{setting.line}"

    def without(self, options: Collection[str]) -> Config:
        """The same without the settings of these options, which were typed."""
        kept = [setting for setting in self.settings if setting.option not in options]
        return Config(self.path, kept, self.faults)


def read_config(path: str, kinds: Mapping[str, Kind], wording: Wording) -> Config:
    """The settings of the file; ``kinds`` are the options there are. Raises `OSError`."""
    data = read_given(path)
    try:
        text = data.removeprefix(BOM_UTF8).decode("utf-8")  # as editors of Windows write it
        table = tomllib.loads(text)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return Config(path, faults=[f"{path}:{line}: " + wording.gettext("it is not UTF-8")])
    except (ValueError, RecursionError) as error:  # beside what is no TOML, what is too much of it
        at, fault = toml_error(error, text, wording)
        return Config(path, faults=[f"{path}: {fault}" if at is None else f"{path}:{at}: {fault}"])
    reading = _Reading(path, text, kinds, wording)
    settings = [setting for key, value in table.items() for setting in reading.settings(key, value)]
    return Config(path, settings, reading.faults)


class _Reading:
    """Reads one table. What is wrong is gathered in ``faults``."""

    def __init__(self, path: str, text: str, kinds: Mapping[str, Kind], wording: Wording) -> None:
        self.faults: list[str] = []
        self._path = path
        self._lines = text.splitlines()
        self._kinds = kinds
        self._wording = wording

    def settings(self, key: str, value: Any) -> Iterator[Setting]:
        """The options that this key sets; none where its value is at fault, which is noted."""
        gettext = self._wording.gettext
        line = self._line_of(key)
        match self._kinds.get(key), value:
            case None, _:
                self._fault(line, self._no_option(key))
            case Kind.FLAG, bool():
                if value:
                    yield Setting(key, None, line)
            case Kind.FLAG, _:
                self._fault(line, gettext("{option} is true or false").format(option=key))
            case Kind.LIST, [*items] if all(map(_is_plain, items)):
                for item in items:
                    yield Setting(key, str(item), self._line_of_item(str(item), line))
            case Kind.LIST, str():
                yield Setting(key, value, line)
            case Kind.LIST, _:
                sentence = gettext('{option} is a list, such as ["one", "two"]')
                self._fault(line, sentence.format(option=key))
            case Kind.VALUE, _ if _is_plain(value):
                yield Setting(key, str(value), line)
            case _:
                sentence = gettext("{option} is one value: a text or a number")
                self._fault(line, sentence.format(option=key))

    def _no_option(self, key: str) -> str:
        gettext = self._wording.gettext
        alike = get_close_matches(key.replace("_", "-").lower(), self._kinds, 1)
        sentence = gettext("there is no option {option}")
        if alike:
            sentence = gettext("there is no option {option}; {other} is one")
        return sentence.format(option=key, other="".join(alike))

    def _fault(self, line: int, fault: str) -> None:
        self.faults.append(f"{self._path}:{line}: {fault}")

    def _line_of(self, key: str) -> int:
        begin = re.compile(rf"""\s*\[*\s*["']?{re.escape(key)}["']?\s*[=\].]""")
        return next((at for at, line in enumerate(self._lines, 1) if begin.match(line)), 1)

    def _line_of_item(self, item: str, line: int) -> int:
        rest = enumerate(self._lines[line - 1 :], line)
        return next((at for at, text in rest if item in text), line)


def _is_plain(value: object) -> bool:
    return isinstance(value, str | int | float) and not isinstance(value, bool)
