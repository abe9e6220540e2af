"""`python -m bench`: build every console over the same products, ask them in turn, print the figures."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from bench import ours, report, start, stock
from bench.catalogue import products
from bench.measure import Console, measure
from bench.pages import OPERATIONS, PAGE_SIZE


def main() -> None:
    """Read the options, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000, help="products in the catalogue")
    parser.add_argument("--rounds", type=int, default=40, help="how often each page is asked for")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        compare(Path(folder), options.rows, options.rounds)
        print_starts(Path(folder) / "start")


def compare(folder: Path, rows: int, rounds: int) -> None:
    """Measure the list pages of every console over `rows` products and print the table."""
    print(f"{rows:,} products, {PAGE_SIZE} a page, {rounds} rounds, medians in ms\n", flush=True)
    results = measure(consoles(folder, rows), OPERATIONS, rounds)
    print(report.table(results))
    for page in report.disagreements(results):
        print(f"{page}: the consoles show different products")
    print(f"\n{report.verdict(results)}")


def consoles(folder: Path, rows: int) -> list[Console]:
    """Build each console over its own new SQLite file with the same rows."""
    return [
        stock.build(f"sqlite:///{folder / 'stock.sqlite3'}", products(rows)),
        *ours.build(f"sqlite:///{folder / 'ours.sqlite3'}", products(rows), folder),
    ]


def print_starts(instance: Path) -> None:
    """Print how long the server takes to its first answer: with everything to set up, and later."""
    first, later = start.seconds_to_first_answer(instance), start.seconds_to_first_answer(instance)
    print(f"start to first answer: {first:.2f} s on a new instance, {later:.2f} s after that")


if __name__ == "__main__":
    main()
