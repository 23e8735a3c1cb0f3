"""The options of `twistd huddle`: what they are called, what they may be, what they say.

A wrong value ends the start with one clear line and the exit status 1. (twistd itself would print
the whole help and exit with 0.) The line, and the help, are in the language that ``--lang`` asks
for, even where something before it is wrong; without it, in that of the environment.
"""

from __future__ import annotations

import math
import os
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import tzinfo
from pathlib import Path
from typing import Any, ClassVar, get_args
from zoneinfo import ZoneInfo

from twisted.copyright import version as twisted_version
from twisted.cred.checkers import ICredentialsChecker
from twisted.cred.credentials import IUsernamePassword
from twisted.cred.strcred import AuthOptionMixin, UnsupportedInterfaces
from twisted.internet.endpoints import quoteStringArgument
from typing_extensions import override

from huddle.doors.proxy.trusted import Trusted
from huddle.locale import LANGUAGES, N_, language_named
from huddle.locale.command_line import refused_output, version_of
from huddle.locale.durations import is_bare, seconds_of
from huddle.protocol.errors import BadNick
from huddle.protocol.limits import KIB, Limits
from huddle.protocol.names import nick
from huddle.protocol.text import clean, decode
from huddle.record.sqlite.opening import Sync
from huddle.server.node.options import cluster_of
from huddle.server.operation.bounded_reading import read_beginning
from huddle.server.operation.config_options import LISTS, ConfigOptions
from huddle.server.operation.log_file import OBSERVER, ServerLog
from huddle.server.options_auth import WrongAuth, check_kind, check_nicks_known, checker_of, shown
from huddle.server.options_help import Row, helpful
from huddle.server.process import NotThere, choose_files, is_user, owner_of, twistd_of
from huddle.server.start_errors import Refusal, port_trouble, reason_of

MOTD_LINES = 50
"""Lines of the message of the day that are shown."""

MOTD_BYTES = 64 * KIB
"""Bytes of its file that are read."""

BACKLOG = 1024
"""Connections that may wait to be accepted. Twisted's own 50 are fewer than a class that enters all
at once; one that finds no place is sent back by the kernel for a second."""

NO_HISTORY = "none"
"""The value of ``--history`` that keeps messages in memory only."""

NUMBERS: Sequence[tuple[str, Callable[[str], float], int, str]] = (
    ("flood-rate", float, 0, N_("lines a second that one may go on saying; 0: no limit")),
    ("flood-burst", int, 1, N_("lines that one may say at once")),
    ("per-address", int, 0, N_("connections from one address; 0: no limit")),
    ("rooms", int, 1, N_("rooms in all, empty ones included")),
    ("rooms-made", int, 0, N_("rooms made from one address in an hour; 0: no limit")),
    ("registrations", int, 0, N_("nicks registered from one address in an hour")),
    ("pending", int, 1, N_("private messages kept for one who is away")),
    ("searches", int, 0, N_("searches a minute of one; 0: no limit")),
)
"""Options that are numbers of `Limits`: what each is read by, and the least that it may be."""

_DEFAULTS = Limits()

_HOST_NAME = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*\.?")


def _limit(option: str) -> str:
    """What `Limits` call the number that an option is."""
    return option.replace("-", "_")


class Options(AuthOptionMixin, ConfigOptions):
    """What was typed behind `twistd huddle`, checked."""

    supportedInterfaces = (IUsernamePassword,)

    optParameters: ClassVar[list[tuple[str, str | None, str | None, str]]] = [
        ("config", "c", None, N_("TOML file with options under these names; those typed go first")),
        ("port", "p", "55123", N_("TCP port, or an endpoint description such as ssl:…")),
        ("interface", "i", "127.0.0.1", N_("address to listen on; 0.0.0.0 opens it to others")),
        ("web", None, None, N_("port for browsers, or an endpoint description")),
        ("metrics", None, None, N_("port for Prometheus on this machine, or an endpoint")),
        ("history", None, "huddle.db", N_("file that keeps the messages; none: in memory only")),
        ("sync", None, "full", N_("full: what is said survives a power cut; normal: only a kill")),
        ("keep", None, None, N_("how long messages are kept, such as 30d; else for ever")),
        ("keep-messages", None, None, N_("how many messages of a room are kept; else all")),
        ("lang", None, None, N_("language, such as en or es; else that of the environment")),
        ("motd", None, None, N_("file with a message for everybody who comes in")),
        ("tz", None, None, N_("time zone, such as Europe/Madrid; else this machine's")),
        ("hold", None, "120", N_("how long a lost nick is kept for its owner")),
        ("give-up", None, "1h", N_("how long a reader may take nothing at all")),
        *(
            (option, None, f"{getattr(_DEFAULTS, _limit(option)):g}", sentence)
            for option, _kind, _least, sentence in NUMBERS
        ),
        ("cluster", None, None, N_("be a node of several, over this engine: etcd://a,b,c/HOUSE")),
        ("node", None, None, N_("name of this node, which no other has")),
        ("cluster-key", None, None, N_("file with the key that all nodes have")),
        (
            "peer",
            None,
            None,
            N_("give other nodes what they need to start, at tcp:PORT:interface=ADDRESS"),
        ),
    ]
    optFlags: ClassVar[list[tuple[str, str | None, str]]] = [
        ("members-only", None, N_("let nobody in without a registered nick and its password")),
        ("found", None, N_("begin a house of several nodes with this node's record")),
        ("check", None, N_("tell what is wrong with the options, and end")),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.update({option: [] for option in (*LISTS, "credCheckers")})
        self.authOutput = sys.stdout

    def opt_listen(self, description: str) -> None:
        """Listen at this endpoint too; may be given again and again."""
        self["listen"].append(description)

    def opt_web_host(self, name: str) -> None:
        """Browsers may come by this name too."""
        self["web-host"].append(name)

    def opt_proxy_from(self, address: str) -> None:
        """Believe the PROXY headers of this proxy: an address, a network, or unix."""
        self["proxy-from"].append(address)

    def opt_op(self, nick: str) -> None:
        """The person who has this nick registered may do what operators may."""
        self["op"].append(nick)

    @override
    def opt_auth(self, description: str) -> None:
        """Let those in, too, who have a password there."""
        self["auth"].append(description)

    @override
    def opt_help_auth_type(self, authType: str) -> None:
        """Tell of one way to check passwords, and end."""
        try:
            check_kind(authType, self.wording)
        except WrongAuth as wrong:
            raise self.wrong("help-auth-type", str(wrong), authType) from None
        super().opt_help_auth_type(authType)

    @override
    def opt_version(self) -> None:
        """Print the versions of Huddle and of Twisted, and end."""
        print(f"{version_of('huddle')}, Twisted {twisted_version}")
        raise SystemExit

    # -- the help ------------------------------------------------------------------------------

    @override
    def getSynopsis(self) -> str:
        return self.wording.gettext("Usage: twistd -n huddle [options]") + "\n"

    @override
    def getUsage(self, width: int | None = None) -> str:
        _ = self.wording.gettext
        rows = [
            Row(long, _(sentence), short or "", default or "")
            for long, short, default, sentence in self.optParameters
        ]
        rows[3:3] = [
            Row("listen", _("another endpoint to listen on; may be repeated")),
            Row("proxy-from", _("address or network of a proxy that sends PROXY headers")),
        ]
        rows += [
            Row("web-host", _("name by which browsers may come; may be repeated")),
            Row("auth", _("another list of nicks and passwords, such as file:passwd")),
            Row("op", _("registered nick of an operator; may be repeated")),
            *(Row(flag, _(said), takes_value=False) for flag, _no, said in self.optFlags),
            Row("help-auth", _("tell what --auth may be, and end"), takes_value=False),
            Row("help-auth-type", _("tell more of one of them, and end")),
            Row("version", _("tell the version, and end"), takes_value=False),
            Row("help", _("show this help, and end"), takes_value=False),
        ]
        return helpful(rows, self.wording, width or int(os.environ.get("COLUMNS", "80")))

    # -- what was typed ------------------------------------------------------------------------

    @override
    def parseArgs(self, *arguments: str) -> None:
        """Refuse all that is typed beside the options."""
        if arguments:
            _ = self.wording.gettext
            raise Refusal(_("{argument} is no option").format(argument=arguments[0]))

    @override
    def postOptions(self) -> None:
        self["lang"] = self._language()
        self.check_texts()
        self.limits = replace(
            _DEFAULTS,
            hold=self._seconds("hold", zero=True),
            give_up=self._seconds("give-up"),
            **{_limit(row[0]): self._number(*row[:3]) for row in NUMBERS},
        )
        self.history = None if self["history"] == NO_HISTORY else str(self["history"])
        self.cluster = cluster_of(self, self.history)
        """Which node of what this is; None for a server that is alone."""
        if self["sync"] not in get_args(Sync):
            raise self.wrong("sync", self.wording.gettext("it is full or normal"))
        self.sync: Sync = self["sync"]
        if self.cluster is not None and "sync" not in self.given:
            self.sync = "normal"  # what is lost, the log has
        self.keep_ms = self._keep_ms()
        self.keep_messages: int | None = None
        if self["keep-messages"] is not None:
            self.keep_messages = self._number("keep-messages", int, 1)
        self.zone = self._zone()
        self._motd_path = os.path.abspath(self["motd"] or "")  # twistd may move (--rundir)
        self.motd = self.read_motd()
        self.endpoints = [self._endpoint("port"), *self["listen"]]
        """Descriptions of all endpoints to listen on."""
        self.web = None if self["web"] is None else self._endpoint("web")
        """That of the endpoint for browsers."""
        self.metrics = None if self["metrics"] is None else self._endpoint("metrics", "127.0.0.1")
        """That of the endpoint for Prometheus."""
        self.web_hosts = [self._web_host(typed) for typed in self["web-host"]]
        if self.web_hosts and self.web is None:
            raise self.alone("web-host", "web")
        self.proxies = self._proxies()
        """Those whose PROXY headers are believed; None where none was named."""
        self.members_only = bool(self["members-only"])
        self.operators = [self._operator(typed) for typed in self["op"]]
        self.checkers = [self._checker(typed) for typed in self["auth"]]
        """Those of ``--auth``, in their order."""
        self._choose_files()

    def _language(self) -> str:
        if self["lang"] is None:
            return self.wording.language
        language = language_named(self["lang"])
        if language is None:
            _ = self.wording.gettext
            raise self.wrong("lang", _("it is one of: {known}").format(known=", ".join(LANGUAGES)))
        return language

    def _endpoint(self, option: str, interface: str = "") -> str:
        """A description as it was given, or one made of a port, on an interface of its own."""
        port = str(self[option])
        if ":" in port:
            return port
        if trouble := port_trouble(port, self.wording):
            raise self.wrong(option, trouble)
        interface = quoteStringArgument(interface or self["interface"])
        return f"tcp:{int(port)}:interface={interface}:backlog={BACKLOG}"

    def _proxies(self) -> Trusted | None:
        for typed in self["proxy-from"]:
            try:
                Trusted([typed])
            except ValueError:
                reason = self.wording.gettext("it is an address, a network or unix")
                raise self.wrong("proxy-from", reason, typed) from None
        return Trusted(self["proxy-from"]) if self["proxy-from"] else None

    def _number(self, option: str, kind: Callable[[str], float], least: int) -> Any:
        _ = self.wording.gettext
        try:
            number = kind(self[option])
        except ValueError:
            raise self.wrong(option, _("it is a number")) from None
        if not math.isfinite(number) or number < least:
            raise self.wrong(option, _("it is at least {least}").format(least=least))
        return number

    def _seconds(self, option: str, zero: bool = False) -> float:
        """A duration: ``90``, ``90s``, ``5m``, ``1h``, ``30d``."""
        seconds = seconds_of(str(self[option]))
        if seconds is None or not (seconds or zero):
            _ = self.wording.gettext
            raise self.wrong(option, _("it is a duration, such as 90s, 5m, 1h or 30d"))
        return seconds

    def _keep_ms(self) -> int | None:
        """With a unit: what is older is deleted at once, and who types 30 means days."""
        if self["keep"] is None:
            return None
        if not is_bare(str(self["keep"])):
            return round(self._seconds("keep") * 1000)
        _ = self.wording.gettext
        reason = _("it wants a unit, such as 30d (days), 12h (hours) or 5m (minutes)")
        raise self.wrong("keep", reason)

    def _choose_files(self) -> None:
        twistd = twistd_of(self.parent)
        if twistd is None:
            return
        try:
            log = choose_files(twistd, sys.argv[1:], self.history)
        except NotThere as error:
            if error.cause is None:
                raise Refusal(refused_output(error.path, self.wording)) from None
            reason = reason_of(error.cause, self.wording)
            raise self.wrong(error.option, reason, error.path) from None
        if log and not twistd.get("logger"):
            ServerLog.path, twistd["logger"] = log, OBSERVER
        uid, gid = twistd["uid"], twistd["gid"]
        ServerLog.owner = owner_of(uid, gid)
        if uid is not None and not is_user(uid):
            raise self.wrong("uid", self.wording.gettext("this machine has no such user"), str(uid))

    def _web_host(self, typed: str) -> str:
        if not _HOST_NAME.fullmatch(typed):
            reason = self.wording.gettext("it is a name, such as chat.example.org")
            raise self.wrong("web-host", reason, typed)
        return typed

    def _operator(self, typed: str) -> str:
        try:
            return nick(typed)
        except BadNick:
            raise self.wrong("op", self.wording.gettext("it is no nick"), typed) from None

    def _checker(self, description: str) -> ICredentialsChecker:
        _ = self.wording.gettext
        try:
            checker = checker_of(description, self.wording)
            self.addChecker(checker)
            check_nicks_known(checker, self.members_only, self.wording)
        except UnsupportedInterfaces:
            raise self.wrong("auth", _("it checks no passwords"), shown(description)) from None
        except WrongAuth as wrong:
            raise self.wrong("auth", str(wrong), shown(description)) from None
        return checker

    def _zone(self) -> tzinfo | None:
        if self["tz"] is None:
            return None
        try:
            return ZoneInfo(self["tz"])
        except (ValueError, OSError, LookupError):
            reason = self.wording.gettext("there is no such time zone")
            raise self.wrong("tz", reason) from None

    def read_motd(self) -> tuple[str, ...]:
        """The lines of the message of the day as they are now. Raises `Refusal`."""
        if self["motd"] is None:
            return ()
        try:
            lines = read_beginning(self._motd_path, MOTD_BYTES).splitlines()
        except (OSError, ValueError) as error:
            raise self.wrong("motd", reason_of(error, self.wording)) from None
        return tuple(clean(decode(line)[0]) for line in lines[:MOTD_LINES])

    def read_motd_again(self) -> tuple[str, ...]:
        """The same, later. A pipe has said all that it had, and would have the reactor wait, as a
        device might."""
        path = Path(self._motd_path)
        return self.motd if path.is_fifo() or path.is_char_device() else self.read_motd()
