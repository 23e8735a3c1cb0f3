"""Runs the commands beside the server: help, one line when it fails, the exit status."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from huddle.locale import Wording, language_of_environment, translator
from huddle.locale.command_line import (
    USAGE,
    CommandLine,
    Given,
    Misuse,
    record_as_output,
    refused_output,
    version_of,
    wording_named,
)
from huddle.server.process import drop_output
from huddle.server.start_errors import reason_of


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
        _have_standard_files()
        record = record_as_output()
        try:
            given = self.line.read(sys.argv[1:] if arguments is None else arguments, wording)
            wording = wording_named(given.last().get("lang"), wording)
            if record is not None:
                raise CannotBeDone(refused_output(record, wording))
            status = self._done(given, wording)
            sys.stdout.flush()
        except (CannotBeDone, Misuse) as refusal:
            self._tell(str(refusal))
            return USAGE if isinstance(refusal, Misuse) else 1
        except BrokenPipeError:  # the reader has seen enough
            drop_output()
            return 0
        except OSError as error:  # what was to be shown could not be
            drop_output()
            self._tell(f"{error.filename or '-'}: {reason_of(error, wording)}")
            return 1
        return status

    def _done(self, given: Given, wording: Wording) -> int:
        if "version" in given.options:
            print(version_of(self.name))
            return 0
        asked = "help" in given.options
        if asked or (self.wants_words and not given.words):
            out = sys.stdout if asked else sys.stderr
            print(*self.line.help_lines(wording), sep="\n", file=out)
            return 0 if asked else USAGE
        self.carry_out(given, wording)
        return 0

    def _tell(self, refusal: str) -> None:
        with suppress(OSError):  # there is no other way to say so
            print(f"{self.name}: {refusal}", file=sys.stderr, flush=True)


def _have_standard_files() -> None:
    """Fill the places of standard files that are closed: a database that was opened there would
    get what is said on them. What is written to such a place fails, as it should."""
    for descriptor in (0, 1, 2):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDONLY)  # the lowest number that is free: this one
    # Python has no object for what was closed when it began, and is silent about what it is given.
    sys.stdout = sys.stdout or open(1, "w", closefd=False)  # noqa: SIM115
    sys.stderr = sys.stderr or open(2, "w", closefd=False)  # noqa: SIM115
