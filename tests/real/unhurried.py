"""A server that takes longer over its farewells than any test waits: what everybody is given at the
end is then no matter of how fast the machine is.

    python -m tests.real.unhurried -n huddle …
"""

from __future__ import annotations

import sys
from dataclasses import replace

from tests.patience import PATIENCE

UNHURRIED = (sys.executable, "-m", "tests.real.unhurried")
"""What stands in the place of ``twistd``."""

if __name__ == "__main__":
    from twisted.scripts.twistd import run

    from huddle.server import options

    vars(options)["_DEFAULTS"] = replace(options._DEFAULTS, stopping=2 * PATIENCE)
    run()
