"""huddle-client: a terminal, or a pipe, in the group chat.

What a run takes is imported when it is known that it takes it: one that only shows its help needs
no Twisted, and one that speaks no TLS nothing of that.
"""

from __future__ import annotations

import contextlib
import gc
import inspect
import os
import sys
from collections.abc import Callable, Iterator, MutableMapping
from dataclasses import replace
from importlib import import_module
from importlib.util import LazyLoader, find_spec, module_from_spec
from types import ModuleType
from typing import Any

from typing_extensions import override

from huddle.client.network.tls_options import Tls
from huddle.client.setup.options import COMMAND_LINE, INSECURE, Options, read_options
from huddle.locale import translator
from huddle.locale.command_line import USAGE, Misuse, record_as_output, refused_output, version_of

FAILED = 1

NEVER_USED = ("_hashlib",)
"""OpenSSL's digests: Python has its own."""

USED_FOR_TLS = ("OpenSSL", "ssl")

USED_FOR_THE_WEB = ("http.cookiejar",)
"""What Twisted imports always: with what it imports itself, 60 modules."""


def main() -> None:
    """Run as the command line says; raises SystemExit."""
    _have_standard_files()
    record = record_as_output()
    try:
        options = read_options(sys.argv[1:], os.environ)
        if record is not None:
            _write(2, f"huddle-client: {refused_output(record, translator(options.language))}")
            raise SystemExit(FAILED)
        if options.help or options.version:
            raise SystemExit(_tell(options))
        interactive = sys.stdin.isatty() and not options.json
        _check(options, asks=interactive and not is_task(options))
    except Misuse as error:
        _write(2, f"huddle-client: {error}")
        raise SystemExit(USAGE) from error
    gc.disable()  # nothing of what is imported is garbage: looking for it is a tenth of the start
    leave_out_what_is_not_used(tls=True)
    options = _as_known(options)
    leave_out_what_is_not_used(tls=options.tls is not None)
    if options.tls is not None:
        _check_tls(options.tls, options.language)
    run = _program_for(options, interactive)
    gc.freeze()
    gc.enable()
    raise SystemExit(run())


def _have_standard_files() -> None:
    """Raises SystemExit when the standard output is closed, which would wait for ever to be written
    to. What else is closed has nothing in it; a socket must not take its place."""
    for descriptor in (0, 1, 2):
        try:
            os.fstat(descriptor)
        except OSError as error:
            os.open(os.devnull, os.O_RDWR)  # the lowest number that is free: this one
            if descriptor == 1:
                _write(2, f"huddle-client: -: {error.strerror}")
                raise SystemExit(FAILED) from error
    sys.stdin = sys.stdin or open(0, closefd=False)  # noqa: SIM115


def _tell(options: Options) -> int:
    """Show the help, or the version; the exit status."""
    lines = COMMAND_LINE.help_lines(translator(options.language))
    if options.version:
        lines = iter([version_of("huddle-client")])
    try:
        os.write(1, "".join(f"{line}\n" for line in lines).encode())
    except BrokenPipeError:  # a pager that was left
        return 0
    except OSError as error:
        _write(2, f"huddle-client: -: {error.strerror}")
        return FAILED
    return 0


def is_task(options: Options) -> bool:
    """Whether one thing is to be done, and then the end."""
    return options.send is not None or options.tail is not None


def _check(options: Options, *, asks: bool) -> None:
    """Raises `Misuse` when a nick or password is missing and there is no person to be asked."""
    _ = translator(options.language).gettext
    if options.nick is None and not asks:
        raise Misuse(_("A pipe needs a nick: --nick …"))
    if options.login and options.password is None and not asks:
        raise Misuse(_("A pipe is not asked for a password: set HUDDLE_PASSWORD."))


def _as_known(options: Options) -> Options:
    """A server that is known by its certificate gets no secret in the clear, whatever was typed."""
    from huddle.client.network.known_servers import KnownServers, place_of
    from huddle.client.session.journal import state_folder

    if options.tls is None:
        with contextlib.suppress(OSError):
            known = KnownServers(state_folder(os.environ))
            if any(known.of(place_of(host, port)) for host, port in options.places):
                return replace(options, tls=Tls())
    return options


def leave_out_what_is_not_used(*, tls: bool) -> None:
    """Have Python's library and Twisted begin without what they import and nothing here uses.

    Without ``tls`` that is all of it: 18 MiB, and a tenth of the start. To have no such module is
    Python's own way to forbid an import; what is imported already stays.
    """
    modules: MutableMapping[str, object] = sys.modules  # type: ignore[assignment]
    for name in NEVER_USED if tls else (*NEVER_USED, *USED_FOR_TLS):
        modules.setdefault(name, None)
    for name in USED_FOR_THE_WEB:
        _import_lazily(name)
    with _without_asyncio():
        import_module("twisted.internet.defer")


def _import_lazily(name: str) -> None:
    """Have a module be read when something of it is used: Twisted imports more than it needs."""
    if name in sys.modules or (spec := find_spec(name)) is None or spec.loader is None:
        return
    spec.loader = LazyLoader(spec.loader)
    sys.modules[name] = module = module_from_spec(spec)
    spec.loader.exec_module(module)
    # Found there, it is not looked at; looked for by its name, it would be read at once.
    package, _, own_name = name.rpartition(".")
    setattr(sys.modules[package], own_name, module)


class _NoAsyncio(ModuleType):
    """What stands for asyncio while Twisted is imported: another name of it is asyncio's own."""

    iscoroutine = staticmethod(inspect.iscoroutine)
    AbstractEventLoop = Future = object

    @override
    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # the import looks whether it is a package
            raise AttributeError(name)
        sys.modules.pop("asyncio", None)
        return getattr(import_module("asyncio"), name)


@contextlib.contextmanager
def _without_asyncio() -> Iterator[None]:
    """Deferreds name asyncio's futures in annotations, and ask it only what a coroutine is: that is
    not worth its 36 modules. Whoever imports asyncio afterwards gets it whole."""
    if "asyncio" in sys.modules:
        yield
        return
    sys.modules["asyncio"] = stand_in = _NoAsyncio("asyncio")
    try:
        yield
    finally:
        if sys.modules.get("asyncio") is stand_in:
            del sys.modules["asyncio"]


def _check_tls(tls: Tls, language: str) -> None:
    """Raises SystemExit when what TLS takes is not there; what takes any server is said once."""
    from huddle.client.network.endpoints import NoWay, context_for

    _ = translator(language).gettext
    try:
        context_for(tls)
    except NoWay as error:
        if not error.file:
            reason = _("TLS needs pip install 'huddle[tls]'")
        elif isinstance(error.__cause__, FileNotFoundError):
            reason = f"{error.file}: " + _("there is no such file")
        else:
            reason = f"{error.file}: " + (error.detail or _("there is no certificate in it"))
        _write(2, f"huddle-client: {reason}")
        raise SystemExit(FAILED) from error
    if tls.insecure:
        _write(2, "-- " + _(INSECURE))


def _program_for(options: Options, interactive: bool) -> Callable[[], int]:
    """What does what was asked for, and gives the exit status."""
    if is_task(options):
        from huddle.client.oneshot.script import run_task

        return lambda: run_task(options)
    if interactive and sys.stdout.isatty() and os.environ.get("TERM", "dumb") != "dumb":
        from huddle.client.terminal.running import run as run_terminal

        return lambda: run_terminal(options)
    from huddle.client.lines.running import run as run_lines

    return lambda: run_lines(options, interactive)


def _write(fd: int, *lines: str) -> None:
    with contextlib.suppress(OSError):  # a pager that was left
        os.write(fd, "".join(f"{line}\n" for line in lines).encode())


if __name__ == "__main__":
    main()
