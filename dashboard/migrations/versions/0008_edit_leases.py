"""Who has the form of a record open: notes that run out by themselves."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from dashboard.database.types import UTCDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "edit_leases",
        sa.Column("record_kind", sa.String(length=20), nullable=False),
        sa.Column("record_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("until", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_edit_leases_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("record_kind", "record_id", "user_id", name=op.f("pk_edit_leases")),
    )
    op.create_index(op.f("ix_edit_leases_until"), "edit_leases", ["until"])


def downgrade() -> None:
    op.drop_table("edit_leases")
