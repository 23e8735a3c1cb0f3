"""Start a house of three nodes on this machine, to try it: an engine of three, three servers.

    python -m scripts.cluster [FOLDER [PORT]]

All listen on loopback alone, from PORT (25123) on: the nodes for nc and huddle-client, ten further
on for browsers and ``/health``, twenty further on the engine. They keep what they are given in the
folder (``huddle-cluster`` where it is called) and go on with it the next time; ^C ends them all. It
needs Debian's `etcd-server`, and Huddle with its extra ``cluster``.
"""

from __future__ import annotations

import os
import re
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from tests.cluster.real_etcd import DEFAULT_TIMING, Etcd, dies_with_us
from tests.needs import PACKAGES, found

NAMES = ("a", "b", "c")
PORT = 25_123
"""Below those that the system gives to who connects: of these, one may be taken at any start."""
PATIENCE = 60.0
"""Seconds for which a node may take to be level with the others."""


class Node:
    """One server of the house, at its port for people and its port for browsers."""

    def __init__(self, name: str, folder: Path, engine: Etcd, port: int) -> None:
        self.name = name
        self.port = port
        options = {
            "port": f"{port}",
            "web": f"{port + 10}",
            "interface": "127.0.0.1",
            "cluster": f"etcd://{','.join(engine.endpoints)}/trial",
            "node": name,
            "cluster-key": f"{folder / 'key'}",
            "history": f"{folder / name}.db",
        }
        typed = [part for option, value in options.items() for part in (f"--{option}", value)]
        twistd = Path(sys.executable).with_name("twistd")
        self._log = folder / f"{name}.log"
        with self._log.open("ab") as log:
            self._begins = log.tell()
            self.process = subprocess.Popen(
                [*dies_with_us(), twistd, "-n", "--pidfile=", "huddle", *typed],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def _said(self) -> str:
        """What its log has of this start."""
        return self._log.read_bytes()[self._begins :].decode()

    def code(self) -> str:
        """What somebody types to be put in charge; empty where there is an operator already."""
        shown = re.search(r"    (/\w+ [a-z]+-[0-9]+-\S+)$", self._said(), re.MULTILINE)
        return "" if shown is None else shown[1]

    def is_level(self) -> bool:
        """Whether it lets people in. Raises SystemExit when it has ended."""
        if self.process.poll() is not None:
            last = self._said().rstrip().rpartition("\n")[2]
            sys.exit(f"the node {self.name} has ended: {last}\nmore stands in {self._log}")
        try:
            with urlopen(f"http://127.0.0.1:{self.port + 10}/health", timeout=1):
                return True
        except (URLError, OSError):
            return False


def main(arguments: Sequence[str] = ()) -> None:
    """Start them, say how they are entered, and end them at ^C."""
    for program in ("etcd", "setpriv"):
        if found(program) is None:
            sys.exit(f"{program} is not installed (apt install {PACKAGES[program]})")
    folder = Path(arguments[0] if arguments else "huddle-cluster").absolute()
    port = int(arguments[1]) if len(arguments) > 1 else PORT
    folder.mkdir(exist_ok=True)
    _keep_port(folder / "port", port)
    _make_key(folder / "key")
    engine, nodes = Etcd(folder, *DEFAULT_TIMING), list[Node]()
    for place, member in enumerate(engine.members):
        member.client, member.peer = port + 20 + 2 * place, port + 21 + 2 * place
    try:
        engine.start()
        nodes += [Node(name, folder, engine, port + at) for at, name in enumerate(NAMES)]
        _wait_for(nodes)
        for node in nodes:
            pid = node.process.pid
            ways = f"nc 127.0.0.1 {node.port}, http://127.0.0.1:{node.port + 10}/"
            print(f"node {node.name}, process {pid}: {ways}")
        print("huddle-client", *(f"127.0.0.1:{node.port}" for node in nodes))
        if code := nodes[0].code():
            print("who is in charge types on any of them", code)
        print(f"what they say is in {folder}/*.log; ^C ends them", flush=True)
        signal.pause()
    except KeyboardInterrupt:
        pass
    finally:
        for node in nodes:
            node.process.send_signal(signal.SIGINT)
        for node in nodes:
            node.process.wait()
        engine.end()


def _keep_port(path: Path, port: int) -> None:
    """The members of the engine find each other where they were at first."""
    if not path.exists():
        path.write_text(f"{port}\n")
    elif (first := path.read_text().strip()) != str(port):
        sys.exit(f"the house in {path.parent} has PORT {first}: type that, or another folder")


def _make_key(path: Path) -> None:
    if not path.exists():
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(f"{secrets.token_hex(32)}\n")


def _wait_for(nodes: Sequence[Node]) -> None:
    last = time.monotonic() + PATIENCE
    while not all([node.is_level() for node in nodes]):
        if time.monotonic() > last:
            sys.exit("the nodes do not come level; their logs say why")
        time.sleep(0.2)


if __name__ == "__main__":
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    main(sys.argv[1:])
