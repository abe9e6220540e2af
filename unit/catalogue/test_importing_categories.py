"""The categories that rows of a file name: those that are there, and those that they may create."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from dashboard.catalogue.models import Category
from dashboard.extensions import db
from dashboard.history.chain import verify
from dashboard.importing.fields import Does
from dashboard.testing.catalogue import a_category, a_product
from unit.catalogue.importing import LAMP, checked, errors, imported, product
from unit.history.reading import change_sets, lines

pytestmark = pytest.mark.both_databases
RELATED = ("category",)
Row = dict[str, str]


@pytest.fixture(autouse=True)
def _in_the_application(context: Flask) -> Iterator[None]:
    a_category("Lamps")
    db.session.commit()
    return


def row(category: str, sku: str = "LMP-1") -> Row:
    return {**LAMP, "sku": sku, "category": category}


def names() -> list[str]:
    return [*db.session.scalars(select(Category.name).order_by(Category.id))]


def category_of(sku: str) -> str | None:
    category = product(sku).category
    return category and category.name


def test_category_is_found_by_its_name_or_its_number() -> None:
    number = db.session.scalar(select(Category.id))
    imported(row("Lamps", "A"), row(" Lamps ", "B"), row(str(number), "C"))
    assert [category_of(sku) for sku in "ABC"] == ["Lamps"] * 3


def test_name_of_a_category_is_preferred_to_a_number() -> None:
    number = str(db.session.scalar(select(Category.id)))
    a_category(number)
    db.session.commit()
    imported(row(number))
    assert category_of("LMP-1") == number


@pytest.mark.parametrize("name", ["Chairs", "lamps", "99", "0", "9" * 30, "-1"])
def test_unknown_category_is_refused(name: str) -> None:
    a_product(sku="LMP-2")
    told = {"category": f"No category is called “{name}”."}
    assert errors(row(name), {"sku": "LMP-2", "category": name}) == [told, told]


def test_unknown_category_with_a_long_name_is_cut_in_its_sentence() -> None:
    [told] = errors(row("x" * 1000))
    assert len(told["category"]) < 100


def test_unknown_categories_are_created_once_where_they_may() -> None:
    a_product(sku="LMP-2")
    db.session.commit()
    rows = [row("Chairs"), {"sku": "LMP-2", "category": " Chairs"}, row("Tables", "LMP-3")]
    found = checked(*rows, related=RELATED)
    assert [[*each.creates] for each in found] == [
        [("category", "Chairs")],
        [("category", "Chairs")],
        [("category", "Tables")],
    ]
    assert [each.after["category"] for each in found] == ["Chairs", "Chairs", "Tables"]
    assert names() == ["Lamps"]
    assert imported(*rows, related=RELATED) == [Does.CREATE, Does.CHANGE, Does.CREATE]
    assert names() == ["Lamps", "Chairs", "Tables"]
    assert [category_of(f"LMP-{number}") for number in (1, 2, 3)] == ["Chairs", "Chairs", "Tables"]


def test_created_categories_are_in_the_history_of_the_import() -> None:
    imported(row("Chairs"), related=RELATED)
    told = [(kind, action) for kind, _, action, _, _ in lines()]
    assert told[-2:] == [("categories", "create"), ("products", "create")]
    assert len(change_sets()) == 2
    assert verify(db.session).faults == []


def test_category_that_looks_like_another_is_not_created() -> None:
    told = {"category": "The name of the category “Lamps” looks the same. Choose another."}
    assert errors(row("LAMPS"), related=RELATED) == [told]


def test_category_that_looks_like_that_of_an_earlier_row_is_not_created() -> None:
    rows = row("Chairs"), row("CHAIRS", "LMP-2"), row("Chairs", "LMP-3")
    told = {"category": "The name of the category “Chairs” looks the same. Choose another."}
    assert errors(*rows, related=RELATED) == [{}, told, {}]


def test_row_that_is_refused_creates_no_category() -> None:
    rows = {**row("CHAIRS"), "price": ""}, row("Chairs", "LMP-2")
    assert imported(*rows, related=RELATED) == [Does.REFUSE, Does.CREATE]
    assert names() == ["Lamps", "Chairs"]


@pytest.mark.parametrize("name", ["x" * 81, "a\x07b", "\u200b"])
def test_text_that_is_no_name_creates_no_category(name: str) -> None:
    [told] = errors(row(name), related=RELATED)
    assert told["category"].startswith(("Use at most 80", "Remove the control", "Enter a name that"))


def test_hundreds_of_categories_are_created_together() -> None:
    rows = [row(f"Shelf no. {number}", f"LMP-{number}") for number in range(300)]
    assert imported(*rows, related=RELATED) == [Does.CREATE] * 300
    assert category_of("LMP-299") == "Shelf no. 299"
    assert len(names()) == 301
