"""What twistd runs: one service, made from the options, that opens and closes in good order."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from twisted.internet.address import IPv4Address
from twisted.internet.defer import Deferred
from twisted.internet.error import CannotListenError
from twisted.internet.testing import MemoryReactorClock, StringTransport
from twisted.logger import capturedLogs
from twisted.python.failure import Failure

from huddle import tap
from huddle.doors.keepalive import BEAT
from huddle.locale.own_files import COMPANIONS
from huddle.server.options import Options
from huddle.server.service import HuddleService
from huddle.server.start_errors import EXAMPLES, Refusal

HERE = IPv4Address("TCP", "192.0.2.1", 4711)


class Machine(MemoryReactorClock):
    """A machine on which nothing is real, and the doors are `tcpServers`."""

    def callFromThread(self, call: Callable[..., object], *arguments: object) -> None:  # noqa: N802
        self.callLater(0, call, *arguments)


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Iterator[Machine]:
    """The reactor that the service gets; what it sets for the whole process is set back."""
    made = Machine()
    monkeypatch.setattr("twisted.internet.reactor", made)
    monkeypatch.setattr("huddle.tap.ReactorBase", Machine)
    monkeypatch.setattr("huddle.tap.tick_steadily", lambda reactor: None)
    interval = sys.getswitchinterval()
    yield made
    sys.setswitchinterval(interval)


def service(*typed: str) -> HuddleService:
    options = Options()
    options.parseOptions(["--lang", "en", "--history", "none", *typed])
    made = tap.makeService(options)
    assert isinstance(made, HuddleService)
    return made


def running(*typed: str) -> HuddleService:
    made = service(*typed)
    made.privilegedStartService()
    made.startService()
    return made


def test_it_listens_where_it_is_told_to_and_not_before_it_is_started(machine: Machine) -> None:
    made = service("--listen", "tcp:8080")
    assert not machine.tcpServers
    made.privilegedStartService()
    assert [(port, host) for port, _, _, host in machine.tcpServers] == [
        (55123, "127.0.0.1"),
        (8080, ""),
    ]


def test_its_reactor_turns_by_few_calls_of_python(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[object] = []
    monkeypatch.setattr("huddle.tap.poll_by_few_calls", given.append)
    service()
    assert given == [machine]


def test_what_is_no_endpoint_is_refused_before_anything_is_opened(machine: Machine) -> None:
    with pytest.raises(Refusal, match=r"^huddle: foo:1 is no endpoint: Unknown endpoint type"):
        service("--listen", "foo:1")


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("front", ["", "haproxy:"])
@pytest.mark.parametrize("kind", [*EXAMPLES, "foo", ""])
def test_an_endpoint_that_is_mistyped_is_refused_in_words_and_by_an_example(
    machine: Machine, kind: str, front: str, language: str, tmp_path: Path
) -> None:
    for rest in (
        ":x:y:z:1:2:3:4",
        ":1:nosuch=1",
        ":mode=9z:1:2:3",
        f":{tmp_path}:port=x:backlog=y",
    ):
        with pytest.raises(Refusal) as refused:
            service("--lang", language, "--listen", f"{front}{kind}{rest}")
        [line] = str(refused.value).splitlines()
        assert not re.search(r"argument|literal|index out|_parse|generator|\(\)", line), line


@pytest.mark.parametrize("option", ["port", "listen", "web", "metrics"])
@pytest.mark.parametrize(
    ("typed", "example"),
    [
        ("127.0.0.1:8000", "tcp:8000:interface=127.0.0.1"),
        ("localhost:8000", "tcp:8000:interface=localhost"),
        ("http://chat.lan:8000/", "tcp:8000:interface=chat.lan"),
        ("[::1]:8000", r"tcp:8000:interface=\:\:1"),
        (":8000", "tcp:8000"),
    ],
)
def test_an_address_with_a_port_is_told_how_an_endpoint_is_written(
    machine: Machine, option: str, typed: str, example: str
) -> None:
    with pytest.raises(Refusal) as refused:
        service(f"--{option}={typed}")
    assert str(refused.value) == (
        f"huddle: {typed} is no endpoint: it is written otherwise, such as {example}"
    )
    service("--listen", example)


def test_a_port_alone_is_no_endpoint_and_its_endpoint_is_told(machine: Machine) -> None:
    with pytest.raises(Refusal, match=r"8000 is no endpoint: .* such as tcp:8000$"):
        service("--listen=8000")


@pytest.mark.parametrize("typed", ["10.0.0.1", "chat.lan", "chat.lan8000"])
def test_an_address_without_a_port_is_not_taken_for_one_with_it(
    machine: Machine, typed: str
) -> None:
    with pytest.raises(Refusal) as refused:
        service("--listen", typed)
    assert "tcp:" not in str(refused.value) or "8000" in str(refused.value)


@pytest.mark.parametrize("typed", ["tcp:65536", "tcp:port=70000", "ssl:99999", "haproxy:tcp:70000"])
def test_a_port_within_an_endpoint_has_the_same_end(machine: Machine, typed: str) -> None:
    """Before anything is opened, so that --check finds it."""
    with pytest.raises(Refusal, match=f"^huddle: {typed} is no endpoint: a port is at most 65535"):
        service("--listen", typed)
    with pytest.raises(Refusal, match="tcp:-1 is no endpoint: it is a port, such as 8000"):
        service("--web", "tcp:-1")


def test_a_busy_port_is_refused(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*arguments: object, **more: object) -> None:
        raise CannotListenError("127.0.0.1", 55123, OSError(98, "Address already in use"))

    made = service()
    monkeypatch.setattr(machine, "listenTCP", busy)
    with pytest.raises(Refusal) as refused:
        made.privilegedStartService()
    assert str(refused.value) == (
        "huddle: cannot listen on 127.0.0.1:55123: something listens there already"
    )


def test_a_refusal_is_told_on_the_real_standard_error_when_twistd_logs_the_other(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "__stderr__", sys.stderr)
    monkeypatch.setattr(sys, "stderr", sys.stdout)
    with pytest.raises(Refusal):
        service("--history", "/nowhere/at/all.db").privilegedStartService()
    assert capsys.readouterr().err == "huddle: there is no folder for /nowhere/at/all.db\n"


def test_the_log_tells_how_to_enter(machine: Machine) -> None:
    with capturedLogs() as events:
        running()
    told = [event["line"] for event in events if "line" in event]
    assert told[0] == "listening on 0.0.0.0:55123"  # as a machine in memory has it
    assert told[1].endswith(" may be connected at once")
    assert told[2] == "--interface 0.0.0.0 lets in everybody who reaches this machine"


def test_on_stopping_everybody_is_told_and_nothing_is_left_to_be_called(machine: Machine) -> None:
    made = running()
    transport = StringTransport(peerAddress=HERE)
    peer = made.factory.buildProtocol(HERE)
    peer.makeConnection(transport)
    stopped = made.stopService()
    assert transport.value().endswith(b"-- The server is closing. Bye!\n")
    peer.connectionLost()
    machine.advance(0)
    assert stopped.called
    assert not machine.getDelayedCalls()


def test_a_beat_that_fails_is_not_the_last(
    machine: Machine, logged_failures: list[Failure]
) -> None:
    made = service()
    made.privilegedStartService()
    beats: list[float] = []

    def fail() -> None:
        beats.append(machine.seconds())
        raise ZeroDivisionError

    made.factory.connections.beat = fail  # type: ignore[method-assign]
    made.startService()
    for _ in range(3):
        machine.advance(BEAT)
    assert len(beats) == len(logged_failures) == 3
    logged_failures.clear()
    made.stopService()


def test_nothing_beats_for_connections_while_there_are_none(machine: Machine) -> None:
    made = service()
    made.privilegedStartService()
    beats: list[float] = []
    look = made.factory.connections.beat

    def beat() -> Deferred[None] | None:
        beats.append(machine.seconds())
        return look()

    made.factory.connections.beat = beat  # type: ignore[method-assign]
    made.startService()
    for _ in range(20):
        machine.advance(BEAT)
    assert len(beats) == 1
    made.stopService()


def test_the_doors_wait_for_headers_of_proxies_and_that_for_metrics_does_not(
    machine: Machine,
) -> None:
    made = service("--proxy-from", "10.0.0.5", "--listen", "haproxy:tcp:8080", "--metrics", "9155")
    made.privilegedStartService()
    kinds = {port: type(factory).__name__ for port, factory, _, _ in machine.tcpServers}
    assert kinds == {55123: "ProxiedFactory", 8080: "ProxiedFactory", 9155: "FewAtOnce"}


@pytest.mark.parametrize("ending", ["", *COMPANIONS])
@pytest.mark.parametrize(
    "typed",
    [
        "--listen unix:{}",
        "--port unix:./{}:mode=660",
        "--listen haproxy:unix:address={}",
        "--web unix:{}",
    ],
)
def test_no_socket_takes_the_place_of_a_file_of_the_record(
    machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, typed: str, ending: str
) -> None:
    monkeypatch.chdir(tmp_path)
    words = typed.format(f"class.db{ending}").split()
    with pytest.raises(Refusal, match=r" is no endpoint: .*class\.db.* is a record's, or belongs"):
        service("--history", "class.db", *words)
    assert not list(tmp_path.iterdir())
    service("--history", "class.db", "--listen", "unix:class.db.door")
