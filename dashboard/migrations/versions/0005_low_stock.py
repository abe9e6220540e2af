"""An index that finds products low on stock without reading their rows."""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_products_stock_id_status", "products", ["stock", "id", "status"])
    op.drop_index("ix_products_stock_id", "products")


def downgrade() -> None:
    op.create_index("ix_products_stock_id", "products", ["stock", "id"])
    op.drop_index("ix_products_stock_id_status", "products")
