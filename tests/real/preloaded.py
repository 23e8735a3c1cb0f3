"""Huddle's programs as processes that need not import anything, which takes half a second.

One process, started with the first of them, has imported all that the programs are made of, and
is forked for each. What is forked gets the arguments, environment, folder, pipes and terminal that
it would have got, and its parent is the test. That the programs also start without this is shown
by what has another way to start them: `tests.client.windows.tmux`, `tests.real.test_twistd`, the
shell of `tests.documents.workshop`, a tracer.
"""

from __future__ import annotations

import ctypes
import fcntl
import functools
import gc
import json
import os
import resource
import signal
import socket
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, AnyStr

from tests.patience import PATIENCE

ROOT = Path(__file__).parent.parent.parent
TWISTD = (str(Path(sys.executable).parent / "twistd"),)
CLIENT = (sys.executable, "-m", "huddle.client.program")
TOOLS = {
    name: (sys.executable, "-m", f"huddle.tools.{name}")
    for name in ("account", "archive", "certificate")
}
PROGRAMS = (TWISTD, CLIENT, *TOOLS.values())

SET_CHILD_SUBREAPER = 36
"""Of prctl(2): whoever loses its parent further down gets this process for one."""

AT_MOST = 1 << 16
"""Bytes of what is told about one process."""


class Preloaded(subprocess.Popen[AnyStr]):
    """One of `PROGRAMS` with its arguments; otherwise what it is derived from.

    ``preexec_fn`` cannot be given; ``terminal`` makes the standard input the terminal by which the
    process is controlled, in a session of its own; ``files`` is how many it may have open at most.
    """

    def __init__(
        self, command: Sequence[str], *, terminal: bool = False, files: int = 0, **options: Any
    ) -> None:
        self._terminal = terminal
        self._files = files
        super().__init__([*command], **options)

    def _execute_child(self, command: list[str], *rest: Any) -> None:
        """Called by the constructor, with all that it was given and the pipes it has made."""
        _, preexec, _, _, cwd, environ, _, _, _, *pipes_and_more = rest
        pipes, (_, _, _, _, _, session, *_) = pipes_and_more[:6], pipes_and_more[6:]
        assert preexec is None and environ is not None
        stdin, _, _, stdout, _, stderr = pipes
        fds = [own if own >= 0 else ours for ours, own in enumerate((stdin, stdout, stderr))]
        self.pid = fork_for(
            command,
            environ,
            os.fspath(cwd or os.getcwd()),
            fds,
            session=session,
            terminal=self._terminal,
            files=self._files,
        )
        self._child_created = True
        self._close_pipe_fds(*pipes)  # type: ignore[attr-defined]


def run(
    command: Sequence[str],
    *,
    start: Callable[..., subprocess.Popen[Any]] = Preloaded,
    input: str | None = None,
    **options: Any,
) -> subprocess.CompletedProcess[Any]:
    """Run one of `PROGRAMS` to its end; what it says is taken where it is not led elsewhere."""
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    stdin = subprocess.DEVNULL if input is None else subprocess.PIPE
    with start(command, stdin=stdin, **pipes | options) as process:
        try:
            output, errors = process.communicate(input, PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
    return subprocess.CompletedProcess(process.args, process.returncode, output, errors)


def fork_for(
    command: Sequence[str],
    environ: Mapping[str, str],
    folder: str,
    fds: Sequence[int],
    *,
    session: bool = False,
    terminal: bool = False,
    files: int = 0,
) -> int:
    """Have one of `PROGRAMS` run with these ``fds`` as its input, output and errors; returns its
    number. ``terminal``: the input is one, and controls the process, in a session of its own."""
    told = {
        "command": command,
        "environ": environ,
        "folder": folder,
        "session": session or terminal,
        "terminal": terminal,
        "files": files,
    }
    factory = the_one_with_everything()
    socket.send_fds(factory, [json.dumps(told).encode()], fds)
    return int(factory.recv(AT_MOST))


@functools.cache
def the_one_with_everything() -> socket.socket:
    """The connection to the process that is forked. It ends when this one does."""
    ctypes.CDLL(None).prctl(SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    ours, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with its:
        os.posix_spawn(
            sys.executable,
            [sys.executable, "-m", "tests.real.preloaded"],
            {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", "LANG": "C.UTF-8"},
            file_actions=[(os.POSIX_SPAWN_DUP2, its.fileno(), 0)],
        )
    return ours


# -- the process that is forked ------------------------------------------------------------------


def main() -> None:
    """Import everything, also what a program imports only when it comes to need it; then fork for
    each one that is asked for, until nobody can ask."""
    from twisted.application.service import IServiceMaker
    from twisted.plugin import getPlugins
    from twisted.scripts import twistd

    import huddle.client.lines.running
    import huddle.client.network.tls
    import huddle.client.oneshot.script
    import huddle.client.terminal.running
    import huddle.doors.web.door
    import huddle.tap  # noqa: F401
    from huddle.client.program import main as client
    from huddle.locale import durations
    from huddle.tools import account, archive, certificate

    mains: list[Callable[[], int | None]] = [
        twistd.run,
        client,
        account.main,
        archive.main,
        certificate.main,
    ]
    list(getPlugins(IServiceMaker))  # twistd imports all of them, whatever is started
    durations.prepare()
    assert "twisted.internet.reactor" not in sys.modules, "all would have one and the same"
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    gc.collect()
    gc.freeze()
    with socket.socket(fileno=os.dup(0)) as control:
        while (asked := socket.recv_fds(control, AT_MOST, 3))[0]:
            told, fds, _, _ = asked
            if forked(control):
                break
            for fd in fds:
                os.close(fd)
        else:
            os._exit(0)
    number, sys.argv = become(json.loads(told), fds)
    sys.exit(mains[number]())


def forked(control: socket.socket) -> bool:
    """Fork a process that does not belong to this one; returns whether one is in it."""
    read, write = os.pipe()
    between = os.fork()
    if not between:
        if pid := os.fork():
            os.write(write, str(pid).encode())
            os._exit(0)
        os.close(read)
        os.close(write)
        return True
    os.waitpid(between, 0)  # now its child has another parent
    control.send(os.read(read, AT_MOST))
    os.close(read)
    os.close(write)
    return False


def become(told: dict[str, Any], fds: Sequence[int]) -> tuple[int, list[str]]:
    """Be the process that was asked for; returns its place in `PROGRAMS`, and its arguments as in
    ``sys.argv``."""
    for number, fd in enumerate(fds):
        os.dup2(fd, number)
    os.closerange(3, max(fds) + 1)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.clear()
    os.environ.update(told["environ"])
    time.tzset()
    os.chdir(told["folder"])
    if told["session"]:
        os.setsid()
    if told["terminal"]:
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    if files := told["files"]:
        resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))
    command: list[str] = told["command"]
    [program] = [each for each in PROGRAMS if tuple(command[: len(each)]) == each]
    return PROGRAMS.index(program), [program[0], *command[len(program) :]]


if __name__ == "__main__":
    main()
