"""One trash for every kind of record, which replaces the trash of products, and leases for background work.

The numbers of the records in the trash do not change, so that links to them still work.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from alembic import op

from dashboard.database.types import Money, UTCDateTime
from dashboard.search.keys import SortKey

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

BATCH = 2_000  # rows
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
STATUSES = ("draft", "active", "archived")
PRODUCTS = "products"

trashed_products = sa.table(
    "trashed_products",
    sa.column("id", sa.Integer),
    sa.column("sku", sa.Text),
    sa.column("name", sa.Text),
    sa.column("description", sa.Text),
    sa.column("price", Money()),
    sa.column("currency", sa.Text),
    sa.column("stock", sa.Integer),
    sa.column("status", sa.Text),
    sa.column("category_id", sa.Integer),
    sa.column("created_at", UTCDateTime()),
    sa.column("version", sa.Integer),
    sa.column("name_key", SortKey()),
    sa.column("sku_key", SortKey()),
    sa.column("search_text", sa.Text),
    sa.column("deleted_at", UTCDateTime()),
    sa.column("deleted_by_id", sa.Integer),
    sa.column("change_set_id", sa.BigInteger),
)
trash = sa.table(
    "trash",
    sa.column("id", sa.Integer),
    sa.column("kind", sa.Text),
    sa.column("record_key", sa.Text),
    sa.column("title", sa.Text),
    sa.column("code", sa.Text),
    sa.column("title_key", SortKey()),
    sa.column("code_key", SortKey()),
    sa.column("search_text", sa.Text),
    sa.column("deleted_at", UTCDateTime()),
    sa.column("deleted_by_id", sa.Integer),
    sa.column("change_set_id", sa.BigInteger),
    sa.column("row", sa.Text),
)
categories = sa.table("categories", sa.column("id", sa.Integer))
AS_THEY_ARE = ("search_text", "deleted_at", "deleted_by_id", "change_set_id")
RENAMED = {"title": "name", "code": "sku", "title_key": "name_key", "code_key": "sku_key"}
# How the trash writes those values of a product that JSON has no type for.
WRITTEN: Mapping[str, Callable[[Any], Any]] = {
    "price": str,
    "created_at": datetime.isoformat,
    "status": str.upper,  # the name of the member
}
READ: Mapping[str, Callable[[Any], Any]] = {
    "price": Decimal,
    "created_at": datetime.fromisoformat,
    "status": str.lower,
}
HELD = ("id", "sku", "name", "description", "currency", "stock", "category_id", "version", *WRITTEN)


def upgrade() -> None:
    _create_trash()
    op.create_table(
        "leases",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("holder", sa.String(length=32), nullable=False),
        sa.Column("until", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_leases")),
    )
    for rows in _batches(trashed_products):
        op.get_bind().execute(sa.insert(trash), [*map(_to_trash, rows)])
    if op.get_bind().dialect.name == "postgresql":  # SQLite counts on from the highest number by itself
        last = sa.select(sa.func.max(trash.c.id)).scalar_subquery()
        sequence = sa.func.pg_get_serial_sequence("trash", "id")
        op.execute(sa.select(sa.func.setval(sequence, last)).where(last.is_not(None)))
    op.drop_table("trashed_products")


def downgrade() -> None:
    _create_trashed_products()
    for rows in _batches(trash):
        there = {*op.get_bind().scalars(sa.select(categories.c.id))}
        back = [_to_trashed_products(row, there) for row in rows if row["kind"] == PRODUCTS]
        if back:
            op.get_bind().execute(sa.insert(trashed_products), back)
    op.drop_table("leases")
    op.drop_table("trash")


def _batches(table: Any) -> Iterator[Sequence[sa.RowMapping]]:
    read, last = sa.select(table).order_by(table.c.id).limit(BATCH), 0
    while rows := op.get_bind().execute(read.where(table.c.id > last)).mappings().all():
        yield rows
        last = rows[-1]["id"]


def _to_trash(row: sa.RowMapping) -> dict[str, Any]:
    values = {name: WRITTEN[name](row[name]) if name in WRITTEN else row[name] for name in HELD}
    return {
        "id": row["id"],
        "kind": PRODUCTS,
        "record_key": str(row["id"]),
        **{name: row[old] for name, old in RENAMED.items()},
        **{name: row[name] for name in AS_THEY_ARE},
        "row": json.dumps({PRODUCTS: [values]}, ensure_ascii=False, separators=(",", ":")),
    }


def _to_trashed_products(row: sa.RowMapping, there: set[int]) -> dict[str, Any]:
    [kept] = json.loads(row["row"])[PRODUCTS]
    values = {name: READ[name](kept[name]) if name in READ else kept[name] for name in HELD}
    if values["category_id"] not in there:
        values["category_id"] = None
    renamed = {old: row[name] for name, old in RENAMED.items()}
    return {**values, **renamed, **{name: row[name] for name in AS_THEY_ARE}}


def _create_trash() -> None:
    op.create_table(
        "trash",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=63), nullable=False),
        sa.Column("record_key", sa.String(length=200), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("title_key", SortKey(), nullable=False, server_default=""),
        sa.Column("code_key", SortKey(), nullable=False, server_default=""),
        sa.Column("search_text", sa.Text(), nullable=False, server_default=""),
        sa.Column("deleted_at", UTCDateTime(), nullable=False),
        sa.Column("deleted_by_id", sa.Integer(), nullable=True),
        sa.Column("change_set_id", KEY, nullable=False),
        sa.Column("row", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["deleted_by_id"], ["users.id"], name=op.f("fk_trash_deleted_by_id_users"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["change_set_id"], ["change_sets.id"], name=op.f("fk_trash_change_set_id_change_sets")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trash")),
        sqlite_autoincrement=True,
    )
    for name, columns in (
        ("deleted_at_id", ["deleted_at", "id"]),
        ("title_key_id", ["title_key", "id"]),
        ("kind_record_key", ["kind", "record_key"]),
        ("deleted_by_id", ["deleted_by_id"]),
    ):
        op.create_index(f"ix_trash_{name}", "trash", columns)


def _create_trashed_products() -> None:
    """The table as it was: made by 0009, and 0016 added two columns and the index of one."""
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
    for column in ("name_key", "sku_key"):
        op.add_column("trashed_products", sa.Column(column, SortKey(), nullable=False, server_default=""))
    for name, columns in (
        ("deleted_at_id", ["deleted_at", "id"]),
        ("name_key_id", ["name_key", "id"]),
        ("category_id", ["category_id"]),
        ("deleted_by_id", ["deleted_by_id"]),
    ):
        op.create_index(f"ix_trashed_products_{name}", "trashed_products", columns)
