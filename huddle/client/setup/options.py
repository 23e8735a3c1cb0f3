"""The command line of huddle-client, in both languages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from getopt import GetoptError, gnu_getopt

from huddle.client.network.trust import Tls
from huddle.client.setup.configuration import ConfigurationError, settings
from huddle.locale import (
    LANGUAGES,
    N_,
    Wording,
    language_named,
    language_of_environment,
    translator,
)
from huddle.protocol.fingerprint import read_fingerprint
from huddle.protocol.limits import Limits

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 55123
"""The port of the programs Huddle comes from."""

DEFAULT_ROOM = "huddle"
"""The room where everyone starts."""

BETWEEN = "\n"
"""Stands between rooms; no name holds one."""

PATIENCE = 10
"""Seconds that ``--send`` and ``--tail`` wait for the server, unless told otherwise."""


class Notify(Enum):
    """Of which messages one wants to be told."""

    OFF = "off"
    MENTION = "mention"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Options:
    """What was asked for. ``replay`` None: as many of the last messages as is usual. ``tls`` None:
    without.

    ``room`` is where things are said, if not to the nick ``to`` alone; ``more_rooms`` are entered,
    too. ``login``: ask for the password, unless there is one.

    ``send`` is a text to be said, ``tail`` a number of messages to be shown, and nothing else done.
    """

    language: str
    host: str = DEFAULT_HOST
    port: int = DEFAULT_PORT
    nick: str | None = None
    login: bool = False
    password: str | None = field(default=None, repr=False)
    room: str = DEFAULT_ROOM
    more_rooms: tuple[str, ...] = ()
    to: str | None = None
    tls: Tls | None = None
    retry: bool = True
    replay: int | None = None
    notify: Notify = Notify.MENTION
    send: str | None = None
    tail: int | None = None
    follow: bool = False
    json: bool = False
    timeout: int = PATIENCE
    help: bool = False


class UsageError(ValueError):
    """The command line cannot be understood; the message says why, in the user's language."""


_SUMMARIES = {
    ("port", "N"): N_("the server's port (55123)"),
    ("nick", "…"): N_("the name you are shown by; without it you are asked"),
    ("login", ""): N_("ask for the password of a registered nick"),
    ("room", "…"): N_("the room to be in (huddle); once more: another one, too"),
    ("to", "NICK"): N_("say everything to this person only"),
    ("tls", ""): N_("encrypt, and check who the server is"),
    ("ca", "FILE"): N_("check it by the certificates in this file"),
    ("trust", "…"): N_("take only the certificate with this fingerprint"),
    ("insecure", ""): N_("take any certificate"),
    ("lang", "en|es"): N_("the language to speak"),
    ("replay", "N"): N_("how many of the last messages to show in a new room"),
    ("notify", "off|mention|all"): N_("which messages ring the bell (mention)"),
    ("no-retry", ""): N_("end when the server is not there, or is lost"),
    ("send", "TEXT"): N_("say this; 0: recorded, 1: refused, 3: no answer in time"),
    ("tail", "[N]"): N_("show the last N messages (20)"),
    ("follow", ""): N_("and those that come, until Ctrl-C"),
    ("json", ""): N_("read and write JSON lines"),
    ("timeout", "S"): N_("seconds that --send and --tail wait (10)"),
    ("help", ""): N_("show this"),
}


def read_options(arguments: Sequence[str], environ: Mapping[str, str]) -> Options:
    """The options in the arguments (without the program's name). Raises `UsageError`.

    What is not there is taken from the environment, then from the configuration.
    """
    usual = language_of_environment(environ)
    wording = translator(usual)
    given = _given(arguments, wording)
    if not given.keys().isdisjoint({"help", "h"}):
        return Options(_language(given.get("lang"), usual, wording), help=True)
    try:
        usually = settings(environ, wording)
    except ConfigurationError as error:
        raise UsageError(str(error)) from error
    tls = _tls(given, usually, wording)
    given = usually | given
    most = Limits().history
    room, *more_rooms = given.get("room", DEFAULT_ROOM).split(BETWEEN)
    if "follow" in given:
        given.setdefault("tail", str(Limits().replay))
    if "send" in given and "tail" in given:
        raise UsageError(wording.gettext("--send and --tail do not go together."))
    if not given.get("send", "something").strip():
        raise UsageError(wording.gettext("--send has nothing to say."))
    return Options(
        language=_language(given.get("lang"), usual, wording),
        host=given.get("host", DEFAULT_HOST),
        port=_number(given.get("port", str(DEFAULT_PORT)), 1, 65_535, wording),
        nick=given.get("nick"),
        login="login" in given,
        password=given.get("password"),
        room=room,
        more_rooms=tuple(more_rooms),
        to=given.get("to"),
        tls=tls,
        retry="no-retry" not in given,
        replay=_number(given["replay"], 0, most, wording) if "replay" in given else None,
        notify=_notify(given.get("notify", Notify.MENTION.value), wording),
        send=given.get("send"),
        tail=_number(given["tail"], 0, most, wording) if "tail" in given else None,
        follow="follow" in given,
        json="json" in given,
        timeout=_number(given.get("timeout", str(PATIENCE)), 1, 86_400, wording),
    )


def _given(arguments: Sequence[str], wording: Wording) -> dict[str, str]:
    """What the arguments say, by name."""
    names = [f"{name}=" if takes else name for name, takes in _SUMMARIES]
    try:
        pairs, hosts = gnu_getopt(list(_with_counts(arguments)), "h", names)
    except GetoptError as error:
        raise UsageError(_misuse(error.opt, wording)) from error
    given: dict[str, str] = {}
    for option, value in pairs:
        name = option.lstrip("-")
        again = name == "room" and name in given
        given[name] = f"{given[name]}{BETWEEN}{value}" if again else value
    if len(hosts) > 1:
        raise UsageError(wording.gettext("Only one host can be given."))
    return given | {"host": hosts[0]} if hosts else given


def _with_counts(arguments: Sequence[str]) -> Iterator[str]:
    """The arguments, with its count joined to a `--tail`: getopt knows no optional values."""
    rest = iter(arguments)
    for argument in rest:
        if argument == "--":
            yield argument
            break
        if argument != "--tail":
            yield argument
            continue
        after = next(rest, None)
        is_count = after is not None and after.isascii() and after.isdecimal()
        yield f"--tail={after if is_count else Limits().replay}"
        if after is not None and not is_count:
            yield after
    yield from rest


OPTIONS = tuple(name for name, _ in _SUMMARIES)
"""The names of all options, without their dashes."""


def help_lines(language: str) -> Iterator[str]:
    """What `--help` shows."""
    _ = translator(language).gettext
    yield _("Usage: huddle-client [HOST] [OPTIONS]")
    yield ""
    yield _("Enters the group chat of a Huddle server (HOST: 127.0.0.1).")
    yield _("What is piped into it is said; it ends when all is in the server's record.")
    yield ""
    for (name, takes), summary in _SUMMARIES.items():
        yield f"  {f'--{name} {takes}':<26}{_(summary)}"
    yield ""
    yield _("The password of a registered nick is taken from HUDDLE_PASSWORD, or asked for.")
    yield _("What is not given is taken from HUDDLE_HOST, HUDDLE_PORT, HUDDLE_NICK, and then from")
    yield _("~/.config/huddle/client.toml. In the chat /help lists the commands, /quit leaves.")


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


def _tls(given: Mapping[str, str], usually: Mapping[str, str], wording: Wording) -> Tls | None:
    """How the server is to be checked: as the command line says, if it says anything about it."""
    _ = wording.gettext
    ways = [f"--{name}" for name in ("ca", "trust", "insecure") if name in given]
    if "tls" not in given and "tls" not in usually:
        if ways:
            raise UsageError(_("{option} goes with --tls.").format(option=ways[0]))
        return None
    if len(ways) > 1:
        raise UsageError(_("{options}: only one of them.").format(options=", ".join(ways)))
    if not ways:
        return Tls(ca=usually.get("ca"))
    try:
        trust = read_fingerprint(given["trust"]) if "trust" in given else None
    except ValueError as error:
        raise UsageError(_("--trust takes a SHA-256 fingerprint.")) from error
    return Tls(given.get("ca"), trust, "insecure" in given)


def _notify(name: str, wording: Wording) -> Notify:
    try:
        return Notify(name)
    except ValueError as error:
        names = ", ".join(each.value for each in Notify)
        raise UsageError(wording.gettext("--notify takes: {names}.").format(names=names)) from error


def _number(text: str, low: int, high: int, wording: Wording) -> int:
    if text.isascii() and text.isdecimal() and len(text) < 10 and low <= int(text) <= high:
        return int(text)
    raise UsageError(
        wording.gettext("{text} is not a number from {low} to {high}.").format(
            text=text, low=low, high=high
        )
    )
