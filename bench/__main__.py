"""`python -m bench`: every console over the same products, asked in turn; prints tables and bars."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench import report, start
from bench.databases import opened
from bench.run import SMALL, run


def main() -> None:
    """Read the options, measure, print; the exit status is 0 whatever the bars say."""
    options = read_options(sys.argv[1:])
    counts = sorted({SMALL, *options.rows})
    print(report.machine(), flush=True)
    with working_folder(options.folder) as folder:
        for kind in options.databases:
            with opened(kind, folder) as databases:
                print(
                    f"\n{report.text(run(databases, counts, options.rounds, options.peers_up_to))}",
                    flush=True,
                )
        print_starts()


def read_options(arguments: list[str]) -> argparse.Namespace:
    """The options of the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "--rows", type=int, nargs="+", default=[SMALL, 1_000_000], help="products in the catalogues"
    )
    parser.add_argument("--rounds", type=int, default=15, help="how often each page is asked for")
    parser.add_argument(
        "--databases", nargs="+", default=["sqlite", "postgresql"], choices=["sqlite", "postgresql"]
    )
    parser.add_argument(
        "--peers-up-to", type=int, default=sys.maxsize, metavar="ROWS", help="ask ours alone beyond so many"
    )
    parser.add_argument("--folder", type=Path, help="keep the catalogues here and use those that are here")
    return parser.parse_args(arguments)


@contextmanager
def working_folder(kept: Path | None) -> Iterator[Path]:
    """The folder of the databases: the one that is to be kept, else one that is removed at the end."""
    if kept:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept.absolute()
    else:
        with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as folder:
            yield Path(folder)


def print_starts() -> None:
    """Print how long the server takes to its first answer: with everything to set up, and later."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        first, later = (start.seconds_to_first_answer(Path(folder) / "start") for _ in range(2))
    print(f"\nstart to first answer: {first:.2f} s on a new instance, {later:.2f} s after that")


if __name__ == "__main__":
    main()
