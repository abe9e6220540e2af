"""Reasons that users give for their changes.

No row of the history is copied or rewritten: columns are added, which asks no trigger. A reason is removed
where the erasure of a person is on record, of whom its change set has a change.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

REFUSAL = "the history cannot be changed"
FIXED = ("id", "at", "author_id", "kind", "origin", "request_id", "note", "reverts_id", "reason_digest")
REFUSE = "BEFORE UPDATE ON change_sets"


def upgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    _execute("ALTER TABLE change_sets ADD COLUMN reason VARCHAR(300)")
    for name in ("reason_salt", "reason_digest"):
        _execute(f"ALTER TABLE change_sets ADD COLUMN {name} {'BLOB' if is_sqlite else 'BYTEA'}")
    _execute(f"DROP TRIGGER change_sets_no_update{'' if is_sqlite else ' ON change_sets'}")
    if is_sqlite:
        _execute(
            f"CREATE TRIGGER change_sets_no_update {REFUSE} "
            f"WHEN (NOT ({_is_erasure('IS')} AND {_is_on_record('IS')})) "
            f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        )
        return
    same = "IS NOT DISTINCT FROM"
    _execute(
        f"CREATE TRIGGER change_sets_no_update {REFUSE} FOR EACH ROW WHEN (NOT ({_is_erasure(same)})) "
        "EXECUTE FUNCTION refuse_to_change_history()"
    )
    _execute(
        "CREATE FUNCTION refuse_unrecorded_erasure_of_reason() RETURNS trigger LANGUAGE plpgsql AS $$\n"
        f"BEGIN\n    IF NOT {_is_on_record(same)} THEN\n"
        f"        RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'restrict_violation';\n"
        "    END IF;\n    RETURN NEW;\nEND $$"
    )
    _execute(
        f"CREATE TRIGGER change_sets_only_erasures {REFUSE} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_unrecorded_erasure_of_reason()"
    )


def _is_erasure(same: str) -> str:
    fixed = " AND ".join(f"NEW.{column} {same} OLD.{column}" for column in FIXED)
    return f"NEW.reason IS NULL AND NEW.reason_salt IS NULL AND {fixed}"


def _is_on_record(same: str) -> str:
    return (
        "EXISTS (SELECT 1 FROM changes AS own JOIN changes AS named "  # noqa: S608 - an operator from above
        "ON named.record_kind = own.record_kind AND named.record_id = own.record_id "
        f"AND named.record_key {same} own.record_key AND named.id > own.id "
        "JOIN change_sets AS its ON its.id = named.change_set_id "
        "WHERE own.change_set_id = OLD.id AND its.kind = 'erase' AND its.author_id IS NOT NULL)"
    )


def _execute(statement: str) -> None:
    op.execute(sa.text(statement))


def downgrade() -> None:
    if op.get_bind().scalar(sa.text("SELECT 1 FROM change_sets WHERE reason_digest IS NOT NULL LIMIT 1")):
        raise RuntimeError("The history holds reasons of changes, which would be lost.")
    if op.get_bind().dialect.name == "sqlite":
        _execute("DROP TRIGGER change_sets_no_update")
        _execute(f"CREATE TRIGGER change_sets_no_update {REFUSE} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END")
    else:
        _execute("DROP TRIGGER change_sets_only_erasures ON change_sets")
        _execute("DROP FUNCTION refuse_unrecorded_erasure_of_reason()")
        _execute("DROP TRIGGER change_sets_no_update ON change_sets")
        _execute(
            f"CREATE TRIGGER change_sets_no_update {REFUSE} FOR EACH ROW "
            "EXECUTE FUNCTION refuse_to_change_history()"
        )
    for name in ("reason", "reason_salt", "reason_digest"):
        _execute(f"ALTER TABLE change_sets DROP COLUMN {name}")
