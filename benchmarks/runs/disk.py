"""What this machine's disk asks for one durable write."""

import os
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.runs.processes import SERVER_CORE, on_core

PAGE = 4096


def folder() -> str:
    """Return where the servers under test work: ``BENCH_DISK``, or the temporary folder.

    It has to be on a disk: in memory an fsync costs nothing and the figures say nothing.
    """
    return os.environ.get("BENCH_DISK", tempfile.gettempdir())


def bare_fsync_us(times: int = 200) -> float:
    """Return the median time of appending one page to a file and waiting for fdatasync, in µs.

    It is asked on the server's core. A disk interrupts one core, and who waits on another is woken
    later: to write over a page that is there took 102 µs on the generator's, which had the
    interrupts, where it took 163 on the server's.
    """
    samples = []
    with on_core(SERVER_CORE), tempfile.TemporaryFile(dir=folder(), buffering=0) as file:
        for _ in range(times):
            start = time.perf_counter()
            file.write(b"x" * PAGE)
            os.fdatasync(file.fileno())
            samples.append(time.perf_counter() - start)
    return statistics.median(samples) * 1e6


@contextmanager
def watched_disk(every: float = 0.05) -> Iterator[list[float]]:
    """Write one page again and again meanwhile; gives a list that fills with the milliseconds that
    each fdatasync took.

    The page is always the same, which is there already: so it waits for the disk, and puts nothing
    into the file system's journal for others to wait for.
    """
    taken: list[float] = []
    done = threading.Event()

    def watch() -> None:
        while not done.wait(every):
            start = time.perf_counter()
            os.pwrite(file.fileno(), b"x" * PAGE, 0)
            os.fdatasync(file.fileno())
            taken.append((time.perf_counter() - start) * 1000)

    with tempfile.TemporaryFile(dir=folder(), buffering=0) as file:
        file.write(b"x" * PAGE)
        os.fsync(file.fileno())
        watcher = threading.Thread(target=watch, daemon=True)
        watcher.start()
        try:
            yield taken
        finally:
            done.set()
            watcher.join()
