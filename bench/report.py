"""Turns figures into the table that is printed, and says whether the bar is met."""

from __future__ import annotations

from collections.abc import Sequence

from bench.measure import Results

BASELINE = "stock"
SUBJECT = "ours"
BAR = 0.40
"""The share of the stock console's time that our list may take."""


def table(results: Results) -> str:
    """Lay out medians in ms, ratios to the baseline, queries and kilobytes, a line for each page."""
    names = list(next(iter(results.values())))
    header = ["page", *(column for name in names for column in _headings(name))]
    return _aligned([header, *([operation, *_cells(results, operation)] for operation in results)])


def disagreements(results: Results) -> list[str]:
    """Name the pages on which two consoles show different products, or in a different order."""
    return [page for page, figures in results.items() if len({found.skus for found in figures.values()}) > 1]


def verdict(results: Results) -> str:
    """Say whether the list is within the bar; empty when one of the two was not measured."""
    figures = results["list"]
    if not {BASELINE, SUBJECT} <= figures.keys():
        return ""
    ratio = figures[SUBJECT].milliseconds / figures[BASELINE].milliseconds
    return f"list: {ratio:.2f} x {BASELINE}, bar {BAR:.2f}: {'met' if ratio <= BAR else 'MISSED'}"


def _headings(name: str) -> list[str]:
    ratio = [] if name == BASELINE else [f"/{BASELINE}"]
    return [f"{name} ms", *ratio, "queries", "KB"]


def _cells(results: Results, operation: str) -> list[str]:
    figures = results[operation]
    cells = []
    for name, found in figures.items():
        cells.append(f"{found.milliseconds:.2f}")
        if name != BASELINE:
            known = BASELINE in figures
            cells.append(f"{found.milliseconds / figures[BASELINE].milliseconds:.2f}" if known else "-")
        cells += [str(found.queries), f"{found.size / 1024:.0f}"]
    return cells


def _aligned(lines: Sequence[Sequence[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join([line[0].ljust(widths[0]), *map(str.rjust, line[1:], widths[1:])]) for line in lines
    )
