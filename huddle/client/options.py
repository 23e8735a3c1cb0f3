"""The command line of huddle-client, in both languages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from getopt import GetoptError, gnu_getopt

from huddle.limits import Limits
from huddle.locale import (
    LANGUAGES,
    N_,
    Wording,
    language_named,
    language_of_environment,
    translator,
)

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 55123
"""The port of the programs Huddle comes from."""


@dataclass(frozen=True, slots=True)
class Options:
    """What was asked for. ``replay`` None: as many of the last messages as is usual."""

    language: str
    host: str = DEFAULT_HOST
    port: int = DEFAULT_PORT
    nick: str | None = None
    retry: bool = True
    replay: int | None = None
    help: bool = False


class UsageError(ValueError):
    """The command line cannot be understood; the message says why, in the user's language."""


_SUMMARIES = {
    ("port", "N"): N_("the server's port (55123)"),
    ("nick", "…"): N_("the name you are shown by; without it you are asked"),
    ("lang", "en|es"): N_("the language to speak"),
    ("replay", "N"): N_("how many of the last messages to show in a new room"),
    ("no-retry", ""): N_("end when the server is not there, or is lost"),
    ("help", ""): N_("show this"),
}


def read_options(arguments: Sequence[str], environ: Mapping[str, str]) -> Options:
    """The options in the arguments (without the program's name). Raises `UsageError`."""
    usual = language_of_environment(environ)
    wording = translator(usual)
    names = [f"{name}=" if takes else name for name, takes in _SUMMARIES]
    try:
        pairs, hosts = gnu_getopt(list(arguments), "h", names)
    except GetoptError as error:
        raise UsageError(_misuse(error.opt, wording)) from error
    given = {name.lstrip("-"): value for name, value in pairs}
    if len(hosts) > 1:
        raise UsageError(wording.gettext("Only one host can be given."))
    return Options(
        language=_language(given.get("lang"), usual, wording),
        host=hosts[0] if hosts else DEFAULT_HOST,
        port=_number(given.get("port", str(DEFAULT_PORT)), 1, 65_535, wording),
        nick=given.get("nick"),
        retry="no-retry" not in given,
        replay=_number(given["replay"], 0, Limits().history, wording)
        if "replay" in given
        else None,
        help=not given.keys().isdisjoint({"help", "h"}),
    )


def help_lines(language: str) -> Iterator[str]:
    """What `--help` shows."""
    _ = translator(language).gettext
    yield _("Usage: huddle-client [HOST] [OPTIONS]")
    yield ""
    yield _("Enters the group chat of a Huddle server (HOST: 127.0.0.1).")
    yield _("What is piped into it is said; it ends when all is in the server's record.")
    yield ""
    for (name, takes), summary in _SUMMARIES.items():
        yield f"  {f'--{name} {takes}':<16}{_(summary)}"
    yield ""
    yield _("In the chat /help lists the commands, /quit leaves.")


def _misuse(name: str, wording: Wording) -> str:
    """What is wrong with an option, which is named without its dashes."""
    _ = wording.gettext
    takes = dict(_SUMMARIES.keys()).get(name)
    option = f"--{name}" if len(name) > 1 else f"-{name}"
    if takes is None:
        return _("There is no option {option}.").format(option=option)
    if takes:
        return _("{option} needs a value: {value}").format(option=option, value=takes)
    return _("{option} takes no value.").format(option=option)


def _language(name: str | None, usual: str, wording: Wording) -> str:
    if name is None:
        return usual
    language = language_named(name)
    if language is None:
        languages = ", ".join(LANGUAGES)
        raise UsageError(
            wording.gettext("The languages are {languages}.").format(languages=languages)
        )
    return language


def _number(text: str, low: int, high: int, wording: Wording) -> int:
    if text.isascii() and text.isdecimal() and len(text) < 10 and low <= int(text) <= high:
        return int(text)
    raise UsageError(
        wording.gettext("{text} is not a number from {low} to {high}.").format(
            text=text, low=low, high=high
        )
    )
