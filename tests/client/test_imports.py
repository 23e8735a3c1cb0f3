"""A run imports only what it takes: the start of a terminal program is mostly imports."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

DEAR = ("twisted", "OpenSSL", "huddle.client.api")
LOADED = f"import sys; print(*(name for name in {DEAR} if sys.modules.get(name)))"


def loaded(*lines: str, home: Path) -> list[str]:
    """Of those that are dear, what has been imported after these lines of a program."""
    program = "\n".join([*lines, LOADED])
    environ = {**os.environ, "HOME": str(home)}
    command = [sys.executable, "-c", program]
    ran = subprocess.run(command, env=environ, capture_output=True, text=True, check=True)
    return ran.stdout.splitlines()[-1].split()


def run(*arguments: str) -> list[str]:
    """The lines that run huddle-client to its end."""
    return [
        "import contextlib, sys",
        f"sys.argv[1:] = {list(arguments)}",
        "from huddle.client.program import main",
        "with contextlib.suppress(SystemExit): main()",
    ]


def test_help_needs_no_network(tmp_path: Path) -> None:
    assert loaded(*run("--help"), home=tmp_path) == []


def test_who_speaks_no_tls_does_not_load_it(tmp_path: Path) -> None:
    task = run("--port", "1", "--nick", "ana", "--send", "hola", "--no-retry")
    assert loaded(*task, home=tmp_path) == ["twisted"]


NOT_NEEDED = (
    *(
        "ssl",
        "_hashlib",
        "asyncio",
        "automat",
        "http.client",
        "urllib.request",
        "email",
        "wcwidth",
        "tomllib",
        "huddle.locale.toml_errors",
        "zipfile",
        "zoneinfo",
    ),
    *(
        "twisted.application",
        "twisted.internet.endpoints",
        "prompt_toolkit",
        "huddle.server",
        "huddle.record",
        "huddle.doors",
    ),
)
"""What a terminal takes only when it is used, or never."""

MODULES = 380
"""More than a prompt takes (361 with Python 3.11, of which 71 are Twisted's and 98 our own)."""


def test_a_terminal_imports_no_more_than_a_prompt_takes(tmp_path: Path) -> None:
    lines = [
        "import sys",
        "from huddle.client import program",
        "program.leave_out_what_is_not_used(tls=False)",
        "import huddle.client.terminal.running, twisted.internet.reactor",
        "read = {name for name, each in sys.modules.items() if type(each) is type(sys)}",
        f"print(len(sys.modules), *sorted(read.intersection({NOT_NEEDED})))",
        "sys.exit()",
    ]
    command = [sys.executable, "-c", "\n".join(lines)]
    environ = {**os.environ, "HOME": str(tmp_path)}
    ran = subprocess.run(command, env=environ, capture_output=True, text=True, check=True)
    count, *there = ran.stdout.split()
    assert there == []
    assert int(count) <= MODULES


PATTERNS = 6_000
"""Characters of regular expressions, more than are compiled up to a prompt (4,500 with 3.11, of
which two thirds are Python's own): they cost more than their modules."""


def test_nor_does_it_compile_what_is_only_used_when_something_is_typed(tmp_path: Path) -> None:
    lines = [
        "import re, re._compiler as compiler",
        "compile, lengths = compiler.compile, []",
        "compiler.compile = lambda p, flags=0: lengths.append(len(p)) or compile(p, flags)",
        "from huddle.client import program",
        "program.leave_out_what_is_not_used(tls=False)",
        "import huddle.client.terminal.running, twisted.internet.reactor",
        "print(sum(lengths))",
    ]
    command = [sys.executable, "-c", "\n".join(lines)]
    environ = {**os.environ, "HOME": str(tmp_path)}
    ran = subprocess.run(command, env=environ, capture_output=True, text=True, check=True)
    assert int(ran.stdout) <= PATTERNS


def test_what_is_put_off_is_there_when_it_is_used(tmp_path: Path) -> None:
    used = "from http import cookiejar; print(cookiejar.Cookie.__name__)"
    lines = [
        "from huddle.client import program",
        "program.leave_out_what_is_not_used(tls=False)",
        used,
    ]
    command = [sys.executable, "-c", "\n".join(lines)]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "Cookie\n"


def test_asyncio_is_whole_when_it_is_imported(tmp_path: Path) -> None:
    lines = [
        "from huddle.client import program",
        "program.leave_out_what_is_not_used(tls=False)",
        "import asyncio",
        "from twisted.internet.defer import Deferred, succeed",
        "async def three(): return await succeed(3)",
        "assert Deferred.fromCoroutine(three()).result == 3",
        "async def four(): return await succeed(4).asFuture(asyncio.get_running_loop())",
        "print(asyncio.run(four()), asyncio.Future.__module__)",
    ]
    command = [sys.executable, "-c", "\n".join(lines)]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    assert ran.stdout == "4 _asyncio\n"


def test_a_twisted_that_asks_more_of_asyncio_has_it(tmp_path: Path) -> None:
    lines = [
        "from huddle.client import program",
        "with program._without_asyncio():",
        "    from asyncio import Queue, Future, iscoroutine",
        "import asyncio",
        "print(Queue is asyncio.Queue)",
    ]
    command = [sys.executable, "-c", "\n".join(lines)]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "True\n"


def test_a_public_name_is_there_when_it_is_asked_for(tmp_path: Path) -> None:
    assert loaded("import huddle.client", home=tmp_path) == []
    asked = "from huddle.client import HuddleClient, Said"
    assert set(loaded(asked, home=tmp_path)) >= {"twisted", "huddle.client.api"}


def test_every_public_name_is_there() -> None:
    import huddle.client

    assert all(hasattr(huddle.client, name) for name in huddle.client.__all__)
    assert not hasattr(huddle.client, "dance")
