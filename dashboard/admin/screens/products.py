"""The products screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from flask_admin.actions import action
from sqlalchemy import func, select

from dashboard.admin.features.bulk_actions import BulkActions
from dashboard.admin.features.bulk_edit import BulkEdit
from dashboard.admin.features.cell_inputs import CellInput
from dashboard.admin.features.deletion import Delete
from dashboard.admin.features.edit import Edit
from dashboard.admin.features.export import Export
from dashboard.admin.features.importing import Import
from dashboard.admin.features.inline import Inline
from dashboard.admin.features.record_files import RecordFiles
from dashboard.admin.features.saved_views import SavedViews
from dashboard.admin.features.timeline import History
from dashboard.admin.features.trash import Trash
from dashboard.admin.kit.detail import Fact
from dashboard.admin.kit.links import linked, linked_to
from dashboard.admin.kit.pictures import file_column
from dashboard.admin.kit.screen import Screen
from dashboard.admin.kit.selection import Selection
from dashboard.admin.kit.wording import outcome_words
from dashboard.admin.screens.product_bulk_form import ProductBulkForm, product_words
from dashboard.admin.screens.product_form import ProductForm
from dashboard.catalogue.bulk import read_products
from dashboard.catalogue.flows import create_product, edit_products, set_status, update_product
from dashboard.catalogue.importing import ProductImporter
from dashboard.catalogue.models import PHOTOS, Category, Product, ProductStatus, ProductTally
from dashboard.catalogue.options import category_called, category_options
from dashboard.catalogue.reverting import ProductReverting
from dashboard.catalogue.rules import check_product, currencies, format_price, plain_price
from dashboard.catalogue.skus import clashing
from dashboard.catalogue.tallies import NO_CATEGORY_ID
from dashboard.catalogue.trash import PRODUCTS as PRODUCTS_IN_TRASH
from dashboard.catalogue.trash import restore_trashed, trash_products
from dashboard.extensions import db
from dashboard.files.lists import Attached
from dashboard.listing.columns import Badge, CellValue, Column, Kind
from dashboard.listing.filters import ANY, Choices, OneOf, Option
from dashboard.listing.once_asked import OnceAsked
from dashboard.listing.ranges import Bounds, Dates
from dashboard.listing.state import Listing
from dashboard.listing.tally import Tally
from dashboard.number_form import number_words
from dashboard.refusal import Refusal
from dashboard.registry import Unit, Values
from dashboard.search.index import TrigramIndex

LOW_STOCK = 5
TONES = {ProductStatus.ACTIVE: "ok", ProductStatus.DRAFT: "warn", ProductStatus.ARCHIVED: "neutral"}
STATUSES = tuple(status.value for status in ProductStatus)
"""The bulk actions that give products a status, which are called like it."""
BADGES = {status: Badge(status.capitalize(), tone) for status, tone in TONES.items()}


def status_badge(status: ProductStatus) -> Badge:
    """The word for a status, with its tint."""
    return BADGES[status]


def linked_category(name: str | None, key: int | None) -> CellValue:
    """The name of a category, which leads to it."""
    return linked(name, Category, key)


STATUS_OPTIONS = [Option(status.value, status.capitalize(), status) for status in ProductStatus]
STOCK_OPTIONS = [
    Option("out", "Out of stock", Product.stock == 0),
    Option("low", f"Low (1 to {LOW_STOCK})", Product.stock.between(1, LOW_STOCK)),
    Option("in", f"In stock (over {LOW_STOCK})", Product.stock > LOW_STOCK),
]
SKU_OPTIONS = [Option("clashing", "Differs from another in case only", Product.id.in_(clashing()))]
PHOTO_OPTIONS = [Option("none", "No photo", None), Option("any", "Has photos", ANY)]
STOCK_TONES = ((0, "bad"), (LOW_STOCK, "warn"))
STATUS_DEEDS = {
    ProductStatus.ACTIVE: "activated {}",
    ProductStatus.DRAFT: "moved {} to draft",
    ProductStatus.ARCHIVED: "archived {}",
}
STATES = {ProductStatus.ACTIVE: "active", ProductStatus.DRAFT: "in draft", ProductStatus.ARCHIVED: "archived"}
CELLS = {
    "sku": CellInput(),
    "category": CellInput(refers_to=Category),
    "price": CellInput("decimal", is_number=True),
    "stock": CellInput("numeric", is_number=True),
    "status": CellInput(options=tuple((status.value, status.capitalize()) for status in ProductStatus)),
}
PRODUCTS = Listing(
    key=Product.id,
    title=Product.name,
    version=Product.version,
    sort="-created",
    is_ranked=True,
    search=TrigramIndex(Product.id, Product.search_text, "product_search", exact=Product.sku_key),
    codes=(Product.sku_key,),
    tally=Tally(
        {
            "status": ProductTally.status.expression,
            "category": func.nullif(ProductTally.category_id, NO_CATEGORY_ID),
        },
        ProductTally.products,
    ),
    counted_above="status",
    joins=(Product.category,),
    columns=(
        Column("name", "Name", (Product.name,), sorted_by=Product.name_key),
        Column("sku", "SKU", (Product.sku,), sorted_by=Product.sku_key),
        Column(
            "category",
            "Category",
            (Category.name, Category.id),
            show=linked_category,
            sorted_by=Category.name_key,
        ),
        Column(
            "price",
            "Price",
            (Product.price, Product.currency),
            Kind.MONEY,
            format_price,
            sorted_by=Product.price_key,
            grouped_by="currency",
        ),
        Column("stock", "Stock", (Product.stock,), Kind.NUMBER, number_words, tones=STOCK_TONES),
        Column("status", "Status", (Product.status,), Kind.BADGE, status_badge),
        Column("created", "Created", (Product.created_at,), Kind.DATE),
        replace(file_column("photo", "Photo", Product.photos, Product.__tablename__), shown=False),
        Column("changed", "Last changed", (Product.updated_at,), Kind.DATE, shown=False),
    ),
    facets=(
        OneOf("status", "Status", lambda: STATUS_OPTIONS, Product.status),
        OneOf("category", "Category", category_options, Product.category_id),
        Choices("stock", "Stock", lambda: STOCK_OPTIONS),
        OnceAsked("sku", "SKU", lambda: SKU_OPTIONS),
        Bounds("price", "Price", Product.price),
        Dates("created", "Created", Product.created_at),
        Bounds("pieces", "Pieces in stock", Product.stock, decimals=0),
        OneOf("photo", "Photo", lambda: PHOTO_OPTIONS, Product.photos),
        Dates("changed", "Last changed", Product.updated_at),
    ),
    further=dict.fromkeys(("pieces", "photo", "changed")),
    export=(
        Column("sku", "SKU", (Product.sku,)),
        Column("name", "Name", (Product.name,)),
        Column("description", "Description", (Product.description,)),
        Column("price", "Price", (Product.price, Product.currency), plain=plain_price),
        Column("currency", "Currency", (Product.currency,)),
        Column("stock", "Stock", (Product.stock,)),
        Column("status", "Status", (Product.status,), plain=str),
        Column("category", "Category", (Category.name,)),
        Column("created_at", "Created", (Product.created_at,)),
        Column("updated_at", "Last changed", (Product.updated_at,)),
        Column("version", "Version", (Product.version,)),
    ),
)


def add_product(_screen: Screen, form: ProductForm) -> Product:
    """Add the product of a valid form."""
    return create_product({**form.values, **form.given})


def save_product(record: Product, form: ProductForm) -> None:
    """Change a product to a valid form."""
    update_product(record, form.values)


def product_values(record: Product) -> Mapping[str, str]:
    """The values of a product as its form holds them."""
    return {
        "name": record.name,
        "sku": record.sku,
        "description": record.description,
        "price": plain_price(record.price, record.currency),
        "currency": record.currency,
        "stock": str(record.stock),
        "status": record.status.value,
        "category": str(record.category_id or ""),
    }


def set_photos(record: Product, field: str, new: Attached) -> None:
    """Give a product other photos."""
    update_product(record, {field: new})


def set_cells(record: Product, texts: Mapping[str, str]) -> None:
    """Change fields by the rules of the form; the currency stays the same."""
    checked = check_product({"currency": record.currency, **texts})
    for name, error in checked.errors.items():
        raise Refusal(error, name)
    new = {name: checked.values[name] for name in texts if name in checked.values}
    if "category" in texts:
        new["category_id"] = category_called(texts["category"])
    update_product(record, new)


def trash_records(records: Sequence[Product]) -> int:
    """Move products to the trash."""
    return trash_products([record.id for record in records])


def trashed_facts(held: Values) -> Sequence[Fact]:
    """All facts of a deleted product, from the columns that it had."""
    name = select(Category.name).where(Category.id == held["category_id"])
    return (
        Fact("SKU", held["sku"]),
        Fact("Status", status_badge(held["status"]), Kind.BADGE),
        Fact("Category", db.session.scalar(name)),
        Fact("Price", format_price(held["price"], held["currency"]), Kind.MONEY),
        Fact("Stock", number_words(held["stock"]), Kind.NUMBER),
        Fact("Created", held["created_at"], Kind.DATE),
        Fact("Description", held["description"] or None, is_long=True),
    )


class ProductView(Screen):
    """Products: the goods in the catalogue."""

    singular = "product"
    empty_text = "Products are what you sell. Each has a SKU, a price and a stock."
    search_placeholder = "Search name or SKU"
    listing = PRODUCTS
    reverting = ProductReverting()
    trash = PRODUCTS_IN_TRASH
    references = {"category": "category_id"}  # noqa: RUF012 - a declaration
    units = {"price": Unit("currency", format_price)}  # noqa: RUF012 - a declaration
    features = (
        SavedViews(),
        BulkEdit(ProductBulkForm, read=read_products, change=edit_products, words=product_words),
        BulkActions(in_steps=STATUSES, menus={"Set status": STATUSES}),
        Inline(CELLS, set_cells=set_cells, values=product_values),
        Edit(
            ProductForm,
            create=add_product,
            update=save_product,
            values=product_values,
            context=lambda: {"datalists": {"currencies": sorted(currencies())}},
        ),
        RecordFiles(PHOTOS, set_list=set_photos),
        Delete(trash_records, remove_keys=trash_products),
        Trash(restore=restore_trashed, facts=trashed_facts),
        History(),
        Export(),
        Import(lambda _: ProductImporter()),
    )

    def facts(self, record: Product) -> Sequence[Fact]:
        """All facts of a product."""
        category = record.category
        return (
            Fact("SKU", record.sku),
            Fact("Category", category and linked_to(str(category), Category, category.id)),
            Fact("Price", format_price(record.price, record.currency), Kind.MONEY),
            Fact("Stock", number_words(record.stock), Kind.NUMBER),
            Fact("Created", record.created_at, Kind.DATE),
            Fact("Last changed", record.updated_at, Kind.DATE),
            Fact("Description", record.description or None, is_long=True),
        )

    def badge(self, record: Product) -> Badge:
        """The status."""
        return status_badge(record.status)

    @action("active", "Activate")
    def activate(self, chosen: Selection) -> str:
        """Put products on sale."""
        return self._set_status(chosen, ProductStatus.ACTIVE, "activated")

    @action("draft", "Move to draft", "Move {} to draft")
    def move_to_draft(self, chosen: Selection) -> str:
        """Take products off sale while they are prepared."""
        return self._set_status(chosen, ProductStatus.DRAFT, "moved to draft")

    @action("archived", "Archive")
    def archive(self, chosen: Selection) -> str:
        """Take products off sale permanently."""
        return self._set_status(chosen, ProductStatus.ARCHIVED, "archived")

    def _set_status(self, chosen: Selection, status: ProductStatus, done: str) -> str:
        total = changed = 0
        for keys in chosen.key_slices():
            total += len(keys)
            changed += set_status(keys, status)
        return outcome_words(changed, total - changed, self.singular, done, STATES[status])
