"""Importing products: the fields that files can fill, and writing very many products."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from dashboard.catalogue.bulk import products
from dashboard.catalogue.flows import CATEGORY_GONE, create_categories
from dashboard.catalogue.import_rows import ProductRows
from dashboard.catalogue.models import PHOTOS, Category, ProductStatus
from dashboard.catalogue.skus import taken_fault, taken_keys
from dashboard.extensions import db
from dashboard.history.writing import change_rows, create_rows
from dashboard.importing.fields import Given, ImportField, Kind, Matching, Outcome, RowRefused
from dashboard.refusal import Refusal
from dashboard.registry import Values
from dashboard.search.index import among
from dashboard.search.keys import sort_key

NOT_STORED = "The database refused this row or a later one. Check the file and try again."
STATUSES = {status.value: status.value for status in ProductStatus}
SKU_WORDS = (
    "article number",
    "article no",
    "article code",
    "item number",
    "item no",
    "item code",
    "part number",
    "product number",
    "product code",
    "stock keeping unit",
)
FIELDS = (
    ImportField(name="sku", label="SKU", is_needed=True, is_key=True, others=SKU_WORDS),
    ImportField(
        name="name",
        label="Name",
        is_needed=True,
        others=("title", "product", "product name", "article name", "item name"),
    ),
    ImportField(name="description", label="Description", others=("details", "long text")),
    ImportField(
        name="price",
        label="Price",
        kind=Kind.NUMBER,
        is_needed=True,
        others=("unit price", "price each", "sales price", "retail price", "list price"),
    ),
    ImportField(name="currency", label="Currency", others=("currency code", "price currency")),
    ImportField(
        name="stock",
        label="Stock",
        kind=Kind.NUMBER,
        others=("quantity", "qty", "amount", "pieces", "on hand", "stock level", "inventory"),
    ),
    ImportField(
        name="status", label="Status", kind=Kind.CHOICE, choices=STATUSES, others=("product status",)
    ),
    ImportField(
        name="category",
        label="Category",
        can_create="category",
        others=("categories", "category name", "product category", "product group", "department"),
    ),
    ImportField(
        name=PHOTOS.field,
        label="Photos",
        kind=Kind.FILES,
        files=PHOTOS,
        others=("photo", "pictures", "picture", "images", "image", "image files"),
    ),
)


class ProductImporter:
    """Imports products; it belongs to the current application."""

    fields: Sequence[ImportField] = FIELDS
    at_once = 10_000

    def __init__(self) -> None:
        self.record = products()

    def examples(self, _name: str) -> Sequence[str]:
        """No names of records: the example creates its categories by hand."""
        return ()

    def same(self, name: str, text: str) -> str:  # noqa: ARG002
        """The SKU: older products may have SKUs that differ in case only."""
        return text.strip()

    def outcomes(self, rows: Sequence[Given], how: Matching, *, lock: bool) -> Sequence[Outcome]:
        """Say what each row does, by the rules of the form; see `Importer`."""
        found = ProductRows(rows, how, lock=lock)
        return [found.outcome(row) for row in rows]

    def write(self, outcomes: Sequence[Outcome]) -> None:
        """Create and change products, after the categories that they need. Raises RowRefused."""
        _create_categories(outcomes)
        try:
            # A savepoint, so that what is in the way can still be read.
            with db.session.connection().begin_nested():
                create_rows(db.session, self.record, _created(outcomes))
                change_rows(db.session, self.record, _changed(outcomes))
        except IntegrityError as error:
            raise _refused(outcomes) from error

    def after(self) -> None:
        """Do nothing: nothing waits until products are committed."""


def _create_categories(outcomes: Sequence[Outcome]) -> None:
    """Create the categories that are missing, and let the products have them."""
    needing = [(each, name) for each in outcomes for _, name in each.creates]
    if not needing:
        return
    there = _categories({name for _, name in needing})
    missing = [*dict.fromkeys(name for _, name in needing if name not in there)]
    try:
        there.update(zip(missing, create_categories(missing), strict=True))
    except Refusal as error:
        first = next(each for each, name in needing if name in missing)
        raise RowRefused(first.number, str(error)) from error
    for each, name in needing:
        each.data.values["category_id"] = there[name]


def _categories(names: Collection[str]) -> dict[str, int]:
    """The ids of the categories with these names: another row or user may have created them since."""
    its = select(Category.name, Category.id).where(among(Category.name, [*names]))
    return {row.name: row.id for row in db.session.connection().execute(its)}


def _created(outcomes: Iterable[Outcome]) -> list[Values]:
    return [each.data.values for each in outcomes if each.data.row is None]


def _changed(outcomes: Iterable[Outcome]) -> list[tuple[Values, Values]]:
    return [(each.data.row, each.data.values) for each in outcomes if each.data.row is not None]


def _refused(outcomes: Sequence[Outcome]) -> RowRefused:
    """The row for which the database refused them: another user was quicker."""
    taken = taken_keys(values["sku"] for values in _created(outcomes))
    wanted = {key for each in outcomes if (key := each.data.values.get("category_id"))}
    there = {*db.session.scalars(select(Category.id).where(among(Category.id, [*wanted])))}
    for each in outcomes:
        values = each.data.values
        if each.data.row is None and (
            fault := taken_fault(values["sku"], taken.get(sort_key(values["sku"]), ()))
        ):
            return RowRefused(each.number, fault)
        if (values.get("category_id") or 0) in wanted - there:
            return RowRefused(each.number, CATEGORY_GONE)
    return RowRefused(outcomes[0].number, NOT_STORED)
