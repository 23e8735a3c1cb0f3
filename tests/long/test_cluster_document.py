"""docs/cluster.md does what it says: three addresses for machines, and HAProxy."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import ClassVar
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser

from scripts.cluster import PORT
from tests.cluster.real_etcd import dies_with_us
from tests.documents.blocks import ROOT, blocks_of
from tests.doors.web.browsing.conftest import enters, says, shows, watch
from tests.ending import ending
from tests.free_ports import free_network, free_ports
from tests.needs import needs
from tests.patience import PATIENCE, until

NAMES = ("one", "two", "three")
PORTS = (55123, 55124, 8000, 2379, 2380)
"""Those of the document, on each machine."""
BIN = Path(sys.executable).parent


@cache
def network() -> str:
    """Where the machines of this run are; those of another are elsewhere."""
    return free_network(PORTS)


def machine(number: int) -> str:
    """The address that stands for ``10.0.0.`` and this number in the document."""
    return f"{network()}.{number}"


def block(begin: str) -> str:
    """What the document tells to type, for an address of this machine in each one's place."""
    texts = [each.text for each in blocks_of(ROOT / "docs" / "cluster.md")]
    [found] = [text for text in texts if text.startswith(begin)]
    return found.replace("10.0.0.", f"{network()}.")


def for_machine(typed: str, number: int) -> list[str]:
    """The first machine's command as it is typed on another."""
    name, address, first = NAMES[number - 1], machine(number), machine(1)
    whole, lists = [], r"^(etcd://|one=)"
    for part in shlex.split(typed.replace("\\\n", " ")):
        if not re.match(lists, part):
            part = part.replace(first, address).replace("engine1", f"engine{number}")
            part = re.sub(r"^one\b", name, part)
        whole.append(part)
    return whole


class Person:
    """A person with nc, at an address."""

    all: ClassVar[list[Person]] = []

    def __init__(self, address: str) -> None:
        Person.all.append(self)
        self._socket = socket.create_connection((address, 55123), PATIENCE)
        self._lines = self._socket.makefile("rw", encoding="utf-8", newline="\n")

    def says(self, line: str) -> None:
        self._lines.write(f"{line}\n")
        self._lines.flush()

    def hears(self, part: str) -> str:
        """The next line with this in it."""
        return self.reads_to(part)[-1]

    def reads_to(self, part: str) -> list[str]:
        """All lines up to the next one with this in it."""
        lines = []
        for line in self._lines:
            lines.append(line.rstrip("\n"))
            if part in line:
                return lines
        raise AssertionError(f"the connection ended without {part!r}")

    def leaves(self) -> None:
        self._lines.close()
        self._socket.close()


class House:
    """The three machines: what runs on them, and how it is killed and started again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def run(self, what: str, command: Sequence[str]) -> subprocess.Popen[bytes]:
        with (self.folder / f"{what}.log").open("ab") as log:
            self._running[what] = started = subprocess.Popen(
                [*dies_with_us(), *command], cwd=self.folder, stdout=log, stderr=log
            )
        return started

    def engine(self, number: int) -> None:
        self.run(f"etcd{number}", [needs("etcd"), *for_machine(block("etcd"), number)[1:]])

    def node(self, number: int, *more: str) -> subprocess.Popen[bytes]:
        typed = [*for_machine(block("twistd"), number)[1:], *more]
        return self.run(f"node{number}", [str(BIN / "twistd"), "--pidfile=", *typed])

    def balancer(self) -> None:
        # On one machine its connections have to be told where a proxy's come from.
        text = block("defaults").replace("default-server", f"default-server source {machine(9)}")
        (self.folder / "haproxy.cfg").write_text(text)
        self.run("haproxy", [needs("haproxy"), "-f", "haproxy.cfg"])

    def kill(self, what: str) -> None:
        process = self._running.pop(what)
        process.kill()
        process.wait(PATIENCE)

    def stop(self, what: str) -> None:
        process = self._running.pop(what)
        process.terminate()
        assert process.wait(PATIENCE) == -signal.SIGTERM

    def end(self) -> None:
        for what in reversed(list(self._running)):
            self.kill(what)

    def log(self, what: str) -> str:
        return (self.folder / f"{what}.log").read_text("utf-8")


def health(number: int) -> tuple[int, str]:
    """What a node says of itself; 0: it says nothing."""
    try:
        with urlopen(f"http://{machine(number)}:8000/health", timeout=5) as answer:
            return answer.status, answer.read().decode().strip()
    except HTTPError as error:
        return error.code, error.read().decode().strip()
    except (URLError, OSError):
        return 0, ""


def page_of(address: str) -> str:
    """What a browser is given there; nothing, where the balancer knows no node yet."""
    try:
        with urlopen(f"http://{address}:8000/", timeout=5) as answer:
            return str(answer.read().decode())
    except (URLError, OSError):
        return ""


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    for program in ("etcd", "haproxy"):
        needs(program)
    made = House(tmp_path)
    subprocess.run(["sh", "-ec", block("(umask")], cwd=tmp_path, check=True)
    try:
        for number in (1, 2, 3):
            made.engine(number)
        for number in (1, 2, 3):
            made.node(number)
        made.balancer()
        until(lambda: all(health(number) == (200, "ok") for number in (1, 2, 3)))
        yield made
    finally:
        made.end()
        while Person.all:
            Person.all.pop().leaves()


def through_the_balancer(nick: str) -> tuple[Person, str]:
    """A person who is in, and their return word; the balancer may not know yet who is level."""
    let_in: list[Person] = []

    def is_let_in() -> bool:
        person = Person(machine(9))
        with suppress(AssertionError, OSError):
            person.hears("What is your nick?")
            let_in.append(person)
        return bool(let_in)

    until(is_let_in, "nobody is let in")
    [person] = let_in
    person.says(nick)
    return person, person.hears("-- your return word: ").rpartition(" ")[2]


def test_three_machines_from_nothing_and_what_happens_when(house: House) -> None:
    begun = "the engine had no house school: it begins now, with nothing\n"
    assert [begun in house.log(f"node{number}") for number in (1, 2, 3)].count(True) == 1
    until(lambda: "<!doctype html>" in page_of(machine(9)))
    ana, word = through_the_balancer("ana")
    eva, bob = Person(machine(1)), Person(machine(3))
    eva.says("eva")
    eva.hears("-- your return word")
    bob.says("bob")
    bob.hears("-- your return word")
    eva.hears("-- bob joined")
    ana.says("hola from the balancer")
    for person in (eva, bob):
        person.hears("<ana> hola from the balancer")

    # Row: a node is killed. Its members come in again on any other.
    house.kill("node1")
    bob.says("/who")
    bob.says("one is gone")
    ana.leaves()
    back = Person(machine(2))
    back.says(f"/back ana {word}")
    back.hears("<bob> one is gone")
    back.says("here again")
    bob.hears("<ana> here again")
    # Row: it is started again.
    first = house.node(1)
    until(lambda: health(1) == (200, "ok"))
    late = Person(machine(1))
    late.says("late")
    late.says("/history")
    late.hears("<ana> here again")

    # Row: one member of the engine is killed.
    house.kill("etcd1")
    bob.says("with two members")
    back.hears("<bob> with two members")
    back.says("so it is")
    bob.hears("<ana> so it is")  # so that this node, too, has what was said before

    # Row: two members are killed. All of it is told.
    house.kill("etcd2")
    bob.says("waits")
    until(lambda: health(3)[0] == 503)
    assert health(3)[1] in ("refusing", "alone")
    bob.says("refused")
    bob.hears("-- Not recorded, and nobody has seen it. Try again.")
    bob.says("/history")
    bob.hears("<bob> with two members")
    # Row: it lasts for 30 seconds.
    bot = socket.create_connection((machine(3), 55123), PATIENCE)
    until(lambda: health(3)[1] == "alone")
    with bot, bot.makefile("rw", encoding="utf-8") as lines:
        hello = {"type": "hello", "v": 1, "nick": "bot", "session": "0" * 32}
        lines.write(f"{json.dumps(hello)}\n")
        lines.flush()
        told = next(json.loads(line) for line in lines if line.startswith("{"))
    assert (told["code"], told["retry_after"]) == ("alone", 10.0)

    # Row: they are started again.
    for number in (1, 2):
        house.engine(number)
    until(lambda: all(health(number) == (200, "ok") for number in (1, 2, 3)))
    bob.says("and on")
    told = "\n".join(back.reads_to("<bob> and on"))
    assert (told.count("<bob> waits"), told.count("<bob> refused")) == (1, 0)

    # Row: a second server is started under a node's name.
    typed = " ".join(for_machine(block("twistd"), 1)[1:]).replace("one.db", "other.db")
    typed = typed.replace(f"interface={machine(1)}", f"interface={machine(4)}")
    house.run("again", [str(BIN / "twistd"), "--pidfile=", *typed.split()])
    assert first.wait(PATIENCE) == 78
    assert "another server has started as the node one, and this one ends" in house.log("node1")

    # A record without its file of the node.
    house.kill("node2")
    (house.folder / "two.db.node").unlink()
    assert house.node(2).wait(PATIENCE) == 1
    assert "two.db.node is missing, without which two.db cannot be gone on" in house.log("node2")


def test_a_page_whose_node_is_lost_goes_back_to_its_address_and_so_to_another(
    house: House, chromium: Browser
) -> None:
    context = chromium.new_context(locale="en-GB")
    context.set_default_timeout(PATIENCE * 1000)
    wrong: list[str] = []
    try:
        page = context.new_page()
        watch(page, wrong)
        until(lambda: "<!doctype html>" in page_of(machine(9)))
        page.goto(f"http://{machine(9)}:8000/")
        enters(page, "eva")
        for number in (1, 2, 3):  # hers is one of them
            bob = Person(machine(number % 3 + 1))
            bob.says(f"bob{number}")
            bob.hears("-- your return word")
            house.kill(f"node{number}")
            bob.says(f"one killed: {number}")
            says(page, f"still here: {number}")
            bob.hears(f"<eva> still here: {number}")
            house.node(number)
            until(lambda at=number: health(at) == (200, "ok"))  # type: ignore[misc]
        for number in (1, 2, 3):
            shows(page, f"one killed: {number}")
            shows(page, f"still here: {number}")
        bob.says("/history")
        told = "\n".join(bob.reads_to("<eva> still here: 3"))
        assert [told.count(f"<eva> still here: {number}") for number in (1, 2, 3)] == [1, 1, 1]
        # The balancer takes what comes before it knows that the node is lost, and then ends it.
        assert not [each for each in wrong if "closed before receiving a handshake" not in each]
    finally:
        context.close()


@pytest.fixture
def machines(tmp_path: Path) -> Iterator[House]:
    """Three machines with the engine and the key, and no node yet."""
    needs("etcd")
    made = House(tmp_path)
    subprocess.run(["sh", "-ec", block("(umask")], cwd=tmp_path, check=True)
    try:
        for number in (1, 2, 3):
            made.engine(number)
        yield made
    finally:
        made.end()
        while Person.all:
            Person.all.pop().leaves()


def is_level(*numbers: int) -> bool:
    return all(health(number) == (200, "ok") for number in numbers)


def test_a_server_alone_moves_to_three_machines(machines: House) -> None:
    """As stands under "From one server to several nodes", and behind it in "Backup"."""
    where = f"interface={machine(1)}"
    alone = ["--port", f"tcp:55123:{where}", "--web", f"tcp:8000:{where}"]
    machines.run("alone", [str(BIN / "twistd"), "--pidfile=", "-n", "huddle", *alone])
    until(lambda: is_level(1))
    ana, bob = Person(machine(1)), Person(machine(1))
    ana.says("ana")
    word = ana.hears("-- your return word: ").rpartition(" ")[2]
    bob.says("bob")
    bob.hears("-- your return word: ")
    ana.says("hola to a server alone")
    bob.hears("<ana> hola to a server alone")  # it is recorded: who comes back reads their own, too
    ana.says("/join den sesame")
    ana.hears("den")
    ana.says("/join huddle")
    ana.hears("<ana> hola to a server alone")
    machines.stop("alone")

    found = ["--history", "huddle.db", "--found"]
    machines.node(1, *found)
    until(lambda: is_level(1))
    assert "the house school begins with what huddle.db has\n" in machines.log("node1")
    machines.node(2)
    machines.node(3)
    until(lambda: is_level(1, 2, 3))
    eva, back = Person(machine(3)), Person(machine(2))
    eva.says("eva")
    back.says(f"/back ana {word}")
    word = back.hears("-- your return word: ").rpartition(" ")[2]
    back.says("here again")
    eva.hears("<ana> here again")
    for person in (eva, back):
        person.says("/history")
        person.hears("<ana> hola to a server alone")
    eva.says("/join den")
    eva.hears("-- den is locked")

    # Backup: the engine is lost with all that it had.
    for number in (1, 2, 3):
        machines.stop(f"node{number}")
    for number in (1, 2, 3):
        machines.kill(f"etcd{number}")
        shutil.rmtree(machines.folder / f"engine{number}")
    for number in (1, 2, 3):
        machines.engine(number)
    second = machines.node(2)
    assert second.wait(PATIENCE) == 78
    assert "start one node, the one that has most, with --found" in machines.log("node2")
    machines.node(1, *found)
    until(lambda: is_level(1))
    assert machines.node(2).wait(PATIENCE) == 78
    machines.node(2, "--history", "new.db")
    until(lambda: is_level(1, 2))
    again = Person(machine(2))
    again.says(f"/back ana {word}")
    again.says("/history")
    again.hears("<ana> hola to a server alone")
    again.hears("<ana> here again")


@contextmanager
def trial(folder: Path, port: int) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """`python -m scripts.cluster`, with what it says once all are level."""
    command = [sys.executable, "-m", "scripts.cluster", str(folder), str(port)]
    started = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    with ending(started) as script:
        assert script.stdout is not None
        said = [script.stdout.readline().strip() for _ in range(6)]
        yield script, said


def in_charge(host: str, port: str, code: str) -> None:
    """Somebody types the code, and hears of all nodes."""
    with socket.create_connection((host, int(port)), PATIENCE) as person:
        lines = person.makefile("rw", encoding="utf-8", newline="\n")
        lines.write(f"boss\n{code}\n/nodes\n/quit\n")
        lines.flush()
        told = lines.read()
    assert [
        name for name in "abc" if re.search(rf"^-- {name}\b.* level ", told, re.MULTILINE)
    ] == list("abc")


def test_the_script_by_itself_listens_where_the_system_gives_nobody_a_port() -> None:
    first, _last = Path("/proc/sys/net/ipv4/ip_local_port_range").read_text("utf-8").split()
    assert int(first) > PORT + 26
    assert f"from PORT ({PORT}) on" in (ROOT / "scripts" / "cluster.py").read_text("utf-8")


def test_the_script_tells_why_a_node_has_ended_and_ends_the_engine(tmp_path: Path) -> None:
    needs("etcd")
    (tmp_path / "cryptography.py").write_text("raise ImportError\n")  # as without the extra
    done = subprocess.run(
        [sys.executable, "-m", "scripts.cluster", str(tmp_path / "house"), str(free_ports(26))],
        cwd=ROOT, capture_output=True, text=True, timeout=2 * PATIENCE,
        env={**os.environ, "PYTHONPATH": str(tmp_path), "LANG": "C"},
    )  # fmt: skip
    assert done.returncode == 1
    why, where = done.stderr.splitlines()
    assert re.fullmatch(r"the node [abc] has ended: huddle: (--cluster needs pip install .*)", why)
    log = Path(where.removeprefix("more stands in "))
    assert why.rpartition("ended: ")[2] in log.read_text("utf-8")


def test_the_script_starts_a_house_and_ends_all_of_it(tmp_path: Path) -> None:
    needs("etcd")
    port = free_ports(26)  # up to the engine's last
    for run in ("first", "second"):
        with trial(tmp_path / "house", port) as (script, said):
            pids = [int(re.findall(r"process (\d+)", line)[0]) for line in said[:3]]
            with urlopen(said[1].split()[-1], timeout=PATIENCE) as page_of_b:
                assert page_of_b.status == 200
            charge = [*said[3].split()[-1].split(":"), said[4].split(" types on any of them ")[1]]
            in_charge(*charge)
            client = [str(BIN / "huddle-client"), *said[3].split()[1:], "--nick", f"ana{run}"]
            subprocess.run([*client, "--send", f"in the {run}"], check=True, timeout=PATIENCE)
            tail = subprocess.run(
                [*client[:1], said[3].split()[-1], "--nick", "bob", "--tail", "9"],
                check=True, timeout=PATIENCE, capture_output=True, text=True,
            )  # fmt: skip
            assert f"<ana{run}> in the {run}" in tail.stdout
            script.send_signal(signal.SIGINT)
            assert script.wait(PATIENCE) == 0
        assert not [pid for pid in pids if Path(f"/proc/{pid}").exists()]
    assert "<anafirst> in the first" in tail.stdout
    moved = subprocess.run(
        [sys.executable, "-m", "scripts.cluster", str(tmp_path / "house"), str(port + 1)],
        cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE,
    )  # fmt: skip
    assert moved.returncode == 1 and f" has PORT {port}: " in moved.stderr
