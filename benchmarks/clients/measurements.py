"""The measurements of the clients as the command line asks for them: options in, a report out."""

import argparse
from statistics import median

from benchmarks.clients import start
from benchmarks.clients.keys import measure_keys
from benchmarks.report import Report
from benchmarks.table import Table

START_HEAD = ("client", "CPU s to the prompt", "s to the prompt", "MiB then")
KEYS_HEAD = ("lines a second", "p50 ms", "p99 ms", "slowest ms", "share of a core")


OPENED_HEAD = ("painted, ms", "all there, ms", "from the nick to typing, ms", "requests", "KiB")
TYPED_HEAD = ("lines a second", "ms, median", "p95", "ms, most", "elements of the page")


def the_page(asked: argparse.Namespace) -> Report:
    """Measure how soon the page is there, what it loads, and keys below 10,000 messages."""
    from benchmarks.clients import page  # it needs a browser, as nothing else does

    opened, typed = page.measure_opening(asked.pairs), page.measure_typing([0, 200])
    shown = [
        (f"{each.paint:.0f}", f"{each.loaded:.0f}", f"{each.entered:.0f}", str(each.requests),
         f"{each.kib:.1f}")
        for each in opened
    ]  # fmt: skip
    keys = [
        (str(each.lines_per_second), f"{median(each.milliseconds):.1f}", f"{each.p95:.1f}",
         f"{max(each.milliseconds):.1f}", str(each.elements))
        for each in typed
    ]  # fmt: skip
    return Report(
        name="page",
        tables=[
            Table("The page over loopback, in a browser that is new to it", OPENED_HEAD, shown),
            Table(f"A key until it is drawn, below {page.MESSAGES:,} messages", TYPED_HEAD, keys),
        ],
        found={"opened": opened, "typed": typed},
        good=all(each.p95 <= page.GOAL for each in typed),
    )


def clients(asked: argparse.Namespace) -> Report:
    """Measure what huddle-client costs until one can type, beside irssi and weechat, and keys."""
    starts = start.measure(asked.pairs)
    started = [
        (each.client, f"{each.cpu:.3f}", f"{each.wall:.3f}", f"{each.memory_kib / 1024:.1f}")
        for each in start.medians(starts)
    ]
    pressed = [measure_keys(rate) for rate in (0, 1000, 5000)]
    shown = [
        (
            f"{keys.lines_per_second:,}",
            f"{median(keys.milliseconds):.1f}",
            f"{keys.p99:.1f}",
            f"{max(keys.milliseconds):.1f}",
            f"{keys.cpu:.0%}",
        )
        for keys in pressed
    ]
    title = f"Until one can type; medians of {asked.pairs} starts in turn"
    return Report(
        name="client",
        tables=[
            Table(title, START_HEAD, started),
            Table("A key until it is shown, while lines come", KEYS_HEAD, shown),
        ],
        found={"client": starts, "keys": pressed},
        good=True,
    )
