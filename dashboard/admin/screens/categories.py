"""The categories screen."""

from __future__ import annotations

from collections.abc import Sequence

from wtforms import Field, StringField, ValidationError

from dashboard.admin.features.bulk_actions import BulkActions
from dashboard.admin.features.deletion import Delete
from dashboard.admin.features.edit import Edit
from dashboard.admin.features.export import Export
from dashboard.admin.features.form_importer import FormImporter
from dashboard.admin.features.importing import Import
from dashboard.admin.features.saved_views import SavedViews
from dashboard.admin.features.timeline import History
from dashboard.admin.kit.detail import Fact
from dashboard.admin.kit.forms import RecordForm
from dashboard.admin.kit.screen import Screen
from dashboard.catalogue.flows import (
    create_category,
    delete_categories,
    refuse_category_like,
    rename_category,
)
from dashboard.catalogue.models import CATEGORY_LENGTH, Category
from dashboard.catalogue.reverting import CategoryReverting
from dashboard.catalogue.rules import clean_category_name
from dashboard.listing.columns import Column, Kind
from dashboard.listing.filters import Choices, Option
from dashboard.listing.ranges import Bounds, Dates
from dashboard.listing.state import Listing
from dashboard.number_form import number_words
from dashboard.refusal import Refusal
from dashboard.search.index import ColumnSearch
from dashboard.web.forms import AtMost
from dashboard.words import counted

FILLING_OPTIONS = [
    Option("some", "With products", Category.product_count > 0),
    Option("none", "Empty", Category.product_count == 0),
]


class CategoryForm(RecordForm):
    """The form of a category."""

    name = StringField(
        "Name", [AtMost(CATEGORY_LENGTH)], render_kw={"required": True, "maxlength": CATEGORY_LENGTH}
    )

    def validate_name(self, field: Field) -> None:
        """Check and clean the name by the catalogue's rule."""
        try:
            field.data = clean_category_name(field.data or "")
        except Refusal as error:
            raise ValidationError(str(error)) from error


CATEGORIES = Listing(
    key=Category.id,
    title=Category.name,
    sort="name",
    is_ranked=True,
    search=ColumnSearch(Category.search_text),
    columns=(
        Column("name", "Name", (Category.name,), sorted_by=Category.name_key),
        Column("products", "Products", (Category.product_count,), Kind.NUMBER, number_words),
        Column("created", "Created", (Category.created_at,), Kind.DATE),
        Column("changed", "Last changed", (Category.updated_at,), Kind.DATE, shown=False),
    ),
    facets=(
        Choices("products", "Products", lambda: FILLING_OPTIONS),
        Dates("created", "Created", Category.created_at),
        Bounds("amount", "Number of products", Category.product_count, decimals=0),
        Dates("changed", "Last changed", Category.updated_at),
    ),
    further=dict.fromkeys(("amount", "changed")),
    export=(
        Column("name", "Name", (Category.name,)),
        Column("products", "Products", (Category.product_count,)),
        Column("created_at", "Created", (Category.created_at,)),
    ),
)


def add_category(_screen: Screen, form: CategoryForm) -> Category:
    """Add the category of a valid form."""
    return create_category(form.name.data)


def save_category(record: Category, form: CategoryForm) -> None:
    """Rename a category to a valid form."""
    rename_category(record, form.name.data)


def why_it_stays(record: Category) -> str | None:
    """Why a category with products cannot be deleted; None where it is empty."""
    if not record.product_count:
        return None
    products = counted(record.product_count, "product")
    return f"This category still holds {products}. Move or delete them first."


def category_importer(screen: Screen) -> FormImporter:
    """The importer of categories, which refuses names that look alike before it writes any."""
    return FormImporter(
        screen,
        (CategoryForm, CategoryForm),
        create=add_category,
        update=save_category,
        values=category_values,
        refuse=lambda form, record: refuse_category_like(form.name.data, but=record.id if record else 0),
    )


def category_values(record: Category) -> dict[str, str]:
    """The values of a category as its form holds them."""
    return {"name": record.name}


class CategoryView(Screen):
    """Categories: the groups of products."""

    singular = "category"
    empty_text = "Use categories to group products. A product can have one category."
    search_placeholder = "Search name"
    deletion_text = "You can undo this, now or later from the history."
    listing = CATEGORIES
    reverting = CategoryReverting()
    features = (
        SavedViews(),
        BulkActions(),
        Edit(
            CategoryForm,
            create=add_category,
            update=save_category,
            values=category_values,
        ),
        Delete(delete_categories, consequence=why_it_stays),
        History(),
        Export(),
        Import(category_importer),
    )

    def facts(self, record: Category) -> Sequence[Fact]:
        """All facts of a category."""
        return (
            Fact("Created", record.created_at, Kind.DATE),
            Fact("Last changed", record.updated_at, Kind.DATE),
        )
