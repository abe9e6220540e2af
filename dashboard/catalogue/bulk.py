"""Changing thousands of products by statement, each change in the history. The caller commits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import select

from dashboard.catalogue.models import Product
from dashboard.database.locks import for_writing
from dashboard.extensions import db
from dashboard.history.writing import change_rows
from dashboard.registry import Record, Values, registry
from dashboard.search.index import among


def products() -> Record:
    """Return the registry's declaration of products."""
    return registry().of(Product)


def read_products(keys: Sequence[int], *, lock: bool = True) -> Sequence[Values]:
    """The products with these ids, in their order: ``id``, ``version`` and every field that is kept.

    Where `lock` is set they stay as they are until the transaction ends.
    """
    fields = select(Product.id, Product.version, *products().columns).where(among(Product.id, keys))
    found = db.session.execute(for_writing(fields, Product.id) if lock else fields.order_by(Product.id))
    names = [*found.keys()]
    return [dict(zip(names, row, strict=True)) for row in found]


def change_products(keys: Sequence[int], change: Callable[[Values], Values]) -> int:
    """Give the products with these ids the values that `change` says for each; returns how many there are.

    Those that have them already do not change. Products in memory keep the old ones until read again.
    """
    rows = read_products(keys)
    changed = [(row, new) for row in rows if (new := _new_values(row, change(row)))]
    change_rows(db.session, products(), changed)
    return len(rows)


def _new_values(row: Values, values: Values) -> dict[str, Any]:
    """Return the `values` that differ from `row`."""
    return {name: value for name, value in values.items() if row[name] != value}
