"""The newest products of a status, told by an index alone."""

from __future__ import annotations

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_products_created_at_id_status", "products", ["created_at", "id", "status"])
    op.drop_index("ix_products_created_at_id", "products")


def downgrade() -> None:
    op.create_index("ix_products_created_at_id", "products", ["created_at", "id"])
    op.drop_index("ix_products_created_at_id_status", "products")
