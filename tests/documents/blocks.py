"""The documents, and the blocks of code in them; which of these cannot be run, and why."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path

from typing_extensions import override

ROOT = Path(__file__).parent.parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
SPANISH = ROOT / "docs" / "es"

_FENCED = re.compile(r"^( *)```(\S*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)

OWN = r"^(\.venv/bin/)?(pytest|ruff|mypy|python -m (benchmarks|tests|scripts)|python \.ci)"
"""How those begin that are for whoever works on Huddle."""

ELSEWHERE = {
    r"^huddle/\n  tap\.py": "the tree: tests/documents/test_contributing.py compares it",
    r"^S Welcome": "the protocol: tests/documents/test_protocol.py holds that talk",
    r"^python3 -m venv \.venv && \.venv/bin/pip install": ".ci/run runs it as it stands",
    r"^(etcd --name|\(umask 077|defaults\n|twistd -n huddle --port tcp:55123:interface=10\.)": (
        "of three machines: tests/long/test_cluster_document.py types it on three addresses"
    ),
    r"^export ETCDCTL_API=": "of an engine: tests/long/test_cluster_engine.py types it to one",
    r"^#!/bin/sh": "a bot: tests/client/programs/test_bots.py talks with it",
    r"^from twisted": "a bot: tests/client/programs/test_bots.py talks with it",
    r"^def test_who_shrugs": "of a command that there is not: whoever adds it has the test",
    OWN: "the tests and measurements themselves: test_contributing.py reads their command lines",
    r"^git pull|^\.venv/bin/pip install|^sudo (ufw|firewall-cmd) ": "it changes the machine",
    r"^python3 -m venv /opt/huddle": "it wants systemd: tests/real/test_as_a_service.py",
    r"^FROM ": "a container, of which tests/real/test_as_a_service.py has the process 1",
    r"^python -m huddle\.tools\.bundle": "it fetches from the Internet: tests/long/test_bundle.py",
}
"""What begins so is not run here, for this reason."""


@dataclass(frozen=True)
class Block:
    """One block: where it stands, what is said to be in it (``sh``, ``console``…), and that."""

    document: Path
    section: str
    line: int
    language: str
    text: str

    @property
    def reason(self) -> str | None:
        """Why it is not run here, if it is not."""
        found = (why for pattern, why in ELSEWHERE.items() if re.match(pattern, self.text))
        return next(found, None)

    @property
    def is_spanish(self) -> bool:
        return self.document.parent == SPANISH or self.document.name.endswith(".es.md")

    @override
    def __str__(self) -> str:
        return f"{self.document.relative_to(ROOT)}:{self.line}"


@cache
def blocks_of(document: Path) -> tuple[Block, ...]:
    """The blocks of a document, in order."""
    return tuple(_blocks(document, document.read_text("utf-8")))


def _blocks(document: Path, text: str) -> Iterator[Block]:
    for found in _FENCED.finditer(text):
        before = text[: found.start()]
        headings = re.findall(r"^#+ (.*)$", _FENCED.sub("", before), re.MULTILINE)
        code = re.sub(rf"^{found[1]}", "", found[3], flags=re.MULTILINE)
        section = headings[-1] if headings else ""
        yield Block(document, section, before.count("\n") + 1, found[2], code)


def sections() -> Iterator[tuple[Block, ...]]:
    """The blocks that are run, those of a section together: one builds on the one before."""
    for document in DOCUMENTS:
        for _, blocks in groupby(blocks_of(document), lambda block: block.section):
            runnable = tuple(block for block in blocks if block.reason is None)
            if runnable:
                yield runnable


def twin_of(document: Path) -> Path | None:
    """The English document that a Spanish one says the same as; None of an English one."""
    if document.parent == SPANISH:
        return ROOT / "docs" / document.name
    if document.name.endswith(".es.md"):
        return document.with_name(document.name.replace(".es.md", ".md"))
    return None


def without_comments(text: str) -> str:
    """The commands of a block: what they do, not what is said about them."""
    return re.sub(r"(^|\s+)#(?!!).*$", "", text, flags=re.MULTILINE)
