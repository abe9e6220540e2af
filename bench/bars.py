"""The bars of a benchmark, and whether each holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bench.consoles import OURS, PEERS, STOCK
from bench.measure import Place
from bench.pages import LIST, OPERATIONS, PAGES, SEARCHES
from bench.run import SMALL, Run
from bench.writes import EDIT

MILLION = 1_000_000
GROWTH = {MILLION: 1.2, 10 * MILLION: 1.4}
"""How many times its own time over 10,000 products an operation may take, by the size of the catalogue."""
PAGE_SHARE, SEARCH_SHARE = 1 / 5, 1 / 20
"""The share of the fastest peer's time that an operation may take at a million products."""
SMALL_SHARE = 0.40
RATE = 4
MEMORY_MB = 150
EXPORT_RATE, EXPORT_MB = 3, 30
WRITE = 2
RECORDED = 1.5


@dataclass(frozen=True)
class Bar:
    """A figure and its limit, which is the least it may be where ``is_least``, else the most."""

    name: str
    value: float
    limit: float
    is_least: bool = False
    fault: str = ""

    @property
    def is_met(self) -> bool:
        """Whether the figure is on the right side of its limit, and measured on what was asked for."""
        return not self.fault and (self.value >= self.limit if self.is_least else self.value <= self.limit)

    def __str__(self) -> str:
        word = "at least" if self.is_least else "at most"
        verdict = "met" if self.is_met else f"MISSED {self.fault}".rstrip()
        return f"{self.name}: {self.value:.3g}, {word} {self.limit:.3g}: {verdict}"


def bars(run: Run) -> list[Bar]:
    """Every bar that can be judged with the catalogues of a run."""
    found = [*_small(run), *_rates(run)]
    for count in run.sizes:
        if count >= MILLION:
            found += [*_growth(run, count), *_peers(run, count), *_memory(run, count)]
    return [*found, *_export(run), *_writes(run)] if run.sizes[-1] >= MILLION else found


def fastest(run: Run, count: int, page: str) -> float:
    """The milliseconds of the fastest peer."""
    return min(run.results[Place(count, name)][page].milliseconds for name in PEERS)


def _small(run: Run) -> Iterator[Bar]:
    if SMALL in run.sizes:
        ours, stock = (run.results[Place(SMALL, name)][LIST].milliseconds for name in (OURS, STOCK))
        yield Bar(f"{LIST} at {SMALL:,} / stock Flask-Admin", ours / stock, SMALL_SHARE)


def _rates(run: Run) -> Iterator[Bar]:
    for count in filter(run.has_peers, run.sizes):
        ratio = run.rates[Place(count, OURS)] / run.rates[Place(count, STOCK)]
        yield Bar(f"requests per second at {count:,} / stock Flask-Admin", ratio, RATE, is_least=True)


def _growth(run: Run, count: int) -> Iterator[Bar]:
    limit = GROWTH[max(size for size in GROWTH if size <= count)]
    for page in OPERATIONS if SMALL in run.sizes else ():
        large, small = (run.results[Place(size, OURS)][page] for size in (count, SMALL))
        ratio = large.milliseconds / small.milliseconds
        yield Bar(f"{page} at {count:,} / at {SMALL:,}", ratio, limit, fault=large.complaint)


def _peers(run: Run, count: int) -> Iterator[Bar]:
    for page in OPERATIONS if run.has_peers(count) else ():
        ours = run.results[Place(count, OURS)][page]
        limit = {**dict.fromkeys(PAGES, PAGE_SHARE), **dict.fromkeys(SEARCHES, SEARCH_SHARE)}[page]
        ratio = ours.milliseconds / fastest(run, count, page)
        yield Bar(f"{page} at {count:,} / fastest peer", ratio, limit, fault=ours.complaint)


def _memory(run: Run, count: int) -> Iterator[Bar]:
    peak = run.memory[Place(count, OURS)]["peak"]
    yield Bar(f"memory of a worker at {count:,}, MB at most", peak, MEMORY_MB)


def _export(run: Run) -> Iterator[Bar]:
    exports = {place.name: export for place, export in run.exports.items()}
    ours, stock = exports[OURS], exports[STOCK]
    ratio = (ours["rows"] / ours["seconds"]) / (stock["rows"] / stock["seconds"])
    yield Bar("CSV rows per second / stock Flask-Admin", ratio, EXPORT_RATE, is_least=True)
    yield Bar("memory above idle during the export, MB", ours["growth"], EXPORT_MB)


def _writes(run: Run) -> Iterator[Bar]:
    for kind, (complete, bare) in run.writes.items():
        less, most = ("the history", RECORDED) if kind == EDIT else ("search and tallies", WRITE)
        yield Bar(f"{kind} / without {less}", complete / bare, most)
