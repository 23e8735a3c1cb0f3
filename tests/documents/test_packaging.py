"""What is installed can be started, and what the READMEs tell people to type is what CI runs."""

from __future__ import annotations

import ast
import re
import shutil
import sys
import tarfile
import tomllib
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from hatchling.builders.sdist import SdistBuilder
from hatchling.builders.wheel import WheelBuilder

ROOT = Path(__file__).parent.parent.parent
PLUGIN = "twisted/plugins/huddle_plugin.py"
CATALOGUE = "huddle/locale/es/LC_MESSAGES/huddle.mo"
PAGE = [f"/doors/web/page/{name}" for name in ("index.html", "page.css", "page.mjs", "icon.svg")]
START = (
    "python3 -m venv .venv && .venv/bin/pip install . && .venv/bin/twistd -n huddle --port 55123"
)
TEST = (
    "python3 -m venv .venv && .venv/bin/pip install -e '.[dev]'"
    " && .venv/bin/pytest -n 4 --dist loadfile"
)


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The source as somebody has it who has also run it: with Twisted's cache and a log."""
    tree = tmp_path_factory.mktemp("source") / "huddle"
    unwanted = shutil.ignore_patterns(".git", ".venv", "__pycache__", ".*_cache", ".hypothesis")
    shutil.copytree(ROOT, tree, ignore=unwanted)
    (tree / "twisted" / "plugins" / "dropin.cache").write_bytes(b"cache")
    (tree / "twistd.log").write_text("log")
    return tree


@pytest.fixture(scope="module")
def in_wheel(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The names of the files in the wheel built from the source."""
    built = next(WheelBuilder(str(tree)).build(directory=str(tmp_path_factory.mktemp("wheel"))))
    with zipfile.ZipFile(built) as wheel:
        return wheel.namelist()


@pytest.fixture(scope="module")
def in_sdist(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The names of the files in the source distribution, from its top folder on."""
    built = next(SdistBuilder(str(tree)).build(directory=str(tmp_path_factory.mktemp("sdist"))))
    with tarfile.open(built) as sdist:
        return [name.partition("/")[2] for name in sdist.getnames()]


def test_the_wheel_brings_the_plugin_and_the_catalogues(in_wheel: list[str]) -> None:
    assert {PLUGIN, CATALOGUE} <= set(in_wheel)
    assert {f"huddle{path}" for path in PAGE} <= set(in_wheel)


def test_the_wheel_brings_all_of_the_house_and_no_tests(tree: Path, in_wheel: list[str]) -> None:
    house = {path.relative_to(tree).as_posix() for path in (tree / "huddle").rglob("*.*")}
    beside = re.compile(r"\.dist-info/|\.data/data/share/")
    assert {name for name in in_wheel if not beside.search(name)} == house | {PLUGIN}


def test_the_wheel_brings_the_man_page_and_completions_to_where_they_are_looked_for(
    in_wheel: list[str],
) -> None:
    shared = {name.partition(".data/data/")[2] for name in in_wheel if ".data/data/" in name}
    there = {path for path in (ROOT / "share").rglob("*") if path.is_file()}
    assert shared == {path.relative_to(ROOT).as_posix() for path in there}
    assert {"share/man/man1/huddle-client.1", "share/man/es/man1/huddle-client.1"} <= shared


def test_the_source_distribution_brings_all_that_building_and_testing_need(
    tree: Path, in_sdist: list[str]
) -> None:
    needed = {"pyproject.toml", "README.md", "README.es.md", "LICENSE", "NEWS.md", ".ci/run"}
    tests = {path.relative_to(tree).as_posix() for path in (tree / "tests").rglob("*.py")}
    assert {PLUGIN, CATALOGUE, *needed, *tests} <= set(in_sdist)


def test_what_running_leaves_behind_is_not_distributed(
    in_wheel: list[str], in_sdist: list[str]
) -> None:
    left = re.compile(r"dropin\.cache|twistd\.(log|pid)|\.pyc$|\.db$")
    assert not [name for name in in_wheel + in_sdist if left.search(name)]


@pytest.mark.parametrize("folder", ["twisted", "twisted/plugins"])
def test_the_plugin_folders_are_no_packages(folder: str) -> None:
    """An `__init__.py` in twisted/ breaks Twisted; one in twisted/plugins/ hides the plugin."""
    assert not (ROOT / folder / "__init__.py").exists()


def test_the_plugin_imports_the_service_maker_and_nothing_else() -> None:
    """Every twistd on the machine imports it, whatever it is asked to run."""
    imported = list(imports((ROOT / PLUGIN).read_text("utf-8")))
    assert imported == ["twisted.application.service"]


def test_what_the_code_imports_is_declared() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    lines = [*project["dependencies"], *extras["tls"], *extras["cluster"], *extras["metrics"]]
    declared = {re.split(r"[><=\[ ]", line)[0].lower() for line in lines}
    roots = set[str]().union(*roots_imported().values())
    foreign = roots - set(sys.stdlib_module_names) - {"huddle"}
    called = {"zope": "zope-interface", "argon2": "argon2-cffi", "OpenSSL": "pyopenssl"}
    assert {called.get(root, root.replace("_", "-")) for root in foreign} <= declared


def test_what_only_the_extra_brings_is_imported_only_where_it_is_needed() -> None:
    extra = {"OpenSSL", "cryptography", "idna", "service_identity"}
    importing = {path for path, roots in roots_imported().items() if extra & roots}
    assert importing == {
        "huddle/client/network/certificate.py",
        "huddle/client/network/endpoints.py",  # when it is asked for TLS
        "huddle/client/network/tls.py",
        "huddle/cluster/etcd/tls.py",
        "huddle/cluster/sealing.py",
        "huddle/server/certificates.py",
        "huddle/tools/self_signed.py",
    }


def test_every_dependency_has_a_floor() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"].values()
    lines = [*project["dependencies"], *(line for extra in extras for line in extra)]
    assert not [line for line in lines if ">=" not in line and not line.startswith("huddle[")]


@pytest.mark.parametrize("readme", ["README.md", "README.es.md"])
def test_a_readme_has_exactly_the_two_commands(readme: str) -> None:
    text = (ROOT / readme).read_text("utf-8")
    assert re.findall(r"^```sh\n(.*?)\n```$", text, re.MULTILINE | re.DOTALL) == [START, TEST]


@pytest.mark.parametrize("command", [START, TEST])
def test_ci_runs_what_the_readmes_say(command: str) -> None:
    assert command in (ROOT / ".ci" / "run").read_text("utf-8")


def imports(source: str) -> Iterator[str]:
    """The modules that a source imports, relative imports left out."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


@cache
def roots_imported() -> dict[str, set[str]]:
    """What each file of the house imports, by the first part of its name."""
    return {
        str(path.relative_to(ROOT)): {
            name.partition(".")[0] for name in imports(path.read_text("utf-8"))
        }
        for path in (ROOT / "huddle").rglob("*.py")
    }
