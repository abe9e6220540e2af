"""`python -m bench.sweep`: 336 lists of our own console, by every order, search and filters, one by one.

Asks a catalogue that `python -m bench --folder` left in its folder. With ``--beside`` it asks the console of
another checkout as well, in turn, and tells the ratio of each address.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter, process_time
from typing import Any

from bench.consoles import OUR_PYTHON, OURS, PROJECT
from bench.databases import opened
from bench.run import database_name, load

COLUMNS = ("name", "sku", "category", "price", "stock", "status", "created", "changed")
ORDERS = tuple(sign + column for column in COLUMNS for sign in ("", "-"))
NARROWED = (
    "",
    "q=lamp",
    "q=oak+lamp",
    "q=la",
    "q=small+oak+lamp",
    "q=LMP-00345",
    "q=zyxwv",
    "status=draft",
    "status=archived",
    "status=active",
    "status=draft&category=3",
    "category=2",
    "price_max=20",
    "price_min=100&price_max=101",
    "stock=low",
    "created_from=2025-12-01",
    "q=lamp&status=draft",
    "q=lamp&price_max=20",
    "status=active&stock=out&price_min=500",
    "category=4&price_max=30&created_from=2025-06-01",
    "q=oak&status=archived&category=5&stock=in",
)
PAGES = ("", "before=end", "page=150")


def addresses() -> Iterator[str]:
    """Every order of every list, on its first, its last or a later page in turn."""
    for place, narrowed in enumerate(NARROWED):
        for number, order in enumerate(ORDERS):
            page = PAGES[(place + number) % len(PAGES)]
            yield "/admin/products/?" + "&".join(filter(None, ("size=50", narrowed, f"sort={order}", page)))


class Asked:
    """The console of a checkout, in a process of its own."""

    def __init__(self, project: Path, database_url: str, count: int) -> None:
        command = [str(OUR_PYTHON), str(Path(__file__)), "--answer", database_url, str(count)]
        self.process = subprocess.Popen(
            command,
            cwd=project,
            env={"PYTHONPATH": str(project), "PATH": ""},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.read()  # ready: SQLite lets one at a time make its account

    def read(self) -> Any:
        """Return its next line; raises RuntimeError where it ended instead."""
        assert self.process.stdout
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.process.args!r} ended")
        return json.loads(line)

    def seconds(self, address: str) -> float:
        """How long an answer takes; raises RuntimeError where it is no page."""
        assert self.process.stdin
        print(address, file=self.process.stdin, flush=True)
        status, seconds = self.read()
        if status != 200:
            raise RuntimeError(f"{address} answered {status}")
        return float(seconds)

    def close(self) -> None:
        """End it."""
        with suppress(BrokenPipeError):
            self.process.communicate()


def answer(database_url: str, count: int) -> None:
    """Time the addresses that are read from the input."""
    from bench.ours import build

    console = build(database_url, count)
    # SQLite works within this process, whose own time tells nothing of how busy the machine is.
    clock = process_time if database_url.startswith("sqlite") else perf_counter
    print(json.dumps("ready"), flush=True)
    for line in sys.stdin:
        request = console.prepare(line.strip(), console.headers)
        begun = clock()
        status, _body = console.answer(request)
        print(json.dumps([status, clock() - begun]), flush=True)


def measure(asked: Sequence[Asked], rounds: int) -> dict[str, list[float]]:
    """The milliseconds of the fastest answer of each, by address."""
    found = {}
    for number, address in enumerate(addresses()):
        if number % len(ORDERS) == 0:
            print(f"... {number} of {len(NARROWED) * len(ORDERS)} addresses", file=sys.stderr, flush=True)
        for each in asked:
            each.seconds(address)  # untimed: the first to ask reads from the disk for all
        turns = [[each.seconds(address) for each in asked] for _ in range(rounds)]
        found[address] = [1000 * min(times) for times in zip(*turns, strict=True)]
    return found


def report(found: dict[str, list[float]]) -> Iterator[str]:
    """The spread of the times, and of the ratios to the other checkout with the addresses that lose most."""
    for times in zip(*found.values(), strict=True):
        tenths = quantiles(times, n=10)
        yield (
            f"{len(times)} addresses: median {median(times):.1f} ms, nine of ten up to {tenths[8]:.1f} ms, "
            f"slowest {max(times):.1f} ms, together {sum(times):.0f} ms"
        )
    if not all(len(times) == 2 for times in found.values()):
        return
    ratios = {address: ours / other for address, (ours, other) in found.items()}
    tenths = quantiles(ratios.values(), n=10)
    ordered = sorted((ratio, address) for address, ratio in ratios.items())
    slower, faster = (sum(test(ratio) for ratio in ratios.values()) for test in (is_slower, is_faster))
    yield f"ratio: median {median(ratios.values()):.2f}, tenths {tenths[0]:.2f} to {tenths[8]:.2f}"
    yield f"slower by more than a fifth: {slower}, faster by as much: {faster}; the ends:"
    for ratio, address in [*ordered[:-16:-1], *ordered[7::-1]]:
        yield f"  {ratio:.2f}  {' / '.join(f'{each:.1f}' for each in found[address])} ms  {address}"


def is_slower(ratio: float) -> bool:
    """Whether ours takes more than a fifth longer."""
    return ratio > 1.2


def is_faster(ratio: float) -> bool:
    """Whether the other takes more than a fifth longer."""
    return ratio < 1 / 1.2


def main() -> None:
    """Read the options, ask, print."""
    parser = argparse.ArgumentParser(prog="python -m bench.sweep", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="products in the catalogue")
    parser.add_argument("--rounds", type=int, default=5, help="how often each is asked; the fastest counts")
    parser.add_argument("--databases", nargs="+", default=["sqlite", "postgresql"])
    parser.add_argument("--folder", type=Path, required=True, help="the folder of the catalogues")
    parser.add_argument("--beside", type=Path, help="another checkout, asked in turn")
    parser.add_argument("--answer", nargs=2, help=argparse.SUPPRESS)
    if "--answer" in sys.argv:
        answer(sys.argv[-2], int(sys.argv[-1]))
        return
    options = parser.parse_args()
    for kind in options.databases:
        with opened(kind, options.folder.absolute()) as databases:
            database_url = databases.url(database_name(OURS, options.rows))
            load({OURS: database_url}, options.rows)
            projects = [PROJECT, *([options.beside.absolute()] if options.beside else [])]
            asked = [Asked(project, database_url, options.rows) for project in projects]
            print(databases.version(), flush=True)
            for line in report(measure(asked, options.rounds)):
                print(line, flush=True)
            for each in asked:
                each.close()


if __name__ == "__main__":
    main()
