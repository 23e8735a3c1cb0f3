"""Nodes as processes over a real engine: `twistd -n huddle --cluster …`, and people with nc."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cluster.real_etcd import Etcd, etcdctl
from tests.free_ports import free_port
from tests.real.conftest import Enter, Start
from tests.real.preloaded import CLIENT
from tests.real.programs import Program, untimed
from tests.real.server import Server, twistd
from tests.real.test_in_charge import code_of

StartNode = Callable[..., Server]


@pytest.fixture(scope="module")
def etcd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Etcd]:
    etcd = Etcd(tmp_path_factory.mktemp("engine") / "engine")
    try:
        etcd.start()
        yield etcd
    finally:
        etcd.end()


class Nodes:
    """What is typed to start a node of one house; each has its record in the test's folder."""

    def __init__(self, etcd: Etcd, folder: Path, house: str) -> None:
        self.engine = f"etcd://{','.join(etcd.endpoints)}/{house}"
        self.key = folder / "key"
        self.write(self.key, "ab" * 32)

    def write(self, key: Path, line: str) -> Path:
        key.touch(0o600)
        key.write_text(line)
        return key

    def peer(self) -> list[str]:
        """What has a node give others what they need."""
        return ["--peer", f"tcp:{free_port()}:interface=127.0.0.1"]

    def typed(self, name: str, key: Path | None = None) -> list[str]:
        options = {"cluster": self.engine, "node": name, "cluster-key": key or self.key}
        options["history"] = f"{name}.db"
        return [part for option in options for part in (f"--{option}", str(options[option]))]


@pytest.fixture
def nodes(etcd: Etcd, tmp_path: Path) -> Nodes:
    return Nodes(etcd, tmp_path, tmp_path.name.replace("_", "-")[:30].lower())


def epoch_at(program: Program, nick: str) -> str:
    """What a program is told when it comes in."""
    program.says(json.dumps({"type": "hello", "v": 1, "nick": nick}))
    welcome = json.loads(program.hears('{"type":"welcome"'))
    return str(welcome["epoch"])


def test_people_on_two_nodes_talk_and_come_back_on_the_other(
    nodes: Nodes, start: Start, enter: Enter
) -> None:
    a, b = start(*nodes.typed("a")), start(*nodes.typed("b"))
    ana, bob = enter(a), enter(b)
    ana.says("ana")
    word = ana.hears("-- your return word").rpartition(" ")[2]
    bob.says("bob")
    bob.hears("-- your return word")
    ana.hears("-- bob joined")
    ana.says(f"/operator {code_of(b)}")
    ana.hears("-- you are an operator as long as you stay")
    ana.says("hola")
    bob.hears("<ana> hola")
    a.process.send_signal(signal.SIGKILL)
    a.process.wait()
    bob.says("are you there?")
    back = enter(b)
    back.says(f"/back ana {word}")
    back.hears("<bob> are you there?")
    back.says("yes")
    bob.hears("<ana> yes")
    again = start(*nodes.typed("a"))
    eva = enter(again)
    eva.says("eva")
    eva.says("/history")
    eva.hears("<ana> hola")
    eva.hears("<ana> yes")


def test_the_client_goes_on_by_its_other_address_with_nothing_lost_and_nothing_twice(
    nodes: Nodes, start: Start, enter: Enter, tmp_path: Path
) -> None:
    """Row: a node is killed."""
    a, b = start(*nodes.typed("a")), start(*nodes.typed("b"))
    bob = enter(b, nick="bob")
    addresses = [":".join(each.address()) for each in (a, b)]
    client = Program("env", f"HOME={tmp_path}", *CLIENT, *addresses, "--nick", "ana")
    try:
        client.says("begun")
        bob.hears("<ana> begun")
        lines = [f"line {number}" for number in range(40)]
        client.says(*lines[:20])  # some of them are on their way when it is killed
        a.process.send_signal(signal.SIGKILL)
        a.process.wait()
        bob.says("while it is away")
        client.says(*lines[20:])
        client.hears("<bob> while it is away")
        bob.hears(f"<ana> {lines[-1]}")
        bob.says("/history 100")
        bob.hears(f"<ana> {lines[-1]}")
        bob.says("that is all")
        client.hears("<bob> that is all")
    finally:
        client.end()
    told = [untimed(line) for line in bob.heard]
    for line in ("begun", *lines):  # heard once, and once more in what was asked for
        assert told.count(f"<ana> {line}") == 2, line
    assert sum("while it is away" in line for line in client.heard) == 1


def test_what_will_not_do_is_told_in_one_line_and_harms_none_who_are_there(
    nodes: Nodes, start: Start, enter: Enter, tmp_path: Path
) -> None:
    a = start(*nodes.typed("a"))
    ana = enter(a, nick="ana")
    other = nodes.write(tmp_path / "other", "cd" * 32)
    wrong = twistd("-n", "huddle", "--port", "0", *nodes.typed("b", other), folder=tmp_path)
    assert wrong.returncode == 78
    said = f"the log is sealed under another key: {other} has to hold the same on all nodes; "
    assert wrong.stderr.startswith(f"huddle: {said}") and wrong.stderr.count("\n") == 1
    own_house = start("--history", "own.db")
    enter(own_house, nick="eva")
    own_house.stop()
    own = [*nodes.typed("c")[:-1], "own.db"]
    refused = twistd("-n", "huddle", "--port", "0", *own, folder=tmp_path)
    assert refused.returncode == 1
    assert refused.stderr.startswith("huddle: own.db was kept by a server that was no node: ")
    ana.says("still here")
    second = [*nodes.typed("a")[:-1], "a2.db"]
    start(*second)
    a.process.wait()
    assert a.process.returncode == 78
    a.tells("another server has started as the node a, and this one ends")


def test_where_the_engine_is_lost_a_server_alone_goes_on_with_a_node_s_record(
    nodes: Nodes, start: Start, enter: Enter, tmp_path: Path
) -> None:
    a = start(*nodes.typed("a"))
    ana, bob = enter(a, nick="ana"), enter(a, nick="bob")
    ana.says("hola")
    bob.hears("<ana> hola")
    before = epoch_at(enter(a), "bot")
    a.stop()
    (tmp_path / "a.db.node").unlink()
    server = start("--history", "a.db")
    assert epoch_at(enter(server), "another") != before
    server.tells("return words and keys of rooms from before open nothing")
    alone = enter(server)
    alone.says("eva")
    alone.says("/history")
    alone.hears("<ana> hola")


def test_a_server_alone_moves_to_several_nodes_with_all_that_it_has(
    nodes: Nodes, start: Start, enter: Enter, tmp_path: Path
) -> None:
    alone = start("--history", "a.db")
    ana, bob = enter(alone), enter(alone, nick="bob")
    ana.says("ana")
    word = ana.hears("-- your return word").rpartition(" ")[2]
    ana.says("hola")
    bob.hears("<ana> hola")
    bob.says("/join den sesame")
    bob.hears("-- ")
    alone.stop()
    refused = twistd("-n", "huddle", "--port", "0", *nodes.typed("a"), folder=tmp_path)
    assert "begin one with this, by --found" in refused.stderr
    a = start(*nodes.typed("a"), "--found", *nodes.peer())
    b = start(*nodes.typed("b"), *nodes.peer())
    b.tells("this node begins with what the node a has")
    back, eva = enter(b), enter(a, nick="eva")
    back.says(f"/back ana {word}")
    word = back.hears("-- your return word").rpartition(" ")[2]
    back.says("here again")
    eva.hears("<ana> here again")
    eva.says("/history")
    eva.hears("<ana> hola")
    back.says("/history")
    back.hears("<ana> hola")
    eva.says("/join den")
    eva.hears("-- den is locked")

    # It may be left in what starts the node; another node cannot begin the house once more.
    a.stop()
    a = start(*nodes.typed("a"), "--found", *nodes.peer())
    assert "begins with" not in "".join(a.log)
    again = start("--history", "c.db")
    enter(again, nick="leo").says("hola")
    again.stop()
    second = twistd("-n", "huddle", "--port", "0", *nodes.typed("c"), "--found", folder=tmp_path)
    assert second.returncode == 78
    assert second.stderr.startswith("huddle: --found: there is a house already, and nothing was")
    assert not (tmp_path / "c.db.found").exists()
    enter(start("--history", "c.db"), nick="pia")

    # Where another house is named one begins anew by itself, and says so; the others go on.
    a.stop()
    named = f"{nodes.engine}2"
    moved = [named if part == nodes.engine else part for part in nodes.typed("a")]
    a = start(*moved, "--found")
    house = named.rpartition("/")[2]
    a.tells(f"the house {house} begins with what a.db has, which is of another house: ")
    leo, pia = enter(a, nick="leo"), enter(b, nick="pia")
    leo.says("/history")
    leo.hears("<ana> here again")
    back.says("still here")
    pia.hears("<ana> still here")

    # And a server alone goes on with that record, whose key of before lies beside it.
    a.stop()
    (tmp_path / "a.db.node").unlink()
    last = enter(start("--history", "a.db"))
    last.says(f"/back ana {word}")
    last.hears("-- your return word")


def test_a_house_begins_anew_with_what_one_node_has(
    nodes: Nodes, start: Start, enter: Enter, tmp_path: Path
) -> None:
    """Row: the engine was restored from a backup."""
    a, b = start(*nodes.typed("a"), *nodes.peer()), start(*nodes.typed("b"), *nodes.peer())
    ana, bob = enter(a), enter(b, nick="bob")
    ana.says("ana")
    word = ana.hears("-- your return word").rpartition(" ")[2]
    ana.says("hola")
    bob.hears("<ana> hola")
    a.stop()
    b.process.send_signal(signal.SIGKILL)
    b.process.wait()
    nodes.engine += "2"
    a = start(*nodes.typed("a"), "--found", *nodes.peer())
    old = twistd("-n", "huddle", "--port", "0", *nodes.typed("b"), folder=tmp_path)
    assert old.returncode == 78
    assert "give the node another --history FILE" in old.stderr
    for file in tmp_path.glob("b.db*"):
        file.unlink()
    b = start(*nodes.typed("b"), *nodes.peer())
    back, eva = enter(b), enter(a, nick="eva")
    back.says(f"/back ana {word}")
    back.says("here again")
    eva.hears("<ana> here again")
    back.says("/history")
    back.hears("<ana> hola")


def test_what_no_key_opens_ends_a_house_and_another_begins_with_what_it_had(
    etcd: Etcd, nodes: Nodes, start: Start, enter: Enter, tmp_path: Path
) -> None:
    a = start(*nodes.typed("a"))
    ana, bob = enter(a, nick="ana"), enter(a, nick="bob")
    ana.says("hola")
    bob.hears("<ana> hola")  # so it stands in the log in front of what no key opens
    house = nodes.engine.rpartition("/")[2]
    etcdctl(etcd.endpoints, "put", f"huddle/{house}/log", "x" * 60)
    assert a.process.wait(60) == 78
    again = twistd("-n", "huddle", "--port", "0", *nodes.typed("a"), folder=tmp_path)
    assert again.returncode == 78
    assert "begin a house of another name with what this node has, by --found" in again.stderr
    nodes.engine += "2"
    eva = enter(start(*nodes.typed("a"), "--found"), nick="eva")
    eva.says("/history")
    eva.hears("<ana> hola")
