"""The categories as forms and filters offer them."""

from __future__ import annotations

from sqlalchemy import select

from dashboard.catalogue.models import Category
from dashboard.extensions import db
from dashboard.listing.filters import Option

NO_CATEGORY = "none"
CATEGORY_NAMES = select(Category.id, Category.name).order_by(Category.name_key)


def category_names() -> list[tuple[int, str]]:
    """The categories by name, with their ids."""
    # Past the ORM, which adds nothing to plain values and takes as long again.
    return [(key, name) for key, name in db.session.connection().execute(CATEGORY_NAMES)]


def category_options() -> list[Option]:
    """The categories as options of a filter, and the lack of one."""
    options = [Option(str(key), name, key) for key, name in category_names()]
    return [*options, Option(NO_CATEGORY, "No category", None)]
