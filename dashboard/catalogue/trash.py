"""The trash: where products go when they are deleted, and come back from. The caller commits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, func, insert, literal, select
from sqlalchemy.exc import IntegrityError

from dashboard import clock
from dashboard.catalogue.bulk import PAST_MEMORY, products, read_products
from dashboard.catalogue.flows import CATEGORY_GONE
from dashboard.catalogue.models import Product, TrashedProduct
from dashboard.catalogue.skus import taken_by_others
from dashboard.database.errors import is_duplicate
from dashboard.database.locks import for_writing
from dashboard.database.transactions import begin_write
from dashboard.extensions import db
from dashboard.history.models import Action, ChangeKind, ChangeSet, Origin
from dashboard.history.recording import Entry, describe, record
from dashboard.history.values import differences
from dashboard.refusal import Refusal
from dashboard.registry import Values
from dashboard.search.index import among

DERIVED = ("name_key", "sku_key", "search_text")
PURGED_AT_ONCE = 1000
SKU_TAKEN = "Another product has just taken the SKU. Change that SKU first."


def trash_products(keys: Sequence[int]) -> int:
    """Move the products with these ids to the trash; returns how many there were."""
    rows = read_products(keys)
    change_set = record(db.session, _entries(rows, Action.DELETE))
    if change_set is None:
        return 0
    among_them = among(Product.id, [row["id"] for row in rows])
    author = select(ChangeSet.author_id).where(ChangeSet.id == change_set).scalar_subquery()
    more = {"version": Product.version, "deleted_at": literal(clock.now(), TrashedProduct.deleted_at.type)}
    more |= {"deleted_by_id": author, "change_set_id": literal(change_set)}
    more |= {"sku_key": func.coalesce(Product.sku_twin, Product.sku_key)}  # as it is once it has no twin
    _move(Product, TrashedProduct, among_them, more)
    return len(rows)


def restore_products(keys: Sequence[int]) -> int:
    """Bring the products with these ids back from the trash, as they were; returns how many there were.

    Raises Refusal, bringing none back, where another product has taken the SKU of one, or a category
    was deleted at the same moment.
    """
    rows = _read_trash(keys)
    among_them = among(TrashedProduct.id, [row["id"] for row in rows])
    _refuse_taken(rows)
    describe(db.session, kind=ChangeKind.RESTORE)
    record(db.session, _entries(rows, Action.CREATE))
    more = {
        "version": TrashedProduct.version + 1,
        "updated_at": literal(clock.now(), Product.updated_at.type),
    }
    try:
        _move(TrashedProduct, Product, among_them, more)
    except IntegrityError as error:
        raise Refusal(SKU_TAKEN if is_duplicate(error) else CATEGORY_GONE) from error
    return len(rows)


def purge_products(keys: Sequence[int]) -> int:
    """Take the products with these ids out of the trash for good; returns how many there were."""
    return _purge(_read_trash(keys))


def _purge(rows: Sequence[Values]) -> int:
    describe(db.session, kind=ChangeKind.PURGE)
    # Its name, so that the history can still say what it was that went.
    named = ((row["id"], differences(row, {}, ("name",))) for row in rows)
    record(db.session, (Entry(products().kind, key, Action.PURGE, None, name) for key, name in named))
    gone = delete(TrashedProduct).where(among(TrashedProduct.id, [row["id"] for row in rows]))
    db.session.execute(gone, execution_options=PAST_MEMORY)
    return len(rows)


def purge_expired(days: int) -> int:
    """Take out for good what has lain in the trash for more than `days`, some of it; 0 days keep everything.

    A transaction of its own, and nobody's doing. Returns how many went.
    """
    if not (days and _expired(days)):
        return 0
    begin_write(db.session)
    note = f"After {days} days in the trash"
    describe(db.session, author_id=None, origin=Origin.COMMAND, note=note)
    # One may have been restored and deleted again, which gives it another while.
    number = _purge(_read_trash(_expired(days), TrashedProduct.deleted_at < expiry(days)))
    db.session.commit()
    return number


def _expired(days: int) -> Sequence[int]:
    expired = select(TrashedProduct.id).where(TrashedProduct.deleted_at < expiry(days))
    return db.session.scalars(expired.order_by(TrashedProduct.deleted_at).limit(PURGED_AT_ONCE)).all()


def expiry(days: int) -> datetime:
    """The moment before which what was deleted is gone for good."""
    return clock.now() - timedelta(days=days)


def still_there(days: int) -> list[ColumnElement[bool]]:
    """What can be brought back; what lay there for too long is gone even before it is swept out."""
    return [TrashedProduct.deleted_at >= expiry(days)] if days else []


def find_in_trash(key: int, days: int) -> TrashedProduct | None:
    """The product with this id, if it can be brought back."""
    statement = select(TrashedProduct).where(TrashedProduct.id == key, *still_there(days))
    found: TrashedProduct | None = db.session.scalar(statement)
    return found


def _entries(rows: Iterable[Values], action: Action) -> Iterable[Entry]:
    for row in rows:
        there = action == Action.CREATE
        before, after = ({}, row) if there else (row, {})
        version = row["version"] + 1 if there else None
        yield Entry(
            products().kind, row["id"], action, version, differences(before, after, products().fields)
        )


def _read_trash(keys: Sequence[int], *conditions: ColumnElement[bool]) -> Sequence[Values]:
    """Those of the products with these ids that are there, which nobody takes away until this ends."""
    fields = [getattr(TrashedProduct, name) for name in ("id", "version", *products().fields)]
    statement = select(*fields).where(among(TrashedProduct.id, keys), *conditions)
    found = db.session.execute(for_writing(statement, TrashedProduct.id))
    return [dict(row) for row in found.mappings()]


def _refuse_taken(rows: Iterable[Values]) -> None:
    if found := taken_by_others([row["sku"] for row in rows]):
        raise Refusal(f"Another product now has this SKU: {', '.join(found)}. Change that SKU first.")


def _move(source: type[Any], target: type[Any], condition: ColumnElement[bool], more: Values) -> None:
    """Move rows by statement; `more` says what columns hold that the two do not share as they are."""
    columns = {name: getattr(source, name) for name in ("id", *products().fields, *DERIVED)} | dict(more)
    rows = select(*(value.label(name) for name, value in columns.items())).where(condition)
    db.session.execute(insert(target).from_select(list(columns), rows, include_defaults=False))
    db.session.execute(delete(source).where(condition), execution_options=PAST_MEMORY)
