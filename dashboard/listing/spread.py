"""An even sample of the rows of a table, taken by their keys or by their places in the table.

Plain integer keys are dense, so that even steps from the lowest to the highest find most rows. Other keys may
be texts or far apart: their rows are found by SQLite's ``rowid``, or by the pages of the table on PostgreSQL.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Select,
    column,
    func,
    inspect,
    literal,
    literal_column,
    select,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import InstrumentedAttribute

from dashboard.database.keys import is_plain
from dashboard.listing.state import Listing

COUNTED_PAGES = 20
"""Pages of a PostgreSQL table whose rows are counted, to estimate how many the table has."""
PAGES = "pg_relation_size('{table}'::regclass) / current_setting('block_size')::bigint"
ROWS_OF_PAGE = (
    "FROM {table} AS its "
    "WHERE its.ctid >= ('(' || page || ',0)')::tid AND its.ctid < ('(' || page + 1 || ',0)')::tid"
)
"""The rows of the page called ``page``, found by their place and without an index (Tid Range Scan)."""
EVEN_PAGES = "SELECT DISTINCT n * known.pages / {number} AS page FROM generate_series(0, {number} - 1) AS n"
PLACES = (
    "SELECT its.place FROM (SELECT {pages} AS pages) AS known, LATERAL ({even_pages}) AS chosen, "
    "LATERAL (SELECT its.ctid AS place {rows_of_page} "
    "LIMIT (SELECT greatest(1, {number} / greatest(1, {pages})))) AS its"
)
"""A row of each of ``number`` pages from the first to the last, or several where there are fewer pages."""
POPULATION = (
    "(SELECT coalesce((max(known.pages) * sum(counted.rows) / count(*))::bigint, 0) "
    "FROM (SELECT {pages} AS pages) AS known, LATERAL ({even_pages}) AS chosen, "
    "LATERAL (SELECT count(*) AS rows {rows_of_page}) AS counted)"
)


@dataclass(frozen=True)
class Spread:
    """Evenly spread rows: each row of ``step`` is joined with the row that ``fits``, if there is one.

    ``population`` is the number of rows if every key between the lowest and the highest existed; where
    ``is_of_rows`` is set, it is an estimate of the rows in the table.
    """

    step: FromClause
    fits: ColumnElement[bool]
    population: ColumnElement[int]
    is_of_rows: bool = False

    def read(self, model: Any, *columns: Any) -> Select[Any]:
        """Read `columns` of these rows."""
        if self.is_of_rows:  # what is joined besides is looked for in the first table, which text has none of
            return select(*columns).select_from(model).join(self.step, self.fits)
        return select(*columns).select_from(self.step).join(model, self.fits)


@lru_cache
def evenly(listing: Listing, number: int, dialect: str) -> Spread:
    """Return a spread of about `number` rows of the table of `listing`; cached for all requests."""
    if is_plain(listing.key.type):
        return _by_number(listing, listing.key, number)
    if dialect == "sqlite":
        return _by_place(listing, number)
    return _by_page(listing, number)


def _quoted(listing: Listing, dialect: Any) -> str:
    """The name of the table as SQL of a dialect writes it."""
    table: str = dialect.dialect().identifier_preparer.format_table(listing.key.class_.__table__)
    return table


def _by_place(listing: Listing, number: int) -> Spread:
    """Spread by the places of rows in a table of SQLite."""
    place = literal_column(f"{_quoted(listing, sqlite)}.rowid", BigInteger)
    mapper = inspect(listing.key.class_)
    if mapper.local_table is mapper.selectable:
        return _by_number(listing, place, number)
    # Of a record in two tables the place in one of them: it has no name where the tables are joined.
    [key] = mapper.local_table.primary_key
    spread = _by_number(listing, place, number, mapper.local_table)
    there = select(key).where(spread.fits).correlate(spread.step).scalar_subquery()
    return replace(spread, fits=listing.key == there)


def _by_number(
    listing: Listing,
    key: ColumnElement[int] | InstrumentedAttribute[int],
    number: int,
    table: FromClause | None = None,
) -> Spread:
    """Spread by a number, from the lowest to the highest, each read from one end of the index."""
    model = listing.key.class_ if table is None else table
    low = select(func.min(key)).select_from(model).scalar_subquery()
    high = select(func.max(key)).select_from(model).scalar_subquery()
    step = select(literal(0, BigInteger).label("n")).cte("step", recursive=True)
    step = step.union_all(select(step.c.n + 1).where(step.c.n < number - 1))
    return Spread(step, key == low + step.c.n * (high - low) // (number - 1), high - low + 1)


def _by_page(listing: Listing, number: int) -> Spread:
    table = _quoted(listing, postgresql)

    def written(sql: str, of: int) -> str:
        pages = PAGES.format(table=table.replace("'", "''"))
        parts = {"pages": pages, "rows_of_page": ROWS_OF_PAGE.format(table=table)}
        return sql.format(number=of, even_pages=EVEN_PAGES.format(number=of), **parts)

    places = text(written(PLACES, number)).columns(column("place")).subquery("spread")
    population: ColumnElement[int] = literal_column(written(POPULATION, COUNTED_PAGES), BigInteger)
    return Spread(places, literal_column(f"{table}.ctid") == places.c.place, population, is_of_rows=True)
