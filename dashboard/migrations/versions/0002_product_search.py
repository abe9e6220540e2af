"""The search of products: their words in plain letters, and an index of every three letters of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from alembic.util import CommandError
from sqlalchemy.exc import DBAPIError

from dashboard.search.text import searchable

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BATCH = 1_000  # products
SQLITE = (
    "CREATE VIRTUAL TABLE product_search USING fts5(search_text, content='products', content_rowid='id', "
    "columnsize=0, tokenize='trigram case_sensitive 1')",
    "CREATE TRIGGER product_search_insert AFTER INSERT ON products BEGIN "
    "INSERT INTO product_search (rowid, search_text) VALUES (new.id, new.search_text); END",
    "CREATE TRIGGER product_search_delete AFTER DELETE ON products BEGIN "
    "INSERT INTO product_search (product_search, rowid, search_text) "
    "VALUES ('delete', old.id, old.search_text); END",
    "CREATE TRIGGER product_search_update AFTER UPDATE OF id, search_text ON products "
    "WHEN old.search_text <> new.search_text OR old.id <> new.id BEGIN "
    "INSERT INTO product_search (product_search, rowid, search_text) "
    "VALUES ('delete', old.id, old.search_text); "
    "INSERT INTO product_search (rowid, search_text) VALUES (new.id, new.search_text); END",
    "INSERT INTO product_search (product_search) VALUES ('rebuild')",
)
SQLITE_DROP = (
    "DROP TRIGGER product_search_insert",
    "DROP TRIGGER product_search_delete",
    "DROP TRIGGER product_search_update",
    "DROP TABLE product_search",
)
POSTGRESQL = ("CREATE INDEX ix_products_search_text ON products USING gin (search_text gin_trgm_ops)",)
# The extension stays: others may use it.
POSTGRESQL_DROP = ("DROP INDEX ix_products_search_text",)


def upgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    if not is_sqlite:
        _create_extension()
    op.add_column("products", sa.Column("search_text", sa.Text(), nullable=False, server_default=""))
    _fill()
    _execute(SQLITE if is_sqlite else POSTGRESQL)


def downgrade() -> None:
    _execute(SQLITE_DROP if op.get_bind().dialect.name == "sqlite" else POSTGRESQL_DROP)
    op.drop_column("products", "search_text")


def _execute(statements: tuple[str, ...]) -> None:
    for statement in statements:
        op.get_bind().exec_driver_sql(statement)


def _create_extension() -> None:
    try:
        op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    except DBAPIError as error:
        raise CommandError(
            "the search needs the extension pg_trgm, which cannot be created here; have an administrator of "
            f"PostgreSQL run CREATE EXTENSION pg_trgm in this database and try again ({error.orig})"
        ) from error


def _fill() -> None:
    products = sa.table("products", *(sa.column(name) for name in ("id", "sku", "name", "search_text")))
    read = sa.select(products.c.id, products.c.sku, products.c.name).order_by(products.c.id).limit(BATCH)
    write = sa.update(products).where(products.c.id == sa.bindparam("key"))
    bind, last = op.get_bind(), 0
    while rows := bind.execute(read.where(products.c.id > last)).all():
        texts = [{"key": row.id, "search_text": searchable(row.sku, row.name)} for row in rows]
        bind.execute(write, texts)
        last = rows[-1].id
