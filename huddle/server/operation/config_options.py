"""Options that are typed or stand in a file: which go first, and where what is wrong stands.

What is wrong is told in one line, in the language that is asked for. `Options` says which options
there are and what they may be.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from getopt import GetoptError, getopt
from typing import Any

from twisted.python import usage
from typing_extensions import override

from huddle.locale import language_named, language_of_environment, translator
from huddle.locale.command_line import record_as_output, refused_output
from huddle.protocol.text import clean
from huddle.server.operation.config_file import Config, Kind, read_config
from huddle.server.process import end_output
from huddle.server.start_errors import Refusal, reason_of

LISTS = ("listen", "proxy-from", "web-host", "auth", "op")
"""Options that may be repeated; a configuration file has lists of them."""

NOT_IN_A_FILE = ("config", "help-auth-type")


class ConfigOptions(usage.Options):
    """Reads ``--config``, and with ``--check`` tells all that is wrong with it."""

    def __init__(self) -> None:
        super().__init__()
        self.wording = translator(language_of_environment(os.environ))
        self.config = Config("")
        """What ``--config`` says, but for the options that were typed."""
        self.given: Collection[str] = ()
        """The options that were typed or stand in the file, by their whole names."""

    @override
    def parseOptions(self, options: Sequence[str] | None = None) -> None:
        """Take what was typed, and before it what stands in the file. Raises `Refusal`."""
        typed = list(options or ())
        self.wording = translator(_language_asked_for(typed))
        if (record := record_as_output()) is not None:
            raise Refusal(refused_output(record, self.wording))
        given = self._given(typed)
        if "config" in given:
            self.config = self._read_config(given["config"]).without(given)
            of_file = [each.typed for each in self.config.settings]
            self.wording = translator(_language_asked_for([*of_file, *typed]))
            if "check" in given:
                self._check_config(typed)
            elif self.config.faults:
                raise Refusal(self.config.faults[0])
        self._parse([*(each.typed for each in self.config.settings), *typed])

    def _given(self, typed: Sequence[str]) -> dict[str, str]:
        """The options that are typed, by their whole names; what is mistyped is told later."""
        try:
            given, _rest = getopt(typed, self.shortOpt, self.longOpt)
        except GetoptError:
            return {}
        return {self.synonyms.get(name.lstrip("-"), name): value for name, value in given}

    def _read_config(self, path: str) -> Config:
        kinds = {name.rstrip("="): Kind.VALUE for name in self.longOpt if name.endswith("=")}
        kinds |= {name: Kind.LIST for name in LISTS} | {"members-only": Kind.FLAG}
        for name in NOT_IN_A_FILE:
            kinds.pop(name, None)
        self["config"] = path
        try:
            return read_config(path, kinds, self.wording)
        except OSError as error:
            raise self.wrong("config", reason_of(error, self.wording)) from None

    def _check_config(self, typed: Sequence[str]) -> None:
        """Raise `Refusal` with all that is wrong with the file; what is wrong of what was typed is
        told when there is nothing else."""
        faults, settings = [*self.config.faults], [*self.config.settings]
        while True:
            probe = type(self)()
            probe.wording, probe.config = self.wording, Config(self.config.path, settings)
            try:
                probe._parse([*(each.typed for each in settings), *typed])
            except Refusal as refusal:
                faults.append(refusal.reason)
                if refusal.setting is None:
                    break
                settings.remove(refusal.setting)
            else:
                break
        if faults:
            raise Refusal("\n        ".join(faults))

    def _parse(self, typed: Sequence[str]) -> None:
        self.given = self._given(typed).keys()
        try:
            super().parseOptions(typed)
        except usage.UsageError as error:
            cause = error.__context__
            if isinstance(cause, GetoptError):
                raise Refusal(self._misuse(cause.opt, typed)) from None
            raise Refusal(str(error)) from None
        except Refusal:
            raise
        except (SystemExit, BrokenPipeError):  # the help or the version was told, as far as wanted
            end_output()
            raise SystemExit(0) from None

    def _misuse(self, option: str, typed: Sequence[str]) -> str:
        _ = self.wording.gettext
        name = self.synonyms.get(option, option)
        if f"{name}=" in self.longOpt:
            return _("--{option} wants a value").format(option=name)
        if name in self.longOpt:
            return _("--{option} takes no value").format(option=name)
        dashes = "--" if any(each.startswith(f"--{option}") for each in typed) else "-"
        return _("there is no option {option}; see twistd huddle --help").format(
            option=clean(dashes + option)
        )

    def check_texts(self) -> None:
        """Refuse what no address and no file is called, before anything is made of it: an empty
        interface would be all of them."""
        _ = self.wording.gettext
        for option, value in self.items():
            for each in value if isinstance(value, list) else [value]:
                if "\0" in str(each):
                    raise self.wrong(option, _("there is a zero byte in it"), str(each))
        interface = str(self["interface"])
        if not interface or " " in interface or not interface.isprintable():
            raise self.wrong("interface", _("it is an address, such as 127.0.0.1 or 0.0.0.0"))
        if not self["history"]:
            raise self.wrong("history", _("it is a file, or none"))

    def wrong(self, option: str, reason: str, typed: str | None = None) -> Refusal:
        """The refusal to start with what an option says: its own value, unless another is named."""
        _ = self.wording.gettext
        value = self[option] if typed is None else typed
        sentence = _("--{option} {value} will not do: {reason}")
        if self.config.found(option, str(value)) is not None:
            sentence = _("{option} = {value} will not do: {reason}")
        line = sentence.format(option=option, value=value, reason=reason)
        return self.refused(line, option, str(value))

    def alone(self, given: str, missing: str) -> Refusal:
        """The refusal to start with an option that says nothing without another one."""
        sentence = self.wording.gettext("--{given} goes with --{missing}: give both")
        return Refusal(sentence.format(given=given, missing=missing))

    def refused(self, line: str, option: str, value: str) -> Refusal:
        """The refusal to start with this value, with its place where it stands in the file."""
        setting = self.config.found(option, value)
        line = clean(line)  # it is one line, whatever was typed
        if setting is not None:
            line = f"{self.config.place(setting)}: {line}"
        return Refusal(line, setting)


def _language_asked_for(options: Sequence[str]) -> str:
    """The language to complain in: that of the last ``--lang``, if it is one of ours."""
    asked: Any = None
    for option, following in zip(options, [*options[1:], ""], strict=False):
        if option == "--lang":
            asked = language_named(following)
        elif option.startswith("--lang="):
            asked = language_named(option.partition("=")[2])
    return asked or language_of_environment(os.environ)
