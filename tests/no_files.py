"""What somebody may put where a file was, and what is none: for tests of those who read it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path


def folder(path: Path) -> None:
    path.mkdir()


def pipe(path: Path) -> None:
    """To open it would wait for one who writes into it."""
    os.mkfifo(path)


def endless(path: Path) -> None:
    path.symlink_to("/dev/zero")


def circle(path: Path) -> None:
    """A link to itself, which opens as little to root as a file of another's does to us."""
    path.symlink_to(path)


NO_FILES: tuple[Callable[[Path], None], ...] = (folder, pipe, endless, circle)
