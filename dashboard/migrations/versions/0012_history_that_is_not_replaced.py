"""A history that REPLACE does not get past, and that is blanked only where an erasure is on record."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

REFUSAL = "the history cannot be changed"
KEPT = ("id", "change_set_id", "record_kind", "record_id", "action", "version", "digest")
UNIQUE = {"change_sets": ("id",), "changes": ("id",), "change_seals": ("id", "change_set_id")}
ON_RECORD = (
    "EXISTS (SELECT 1 FROM changes AS named JOIN change_sets AS its ON its.id = named.change_set_id "
    "WHERE its.kind = 'erase' AND its.author_id IS NOT NULL AND named.record_kind = OLD.record_kind "
    "AND named.record_id = OLD.record_id AND named.id > OLD.id)"
)


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _refuse_updates_of_sqlite(f"{_erasure()} AND {ON_RECORD}")
        for table, columns in UNIQUE.items():
            same = " OR ".join(f"(NEW.{column} > 0 AND {column} = NEW.{column})" for column in columns)
            is_there = f"EXISTS (SELECT 1 FROM {table} WHERE {same})"  # noqa: S608 - names from above
            _execute(
                f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN ({is_there}) "
                f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            )
    else:
        _execute(
            "CREATE OR REPLACE FUNCTION refuse_unrecorded_erasure() RETURNS trigger LANGUAGE plpgsql AS $$\n"
            f"BEGIN\n    IF NOT {ON_RECORD} THEN\n"
            f"        RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'restrict_violation';\n"
            "    END IF;\n    RETURN NEW;\nEND $$"
        )
        _execute(
            "CREATE TRIGGER changes_only_erasures BEFORE UPDATE ON changes "
            "FOR EACH ROW EXECUTE FUNCTION refuse_unrecorded_erasure()"
        )


def _erasure() -> str:
    kept = " AND ".join(f"NEW.{column} IS OLD.{column}" for column in KEPT)
    return f"NEW.fields IS NULL AND NEW.salt IS NULL AND OLD.record_kind = 'users' AND {kept}"


def _refuse_updates_of_sqlite(unless: str) -> None:
    _execute("DROP TRIGGER IF EXISTS changes_no_update")
    _execute(
        f"CREATE TRIGGER changes_no_update BEFORE UPDATE ON changes WHEN (NOT ({unless})) "
        f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    )


def _execute(statement: str) -> None:
    op.execute(sa.text(statement))


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _refuse_updates_of_sqlite(_erasure())
        for table in UNIQUE:
            _execute(f"DROP TRIGGER IF EXISTS {table}_no_replace")
    else:
        _execute("DROP TRIGGER changes_only_erasures ON changes")
        _execute("DROP FUNCTION refuse_unrecorded_erasure()")
