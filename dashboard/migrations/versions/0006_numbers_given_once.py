"""Record numbers that are never used again, so that the history cannot mean another record.

PostgreSQL always counts on. SQLite uses the number of a deleted last row again, unless the table was created
with AUTOINCREMENT. A table cannot get that later, so each is created again and its rows are copied.
"""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TABLES = ("categories", "users", "products")
KEY = "id INTEGER NOT NULL"
COUNTED_KEY = "id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT"


def upgrade() -> None:
    for table in TABLES:
        _rebuild(table, _count_on)


def downgrade() -> None:
    for table in TABLES:
        _rebuild(table, _start_over)


def _key(table: str) -> str:
    return f"CONSTRAINT pk_{table} PRIMARY KEY (id), \n\t"


def _count_on(sql: str, table: str) -> str:
    return sql.replace(_key(table), "").replace(KEY, COUNTED_KEY)


def _start_over(sql: str, table: str) -> str:
    columns, constraint, rest = sql.replace(COUNTED_KEY, KEY).partition("CONSTRAINT ")
    return f"{columns}{_key(table)}{constraint}{rest}"


def _rebuild(table: str, change: Callable[[str, str], str]) -> None:
    """Replace a table of SQLite by one with changed SQL, with its rows, indexes and triggers.

    The steps are those of SQLite's documentation of ALTER TABLE. Foreign keys are off in a migration.
    """
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        return
    stored = sa.text("SELECT type, sql FROM sqlite_master WHERE tbl_name = :table AND sql IS NOT NULL")
    parts = connection.execute(stored, {"table": table}).all()
    (made,) = (sql for kind, sql in parts if kind == "table")
    columns = made.partition(" (")[2]
    for statement in (
        f"CREATE TABLE new_{table} ({change(columns, table)}",
        f"INSERT INTO new_{table} SELECT * FROM {table}",  # noqa: S608 - names from above
        f"DROP TABLE {table}",
        f"ALTER TABLE new_{table} RENAME TO {table}",
        *(sql for kind, sql in parts if kind != "table"),
    ):
        connection.exec_driver_sql(statement)
