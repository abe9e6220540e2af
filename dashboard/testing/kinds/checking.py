"""All checks of all kinds, from one function that an author calls in a test."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from flask import Flask

from dashboard.testing.kinds.access import access_faults
from dashboard.testing.kinds.forms import form_faults
from dashboard.testing.kinds.kind import Kind, UnmadeError, Values, kinds_of
from dashboard.testing.kinds.queries import query_faults
from dashboard.testing.kinds.statements import statement_faults
from dashboard.testing.kinds.writing import conflict_faults, undo_faults

MOST_STATEMENTS = 12
Check = Callable[[Kind, str], Iterator[str]]


def check_kinds(
    app: Flask,
    *,
    values: Values | None = None,
    most_statements: int = MOST_STATEMENTS,
    only: Sequence[str] = (),
) -> None:
    """Check every kind of record with a `RecordView` in `app`, whose database has its tables.

    Checked are: each route for each role (``access``), query strings of every kind (``queries``), pages and
    forms without JavaScript (``forms``), two editors of one record (``conflict``), undo of creating, changing
    and deleting to the letter (``undo``), and the number of statements of each page (``statements``). `only`
    names some of them.

    Records are created by their own forms. Where the texts that are entered break a rule, `values` has better
    ones: ``{"shop_items": lambda number: {"name": f"Item {number}"}}``, by the endpoint of the kind. Raises
    AssertionError with a line for each fault, and ValueError for an unknown name in `only` or `values`.
    """
    checks = _chosen(most_statements, only)
    kinds = kinds_of(app, values or {})
    if unknown := {*(values or {})} - {kind.name for kind in kinds}:
        raise ValueError(f"There is no kind {min(unknown)}; there are {', '.join(k.name for k in kinds)}.")
    assert kinds, "The console has no screen that is a RecordView."
    faults = [f"{kind.name}: {fault}" for kind in kinds for fault in _faults(kind, checks)]
    assert not faults, "\n".join(["The kinds of records have faults:", *faults])


def _chosen(most_statements: int, only: Sequence[str]) -> list[Check]:
    checks: dict[str, Check] = {
        "access": access_faults,
        "queries": query_faults,
        "forms": form_faults,
        "conflict": conflict_faults,
        "undo": undo_faults,
        "statements": partial(statement_faults, most=most_statements),
    }
    if unknown := {*only} - checks.keys():
        raise ValueError(f"There is no check {min(unknown)}; there are {', '.join(checks)}.")
    return [check for name, check in checks.items() if not only or name in only]


def _faults(kind: Kind, checks: Sequence[Check]) -> Iterator[str]:
    try:
        key = kind.some_key()
        for check in checks:
            yield from check(kind, key)
    except UnmadeError as error:
        yield str(error)
