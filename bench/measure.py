"""Asks consoles for pages in turn, each in a process of its own, and keeps what each answer took."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from bench.consoles import PROJECT, python
from bench.pages import MIDDLE, NOTHING, ONE, OPERATIONS, PAGE_SIZE

PATIENCE_SECONDS = 60
LONG_ENOUGH_SECONDS = 4.0
FEWEST_ROUNDS = 3
"""A page that took 4 seconds in all is asked for no more, but every one is asked for 3 times."""


@dataclass(frozen=True)
class Place:
    """A console over so many products."""

    count: int
    name: str


@dataclass
class Figures:
    """The measurement of one operation in one place: seconds of each answer, and the page it gave."""

    size: int
    skus: tuple[str, ...]
    complaint: str = ""
    seconds: list[float] = field(default_factory=list)

    @property
    def milliseconds(self) -> float:
        """The median time of an answer."""
        return median(self.seconds) * 1000

    def is_enough(self, rounds: int) -> bool:
        """Whether a slow page was asked for often enough before the last round."""
        return rounds >= FEWEST_ROUNDS and sum(self.seconds) > LONG_ENOUGH_SECONDS


Results = dict[Place, dict[str, Figures]]
"""Figures by place, then by operation."""


class Worker:
    """A console in a process of its own (`bench.worker`)."""

    def __init__(self, place: Place, database_url: str) -> None:
        self.place = place
        self.process = subprocess.Popen(
            [python(place.name), "-m", "bench.worker", place.name, database_url, str(place.count)],
            cwd=PROJECT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def do(self, task: str, **arguments: Any) -> Any:
        """Let it carry out a task; raises RuntimeError where it ends instead."""
        assert self.process.stdin
        assert self.process.stdout
        with suppress(BrokenPipeError):  # it says why on the way out
            print(json.dumps({"do": task, **arguments}), file=self.process.stdin, flush=True)
        answer = self.process.stdout.readline()
        if not answer:
            raise RuntimeError(f"{self.place.name} over {self.place.count:,} products ended at: {task}")
        return json.loads(answer)

    def close(self) -> None:
        """End it, as it does by itself where nobody tells it anything any more."""
        try:
            self.process.communicate(timeout=PATIENCE_SECONDS)
        finally:
            self.process.kill()


@contextmanager
def working(places: Mapping[Place, str]) -> Iterator[list[Worker]]:
    """Processes for consoles over the databases at the addresses."""
    with ExitStack() as stack:
        workers = []
        for place, database_url in places.items():
            workers.append(Worker(place, database_url))
            stack.callback(workers[-1].close)
        yield workers


def measure(workers: list[Worker], rounds: int) -> Results:
    """Time every operation everywhere, taking turns within each round so that all see the same machine."""
    results = {w.place: {page: first_look(w, page) for page in OPERATIONS} for w in workers}
    for number in range(rounds):
        for page in OPERATIONS:
            for worker in turned(workers, number):
                figures = results[worker.place][page]
                if not figures.is_enough(number):
                    figures.seconds += worker.do("burst", page=page)
    return results


def first_look(worker: Worker, page: str) -> Figures:
    """Ask untimed, which warms everything up, and see whether the answer is what was asked for."""
    seen = worker.do("look", page=page)
    expected = {ONE: 1, NOTHING: 0}.get(page, PAGE_SIZE)
    shown = len(seen["skus"])
    wrong = seen["status"] != 200 or shown != expected
    complaint = f"answered {seen['status']} with {shown} products, not {expected}" if wrong else ""
    return Figures(seen["size"], tuple(seen["skus"]), complaint)


def complaints(results: Results) -> Iterator[str]:
    """Say where a page is not what was asked for, and where two consoles show different products."""
    for place, pages in results.items():
        for page, figures in pages.items():
            if figures.complaint:
                yield f"{place.name}, {place.count:,}: {page} {figures.complaint}"
    for count in dict.fromkeys(place.count for place in results):
        for page in OPERATIONS:
            shown = {pages[page].skus for place, pages in results.items() if place.count == count}
            if len(shown) > 1:
                why = " (ours goes about there)" if page == MIDDLE else ""
                yield f"{count:,}: the consoles show different products: {page}{why}"


def rates(
    workers: Iterable[Worker], seconds: float, turns: int, *, compressed: bool = False
) -> dict[Place, float]:
    """Answers to the list per second: the median of some turns of so many seconds each."""
    found: dict[Place, list[float]] = {}
    workers = list(workers)
    for number in range(turns):
        for worker in turned(workers, number):
            rate = worker.do("rate", seconds=seconds, compressed=compressed)
            found.setdefault(worker.place, []).append(rate)
    return {place: median(values) for place, values in found.items()}


def turned(workers: list[Worker], by: int) -> list[Worker]:
    """The workers in another order each time."""
    first = by % len(workers)
    return workers[first:] + workers[:first]
