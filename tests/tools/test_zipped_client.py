"""huddle-client in one file says what it is told to, by Python alone."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import distribution, requires
from pathlib import Path
from zipfile import ZipFile

import pytest
from hatchling.builders.wheel import WheelBuilder

from huddle.tools.zipped_client import SERVER_ONLY, zip_client
from tests.patience import PATIENCE
from tests.real.preloaded import ROOT
from tests.real.server import Server, environment

ALONE = ("-I", "-S")  # nothing that is installed, and nothing of this checkout


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with Huddle's wheel, and those of what it needs, made of what is installed."""
    folder = tmp_path_factory.mktemp("wheels")
    list(WheelBuilder(str(ROOT)).build(directory=str(folder)))
    for name in needed("huddle", set()):
        of_package = distribution(name)
        wheel = folder / f"{name.replace('-', '_')}-{of_package.version}-py3-none-any.whl"
        with ZipFile(wheel, "w") as packed:
            for file in of_package.files or ():
                if ".." not in file.parts and "__pycache__" not in file.parts:
                    packed.write(str(file.locate()), str(file))
    return folder


def needed(name: str, seen: set[str]) -> Iterator[str]:
    for line in requires(name) or ():
        other = line.split(";")[0].split(">")[0].split("(")[0].strip()
        if ";" not in line and other not in seen | SERVER_ONLY:
            seen.add(other)
            yield other
            yield from needed(other, seen)


@pytest.fixture(scope="module")
def client(wheels: Path) -> Path:
    file = wheels.parent / "huddle-client.pyz"
    zip_client(wheels, file)
    return file


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path, "--history", "none")
    yield server
    server.end()


def run(client: Path, *arguments: str, home: Path, **more: str) -> str:
    environ = environment(HOME=str(home), **more)
    done = subprocess.run(
        [sys.executable, *ALONE, client, *arguments],
        env={name: value for name, value in environ.items() if name != "PYTHONPATH"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_it_says_a_line_and_reads_it_again(client: Path, server: Server, tmp_path: Path) -> None:
    here = {"HUDDLE_PORT": str(server.port), "home": tmp_path}
    run(client, "--nick", "ana", "--send", "¿qué tal?", **here)  # type: ignore[arg-type]
    told = run(client, "--nick", "bob", "--tail", **here)  # type: ignore[arg-type]
    assert told.endswith("<ana> ¿qué tal?\n")


def test_it_speaks_spanish(client: Path, tmp_path: Path) -> None:
    told = run(client, "--help", "--lang", "es", home=tmp_path)
    assert told.startswith("Uso: huddle-client")


def test_it_holds_nothing_of_the_server_and_nothing_that_was_compiled(client: Path) -> None:
    with ZipFile(client) as packed:
        names = packed.namelist()
    tops = {name.split("/")[1] for name in names if name.startswith("huddle/")}
    assert tops == {"", "__init__.py", "py.typed", "tap.py", "huddle.py"} | {
        *("client", "locale", "protocol")
    }
    assert not {name.split("/")[0] for name in names} & {"argon2", "segno", "websockets"}
    assert not [name for name in names if Path(name).suffix in {".so", ".pyd", ".pyc"}]
    assert os.access(client, os.X_OK)


def test_a_part_that_is_not_there_is_named(wheels: Path, tmp_path: Path) -> None:
    for wheel in wheels.glob("*.whl"):
        if not wheel.name.startswith("wcwidth"):
            (tmp_path / wheel.name).symlink_to(wheel)
    with pytest.raises(LookupError, match="wcwidth"):
        zip_client(tmp_path, tmp_path / "huddle-client.pyz")
