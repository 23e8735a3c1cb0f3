"""Runs the commands beside the server: help, one line when it fails, the exit status."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from huddle.locale import Wording, language_of_environment, translator
from huddle.locale.command_line import USAGE, CommandLine, Given, Misuse, wording_named


class CannotBeDone(Exception):
    """Says why, in the user's language; the exit status is 1."""


@dataclass(frozen=True, slots=True)
class Command:
    """A program of ours.

    ``carry_out`` is given what was typed and the wording; it raises `CannotBeDone`, or `Misuse`
    where what was typed makes no sense. Without ``wants_words`` it is carried out also when there
    are none; otherwise its help is shown then.
    """

    name: str
    line: CommandLine
    carry_out: Callable[[Given, Wording], object]
    wants_words: bool = True

    def run(self, arguments: Sequence[str] | None = None) -> int:
        """Do what the command line says; returns the exit status."""
        wording = translator(language_of_environment(os.environ))
        try:
            given = self.line.read(sys.argv[1:] if arguments is None else arguments, wording)
            wording = wording_named(given.last().get("lang"), wording)
            asked = "help" in given.options
            if asked or (self.wants_words and not given.words):
                out = sys.stdout if asked else sys.stderr
                print(*self.line.help_lines(wording), sep="\n", file=out)
                return 0 if asked else USAGE
            self.carry_out(given, wording)
        except (CannotBeDone, Misuse) as refusal:
            print(f"{self.name}: {refusal}", file=sys.stderr)
            return USAGE if isinstance(refusal, Misuse) else 1
        except BrokenPipeError:  # the reader has seen enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
