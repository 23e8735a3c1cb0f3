"""The JSON file of results, and the machine they hold for."""

import datetime
import json
import os
import platform
import subprocess
from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any


def machine() -> dict[str, str | int]:
    """Return what the figures depend on and cannot be read off them."""
    return {
        "when": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "processor": _processor(),
        "cores": os.cpu_count() or 0,
        "kernel": platform.release(),
        "python": platform.python_version(),
        "twisted": version("twisted"),
        "commit": _commit(),
    }


def provenance() -> str:
    """Return one line, in Markdown, on when and on what machine figures were measured."""
    here = machine()
    return (
        f"*{here['when']}, commit {here['commit']}: {here['cores']} cores of {here['processor']}, "
        f"Linux {here['kernel']}, Python {here['python']}, Twisted {here['twisted']}.*"
    )


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _commit() -> str:
    command = ["git", "rev-parse", "--short", "HEAD"]
    here = Path(__file__).parent
    found = subprocess.run(command, cwd=here, capture_output=True, text=True, check=False)
    return found.stdout.strip()


def save(path: Path, results: Mapping[str, Any]) -> None:
    """Write results, with the machine they were measured on."""
    text = json.dumps({"machine": machine(), **results}, indent=1, default=_plain)
    path.write_text(text + "\n")


def _plain(value: object) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    raise TypeError(f"{value!r} has no place in a JSON file")
