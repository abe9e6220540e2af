"""The trash of products. The caller commits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement
from sqlalchemy.exc import IntegrityError

from dashboard import clock
from dashboard.catalogue.flows import CATEGORY_GONE
from dashboard.catalogue.models import Product
from dashboard.catalogue.skus import taken_by_others
from dashboard.database.errors import is_duplicate
from dashboard.refusal import Refusal
from dashboard.search.index import among
from dashboard.trash.flows import of_records, purge, put_back, take, trash_records
from dashboard.trash.hanging import TrashedRow
from dashboard.trash.kinds import Trashable
from dashboard.trash.models import Trashed

PRODUCTS = Trashable(Product, title="name", code="sku")
SKU_TAKEN = "Another product has just taken the SKU. Change that SKU first."


def trash_products(keys: Sequence[int]) -> int:
    """Move the products with these ids to the trash; returns how many there were."""
    return trash_records(PRODUCTS, keys)


def restore_products(keys: Sequence[int]) -> int:
    """Restore the products that had these ids; see `restore_trashed`."""
    return _restore(of_records(PRODUCTS, keys))


def restore_trashed(ids: Sequence[int]) -> int:
    """Restore the products that have these ids in the trash, as they were; returns how many there were.

    Restores all or none; raises Refusal where another product has taken the SKU of one, or a category was
    deleted at the same moment.
    """
    return _restore(among(Trashed.id, ids))


def purge_products(keys: Sequence[int]) -> int:
    """Delete the products that had these ids permanently from the trash; returns how many there were."""
    return purge(of_records(PRODUCTS, keys))


def _restore(where: ColumnElement[bool]) -> int:
    kept = take(PRODUCTS, where)
    _refuse_taken(kept)
    for each in kept:
        each.values.update(version=each.values["version"] + 1, updated_at=clock.now())
    try:
        return put_back(PRODUCTS, kept)
    except IntegrityError as error:
        raise Refusal(SKU_TAKEN if is_duplicate(error) else CATEGORY_GONE) from error


def _refuse_taken(kept: Iterable[TrashedRow]) -> None:
    if found := taken_by_others([each.values["sku"] for each in kept]):
        raise Refusal(f"Another product now has this SKU: {', '.join(found)}. Change that SKU first.")
