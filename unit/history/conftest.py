"""Consoles with a history."""

import pytest
from flask import Flask

from dashboard.catalogue.bulk import change_products
from dashboard.extensions import db
from dashboard.testing.accounts import an_account
from dashboard.testing.catalogue import a_product, products


@pytest.fixture
def written(context: Flask) -> Flask:
    """A console with three change sets: two products, one change of both, an account."""
    rows = products(2)
    db.session.commit()
    change_products([row.id for row in rows], lambda _: {"stock": 3})
    db.session.commit()
    an_account("editor")
    db.session.commit()
    return context


@pytest.fixture
def two_sets(context: Flask) -> Flask:
    """A console with two change sets: an account and a product."""
    an_account()
    db.session.commit()
    a_product()
    db.session.commit()
    return context
