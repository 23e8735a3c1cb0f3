"""The C programs, compiled when first needed and when their text changes."""

import hashlib
import os
import subprocess
import tempfile
from pathlib import Path

from benchmarks.runs.processes import StartError

NATIVE = Path(__file__).parent / "native"
PROGRAMS = {
    "load": ("load.c", "connection.c", "audit.c", "wire.c", "frames.c", "options.c"),
    "floor": ("floor.c",),
}
FLAGS = ("-std=c11", "-O2", "-Wall", "-Wextra")
LIBRARIES = {"load": ("-lz",)}


def cache_folder() -> Path:
    """Return the folder that keeps compiled programs: the user's cache, by the XDG rules."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "huddle-benchmarks"


def compiled(program: str) -> Path:
    """Return the path of a compiled program of `PROGRAMS`.

    Raises `subprocess.CalledProcessError` when it does not compile, and `StartError` when there is
    no C compiler.
    """
    binary = cache_folder() / f"{program}-{_fingerprint()}"
    if not binary.exists():
        binary.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=binary.parent) as folder:
            fresh = Path(folder) / program
            sources = [str(NATIVE / source) for source in PROGRAMS[program]]
            try:
                libraries = LIBRARIES.get(program, ())
                subprocess.run(["cc", *FLAGS, "-o", str(fresh), *sources, *libraries], check=True)
            except FileNotFoundError:
                raise StartError("cc is not installed (apt install gcc)") from None
            fresh.rename(binary)
    return binary


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for source in sorted(NATIVE.iterdir()):
        digest.update(source.read_bytes())
    return digest.hexdigest()[:16]
