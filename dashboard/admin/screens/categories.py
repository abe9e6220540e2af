"""The categories screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask_admin.actions import action
from wtforms import Field, StringField, ValidationError

from dashboard.admin.features.saved_views import SavedViews
from dashboard.admin.features.timeline import RecordHistory
from dashboard.admin.kit.detail import Fact
from dashboard.admin.kit.forms import RecordForm
from dashboard.admin.kit.selection import Chosen
from dashboard.catalogue.flows import create_category, delete_categories, rename_category
from dashboard.catalogue.models import CATEGORY_LENGTH, Category
from dashboard.catalogue.rules import clean_category_name
from dashboard.listing.columns import Column, Kind
from dashboard.listing.filters import Choices, Dates, Option
from dashboard.listing.state import Listing
from dashboard.permissions import Permission
from dashboard.refusal import Refusal
from dashboard.search.index import ColumnSearch
from dashboard.web.forms import AtMost
from dashboard.words import counted

FILLING_OPTIONS = [
    Option("some", "With products", Category.product_count > 0),
    Option("none", "Empty", Category.product_count == 0),
]


class CategoryForm(RecordForm):
    """The one field of a category."""

    name = StringField(
        "Name", [AtMost(CATEGORY_LENGTH)], render_kw={"required": True, "maxlength": CATEGORY_LENGTH}
    )

    def validate_name(self, field: Field) -> None:
        """Check and clean the name by the catalogue's rule."""
        try:
            field.data = clean_category_name(field.data or "")
        except Refusal as error:
            raise ValidationError(str(error)) from error


class CategoryView(SavedViews, RecordHistory):
    """Categories: the shelves of the catalogue."""

    singular = "category"
    empty_text = "Categories are the shelves of your catalogue; a product lies on one or on none."
    search_placeholder = "Search name"
    deletion_text = "Undo brings it back, right after or from the history."
    form_class = CategoryForm
    permissions = {  # noqa: RUF012 - a declaration
        "index_view": Permission.CATEGORIES_READ,
        "details_view": Permission.CATEGORIES_READ,
        "create_view": Permission.CATEGORIES_WRITE,
        "edit_view": Permission.CATEGORIES_WRITE,
        "editing_view": Permission.CATEGORIES_WRITE,
        "delete_view": Permission.CATEGORIES_WRITE,
        "action_view": Permission.CATEGORIES_WRITE,
        "export": Permission.PRODUCTS_EXPORT,
    }
    listing = Listing(
        key=Category.id,
        title=Category.name,
        sort="name",
        search=ColumnSearch(Category.search_text),
        columns=(
            Column("name", "Name", (Category.name,), sorted_by=Category.name_key),
            Column("products", "Products", (Category.product_count,), Kind.NUMBER, "{:,}".format),
            Column("created", "Created", (Category.created_at,), Kind.DATE),
            Column("changed", "Last changed", (Category.updated_at,), Kind.DATE, shown=False),
        ),
        facets=(
            Choices("products", "Products", lambda: FILLING_OPTIONS),
            Dates("created", "Created", Category.created_at),
        ),
        export=(
            Column("name", "Name", (Category.name,)),
            Column("products", "Products", (Category.product_count,)),
            Column("created_at", "Created", (Category.created_at,)),
        ),
    )

    def create(self, form: CategoryForm) -> Category:
        """Add the category of a valid form."""
        return create_category(form.name.data)

    def update(self, record: Category, form: CategoryForm) -> None:
        """Rename a category to a valid form."""
        rename_category(record, form.name.data)

    def remove(self, records: Sequence[Category]) -> int:
        """Delete categories that hold nothing."""
        return delete_categories(records)

    def form_values(self, record: Category) -> Mapping[str, str]:
        """A category as its form holds it."""
        return {"name": record.name}

    def facts(self, record: Category) -> Sequence[Fact]:
        """A category in full."""
        return (
            Fact("Products", f"{record.product_count:,}", Kind.NUMBER),
            Fact("Created", record.created_at, Kind.DATE),
            Fact("Last changed", record.updated_at, Kind.DATE),
        )

    def deletion_consequence(self, records: Sequence[Category]) -> str:
        """A category that holds products stays."""
        held = sum(record.product_count for record in records)
        if held:
            return f"It holds {counted(held, 'product')}; move or delete them first."
        return super().deletion_consequence(records)

    @action("delete", "Delete")
    def action_delete(self, chosen: Chosen) -> str:
        """Delete categories."""
        return f"{counted(sum(map(self.remove, chosen.slices())), self.singular)} deleted."
