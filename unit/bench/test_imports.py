"""The measurement of imports does every step, and judges what it measured."""

import csv
from pathlib import Path

import pytest

from bench.consoles import OURS
from bench.imports import files, others, ours, report, steps
from bench.imports.consoles import DJANGO, DJANGO_IN_BULK, SQLADMIN
from bench.imports.steps import Figures

ROWS = 100
STEPS = [
    steps.UPLOAD,
    steps.CHECK,
    steps.IMPORT,
    steps.AGAIN,
    steps.UNDO_IMPORT,
    steps.CHECK_CHANGES,
    steps.CHANGES,
    steps.UNDO_CHANGES,
]


def test_each_step_of_an_import_is_made_and_timed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(others, "QUIET_SECONDS", 0.2)
    found = ours.measure(f"sqlite:///{tmp_path / 'imports.sqlite3'}", ROWS, tmp_path)
    assert [*found.seconds] == STEPS
    assert all(found.rate(step) > 0 for step in STEPS)
    assert [*found.waits] == [
        "list, quiet",
        "list, during an import",
        "edit, quiet",
        "edit, during an import",
    ]
    assert all(milliseconds > 0 for milliseconds in found.waits.values())


def test_changes_are_of_the_products_that_were_created(tmp_path: Path) -> None:
    created = table(files.write(tmp_path / "created.csv", 20))
    changed = table(files.write(tmp_path / "changed.csv", 20, changed=True))
    assert [row["sku"] for row in created] == [row["sku"] for row in changed]
    assert all(old["price"] != new["price"] for old, new in zip(created, changed, strict=True))
    assert all(old["name"] == new["name"] for old, new in zip(created, changed, strict=True))


def test_ours_is_compared_with_the_faster_mode_of_a_peer() -> None:
    found = {OURS: figures(100), DJANGO: figures(5), DJANGO_IN_BULK: figures(10), SQLADMIN: figures(20)}
    words = {bar.name: (bar.value, bar.is_met) for bar in report.bars(found, "SQLite")}
    assert words["import / faster mode of django-import-export"] == (10, True)
    assert words["import / SQLAdmin"] == (5, False)
    assert words["undo of changes / import of changes"] == (1, True)
    assert "import / starlette-admin" not in words


def test_table_names_each_step_with_its_rows_a_second() -> None:
    lines = report.text({OURS: figures(1_500)}, "PostgreSQL").splitlines()
    assert [line.split()[-1] for line in lines[1 : 1 + len(STEPS)]] == ["1,500"] * len(STEPS)


def figures(rate: int) -> Figures:
    return Figures(rate, dict.fromkeys(STEPS, 1.0), dict.fromkeys(STEPS, 0.5), 100.0)


def table(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return [*csv.DictReader(file)]
