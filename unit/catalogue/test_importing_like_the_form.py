"""A row of a file and the form of a product say the same sentences about a text, and store the same value."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from dashboard.admin.screens.product_form import ProductForm
from dashboard.admin.screens.products import product_values
from dashboard.catalogue.models import CURRENCY_LENGTH, Product, ProductStatus
from dashboard.catalogue.rules import NUMBER_LENGTH
from dashboard.extensions import db
from dashboard.importing.fields import Does, Outcome
from dashboard.testing.catalogue import a_category, a_product
from unit.catalogue.importing import checked
from unit.catalogue.odd_texts import ANY, CODES, NUMBERS

pytestmark = pytest.mark.both_databases
ODD = settings(max_examples=250, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def short(longest: int) -> st.SearchStrategy[str]:
    """Odd texts up to a length; the form counts the characters of longer ones before the rules read them."""
    return (ANY | NUMBERS).filter(lambda text: len(text) <= longest)


TEXTS = {
    "name": ANY,
    "description": ANY,
    "price": short(NUMBER_LENGTH),
    "currency": short(CURRENCY_LENGTH) | st.sampled_from(["EUR", "JPY", " kwd"]),
    "stock": short(NUMBER_LENGTH),
    "status": st.sampled_from([*ProductStatus]),
}
DEFAULTS = ("currency", "stock")
ROWS = st.fixed_dictionaries({}, optional=TEXTS)
NEW = st.fixed_dictionaries({**TEXTS, "sku": ANY | st.sampled_from(CODES)}).filter(
    lambda texts: all(texts[name].strip() for name in DEFAULTS)
)


@pytest.fixture
def lamp(context: Flask) -> Iterator[Product]:
    """A product to change."""
    category = a_category("Lamps")
    yield a_product("Oak Lamp", sku="LMP-1", description="A\nlamp", price=Decimal("12.50"), category=category)
    db.session.rollback()


def filled(app: Flask, texts: Mapping[str, str]) -> tuple[dict[str, str], dict[str, Any]]:
    """The sentences and the values of the form with these texts."""
    with app.test_request_context(method="POST"):
        form = ProductForm(MultiDict(texts), meta={"csrf": False})
        form.validate()
        return {name: told for name, [told] in form.errors.items()}, form.values


def refused(outcome: Outcome) -> dict[str, str]:
    assert (outcome.does is Does.REFUSE) == bool(outcome.errors)
    return {**outcome.errors}


@ODD
@given(texts=ROWS)
def test_change_is_that_of_the_form(context: Flask, lamp: Product, texts: dict[str, str]) -> None:
    before = product_values(lamp)
    [outcome] = checked({"sku": "LMP-1", **texts}, blank="clear")
    told, values = filled(context, {**before, **texts})
    assert refused(outcome) == told
    if not told:
        changed = {name: value for name, value in values.items() if getattr(lamp, name) != value}
        assert (outcome.data.values if outcome.data else {}) == changed
        assert (outcome.does is Does.CHANGE) == bool(changed)


@ODD
@given(texts=NEW)
def test_new_product_is_that_of_the_form(context: Flask, texts: dict[str, str]) -> None:
    [outcome] = checked(texts)
    told, values = filled(context, {**texts, "category": ""})
    assert refused(outcome) == told
    if not told:
        assert outcome.data.values == values


@ODD
@given(texts=ROWS)
def test_blank_cells_that_keep_are_those_of_an_untouched_form(
    context: Flask, lamp: Product, texts: dict[str, str]
) -> None:
    [outcome] = checked({"sku": "LMP-1", **texts})
    typed = {name: text for name, text in texts.items() if text.strip()}
    told, _ = filled(context, {**product_values(lamp), **typed})
    assert refused(outcome) == told
