"""What this machine's disk asks for one durable write."""

import os
import statistics
import tempfile
import time

PAGE = 4096


def folder() -> str:
    """Return where the servers under test work: ``BENCH_DISK``, or the temporary folder.

    It has to be on a disk: in memory an fsync costs nothing and the figures say nothing.
    """
    return os.environ.get("BENCH_DISK", tempfile.gettempdir())


def bare_fsync_us(times: int = 200) -> float:
    """Return the median time of appending one page to a file and waiting for fdatasync, in µs."""
    samples = []
    with tempfile.TemporaryFile(dir=folder(), buffering=0) as file:
        for _ in range(times):
            start = time.perf_counter()
            file.write(b"x" * PAGE)
            os.fdatasync(file.fileno())
            samples.append(time.perf_counter() - start)
    return statistics.median(samples) * 1e6
