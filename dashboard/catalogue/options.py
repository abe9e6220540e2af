"""The categories as forms and filters offer them."""

from __future__ import annotations

from sqlalchemy import or_, select

from dashboard.catalogue.models import Category
from dashboard.extensions import db
from dashboard.listing.filters import ANY, Option
from dashboard.refusal import Refusal
from dashboard.search.keys import MARK, sort_key

NO_CATEGORY = "none"
DIGITS = 9
"""Digits of a number that an integer column holds for sure."""
SHOWN = 100
"""Characters of a typed name that a message repeats."""
CATEGORY_NAMES = select(Category.id, Category.name).order_by(Category.name_key)


def category_names() -> list[tuple[int, str]]:
    """The categories by name, with their ids."""
    # Past the ORM, which adds nothing to plain values and takes as long again.
    return [(key, name) for key, name in db.session.connection().execute(CATEGORY_NAMES)]


def category_options() -> list[Option]:
    """The categories as options of a filter, the lack of one, and having any."""
    options = [Option(str(key), name, key) for key, name in category_names()]
    return [*options, Option(NO_CATEGORY, "No category", None), Option("any", "Any category", ANY)]


def category_called(text: str) -> int | None:
    """The id of the category with this name, or with this number; None for a blank text.

    Raises Refusal where there is none.
    """
    name = text.strip()
    if not name:
        return None
    number = int(name) if name.isascii() and name.isdigit() and len(name) <= DIGITS else 0
    # No two categories differ in capital letters only.
    called = Category.name_key.startswith(f"{sort_key(name)}{MARK}", autoescape=True)
    its = select(Category.id).where(or_(called, Category.id == number))
    order = (
        Category.name != name,
        Category.id == number,
    )  # those older than that rule, and numbers, come last
    key = db.session.scalar(its.order_by(*order).limit(1)) if "\0" not in name else None
    if key is None:
        raise Refusal(f"No category is called “{name[:SHOWN]}”.", "category")
    return key
