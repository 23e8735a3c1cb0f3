"""The command lines of our programs, in both languages: options, help, and what is wrong in them.

Options are as everywhere in GNU: they stand where one likes, may be abbreviated, and have their
value behind a blank or ``=``; what comes after ``--`` is none. A value may begin with a dash: the
texts, keys and passwords of this program often do. That is why getopt reads here; argparse would
take them for options, and has its messages in pieces of English.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from getopt import GetoptError, gnu_getopt

from huddle.locale import LANGUAGES, N_, Wording, language_named, translator
from huddle.locale.own_files import leads_to_a_record

USAGE = 2
"""The exit status for a command line that cannot be understood."""

Options = Mapping[tuple[str, str], str]
"""Options by their names and what they take (empty: nothing); the value is what each does."""

COMMON: Options = {
    ("lang", "|".join(LANGUAGES)): N_("the language to speak"),
    ("version", ""): N_("tell the version, and end"),
    ("help", ""): N_("show this"),
}
"""What every program has, as the last ones."""

SHORT = {"h": "help", "o": "output"}
"""Options of one letter; a program has those whose long names it has."""


class Misuse(ValueError):
    """The command line cannot be understood; the message says why, in the user's language."""


@dataclass(frozen=True, slots=True)
class Given:
    """What was typed: ``words`` are no options; of each option all its values, in order."""

    words: Sequence[str]
    options: Mapping[str, Sequence[str]]

    def last(self) -> dict[str, str]:
        """Of each option the value that was given last; empty where it takes none."""
        return {name: values[-1] for name, values in self.options.items()}


class CommandLine:
    """The command line of one program. ``usage`` and ``notes`` are the lines before and after the
    options in its help, marked with ``N_``; ``column`` is where the options' descriptions begin."""

    def __init__(
        self,
        usage: Sequence[str],
        options: Options,
        notes: Sequence[str] = (),
        *,
        column: int = 20,
    ) -> None:
        self.usage = usage
        self.options: Options = {**options, **COMMON}
        self._takes = dict(self.options.keys())
        self.notes = notes
        self._column = column

    @property
    def names(self) -> tuple[str, ...]:
        """The long names of all options, without their dashes."""
        return tuple(self._takes)

    def read(self, arguments: Sequence[str], wording: Wording) -> Given:
        """What the arguments say, without the program's name. Raises `Misuse`."""
        long = [f"{name}=" if takes else name for name, takes in self._takes.items()]
        short = [
            f"{letter}:" if self._takes[name] else letter
            for letter, name in SHORT.items()
            if name in self._takes
        ]
        try:
            pairs, words = gnu_getopt(list(arguments), "".join(short), long)
        except GetoptError as error:
            raise Misuse(self._misuse(error.opt, wording)) from None
        options: dict[str, list[str]] = {}
        for option, value in pairs:
            name = option.lstrip("-")
            options.setdefault(SHORT.get(name, name), []).append(value)
        return Given(words, options)

    def help_lines(self, wording: Wording) -> Iterator[str]:
        """The lines that ``--help`` shows, in the language of the wording."""
        yield from _worded(self.usage, wording)
        yield ""
        for (name, takes), summary in self.options.items():
            option = f"  --{name} {takes}"
            yield f"{option:<{self._column}}{wording.gettext(summary)}"
        if self.notes:
            yield ""
        yield from _worded(self.notes, wording)

    def _misuse(self, typed: str, wording: Wording) -> str:
        """What is wrong with an option, which is named without its dashes."""
        _ = wording.gettext
        takes = self._takes.get(SHORT.get(typed, typed))
        option = f"--{typed}" if len(typed) > 1 else f"-{typed}"
        if takes is None:
            return _("There is no option {option}.").format(option=option)
        if takes:
            return _("{option} needs a value: {value}").format(option=option, value=takes)
        return _("{option} takes no value.").format(option=option)


def _worded(lines: Sequence[str], wording: Wording) -> Iterator[str]:
    return (wording.gettext(line) if line else "" for line in lines)


def version_of(program: str) -> str:
    """The line that ``--version`` shows: the program and the version of Huddle."""
    from importlib.metadata import PackageNotFoundError, version  # takes longer than all else here

    try:
        return f"{program} {version('huddle')}"
    except PackageNotFoundError:  # a checkout that is not installed has none
        return f"{program} (not installed)"


def wording_named(name: str | None, usual: Wording) -> Wording:
    """The wording that ``--lang`` asks for; ``usual`` if it was not given. Raises `Misuse`."""
    if name is None:
        return usual
    language = language_named(name)
    if language is None:
        sentence = usual.gettext("The languages are {languages}.")
        raise Misuse(sentence.format(languages=", ".join(LANGUAGES)))
    return translator(language)


def number(text: str, low: int, high: int, wording: Wording) -> int:
    """A number that was typed in figures. Raises `Misuse` when it is none, or out of bounds."""
    if text.isascii() and text.isdecimal() and len(text) < 10 and low <= int(text) <= high:
        return int(text)
    sentence = wording.gettext("{text} is not a number from {low} to {high}.")
    raise Misuse(sentence.format(text=text, low=low, high=high))


def record_as_output() -> str | None:
    """The file of a record, or beside one, to which the shell leads the standard output or error,
    as ``>> huddle.db.key`` does: nothing may be said then. None where all is well.

    A standard error that is led there is silent from now on.
    """
    led = [descriptor for descriptor in (1, 2) if leads_to_a_record(descriptor)]
    if not led:
        return None
    path = os.path.realpath(f"/proc/self/fd/{led[0]}")
    if 2 in led:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    return path


def refused_output(path: str, wording: Wording) -> str:
    """Why nothing is written to this file: it is a record's."""
    sentence = wording.gettext("{path} is a record's, or belongs to one; write to another file")
    return sentence.format(path=path)
