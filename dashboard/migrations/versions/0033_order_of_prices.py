"""The order of products by price: those of one currency together.

Amounts of different currencies cannot be compared. PostgreSQL writes every row of products once.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from dashboard.search.keys import SortKey

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

INDEX = "ix_products_price_key_id"
FILL_SQLITE = "UPDATE products SET price_key = lower(currency) || ' p' || printf('%016d', price)"
FILL_POSTGRESQL = (
    "UPDATE products SET price_key = "
    "lower(currency) || ' p' || lpad(CAST(CAST(price * 10000 AS bigint) AS text), 16, '0')"
)


def upgrade() -> None:
    op.add_column("products", sa.Column("price_key", SortKey(), nullable=False, server_default=""))
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    op.execute(sa.text(FILL_SQLITE if is_sqlite else FILL_POSTGRESQL))
    op.create_index(INDEX, "products", ["price_key", "id"])


def downgrade() -> None:
    op.drop_index(INDEX)
    op.drop_column("products", "price_key")
