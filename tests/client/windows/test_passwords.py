"""Passwords in a terminal: asked for, drawn as stars, kept nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.client.windows.conftest import OpenWindow
from tests.client.windows.window import Window
from tests.real.server import Server

PASSWORD, OTHER = "caballo-correcto", "grapa-y-pila"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server where `root` and `ana` are registered."""
    folder = tmp_path_factory.mktemp("house")
    (folder / "passwd").write_text(f"root:{PASSWORD}\nana:{PASSWORD}\n")
    server = Server(folder, "--history", "none", "--auth", f"file:{folder}/passwd", "--op", "root")
    yield server
    server.end()
    assert server.process.stdout is not None
    server.process.stdout.close()


def files(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def kept_nowhere(window: Window, folder: Path) -> None:
    """Neither on the screen at any time, nor on the disk."""
    for secret in (PASSWORD, OTHER):
        assert secret.encode() not in window.written
        assert secret.encode() not in files(folder)


@pytest.mark.parametrize(
    ("language", "question", "wrong", "hello"),
    [
        ("en", "Password of root?", "That is not the password.", "Hello root."),
        ("es", "¿Clave de root?", "Esa no es la clave.", "Hola, root."),
    ],
)
def test_a_registered_nick_asks_for_its_password(
    house: Server,
    window: OpenWindow,
    tmp_path: Path,
    language: str,
    question: str,
    wrong: str,
    hello: str,
) -> None:
    root = window("--port", str(house.port), "--nick", "root", "--lang", language)
    root.shows(question)
    root.types(OTHER)
    root.shows("*" * len(OTHER))
    root.types("\r")
    root.shows(wrong)
    root.enters(PASSWORD)
    root.shows(hello)
    root.enters("hola")
    root.shows("<root> hola")
    root.types("\x1b[A")  # the key Up: what was typed before
    root.shows("root> hola")
    root.types("\x03")
    root.enters("/quit")
    assert root.ends() == 0
    kept_nowhere(root, tmp_path)


def test_the_session_comes_back_without_the_password(house: Server, window: OpenWindow) -> None:
    first = window("--port", str(house.port), "--nick", "ana", "--login")
    first.shows("Password of ana?")
    first.enters(PASSWORD)
    first.shows("Hello ana.")
    first.process.kill()
    first.process.wait()
    again = window("--port", str(house.port), "--nick", "ana")
    again.shows("Hello ana.")
    again.enters("/quit")
    assert again.ends() == 0


def test_whoever_has_no_password_takes_another_nick(house: Server, window: OpenWindow) -> None:
    guest = window("--port", str(house.port), "--nick", "root")
    guest.shows("Password of root?")
    guest.types("\r")
    guest.shows("What is your nick?")
    guest.enters("guest")
    guest.shows("Hello guest.")


def test_a_login_inside(house: Server, window: OpenWindow, tmp_path: Path) -> None:
    """With its arguments the command is drawn in stars; alone it asks."""
    guest = window("--port", str(house.port), "--nick", "guest2")
    guest.shows("Hello guest2.")
    guest.types(f"  /login root {PASSWORD}")
    guest.shows("/login " + "*" * len(f"root {PASSWORD}"))
    guest.types("\r")
    guest.shows("You are logged in as root.")
    guest.shows("root>")
    guest.enters("/audit")
    guest.shows("There is nothing to show.")
    guest.types("\x1b[A\x1b[A")
    guest.shows("root> /audit")
    guest.types("\x03")
    guest.enters("/quit")
    assert guest.ends() == 0
    kept_nowhere(guest, tmp_path)


def test_registering_asks_twice(house: Server, window: OpenWindow, tmp_path: Path) -> None:
    carla = window("--port", str(house.port), "--nick", "carla")
    carla.shows("Hello carla.")
    carla.enters("/register")
    carla.shows("Password:")
    carla.enters(PASSWORD)
    carla.shows("Once more:")
    carla.enters(OTHER)
    carla.shows("These two differ.")
    carla.enters("/registrar")
    carla.enters(PASSWORD)
    carla.enters(PASSWORD)
    carla.shows("The nick carla is registered")
    carla.enters("/password")
    carla.enters(PASSWORD)
    carla.enters(OTHER)
    carla.enters(OTHER)
    carla.shows("Done.")
    carla.enters("/quit")
    assert carla.ends() == 0
    kept_nowhere(carla, tmp_path)


def test_a_terminal_that_can_do_nothing_shows_no_password_either(
    house: Server, window: OpenWindow, tmp_path: Path
) -> None:
    root = window("--port", str(house.port), "--nick", "root", TERM="dumb")
    root.shows("Password of root?")
    root.enters(PASSWORD)
    root.shows("Hello root.")
    root.enters("seen")
    root.shows("seen")
    root.enters("/quit")
    assert root.ends() == 0
    kept_nowhere(root, tmp_path)


@pytest.mark.parametrize("terminal", ["dumb", "xterm-256color"])
def test_ctrl_c_drops_what_was_typed_of_a_password_and_goes_on_asking(
    house: Server, window: OpenWindow, tmp_path: Path, terminal: str
) -> None:
    root = window("--port", str(house.port), "--nick", "root", TERM=terminal)
    root.shows("Password of root?")
    root.types(f"{OTHER}\x03")
    root.enters(PASSWORD)
    root.shows("Hello root.")
    root.enters("/quit")
    assert root.ends() == 0
    kept_nowhere(root, tmp_path)
