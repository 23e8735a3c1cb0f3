"""Start the engine of a cluster on this machine, to try it: three members of etcd, on loopback.

    python -m scripts.engine [FOLDER [PORT]]

They listen from PORT (23790) on. They keep what they are given in the folder (``huddle-engine``
where it is called) and go on with it the next time; ^C ends them. It needs Debian's `etcd-server`.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.cluster.real_etcd import DEFAULT_TIMING, Etcd
from tests.needs import PACKAGES, found

PORT = 23790
"""Of the first member for clients; its next is between members, and so on for the others."""


def main(arguments: Sequence[str] = ()) -> None:
    """Start them, say how they are used, and end them at ^C."""
    if found("etcd") is None:
        sys.exit(f"etcd is not installed (apt install {PACKAGES['etcd']})")
    folder = Path(arguments[0] if arguments else "huddle-engine")
    port = int(arguments[1]) if len(arguments) > 1 else PORT
    engine = Etcd(folder.absolute(), *DEFAULT_TIMING)
    for place, member in enumerate(engine.members):
        member.client, member.peer = port + 2 * place, port + 2 * place + 1
    try:
        engine.start()
        print(f"etcd://{','.join(engine.endpoints)}/school")
        print(f"what they say is in {folder}/member*.log; ^C ends them", flush=True)
        signal.sigwait({signal.SIGINT, signal.SIGTERM})
    finally:
        engine.end()


if __name__ == "__main__":
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    main(sys.argv[1:])
