"""SKUs without regard to case: which are taken, and which older ones differ only in case.

No two products get SKUs that differ in case only: their sort keys are unique. Those that are older than this
rule stay; all but the oldest of them have the sort key that they share in ``sku_twin``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, or_, select, union_all
from sqlalchemy.orm import aliased

from dashboard.catalogue.models import Product
from dashboard.extensions import db
from dashboard.search.keys import sort_key

MOST_NAMED = 3


def taken_by_others(skus: Iterable[str], but: Collection[int] = ()) -> list[str]:
    """The first SKUs of products that equal one of `skus` but for case; `but` are ids to skip."""
    found = select(Product.sku).where(_has_key({*map(sort_key, skus)}), Product.id.not_in(but))
    return [*db.session.scalars(found.order_by(Product.sku_key).limit(MOST_NAMED))]


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
