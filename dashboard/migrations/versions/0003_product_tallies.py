"""Counts of products by status and category, maintained by triggers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from dashboard.catalogue.tallies import POSTGRESQL, SQLITE

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

STATUSES = ("draft", "active", "archived")
TRIGGERS = ("insert", "delete", "update")


def upgrade() -> None:
    op.create_table(
        "product_tallies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(*STATUSES, name="status", native_enum=False, create_constraint=True),
            nullable=False,
        ),
        sa.Column("category_id", sa.Integer(), nullable=False),
        sa.Column("products", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_tallies")),
    )
    op.create_index("ix_product_tallies_status_category_id", "product_tallies", ["status", "category_id"])
    # Before the rows are counted: on PostgreSQL this locks writers out until both are done.
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(sa.text(statement.replace(":", r"\:")))
    op.execute(
        "INSERT INTO product_tallies (status, category_id, products) "
        "SELECT status, coalesce(category_id, 0), count(*) FROM products GROUP BY status, category_id"
    )


def downgrade() -> None:
    for name in TRIGGERS:
        on_table = "" if op.get_bind().dialect.name == "sqlite" else " ON products"
        op.execute(f"DROP TRIGGER products_tally_{name}{on_table}")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER products_tally_truncate ON products")
        op.execute("DROP FUNCTION tally_products()")
        op.execute("DROP FUNCTION add_to_product_tally(text, integer, bigint)")
    op.drop_table("product_tallies")
