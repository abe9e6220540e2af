"""The fields that each change set has changed, by which the history is filtered.

No row of the history is written again. On SQLite a million changes take some seconds to be read.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

TABLE = "changed_fields"
REFUSAL = "the history cannot be changed"
# JSON that another program damaged must not stop the upgrade: `history verify` reports it.
FILL_SQLITE = (
    "INSERT INTO changed_fields SELECT DISTINCT change_set_id, record_kind, key FROM changes, "
    "json_each(CASE WHEN json_valid(changes.fields) THEN changes.fields ELSE '{}' END) "
    "WHERE action = 'change'"
)
FILL_POSTGRESQL = (
    "INSERT INTO changed_fields SELECT DISTINCT change_set_id, record_kind, its.key FROM changes, "
    "json_object_keys(CAST(changes.fields AS json)) AS its(key) WHERE action = 'change'"
)
COLUMNS = ("record_kind", "field", "change_set_id")


def upgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    number = sa.Integer() if is_sqlite else sa.BigInteger()
    op.create_table(
        TABLE,
        sa.Column("change_set_id", number, autoincrement=False, nullable=False),
        sa.Column("record_kind", sa.String(length=63), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("change_set_id", "record_kind", "field", name=op.f("pk_changed_fields")),
        sqlite_with_rowid=False,
    )
    _execute(FILL_SQLITE if is_sqlite else FILL_POSTGRESQL)
    op.create_index(f"ix_{TABLE}_{'_'.join(COLUMNS)}", TABLE, COLUMNS)
    for moment in ("UPDATE", "DELETE") if is_sqlite else ("UPDATE", "DELETE", "TRUNCATE"):
        _execute(_refusal_of_sqlite(moment) if is_sqlite else _refusal_of_postgresql(moment))


def _refusal_of_sqlite(moment: str) -> str:
    return (
        f"CREATE TRIGGER {TABLE}_no_{moment.lower()} BEFORE {moment} ON {TABLE} "
        f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    )


def _refusal_of_postgresql(moment: str) -> str:
    each = "STATEMENT" if moment == "TRUNCATE" else "ROW"
    return (
        f"CREATE TRIGGER {TABLE}_no_{moment.lower()} BEFORE {moment} ON {TABLE} "
        f"FOR EACH {each} EXECUTE FUNCTION refuse_to_change_history()"
    )


def _execute(statement: str) -> None:
    op.execute(sa.text(statement))


def downgrade() -> None:
    op.drop_table(TABLE)
