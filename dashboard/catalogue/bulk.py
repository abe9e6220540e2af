"""Changing thousands of products by statement, each change in the history. The caller commits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, select, update

from dashboard.catalogue.models import Product
from dashboard.database.locks import for_writing
from dashboard.extensions import db
from dashboard.history.models import Action
from dashboard.history.recording import PAST_LEDGER, Entry, record
from dashboard.history.values import differences
from dashboard.registry import Record, Values, registry
from dashboard.search.following import following
from dashboard.search.index import among

# Changes of thousands of rows do not look for their records in the session.
PAST_MEMORY = {"synchronize_session": False, **PAST_LEDGER}
FEW = 8  # statements rather than one for each row


def products() -> Record:
    """Return the registry's declaration of products."""
    return registry().of(Product)


def read_products(keys: Sequence[int], *, lock: bool = True) -> Sequence[Values]:
    """The products with these ids, in their order: ``id``, ``version`` and every field that is kept.

    Where `lock` is set they stay as they are until the transaction ends.
    """
    fields = select(Product.id, Product.version, *products().columns).where(among(Product.id, keys))
    found = db.session.execute(for_writing(fields, Product.id) if lock else fields.order_by(Product.id))
    return [dict(row) for row in found.mappings()]


def change_products(keys: Sequence[int], change: Callable[[Values], Values]) -> int:
    """Give the products with these ids the values that `change` says for each; returns how many there are.

    Those that have them already do not change. Products in memory keep the old ones until read again.
    """
    rows = read_products(keys)
    changed = [(row, new) for row in rows if (new := _new_values(row, change(row)))]
    record(
        db.session,
        (
            Entry(products().kind, row["id"], Action.CHANGE, row["version"] + 1, differences(row, new, new))
            for row, new in changed
        ),
    )
    _write(changed)
    return len(rows)


def _new_values(row: Values, values: Values) -> dict[str, Any]:
    """Return the `values` that differ from `row`."""
    return {name: value for name, value in values.items() if row[name] != value}


def _write(changed: Iterable[tuple[Values, Values]]) -> None:
    alike: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for row, new in changed:
        after = {**new, **following(Product.__table__, row, new)}
        alike[tuple(after.items())].append(row["id"])
    if len(alike) <= FEW:
        for values, keys in alike.items():
            statement = update(Product).where(among(Product.id, keys))
            new_values = {**dict(values), "version": Product.version + 1}
            db.session.execute(statement.values(new_values), execution_options=PAST_MEMORY)
    else:
        _write_each(alike)


def _write_each(alike: Mapping[tuple[tuple[str, Any], ...], Sequence[int]]) -> None:
    """One statement for each row, sent together as far as they set the same columns."""
    by_columns: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for values, keys in alike.items():
        new = {f"new_{name}": value for name, value in values}
        by_columns[tuple(name for name, _ in values)] += [{**new, "key": key} for key in keys]
    table = Product.__table__
    for names, rows in by_columns.items():
        statement = (
            update(table)
            .where(table.c.id == bindparam("key"))
            .values({name: bindparam(f"new_{name}", type_=table.c[name].type) for name in names})
        )
        db.session.connection().execute(statement.values(version=table.c.version + 1), rows)
