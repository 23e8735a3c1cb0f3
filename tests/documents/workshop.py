"""Where the commands of a document are typed: a folder with a server, and people who talk in it.

They are typed as they stand, but for the names of things that only one can have on a machine: the
port (55123), the addresses and names of other machines, and folders of the system.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from huddle.tools.self_signed import key_and_certificate
from tests.client.windows.neighbour import Neighbour
from tests.ending import ending
from tests.needs import PACKAGES, needs
from tests.patience import PATIENCE
from tests.real.server import Server, environment

PORT = "55123"
PASSWORD = "correct-horse-battery"
HERE = ("chat.lan", "0.0.0.0", "192.168.1.5")
"""Addresses in the documents that are this machine's here."""


class Workshop:
    """One section of a document is worked through here."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.server: Server | None = None
        self.language = "en"
        self.is_secret = False
        self.has_members = False
        (folder / ".venv").symlink_to(sys.prefix)
        self._lay_out_certificates()

    def _lay_out_certificates(self) -> None:
        """The files that somebody has who has a certificate of an authority."""
        pem, _ = key_and_certificate(["localhost"], 1)
        for name in ("privkey.pem", "cert.pem", "chain.pem", "certificates/localhost.pem"):
            path = self.folder / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(pem)

    # -- the shell -----------------------------------------------------------------------------

    def types(self, text: str) -> None:
        """Type the lines of a block, one command after the other."""
        for command in commands(text):
            self._type(command)

    def _type(self, command: str) -> None:
        typed = self.placed(command)
        if "twistd " in typed:
            self.start(shlex.split(typed, comments=True))
        elif re.search(r"huddle-account(?!.* code)", typed):
            self.stop()
            self.has_members = True
            self.run(typed, f"{PASSWORD}\n{PASSWORD}\n")
        elif "--follow" in typed:
            self._watch(typed)
        else:
            if re.search(r"huddle-(client|archive|account)|\bnc ", typed) and self.server is None:
                self._open()
            self.run(self.placed(command))

    def run(self, command: str, typed: str = "") -> str:
        """Run one command to its end, which must be a good one; returns what it printed."""
        for program in PACKAGES.keys() & set(re.findall(r"[\w.-]+", command)):
            needs(program)
        done = subprocess.run(
            [needs("bash"), "-c", f"set -eo pipefail; {command}"],
            cwd=self.folder,
            env=self.environment(),
            input=typed,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
        assert "Traceback" not in done.stderr
        return done.stdout

    def _watch(self, command: str) -> None:
        """Run a command that goes on and on, until it has shown something."""
        self._open()
        started = subprocess.Popen(
            [needs("bash"), "-c", f"exec {command}" if "|" not in command else command],
            cwd=self.folder,
            env=self.environment(),
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        with ending(started) as watching:
            assert watching.stdout is not None and self.server is not None
            teller = Neighbour(self.server, "teller")
            teller.says("alarm in room 3")
            assert "alarm in room 3" in watching.stdout.readline()
            os.killpg(watching.pid, 15)
            teller.close()

    def environment(self) -> dict[str, str]:
        bin = Path(sys.executable).parent
        path = f"{bin}:{os.environ['PATH']}:/usr/sbin:/sbin"  # as `needs` looks for programs
        more = {"HOME": str(self.folder), "PATH": path}
        return environment(HUDDLE_PORT=self.port, LANG=f"{self.language}.UTF-8", **more)

    def placed(self, command: str) -> str:
        """The command with what it means on this machine."""
        for name in HERE:
            command = command.replace(name, "127.0.0.1")
        return re.sub("/(etc|run)/huddle", ".", command).replace(PORT, self.port)

    @property
    def port(self) -> str:
        """Of the server, if there is one."""
        return self.server.places[0].rpartition(":")[2] if self.server else PORT

    # -- the server ----------------------------------------------------------------------------

    def start(self, command: list[str]) -> Server:
        """Start it as that says, in place of the one before, on a port that is free."""
        self.stop()
        words = [self._free(word) for word in command[command.index("huddle") + 1 :]]
        port = "0"
        if "--port" in words:
            at = words.index("--port")
            port = words[at + 1]
            del words[at : at + 2]
        self.is_secret = port.startswith(("ssl:", "tls:"))
        ahead = [word for word in command[: command.index("huddle")] if word.startswith("--")]
        self.server = Server(self.folder, *words, port=port, ahead=ahead or ["--pidfile="])
        return self.server

    @staticmethod
    def _free(word: str) -> str:
        """An option of the server without the port that is everybody's, open to this machine."""
        word = re.sub(r"^ssl:\d+:", "ssl:0:interface=127.0.0.1:", word)
        word = re.sub(r"^(tls:.*:port=)\d+", r"\g<1>0:interface=127.0.0.1", word)
        word = re.sub(r"^(haproxy:)?tcp:\d{5}\b", r"\g<1>tcp:0:interface=127.0.0.1", word)
        return re.sub(r"^\d{4,5}$", "0", word)

    def _open(self) -> Server:
        """The server that runs, or the usual one, with something in its record."""
        if self.server is None:
            author = Neighbour(self.start(["twistd", "-n", "huddle"]), "author")
            author.says("hola")
            author.close()
        assert self.server is not None
        return self.server

    def stop(self) -> None:
        """Stop the server, if there is one; raises AssertionError if it complained."""
        if self.server is not None:
            self.server.end()
            self.server = None


def commands(text: str) -> Iterator[str]:
    """The commands of a block, each with the lines that it goes on in."""
    for command in re.sub(r"\\\n\s*", "", text).splitlines():
        if command.strip() and not command.lstrip().startswith("#"):
            yield command
