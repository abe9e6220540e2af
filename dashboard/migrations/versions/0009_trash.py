"""The trash of products."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from dashboard.database.types import Money, UTCDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
STATUSES = ("draft", "active", "archived")


def upgrade() -> None:
    op.create_table(
        "trashed_products",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sku", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("price", Money(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("stock", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(*STATUSES, name="status", native_enum=False, create_constraint=True),
            nullable=False,
        ),
        sa.Column("category_id", sa.Integer(), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("deleted_at", UTCDateTime(), nullable=False),
        sa.Column("deleted_by_id", sa.Integer(), nullable=True),
        sa.Column("change_set_id", KEY, nullable=False),
        sa.ForeignKeyConstraint(
            ["category_id"],
            ["categories.id"],
            name=op.f("fk_trashed_products_category_id_categories"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["deleted_by_id"],
            ["users.id"],
            name=op.f("fk_trashed_products_deleted_by_id_users"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["change_set_id"],
            ["change_sets.id"],
            name=op.f("fk_trashed_products_change_set_id_change_sets"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trashed_products")),
    )
    for name, columns in (
        ("deleted_at_id", ["deleted_at", "id"]),
        ("name_id", ["name", "id"]),
        ("category_id", ["category_id"]),
        ("deleted_by_id", ["deleted_by_id"]),
    ):
        op.create_index(f"ix_trashed_products_{name}", "trashed_products", columns)


def downgrade() -> None:
    op.drop_table("trashed_products")
