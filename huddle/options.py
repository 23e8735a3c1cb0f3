"""The options of `twistd huddle`: what they are called, what they may be, what they say.

A wrong value ends the start with one clear line and the exit status 1. (twistd itself would print
the whole help and exit with 0.)
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import tzinfo
from pathlib import Path
from typing import Any, ClassVar, TypeVar
from zoneinfo import ZoneInfo

from twisted.internet.endpoints import quoteStringArgument
from twisted.python import usage
from typing_extensions import override

from huddle.limits import Limits
from huddle.locale import LANGUAGES, language_of_environment, translator
from huddle.record.sqlite.opening import Sync
from huddle.text import clean

MOTD_LINES = 50
"""Lines of the message of the day that are shown."""

NO_HISTORY = "none"
"""The value of ``--history`` that keeps messages in memory only."""

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
"""Seconds in the units of a duration."""

_DEFAULTS = Limits()
_LANGUAGE = language_of_environment(os.environ)
_ = translator(_LANGUAGE).gettext

Number = TypeVar("Number", int, float)


class Refusal(SystemExit):
    """The start ends here, with this line on the standard error and the exit status 1."""

    def __init__(self, line: str) -> None:
        super().__init__(f"huddle: {line}")


class Options(usage.Options):
    """What was typed behind `twistd huddle`, checked."""

    synopsis = "[options]"
    longdesc = _("A group chat that anybody can enter with nc, telnet or huddle-client.")

    optParameters: ClassVar[list[list[object]]] = [
        ["port", "p", "55123", _("TCP port, or an endpoint description such as ssl:…")],
        ["interface", "i", "127.0.0.1", _("address to listen on; 0.0.0.0 opens it to others")],
        ["history", None, "huddle.db", _("file that keeps the messages; none: in memory only")],
        ["sync", None, "full", _("full: what is said survives a power cut; normal: only a kill")],
        ["keep", None, None, _("how long messages are kept, such as 30d; else for ever")],
        ["keep-messages", None, None, _("how many messages of a room are kept; else all")],
        ["lang", None, _LANGUAGE, _("language: en or es")],
        ["hold", None, _DEFAULTS.hold, _("seconds that a lost nick is kept")],
        ["give-up", None, "1h", _("how long a reader may take nothing at all")],
        ["motd", None, None, _("file with a message for everybody who comes in")],
        ["tz", None, None, _("time zone, such as Europe/Madrid")],
        [
            "flood-rate",
            None,
            _DEFAULTS.flood_rate,
            _("lines a second that one may go on saying; 0: no limit"),
        ],
        ["flood-burst", None, _DEFAULTS.flood_burst, _("lines that one may say at once")],
        [
            "per-address",
            None,
            _DEFAULTS.per_address,
            _("connections from one address; 0: no limit"),
        ],
    ]

    def __init__(self) -> None:
        super().__init__()
        self["listen"] = []

    def opt_listen(self, description: str) -> None:
        self["listen"].append(description)

    opt_listen.__doc__ = _("listen here too: an endpoint description; again and again")

    @override
    def parseOptions(self, options: Any = None) -> None:
        try:
            super().parseOptions(options)
        except usage.UsageError as error:
            raise Refusal(str(error)) from None

    @override
    def parseArgs(self, *arguments: str) -> None:
        """There are none beside the options."""
        if arguments:
            raise Refusal(_("{argument} is no option").format(argument=arguments[0]))

    @override
    def postOptions(self) -> None:
        self.limits = replace(
            _DEFAULTS,
            hold=self._number("hold", float, 0),
            give_up=self._seconds("give-up"),
            flood_rate=self._number("flood-rate", float, 0),
            flood_burst=self._number("flood-burst", int, 1),
            per_address=self._number("per-address", int, 0),
        )
        self.wording = translator(self["lang"] if self["lang"] in LANGUAGES else _LANGUAGE)
        self.history = None if self["history"] == NO_HISTORY else str(self["history"])
        self.sync = self._sync()
        self.keep_ms = None if self["keep"] is None else round(self._seconds("keep") * 1000)
        self.keep_messages = self._optional_count("keep-messages")
        self.zone = self._zone()
        self.motd = self._motd()
        if self["lang"] not in LANGUAGES:
            known = ", ".join(LANGUAGES)
            raise self._wrong("lang", _("it is one of: {known}").format(known=known))

    @property
    def endpoints(self) -> list[str]:
        """Descriptions of all endpoints to listen on."""
        return [self._main_endpoint(), *self["listen"]]

    def _main_endpoint(self) -> str:
        port = str(self["port"])
        if ":" in port:
            return port
        number = self._number("port", int, 0)
        if number > 65_535:
            raise self._wrong("port", _("a port is at most 65535"))
        return f"tcp:{number}:interface={quoteStringArgument(self['interface'])}"

    def _number(self, option: str, kind: Callable[[str], Number], least: int) -> Number:
        try:
            number = kind(self[option])
        except ValueError:
            raise self._wrong(option, _("it is a number")) from None
        if not math.isfinite(number) or number < least:
            raise self._wrong(option, _("it is at least {least}").format(least=least))
        return number

    def _sync(self) -> Sync:
        match self["sync"]:
            case "full":
                return "full"
            case "normal":
                return "normal"
        raise self._wrong("sync", _("it is full or normal"))

    def _optional_count(self, option: str) -> int | None:
        return None if self[option] is None else self._number(option, int, 1)

    def _seconds(self, option: str) -> float:
        """A duration: ``90``, ``90s``, ``5m``, ``1h``, ``30d``."""
        value = str(self[option])
        unit = UNITS.get(value[-1:].lower(), 0)
        try:
            seconds = float(value[:-1] if unit else value) * (unit or 1)
        except ValueError:
            seconds = math.nan
        if not seconds > 0 or math.isinf(seconds):
            raise self._wrong(option, _("it is a duration, such as 90s, 5m, 1h or 30d"))
        return seconds

    def _zone(self) -> tzinfo | None:
        if self["tz"] is None:
            return None
        try:
            return ZoneInfo(self["tz"])
        except (ValueError, OSError, LookupError):
            raise self._wrong("tz", _("there is no such time zone")) from None

    def _motd(self) -> tuple[str, ...]:
        if self["motd"] is None:
            return ()
        try:
            text = Path(self["motd"]).read_text("utf-8", "replace")
        except OSError as error:
            raise self._wrong("motd", str(error.strerror)) from None
        return tuple(clean(line) for line in text.splitlines()[:MOTD_LINES])

    def _wrong(self, option: str, reason: str) -> Refusal:
        value = self[option]
        return Refusal(
            _("--{option} {value} will not do: {reason}").format(
                option=option, value=value, reason=reason
            )
        )
