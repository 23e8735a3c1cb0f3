"""The command line of huddle-client, in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from huddle.client.network.host_port import HostPort, split_host_port
from huddle.client.network.tls_options import Tls
from huddle.client.setup.configuration import ConfigurationError, settings
from huddle.locale import N_, Wording, language_of_environment, translator
from huddle.locale.command_line import CommandLine, Misuse, number, wording_named
from huddle.protocol.fingerprint import read_fingerprint
from huddle.protocol.limits import Limits

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 55123
"""The port of the programs Huddle comes from."""

DEFAULT_ROOM = "huddle"
"""The room where everyone starts."""

ROOM_SIGN = "#"
"""What stands before a room's name where it is shown, and may stand there where it is typed."""

INSECURE = N_("Nobody checks who the server is (--insecure).")

PATIENCE = 10
"""Seconds that ``--send`` and ``--tail`` wait for the server, unless told otherwise."""


class Notify(Enum):
    """Which messages ring the bell or make a note on the desktop."""

    OFF = "off"
    MENTION = "mention"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Options:
    """What was asked for. ``replay`` None: as many of the last messages as is usual. ``tls`` None:
    without. ``places`` are those of one server, of which the first is tried first.

    ``room`` is where things are said, if not to the nick ``to`` alone; ``more_rooms`` are entered,
    too. ``login``: ask for the password, unless there is one.

    ``commands``: lines that come through a pipe are read as those that a person types.

    ``send`` is a text to be said, ``tail`` a number of messages to be shown, and nothing else done.
    """

    language: str
    places: tuple[HostPort, ...] = (HostPort(DEFAULT_HOST, DEFAULT_PORT),)
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
    commands: bool = False
    timeout: int = PATIENCE
    help: bool = False
    version: bool = False


_OPTIONS = {
    ("port", "N"): N_("the server's port (55123)"),
    ("nick", "…"): N_("the name you are shown by; without it you are asked"),
    ("login", ""): N_("ask for the password of a registered nick"),
    ("room", "…"): N_("the room to be in (huddle); once more: another one, too"),
    ("to", "NICK"): N_("say everything to this person only"),
    ("tls", ""): N_("encrypt, and check who the server is"),
    ("ca", "FILE"): N_("check it by the certificates in this file"),
    ("trust", "…"): N_("take only the certificate with this fingerprint"),
    ("insecure", ""): N_("take any certificate"),
    ("replay", "N"): N_("how many of the last messages to show in a new room"),
    ("notify", "off|mention|all"): N_("which messages ring the bell (mention)"),
    ("no-retry", ""): N_("end when the server is not there, or is lost"),
    ("send", "TEXT"): N_("say this; 0: recorded, 1: refused, 3: no answer in time"),
    ("tail", "[N]"): N_("show the last N messages (20)"),
    ("follow", ""): N_("and those that come, until Ctrl-C"),
    ("json", ""): N_("read and write JSON lines"),
    ("commands", ""): N_("carry out the commands in what is piped into it"),
    ("timeout", "S"): N_("seconds that --send and --tail wait (10)"),
}


COMMAND_LINE = CommandLine(
    (
        N_("Usage: huddle-client [HOST[:PORT]…] [#ROOM…] [OPTIONS]"),
        "",
        N_("Enters the group chat of a Huddle server (HOST: 127.0.0.1)."),
        N_("Of a server with several addresses the next is tried where one cannot be had."),
        N_("What is piped into it is said; it ends when all is in the server's record."),
    ),
    _OPTIONS,
    (
        N_("The password of a registered nick is taken from HUDDLE_PASSWORD, or asked for."),
        N_("What is not given is taken from HUDDLE_HOST, HUDDLE_PORT, HUDDLE_NICK, and then from"),
        N_("~/.config/huddle/client.toml. In the chat /help lists the commands, /quit leaves."),
    ),
    column=28,
)


def read_options(arguments: Sequence[str], environ: Mapping[str, str]) -> Options:
    """The options in the arguments (without the program's name). Raises `Misuse`.

    What is not there is taken from the environment, then from the configuration.
    """
    usual = language_of_environment(environ)
    wording = translator(usual)
    typed = COMMAND_LINE.read(list(_with_counts(arguments)), wording)
    given = typed.last()
    if "version" in given:
        return Options(usual, version=True)
    if "help" in given:
        return Options(wording_named(given.get("lang"), wording).language, help=True)
    try:
        usually = settings(environ, wording)
    except ConfigurationError as error:
        raise Misuse(str(error)) from error
    tls = _tls(given, usually, wording)
    rooms = [word for word in typed.words if len(word) > 1 and word.startswith(ROOM_SIGN)]
    hosts = [word for word in typed.words if word not in rooms]
    places = _places(hosts, given.get("port"), usually, wording)
    given = usually | given
    if "send" in typed.options:
        given["send"] = re.sub(r"^(\s*\n)+", "", "\n".join(typed.options["send"]))
    most = Limits().history
    named = [*typed.options.get("room", ()), *rooms] or [given.get("room", DEFAULT_ROOM)]
    room, *more_rooms = dict.fromkeys(name.removeprefix(ROOM_SIGN) for name in named)
    if "follow" in given:
        given.setdefault("tail", str(Limits().replay))
    if "send" in given and "tail" in given:
        raise Misuse(wording.gettext("--send and --tail do not go together."))
    if not given.get("send", "something").strip():
        raise Misuse(wording.gettext("--send has nothing to say."))
    if more_rooms and "to" not in given and ("send" in given or "tail" in given):
        raise Misuse(wording.gettext("--send and --tail are for one room."))
    if "send" in given and "commands" in given:
        raise Misuse(wording.gettext("--send says it as it is; --commands is for a pipe."))
    return Options(
        language=wording_named(given.get("lang"), wording).language,
        places=places,
        nick=given.get("nick"),
        login="login" in given,
        password=given.get("password"),
        room=room,
        more_rooms=tuple(more_rooms),
        to=given.get("to"),
        tls=tls,
        retry="no-retry" not in given,
        replay=number(given["replay"], 0, most, wording) if "replay" in given else None,
        notify=_notify(given.get("notify", Notify.MENTION.value), wording),
        send=given.get("send"),
        tail=number(given["tail"], 0, most, wording) if "tail" in given else None,
        follow="follow" in given,
        json="json" in given,
        commands="commands" in given,
        timeout=number(given.get("timeout", str(PATIENCE)), 1, 86_400, wording),
    )


def _places(
    typed: Sequence[str], port: str | None, usually: Mapping[str, str], wording: Wording
) -> tuple[HostPort, ...]:
    """Where the server is: the hosts that were typed, or the usual ones, each such as ``HOST``,
    ``HOST:PORT`` or ``[::1]:PORT``; those without a port are at the ``port`` that was typed.

    Raises `Misuse` when nothing is left of a host, or a port is given twice.
    """
    hosts = usually.get("host", DEFAULT_HOST)  # blanks stand between several
    usual = [_parted(each, wording) for each in hosts.split() or [hosts]]
    usual_port = next((own for _, own in usual if own), usually.get("port")) or str(DEFAULT_PORT)
    if not typed:
        places = [(host, port or own or usual_port) for host, own in usual]
    else:
        places = []
        for whole in typed:
            host, own = _parted(whole, wording)
            if own and port and own != port:
                twice = wording.gettext("The port is given twice: {host}")
                raise Misuse(twice.format(host=whole))
            places.append((host, own or port or usual_port))
    read = (HostPort(host, number(port, 1, 65_535, wording)) for host, port in places)
    return tuple(dict.fromkeys(read))


def _parted(whole: str, wording: Wording) -> tuple[str, str | None]:
    try:
        host, port = split_host_port(whole)
    except ValueError as error:
        sentence = wording.gettext("{host} is no host.")
        raise Misuse(sentence.format(host=whole or "''")) from error
    if port is not None:
        number(port or "''", 1, 65_535, wording)
    return host, port


def _with_counts(arguments: Sequence[str]) -> Iterator[str]:
    """The arguments, with its count joined to a ``--tail``, the one option that may have none."""
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


def _tls(given: Mapping[str, str], usually: Mapping[str, str], wording: Wording) -> Tls | None:
    """How the server is to be checked: as the command line says, if it says anything about it."""
    _ = wording.gettext
    ways = [f"--{name}" for name in ("ca", "trust", "insecure") if name in given]
    if "tls" not in given and "tls" not in usually:
        if ways:
            raise Misuse(_("{option} goes with --tls.").format(option=ways[0]))
        return None
    if len(ways) > 1:
        raise Misuse(_("{options}: only one of them.").format(options=", ".join(ways)))
    if not ways:
        return Tls(ca=usually.get("ca"))
    try:
        trust = read_fingerprint(given["trust"]) if "trust" in given else None
    except ValueError as error:
        raise Misuse(_("--trust takes a SHA-256 fingerprint.")) from error
    return Tls(given.get("ca"), trust, "insecure" in given)


def _notify(name: str, wording: Wording) -> Notify:
    try:
        return Notify(name)
    except ValueError as error:
        names = ", ".join(each.value for each in Notify)
        raise Misuse(wording.gettext("--notify takes: {names}.").format(names=names)) from error
