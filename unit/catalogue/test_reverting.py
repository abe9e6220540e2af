"""Categories that come back together."""

import pytest
from flask import Flask

from dashboard.catalogue.flows import delete_categories
from dashboard.catalogue.models import Category
from dashboard.catalogue.reverting import CategoryReverting
from dashboard.extensions import db
from dashboard.refusal import Refusal
from dashboard.registry import registry
from dashboard.testing.catalogue import a_category
from unit.conftest import CountQueries


def taken_away(*names: str) -> dict[int, dict[str, object]]:
    """Return the old values of deleted categories, by their ids."""
    made = [a_category(name) for name in names]
    db.session.flush()
    old = {category.id: dict(registry().of(Category).values(category)) for category in made}
    delete_categories(made)
    return old


def test_categories_are_compared_with_the_others_once(context: Flask, count_queries: CountQueries) -> None:
    """A comparison reads every category while all other writers wait."""
    old = taken_away(*(f"Shelf {number}" for number in range(5)))
    with count_queries() as statements:
        assert CategoryReverting().restore(old) == 5
    assert {each.id: each.name for each in db.session.query(Category)} == {
        key: values["name"] for key, values in old.items()
    }
    assert len([each for each in statements if each.startswith("SELECT categories.name")]) == 1


def test_a_category_that_looks_like_another_does_not_come_back(context: Flask) -> None:
    old = taken_away("Lamps")
    a_category("LAMPS")
    with pytest.raises(Refusal, match="“LAMPS” is now another category"):
        CategoryReverting().restore(old)
    assert [each.name for each in db.session.query(Category)] == ["LAMPS"]
