"""What the commands beside the server have in common: options, help, and one line when it fails."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from getopt import GetoptError, gnu_getopt

from huddle.locale import (
    LANGUAGES,
    N_,
    Wording,
    language_named,
    language_of_environment,
    translator,
)

USAGE = 2
"""The exit status for a command line that cannot be understood; 1 is for what cannot be done."""

Summaries = Mapping[tuple[str, str], str]
"""Of each option its name, what it takes (empty: nothing), and what it does."""

COMMON: Summaries = {("lang", "en|es"): N_("the language to speak"), ("help", ""): N_("show this")}

_SHORT = {"-h": "--help", "-o": "--output"}


class CannotBeDone(Exception):
    """Says why, in the user's language; ``status`` is the exit status."""

    def __init__(self, reason: str, status: int = 1) -> None:
        super().__init__(reason)
        self.status = status


def misused(reason: str) -> CannotBeDone:
    """The command line cannot be understood."""
    return CannotBeDone(reason, USAGE)


@dataclass(frozen=True, slots=True)
class Command:
    """A program of ours. ``usage`` are the lines before its options; N_() marks them.

    ``carry_out`` is given the words, the options (without those all have) and the wording, and
    raises `CannotBeDone`.
    """

    name: str
    usage: Sequence[str]
    summaries: Summaries
    carry_out: Callable[[Sequence[str], Mapping[str, str], Wording], object]

    def run(self, arguments: Sequence[str] | None = None) -> int:
        """Do what the command line says; returns the exit status."""
        wording = translator(language_of_environment(os.environ))
        try:
            given, words = self._given(sys.argv[1:] if arguments is None else arguments, wording)
            wording = wording_named(given.pop("lang", None), wording)
            if "help" in given or not words:
                return self._help("help" in given, wording)
            self.carry_out(words, given, wording)
        except CannotBeDone as refusal:
            print(f"{self.name}: {refusal}", file=sys.stderr)
            return refusal.status
        except BrokenPipeError:  # whoever reads it has seen enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0

    def _help(self, asked: bool, wording: Wording) -> int:
        lines = (wording.gettext(line) if line else "" for line in self.usage)
        print(*lines, *self._rows(wording), sep="\n", file=sys.stdout if asked else sys.stderr)
        return 0 if asked else USAGE

    def _rows(self, wording: Wording) -> Iterator[str]:
        yield ""
        for (name, takes), summary in {**self.summaries, **COMMON}.items():
            yield f"  {f'--{name} {takes}':<18}{wording.gettext(summary)}"

    def _given(
        self, arguments: Iterable[str], wording: Wording
    ) -> tuple[dict[str, str], list[str]]:
        _ = wording.gettext
        takes = {name: bool(value) for name, value in (*self.summaries, *COMMON)}
        names = [f"{name}=" if value else name for name, value in takes.items()]
        letters = "ho:" if "output" in takes else "h"
        try:
            pairs, words = gnu_getopt(list(arguments), letters, names)
        except GetoptError as error:
            option = f"--{error.opt}" if len(error.opt) > 1 else f"-{error.opt}"
            if takes.get(error.opt) or (error.opt == "o" and "output" in takes):
                raise misused(_("{option} needs a value.").format(option=option)) from None
            raise misused(_("There is no option {option}.").format(option=option)) from None
        return {_SHORT.get(name, name).removeprefix("--"): value for name, value in pairs}, words


def wording_named(name: str | None, usual: Wording) -> Wording:
    """The wording that ``--lang`` asks for. Raises `CannotBeDone`."""
    if name is None:
        return usual
    language = language_named(name)
    if language is None:
        _ = usual.gettext
        languages = ", ".join(LANGUAGES)
        raise misused(_("The languages are {languages}.").format(languages=languages))
    return translator(language)
