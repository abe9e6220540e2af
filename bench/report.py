"""Turns the figures of a run into what is printed."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from bench.bars import bars, fastest
from bench.consoles import MODULES, OURS, title
from bench.measure import Place, complaints
from bench.pages import LIST, OPERATIONS, PAGE_SIZE
from bench.run import Run

WORKER = ("list KB", "requests/s", "gzip", "MB at most", "MB now")
KIB, GIB = 1024, 1024**3


def machine() -> str:
    """The day and the size of the machine."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / GIB
    day = datetime.now(UTC)
    return (
        f"{day:%Y-%m-%d %H:%M} UTC, {os.cpu_count()} cores, {memory:.0f} GiB, {platform.machine()},"
        f" Python {platform.python_version()}"
    )


def text(run: Run) -> str:
    """The table of pages, the smaller tables, the complaints and the bars."""
    parts = [
        f"{run.version}, {PAGE_SIZE} rows a page, one warm worker, medians in ms",
        aligned([["products", "console", *OPERATIONS], *page_lines(run)]),
        aligned([["products", "worker", *WORKER], *worker_lines(run)]),
        aligned([["export", "rows", "rows/s", "MB above idle"], *export_lines(run)]),
        aligned([["write, ms", "complete", "bare", "ratio"], *write_lines(run)]),
        "\n".join(complaints(run.results)),
        "\n".join(map(str, bars(run))),
    ]
    return "\n\n".join(part for part in parts if part)


def page_lines(run: Run) -> Iterator[list[str]]:
    """Medians of every console over every catalogue, each catalogue with the share of ours."""
    for count in run.sizes:
        for name in MODULES if run.has_peers(count) else [OURS]:
            pages = run.results[Place(count, name)]
            yield [f"{count:,}", title(name), *(f"{pages[page].milliseconds:.1f}" for page in OPERATIONS)]
        ours = run.results[Place(count, OURS)]
        if run.has_peers(count):
            shares = (fastest(run, count, page) / ours[page].milliseconds for page in OPERATIONS)
            yield [f"{count:,}", "fastest peer / ours", *(f"{share:.1f}" for share in shares)]
    for count in run.sizes[1:]:
        small, large = (run.results[Place(size, OURS)] for size in (run.sizes[0], count))
        ratios = (large[page].milliseconds / small[page].milliseconds for page in OPERATIONS)
        yield [f"{count:,}", f"ours / at {run.sizes[0]:,}", *(f"{ratio:.2f}" for ratio in ratios)]


def worker_lines(run: Run) -> Iterator[list[str]]:
    """The lines that a worker reads and writes."""
    for place, memory in run.memory.items():
        size = run.results[place][LIST].size / KIB
        speed = [f"{rates[place]:.0f}" if place in rates else "" for rates in (run.rates, run.compressed)]
        megabytes = [f"{memory[key]:.0f}" for key in ("peak", "now")]
        yield [f"{place.count:,}", title(place.name), f"{size:.0f}", *speed, *megabytes]


def export_lines(run: Run) -> Iterator[list[str]]:
    """Describe the exports; stock's is cut at a limit, because it holds every row in memory."""
    for place, export in run.exports.items():
        rate = export["rows"] / export["seconds"]
        yield [title(place.name), f"{export['rows']:,}", f"{rate:,.0f}", f"{export['growth']:.0f}"]


def write_lines(run: Run) -> Iterator[list[str]]:
    """Describe the times of our changes."""
    for kind, (complete, bare) in run.writes.items():
        yield [kind, f"{complete * 1000:.2f}", f"{bare * 1000:.2f}", f"{complete / bare:.2f}"]


def aligned(lines: Sequence[Sequence[str]]) -> str:
    """Columns side by side: two of words, the others of numbers."""
    if len(lines) < 2:
        return ""
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if place < 2 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )
