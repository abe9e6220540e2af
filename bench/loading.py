"""Fills a catalogue quickly: COPY on PostgreSQL, batches on SQLite, plain indexes built afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

from sqlalchemy import Column, Connection, Table, create_engine, text

from bench.catalogue import CATEGORIES, FIRST_DAY, ProductRow, products

BATCH_ROWS = 2_000  # SQLite takes 32,766 values in a statement
HURRY = {
    "sqlite": ("PRAGMA journal_mode=OFF", "PRAGMA synchronous=OFF", "PRAGMA cache_size=-200000"),  # 200 MB
    "postgresql": ("SET synchronous_commit=off", "SET maintenance_work_mem='256MB'"),
}
INDEXES = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql <> '' AND tbl_name = :t",
    "postgresql": (
        "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema() AND tablename = :t"
        " AND indexname NOT IN (SELECT conname FROM pg_constraint)"
    ),
}
SETTLE = {
    "sqlite": ("ANALYZE",),
    "postgresql": (
        "SELECT setval(pg_get_serial_sequence('products', 'id'), max(id)) FROM products",
        "SELECT setval(pg_get_serial_sequence('categories', 'id'), max(id)) FROM categories",
        "VACUUM ANALYZE",
    ),
}

Row = Mapping[str, Any]


def load(database_url: str, categories: Table, table: Table, count: int) -> None:
    """Fill two empty tables with the catalogue of `count` products and bring the statistics up to date."""
    engine = create_engine(database_url)
    with engine.connect() as connection:
        run(connection, HURRY)
        with connection.begin():
            insert(connection, categories, category_rows())
            with without_indexes(connection, table):
                insert(connection, table, (row._asdict() for row in products(count)))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        run(connection, SETTLE)
    engine.dispose()


def category_rows() -> Iterator[Row]:
    """The categories as rows."""
    for number, name in enumerate(CATEGORIES, 1):
        yield {"id": number, "name": name, "created_at": FIRST_DAY, "updated_at": FIRST_DAY, "version": 1}


def run(connection: Connection, statements: Mapping[str, Iterable[str]]) -> None:
    """Execute the statements for the dialect in use."""
    for statement in statements[connection.dialect.name]:
        connection.exec_driver_sql(statement)
    connection.commit()


@contextmanager
def without_indexes(connection: Connection, table: Table) -> Iterator[None]:
    """Drop the indexes of `table` but for those of constraints, and build them again at the end."""
    found = connection.execute(text(INDEXES[connection.dialect.name]), {"t": table.name}).all()
    for name, _ in found:
        connection.exec_driver_sql(f'DROP INDEX "{name}"')
    yield
    for _, statement in found:
        connection.exec_driver_sql(statement)


def insert(connection: Connection, table: Table, rows: Iterable[Row]) -> None:
    """Insert `rows` past SQLAlchemy, in the form that the types of the columns give them."""
    columns = [column for column in table.columns if is_written(column)]
    names = ", ".join(column.name for column in columns)
    forms = [form(column, connection) for column in columns]
    values = (tuple(give(row) for give in forms) for row in rows)
    cursor: Any = connection.connection.cursor()
    if connection.dialect.name == "postgresql":
        with cursor.copy(f"COPY {table.name} ({names}) FROM STDIN") as copy:
            for value in values:
                copy.write_row(value)
    else:
        # Many rows a statement: the full-text index writes what it collected whenever one ends.
        row = f"({', '.join('?' * len(columns))})"
        while batch := list(islice(values, BATCH_ROWS)):
            statement = f"INSERT INTO {table.name} ({names}) VALUES {', '.join([row] * len(batch))}"
            cursor.execute(statement, tuple(chain.from_iterable(batch)))


def is_written(column: Column[Any]) -> bool:
    """Whether a value has to be given; the others the database computes or fills in by itself."""
    return column.name in ProductRow._fields or column.default is not None


def form(column: Column[Any], connection: Connection) -> Callable[[Row], Any]:
    """Return a reader of `column`: the value in the row, else the default of the model."""
    default: Any = column.default
    bind = column.type.dialect_impl(connection.dialect).bind_processor(connection.dialect)

    def give(row: Row) -> Any:
        if column.name in row:
            value = row[column.name]
        else:
            value = default.arg(Parameters(row)) if default.is_callable else default.arg
        return bind(value) if bind else value

    return give


@dataclass(slots=True)
class Parameters:
    """The context of a default that reads the rest of its row (SQLAlchemy, context-sensitive defaults)."""

    current_parameters: Row

    def get_current_parameters(self) -> Row:
        """The row."""
        return self.current_parameters
