"""SKUs without regard to case: which are taken, and which older ones differ only in case.

No two products get SKUs that differ in case only: their sort keys are unique. Those that are older than this
rule stay; all but the oldest of them have the sort key that they share in ``sku_twin``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, or_, select, union_all
from sqlalchemy.orm import aliased

from dashboard.catalogue.models import Product
from dashboard.extensions import db
from dashboard.search.index import among
from dashboard.search.keys import sort_key

MOST_NAMED = 3
SKU_TAKEN = "This SKU is already in use."


def taken_by_others(skus: Iterable[str], but: Collection[int] = ()) -> list[str]:
    """The first SKUs of products that equal one of `skus` but for case; `but` are ids to skip."""
    found = select(Product.sku).where(_has_key({*map(sort_key, skus)}), Product.id.not_in(but))
    return [*db.session.scalars(found.order_by(Product.sku_key).limit(MOST_NAMED))]


def taken_keys(skus: Iterable[str]) -> dict[str, list[str]]:
    """The sort keys of `skus` that products have, each with the SKUs of these, that of the oldest first.

    Unlike `taken_by_others` it is for thousands.
    """
    keys = [*{*map(sort_key, skus)}]
    its = [select(key, Product.sku).where(among(key, keys)) for key in (Product.sku_key, Product.sku_twin)]
    taken: dict[str, list[str]] = {}
    for key, sku in db.session.connection().execute(union_all(*its)) if keys else ():
        taken.setdefault(str(key), []).append(sku)
    return taken


def taken_fault(sku: str, others: Sequence[str]) -> str | None:
    """Say in plain words which of `others`, which equal `sku` but for case, is in its way, or None."""
    if not others:
        return None
    if sku in others:
        return SKU_TAKEN
    return f"Another product has the SKU {others[0]}, which differs in case only."


def _has_key(keys: Collection[str]) -> ColumnElement[bool]:
    return or_(Product.sku_key.in_(keys), Product.sku_twin.in_(keys))


def clashing() -> CompoundSelect[int]:
    """Read the ids of the products whose SKUs differ from another's only in case, from small indexes."""
    keys = _shared_keys()
    oldest, later = aliased(Product), aliased(Product)
    return union_all(
        select(oldest.id).where(oldest.sku_key.in_(keys)), select(later.id).where(later.sku_twin.in_(keys))
    )


def _shared_keys() -> Select[str | None]:
    """Read the sort keys that several SKUs have; a twin whose counterpart was changed or deleted is alone."""
    twin, other = aliased(Product), aliased(Product)
    as_twin = and_(other.sku_twin == twin.sku_twin, other.id != twin.id)
    another = select(other.id).where(or_(other.sku_key == twin.sku_twin, as_twin))
    return select(twin.sku_twin).where(twin.sku_twin.is_not(None), another.exists())
