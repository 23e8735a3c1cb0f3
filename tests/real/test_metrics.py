"""A real server's metrics and health, over HTTP."""

from __future__ import annotations

from urllib.request import urlopen

from tests.patience import PATIENCE
from tests.real.conftest import Enter, Start


def test_a_server_tells_how_it_is_on_this_machine_alone(start: Start, enter: Enter) -> None:
    server = start("--metrics", "0", "--interface", "0.0.0.0")
    host, port = server.address(-1)
    assert host == "127.0.0.1"
    ana, bob = enter(server, nick="ana"), enter(server, nick="bob")
    ana.says("hola")
    bob.hears("<ana> hola")
    with urlopen(f"http://{host}:{port}/metrics", timeout=PATIENCE) as answer:
        lines = answer.read().decode().splitlines()
    assert 'huddle_people{state="here"} 2.0' in lines
    assert "huddle_messages_total 1.0" in lines
    assert any(line.startswith("process_resident_memory_bytes ") for line in lines)
    with urlopen(f"http://{host}:{port}/health", timeout=PATIENCE) as answer:
        assert answer.read() == b"ok\n"
