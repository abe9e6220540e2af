"""When the user of a session last proved who they are; of older sessions, the log-in counts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from dashboard.database.types import UTCDateTime

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("user_sessions", sa.Column("proved_at", UTCDateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("user_sessions", "proved_at")
