"""Time changes of our catalogue, also without search and tallies, and without the history."""

from __future__ import annotations

from statistics import mean

from sqlalchemy import create_engine, text

from bench.databases import Databases
from bench.measure import Place, Worker, working

INSERT, UPDATE, MANY, EDIT = "insert one", "update one", "status of 500", "edit by the form"
KINDS = (INSERT, UPDATE, MANY)
WRITE_TURNS, WRITES_A_TURN = 20, 10
MANY_TURNS = 5

EXTRAS = {
    "sqlite": "SELECT 'DROP TRIGGER ' || name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": (
        "SELECT format('DROP TRIGGER %I ON %s', tgname, tgrelid::regclass) FROM pg_trigger"
        " WHERE NOT tgisinternal"
        " UNION ALL SELECT format('DROP INDEX %I', indexname) FROM pg_indexes"
        " WHERE schemaname = current_schema() AND indexdef ~ 'USING (gin|gist)'"
    ),
}
"""The statements that drop the triggers and the search indexes, one in each row."""


def without_extras(database_url: str) -> int:
    """Take search and tallies out of a database; returns how many triggers and indexes that were."""
    engine = create_engine(database_url)
    with engine.begin() as connection:
        drops = connection.scalars(text(EXTRAS[engine.dialect.name])).all()
        for statement in drops:
            connection.exec_driver_sql(statement)
    engine.dispose()
    return len(drops)


def writes(databases: Databases, source: str, place: Place) -> dict[str, tuple[float, float]]:
    """Time changes in copies of our database `source`, one of them without search and tallies.

    An edit by the form is compared with one that no history is written of.
    """
    names = ("bench_with", "bench_without", "bench_unrecorded")
    try:
        urls = [databases.copy(source, name) for name in names]
        if not without_extras(urls[1]):
            raise RuntimeError("our database has no triggers and no index for searching to take out")
        complete, bare, unrecorded = ({place: url} for url in urls)
        with working(complete) as (whole,), working(bare) as (without,), working(unrecorded) as (silent,):
            silent.do("forget")
            found = {kind: compared(whole, without, kind) for kind in KINDS}
            return {**found, EDIT: compared(whole, silent, EDIT)}
    finally:
        for name in names:
            databases.drop(name)


def compared(complete: Worker, bare: Worker, kind: str) -> tuple[float, float]:
    """Seconds of a write in both, on average: now and then an index does more at once, which counts too."""
    turns, times = (MANY_TURNS, 1) if kind == MANY else (WRITE_TURNS, WRITES_A_TURN)
    seconds: tuple[list[float], list[float]] = ([], [])
    for turn in range(turns):
        for worker, taken in zip((complete, bare), seconds, strict=True):
            taken.append(worker.do("write", kind=kind, times=times, first=1 + turn * times))
    return mean(seconds[0]), mean(seconds[1])
