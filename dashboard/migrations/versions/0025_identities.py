"""The identities of users at the provider of single sign-on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from dashboard.database.types import UTCDateTime

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "identities",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("issuer", sa.String(255), nullable=False),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("user_id", sa.Integer, sa.ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
        sa.Column("connected_at", UTCDateTime(), nullable=False),
        sa.Column("used_at", UTCDateTime(), nullable=False),
        sa.UniqueConstraint("issuer", "subject", name="uq_identities_issuer_subject"),
        sa.UniqueConstraint("user_id", "issuer", name="uq_identities_user_id_issuer"),
    )


def downgrade() -> None:
    op.drop_table("identities")
