"""Records whose key is no plain integer in the history, and kinds with longer names.

No row of the history is copied or rewritten: a column is added, which asks no trigger.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from dashboard.database.types import UTCDateTime

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

REFUSAL = "the history cannot be changed"
KEPT = ("id", "change_set_id", "record_kind", "record_id", "record_key", "action", "version", "digest")
INDEX = "ix_changes_record_kind_record_key_id"


def upgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    _execute("ALTER TABLE changes ADD COLUMN record_key VARCHAR(200)")
    _execute(f"CREATE INDEX {INDEX} ON changes (record_kind, record_key, id) WHERE record_key IS NOT NULL")
    if is_sqlite:
        _protect_sqlite(_is_erasure("IS", KEPT), _is_on_record("AND named.record_key IS OLD.record_key "))
    else:
        # PostgreSQL changes no type of a column that a trigger asks for.
        _execute("DROP TRIGGER changes_no_update ON changes")
        _execute("ALTER TABLE changes ALTER COLUMN record_kind TYPE VARCHAR(63)")
        same = "AND named.record_key IS NOT DISTINCT FROM OLD.record_key "
        _protect_postgresql(_is_erasure("IS NOT DISTINCT FROM", KEPT), _is_on_record(same))
    # A lease lasts for minutes, so that no row has to be carried over.
    op.drop_table("edit_leases")
    _make_leases(sa.Column("record_key", sa.String(length=200), nullable=False), 20 if is_sqlite else 63)


def _is_erasure(same: str, kept: tuple[str, ...], of: str = "") -> str:
    unchanged = " AND ".join(f"NEW.{column} {same} OLD.{column}" for column in kept)
    return f"NEW.fields IS NULL AND NEW.salt IS NULL AND {of}{unchanged}"


def _is_on_record(same_key: str = "") -> str:
    return (
        "EXISTS (SELECT 1 FROM changes AS named "  # noqa: S608 - words from above
        "JOIN change_sets AS its ON its.id = named.change_set_id "
        "WHERE its.kind = 'erase' AND its.author_id IS NOT NULL AND named.record_kind = OLD.record_kind "
        f"AND named.record_id = OLD.record_id {same_key}AND named.id > OLD.id)"
    )


def _protect_sqlite(is_erasure: str, is_on_record: str) -> None:
    _execute("DROP TRIGGER changes_no_update")
    _execute(
        "CREATE TRIGGER changes_no_update BEFORE UPDATE ON changes "
        f"WHEN (NOT ({is_erasure} AND {is_on_record})) BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    )


def _protect_postgresql(is_erasure: str, is_on_record: str) -> None:
    _execute(
        "CREATE OR REPLACE FUNCTION refuse_unrecorded_erasure() RETURNS trigger LANGUAGE plpgsql AS $$\n"
        f"BEGIN\n    IF NOT {is_on_record} THEN\n"
        f"        RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'restrict_violation';\n"
        "    END IF;\n    RETURN NEW;\nEND $$"
    )
    _execute(
        f"CREATE TRIGGER changes_no_update BEFORE UPDATE ON changes FOR EACH ROW WHEN (NOT ({is_erasure})) "
        "EXECUTE FUNCTION refuse_to_change_history()"
    )


def _make_leases(record: sa.Column[str] | sa.Column[int], length: int) -> None:
    op.create_table(
        "edit_leases",
        sa.Column("record_kind", sa.String(length=length), nullable=False),
        record,
        sa.Column("user_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("until", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_edit_leases_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("record_kind", record.name, "user_id", name=op.f("pk_edit_leases")),
    )
    op.create_index(op.f("ix_edit_leases_until"), "edit_leases", ["until"])


def _execute(statement: str) -> None:
    op.execute(sa.text(statement))


def downgrade() -> None:
    _refuse_what_would_be_lost()
    op.drop_table("edit_leases")
    _make_leases(sa.Column("record_id", sa.Integer(), autoincrement=False, nullable=False), 20)
    kept = tuple(column for column in KEPT if column != "record_key")
    if op.get_bind().dialect.name == "sqlite":
        _protect_sqlite(_is_erasure("IS", kept, "OLD.record_kind = 'users' AND "), _is_on_record())
    else:
        _execute("DROP TRIGGER changes_no_update ON changes")
        _execute("ALTER TABLE changes ALTER COLUMN record_kind TYPE VARCHAR(20)")
        of = "OLD.record_kind = 'users' AND "
        _protect_postgresql(_is_erasure("IS NOT DISTINCT FROM", kept, of), _is_on_record())
    _execute(f"DROP INDEX {INDEX}")
    _execute("ALTER TABLE changes DROP COLUMN record_key")


def _refuse_what_would_be_lost() -> None:
    """Raise RuntimeError where the history has keys that the older table has no column for."""
    if op.get_bind().scalar(sa.text("SELECT 1 FROM changes WHERE record_key IS NOT NULL LIMIT 1")):
        raise RuntimeError("The history holds changes of records whose key is a text, which would be lost.")
