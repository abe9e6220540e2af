"""How products and categories are put back to what they were."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Select, func, insert, select
from sqlalchemy.exc import IntegrityError

from dashboard.catalogue.bulk import change_products, read_products
from dashboard.catalogue.flows import (
    delete_categories,
    rename_category,
)
from dashboard.catalogue.lookalikes import CategoryLooks
from dashboard.catalogue.models import Category
from dashboard.catalogue.skus import taken_by_others
from dashboard.catalogue.trash import PRODUCTS, restore_products, trash_products
from dashboard.database.errors import is_duplicate
from dashboard.database.locks import for_writing
from dashboard.extensions import db
from dashboard.history.models import Action, Change
from dashboard.history.recording import Entry, record
from dashboard.history.values import differences
from dashboard.refusal import Refusal
from dashboard.registry import Values, registry
from dashboard.text.shortening import quoted
from dashboard.trash.flows import of_records
from dashboard.trash.models import Trashed

CATEGORY_GONE = "Nothing was reverted: the category that it had is gone."
SKU_TAKEN = "Nothing was reverted: another product now has the SKU."


class ProductReverting:
    """Products: deleted ones come back from the trash."""

    def read(self, keys: Sequence[int], *, lock: bool) -> Mapping[int, Values]:
        """The products with these ids, as they are now."""
        return {row["id"]: row for row in read_products(keys, lock=lock)}

    def lost(self, keys: Sequence[int], *, lock: bool) -> Mapping[int, str]:
        """Those that are no longer in the trash."""
        found = select(Trashed.record_key).where(of_records(PRODUCTS, keys))
        there = set(map(int, db.session.scalars(for_writing(found, Trashed.id) if lock else found)))
        return {key: "was permanently deleted" for key in keys if key not in there}

    def change(self, new: Mapping[int, Values]) -> int:
        """Give products new values; raises Refusal where the SKU is taken or the category gone."""
        wanted = {values["category_id"] for values in new.values() if values.get("category_id")}
        there = set(db.session.scalars(select(Category.id).where(Category.id.in_(wanted))))
        if wanted - there:
            raise Refusal(CATEGORY_GONE)
        if taken_by_others([values["sku"] for values in new.values() if "sku" in values], [*new]):
            raise Refusal(SKU_TAKEN)
        try:
            return change_products([*new], lambda row: new[row["id"]])
        except IntegrityError as error:
            raise Refusal(SKU_TAKEN if is_duplicate(error) else CATEGORY_GONE) from error

    def remove(self, keys: Sequence[int]) -> int:
        """Move products to the trash."""
        return trash_products(keys)

    def restore(self, old: Mapping[int, Values]) -> int:
        """Bring products back from the trash."""
        return restore_products([*old])


class CategoryReverting:
    """Categories: deleted ones are made again, under the number that they had."""

    def read(self, keys: Sequence[int], *, lock: bool) -> Mapping[int, Values]:
        """The categories with these ids, as they are now."""
        found = _rows(keys, lock=lock)
        return {
            key: {"version": row.version, **registry().of(Category).values(row)} for key, row in found.items()
        }

    def lost(self, keys: Sequence[int], *, lock: bool) -> Mapping[int, str]:  # noqa: ARG002
        """None: all that a category has is in the history."""
        return {}

    def change(self, new: Mapping[int, Values]) -> int:
        """Rename categories; raises Refusal where another one looks the same."""
        rows = _rows([*new])
        for key, values in new.items():
            rename_category(rows[key], values["name"])
        return len(new)

    def remove(self, keys: Sequence[int]) -> int:
        """Delete categories; raises Refusal where one holds products."""
        return delete_categories([*_rows(keys).values()])

    def restore(self, old: Mapping[int, Values]) -> int:
        """Make categories again; raises Refusal where another one looks the same."""
        taken = CategoryLooks()  # once: each look at them all takes as long as there are categories
        for key, values in old.items():
            if other := taken.like(values["name"]):
                raise Refusal(f"Nothing was reverted: {quoted(other)} is now another category.")
            taken.add(values["name"])
            # Past the session, which would start to count versions again.
            version = 1 + (db.session.scalar(_last_version(key)) or 0)
            db.session.connection().execute(
                insert(Category.__table__).values(id=key, version=version, **values)
            )
            fields = differences({}, values, registry().of(Category).fields)
            record(db.session, [Entry(registry().of(Category).kind, key, Action.CREATE, version, fields)])
        return len(old)


def _rows(keys: Sequence[int], *, lock: bool = True) -> Mapping[int, Category]:
    found = select(Category).where(Category.id.in_(keys))
    return {row.id: row for row in db.session.scalars(for_writing(found, Category.id) if lock else found)}


def _last_version(key: int) -> Select[int | None]:
    return select(func.max(Change.version)).where(Change.of(registry().of(Category).kind, key))
