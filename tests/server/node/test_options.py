"""What ``--cluster``, ``--node`` and ``--cluster-key`` may be, and what is said of the rest."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from huddle.server.options import Options
from huddle.server.start_errors import Refusal

ENGINE = "etcd://10.0.0.1,10.0.0.2:4001/school"


@pytest.fixture
def key(tmp_path: Path) -> Path:
    path = tmp_path / "key"
    path.write_text("ab" * 32)
    path.chmod(0o600)
    return path


def options(*typed: object) -> Options:
    parsed = Options()
    parsed.parseOptions([str(each) for each in ("--lang", "en", *typed)])
    return parsed


def refusal(*typed: object) -> str:
    with pytest.raises(Refusal) as refused:
        options(*typed)
    return str(refused.value).removeprefix("huddle: ")


def test_without_any_a_server_is_alone() -> None:
    assert options().cluster is None


def test_all_three_make_a_node_whose_record_relies_on_the_engine(key: Path) -> None:
    typed = options("--cluster", ENGINE, "--node", "a.1", "--cluster-key", key)
    assert typed.cluster is not None
    assert typed.cluster.address.endpoints == ("http://10.0.0.1:2379", "http://10.0.0.2:4001")
    assert (typed.cluster.address.house, typed.cluster.node) == ("school", "a.1")
    assert typed.cluster.keys == [bytes([0xAB]) * 32]
    assert typed.sync == "normal"


@pytest.mark.parametrize("sync", ["full", "normal"])
def test_what_is_said_of_the_disk_holds_in_a_node_too(key: Path, tmp_path: Path, sync: str) -> None:
    node = ["--cluster", ENGINE, "--node", "a", "--cluster-key", key]
    file = tmp_path / "huddle.toml"
    file.write_text(f'sync = "{sync}"')
    for typed in (["--sync", sync], [f"--sync={sync}"], ["--config", file]):
        assert options(*node, *typed).sync == sync
        assert options(*typed).sync == sync


def test_the_keys_are_in_no_text_that_may_be_shown(key: Path) -> None:
    typed = options("--cluster", ENGINE, "--node", "a", "--cluster-key", key)
    assert repr(bytes([0xAB]) * 32) not in repr(typed.cluster)


def test_where_others_are_given_what_they_need_is_an_address_that_they_reach(key: Path) -> None:
    typed = ("--cluster", ENGINE, "--node", "a", "--cluster-key", key, "--peer")
    for place in ("tcp:55124:interface=10.0.0.1", "tcp6:1:interface=2001\\:db8\\:\\:1"):
        cluster = options(*typed, place).cluster
        assert cluster is not None and cluster.peer == place
    for wrong in ("55124", "tcp:55124", "tcp:1:interface=0.0.0.0", "tcp6:1:interface=\\:\\:", "x"):
        assert "tcp:PORT:interface=ADDRESS" in refusal(*typed, wrong)
    assert refusal(*typed[-1:], "tcp:1:interface=a").startswith("--peer goes with --cluster")


def test_a_house_begins_with_the_record_of_a_node_and_of_no_server_alone(key: Path) -> None:
    typed = ("--cluster", ENGINE, "--node", "a", "--cluster-key", key)
    for more, found in ((), False), (("--found",), True):
        cluster = options(*typed, *more).cluster
        assert cluster is not None and cluster.found is found
    assert refusal("--found") == "--found goes with --cluster: give both"


@pytest.mark.parametrize("missing", ["cluster", "node", "cluster-key"])
def test_one_alone_will_not_do(key: Path, missing: str) -> None:
    given = {"cluster": ENGINE, "node": "a", "cluster-key": str(key)}
    del given[missing]
    typed = [part for name, value in given.items() for part in (f"--{name}", value)]
    first = next(iter(given))
    assert refusal(*typed) == f"--{first} goes with --{missing}: give both"


@pytest.mark.parametrize("name", ["", "a b", "é", "x" * 33, "a/b", "a\n"])
def test_a_name_of_a_node_is_one_that_every_log_can_show(key: Path, name: str) -> None:
    said = refusal("--cluster", ENGINE, "--node", name, "--cluster-key", key)
    reason = "it is 1 to 32 of the characters a-z, A-Z, 0-9, -, _ and ."
    shown = name.replace("\n", "\ufffd")  # in one line
    assert said == f"--node {shown} will not do: {reason}"


def test_a_node_has_its_record_in_a_file(key: Path) -> None:
    said = refusal("--cluster", ENGINE, "--node", "a", "--cluster-key", key, "--history", "none")
    assert said == "--history none will not do: a node of a cluster keeps its record in a file"


@pytest.mark.parametrize("engine", ["redis://a/x", "etcd:///x", "etcd://a", "etcd://a:0/x", "a,b"])
def test_an_engine_that_is_none_is_told_of_with_its_reason(key: Path, engine: str) -> None:
    said = refusal("--cluster", engine, "--node", "a", "--cluster-key", key)
    assert said.startswith(f"--cluster {engine} will not do: it ") or engine in said


@pytest.mark.parametrize("place", ["etcd://eva:s3cret@a/HOUSE", "etcds://eva:s3cret@a,b/x?no=1"])
def test_a_password_of_the_engine_is_never_shown(key: Path, place: str) -> None:
    said = refusal("--cluster", place, "--node", "a", "--cluster-key", key)
    assert "s3cret" not in said
    assert "eva:…@a" in said


def test_what_is_wrong_with_the_key_is_said_with_how_one_is_made(key: Path) -> None:
    typed = ("--cluster", ENGINE, "--node", "a", "--cluster-key")
    assert "openssl rand -hex 32" in refusal(*typed, key.parent / "nothing")
    key.chmod(0o644)
    assert refusal(*typed, key).endswith(f"chmod 600 {key}")
    key.chmod(0o600)
    key.write_text("not a key")
    assert "64 hexadecimal digits" in refusal(*typed, key)


def test_it_is_said_in_spanish_too(key: Path) -> None:
    assert refusal("--lang", "es", "--node", "a") == "--node va con --cluster: da las dos"


ALONE = """
import sys
import huddle.tap
from huddle.server.service import HuddleService
options = huddle.tap.Options()
options.parseOptions(["--history", "none"])
assert huddle.tap.service_class(options) is HuddleService
print(*sorted(name for name in sys.modules if name.startswith("huddle.cluster")))
print(*sorted(name for name in sys.modules if name.startswith("huddle.server.clustered")))
"""


def test_a_server_that_is_alone_imports_nothing_of_it() -> None:
    ran = subprocess.run([sys.executable, "-c", ALONE], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == []
