"""The table of the tasks, and the file that keeps the figures of a day to compare with."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import astuple, fields
from pathlib import Path

from bench.report import aligned
from bench.tasks.person import Effort

BEFORE = Path(__file__).parent / "before.csv"
COUNTED = [each.name for each in fields(Effort)]
HEAD = ["date", "task", *COUNTED]
MOST_ACTIONS, SHARE = 25, 0.5
BY_HAND = "40 prices by hand"
"""The task that may take more than `MOST_ACTIONS`: two for each price."""


def read(file: Path = BEFORE) -> dict[str, Effort]:
    """The figures of an earlier day, for each task."""
    with file.open(encoding="utf-8", newline="") as source:
        return {
            row["task"]: Effort(**{name: int(row[name]) for name in COUNTED})
            for row in csv.DictReader(source)
        }


def keep(efforts: Mapping[str, Effort], date: str, file: Path) -> None:
    """Keep the figures of a day in a file."""
    with file.open("w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target, lineterminator="\n")
        writer.writerow(HEAD)
        writer.writerows([date, task, *astuple(effort)] for task, effort in efforts.items())


def text(now: Mapping[str, Effort], before: Mapping[str, Effort]) -> str:
    """The table of figures now, with the actions and loads of before beside them, and the bars."""
    head = ["task", "", "clicks", "keys", "texts", "actions", "before", "loads", "before"]
    lines = [[task, "", *_line(effort, before.get(task))] for task, effort in now.items()]
    both = [task for task in now if task in before]
    sums = [sum(efforts[task].actions for task in both) for efforts in (now, before)]
    return "\n".join([aligned([head, *lines]), "", *_bars(now, *sums)])


def _line(now: Effort, before: Effort | None) -> list[str]:
    earlier = [str(before.actions), str(before.loads)] if before else ["", ""]
    counted = map(str, (now.clicks, now.keys, now.texts, now.actions))
    return [*counted, earlier[0], str(now.loads), earlier[1]]


def _bars(now: Mapping[str, Effort], sum_now: int, sum_before: int) -> Iterator[str]:
    if sum_before:
        share = sum_now / sum_before
        told = "met" if share <= SHARE else "missed"
        yield f"actions in sum: {sum_now}, before {sum_before}: {share:.2f}, at most {SHARE:.2f}: {told}"
    over = [task for task, effort in now.items() if effort.actions > MOST_ACTIONS and task != BY_HAND]
    yield f"more than {MOST_ACTIONS} actions: {', '.join(over) or 'no task'}"
