"""huddle-client in one file: all of its Python, to be run by any Python that is new enough.

What was compiled for one machine is left out. Those of the parts that have some (zope.interface,
wcwidth) do without; TLS cannot, and needs an installed Huddle.
"""

from __future__ import annotations

import re
import zipapp
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from zipfile import ZipFile

from huddle.protocol.text import decode

OLDEST = (3, 11)
"""The Python that is needed at least."""

SERVER_ONLY = frozenset({"argon2-cffi", "segno", "tzdata", "websockets"})
"""What Huddle needs and its client does not."""

OF_HUDDLE = frozenset({"client", "locale", "protocol"})
"""The folders of Huddle that the client is made of."""

_LEFT_OUT = frozenset({"test", "tests"})

_MAIN = """\
import sys

if sys.version_info < {oldest}:
    sys.exit("huddle-client: Python {dotted}+, != %d.%d" % sys.version_info[:2])
from huddle.client.program import main

main()
"""


def zip_client(wheels: Path, file: Path) -> None:
    """Make the file from the wheels in a folder, of which one must be Huddle's.

    Raises LookupError with the name of a part whose wheel is not there.
    """
    with TemporaryDirectory() as folder:
        for wheel in _parts(_wheels_by_name(wheels)):
            _unpack(wheel, Path(folder))
        main = _MAIN.format(oldest=OLDEST, dotted=".".join(map(str, OLDEST)))
        (Path(folder) / "__main__.py").write_text(main, "ascii")
        zipapp.create_archive(folder, file, "/usr/bin/env python3", compressed=True)


def _wheels_by_name(folder: Path) -> dict[str, Path]:
    """One wheel of each package; which one makes no difference to their Python."""
    return {_name(path.name.partition("-")[0]): path for path in sorted(folder.glob("*.whl"))}


def _name(written: str) -> str:
    return re.sub(r"[-_.]+", "-", written).lower()


def _parts(wheels: Mapping[str, Path]) -> Iterator[Path]:
    """The wheels of Huddle, of what it needs, and of what that needs, without the server's."""
    wanted, seen = ["huddle"], set(SERVER_ONLY)
    while wanted:
        name = wanted.pop()
        if name in seen:
            continue
        seen.add(name)
        if name not in wheels:
            raise LookupError(name)
        yield wheels[name]
        wanted += _needed_by(wheels[name])


def _needed_by(wheel: Path) -> Iterator[str]:
    """What a package needs everywhere: extras, and what only some Pythons need, are left out."""
    with ZipFile(wheel) as packed:
        [metadata] = [name for name in packed.namelist() if name.endswith(".dist-info/METADATA")]
        lines = decode(packed.read(metadata))[0].splitlines()
    for line in lines:
        if line.startswith("Requires-Dist: ") and ";" not in line:
            yield _name(re.split(r"[^\w.-]", line.removeprefix("Requires-Dist: "))[0])


def _unpack(wheel: Path, folder: Path) -> None:
    with ZipFile(wheel) as packed:
        packed.extractall(folder, [name for name in packed.namelist() if _is_wanted(name)])


def _is_wanted(name: str) -> bool:
    path = PurePosixPath(name)
    top, *rest = path.parts
    if top.endswith((".dist-info", ".data")) or _LEFT_OUT & set(rest):
        return False
    if top == "huddle" and len(rest) > 1:
        return rest[0] in OF_HUDDLE
    return path.suffix not in {".so", ".pyd", ".c", ".pyi"}
