"""The browsers that users are known by, in place of their networks, which others share."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from dashboard.database.types import UTCDateTime

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_table("known_networks")
    known(
        "known_devices",
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("has_logged_in", sa.Boolean(), nullable=False),
        sa.Column("is_known", sa.Boolean(), nullable=False),
    )
    op.create_index(op.f("ix_known_devices_token_hash"), "known_devices", ["token_hash"])


def downgrade() -> None:
    op.drop_table("known_devices")
    known("known_networks", sa.Column("network", sa.String(49), nullable=False))


def known(table: str, by: sa.Column[str], *more: sa.Column[bool]) -> None:
    op.create_table(
        table,
        sa.Column("user_id", sa.Integer(), nullable=False),
        by,
        sa.Column("used_at", UTCDateTime(), nullable=False),
        *more,
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f(f"fk_{table}_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", by.name, name=op.f(f"pk_{table}")),
    )
