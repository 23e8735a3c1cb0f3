"""A house that windows are opened on: a server that ends without a word, and comes again."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import Self

from tests.free_ports import free_port
from tests.real.server import Server


class House:
    """A server that is killed, and started again at the same place."""

    def __init__(self, folder: Path, *options: str) -> None:
        folder.mkdir(exist_ok=True)
        self._folder = folder
        self._options = options
        self._opened: list[Server] = []
        self.port = free_port()
        self.server = self._start(self.port)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for server in self._opened:
            server.process.kill()
            server.process.wait()
            assert server.process.stdout is not None
            server.process.stdout.close()

    def door(self, port: int) -> str:
        """What the server is told to listen at."""
        return str(port)

    def kill(self) -> None:
        """The end of the server, without a word."""
        self.server.process.kill()
        self.server.process.wait()

    def start_again(self) -> None:
        """Here it is again, in the place of the one before, which is killed if need be."""
        self.kill()
        self.server = self._start(self.port)

    def stop_answering(self) -> None:
        """The server takes connections, and does nothing with them."""
        self.server.process.send_signal(signal.SIGSTOP)

    def answer_again(self) -> None:
        self.server.process.send_signal(signal.SIGCONT)

    def _start(self, port: int) -> Server:
        self._opened.append(Server(self._folder, *self._options, port=self.door(port)))
        return self._opened[-1]
