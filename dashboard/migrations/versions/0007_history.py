"""The ledger of every change: change sets, their changes and their seals, which are only ever added to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from dashboard.database.types import UTCDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLES = ("change_sets", "changes", "change_seals")
REFUSAL = "the history cannot be changed"
KEPT = ("id", "change_set_id", "record_kind", "record_id", "action", "version", "digest")


def upgrade() -> None:
    op.create_table(
        "change_sets",
        sa.Column("id", KEY, nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("origin", sa.String(length=20), nullable=False),
        sa.Column("request_id", sa.String(length=16), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("reverts_id", KEY, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_sets")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_change_sets_at_id", "change_sets", ["at", "id"])
    op.create_index("ix_change_sets_author_id_id", "change_sets", ["author_id", "id"])
    op.create_index("ix_change_sets_kind_id", "change_sets", ["kind", "id"])
    op.create_index("ix_change_sets_origin_id", "change_sets", ["origin", "id"])
    op.create_index("ix_change_sets_reverts_id", "change_sets", ["reverts_id"])
    op.create_table(
        "changes",
        sa.Column("id", KEY, nullable=False),
        sa.Column("change_set_id", KEY, nullable=False),
        sa.Column("record_kind", sa.String(length=20), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("fields", sa.Text(), nullable=True),
        sa.Column("salt", sa.LargeBinary(), nullable=True),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["change_set_id"], ["change_sets.id"], name=op.f("fk_changes_change_set_id_change_sets")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_changes")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_changes_change_set_id_id", "changes", ["change_set_id", "id"])
    op.create_index("ix_changes_record_kind_change_set_id", "changes", ["record_kind", "change_set_id"])
    op.create_index("ix_changes_record_kind_record_id_id", "changes", ["record_kind", "record_id", "id"])
    op.create_table(
        "change_seals",
        sa.Column("id", KEY, nullable=False),
        sa.Column("change_set_id", KEY, nullable=False),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["change_set_id"], ["change_sets.id"], name=op.f("fk_change_seals_change_set_id_change_sets")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_seals")),
        sa.UniqueConstraint("change_set_id", name=op.f("uq_change_seals_change_set_id")),
        sqlite_autoincrement=True,
    )
    _refuse_changes()


def _refuse_changes() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    if not is_sqlite:
        op.execute(
            "CREATE FUNCTION refuse_to_change_history() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'restrict_violation'; END $$"
        )
    same = "IS" if is_sqlite else "IS NOT DISTINCT FROM"
    kept = " AND ".join(f"NEW.{column} {same} OLD.{column}" for column in KEPT)
    erasure = f"NEW.fields IS NULL AND NEW.salt IS NULL AND OLD.record_kind = 'users' AND {kept}"
    for table in TABLES:
        for moment in ("UPDATE", "DELETE") if is_sqlite else ("UPDATE", "DELETE", "TRUNCATE"):
            but = f"WHEN (NOT ({erasure})) " if (table, moment) == ("changes", "UPDATE") else ""
            each = "STATEMENT" if moment == "TRUNCATE" else "ROW"
            do = (
                f"{but}BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
                if is_sqlite
                else f"FOR EACH {each} {but}EXECUTE FUNCTION refuse_to_change_history()"
            )
            op.execute(f"CREATE TRIGGER {table}_no_{moment.lower()} BEFORE {moment} ON {table} {do}")


def downgrade() -> None:
    op.drop_table("change_seals")
    op.drop_table("changes")
    op.drop_table("change_sets")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_to_change_history()")
