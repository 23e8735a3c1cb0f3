"""Small disks of memory, mounted for a test; needs root."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.needs import needs, needs_root

_BLOCK = 4096


@contextmanager
def small_disk(folder: Path, size: str = "2m") -> Iterator[Path]:
    """A file system of its own in this folder."""
    needs_root("CAP_SYS_ADMIN")
    needs("mount")
    disk = folder / "disk"
    disk.mkdir()
    _run("mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(disk))
    try:
        yield disk
    finally:
        _run("umount", "-l", str(disk))


@contextmanager
def full(disk: Path, left: int = 0) -> Iterator[None]:
    """Something else takes all that is left, or all but so many bytes."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(_BLOCK))
        except OSError:
            pass
        file.truncate(file.tell() - left)
    try:
        yield
    finally:
        ballast.unlink()


@contextmanager
def read_only(disk: Path) -> Iterator[None]:
    """Nobody may write there."""
    _run("mount", "-o", "remount,ro", str(disk))
    try:
        yield
    finally:
        _run("mount", "-o", "remount,rw", str(disk))


def _run(*command: str) -> None:
    subprocess.run(command, check=True)
