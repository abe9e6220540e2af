"""A process of its own for one console, which does what it is told, a line of JSON at a time."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from time import perf_counter
from typing import Any

from bench import consoles
from bench.console import Console
from bench.memory import forget_peak, megabytes
from bench.pages import LIST

BURST_SECONDS = 0.25
SLOW_SECONDS = 0.1
GZIP = {"Accept-Encoding": "gzip"}


def main() -> None:
    """Build the console that the arguments name, then answer until the input ends."""
    name, database_url, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever is printed is no answer
    console = consoles.build(name, database_url, count)
    tasks: dict[str, Callable[..., Any]] = {
        "look": lambda page: look(console, page),
        "burst": lambda page: burst(console, page),
        "rate": lambda seconds, compressed: rate(console, seconds, compressed),
        "memory": megabytes,
        "export": lambda most: export(console, most),
        "forget": forget,
        "write": lambda kind, times, first: write(console, kind, times, first),
    }
    for line in sys.stdin:
        order = json.loads(line)
        print(json.dumps(tasks[order.pop("do")](**order)), file=answers, flush=True)


def look(console: Console, page: str) -> dict[str, Any]:
    """Return the content of a page after a first request, which does work that later ones do not."""
    console.get(console.paths[page])
    seen = console.look(page)
    return {"status": seen.status, "size": seen.size, "skus": seen.skus}


def burst(console: Console, page: str) -> list[float]:
    """Seconds of one answer where it is slow, else of those in a row after it, which warmed the processor up.

    They go on for a quarter of a second, for so long a shared machine may be busy with something else.
    """
    first = console.seconds(page)
    if first > SLOW_SECONDS:
        return [first]
    found, begun = [console.seconds(page)], perf_counter()
    while perf_counter() - begun < BURST_SECONDS:
        found.append(console.seconds(page))
    return found


def rate(console: Console, seconds: float, compressed: bool) -> float:
    """Answers to the list per second, one after the other, over at least `seconds`."""
    headers, begun, answers = GZIP if compressed else {}, perf_counter(), 0
    while perf_counter() - begun < seconds:
        console.seconds(LIST, headers)
        answers += 1
    return answers / (perf_counter() - begun)


def export(console: Console, most: int) -> dict[str, float]:
    """Download the CSV of all products, closing it after `most` rows; memory in MB beyond what is idle."""
    console.get(console.paths[LIST])
    forget_peak()
    idle, begun, lines = megabytes(), perf_counter(), 0
    for piece in console.stream(console.export):
        lines += piece.count(b"\n")
        if lines > most:
            break
    seconds = perf_counter() - begun
    return {"rows": lines - 1, "seconds": seconds, "growth": megabytes()["peak"] - idle["now"]}


def write(console: Console, kind: str, times: int, first: int) -> float:
    """Seconds that a change of ours took on average; see `bench.changes`."""
    from bench import changes

    return changes.seconds(console.application, kind, times, first)


def forget() -> None:
    """Write no history of the changes of ours from now on."""
    from bench import changes

    changes.forget()


if __name__ == "__main__":
    main()
