"""Turns what was measured of imports into tables and bars."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bench.bars import Bar
from bench.consoles import OURS
from bench.imports import steps
from bench.imports.consoles import DJANGO, DJANGO_IN_BULK, SQLADMIN, STARLETTE
from bench.imports.steps import DURING, LIST, QUIET, Figures
from bench.report import aligned

DJANGO_RATE, OTHERS_RATE = 8, 10
"""How many times the rows a second of other consoles ours should import."""
CHECK_RATE = 5
UNDO_RATE = 0.9
UNDO_IMPORT_RATE = {"SQLite": 0.6, "PostgreSQL": 1}
"""The least by the database: what moves into the trash leaves all indexes, which takes SQLite longer."""
MEMORY_MB = 200
LIST_GROWTH = 2

Found = Mapping[str, Figures]
"""Figures by the name of the console."""


def text(found: Found, database: str) -> str:
    """The tables, and the bars."""
    parts = [
        aligned([["console", "step", "rows", "seconds", "of processor", "rows/s"], *_step_lines(found)]),
        aligned([["console", "", "MB at most"], *_memory_lines(found)]),
        aligned([["another user, 19 of 20 below", "", "ms"], *_wait_lines(found[OURS])]),
        "\n".join(map(str, bars(found, database))),
    ]
    return "\n\n".join(part for part in parts if part)


def _step_lines(found: Found) -> Iterator[list[str]]:
    for name, figures in found.items():
        for step, seconds in figures.seconds.items():
            times = (f"{seconds:.2f}", f"{figures.busy[step]:.2f}", f"{figures.rate(step):,.0f}")
            yield [name, step, f"{figures.rows:,}", *times]


def _memory_lines(found: Found) -> Iterator[list[str]]:
    for name, figures in found.items():
        yield [name, "", f"{figures.megabytes:.0f}"]


def _wait_lines(figures: Figures) -> Iterator[list[str]]:
    for name, milliseconds in figures.waits.items():
        yield [name, "", f"{milliseconds:.0f}"]


def bars(found: Found, database: str) -> list[Bar]:
    """Every bar that can be judged with what was measured."""
    return [*_peers(found), *_own(found[OURS], database), *_waits(found[OURS])]


def _peers(found: Found) -> Iterator[Bar]:
    groups = (
        ("faster mode of django-import-export", (DJANGO, DJANGO_IN_BULK), DJANGO_RATE),
        (STARLETTE, (STARLETTE,), OTHERS_RATE),
        (SQLADMIN, (SQLADMIN,), OTHERS_RATE),
    )
    for step in (steps.IMPORT, steps.CHANGES):
        for words, names, limit in groups:
            rates = [
                found[each].rate(step) for each in names if each in found and step in found[each].seconds
            ]
            if rates:
                yield _at_least(f"{step} / {words}", found[OURS].rate(step) / max(rates), limit)


def _own(ours: Figures, database: str) -> Iterator[Bar]:
    for step, other, limit in (
        (steps.CHECK, steps.IMPORT, CHECK_RATE),
        (steps.CHECK_CHANGES, steps.CHANGES, CHECK_RATE),
        (steps.UNDO_CHANGES, steps.CHANGES, UNDO_RATE),
        (steps.UNDO_IMPORT, steps.IMPORT, UNDO_IMPORT_RATE[database]),
    ):
        yield _at_least(f"{step} / {other}", ours.rate(step) / ours.rate(other), limit)
    yield Bar("memory of the process, MB", ours.megabytes, MEMORY_MB)


def _waits(ours: Figures) -> Iterator[Bar]:
    if waits := ours.waits:
        ratio = waits[f"{LIST}, {DURING}"] / waits[f"{LIST}, {QUIET}"]
        yield Bar("list of another user during an import / quiet", ratio, LIST_GROWTH)
        yield Bar("requests of another user that found the database busy", ours.refused, 0)


def _at_least(name: str, value: float, limit: float) -> Bar:
    return Bar(name, value, limit, is_least=True)
