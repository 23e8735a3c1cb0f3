"""The engine of a cluster as it is set up: TLS on both sides, users, and disks."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from huddle.cluster.etcd.address import address_of
from huddle.cluster.etcd.errors import AddressUnusable, EngineUnusable
from huddle.cluster.log import MOST_ENTRY, Log
from tests.certificate_authority import Authority, Identity
from tests.client.in_reactor import in_reactor
from tests.cluster.engines import OnEtcd
from tests.cluster.reader import Reader
from tests.cluster.real_etcd import WAITS, Etcd, Member, etcdctl
from tests.documents.blocks import ROOT, blocks_of
from tests.ending import ending
from tests.free_ports import free_ports
from tests.needs import needs
from tests.patience import PATIENCE, until_in_reactor

# Twisted 26.10 uses what pyOpenSSL 26 would rather have asked of cryptography.
pytestmark = pytest.mark.filterwarnings(r"ignore:.*\bdeprecated\b:DeprecationWarning")


@contextmanager
def engine(folder: Path, *options: str, scheme: str = "http") -> Iterator[Etcd]:
    etcd = Etcd(folder / "engine", *options, scheme=scheme)
    try:
        etcd.start()
        yield etcd
    finally:
        etcd.end()


async def works(house: OnEtcd, log: Log) -> None:
    """An entry goes in, and comes out."""
    reader = Reader(log, await log.append(b"before"))
    position = await log.append(b"hola")
    await until_in_reactor(lambda: (position, b"hola") in reader.delivered)
    await log.truncate(position)
    # It is heard, too, by whoever has followed since before it was away, and may be pausing now.
    await until_in_reactor(lambda: not house.news or house.news[-1][0] in ("answers", "old"))


def put(folder: Path, name: str, identity: Identity) -> tuple[Path, Path]:
    """The certificate and its key, in files."""
    certificate, key = folder / f"{name}.pem", folder / f"{name}.key"
    certificate.write_bytes(identity.certificate)
    key.write_bytes(identity.key)
    return certificate, key


@in_reactor
async def test_the_engine_and_the_node_show_certificates(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    authority, other = Authority(tmp_path), Authority(tmp_path / "other")
    certificate, key = put(tmp_path, "engine", authority.signs("127.0.0.1"))
    node_certificate, node_key = put(tmp_path, "node", authority.signs("node"))
    options = (
        f"--cert-file={certificate}",
        f"--key-file={key}",
        f"--trusted-ca-file={authority.file}",
        "--client-cert-auth",
    )
    own = f"cert={node_certificate}&key={node_key}"
    with engine(tmp_path, *options, scheme="https") as etcd:
        async with OnEtcd(etcd, "school", options=f"?ca={authority.file}&{own}") as house:
            await works(house, await house.view())
        for wrong in (f"?ca={authority.file}", f"?ca={other.file}&{own}", f"?{own}"):
            async with OnEtcd(etcd, "school", options=wrong) as house:
                answer = await house.status(house.address.endpoints[0])
                assert answer == {}, wrong


def test_files_without_a_certificate_or_its_key_are_told_of(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    certificate, _key = put(tmp_path, "node", authority.signs("node"))
    _certificate, other_key = put(tmp_path, "other", authority.signs("other"))
    etcd = Etcd(tmp_path / "engine", scheme="https")
    for options, code in [
        (f"?ca={other_key}", "no-certificate"),
        (f"?cert={certificate}&key={other_key}", "no-key"),
        (f"?cert={other_key}&key={certificate}", "no-key"),
    ]:
        with pytest.raises(AddressUnusable, match=code):
            OnEtcd(etcd, "school", options=options).unopened()
    with pytest.raises(FileNotFoundError):
        OnEtcd(etcd, "school", options="?ca=/none.pem").unopened()


@in_reactor
async def test_a_user_with_a_password_reads_and_writes_no_more_than_huddles(
    tmp_path: Path,
) -> None:
    with engine(tmp_path) as etcd:
        await is_up(etcd)
        for line in (
            "user add root:r",
            "user grant-role root root",
            "role add huddle",
            "role grant-permission --prefix huddle readwrite huddle/",
            "user add ana:secret",
            "user grant-role ana huddle",
            "user add bob:secret",
            "auth enable",
        ):
            etcdctl(etcd.endpoints, *line.split())
        password = tmp_path / "password"
        password.write_text("secret\n")
        await works_as(etcd, "ana:secret@")
        await works_as(etcd, "ana@", f"?password-file={password}")
        for entry, code in [
            ("", "no-credentials"),
            ("ana:wrong@", "credentials"),
            ("nobody:x@", "credentials"),
            ("bob:secret@", "not-permitted"),
        ]:
            async with OnEtcd(etcd, "school", entry) as house:
                with pytest.raises(EngineUnusable, match=f"^\\('{code}'"):
                    await house.view()


@in_reactor
async def test_what_the_document_types_has_the_engine_ask_for_a_password(tmp_path: Path) -> None:
    etcdctl_path = Path(needs("etcdctl")).parent
    authority = Authority(tmp_path)
    certificate, key = put(tmp_path, "engine", authority.signs("127.0.0.1"))
    (tmp_path / "ca.pem").write_bytes(authority.file.read_bytes())
    options = f"--cert-file={certificate}", f"--key-file={key}"
    blocks = blocks_of(ROOT / "docs" / "cluster.md")
    [typed] = [each.text for each in blocks if each.text.startswith("export ETCDCTL_API=")]
    with engine(tmp_path, *options, scheme="https") as etcd:
        ca = f"?ca={tmp_path / 'ca.pem'}"
        await is_up(etcd, ca)
        typed = typed.replace("https://10.0.0.1:2379", etcd.endpoints[0])
        typed = typed.replace("etcdctl ", " ".join(["etcdctl", *WAITS, ""]))
        subprocess.run(
            ["/bin/sh", "-e", "-c", typed], cwd=tmp_path, check=True, timeout=2 * PATIENCE,
            env={"PATH": f"{etcdctl_path}:{os.environ['PATH']}"}, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        await works_as(etcd, "huddle@", f"{ca}&password-file={tmp_path / 'engine.password'}")
        for entry in ("", "huddle:wrong@"):
            async with OnEtcd(etcd, "school", entry, ca) as house:
                with pytest.raises(EngineUnusable, match="credentials"):
                    await house.view()


async def is_up(etcd: Etcd, options: str = "") -> None:
    """Wait until the engine has a leader; it has a house then."""
    async with OnEtcd(etcd, "school", options=options) as house:
        await house.view()


async def works_as(etcd: Etcd, entry: str, options: str = "") -> None:
    """It works for this user; also after the engine has forgotten who that is, for those whom it
    knew and for who comes new. To tell it again is no trouble, and nobody hears of it."""
    async with OnEtcd(etcd, "school", entry, options) as house:
        log = await house.view()
        await works(house, log)
        etcd.end()
        for member in etcd.members:
            member.start()
        await works(house, log)
        await works(house, await house.view())
        assert "refuses" not in dict(house.news)


@in_reactor
async def test_a_full_engine_takes_nothing_until_somebody_has_made_room(tmp_path: Path) -> None:
    """Row: the engine is full."""
    with engine(tmp_path, f"--quota-backend-bytes={4 << 20}") as etcd:
        async with OnEtcd(etcd, "school") as house:
            log = await house.view()
            reader = Reader(log)
            large = [bytes([number]) * MOST_ENTRY for number in range(12)]
            appended = [log.append(large[0])]

            def is_full() -> bool:
                if appended[-1].called:
                    appended.append(log.append(large[len(appended)]))
                return bool(house.news) and house.news[-1][0] == "full"

            await until_in_reactor(is_full)
            assert not appended[-1].called and house.news[-1][0] == "full"
            told = len(appended) - 1  # and perhaps the last, by an attempt that was not answered
            await until_in_reactor(lambda: len(reader.once) >= told)
            await log.truncate(reader.position)
            for endpoint in etcd.endpoints:
                etcdctl([endpoint], "defrag")
            etcdctl(etcd.endpoints, "alarm", "disarm")
            await appended[-1]
            await until_in_reactor(lambda: len(reader.once) == len(appended))
            assert reader.once == large[: len(appended)] and not reader.gaps
            await until_in_reactor(lambda: house.news[-1][0] == "answers")


@contextmanager
def syncs_of(member: Member, told: Path) -> Iterator[Path]:
    """Where it is written down when a member has its data written to the disk."""
    command = [needs("strace"), "-f", "-ttt", "-e", "trace=fsync,fdatasync", "-o", str(told)]
    with subprocess.Popen(
        [*command, "-p", str(member.pid)], stderr=subprocess.PIPE, text=True
    ) as tracing:
        try:
            assert tracing.stderr is not None and "attached" in tracing.stderr.readline()
            yield told
        finally:
            tracing.send_signal(signal.SIGINT)


@in_reactor
async def test_what_a_watch_shows_is_on_two_disks_at_least(tmp_path: Path) -> None:
    with engine(tmp_path) as etcd:
        async with OnEtcd(etcd, "school") as house:
            log = await house.view()
            seen: list[float] = []
            log.follow(0, lambda *_: seen.append(time.time()), lambda _: None)
            await log.append(b"first")
            sent: list[float] = []
            with ExitStack() as stack:
                told = [
                    stack.enter_context(syncs_of(member, tmp_path / f"{member.name}.strace"))
                    for member in etcd.members
                ]
                for number in range(50):
                    sent.append(time.time())
                    await log.append(b"%d" % number)
                    await until_in_reactor(lambda count=number + 2: len(seen) == count)  # type: ignore[misc]
        syncs = [
            [float(at) for at in re.findall(r"^\d+ +([\d.]+) .*sync", path.read_text(), re.M)]
            for path in told
        ]
    for begun, came in zip(sent, seen[1:], strict=True):
        on_disk = [any(begun <= at <= came for at in member) for member in syncs]
        assert sum(on_disk) >= 2


def test_the_script_starts_an_engine_that_goes_on_with_what_it_had(tmp_path: Path) -> None:
    needs("etcd")
    port = str(free_ports(6))
    for value in ("", "kept\n"):
        command = [sys.executable, "-m", "scripts.engine", str(tmp_path), port]
        with ending(subprocess.Popen(command, stdout=subprocess.PIPE, text=True)) as script:
            assert script.stdout is not None
            address = address_of(script.stdout.readline().strip())
            assert "^C" in script.stdout.readline()
            assert etcdctl(address.endpoints, "get", "--print-value-only", "x") == value
            etcdctl(address.endpoints, "put", "x", "kept")
            script.send_signal(signal.SIGINT)
            assert script.wait(PATIENCE) == 0
