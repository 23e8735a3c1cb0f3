"""The client as a process of its own, which need not import anything; or any other program."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

from twisted.internet.process import Process, PTYProcess
from twisted.internet.protocol import ProcessProtocol
from twisted.python.failure import Failure
from typing_extensions import override

from tests.client.in_reactor import Waiting
from tests.real.preloaded import CLIENT, fork_for

ROOT = Path(__file__).parent.parent.parent


def _forked(
    process: Any,
    path: str,
    uid: None,
    gid: None,
    executable: str,
    command: Sequence[str],
    environment: dict[str, str],
    **ends: Any,
) -> None:
    """How a process of the reactor's is made: here by `tests.real.preloaded`."""
    terminal = "slavefd" in ends
    fds = [ends["slavefd"]] * 3 if terminal else [ends["fdmap"][number] for number in range(3)]
    process.pid = fork_for(command, environment, path, fds, terminal=terminal)
    process.status = -1


class _WithPipes(Process):
    _fork: Any = _forked


class _AtTerminal(PTYProcess):
    _fork: Any = _forked


class Client(ProcessProtocol):
    """One huddle-client."""

    def __init__(self) -> None:
        self.output = b""
        self.errors = b""
        self.status: int | None = None
        self.waiting = Waiting()

    @classmethod
    def start(cls, folder: Path, *command: str, tty: bool = False, **more: str) -> Client:
        """Start a command in ``folder``, which is the user's home too."""
        from twisted.internet import reactor

        inherited = {n: v for n, v in os.environ.items() if n.startswith("PATH")}
        environment = inherited | {
            "HOME": str(folder),
            "LANG": "C.UTF-8",
            "PYTHONPATH": str(ROOT),
            "TERM": "dumb",
            "TZ": "UTC",
        }
        client = cls()
        environment |= more
        if command[: len(CLIENT)] == CLIENT:
            forked: Any = _AtTerminal if tty else _WithPipes
            client.process = forked(reactor, command[0], command, environment, str(folder), client)
        else:
            spawn: Any = cast(Any, reactor).spawnProcess
            client.process = spawn(client, command[0], command, environment, str(folder))
        return client

    process: Any

    def type(self, *lines: str) -> None:
        self.process.write("".join(f"{line}\n" for line in lines).encode())

    def end_input(self) -> None:
        self.process.closeStdin()

    async def until_shown(self, text: str) -> None:
        """Wait until this is on the screen, or among the errors."""
        await self.waiting.until(lambda: text.encode() in self.output + self.errors)

    async def until_ended(self) -> int:
        await self.waiting.until(lambda: self.status is not None)
        assert self.status is not None
        return self.status

    def shown(self) -> list[str]:
        return self.output.decode().splitlines()

    def warned(self) -> list[str]:
        return self.errors.decode().splitlines()

    async def kill(self) -> None:
        """As by ``kill -9``; also the way to end one that has not ended."""
        if self.status is None:
            self.process.signalProcess("KILL")
            await self.until_ended()

    @override
    def outReceived(self, data: bytes) -> None:
        self.output += data
        self.waiting.happened()

    @override
    def errReceived(self, data: bytes) -> None:
        self.errors += data
        self.waiting.happened()

    @override
    def processEnded(self, reason: Failure) -> None:
        ended: Any = reason.value  # ProcessDone or ProcessTerminated
        self.status = -ended.signal if ended.signal else ended.exitCode
        self.waiting.happened()
