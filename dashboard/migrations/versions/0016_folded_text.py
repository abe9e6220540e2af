"""Sort keys of names, codes and addresses, and the search of people and categories, in plain letters.

Products whose SKUs differ in case only stay: all but the oldest are marked as its twins.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from dashboard.search.keys import MARK, SortKey, sort_key, unique_sort_key
from dashboard.search.text import searchable

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

BATCH = 2_000  # rows
Rule = tuple[Callable[..., str], tuple[str, ...]]
SEARCH = "search_text"
TABLES: Mapping[str, Mapping[str, Rule]] = {
    "categories": {"name_key": (unique_sort_key, ("name",)), SEARCH: (searchable, ("name",))},
    "products": {
        "name_key": (sort_key, ("name",)),
        "sku_key": (sort_key, ("sku",)),
        SEARCH: (searchable, ("sku", "name")),
    },
    "trashed_products": {
        "name_key": (sort_key, ("name",)),
        "sku_key": (sort_key, ("sku",)),
        SEARCH: (searchable, ("sku", "name")),
    },
    "users": {
        "email_key": (sort_key, ("email",)),
        "name_key": (sort_key, ("name",)),
        SEARCH: (searchable, ("email", "name")),
    },
}
SEARCHED_BEFORE = ("products", "trashed_products")
LENGTHS = {"categories": 300}
OLD_INDEXES = {"ix_products_name_id": "products", "ix_trashed_products_name_id": "trashed_products"}
INDEXES = (
    ("ix_categories_name_key", "categories", ["name_key"], True),
    ("ix_products_name_key_id", "products", ["name_key", "id"], False),
    ("ix_products_sku_key", "products", ["sku_key"], True),
    ("ix_trashed_products_name_key_id", "trashed_products", ["name_key", "id"], False),
    ("ix_users_email_key_id", "users", ["email_key", "id"], False),
    ("ix_users_name_key_id", "users", ["name_key", "id"], False),
)


def upgrade() -> None:
    for name in OLD_INDEXES:
        op.drop_index(name)
    op.add_column("products", sa.Column("sku_twin", SortKey(), nullable=True))
    for table, rules in TABLES.items():
        for column in _added(table):
            kind = sa.Text() if column == SEARCH else SortKey(LENGTHS.get(table, 200))
            op.add_column(table, sa.Column(column, kind, nullable=False, server_default=""))
        _fill(table, rules)
    _mark_twins()
    for name, table, columns, unique in INDEXES:
        op.create_index(name, table, columns, unique=unique)
    there = sa.text("sku_twin IS NOT NULL")
    op.create_index(
        "ix_products_sku_twin", "products", ["sku_twin"], sqlite_where=there, postgresql_where=there
    )


def downgrade() -> None:
    op.drop_index("ix_products_sku_twin")
    for name, *_ in INDEXES:
        op.drop_index(name)
    for table in TABLES:
        for column in reversed(_added(table)):
            op.drop_column(table, column)
    op.drop_column("products", "sku_twin")
    for name, table in OLD_INDEXES.items():
        op.create_index(name, table, ["name", "id"])


def _added(table: str) -> list[str]:
    return [name for name in TABLES[table] if name != SEARCH or table not in SEARCHED_BEFORE]


def _fill(table: str, rules: Mapping[str, Rule]) -> None:
    """Write the new columns of every row, some at a time, and the text of the search where it differs."""
    added = _added(table)
    for rows in _batches(table, rules):
        texts = [{name: make(*(row[s] for s in of)) for name, (make, of) in rules.items()} for row in rows]
        filled = [{"id": row["id"], **text} for row, text in zip(rows, texts, strict=True)]
        _write(table, added, filled)
        if SEARCH not in added:
            stale = [new for row, new in zip(rows, filled, strict=True) if row[SEARCH] != new[SEARCH]]
            _write(table, [SEARCH], stale)


def _batches(table: str, rules: Mapping[str, Rule]) -> Iterator[Sequence[sa.RowMapping]]:
    names = {"id", *(source for _, sources in rules.values() for source in sources)}
    names |= {SEARCH} & ({*rules} - {*_added(table)})
    found = sa.table(table, *map(sa.column, sorted(names)))
    read, last = sa.select(found).order_by(found.c.id).limit(BATCH), 0
    while rows := op.get_bind().execute(read.where(found.c.id > last)).mappings().all():
        yield rows
        last = rows[-1]["id"]


def _write(table: str, names: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> None:
    """Write columns of rows: by one statement on PostgreSQL, where triggers run once for each."""
    found, bind = sa.table(table, *map(sa.column, ("id", *names))), op.get_bind()
    if bind.dialect.name == "sqlite":
        write = sa.update(found).where(found.c.id == sa.bindparam("key"))
        write = write.values({name: sa.bindparam(f"new_{name}") for name in names})
        values = [{"key": row["id"], **{f"new_{name}": row[name] for name in names}} for row in rows]
        if values:
            bind.execute(write, values)
        return
    lists: list[Any] = [sa.cast([row["id"] for row in rows], sa.ARRAY(sa.BigInteger))]
    lists += [sa.cast([row[name] for row in rows], sa.ARRAY(sa.Text)) for name in names]
    given = sa.func.unnest(*lists).table_valued("id", *names, name="given").render_derived()
    write = sa.update(found).where(found.c.id == given.c.id)
    bind.execute(write.values({name: given.c[name] for name in names}))


def _mark_twins() -> None:
    """Let all but the oldest of the products with the same key have another, which their own SKU ends."""
    products = sa.table(
        "products", *(sa.column(name, sa.Text) for name in ("id", "sku", "sku_key", "sku_twin"))
    )
    place = sa.func.row_number().over(partition_by=products.c.sku_key, order_by=products.c.id)
    numbered = sa.select(products.c.id, place.label("place")).subquery()
    later = products.c.id.in_(sa.select(numbered.c.id).where(numbered.c.place > 1))
    own = products.c.sku_key.concat(MARK).concat(products.c.sku)
    op.execute(sa.update(products).where(later).values(sku_twin=products.c.sku_key, sku_key=own))
