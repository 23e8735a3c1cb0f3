"""huddle-client: a terminal, or a pipe, in the group chat."""

from __future__ import annotations

import contextlib
import os
import sys
from dataclasses import replace
from datetime import date

from twisted.internet.defer import Deferred
from twisted.internet.stdio import StandardIO

from huddle.client.commands import json_input
from huddle.client.commands.commands import meaning_of
from huddle.client.conversation.conversation import Conversation
from huddle.client.lines.echo import Echo
from huddle.client.lines.line_screen import Terminal
from huddle.client.network.endpoints import NoWay, context_for, in_clear
from huddle.client.network.known_servers import KnownServers, place_of
from huddle.client.network.trust import Tls
from huddle.client.rendering import json_lines
from huddle.client.rendering.rendering import Rendering
from huddle.client.session.journal import state_folder
from huddle.client.setup.opener import Opener
from huddle.client.setup.options import COMMAND_LINE, Options, read_options
from huddle.client.setup.running import FAILED, run_until
from huddle.locale import translator
from huddle.locale.command_line import USAGE, Misuse


def main() -> None:
    """Run as the command line says; raises SystemExit."""
    try:
        options = read_options(sys.argv[1:], os.environ)
        if options.help:
            _write(1, *COMMAND_LINE.help_lines(translator(options.language)))
            raise SystemExit(0)
        interactive = sys.stdin.isatty() and not options.json
        if options.nick is None and (is_task(options) or not interactive):
            _ = translator(options.language).gettext
            raise Misuse(_("A pipe needs a nick: --nick …"))
        if options.login and options.password is None and (is_task(options) or not interactive):
            _ = translator(options.language).gettext
            raise Misuse(_("A pipe is not asked for a password: set HUDDLE_PASSWORD."))
    except Misuse as error:
        _write(2, f"huddle-client: {error}")
        raise SystemExit(USAGE) from error
    options = _as_known(options)
    _check_tls(options)
    raise SystemExit(_run(options, interactive))


def _as_known(options: Options) -> Options:
    """A server that is known by its certificate gets no secret in the clear, whatever was typed."""
    if options.tls is None:
        with contextlib.suppress(OSError):
            known = KnownServers(state_folder(os.environ))
            if known.of(place_of(options.host, options.port)):
                return replace(options, tls=Tls())
    return options


def _check_tls(options: Options) -> None:
    """Raises SystemExit when what TLS takes is not there; what takes any server is said once."""
    if options.tls is None:
        return
    _ = translator(options.language).gettext
    try:
        context_for(options.tls)
    except NoWay as error:
        if not error.file:
            reason = _("TLS needs pip install 'huddle[tls]'")
        elif isinstance(error.__cause__, FileNotFoundError):
            reason = f"{error.file}: " + _("there is no such file")
        else:
            reason = f"{error.file}: " + (error.detail or _("there is no certificate in it"))
        _write(2, f"huddle-client: {reason}")
        raise SystemExit(FAILED) from error
    if options.tls.insecure:
        _write(2, "-- " + _("Nobody checks who the server is (--insecure)."))


def _run(options: Options, interactive: bool) -> int:
    """Do what was asked for; the exit status. What it takes is imported when it is known."""
    if is_task(options):
        from huddle.client.oneshot.script import run_task

        return run_task(options)
    if interactive and sys.stdout.isatty() and os.environ.get("TERM", "dumb") != "dumb":
        from huddle.client.terminal.running import run as run_interface

        return run_interface(options)
    return run(options, interactive)


def is_task(options: Options) -> bool:
    """Whether one thing is to be done, and then the end."""
    return options.send is not None or options.tail is not None


def run(options: Options, interactive: bool) -> int:
    """Be in the chat until it is left; the exit status."""
    from twisted.internet import reactor  # importing it installs it: not before it is needed

    ended: Deferred[int] = Deferred()
    together = options.json or (interactive and sys.stdout.isatty())
    warn = None if together else _warn
    echo = Echo(sys.stdin.fileno())
    hide = echo.hide if interactive else _nothing
    terminal = Terminal(reactor, warn, ended.callback, hide)
    opener = Opener(
        options,
        reactor,
        lambda trouble: conversation.trouble(trouble),
        interactive=interactive,
        ask=(lambda event: conversation.trusted(event)) if interactive else None,
    )
    renders = json_lines.JsonLines if options.json else Rendering
    rendering = renders(translator(options.language), date.today)
    conversation = terminal.conversation = Conversation(
        terminal,
        rendering,
        opener.open,
        interactive=interactive,
        nick=options.nick,
        login=options.login and options.password is None,
        room=options.room,
        more_rooms=options.more_rooms,
        to=options.to,
        in_clear=in_clear(options.host, options.tls),
        informed=options.json,
        read=json_input.meaning_of if options.json else meaning_of,
    )
    try:
        return run_until(
            ended, reactor, lambda: StandardIO(terminal, reactor=reactor), conversation.leave
        )
    finally:
        opener.close()
        hide(False)


def _nothing(hidden: bool) -> None:
    """A pipe shows nothing of what goes through it."""


def _warn(data: bytes) -> None:
    with contextlib.suppress(OSError):  # nobody reads it
        os.write(2, data)


def _write(fd: int, *lines: str) -> None:
    with contextlib.suppress(OSError):  # a pager that was left
        os.write(fd, "".join(f"{line}\n" for line in lines).encode())


if __name__ == "__main__":
    main()
