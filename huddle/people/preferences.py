"""How a person wants things shown: theirs, not their connection's, so it comes back with them."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class Preferences:
    """What was asked for by commands; None where nothing was, which is as it is usual.

    ``language`` is the name of one of ours, ``times`` and ``numbers`` are shown with each message,
    ``quiet``: who comes and goes is not told.
    """

    language: str | None = None
    times: bool | None = None
    numbers: bool | None = None
    quiet: bool | None = None

    def or_else(self, others: Preferences) -> Preferences:
        """These, and where nothing was asked for, the others."""
        return others if self is DEFAULTS else replace(others, **self._asked())

    def written(self) -> str:
        """The text by which the record keeps them; empty when nothing was asked for."""
        asked = self._asked()
        return json.dumps(asked) if asked else ""

    def _asked(self) -> dict[str, Any]:
        return {name: wish for name, wish in asdict(self).items() if wish is not None}


DEFAULTS = Preferences()
"""Nothing was asked for: one object for all those, who are nearly everybody."""


def preferences_written(text: str) -> Preferences:
    """What `Preferences.written` made this text of; what is unknown here is passed over."""
    if not text:
        return DEFAULTS
    kept = json.loads(text)
    return Preferences(**{each.name: kept.get(each.name) for each in fields(Preferences)})
