"""Our import, from the upload to its undo, and what another user notices of it."""

from __future__ import annotations

import secrets
from pathlib import Path

from bench import consoles
from bench.imports import files, steps
from bench.imports.importing import Importing
from bench.imports.others import Others
from bench.imports.steps import Figures
from bench.memory import forget_peak, megabytes
from dashboard.app import create_app
from dashboard.config import Settings
from dashboard.extensions import db
from dashboard.importing.fields import Does
from dashboard.sheets.limits import Limits

THERE = 1_000
"""Products that are there before, which others edit during an import."""
LARGEST = 999_999_999


def measure(database_url: str, rows: int, folder: Path) -> Figures:
    """Measure every step over an empty database; on SQLite also what another user notices.

    Undone products stay in the trash with their SKUs, so a second file creates those that are changed.

    Raises RuntimeError where a step does not do what it should.
    """
    consoles.start_filling(consoles.OURS, database_url, THERE).wait()  # what that needs is no memory of ours
    settings = Settings(
        secret_key=secrets.token_hex(32),
        database_url=database_url,
        instance=folder / "instance",
        import_limits=Limits(bytes=LARGEST, rows=10 * rows),
    )
    importing, found = Importing(create_app(settings)), Figures(rows)
    first = files.write(folder / "first.csv", rows)
    second = files.write(folder / "second.csv", rows, series="B")
    changed = files.write(folder / "changed.csv", rows, series="B", changed=True)
    forget_peak()
    _measure_creations(importing, found, first)
    if database_url.startswith("sqlite"):
        with Others(importing, settings, THERE) as others:
            found.waits = others.waits(second)
            found.refused = others.refused
    else:
        importing.run(second)
    _measure_changes(importing, found, changed)
    found.megabytes = megabytes()["peak"]
    with importing.app.app_context():
        db.engine.dispose()
    return found


def _measure_creations(importing: Importing, found: Figures, first: Path) -> None:
    with found.timed(steps.UPLOAD):
        number = importing.upload(first)
    _check(importing, found, number, steps.CHECK, Does.CREATE)
    created = _import(importing, found, number, steps.IMPORT)
    importing.expect_products(THERE + found.rows)
    _check(importing, found, importing.upload(first), steps.AGAIN, Does.NOTHING)
    _undo(importing, found, created, steps.UNDO_IMPORT)
    importing.expect_products(THERE)


def _measure_changes(importing: Importing, found: Figures, changed: Path) -> None:
    number = importing.upload(changed)
    _check(importing, found, number, steps.CHECK_CHANGES, Does.CHANGE)
    changes = _import(importing, found, number, steps.CHANGES)
    _undo(importing, found, changes, steps.UNDO_CHANGES)


def _check(importing: Importing, found: Figures, number: int, step: str, does: Does) -> None:
    importing.ask_for_check(number)
    with found.timed(step):
        importing.work(number)
    importing.expect_rows(number, does, found.rows)


def _import(importing: Importing, found: Figures, check: int, step: str) -> int:
    number = importing.ask(check)
    with found.timed(step):
        importing.work(number)
    return number


def _undo(importing: Importing, found: Figures, number: int, step: str) -> None:
    undo = importing.ask_for_undo(number)
    with found.timed(step):
        importing.work(undo)
