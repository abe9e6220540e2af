"""`python -m bench.imports`: imports of ours and of other consoles, on each database; prints ratios."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from bench.consoles import OURS
from bench.databases import Databases, opened
from bench.imports import consoles, report
from bench.imports.steps import Figures
from bench.report import machine

PEER_ROWS = 10_000


def main() -> None:
    """Read the options, measure, print; the exit status is 0 whatever the bars say."""
    options = read_options()
    print(machine(), flush=True)
    with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as folder:
        for kind in options.databases:
            with opened(kind, Path(folder)) as databases:
                print(f"\n{databases.version()}", flush=True)
                found = measured(databases, options, Path(folder))
                print(f"\n{report.text(found, databases.name)}", flush=True)


def read_options() -> argparse.Namespace:
    """The options of the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.imports", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="rows that ours imports")
    parser.add_argument("--peer-rows", type=int, default=PEER_ROWS, help="rows that the others import")
    kinds = ["sqlite", "postgresql"]
    parser.add_argument("--databases", nargs="+", default=kinds, choices=kinds)
    return parser.parse_args()


def measured(databases: Databases, options: argparse.Namespace, folder: Path) -> dict[str, Figures]:
    """The figures of each console; one that cannot be measured is left out with a line that says so."""
    rows = {OURS: options.rows, **dict.fromkeys(consoles.PEERS, options.peer_rows)}
    found = {}
    for number, (name, count) in enumerate(rows.items()):
        database = f"bench_imports_{number}"
        its = folder / f"{databases.name}-{number}"
        its.mkdir()
        try:
            found[name] = consoles.run(name, databases.url(database), count, its)
        except RuntimeError as error:
            if name == OURS:
                raise
            print(f"left out: {error}", flush=True)
        finally:
            databases.drop(database)
    return found


if __name__ == "__main__":
    main()
