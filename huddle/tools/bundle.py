"""Makes one folder with all that a network without the Internet needs, to be brought on a stick.

    python -m huddle.tools.bundle FOLDER

It is made where there is Internet, from a checkout of Huddle: its wheel is built, those of all that
it needs are fetched by pip, TLS included, for this machine or for those that are named, and pip's
own, so that a machine without pip can install them. Beside them are huddle-client in one file, the
checksums of it all, and what to do with it, in both languages.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from huddle.locale import N_, Wording
from huddle.locale.command_line import CommandLine, Given, Misuse
from huddle.server.start_errors import reason_of
from huddle.tools.command_line import CannotBeDone, Command
from huddle.tools.outputs import check_output
from huddle.tools.zipped_client import zip_client

PLATFORMS = {
    "linux-x86_64": "manylinux_2_{}_x86_64",
    "linux-aarch64": "manylinux_2_{}_aarch64",
    "linux-armv7l": "manylinux_2_{}_armv7l",
}
"""What machines are called here, and by pip, behind the version of their C library."""

C_LIBRARIES = range(17, 37)
"""The versions 2.17 to 2.36 (Debian 12): wheels for any of them will do, older ones first."""

CLIENT = "huddle-client.pyz"
WHEELS = "wheels"
SUMS = "SHA256SUMS"

READ_ME = {"en": "README.txt", "es": "LEEME.txt"}
"""What tells what to do with the folder: its name there by the language, which is in its name here
(``bundle.en.txt``)."""

COMMAND_LINE = CommandLine(
    (
        N_("Usage: python -m huddle.tools.bundle FOLDER [OPTIONS]"),
        "",
        N_("Makes a folder from which Huddle can be installed without the Internet."),
    ),
    {
        ("platform", "NAME"): N_("a machine it is for, such as linux-aarch64; may be repeated"),
        ("python", "N.N"): N_("a Python that is there; may be repeated (this one's)"),
        ("source", "FOLDER"): N_("Huddle's source, or its wheel (the one that runs this)"),
    },
)


def _carry_out(given: Given, wording: Wording) -> None:
    _ = wording.gettext
    if len(given.words) > 1:
        raise Misuse(_("{argument} is no option").format(argument=given.words[1]))
    folder = Path(given.words[0])
    machines = list(_machines(given, wording))
    source = _source(given.last().get("source"), wording)
    check_output(str(folder), wording)
    try:
        if folder.exists() and any(folder.iterdir()):
            raise CannotBeDone(_("{folder} is not empty").format(folder=folder))
        _bundle(folder, source, machines, wording)
    except OSError as error:
        reason = reason_of(error, wording)
        raise CannotBeDone(f"{error.filename or folder}: {reason}") from None
    print(_("All of {folder} goes on the stick; {file} tells the rest.").format(
        folder=folder, file=folder / READ_ME[wording.language]
    ))  # fmt: skip


def _machines(given: Given, wording: Wording) -> Iterator[list[str]]:
    """What pip is told of each machine that the wheels are for; of this one it knows all."""
    _ = wording.gettext
    pythons = given.options.get("python", ())
    platforms = given.options.get("platform", ())
    if not pythons and not platforms:
        yield []
        return
    for platform in platforms or [f"linux-{os.uname().machine}"]:
        pattern = PLATFORMS.get(platform)
        if pattern is None and "linux-" in platform:
            known = ", ".join(PLATFORMS)
            raise Misuse(_("The platforms are {known}, or as pip calls them.").format(known=known))
        names = [pattern.format(each) for each in C_LIBRARIES] if pattern else [platform]
        of_platform = [f"--platform={name}" for name in names]
        for python in pythons or [f"{sys.version_info.major}.{sys.version_info.minor}"]:
            yield [*of_platform, "--implementation=cp", f"--python-version={python}"]


def _source(named: str | None, wording: Wording) -> Path:
    """The folder to build Huddle from, or its wheel."""
    source = Path(named) if named else Path(__file__).parent.parent.parent
    if source.suffix == ".whl" or (source / "pyproject.toml").exists():
        return source
    sentence = wording.gettext("{folder} is no source of Huddle; name one by --source")
    raise CannotBeDone(sentence.format(folder=source))


def _bundle(
    folder: Path, source: Path, machines: Sequence[Sequence[str]], wording: Wording
) -> None:
    wheels = folder / WHEELS
    wheels.mkdir(parents=True)
    _pip(wording, "wheel", "--no-deps", "--wheel-dir", wheels, source)
    own = next(wheels.glob("huddle-*.whl"))
    with TemporaryDirectory() as aside:  # pip looks for what it fetches where Huddle's wheel is
        for machine in machines:
            fetch = ("download", "--only-binary=:all:", "--dest", aside, *machine)
            _pip(wording, *fetch, f"{own}[tls]", "pip")
        for wheel in sorted(Path(aside).glob("*.whl")):
            shutil.copy(wheel, wheels)
    zip_client(wheels, folder / CLIENT)
    for language, name in READ_ME.items():
        shutil.copyfile(Path(__file__).with_name(f"bundle.{language}.txt"), folder / name)
    (folder / SUMS).write_text("".join(_sums(folder)), "ascii")


def _pip(wording: Wording, *arguments: object) -> None:
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    done = subprocess.run(
        [*command, *map(str, arguments)], stderr=subprocess.PIPE, text=True, errors="replace"
    )
    if done.returncode:
        lines = [line for line in done.stderr.splitlines() if line.startswith("ERROR: ")]
        reason = (lines or done.stderr.splitlines() or ["?"])[-1].removeprefix("ERROR: ")
        raise CannotBeDone(wording.gettext("pip: {reason}").format(reason=reason))


def _sums(folder: Path) -> Iterator[str]:
    """The lines of the file by which `sha256sum -c` checks all the others."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != SUMS:
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            yield f"{digest}  {path.relative_to(folder).as_posix()}\n"


main = Command("huddle.tools.bundle", COMMAND_LINE, _carry_out).run

if __name__ == "__main__":
    sys.exit(main())
