"""`python -m bench.tasks`: ten tasks of a day in a browser, each in a console of its own; prints a table."""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, sync_playwright

from bench.tasks import many, prices, report, single
from bench.tasks.desk import Desk, desk
from bench.tasks.person import Effort
from dashboard.testing.harness.browser import find_or_install, flags

TASKS: dict[str, Callable[[Desk], None]] = {
    report.BY_HAND: prices.by_hand,
    "40 prices by paste": prices.by_paste,
    "export low stock": single.export_low_stock,
    "undo a price of last week": prices.undo_one,
    "archive 30 across pages": many.archive_across_pages,
    "fix a typo in 30 names": many.mend_names,
    "duplicate and change a product": single.duplicate,
    "find a product on the phone": single.find_on_the_phone,
    "move 20 products, delete their category": many.delete_a_category,
    "restore one from the trash": single.restore_one,
}


def main(arguments: list[str]) -> int:
    """Do the tasks and print what they took; 0 whatever the bars say."""
    parser = argparse.ArgumentParser(prog="python -m bench.tasks", description=__doc__)
    parser.add_argument("--only", default="", help="tasks with this text in their name")
    parser.add_argument("--keep", type=Path, metavar="FILE", help="write the figures to a file")
    options = parser.parse_args(arguments)
    with launched() as browser:
        found = {name: effort_of(do, browser) for name, do in TASKS.items() if options.only in name}
    if options.keep:
        report.keep(found, date_of_commit(), options.keep)
    print(report.text(found, report.read()))
    return 0


@contextmanager
def launched() -> Iterator[Browser]:
    """A browser that is found or installed as the browser suite does it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(args=flags(), executable_path=find_or_install().executable)
        yield browser
        browser.close()


def effort_of(do: Callable[[Desk], None], browser: Browser) -> Effort:
    """Do a task over a database of its own, and return what it took."""
    with TemporaryDirectory(prefix="bench-") as folder, desk(Path(folder), browser) as place:
        do(place)
        if place.person is None:
            raise RuntimeError("nobody did anything")
        place.person.page.wait_for_load_state()
        return place.person.effort


def date_of_commit() -> str:
    """The day of the last commit, which the figures are of."""
    return subprocess.check_output(["git", "log", "-1", "--format=%cs"], text=True).strip()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
