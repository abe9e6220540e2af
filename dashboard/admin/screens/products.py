"""The products screen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn

from flask import abort, current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin.actions import action
from sqlalchemy import func
from sqlalchemy.exc import DBAPIError

from dashboard.admin.features.bulk_editing import BulkEditing
from dashboard.admin.features.inline import CellInput, InlineEdit
from dashboard.admin.features.saved_views import SavedViews
from dashboard.admin.features.timeline import RecordHistory
from dashboard.admin.kit.detail import Fact, RecordAction
from dashboard.admin.kit.parsing import read_id
from dashboard.admin.kit.selection import Chosen
from dashboard.admin.screens.product_form import ProductForm
from dashboard.catalogue.flows import create_product, set_status, update_product
from dashboard.catalogue.models import (
    Category,
    Product,
    ProductStatus,
    ProductTally,
    TrashedProduct,
)
from dashboard.catalogue.options import category_options
from dashboard.catalogue.rules import (
    check_product,
    currencies,
    format_price,
    plain_price,
)
from dashboard.catalogue.skus import clashing
from dashboard.catalogue.tallies import NO_CATEGORY_ID
from dashboard.catalogue.trash import find_in_trash, purge_expired, trash_products
from dashboard.database.errors import is_outage
from dashboard.extensions import db
from dashboard.listing.columns import Badge, Column, Kind
from dashboard.listing.filters import Bounds, Choices, Dates, OnceAsked, OneOf, Option
from dashboard.listing.state import Listing, Tally
from dashboard.permissions import Permission
from dashboard.refusal import Refusal
from dashboard.search.index import TrigramIndex
from dashboard.words import counted

LOW_STOCK = 5
TONES = {ProductStatus.ACTIVE: "ok", ProductStatus.DRAFT: "warn", ProductStatus.ARCHIVED: "neutral"}
BADGES = {status: Badge(status.capitalize(), tone) for status, tone in TONES.items()}


def trash_days() -> int:
    """How many days a deleted product can be brought back; 0 for ever."""
    return int(current_app.extensions["settings"].trash_days)


def status_badge(status: ProductStatus) -> Badge:
    """A status as a word with its tint."""
    return BADGES[status]


STATUS_OPTIONS = [Option(status.value, status.capitalize(), status) for status in ProductStatus]
STOCK_OPTIONS = [
    Option("out", "Out of stock", Product.stock == 0),
    Option("low", f"Low (1 to {LOW_STOCK})", Product.stock.between(1, LOW_STOCK)),
    Option("in", f"In stock (over {LOW_STOCK})", Product.stock > LOW_STOCK),
]
SKU_OPTIONS = [Option("clashing", "Differs from another in case only", Product.id.in_(clashing()))]


class ProductView(SavedViews, InlineEdit, BulkEditing, RecordHistory):
    """Products: what there is to sell."""

    singular = "product"
    empty_text = "Products are what you sell: each has a SKU, a price and a stock."
    search_placeholder = "Search name or SKU"
    deletion_text = "What is deleted goes to the trash, from where it can be brought back."
    form_class = ProductForm
    merge_together = (("price", "currency"),)
    permissions = {  # noqa: RUF012 - a declaration
        "index_view": Permission.PRODUCTS_READ,
        "details_view": Permission.PRODUCTS_READ,
        "create_view": Permission.PRODUCTS_WRITE,
        "edit_view": Permission.PRODUCTS_WRITE,
        "editing_view": Permission.PRODUCTS_WRITE,
        "delete_view": Permission.PRODUCTS_WRITE,
        "action_view": Permission.PRODUCTS_WRITE,
        "cell_view": Permission.PRODUCTS_WRITE,
        "export": Permission.PRODUCTS_EXPORT,
    }
    editable = {  # noqa: RUF012 - a declaration
        "price": CellInput("decimal"),
        "stock": CellInput("numeric"),
        "status": CellInput(options=tuple((status.value, status.capitalize()) for status in ProductStatus)),
    }
    listing = Listing(
        key=Product.id,
        title=Product.name,
        version=Product.version,
        sort="-created",
        search=TrigramIndex(Product.id, Product.search_text, "product_search", exact=Product.sku_key),
        tally=Tally(
            {
                "status": ProductTally.status.expression,
                "category": func.nullif(ProductTally.category_id, NO_CATEGORY_ID),
            },
            ProductTally.products,
        ),
        joins=(Product.category,),
        columns=(
            Column("name", "Name", (Product.name,), sorted_by=Product.name_key),
            Column("sku", "SKU", (Product.sku,), sorted_by=Product.sku_key),
            Column("category", "Category", (Category.name,), sorted_by=Category.name_key),
            Column("price", "Price", (Product.price, Product.currency), Kind.MONEY, format_price),
            Column("stock", "Stock", (Product.stock,), Kind.NUMBER, "{:,}".format),
            Column("status", "Status", (Product.status,), Kind.BADGE, status_badge),
            Column("created", "Created", (Product.created_at,), Kind.DATE),
            Column("changed", "Last changed", (Product.updated_at,), Kind.DATE, shown=False),
        ),
        facets=(
            OneOf("status", "Status", lambda: STATUS_OPTIONS, Product.status),
            OneOf("category", "Category", category_options, Product.category_id),
            Choices("stock", "Stock", lambda: STOCK_OPTIONS),
            OnceAsked("sku", "SKU", lambda: SKU_OPTIONS),
            Bounds("price", "Price", Product.price),
            Dates("created", "Created", Product.created_at),
        ),
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

    def create(self, form: ProductForm) -> Product:
        """Add the product of a valid form."""
        return create_product(form.values)

    def update(self, record: Product, form: ProductForm) -> None:
        """Change a product to a valid form."""
        update_product(record, form.values)

    def attempt(self, change: Callable[[], str]) -> ResponseReturnValue:
        """Make a change as ever; what has lain in the trash for too long goes on such an occasion."""
        answer = super().attempt(change)
        try:
            purge_expired(trash_days())
        except DBAPIError as error:  # what was asked for is done already: no answer of 503 says so
            if not is_outage(error):
                raise
            db.session.rollback()
            current_app.logger.info("The trash will be swept next time: %s", error.orig)
        return answer

    def missing(self) -> NoReturn:
        """Say where a product is that was deleted, and lead those who may bring it back to it."""
        trashed = self.in_trash()
        if trashed is None:
            abort(404)
        url = self.trash_url()
        if request.method == "GET" and url:
            flash(f"{self.name_of(trashed)} is in the trash.", "warning")
            abort(redirect(url))
        abort(404, f"{self.name_of(trashed)} is in the trash. An editor can bring it back.")

    def in_trash(self) -> TrashedProduct | None:
        """The product that the request names, if it can be brought back."""
        key = read_id(request.values.get("id", ""))
        return None if key is None else find_in_trash(key, trash_days())

    def timeline_actions(self, key: int, exists: bool) -> Sequence[RecordAction]:  # noqa: ARG002
        """Where a product is brought back from the trash."""
        url = None if exists else self.trash_url()
        return (RecordAction("Find it in the trash", url),) if url else ()

    def trash_url(self) -> str | None:
        """Where those who may edit find what somebody deleted."""
        trashed = self.in_trash() if self.allows("edit_view") else None
        return url_for("trash.details_view", id=trashed.id) if trashed else None

    def set_cell(self, record: Product, field: str, text: str) -> None:
        """Change one field, by the same rules as in the form; the currency stays."""
        checked = check_product({"currency": record.currency, field: text})
        if error := checked.errors.get(field):
            raise Refusal(error)
        update_product(record, {field: checked.values[field]})

    def remove(self, records: Sequence[Product]) -> int:
        """Move products to the trash."""
        return trash_products([record.id for record in records])

    def form_values(self, record: Product) -> Mapping[str, str]:
        """A product as its form holds it."""
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

    def facts(self, record: Product) -> Sequence[Fact]:
        """A product in full."""
        return (
            Fact("SKU", record.sku),
            Fact("Category", str(record.category) if record.category else None),
            Fact("Price", format_price(record.price, record.currency), Kind.MONEY),
            Fact("Stock", f"{record.stock:,}", Kind.NUMBER),
            Fact("Created", record.created_at, Kind.DATE),
            Fact("Last changed", record.updated_at, Kind.DATE),
            Fact("Description", record.description or None, is_long=True),
        )

    def badge(self, record: Product) -> Badge:
        """The status."""
        return status_badge(record.status)

    def page(self, template: str, **context: Any) -> str:
        """Give every page the currencies to choose from where it has a form."""
        if "form" in context:
            context["datalists"] = {"currencies": sorted(currencies())}
        return super().page(template, **context)

    @action("active", "Set to active")
    def set_active(self, chosen: Chosen) -> str:
        """Put products on sale."""
        return self._set_status(chosen, ProductStatus.ACTIVE)

    @action("draft", "Set to draft")
    def set_draft(self, chosen: Chosen) -> str:
        """Take products back to being prepared."""
        return self._set_status(chosen, ProductStatus.DRAFT)

    @action("archived", "Set to archived")
    def set_archived(self, chosen: Chosen) -> str:
        """Take products off sale for good."""
        return self._set_status(chosen, ProductStatus.ARCHIVED)

    @action("delete", "Delete")
    def action_delete(self, chosen: Chosen) -> str:
        """Move products to the trash."""
        number = sum(map(trash_products, chosen.key_slices()))
        return f"{counted(number, self.singular)} deleted."

    def _set_status(self, chosen: Chosen, status: ProductStatus) -> str:
        number = sum(set_status(keys, status) for keys in chosen.key_slices())
        return f"{counted(number, self.singular)} set to {status}."
