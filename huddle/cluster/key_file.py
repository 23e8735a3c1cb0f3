"""The file of the keys that all nodes of a cluster have, and nobody else."""

from __future__ import annotations

import os
import stat
from typing import Final

from huddle.cluster.sealing import BadKeys, keys_of
from huddle.locale import Wording

MOST_BYTES: Final = 4096
"""Bytes that are read of the file at the most."""


class KeyFileUnusable(Exception):
    """The keys cannot be had from there. ``code`` says why: ``missing``, ``open-to-others``,
    ``no-keys``, or ``unreadable`` with what the system says."""

    def __init__(self, code: str, path: str, detail: str = "") -> None:
        super().__init__(code, path, detail)
        self.code = code
        self.path = path
        self.detail = detail


def kept_keys(path: str) -> list[bytes]:
    """The keys in this file, of which the first seals. Raises `KeyFileUnusable`.

    A file that others than its owner may read, or write, is refused: whoever has the key reads
    everything, and is taken for a node.
    """
    try:
        with open(path, "rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            if mode & (stat.S_IRWXG | stat.S_IRWXO):
                raise KeyFileUnusable("open-to-others", path)
            return keys_of(file.read(MOST_BYTES).decode("utf-8"))
    except FileNotFoundError:
        raise KeyFileUnusable("missing", path) from None
    except OSError as error:
        raise KeyFileUnusable("unreadable", path, error.strerror or str(error)) from None
    except (BadKeys, UnicodeDecodeError):
        raise KeyFileUnusable("no-keys", path) from None


def key_file_trouble(error: KeyFileUnusable, wording: Wording) -> str:
    """One sentence on what is wrong with the file, and how one is made."""
    _ = wording.gettext
    sentences = {
        "missing": _(
            "there is no key in {path}; make one: (umask 077; openssl rand -hex 32 > {path})"
        ),
        "open-to-others": _("others may read the key in {path}: chmod 600 {path}"),
        "no-keys": _(
            "{path} holds no key: it has one line, or two while one is replaced, of 64 hexadecimal"
            " digits each, as openssl rand -hex 32 makes them"
        ),
        "unreadable": _("{path} cannot be read: {detail}"),
    }
    return sentences[error.code].format(path=error.path, detail=error.detail)
