"""Starting: what is told where, and one clear line for whoever asks for what cannot be."""

from __future__ import annotations

import resource
from pathlib import Path

import pytest

from tests.patience import until
from tests.real.conftest import Enter, Start
from tests.real.server import twistd

ENGLISH = {"LANG": "en_GB.UTF-8"}
SPANISH = {"LANG": "es_MX.UTF-8"}


def refused(folder: Path, *options: str, **environment: str) -> str:
    """The one line on the standard error with which such a start ends."""
    run = twistd("-n", "--pidfile=", "huddle", *options, folder=folder, **environment)
    assert run.returncode == 1, run
    [line] = run.stderr.splitlines()
    assert "Traceback" not in run.stdout
    return line


def test_its_log_says_where_it_listens_how_many_may_come_and_how_to_open_it(start: Start) -> None:
    server = start()
    server.stop()
    log = "".join(server.log)
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    assert server.places == [f"127.0.0.1:{server.port}"]
    assert f"{hard - 32} may be connected at once" in log
    assert "--interface 0.0.0.0 lets in everybody who reaches this machine" in log


def test_it_may_have_as_many_open_files_as_the_machine_lets_it(start: Start) -> None:
    server = start()
    limits = Path(f"/proc/{server.process.pid}/limits").read_text()
    [files] = [line.split() for line in limits.splitlines() if line.startswith("Max open files")]
    assert files[3] == files[4]


def test_several_doors_lead_into_one_room(start: Start, enter: Enter, tmp_path: Path) -> None:
    path = tmp_path / "door"
    server = start("--listen", "tcp:0:interface=127.0.0.1", "--listen", f"unix:{path}")
    assert len(server.places) == 3
    ana, bob = enter(server, nick="ana"), enter(server, nick="bob")
    ana.says("hola")
    bob.hears("<ana> hola")


@pytest.mark.parametrize(
    ("environment", "line"),
    [
        (ENGLISH, "huddle: cannot listen on 127.0.0.1:{}: something listens there already"),
        (SPANISH, "huddle: no se puede escuchar en 127.0.0.1:{}: algo ya escucha ahí"),
    ],
)
def test_a_busy_port_is_told_in_one_line(
    start: Start, tmp_path: Path, environment: dict[str, str], line: str
) -> None:
    port = str(start().port)
    told = refused(tmp_path, "--history", "none", "--port", port, **environment)
    assert told == line.format(port)


def test_a_busy_port_is_told_by_a_twistd_that_goes_into_the_background(
    start: Start, tmp_path: Path
) -> None:
    port = str(start().port)
    run = twistd("huddle", "--history", "none", "--port", port, folder=tmp_path)
    assert run.returncode == 1
    assert "something listens there already" in run.stderr
    # The one in the background ends behind its parent.
    until(lambda: not (tmp_path / "twistd.pid").exists())


@pytest.mark.parametrize(
    ("options", "environment", "line"),
    [
        (["--nope"], ENGLISH, "there is no option --nope; see twistd huddle --help"),
        (["--motd", "nowhere"], ENGLISH, "--motd nowhere will not do: there is no such file"),
        (["--motd", "nowhere"], SPANISH, "--motd nowhere no sirve: no existe ese archivo"),
        (["--hold", "x", "--lang", "en"], SPANISH, "--hold x will not do: it is a duration, "),
        (["--hold", "x", "--lang", "es"], ENGLISH, "--hold x no sirve: es una duración, "),
        (["--listen", "foo:1"], ENGLISH, "foo:1 is no endpoint: "),
        (["--listen", "ssl:1:privateKey=nope"], SPANISH, "ssl:1:privateKey=nope no es ningún "),
        (["--listen", "tcp:0:interface=8.8.8.8"], ENGLISH, "cannot listen on 8.8.8.8:0: this "),
    ],
)
def test_what_cannot_be_is_told_in_one_line(
    tmp_path: Path, options: list[str], environment: dict[str, str], line: str
) -> None:
    told = refused(tmp_path, "--port", "0", "--history", "none", *options, **environment)
    assert told.startswith(f"huddle: {line}")


def test_twistd_lists_huddle(tmp_path: Path) -> None:
    listed = twistd("--help", folder=tmp_path).stdout
    assert "    huddle           A group chat to enter with nc, telnet" in listed


@pytest.mark.parametrize(
    ("environment", "first", "about"),
    [
        (ENGLISH, "Usage: twistd -n huddle [options]", "A group chat that anybody can enter"),
        (SPANISH, "Uso: twistd -n huddle [opciones]", "Un chat de grupo en el que cualquiera"),
    ],
)
def test_its_help_is_in_the_language_of_the_environment(
    tmp_path: Path, environment: dict[str, str], first: str, about: str
) -> None:
    run = twistd("huddle", "--help", folder=tmp_path, **environment)
    lines = run.stdout.splitlines()
    assert run.returncode == 0 and not run.stderr
    assert lines[0] == first
    assert lines[2].startswith(about)
