"""Session numbers that are never used again, so that records of an ended session cannot mean another.

PostgreSQL always counts on; 0006 explains SQLite.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

KEY = "id INTEGER NOT NULL, "
COUNTED_KEY = "id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "
CONSTRAINT = "CONSTRAINT pk_user_sessions PRIMARY KEY (id), \n\t"
FIRST_CONSTRAINT = "CONSTRAINT fk_"


def upgrade() -> None:
    _rebuild({CONSTRAINT: "", KEY: COUNTED_KEY})


def downgrade() -> None:
    _rebuild({COUNTED_KEY: KEY, FIRST_CONSTRAINT: CONSTRAINT + FIRST_CONSTRAINT})


def _rebuild(changes: dict[str, str]) -> None:
    """Replace the table of SQLite by one with changed SQL, with its rows and indexes."""
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        return
    stored = "SELECT type, sql FROM sqlite_master WHERE tbl_name = 'user_sessions' AND sql IS NOT NULL"
    parts = connection.execute(sa.text(stored)).all()
    (made,) = (sql for kind, sql in parts if kind == "table")
    columns = made.partition(" (")[2]
    for old, new in changes.items():
        columns = columns.replace(old, new, 1)  # `user_id` ends like `id`, and comes after it
    for statement in (
        f"CREATE TABLE new_user_sessions ({columns}",
        "INSERT INTO new_user_sessions SELECT * FROM user_sessions",
        "DROP TABLE user_sessions",
        "ALTER TABLE new_user_sessions RENAME TO user_sessions",
        *(sql for kind, sql in parts if kind != "table"),
    ):
        connection.exec_driver_sql(statement)
