"""The security log."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from dashboard.database.types import UTCDateTime

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

TABLE = "security_events"
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INDEXES = {
    "ix_security_events_at_id": ["at", "id"],
    "ix_security_events_event_id": ["event", "id"],
    "ix_security_events_subject_id_id": ["subject_id", "id"],
    "ix_security_events_actor_id_id": ["actor_id", "id"],
}


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", KEY, nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("event", sa.String(40), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor", sa.String(254), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("subject", sa.String(254), nullable=False),
        sa.Column("address", sa.String(45), nullable=False),
        sa.Column("network", sa.String(49), nullable=False),
        sa.Column("device", sa.String(100), nullable=False),
        sa.Column("request_id", sa.String(16), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("last_at", UTCDateTime(), nullable=False),
        sa.Column("search_text", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
        sqlite_autoincrement=True,
    )
    for name, columns in INDEXES.items():
        op.create_index(name, TABLE, columns)


def downgrade() -> None:
    for name in reversed(INDEXES):
        op.drop_index(name, TABLE)
    op.drop_table(TABLE)
