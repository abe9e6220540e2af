"""Invited accounts, and the one-time links with which their users choose a password."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from dashboard.database.types import UTCDateTime

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("users", sa.Column("joined_at", UTCDateTime(), nullable=True))
    # Every account of before has a password, and had it from the beginning.
    op.execute(sa.text("UPDATE users SET joined_at = created_at"))
    op.create_table(
        "one_time_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("issued_by_id", sa.Integer(), nullable=True),
        sa.Column("purpose", sa.String(20), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_one_time_links_user_id_users"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["issued_by_id"],
            ["users.id"],
            name=op.f("fk_one_time_links_issued_by_id_users"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_links")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_one_time_links_token_hash")),
        sa.UniqueConstraint("user_id", "purpose", name=op.f("uq_one_time_links_user_id_purpose")),
    )
    op.create_index(op.f("ix_one_time_links_issued_by_id"), "one_time_links", ["issued_by_id"])


def downgrade() -> None:
    op.drop_table("one_time_links")
    op.drop_column("users", "joined_at")
