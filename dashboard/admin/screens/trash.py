"""The trash: products that were deleted, to be brought back or to go for good."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_admin.actions import action

from dashboard.accounts.models import User
from dashboard.accounts.names import called
from dashboard.admin.features.bulk_actions import BulkActions
from dashboard.admin.kit.asking import about, ask_or_do, only
from dashboard.admin.kit.confirmation import Confirmation
from dashboard.admin.kit.detail import Fact, RecordAction
from dashboard.admin.kit.gate import route
from dashboard.admin.kit.screen import Screen
from dashboard.admin.kit.selection import Selection
from dashboard.admin.screens.products import STATUS_OPTIONS, status_badge, trash_days
from dashboard.bounds import TRIMMED
from dashboard.catalogue.models import NAME_LENGTH, Category, Product, TrashedProduct
from dashboard.catalogue.options import category_options
from dashboard.catalogue.rules import format_price
from dashboard.catalogue.trash import purge_products, restore_products, still_there
from dashboard.extensions import db
from dashboard.history.since import position
from dashboard.listing.columns import Badge, Column, Kind
from dashboard.listing.filters import Dates, OneOf
from dashboard.listing.state import Listing
from dashboard.permissions import Access, Permission, Role
from dashboard.registry import Record, registry
from dashboard.search.index import ColumnSearch
from dashboard.words import counted

FOR_GOOD = "It is deleted for good and cannot be brought back. Its history stays."


def deleter(name: str | None, key: int, email: str, role: Role) -> str | None:
    """Who deleted a product; None where the account is gone or a command did it."""
    return None if name is None else called(key, email, name, role)


class TrashView(Screen):
    """The trash."""

    singular = "product"
    empty_text = "Products that are deleted lie here until they are brought back or go for good."
    search_placeholder = "Search name or SKU"
    listing = Listing(
        key=TrashedProduct.id,
        title=TrashedProduct.name,
        sort="-deleted",
        search=ColumnSearch(TrashedProduct.search_text),
        joins=(TrashedProduct.category, TrashedProduct.deleted_by),
        scope=lambda: still_there(trash_days()),
        columns=(
            Column("name", "Name", (TrashedProduct.name,), sorted_by=TrashedProduct.name_key),
            Column("sku", "SKU", (TrashedProduct.sku,), sorted_by=TrashedProduct.sku_key),
            Column("category", "Category", (Category.name,), sorted_by=Category.name_key),
            Column("status", "Status", (TrashedProduct.status,), Kind.BADGE, status_badge),
            Column(
                "by",
                "Deleted by",
                (User.name, User.id, User.email, User.role),
                show=deleter,
                sorted_by=User.name_key,
            ),
            Column("deleted", "Deleted", (TrashedProduct.deleted_at,), Kind.DATE),
        ),
        facets=(
            OneOf("status", "Status", lambda: STATUS_OPTIONS, TrashedProduct.status),
            OneOf("category", "Category", category_options, TrashedProduct.category_id),
            Dates("deleted", "Deleted", TrashedProduct.deleted_at),
        ),
    )

    features = (BulkActions(),)

    def facts(self, record: TrashedProduct) -> Sequence[Fact]:
        """What was deleted, when and by whom."""
        by = record.deleted_by
        return (
            Fact("SKU", record.sku),
            Fact("Category", str(record.category) if record.category else None),
            Fact("Price", format_price(record.price, record.currency), Kind.MONEY),
            Fact("Stock", f"{record.stock:,}", Kind.NUMBER),
            Fact("Deleted", record.deleted_at, Kind.DATE),
            Fact("Deleted by", called(by.id, by.email, by.name, by.role) if by else None),
            Fact("Created", record.created_at, Kind.DATE),
            Fact("Description", record.description or None, is_long=True),
        )

    @cached_property
    def record(self) -> Record:
        """The history knows what is in the trash as what it was, and so do the roles."""
        return registry().of(Product)

    def access_to(self, view_function: str) -> Access | Permission | None:
        """The trash is for those who may change what is in it."""
        access = super().access_to(view_function)
        return Access.WRITE if access is Access.READ else access

    def badge(self, record: TrashedProduct) -> Badge:  # noqa: ARG002
        """Where it is."""
        return Badge("In the trash", "bad")

    def record_actions(self, record: TrashedProduct) -> Sequence[RecordAction]:
        """Bring it back; for owners, delete it for good."""
        history = RecordAction("History", url_for("products.history_view", id=record.id))
        restore = RecordAction("Restore", url_for(".restore_view", id=record.id), "primary")
        if not self.allows("purge_view"):
            return (history, restore)
        purge = RecordAction("Delete for good", url_for(".purge_view", id=record.id), "bad")
        return (history, purge, restore)

    @route("/restore/", Access.WRITE, methods=("GET", "POST"))
    def restore_view(self) -> ResponseReturnValue:
        """Bring one product back."""
        consequence = "It is back in its lists as it was, under the same address and with all its history."
        return ask_or_do(
            self,
            lambda record: Confirmation(f"Restore {record}?", consequence, "Restore product"),
            self.restore,
        )

    @route("/purge/", Access.PURGE, methods=("GET", "POST"))
    def purge_view(self) -> ResponseReturnValue:
        """Delete one product for good, once its name was typed."""
        seen, record = position(db.session), self.get_or_404()
        typed = request.form.get("typed")
        if typed and len(typed) <= NAME_LENGTH * TRIMMED and typed.split() == record.name.split():
            return self.attempt(lambda: self.purge(only(self, record)))
        question = Confirmation(
            title=f"Delete {record} for good?",
            consequence=FOR_GOOD,
            verb="Delete for good",
            tone="bad",
            to_type=record.name,
            typed=typed,
        )
        return self.confirm(about(record, seen, question))

    def restore(self, chosen: Selection) -> str:
        """Bring the one product that was chosen back and return the message that says so."""
        [(record,)] = chosen.slices()
        name = self.name_of(record)
        restore_products([record.id])
        return f"{name} restored."

    def purge(self, chosen: Selection) -> str:
        """Delete the one product that was chosen for good and return the message that says so."""
        [(record,)] = chosen.slices()
        name = self.name_of(record)
        purge_products([record.id])
        return f"{name} deleted for good."

    @action("restore", "Restore")
    def action_restore(self, chosen: Selection) -> str:
        """Bring products back."""
        number = sum(map(restore_products, chosen.key_slices()))
        return f"{counted(number, self.singular)} restored."
